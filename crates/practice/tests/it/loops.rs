//! Whole loops over the shipped bank: three candidates, a kill after every event, two writers, an import.
//!
//! The encoder is left out, so what is not said in a known form stays a mention; that lowers everybody alike.

use std::collections::BTreeSet;

use domain::{AttemptId, Level, ReferenceKind, SpokenTo};
use practice::{
    Error, Limits, LoopScorecard, LoopView, NewLoop, NewLoopEvent, Part, Phase, Practice, Recommendation,
    Store, load,
};
use tempfile::TempDir;

use crate::NOON_US;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Candidate {
    /// Gives the bank's good reference, or its sample.
    Strong,
    /// Gives its middling reference, or the first half of the sample, and nothing to the change.
    Middling,
    /// Says nothing.
    Silent,
}

pub(super) async fn open(folder: &TempDir) -> Practice {
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let limits = Limits {
        gradings: 2,
        waiting: 16,
    };
    Practice::new(load(&[]).unwrap(), None, Some(store), limits)
}

pub(super) async fn begun(practice: &Practice, preset: &str, level: Level) -> LoopView {
    let new = NewLoop {
        preset: preset.to_owned(),
        level,
        role: "backend".to_owned(),
        topics: Vec::new(),
        seed: 11,
    };
    practice.new_loop(new, NOON_US).await.unwrap()
}

fn half(text: &str) -> String {
    let sentences: Vec<&str> = text.split_inclusive(". ").collect();
    sentences[..sentences.len().div_ceil(2)].concat()
}

/// What the candidate says to the question that is under way, or to its change.
fn words(practice: &Practice, view: &LoopView, to: SpokenTo, who: Candidate) -> Option<String> {
    let asked = &view.head.stages[view.state.stage].questions[view.state.current()?.question];
    let instance = practice
        .instance(&asked.item, asked.variant, Part::Question)
        .unwrap();
    let item = &instance.item;
    let reference = |kind: ReferenceKind| {
        item.references()
            .iter()
            .find(|r| r.kind == kind)
            .map(|r| r.text.clone())
    };
    match (to, who) {
        (_, Candidate::Silent) | (SpokenTo::Change, Candidate::Middling) => None,
        (SpokenTo::Change, Candidate::Strong) => item.change.as_ref().map(|change| change.sample.clone()),
        (SpokenTo::Question, Candidate::Strong) => {
            Some(reference(ReferenceKind::Good).unwrap_or_else(|| item.guidance.sample.clone()))
        }
        (SpokenTo::Question, Candidate::Middling) => {
            Some(reference(ReferenceKind::Middling).unwrap_or_else(|| half(&item.guidance.sample)))
        }
    }
}

/// The next event of a candidate: a pure function of where the loop stands, so that it can be played again
/// from any point.
fn next_event(practice: &Practice, view: &LoopView, who: Candidate) -> Option<NewLoopEvent> {
    let stage = match view.state.phase {
        Phase::Ended => return None,
        Phase::Ready => return Some(NewLoopEvent::Begin),
        Phase::Paused => return Some(NewLoopEvent::Resume),
        Phase::Running => view.state.current().unwrap(),
    };
    let elapsed_ms = stage.elapsed_ms + 30_000;
    let Some(question) = stage.current() else {
        return Some(NewLoopEvent::Next { elapsed_ms });
    };
    if question.answer.handed_in.is_none() {
        if stage.question == 0 && question.asked.is_empty() {
            return Some(NewLoopEvent::Ask {
                elapsed_ms,
                text: "How many users does it have?".to_owned(),
            });
        }
        let text = words(practice, view, SpokenTo::Question, who);
        return Some(match text.filter(|_| question.answer.text.is_empty()) {
            Some(text) => NewLoopEvent::Say {
                elapsed_ms,
                text,
                to: SpokenTo::Question,
            },
            None if stage.activity.len() == 1 && stage.lines.iter().all(|l| l.act.as_str() != "clock") => {
                NewLoopEvent::Pause { elapsed_ms }
            }
            None => NewLoopEvent::HandIn { elapsed_ms },
        });
    }
    if question.change_is_open() {
        let text = words(practice, view, SpokenTo::Change, who);
        match text.filter(|_| question.change.text.is_empty()) {
            Some(text) => {
                return Some(NewLoopEvent::Say {
                    elapsed_ms,
                    text,
                    to: SpokenTo::Change,
                });
            }
            None if !question.change.text.is_empty() => return Some(NewLoopEvent::HandIn { elapsed_ms }),
            None => {}
        }
    }
    Some(NewLoopEvent::Next { elapsed_ms })
}

pub(super) async fn play(practice: &Practice, mut view: LoopView, who: Candidate) -> LoopView {
    let mut time = NOON_US;
    while let Some(event) = next_event(practice, &view, who) {
        time += 30_000_000;
        let happened = practice
            .happen(&view.id, view.state.events, event, time)
            .await
            .unwrap();
        assert!(!happened.replayed && happened.view.state.events > view.state.events);
        view = happened.view;
    }
    view
}

/// A scorecard without the attempts' ids, which are drawn.
fn faceless(card: &LoopScorecard) -> String {
    let mut text = format!("{card:#?}");
    let ids: Vec<AttemptId> = card
        .competencies
        .iter()
        .flat_map(|c| &c.evidence)
        .map(|e| e.attempt.clone())
        .collect();
    for id in ids {
        text = text.replace(id.as_str(), "ID");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn three_candidates_get_three_recommendations_at_both_ends_of_the_ladder() {
    let mut middling = Vec::new();
    for level in [Level::Junior, Level::Senior] {
        let mut cards = Vec::new();
        for who in [Candidate::Strong, Candidate::Middling, Candidate::Silent] {
            // A folder each: what was done before moves what is asked.
            let folder = tempfile::tempdir().unwrap();
            let practice = open(&folder).await;
            let view = begun(&practice, "full", level).await;
            assert_eq!(view.head.stages.len(), 6);
            let stages = || view.head.stages.iter();
            assert!(stages().all(|stage| stage.missing.is_none()), "{:#?}", view.head);
            let asked: BTreeSet<_> = stages().flat_map(|s| &s.questions).map(|q| &q.item).collect();
            assert_eq!(
                asked.len(),
                stages().map(|s| s.questions.len()).sum::<usize>(),
                "no repeats"
            );
            let view = play(&practice, view, who).await;
            let (_, card) = practice.loop_scorecard(&view.id).await.unwrap();
            println!(
                "{level} {who:?}: {:?} {:?} {:#?}",
                card.recommendation, card.result, card.reasons
            );
            for question in card.stages.iter().flat_map(|stage| &stage.questions) {
                println!(
                    "    {:?} {:?} {}",
                    question.score, question.change_score, question.item
                );
            }
            cards.push(card);
        }
        let of = |at: usize| cards[at].recommendation.unwrap();
        assert_eq!(of(0), Recommendation::StrongYes, "{:?}", cards[0].reasons);
        assert!(
            (Recommendation::No..Recommendation::StrongYes).contains(&of(1)),
            "{:?}",
            cards[1].reasons
        );
        assert_eq!(of(2), Recommendation::StrongNo, "{:?}", cards[2].reasons);
        let decisive = if level == Level::Junior {
            "coding"
        } else {
            "system design"
        };
        for card in &cards {
            assert!(
                card.reasons.iter().any(|reason| reason.contains(decisive)),
                "{:?}",
                card.reasons
            );
        }
        assert!(
            cards[2].reasons.iter().any(|reason| reason.contains("left open")),
            "{:?}",
            cards[2].reasons
        );
        let step = cards[1].step.as_ref().expect("a middling loop can be lifted");
        assert!(step.to > of(1) && !step.needs.is_empty());
        let evidence = |card: &LoopScorecard| {
            card.competencies
                .iter()
                .any(|c| c.evidence.iter().any(|e| !e.spans.is_empty()))
        };
        assert!(evidence(&cards[0]) && !evidence(&cards[2]));
        assert_eq!(cards[0].step, None, "nothing is above a strong yes");
        middling.push(of(1));
    }
    assert_eq!(
        middling[1],
        Recommendation::No,
        "middling answers do not carry a senior"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_every_event_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut practice = open(&folder).await;
    let whole = begun(&practice, "one-hour", Level::Mid).await;
    let killed = begun(&practice, "one-hour", Level::Mid).await;
    // The second loop was made with the same history, since the first had not begun.
    assert_eq!(whole.head, killed.head);
    let whole = play(&practice, whole, Candidate::Strong).await;
    let (_, expected) = practice.loop_scorecard(&whole.id).await.unwrap();
    let (mut view, mut time) = (killed, NOON_US);
    while let Some(event) = next_event(&practice, &view, Candidate::Strong) {
        time += 30_000_000;
        let position = view.state.events;
        practice
            .happen(&view.id, position, event.clone(), time)
            .await
            .unwrap();
        practice.close().await;
        drop(practice);
        practice = open(&folder).await;
        // The answer was lost with the process: the client sends the event again.
        let again = practice.happen(&view.id, position, event, time).await.unwrap();
        assert!(again.replayed);
        view = practice.interview_loop(&view.id).await.unwrap();
        assert_eq!(again.view, view);
    }
    assert_eq!(view.state.events, whole.state.events);
    let (_, card) = practice.loop_scorecard(&view.id).await.unwrap();
    assert_eq!(faceless(&card), faceless(&expected));
    let attempts = practice.attempts(None, None, 100).await.unwrap().entries.len();
    let made = |view: &LoopView| {
        let questions = view.state.stages.iter().flat_map(|s| &s.questions);
        questions
            .flat_map(|q| [&q.answer, &q.change])
            .filter(|s| s.handed_in.as_ref().is_some_and(|h| h.attempt.is_some()))
            .count()
    };
    assert_eq!(attempts, made(&whole) + made(&view), "no attempt was made twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_writers_one_is_first() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (open(&folder).await, open(&folder).await);
    let view = begun(&one, "system-design", Level::Senior).await;
    one.happen(&view.id, 0, NewLoopEvent::Begin, NOON_US)
        .await
        .unwrap();
    let say = |text: &str| NewLoopEvent::Say {
        elapsed_ms: 5_000,
        text: text.to_owned(),
        to: SpokenTo::Question,
    };
    let (a, b) = tokio::join!(
        one.happen(&view.id, 1, say("This window says this."), NOON_US),
        two.happen(&view.id, 1, say("The other says that."), NOON_US),
    );
    let changed =
        |result: &Result<practice::Happened, Error>| matches!(result, Err(Error::DocumentChanged { .. }));
    assert!(
        a.is_ok() != b.is_ok() && (changed(&a) || changed(&b)),
        "{a:?} {b:?}"
    );
    let held = one.interview_loop(&view.id).await.unwrap();
    assert_eq!(held.state.events, 2);
    assert_eq!(held.state.stages[0].questions[0].answer.turns.len(), 1);
    let far = one.happen(&view.id, 9, say("From nowhere."), NOON_US).await;
    assert!(
        matches!(
            far,
            Err(Error::Field {
                field: "position",
                ..
            })
        ),
        "{far:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn the_end_of_the_time_and_of_the_loop_hand_in_what_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    for end in [false, true] {
        let view = begun(&practice, "system-design", Level::Senior).await;
        let step = async |position: usize, event: NewLoopEvent| {
            practice
                .happen(&view.id, position, event, NOON_US)
                .await
                .unwrap()
                .view
        };
        step(0, NewLoopEvent::Begin).await;
        let text = "I would put Redis in front of everything. The data goes to the database.".to_owned();
        let said = step(
            1,
            NewLoopEvent::Say {
                elapsed_ms: 1_000_000,
                text,
                to: SpokenTo::Question,
            },
        )
        .await;
        let mistakes: Vec<&str> = said.moments[0].iter().map(|m| m.mistake.as_str()).collect();
        assert!(mistakes.contains(&"solution_before_requirements"), "{mistakes:?}");
        assert!(mistakes.contains(&"going_silent"), "{mistakes:?}");
        let over = if end {
            NewLoopEvent::End
        } else {
            NewLoopEvent::Pulse {
                elapsed_ms: 3_600_000,
                words: 0,
            }
        };
        let view = step(2, over).await;
        let question = &view.state.stages[0].questions[0];
        let attempt = question
            .answer
            .handed_in
            .as_ref()
            .and_then(|h| h.attempt.clone())
            .expect("it is handed in");
        assert_eq!(
            practice
                .attempt(&attempt)
                .await
                .unwrap()
                .attempt
                .submission
                .text(),
            question.answer.text
        );
        assert_eq!(view.state.phase == Phase::Ended, end);
    }
    // A stage in which nothing was said is a result, and makes no attempt.
    let before = practice.attempts(None, None, 100).await.unwrap().entries.len();
    let view = begun(&practice, "system-design", Level::Senior).await;
    practice
        .happen(&view.id, 0, NewLoopEvent::Begin, NOON_US)
        .await
        .unwrap();
    let pulse = NewLoopEvent::Pulse {
        elapsed_ms: 3_600_000,
        words: 0,
    };
    practice.happen(&view.id, 1, pulse, NOON_US).await.unwrap();
    practice
        .happen(
            &view.id,
            3,
            NewLoopEvent::Next {
                elapsed_ms: 3_600_000,
            },
            NOON_US,
        )
        .await
        .unwrap();
    let (_, card) = practice.loop_scorecard(&view.id).await.unwrap();
    assert_eq!(card.recommendation, Some(Recommendation::StrongNo));
    assert_eq!(
        practice.attempts(None, None, 100).await.unwrap().entries.len(),
        before
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn later_replies_overrides_and_deletions_count() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let view = begun(&practice, "behavioural", Level::Senior).await;
    let view = play(&practice, view, Candidate::Middling).await;
    let (_, before) = practice.loop_scorecard(&view.id).await.unwrap();
    let missed = before
        .competencies
        .iter()
        .flat_map(|c| &c.evidence)
        .find(|e| e.status == domain::Status::Missed);
    let missed = missed.expect("a middling story misses something");
    let entry = domain::Override {
        group: domain::GroupId::Coverage,
        criterion: missed.criterion.clone(),
        ruling: domain::Ruling::Status(domain::Status::Met),
        reason: "I said it in other words.".to_owned(),
        created_at_us: NOON_US,
    };
    practice.regrade(&missed.attempt, entry).await.unwrap();
    let (_, after) = practice.loop_scorecard(&view.id).await.unwrap();
    assert!(after.result > before.result);
    assert!(
        after
            .competencies
            .iter()
            .flat_map(|c| &c.evidence)
            .any(|e| e.by_hand && e.criterion == missed.criterion)
    );
    practice.delete(&missed.attempt).await.unwrap();
    let (_, gone) = practice.loop_scorecard(&view.id).await.unwrap();
    assert!(
        gone.stages[0]
            .questions
            .iter()
            .any(|q| q.note.contains("deleted") && q.score.is_none())
    );
    practice.delete_loop(&view.id, false).await.unwrap();
    assert!(matches!(
        practice.interview_loop(&view.id).await,
        Err(Error::DocumentNotFound { .. })
    ));
    assert!(
        !practice
            .attempts(None, None, 100)
            .await
            .unwrap()
            .entries
            .is_empty(),
        "attempts stay"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_brings_the_same_scorecard_and_refuses_a_log_that_cannot_be() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let practice = open(&here).await;
    let view = begun(&practice, "one-hour", Level::Junior).await;
    let view = play(&practice, view, Candidate::Middling).await;
    let (_, expected) = practice.loop_scorecard(&view.id).await.unwrap();
    let mut export = practice.export(NOON_US).unwrap();
    let mut text = String::new();
    while let Some(piece) = export.next().await.unwrap() {
        text.push_str(&piece);
    }
    let other = open(&there).await;
    other.import(text.as_bytes()).await.unwrap();
    let (again, card) = other.loop_scorecard(&view.id).await.unwrap();
    assert_eq!(card, expected, "with the ids of its attempts");
    assert_eq!(again.state, view.state);
    // The same loop with an event that could not have happened.
    let third = tempfile::tempdir().unwrap();
    let forged = text.replacen(r#"{"type":"begin"}"#, r#"{"type":"resume"}"#, 1);
    let forged = if forged == text {
        text.replacen(r#"\"type\":\"begin\""#, r#"\"type\":\"resume\""#, 1)
    } else {
        forged
    };
    assert_ne!(forged, text);
    let refused = open(&third).await.import(forged.as_bytes()).await;
    assert!(matches!(refused, Err(Error::Import { .. })), "{refused:?}");
}
