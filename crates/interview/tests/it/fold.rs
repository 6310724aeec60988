use domain::{LoopEvent, SpokenTo};
use interview::{Act, LineAct, Phase, QuestionPhase, Refusal, StagePhase, State, silences};

use crate::{after, attempt, hand_in, head, say};

/// What an event is refused with after others.
fn refused(before: &[LoopEvent], event: &LoopEvent) -> Refusal {
    let mut state = after(before);
    let untouched = state.clone();
    let refusal = state.apply(&head(), event).expect_err("it can happen");
    assert_eq!(state, untouched, "a refused event leaves the loop as it was");
    refusal
}

#[test]
fn a_stage_goes_from_question_to_question_and_out() {
    let events = [
        LoopEvent::Begin,
        say(60_000, "First I would ask who uses it."),
        say(90_000, "Then I keep it in one table."),
        hand_in(100_000, Some(1), None),
        LoopEvent::Next { elapsed_ms: 110_000 },
        hand_in(120_000, None, None),
        LoopEvent::Next { elapsed_ms: 130_000 },
    ];
    let state = after(&events);
    assert_eq!((state.phase, state.stage), (Phase::Ready, 1));
    let stage = &state.stages[0];
    let one = &stage.questions[0];
    assert_eq!(
        one.answer.text,
        "First I would ask who uses it.\nThen I keep it in one table."
    );
    for turn in &one.answer.turns {
        assert!(one.answer.text.get(turn.start..turn.end).is_some());
    }
    assert_eq!(one.answer.said_at(one.answer.turns[1].start), 90_000);
    assert_eq!(one.answer.handed_in.as_ref().unwrap().attempt, Some(attempt(1)));
    assert_eq!(stage.question_phase(0), QuestionPhase::Done);
    assert_eq!(
        stage.question_phase(1),
        QuestionPhase::Silent,
        "nothing said is a result"
    );
    assert_eq!(state.stages[1].question_phase(0), QuestionPhase::Waiting);
}

#[test]
fn the_change_comes_at_half_of_the_share_or_after_the_answer() {
    let told = |events: &[LoopEvent]| after(events).stages[0].questions[0].change_told_ms;
    // Twenty minutes for two questions: half of a share is five minutes.
    assert_eq!(told(&[LoopEvent::Begin, say(299_999, "Not yet.")]), None);
    assert_eq!(told(&[LoopEvent::Begin, say(300_000, "Now.")]), Some(300_000));
    assert_eq!(
        told(&[LoopEvent::Begin, say(10, "Short."), hand_in(20, Some(1), None)]),
        Some(20)
    );
    let events = [
        LoopEvent::Begin,
        say(300_000, "An answer."),
        LoopEvent::Say {
            elapsed_ms: 310_000,
            text: "To the change.".to_owned(),
            to: SpokenTo::Change,
        },
        hand_in(320_000, Some(1), Some(2)),
    ];
    let state = after(&events);
    assert!(state.open().is_empty());
    assert!(!state.may().contains(&Act::HandIn) && state.may().contains(&Act::Next));
}

#[test]
fn time_ends_a_stage_with_what_was_said() {
    let late = [
        LoopEvent::Begin,
        say(1_100_000, "Long."),
        LoopEvent::Pulse {
            elapsed_ms: 1_200_000,
            words: 3,
        },
    ];
    let state = after(&late);
    assert_eq!(state.stages[0].phase, StagePhase::TimeOver);
    assert_eq!(state.owes(), [SpokenTo::Question]);
    assert_eq!(refused(&late, &say(1_200_001, "More.")), Refusal::TimeOver);
    assert_eq!(
        refused(
            &late,
            &LoopEvent::Next {
                elapsed_ms: 1_200_001
            }
        ),
        Refusal::NotHandedIn
    );
    let mut over = late.to_vec();
    over.push(hand_in(1_200_000, Some(1), None));
    over.push(LoopEvent::Next {
        elapsed_ms: 1_200_000,
    });
    let state = after(&over);
    assert_eq!(
        state.stage, 1,
        "the time of the stage is not spent on its next question"
    );
    assert_eq!(state.stages[0].question_phase(1), QuestionPhase::OutOfTime);
    // A sentence may end after its time; a speech may not.
    assert!(State::after(&head(), &[LoopEvent::Begin, say(1_230_000, "So that is it.")]).is_ok());
    assert_eq!(
        refused(&[LoopEvent::Begin], &say(1_230_001, "And another thing.")),
        Refusal::TimeOver
    );
}

#[test]
fn what_cannot_happen_is_refused_by_name() {
    let begun = [LoopEvent::Begin];
    let said = [LoopEvent::Begin, say(5_000, "A word.")];
    let handed = [
        LoopEvent::Begin,
        say(5_000, "A word."),
        hand_in(6_000, Some(1), None),
    ];
    let paused = [LoopEvent::Begin, LoopEvent::Pause { elapsed_ms: 5_000 }];
    let ended = [LoopEvent::Begin, LoopEvent::End];
    let not_running = |refusal: &Refusal| matches!(refusal, Refusal::NotRunning { .. });
    let field = |refusal: &Refusal| match refusal {
        Refusal::Field { field, .. } => *field,
        _ => "",
    };
    assert!(not_running(&refused(&[], &say(1, "Hello."))));
    assert!(not_running(&refused(&[], &LoopEvent::Resume)));
    assert!(not_running(&refused(&paused, &say(6_000, "Hello."))));
    assert!(not_running(&refused(&paused, &LoopEvent::Begin)));
    assert_eq!(refused(&begun, &LoopEvent::Begin), Refusal::Running);
    assert_eq!(refused(&begun, &LoopEvent::Resume), Refusal::Running);
    assert_eq!(
        refused(&begun, &LoopEvent::Next { elapsed_ms: 1 }),
        Refusal::NotHandedIn
    );
    assert_eq!(field(&refused(&said, &say(4_999, "Earlier."))), "elapsed_ms");
    assert_eq!(refused(&handed, &say(7_000, "More.")), Refusal::HandedIn);
    assert_eq!(
        field(&refused(&said, &hand_in(6_000, None, None))),
        "attempt",
        "what was said is graded"
    );
    assert_eq!(
        field(&refused(&begun, &hand_in(6_000, Some(1), None))),
        "attempt",
        "silence is not"
    );
    let early = LoopEvent::Say {
        elapsed_ms: 6_000,
        text: "To what?".to_owned(),
        to: SpokenTo::Change,
    };
    assert_eq!(field(&refused(&said, &early)), "to");
    for event in [LoopEvent::Begin, LoopEvent::End, say(9_000, "Hello.")] {
        assert_eq!(refused(&ended, &event), Refusal::Ended);
    }
}

#[test]
fn the_interviewer_answers_warns_and_waits() {
    let ask = |clarification: Option<&str>, answer: &str| LoopEvent::Ask {
        elapsed_ms: 10_000,
        text: "How long are they kept?".to_owned(),
        clarification: clarification.map(str::to_owned),
        answer: answer.to_owned(),
    };
    let state = after(&[
        LoopEvent::Begin,
        ask(Some("retention"), "A year."),
        ask(None, interview::YOURS_TO_DECIDE),
        LoopEvent::Pulse {
            elapsed_ms: 110_000,
            words: 0,
        },
        LoopEvent::Pulse {
            elapsed_ms: 120_000,
            words: 0,
        },
        LoopEvent::Pulse {
            elapsed_ms: 600_000,
            words: 9,
        },
        LoopEvent::Pulse {
            elapsed_ms: 900_000,
            words: 9,
        },
    ]);
    let lines = &state.stages[0].lines;
    let count = |act: LineAct| lines.iter().filter(|line| line.act == act).count();
    assert_eq!(count(LineAct::Clarify), 1);
    assert_eq!(count(LineAct::Decline), 1);
    assert_eq!(
        count(LineAct::Wait),
        1,
        "one word into a silence, not one a pulse"
    );
    assert_eq!(count(LineAct::Time), 2, "half of the time, and five minutes left");
    assert_eq!(count(LineAct::Change), 1);
    let interviewer = lines
        .iter()
        .filter(|line| line.who == interview::Who::Interviewer);
    assert!(
        interviewer.clone().all(|line| !line.why.is_empty()),
        "it says why it speaks"
    );
    assert_eq!(after(&[LoopEvent::Begin]), after(&[LoopEvent::Begin]));
}

#[test]
fn silence_is_active_time_without_words() {
    let found = |events: &[LoopEvent]| -> Vec<(u64, u64)> {
        silences(&after(events).stages[0])
            .iter()
            .map(|m| (m.elapsed_ms, m.for_ms.unwrap()))
            .collect()
    };
    let pulse = |elapsed_ms, words| LoopEvent::Pulse { elapsed_ms, words };
    assert_eq!(found(&[LoopEvent::Begin, pulse(59_999, 0)]), []);
    assert_eq!(
        found(&[LoopEvent::Begin, pulse(10_000, 5), pulse(100_000, 0)]),
        [(10_000, 90_000)]
    );
    // Forty words take a minute to type: the turn itself is no silence.
    let forty = "word ".repeat(40);
    assert_eq!(found(&[LoopEvent::Begin, say(100_000, &forty)]), []);
    // The clock stands in a pause, so a pause of any length adds nothing.
    let paused = [
        LoopEvent::Begin,
        pulse(30_000, 5),
        LoopEvent::Pause { elapsed_ms: 31_000 },
        LoopEvent::Resume,
    ];
    assert_eq!(found(&paused), []);
}
