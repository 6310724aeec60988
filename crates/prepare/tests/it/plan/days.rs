//! Fifty-six days of several candidates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::plan::days_between;
use domain::{ActivityKind, Area, ItemId, Status};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use prepare::plan::{Day, Outlook, outlook, today};

use super::candidate::{Candidate, Lived, always, failing, perfect};
use super::{START, eight_weeks};

const HOUR: [u16; 7] = [60; 7];

/// Percentage points that an area may be off its share.
const TOLERANCE: f64 = 5.0;

/// Every candidate with what came of it, lived once for all tests.
static LIVES: LazyLock<Vec<(&str, Lived)>> = LazyLock::new(|| {
    candidates()
        .iter()
        .map(|(name, candidate)| (*name, candidate.live()))
        .collect()
});

fn life(name: &str) -> &'static Lived {
    &LIVES.iter().find(|(own, _)| *own == name).unwrap().1
}

fn candidates() -> Vec<(&'static str, Candidate)> {
    let steady = |minutes| Candidate {
        plan: eight_weeks(minutes),
        practises: always,
        answers: perfect,
        moved: None,
    };
    vec![
        ("perfect", steady(HOUR)),
        (
            "misses every third day",
            Candidate {
                practises: |n| n % 3 != 2,
                answers: failing,
                ..steady(HOUR)
            },
        ),
        (
            "fails a lot",
            Candidate {
                answers: failing,
                ..steady(HOUR)
            },
        ),
        (
            "20 minutes a day",
            Candidate {
                answers: failing,
                ..steady([20; 7])
            },
        ),
        (
            "weekends only",
            Candidate {
                answers: failing,
                ..steady([0, 0, 0, 0, 0, 120, 120])
            },
        ),
        (
            "away for ten days",
            Candidate {
                practises: |n| !(12..22).contains(&n),
                answers: failing,
                ..steady(HOUR)
            },
        ),
        (
            "interview moved closer",
            Candidate {
                answers: failing,
                moved: Some((20, date(2027, 1, 2))),
                ..steady(HOUR)
            },
        ),
    ]
}

#[test]
fn shares_hold_within_five_points_for_every_candidate() {
    for (name, lived) in LIVES.iter() {
        let mut worst = 0.0_f64;
        for seen in &lived.outlooks {
            // A phase that has passed cannot be mended; one that is under way or ahead is.
            for phase in seen.balance.iter().filter(|b| seen.today.date <= b.stretch.last) {
                for area in &phase.areas {
                    let Some(percent) = phase.percent(area.area) else {
                        continue;
                    };
                    let off = (percent - f64::from(area.share)).abs();
                    worst = worst.max(off);
                    assert!(
                        off <= TOLERANCE,
                        "{name}, seen on {}: {} has {percent:.1} % of phase {} instead of {} %",
                        seen.today.date,
                        area.area,
                        phase.stretch.phase,
                        area.share
                    );
                }
            }
        }
        let done = done_shares(lived);
        println!(
            "{name}: at most {worst:.1} points off as planned; done: {}",
            told(&done)
        );
        for (phase, areas) in &done {
            let total: u32 = areas.values().sum();
            for (area, share) in &lived.plan.phases[*phase].shares {
                let percent = 100.0 * f64::from(areas.get(area).copied().unwrap_or(0)) / f64::from(total);
                let off = (percent - f64::from(*share)).abs();
                assert!(
                    off <= TOLERANCE,
                    "{name}: {area} had {percent:.1} % of phase {phase} when all was done"
                );
            }
        }
    }
}

/// Minutes done of what the shares are of, by phase: those of days that were practised. Phases that were cut
/// short by another date of the interview are left out, since their days were lived as days of another phase.
fn done_shares(lived: &Lived) -> BTreeMap<usize, BTreeMap<Area, u32>> {
    let last = lived.outlooks.last().unwrap();
    let mut done: BTreeMap<usize, BTreeMap<Area, u32>> = BTreeMap::new();
    for (at, balance) in last.balance.iter().enumerate() {
        let in_phase = |seen: &&Outlook| {
            seen.stretches.get(at) == Some(&balance.stretch) && seen.today.phase == Some(at)
        };
        let lived_days = lived.outlooks.iter().filter(in_phase).count();
        if i32::try_from(lived_days) == Ok(days_between(balance.stretch.first, balance.stretch.last) + 1) {
            let own = balance.areas.iter().map(|a| (a.area, a.done)).collect();
            done.insert(balance.stretch.phase, own);
        }
    }
    assert!(!done.is_empty());
    done
}

fn told(done: &BTreeMap<usize, BTreeMap<Area, u32>>) -> String {
    let phase = |(phase, areas): (&usize, &BTreeMap<Area, u32>)| {
        let total: u32 = areas.values().sum();
        let own = areas
            .iter()
            .map(|(area, n)| format!("{area} {:.1} %", 100.0 * f64::from(*n) / f64::from(total)));
        format!(
            "phase {phase} {} of {total} min",
            own.collect::<Vec<_>>().join(", ")
        )
    };
    done.iter().map(phase).collect::<Vec<_>>().join("; ")
}

#[test]
fn no_day_is_over_full_and_nothing_stands_twice() {
    for (name, lived) in LIVES.iter() {
        let (mut held, mut used) = (0_u32, 0_u32);
        for day in lived.days() {
            (held, used) = (held + u32::from(day.holds), used + u32::from(day.minutes()));
        }
        println!(
            "{name}: {used} of {held} minutes planned over {} days",
            lived.outlooks.len()
        );
        for seen in &lived.outlooks {
            for day in seen.ahead.iter().chain([&seen.today]) {
                sound(name, day);
            }
        }
        // A light day uses half; the rest must not lie idle either.
        assert!(used * 100 >= held * 85, "{name}: {used} of {held}");
    }
}

#[test]
fn the_first_week_asks_something_every_day() {
    for minutes in [45, 60] {
        let steady = Candidate {
            plan: eight_weeks([minutes; 7]),
            practises: always,
            answers: perfect,
            moved: None,
        };
        for seen in steady.live().outlooks.iter().take(7) {
            let asks = |a: &prepare::plan::Activity| a.item.is_some() && a.kind != ActivityKind::Read;
            let Day { date, activities, .. } = &seen.today;
            assert!(
                activities.iter().any(asks),
                "{minutes} minutes, {date}: {activities:#?}"
            );
        }
    }
}

fn sound(name: &str, day: &Day) {
    assert!(
        day.minutes() <= day.holds,
        "{name}: {} has {} of {}",
        day.date,
        day.minutes(),
        day.holds
    );
    let ids: BTreeSet<&str> = day.activities.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(
        ids.len(),
        day.activities.len(),
        "{name}: {} has one activity twice",
        day.date
    );
    let items: Vec<&ItemId> = day.activities.iter().filter_map(|a| a.item.as_ref()).collect();
    assert_eq!(
        items.iter().collect::<BTreeSet<_>>().len(),
        items.len(),
        "{name}: {} has an item twice",
        day.date
    );
    assert!(
        day.activities
            .iter()
            .all(|a| a.minutes >= 1 && !a.title.is_empty() && !a.why.is_empty()),
        "{day:?}"
    );
}

#[test]
fn every_needed_fact_that_was_missed_comes_back() {
    for (name, lived) in LIVES.iter() {
        let (mut late, mut returns) = (0, 0);
        for tried in &lived.known.tried {
            let missed = |(id, status): &(String, Status)| {
                matches!(id.as_str(), "point-0" | "point-1")
                    && matches!(status, Status::Missed | Status::Contradicted)
            };
            if !tried.facts.iter().any(missed) {
                continue;
            }
            // On the next morning it stands in the days ahead, or is said to be dropped.
            let next = usize::try_from(days_between(START, tried.date) + 1).unwrap();
            let Some(seen) = lived.outlooks.get(next) else {
                continue;
            };
            let misses = 1 + lived
                .known
                .tried
                .iter()
                .filter(|t| t.item == tried.item && t.date < tried.date)
                .count();
            let due = tried
                .date
                .saturating_add(i64::from([2, 5, 10][misses.min(3) - 1]).days());
            let back = comes_back(seen, &tried.item);
            match back {
                Some(date) => {
                    assert!(
                        date >= due,
                        "{name}: {} came back on {date}, before {due}",
                        tried.item
                    );
                    returns += 1;
                    late = late.max(days_between(due, date));
                }
                None => assert!(
                    seen.dropped.iter().any(|d| d.item.as_ref() == Some(&tried.item))
                        || days_between(due, lived.plan.interview) <= 2
                        || lived.plan.interview
                            != seen.ahead.last().map_or(due, |d| d.date.saturating_add(1.day())),
                    "{name}: {} was missed on {} and is nowhere",
                    tried.item,
                    tried.date
                ),
            }
        }
        println!("{name}: {returns} returns, at most {late} days after they were due");
        assert!(*name == "perfect" || returns > 5, "{name}: {returns}");
    }
}

fn comes_back(seen: &Outlook, item: &ItemId) -> Option<Date> {
    let days = std::iter::once(&seen.today).chain(&seen.ahead);
    let own = |day: &&Day| {
        day.activities
            .iter()
            .any(|a| a.kind == ActivityKind::Retry && a.item.as_ref() == Some(item))
    };
    days.into_iter().find(own).map(|day| day.date)
}

#[test]
fn a_missed_fact_names_itself_and_stops_when_it_is_met() {
    let lived = life("fails a lot");
    // The first item answered whose needed fact is missed four times.
    let first = lived
        .known
        .tried
        .iter()
        .find(|t| t.facts[0].1 == Status::Missed)
        .unwrap();
    let tries: Vec<_> = lived
        .known
        .tried
        .iter()
        .filter(|t| t.item == first.item)
        .collect();
    assert!(tries.len() >= 4, "{} tries", tries.len());
    let gaps: Vec<i32> = tries
        .windows(2)
        .map(|pair| days_between(pair[0].date, pair[1].date))
        .collect();
    println!("gaps between the answers to {}: {gaps:?}", first.item);
    for (gap, least) in gaps.iter().zip([2, 5, 10, 10]) {
        assert!((least..=least + 4).contains(gap), "{gaps:?}");
    }
    let seen = &lived.outlooks[usize::try_from(days_between(START, tries[1].date)).unwrap()];
    let retry = seen
        .today
        .activities
        .iter()
        .find(|a| a.item.as_ref() == Some(&first.item))
        .unwrap();
    assert_eq!(retry.kind, ActivityKind::Retry);
    assert_eq!(retry.facts[0].attempt, first.attempt);
    assert!(
        retry.why.starts_with("“Point 0 of a full answer” was missed on"),
        "{}",
        retry.why
    );
}

#[test]
fn missed_days_are_told_and_never_pile_up() {
    let lived = life("away for ten days");
    let back = &lived.outlooks[22];
    assert_eq!(back.pauses.len(), 10);
    assert_eq!(back.today.holds, 60);
    let (steady, _) = (
        lived.outlooks[11].ahead.iter().map(Day::minutes).max().unwrap(),
        (),
    );
    assert!(back.ahead.iter().all(|day| day.minutes() <= steady.max(60)));
    // What was planned before the pause and has no room after it is said, with the pause as its reason.
    let before: BTreeSet<_> = lived.outlooks[11].dropped.iter().map(|d| &d.title).collect();
    let new: Vec<_> = back
        .dropped
        .iter()
        .filter(|d| !before.contains(&d.title))
        .collect();
    assert!(!new.is_empty(), "ten days went by and nothing was dropped");
    assert!(
        new.iter()
            .all(|d| d.why.contains("10 days passed without practice, 600 minutes")),
        "{new:?}"
    );
    println!(
        "after ten days away: {:?}",
        new.iter().map(|d| &d.title).collect::<Vec<_>>()
    );
    // And the list of the day after differs from the one that was planned for it.
    let planned = lived.outlooks[11]
        .ahead
        .iter()
        .find(|day| day.date == back.today.date)
        .unwrap();
    assert_ne!(planned.activities, back.today.activities);
}

#[test]
fn the_last_two_days_are_light() {
    for (name, lived) in LIVES.iter() {
        let light: Vec<&Day> = lived.days().filter(|day| day.light).collect();
        assert_eq!(light.len(), 2, "{name}");
        for day in light.iter().filter(|day| day.holds > 0) {
            use ActivityKind::{Cards, Checklist, Read, Rehearse};
            assert!(day.minutes() * 2 <= day.holds, "{name}: {day:?}");
            assert!(
                day.activities
                    .iter()
                    .all(|a| matches!(a.kind, Cards | Checklist | Read | Rehearse))
            );
            assert!(day.activities.iter().any(|a| a.kind == Checklist), "{name}");
        }
    }
}

#[test]
fn mocks_come_every_week_of_the_last_phase() {
    let lived = life("perfect");
    let weeks: BTreeSet<i32> = lived
        .days()
        .filter(|day| day.activities.iter().any(|a| a.kind == ActivityKind::Mock))
        .map(|day| days_between(START, day.date) / 7)
        .collect();
    assert!(weeks.contains(&6) && weeks.contains(&7), "{weeks:?}");
    let mocks = lived.known.log.iter().filter(|e| {
        matches!(
            e,
            domain::PlanEntry::Done {
                kind: ActivityKind::Mock,
                ..
            }
        )
    });
    let mocks = mocks.count();
    println!("mocks of the perfect candidate: {mocks}");
    assert!((6..=8).contains(&mocks), "{mocks}");
}

#[test]
fn todays_list_stays_while_it_is_worked_through() {
    let lived = life("fails a lot");
    // With everything known at the end, each morning is planned as it was.
    for seen in &lived.outlooks {
        let now = today(&lived.plan, &lived.known, seen.today.date);
        let ids = |day: &Day| {
            day.activities
                .iter()
                .map(|a| (a.id.clone(), a.minutes))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&now), ids(&seen.today));
        assert!(now.activities.iter().all(|a| a.done), "{:?}", now.date);
    }
}

#[test]
fn the_same_is_planned_again() {
    for (name, candidate) in candidates().into_iter().skip(1).step_by(2) {
        assert!(candidate.live().outlooks == life(name).outlooks, "{name}");
    }
}

#[test]
fn before_its_start_and_after_its_end_a_plan_asks_for_nothing() {
    let lived = life("perfect");
    let before = outlook(&lived.plan, &lived.known, START.saturating_sub(3.days()));
    assert!(before.today.activities.is_empty() && before.ahead.len() == 56);
    let after = outlook(&lived.plan, &lived.known, lived.plan.interview);
    assert!(after.today.activities.is_empty() && after.ahead.is_empty());
}
