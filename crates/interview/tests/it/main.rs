//! The loop through its public surface: the fold, its refusals, and the rule of the scorecard.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod fold;
mod rule;
mod sequences;

use domain::{
    AttemptId, Competency, InterviewLoop, LOOP_FORMAT, Level, LoopEvent, SpokenTo, Stage, StageKind,
    StageQuestion,
};
use interview::State;

/// A loop with a stage of two questions, of which the first changes, and one of a single question.
fn head() -> InterviewLoop {
    let question = |item: &str, change: Option<&str>| StageQuestion {
        item: item.parse().unwrap(),
        variant: 0,
        revision: "b3:0".to_owned(),
        title: item.to_owned(),
        competency: Competency::ApiContracts,
        prompt: format!("Tell me about {item}."),
        change: change.map(str::to_owned),
    };
    let stage = |kind, minutes, questions| Stage {
        kind,
        title: "A stage".to_owned(),
        minutes,
        stands_in: None,
        missing: None,
        questions,
    };
    InterviewLoop {
        format: LOOP_FORMAT,
        preset: "test".to_owned(),
        title: "Test".to_owned(),
        level: Level::Senior,
        role: String::new(),
        seed: 7,
        stages: vec![
            stage(
                StageKind::SystemDesign,
                20,
                vec![
                    question("one", Some("Now it is ten times as much.")),
                    question("two", None),
                ],
            ),
            stage(StageKind::Behavioural, 10, vec![question("three", None)]),
        ],
    }
}

fn attempt(n: u128) -> AttemptId {
    AttemptId::new(1, n)
}

fn say(elapsed_ms: u64, text: &str) -> LoopEvent {
    LoopEvent::Say {
        elapsed_ms,
        text: text.to_owned(),
        to: SpokenTo::Question,
    }
}

fn hand_in(elapsed_ms: u64, made: Option<u128>, change: Option<u128>) -> LoopEvent {
    LoopEvent::HandIn {
        elapsed_ms,
        attempt: made.map(attempt),
        change_attempt: change.map(attempt),
    }
}

fn after(events: &[LoopEvent]) -> State {
    State::after(&head(), events).unwrap()
}
