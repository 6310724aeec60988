//! The schedule of FSRS and the day's queue.

use std::collections::BTreeMap;

use domain::{CardEntry, Day, Rating, ReviewSettings};
use prepare::review::{Candidate, LEECH_LAPSES, Pace, Review, in_force, preview, queue, schedule};

fn day(n: u32) -> Day {
    "2026-11-22".parse::<Day>().unwrap().plus(n)
}

fn review(rating: Rating, n: u32) -> Review {
    Review { rating, day: day(n) }
}

/// Reviews with one rating, each on the day that it was due.
fn on_time(rating: Rating, times: usize, retention: u32) -> Vec<Review> {
    let mut reviews = vec![Review { rating, day: day(0) }];
    while reviews.len() < times {
        let due = schedule(&reviews, retention).unwrap().due;
        reviews.push(Review { rating, day: due });
    }
    reviews
}

fn intervals(reviews: &[Review], retention: u32) -> Vec<u32> {
    let upto = |n: usize| schedule(&reviews[..n], retention).unwrap().interval_days;
    (1..=reviews.len()).map(upto).collect()
}

#[test]
fn good_lengthens_again_shortens_and_easy_is_longer_than_hard() {
    let known = on_time(Rating::Good, 4, 90);
    let grown = intervals(&known, 90);
    assert!(grown.windows(2).all(|w| w[1] > w[0]), "{grown:?}");
    // The first interval of the published parameters is 2.3 days.
    assert_eq!(grown[0], 2);

    let mut forgotten = known[..3].to_vec();
    let due = schedule(&forgotten, 90).unwrap().due;
    let before = schedule(&forgotten, 90).unwrap();
    forgotten.push(Review {
        rating: Rating::Again,
        day: due,
    });
    let lapsed = schedule(&forgotten, 90).unwrap();
    assert_eq!(
        (lapsed.interval_days, lapsed.lapses),
        (0, 1),
        "once more the same day"
    );
    assert!(lapsed.stability < before.stability / 3.0);
    forgotten.push(Review {
        rating: Rating::Good,
        day: due,
    });
    let back = schedule(&forgotten, 90).unwrap();
    assert!(
        (1..before.interval_days).contains(&back.interval_days),
        "{back:?}"
    );

    let next = preview(Some(&before), before.due, 90);
    assert!(
        next.again < next.hard && next.hard < next.good && next.good < next.easy,
        "{next:?}"
    );
    assert_eq!(next.good, grown[3], "the preview is what a review gives");
    let new = preview(None, day(0), 90);
    assert_eq!((new.again, new.hard, new.good, new.easy), (0, 1, 2, 8));
}

#[test]
fn twice_not_known_on_one_day_is_tomorrow() {
    let twice = [review(Rating::Again, 0), review(Rating::Again, 0)];
    assert_eq!(schedule(&twice[..1], 90).unwrap().due, day(0));
    assert_eq!(schedule(&twice, 90).unwrap().due, day(1));
    assert_eq!(
        schedule(&twice, 90).unwrap().lapses,
        0,
        "nothing was forgotten yet"
    );
}

#[test]
fn wanting_95_percent_halves_the_intervals_of_90() {
    let known = on_time(Rating::Good, 4, 90);
    let (at_90, at_95) = (intervals(&known, 90), intervals(&known, 95));
    // From the power curve of FSRS 6: (0.95^(1/d) - 1) / (0.90^(1/d) - 1) with d = -0.1542 is 0.40.
    let ratio = f64::from(at_95[3]) / f64::from(at_90[3]);
    assert!((0.35..0.6).contains(&ratio), "{ratio}: {at_95:?} of {at_90:?}");
    let at_80 = intervals(&known, 80);
    assert!(at_80[3] > 2 * at_90[3], "{at_80:?}");
}

#[test]
fn the_schedule_is_the_same_each_time_and_takes_back_what_was_undone() {
    let entry = |rating, n| CardEntry::Review {
        rating,
        day: day(n),
        elapsed_ms: 9_000,
        checked: None,
    };
    let log = [
        entry(Rating::Good, 0),
        entry(Rating::Again, 2),
        CardEntry::Undo { day: day(2) },
        entry(Rating::Good, 2),
        CardEntry::Undo { day: day(2) },
    ];
    let after = |n: usize| schedule(&in_force(&log[..n]), 90);
    assert_eq!(after(3), after(1));
    assert_eq!(after(5), after(1));
    assert_ne!(after(2), after(4));
    assert_eq!(
        in_force(&[CardEntry::Undo { day: day(0) }]),
        [],
        "nothing to take back"
    );
    assert_eq!(schedule(&[], 90), None);
}

#[test]
fn a_clock_set_back_passes_no_time() {
    let back = [review(Rating::Good, 9), review(Rating::Good, 3)];
    let schedule = schedule(&back, 90).unwrap();
    assert_eq!(schedule.last, day(9));
    assert!(schedule.due > day(9));
}

#[test]
fn six_lapses_make_a_leech() {
    let mut reviews = vec![review(Rating::Good, 0)];
    for n in 1..=LEECH_LAPSES {
        assert!(!schedule(&reviews, 90).unwrap().is_leech());
        reviews.push(review(Rating::Again, 2 * n));
    }
    assert!(schedule(&reviews, 90).unwrap().is_leech());
}

#[test]
fn what_is_due_comes_by_its_day_then_by_weight_and_new_ones_after_it() {
    let at = |id, weight, reviews: &[Review]| Candidate {
        id,
        weight,
        schedule: schedule(reviews, 90),
    };
    let good = |n| [review(Rating::Good, n)];
    let cards = [
        at("new-light", 1, &[]),
        at("due-yesterday", 1, &good(7)),
        at("due-today-light", 1, &good(8)),
        at("due-today-heavy", 3, &good(8)),
        at("not-due", 3, &good(9)),
        at("again-today", 3, &[review(Rating::Again, 10)]),
        at("new-heavy", 2, &[]),
    ];
    let settings = ReviewSettings {
        new_a_day: 3,
        ..ReviewSettings::default()
    };
    let pace = Pace::of(std::iter::empty(), day(10));
    let all = queue(&cards, day(10), &settings, &pace);
    let order = [
        "due-yesterday",
        "due-today-heavy",
        "due-today-light",
        "new-heavy",
        "new-light",
        "again-today",
    ];
    assert_eq!(all.cards, order);
    assert_eq!((all.counts.due, all.counts.new, all.counts.waiting), (4, 2, 0));

    // One was begun today: one more may be.
    let two = ReviewSettings {
        new_a_day: 2,
        ..settings
    };
    let capped = queue(&cards, day(10), &two, &pace);
    assert_eq!((capped.counts.new, capped.counts.new_waiting), (1, 1));

    // A minute holds three cards of 20 s: the rest waits, and is not lost.
    let minute = ReviewSettings {
        minutes: 1,
        ..settings
    };
    let short = queue(&cards, day(10), &minute, &pace);
    assert_eq!(short.cards, &order[..3]);
    assert_eq!(
        (short.counts.due, short.counts.waiting, short.counts.new_waiting),
        (3, 1, 2)
    );
}

#[test]
fn the_estimate_follows_the_log() {
    let took = |ms, n| CardEntry::Review {
        rating: Rating::Good,
        day: day(n),
        elapsed_ms: ms,
        checked: None,
    };
    let none = Pace::of(std::iter::empty(), day(0));
    assert!((none.seconds_each - 20.0).abs() < 1e-9);
    let slow = vec![took(40_000, 0); 50];
    let paced = Pace::of([slow.as_slice()].into_iter(), day(1));
    assert!((36.0..40.0).contains(&paced.seconds_each), "{paced:?}");
    assert_eq!((paced.graded_today, paced.spent_today), (0, 0.0));
    // A break of an hour counts as two minutes, and what was undone was spent all the same.
    let log = [took(3_600_000, 1), CardEntry::Undo { day: day(1) }];
    let spent = Pace::of([log.as_slice()].into_iter(), day(1));
    assert_eq!((spent.graded_today, spent.spent_today), (1, 120.0));
}

/// `SplitMix64`, for a learner who forgets by chance and always in the same way.
fn chance(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64
}

/// One day at the desk; gives how long it took and what was left waiting.
fn study(logs: &mut BTreeMap<String, Vec<CardEntry>>, today: Day, seed: &mut u64) -> (f64, u32) {
    let settings = ReviewSettings::default();
    let budget = f64::from(settings.minutes) * 60.0;
    loop {
        let schedules: Vec<_> = logs
            .iter()
            .map(|(id, log)| (id, schedule(&in_force(log), 90)))
            .collect();
        let cards: Vec<Candidate<'_>> = schedules
            .iter()
            .map(|(id, schedule)| Candidate {
                id,
                weight: 2,
                schedule: *schedule,
            })
            .collect();
        let pace = Pace::of(logs.values().map(Vec::as_slice), today);
        let day = queue(&cards, today, &settings, &pace);
        let planned = pace.spent_today + day.cards.len() as f64 * pace.seconds_each;
        assert!(
            planned <= budget || day.cards.is_empty(),
            "{planned} s planned on {today}"
        );
        assert!(day.counts.new <= settings.new_a_day);
        let Some(next) = day.cards.first().map(|id| (*id).to_owned()) else {
            return (pace.spent_today, day.counts.waiting);
        };
        let rating = if chance(seed) < 0.88 {
            Rating::Good
        } else {
            Rating::Again
        };
        let elapsed_ms = 12_000 + (chance(seed) * 20_000.0) as u32;
        let entry = CardEntry::Review {
            rating,
            day: today,
            elapsed_ms,
            checked: None,
        };
        logs.get_mut(&next).unwrap().push(entry);
    }
}

#[test]
fn sixty_days_never_exceed_ten_minutes_and_a_backlog_drains() {
    let mut logs: BTreeMap<String, Vec<CardEntry>> =
        (0..160).map(|n| (format!("card-{n:03}"), Vec::new())).collect();
    let mut seed = 7;
    let mut waiting = Vec::new();
    for n in (0..30).chain(41..60) {
        // Eleven days away in the middle.
        let (spent, left) = study(&mut logs, day(n), &mut seed);
        // The last card may take longer than the estimate; a whole one more never starts.
        assert!(spent <= 600.0 + 32.0, "{spent} s on day {n}");
        waiting.push((n, left));
    }
    let on = |day: u32| waiting.iter().find(|(n, _)| *n == day).unwrap().1;
    assert!(
        on(41) > 0,
        "eleven days away leave more than ten minutes: {waiting:?}"
    );
    assert_eq!(on(59), 0, "{waiting:?}");
    assert!(logs.values().all(|log| !log.is_empty()), "every card was begun");
}
