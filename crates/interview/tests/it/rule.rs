//! The rule of the hiring scorecard, and the smallest step above it.

use domain::{Competency, GroupId, InterviewLoop, Level, StageKind, Status};
use interview::{
    Graded, GradedAttempt, GradedFact, GradedQuestion, LoopScorecard, Need, PRESETS, QuestionPhase,
    Recommendation, assess, stage_weight,
};
use proptest::prelude::*;

use crate::{attempt, head};

fn fact(n: usize, status: Status) -> GradedFact {
    GradedFact {
        id: format!("fact-{n}"),
        title: format!("Fact {n}"),
        points: 2.0 * status.share(),
        out_of: 2.0,
        status,
        must: n.is_multiple_of(2),
        level: Level::Junior,
        by_hand: false,
        tip: "Say it.".to_owned(),
        spans: Vec::new(),
    }
}

fn question(stage: usize, number: usize, statuses: &[Status]) -> GradedQuestion {
    GradedQuestion {
        stage,
        number,
        item: format!("item-{stage}-{number}").parse().unwrap(),
        title: format!("Item {stage} {number}"),
        competency: Competency::ApiContracts,
        phase: QuestionPhase::Done,
        answer: Graded::Scored(GradedAttempt {
            attempt: attempt((10 * stage + number) as u128),
            facts: statuses
                .iter()
                .enumerate()
                .map(|(n, status)| fact(n, *status))
                .collect(),
            delivery: vec![(GroupId::Structure, Some(50.0))],
        }),
        change: None,
    }
}

fn silent(stage: usize, number: usize) -> GradedQuestion {
    GradedQuestion {
        phase: QuestionPhase::Silent,
        answer: Graded::Silent,
        ..question(stage, number, &[])
    }
}

/// The loop of [`head`] with eight facts in each of its three questions, of which so many are met.
fn met(design: usize, story: usize) -> Vec<GradedQuestion> {
    let statuses = |n: usize| -> Vec<Status> {
        (0..8)
            .map(|i| if i < n { Status::Met } else { Status::Missed })
            .collect()
    };
    vec![
        question(0, 0, &statuses(design)),
        question(0, 1, &statuses(design)),
        question(1, 0, &statuses(story)),
    ]
}

fn card(questions: &[GradedQuestion]) -> LoopScorecard {
    assess(&head(), true, questions)
}

#[test]
fn the_steps_follow_what_was_right() {
    let step = |design, story| card(&met(design, story)).recommendation.unwrap();
    assert_eq!(step(8, 8), Recommendation::StrongYes);
    assert_eq!(step(6, 6), Recommendation::Yes);
    assert_eq!(step(4, 4), Recommendation::No);
    assert_eq!(step(1, 1), Recommendation::StrongNo);
    assert_eq!(
        card(&[silent(0, 0), silent(0, 1), silent(1, 0)]).recommendation,
        Some(Recommendation::StrongNo)
    );
}

#[test]
fn the_decisive_stage_has_a_floor() {
    let mut head = head();
    head.stages[0].kind = StageKind::Coding;
    head.stages[1].kind = StageKind::SystemDesign;
    head.level = Level::Junior;
    // A junior's loop turns on coding: 35 of 45 here.
    let weak = assess(&head, true, &met(4, 8));
    assert_eq!(weak.recommendation, Some(Recommendation::No));
    let strong = assess(&head, true, &met(8, 4));
    assert_eq!(strong.recommendation, Some(Recommendation::StrongYes));
    head.level = Level::Senior;
    // A senior's turns on design: with the stages' weights swapped the same answers come out otherwise.
    let carried = assess(&head, true, &met(8, 3));
    assert_eq!(carried.recommendation, Some(Recommendation::No));
    assert!(
        carried.reasons.iter().any(|reason| reason.contains("turns on")),
        "{:?}",
        carried.reasons
    );
}

#[test]
fn a_contradiction_costs_and_bars_a_strong_yes() {
    let mut questions = met(8, 8);
    let Graded::Scored(attempt) = &mut questions[2].answer else {
        panic!("it is scored")
    };
    attempt.facts[0] = fact(0, Status::Contradicted);
    let with = card(&questions);
    let mut missed = met(8, 8);
    let Graded::Scored(attempt) = &mut missed[2].answer else {
        panic!("it is scored")
    };
    attempt.facts[0] = fact(0, Status::Missed);
    let without = card(&missed);
    assert!(with.result.unwrap() < without.result.unwrap() - 2.0);
    assert_eq!(without.recommendation, Some(Recommendation::StrongYes));
    assert_eq!(
        with.recommendation,
        Some(Recommendation::Yes),
        "{:?}",
        with.reasons
    );
    assert!(with.reasons.iter().any(|reason| reason.contains("contradicted")));
    let step = with.step.unwrap();
    assert!(
        matches!(&step.needs[..], [Need::Fact { criterion, .. }] if criterion == "fact-0"),
        "{step:?}"
    );
    assert!(step.smallest);
}

#[test]
fn facts_above_the_level_neither_weigh_nor_lift() {
    let mut head = head();
    head.level = Level::Junior;
    let at = |questions: &[GradedQuestion]| assess(&head, true, questions).result.unwrap();
    let with = |met: usize, above: Status| {
        let mut questions = self::met(met, met);
        for question in &mut questions {
            let Graded::Scored(attempt) = &mut question.answer else {
                panic!("it is scored")
            };
            for n in [6, 7] {
                attempt.facts[n] = GradedFact {
                    level: Level::Senior,
                    ..fact(n, above)
                };
            }
        }
        at(&questions)
    };
    assert!(
        with(4, Status::Missed) > at(&met(4, 4)),
        "what a junior is not expected to know is not missing"
    );
    assert_eq!(
        with(4, Status::Missed),
        with(4, Status::Met),
        "and makes up for nothing"
    );
    assert!(
        with(4, Status::Contradicted) < with(4, Status::Missed) - 2.0,
        "but an error is one"
    );
}

#[test]
fn what_was_not_assessed_is_left_out_and_said() {
    let mut questions = met(8, 8);
    questions[2].answer = Graded::NotAssessed {
        why: "Its attempt was deleted.".to_owned(),
    };
    let without_story = card(&questions);
    assert_eq!(without_story.stages[1].score, None);
    assert_eq!(
        without_story.stages[1].not_assessed.as_deref(),
        Some("Its attempt was deleted.")
    );
    assert_eq!(
        without_story.recommendation, None,
        "35 of 60 is less than what a recommendation takes"
    );
    let running = assess(&head(), false, &met(8, 8));
    assert_eq!(running.recommendation, None);
    assert!(running.result.is_some());
}

#[test]
fn delivery_moves_within_a_step_only() {
    let with = |score: f64| {
        let mut questions = met(6, 6);
        for question in &mut questions {
            let Graded::Scored(attempt) = &mut question.answer else {
                panic!("it is scored")
            };
            attempt.delivery = vec![(GroupId::Structure, Some(score))];
        }
        card(&questions)
    };
    let (low, high) = (with(0.0), with(100.0));
    assert_eq!(
        (low.recommendation, low.result),
        (high.recommendation, high.result)
    );
    assert!(low.within < high.within);
}

#[test]
fn weights_are_whole_and_lean_as_the_levels_do() {
    let of = |level, kind| stage_weight(level, kind).weight;
    for level in Level::ALL {
        assert_eq!(
            StageKind::ALL.iter().map(|kind| of(*level, *kind)).sum::<u32>(),
            100
        );
    }
    assert!(of(Level::Senior, StageKind::SystemDesign) > of(Level::Junior, StageKind::SystemDesign));
    assert!(of(Level::Junior, StageKind::Coding) > of(Level::Senior, StageKind::Coding));
    let full = &PRESETS[0];
    let bounds = [(20, 30), (45, 60), (60, 60), (60, 60), (45, 45), (30, 45)];
    for (stage, (least, most)) in full.stages.iter().zip(bounds) {
        assert!((least..=most).contains(&stage.minutes), "{}", stage.title);
    }
    assert!(PRESETS.iter().any(|preset| preset.minutes() == 60));
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::Met,
        Status::Partial,
        Status::Mentioned,
        Status::Missed,
        Status::Contradicted,
    ])
}

/// The least number of facts that lift a small loop, by trying every set.
fn least(head: &InterviewLoop, questions: &[GradedQuestion], now: Recommendation) -> Option<usize> {
    let open: Vec<(usize, usize)> = questions
        .iter()
        .enumerate()
        .flat_map(|(q, question)| {
            let Graded::Scored(attempt) = &question.answer else {
                return Vec::new();
            };
            let open = attempt
                .facts
                .iter()
                .enumerate()
                .filter(|(_, f)| f.points < f.out_of);
            open.map(|(f, _)| (q, f)).collect()
        })
        .collect();
    let sets = (1_u32..1 << open.len()).filter(|set| {
        let mut better = questions.to_vec();
        for (bit, (q, f)) in open.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1) {
            let _ = bit;
            let Graded::Scored(attempt) = &mut better[*q].answer else {
                unreachable!()
            };
            attempt.facts[*f] = GradedFact {
                must: attempt.facts[*f].must,
                ..fact(*f, Status::Met)
            };
        }
        assess(head, true, &better).recommendation.unwrap() > now
    });
    sets.map(|set| set.count_ones() as usize).min()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The step is a computation: no smaller set of facts lifts the loop, and the one named does.
    #[test]
    fn the_step_is_the_smallest(
        design in prop::collection::vec(status(), 5),
        story in prop::collection::vec(status(), 4),
    ) {
        let questions = [question(0, 0, &design), question(1, 0, &story)];
        let card = card(&questions);
        let now = card.recommendation.unwrap();
        let least = least(&head(), &questions, now);
        match card.step {
            None => prop_assert!(now == Recommendation::StrongYes || least.is_none()),
            Some(step) => {
                prop_assert!(step.to > now && step.smallest);
                prop_assert_eq!(Some(step.needs.len()), least);
            }
        }
    }

    /// Better answers never recommend less.
    #[test]
    fn more_right_is_never_worse(statuses in prop::collection::vec(status(), 8), at in 0_usize..8) {
        let result = |statuses: &[Status]| card(&[question(0, 0, statuses), question(1, 0, statuses)]);
        let mut better = statuses.clone();
        better[at] = Status::Met;
        let (before, after) = (result(&statuses), result(&better));
        prop_assert!(after.recommendation >= before.recommendation);
        prop_assert!(after.result >= before.result);
    }
}
