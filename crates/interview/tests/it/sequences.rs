//! No sequence of events panics or leaves a state that cannot be.

use domain::{LoopEvent, SpokenTo};
use interview::{Act, Phase, QuestionPhase, StagePhase, State, assess};
use proptest::prelude::*;

use crate::{attempt, hand_in, head, say};

fn event() -> impl Strategy<Value = LoopEvent> {
    let time = prop_oneof![0_u64..30_000, 0_u64..1_300_000, Just(u64::MAX)];
    (0_u8..12, time, 0_u32..40, any::<bool>(), any::<bool>()).prop_map(|(kind, ms, words, a, b)| match kind {
        0 | 1 => LoopEvent::Begin,
        2 | 3 => say(ms, "I would keep it in a table."),
        4 => LoopEvent::Say {
            elapsed_ms: ms,
            text: "With the change.".to_owned(),
            to: SpokenTo::Change,
        },
        5 => LoopEvent::Ask {
            elapsed_ms: ms,
            text: "How many?".to_owned(),
            clarification: None,
            answer: "Yours.".to_owned(),
        },
        6 => LoopEvent::Pulse {
            elapsed_ms: ms,
            words,
        },
        7 | 8 => hand_in(ms, a.then_some(1), b.then_some(2)),
        9 => {
            if a {
                LoopEvent::Pause { elapsed_ms: ms }
            } else {
                LoopEvent::Resume
            }
        }
        10 => LoopEvent::Next { elapsed_ms: ms },
        _ => {
            if words == 0 {
                LoopEvent::End
            } else {
                LoopEvent::Resume
            }
        }
    })
}

/// What must hold of every state.
fn sound(state: &State) {
    let head = head();
    assert_eq!(state.stages.len(), head.stages.len());
    assert_eq!(state.phase == Phase::Ended, state.may().is_empty());
    let under_way = state
        .stages
        .iter()
        .filter(|s| matches!(s.phase, StagePhase::Running | StagePhase::TimeOver));
    let expected = usize::from(matches!(state.phase, Phase::Running | Phase::Paused));
    assert_eq!(under_way.count(), expected, "at most one stage is under way");
    for (number, stage) in state.stages.iter().enumerate() {
        assert!(
            stage
                .lines
                .windows(2)
                .all(|pair| pair[0].elapsed_ms <= pair[1].elapsed_ms)
        );
        assert!(number <= state.stage || matches!(stage.phase, StagePhase::Waiting | StagePhase::Cut));
        for (at, question) in stage.questions.iter().enumerate() {
            for spoken in [&question.answer, &question.change] {
                let joined: Vec<&str> = spoken
                    .turns
                    .iter()
                    .map(|t| &spoken.text[t.start..t.end])
                    .collect();
                assert_eq!(joined.join("\n"), spoken.text);
                if let Some(handed) = &spoken.handed_in {
                    assert_eq!(
                        handed.attempt.is_some(),
                        !spoken.text.is_empty(),
                        "graded exactly when said"
                    );
                }
            }
            if question.begun_ms.is_none() {
                assert!(question.answer.handed_in.is_none());
                let phase = stage.question_phase(at);
                assert!(matches!(
                    phase,
                    QuestionPhase::Waiting | QuestionPhase::OutOfTime | QuestionPhase::NotReached
                ));
            }
        }
    }
}

proptest! {
    #[test]
    fn any_sequence_is_taken_or_refused(events in prop::collection::vec(event(), 0..60)) {
        let head = head();
        let mut state = State::new(&head);
        let mut taken = Vec::new();
        for event in events {
            let before = state.clone();
            match state.apply(&head, &event) {
                Ok(()) => taken.push(event),
                Err(_) => prop_assert_eq!(&state, &before),
            }
            sound(&state);
        }
        // A resume is a read: the log alone leads to the same place.
        prop_assert_eq!(State::after(&head, &taken).unwrap(), state.clone());
        let card = assess(&head, state.phase == Phase::Ended, &[]);
        prop_assert!(card.recommendation.is_none(), "nothing graded recommends nothing");
    }

    /// Whatever was said, the way to the end is open.
    #[test]
    fn every_loop_can_be_brought_to_its_end(events in prop::collection::vec(event(), 0..40)) {
        let head = head();
        let mut state = State::new(&head);
        for event in events {
            let _ = state.apply(&head, &event);
        }
        for _ in 0..40 {
            let may = state.may();
            let now = state.current().map_or(0, |stage| stage.elapsed_ms);
            let said = |spoken: &interview::Spoken| !spoken.text.is_empty() && spoken.handed_in.is_none();
            let question = state.current().and_then(|stage| stage.current());
            let event = if may.contains(&Act::Resume) {
                LoopEvent::Resume
            } else if may.contains(&Act::Begin) {
                LoopEvent::Begin
            } else if may.contains(&Act::Next) {
                LoopEvent::Next { elapsed_ms: now }
            } else if may.contains(&Act::HandIn) {
                let main = question.is_some_and(|q| said(&q.answer));
                let change = question.is_some_and(|q| said(&q.change));
                LoopEvent::HandIn {
                    elapsed_ms: now,
                    attempt: main.then(|| attempt(1)),
                    change_attempt: change.then(|| attempt(2)),
                }
            } else {
                break;
            };
            prop_assert_eq!(state.apply(&head, &event), Ok(()), "{:?} was offered", event);
        }
        prop_assert_eq!(state.phase, Phase::Ended);
    }
}
