//! The merge: its table, its limits, and what holds of any reading.

use std::ops::Range;

use domain::{Criterion, Evidence, GroupId, Scorecard, Status};
use proptest::prelude::*;
use reader::{Finding, Merged, Reading, Ruling, Verdict, merge};

use crate::{card, place, reading, verdict};

const TEXT: &str = "We keep all counters in one shared Redis so that every gateway sees them. \
Nothing of note stands in this long sentence, which only keeps what comes before away from what comes after it, \
and goes on doing so for a good while more until nobody could call the two neighbours. \
A script counts in a single step and cannot be raced by anybody.";

const HERE: &str = "counters in one shared Redis";
const AWAY: &str = "counts in a single step and";

fn criteria(card: &Scorecard) -> &[Criterion] {
    &card.group(GroupId::Coverage).unwrap().criteria
}

/// One fact of weight 2 found offline at [`HERE`], beside another that is met and keeps the allowance open.
fn check(from: Status, finding: Finding, quote: Option<&str>, expect: (Status, Ruling)) {
    let evidence = if from == Status::Missed {
        ""
    } else {
        "We keep all counters in one"
    };
    let offline = card(
        TEXT,
        &[("fact", 2, from, evidence), ("other", 6, Status::Met, HERE)],
    );
    let verdicts = vec![verdict("fact", finding, quote.map(|slice| place(TEXT, slice)))];
    let Merged { scorecard, decisions } = merge(&offline, TEXT, &[], &[], &reading(verdicts));
    scorecard.check_invariants(TEXT).unwrap();
    let context = format!("{from} {finding:?} {quote:?}");
    assert_eq!((decisions[0].to, decisions[0].ruling), expect, "{context}");
    let (before, after) = (&criteria(&offline)[0], &criteria(&scorecard)[0]);
    assert_eq!(after.status, expect.0, "{context}");
    if expect.0 == from {
        assert_eq!(before, after, "{context}");
    } else {
        let cited = |e: &Evidence| matches!(e, Evidence::Span { text, .. } if Some(text.as_str()) == quote);
        assert!(after.evidence.iter().any(cited), "{context}");
        assert_eq!(after.tip.is_empty(), after.status == Status::Met, "{context}");
    }
    assert_eq!(criteria(&offline)[1], criteria(&scorecard)[1]);
}

#[test]
fn a_mention_takes_the_direction_that_is_quoted_at_it() {
    use {Finding as F, Ruling as R, Status as S};
    check(S::Mentioned, F::Made, Some(HERE), (S::Met, R::Confirmed));
    check(S::Mentioned, F::Made, Some(AWAY), (S::Partial, R::Halved));
    check(S::Mentioned, F::Half, Some(HERE), (S::Partial, R::Halved));
    check(S::Mentioned, F::Wrong, Some(HERE), (S::Contradicted, R::Refuted));
    check(S::Mentioned, F::Wrong, Some(AWAY), (S::Mentioned, R::Elsewhere));
    check(S::Mentioned, F::Missing, Some(HERE), (S::Mentioned, R::Stands));
    check(S::Mentioned, F::Made, None, (S::Mentioned, R::Unquoted));
}

#[test]
fn what_was_not_seen_offline_is_half_at_most() {
    use {Finding as F, Ruling as R, Status as S};
    check(S::Missed, F::Made, Some(AWAY), (S::Partial, R::Found));
    check(S::Missed, F::Half, Some(HERE), (S::Partial, R::Found));
    check(S::Missed, F::Wrong, Some(HERE), (S::Missed, R::Stands));
    check(S::Missed, F::Made, None, (S::Missed, R::Unquoted));
}

#[test]
fn what_is_settled_offline_moves_one_step_down_or_not() {
    use {Finding as F, Ruling as R, Status as S};
    check(S::Met, F::Wrong, Some(HERE), (S::Partial, R::Disputed));
    check(S::Met, F::Missing, Some(HERE), (S::Partial, R::Disputed));
    check(S::Met, F::Missing, None, (S::Met, R::Unquoted));
    check(S::Met, F::Wrong, Some(AWAY), (S::Met, R::Elsewhere));
    check(S::Met, F::Half, Some(HERE), (S::Met, R::Stands));
    check(S::Partial, F::Wrong, Some(HERE), (S::Mentioned, R::Disputed));
    check(S::Partial, F::Made, Some(HERE), (S::Partial, R::Stands));
    for finding in [F::Made, F::Half, F::Wrong, F::Missing] {
        check(S::Contradicted, finding, Some(HERE), (S::Contradicted, R::Stands));
    }
}

#[test]
fn a_quote_moves_two_facts_and_the_weightiest_first() {
    let facts = [
        ("a", 1, Status::Mentioned, HERE),
        ("b", 3, Status::Mentioned, HERE),
        ("c", 2, Status::Mentioned, HERE),
    ];
    // Overlapping slices are one quote.
    let quotes = [
        "all counters in one shared",
        "counters in one shared Redis",
        "keep all counters in one",
    ];
    let verdicts = facts
        .iter()
        .zip(quotes)
        .map(|(f, q)| verdict(f.0, Finding::Made, Some(place(TEXT, q))));
    let merged = merge(&card(TEXT, &facts), TEXT, &[], &[], &reading(verdicts.collect()));
    let to: Vec<_> = merged
        .decisions
        .iter()
        .map(|d| (d.fact.as_str(), d.to, d.ruling))
        .collect();
    assert_eq!(
        to,
        [
            ("a", Status::Mentioned, Ruling::QuoteSpent),
            ("b", Status::Met, Ruling::Confirmed),
            ("c", Status::Met, Ruling::Confirmed),
        ]
    );
}

#[test]
fn the_allowance_is_a_quarter_of_the_rubric_and_what_was_touched() {
    let quotes = ["We keep all counters in", "one shared Redis so that", AWAY];
    let found = |other: Status, weight: u32| {
        let evidence = if other == Status::Missed { "" } else { HERE };
        let facts = [
            ("a", 2, Status::Missed, ""),
            ("b", 2, Status::Missed, ""),
            ("c", 2, Status::Missed, ""),
            ("other", weight, other, evidence),
        ];
        let verdicts = facts
            .iter()
            .zip(quotes)
            .map(|(f, q)| verdict(f.0, Finding::Made, Some(place(TEXT, q))));
        let merged = merge(&card(TEXT, &facts), TEXT, &[], &[], &reading(verdicts.collect()));
        merged
            .decisions
            .iter()
            .filter(|d| d.ruling == Ruling::Found)
            .count()
    };
    assert_eq!(found(Status::Missed, 6), 0, "nothing was touched");
    assert_eq!(found(Status::Contradicted, 6), 0, "nothing right was touched");
    assert_eq!(found(Status::Mentioned, 1), 1, "one point was touched");
    assert_eq!(found(Status::Met, 2), 2, "a quarter of 8 points are two halves");
    assert_eq!(found(Status::Met, 6), 3);
}

#[test]
fn both_gradings_can_be_told_apart_and_the_sums_follow() {
    let offline = card(
        TEXT,
        &[("a", 1, Status::Mentioned, HERE), ("b", 3, Status::Missed, "")],
    );
    let verdicts = vec![verdict("a", Finding::Made, Some(place(TEXT, HERE)))];
    let merged = merge(&offline, TEXT, &[], &[], &reading(verdicts)).scorecard;
    assert_eq!(merged.scorer, "answer/1+reader/1/test-model");
    assert!(merged.notes.len() == 2 && merged.notes[1].contains("test-model"));
    let coverage = merged.group(GroupId::Coverage).unwrap();
    assert_eq!(coverage.score(), Some(25.0));
    let interval = coverage.interval.unwrap();
    let noise = domain::GRADING_NOISE;
    assert_eq!((interval.low, interval.high), (25.0 - noise, 25.0 + noise));
    let next = merged.next.as_ref().unwrap();
    assert_eq!((next.criterion.as_str(), next.change.as_str()), ("b", "Say b."));
}

#[test]
fn a_scorecard_without_assessed_coverage_stays_as_it_is() {
    let mut offline = card(TEXT, &[("a", 1, Status::NotAssessed, "")]);
    offline.groups[0].assessed = false;
    let verdicts = vec![verdict("a", Finding::Made, Some(place(TEXT, HERE)))];
    let merged = merge(&offline, TEXT, &[], &[], &reading(verdicts));
    assert_eq!(merged.scorecard, offline);
    assert!(merged.decisions.is_empty());
}

/// Ends of words in [`TEXT`], to draw slices that could be quotes.
fn words() -> Vec<Range<usize>> {
    let base = TEXT.as_ptr() as usize;
    TEXT.split(' ')
        .map(|word| word.as_ptr() as usize - base)
        .zip(TEXT.split(' '))
        .map(|(start, word)| start..start + word.len())
        .collect()
}

/// Slices of whole words mostly, anything else at times.
fn range() -> impl Strategy<Value = Range<usize>> {
    let count = words().len();
    prop_oneof![
        4 => (0..count, 0..12usize).prop_map(|(at, more)| {
            let words = words();
            words[at].start..words[(at + more).min(words.len() - 1)].end
        }),
        1 => (0..2 * TEXT.len(), 0..2 * TEXT.len()).prop_map(|(a, b)| a..b),
    ]
}

fn fact() -> impl Strategy<Value = (u32, bool, Status, Range<usize>)> {
    let status = prop::sample::select(vec![
        Status::Met,
        Status::Partial,
        Status::Mentioned,
        Status::Mentioned,
        Status::Missed,
        Status::Missed,
        Status::Contradicted,
    ]);
    let evidence = (0..words().len()).prop_map(|at| words()[at].clone());
    (1..=3u32, any::<bool>(), status, evidence)
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let finding = prop::sample::select(vec![
        Finding::Made,
        Finding::Made,
        Finding::Half,
        Finding::Wrong,
        Finding::Missing,
    ]);
    let one = (0..10usize, finding, prop::option::weighted(0.9, range()));
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let verdicts: Vec<Verdict> = all
            .into_iter()
            .map(|(n, f, q)| verdict(&format!("f{n}"), f, q))
            .collect();
        reading(verdicts)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever a reading says, and whoever wrote it.
    #[test]
    fn no_reading_breaks_the_rules(
        facts in prop::collection::vec(fact(), 1..9),
        reading in any_reading(),
        withheld in prop::collection::vec(range(), 0..2),
    ) {
        let names: Vec<String> = (0..facts.len()).map(|n| format!("f{n}")).collect();
        let shaped: Vec<_> = facts.iter().zip(&names).map(|((weight, _, status, at), name)| {
            let evidence = if *status == Status::Missed { "" } else { &TEXT[at.clone()] };
            (name.as_str(), *weight, *status, evidence)
        }).collect();
        let mut offline = card(TEXT, &shaped);
        for (criterion, fact) in offline.groups[0].criteria.iter_mut().zip(&facts) {
            criterion.must = fact.1;
        }
        let Merged { scorecard: merged, decisions } = merge(&offline, TEXT, &withheld, &[], &reading);

        merged.check_invariants(TEXT).unwrap();
        prop_assert_eq!(&merged.groups[1..], &offline.groups[1..]);
        let total = merged.score().unwrap();
        prop_assert!((0.0..=100.0).contains(&total));

        let mut quotes = Vec::new();
        for (before, after) in criteria(&offline).iter().zip(criteria(&merged)) {
            if before.status == after.status {
                prop_assert_eq!(before, after);
                continue;
            }
            prop_assert_ne!(before.status, Status::Contradicted);
            // Moved, so the reading quotes the text for it, outside of what was withheld.
            let said = reading.verdicts.iter().find(|v| v.fact == after.id).unwrap();
            let quote = said.quote.clone().unwrap();
            let slice = &TEXT[quote.clone()];
            prop_assert!(slice.split_whitespace().count() >= 4);
            prop_assert!(withheld.iter().all(|held| held.start >= held.end || held.end <= quote.start || held.start >= quote.end));
            prop_assert!(after.evidence.contains(&crate::span(TEXT, quote.clone())));
            if before.status == Status::Missed {
                prop_assert_eq!(after.status, Status::Partial);
            }
            if after.points > before.points {
                prop_assert!(matches!(said.finding, Finding::Made | Finding::Half));
            }
            quotes.push(quote);
        }
        for byte in 0..TEXT.len() {
            prop_assert!(quotes.iter().filter(|q| q.contains(&byte)).count() <= 2);
        }

        // The bound that the rule promises, from the offline statuses alone.
        let all = criteria(&offline);
        let out_of: f64 = all.iter().map(|c| c.out_of).sum();
        let touched: f64 = all.iter().map(|c| if c.status == Status::Mentioned { c.out_of } else { c.points }).sum();
        let high = (100.0 * touched / out_of).max(0.0);
        let coverage = merged.group(GroupId::Coverage).unwrap();
        prop_assert!(coverage.score().unwrap() <= high + high.min(25.0) + 0.01);
        let interval = coverage.interval.unwrap();
        prop_assert!(interval.low <= coverage.score().unwrap() && coverage.score().unwrap() <= interval.high);

        // The order of a reply decides nothing, unless it says two things of one fact.
        let kept = decisions.len();
        let mut names: Vec<_> = reading.verdicts.iter().map(|v| &v.fact).collect();
        names.sort();
        names.dedup();
        if names.len() == reading.verdicts.len() {
            let mut turned = reading.clone();
            turned.verdicts.reverse();
            prop_assert_eq!(&merge(&offline, TEXT, &withheld, &[], &turned).scorecard, &merged);
        }
        prop_assert!(kept <= facts.len());
    }
}

#[test]
fn what_a_follow_up_settled_outweighs_the_reader() {
    let facts = [
        ("asked", 2, Status::Mentioned, "We keep all counters in one"),
        ("unasked", 2, Status::Mentioned, "We keep all counters in one"),
    ];
    let offline = card(TEXT, &facts);
    let both = |finding| {
        let quote = Some(place(TEXT, HERE));
        reading(vec![
            verdict("asked", finding, quote.clone()),
            verdict("unasked", finding, quote),
        ])
    };
    for (finding, unasked) in [
        (Finding::Made, (Status::Met, Ruling::Confirmed)),
        (Finding::Wrong, (Status::Contradicted, Ruling::Refuted)),
    ] {
        let merged = merge(&offline, TEXT, &[], &["asked"], &both(finding));
        let came = |at: usize| (merged.decisions[at].to, merged.decisions[at].ruling);
        assert_eq!(came(0), (Status::Mentioned, Ruling::Answered));
        assert_eq!(came(1), unasked);
        assert_eq!(criteria(&merged.scorecard)[0], criteria(&offline)[0]);
    }
}
