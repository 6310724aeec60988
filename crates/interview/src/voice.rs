//! What the interviewer says, and why. All words are chosen from what happened and the seed.

use domain::{InterviewLoop, SpokenTo, Stage, StageKind, StageQuestion};

use crate::choose::mixed;
use crate::preset::purpose;
use crate::words::{LineAct, Who};

/// How long the interviewer waits through a silence, in milliseconds, before a word.
pub const WAIT_MS: u64 = 90_000;

/// What the interviewer answers when the requirements do not say.
pub const YOURS_TO_DECIDE: &str =
    "The requirements leave that open. It is for you to decide: say what you assume, and go on from there.";

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// By whom.
    pub who: Who,
    /// What it does.
    pub act: LineAct,
    /// The question that it belongs to; `None` for what concerns the whole stage.
    pub question: Option<usize>,
    /// The words; Markdown where the act is [`LineAct::Question`] or [`LineAct::Change`].
    pub text: String,
    /// Why the interviewer says it; empty for the candidate's own words.
    pub why: &'static str,
    /// First byte of the candidate's words in the text that is handed in.
    pub start: Option<usize>,
}

impl Line {
    fn interviewer(elapsed_ms: u64, act: LineAct, text: impl Into<String>, why: &'static str) -> Self {
        Self {
            elapsed_ms,
            who: Who::Interviewer,
            act,
            question: None,
            text: text.into(),
            why,
            start: None,
        }
    }

    fn on(self, question: usize) -> Self {
        Self {
            question: Some(question),
            ..self
        }
    }
}

/// The words that open a stage: who it is for, how long it takes, what stands in.
pub(crate) fn opening(head: &InterviewLoop, number: usize) -> Vec<Line> {
    let Some(stage) = head.stages.get(number) else {
        return Vec::new();
    };
    let greeting = match stage.kind {
        StageKind::Recruiter => {
            "Hello, good that you could make the time. I would like to hear about you first."
        }
        StageKind::PhoneScreen => {
            "Hello. We will talk about some fundamentals, and about what you have built."
        }
        StageKind::Coding => {
            "Welcome. I have something to build for you. Think aloud: I follow your reasons."
        }
        StageKind::SystemDesign => {
            "Welcome. We design one system together. Ask me what you need to know before you draw anything."
        }
        StageKind::Behavioural => {
            "Welcome. I would like to hear what you did yourself, with what came of it."
        }
        StageKind::HiringManager => {
            "Hello. I would work with you, so I want to see how you judge a situation."
        }
    };
    let minutes = if stage.minutes == 1 {
        "one minute".to_owned()
    } else {
        format!("{} minutes", stage.minutes)
    };
    let text = format!("{greeting} We have {minutes}.");
    let mut lines = vec![Line::interviewer(0, LineAct::Open, text, purpose(stage.kind))];
    let notices = [&stage.stands_in, &stage.missing];
    lines.extend(notices.into_iter().flatten().map(|notice| {
        Line::interviewer(
            0,
            LineAct::Notice,
            notice.clone(),
            "You should know what this stage can and cannot show.",
        )
    }));
    lines
}

/// Puts a question.
pub(crate) fn question(asked: &StageQuestion, at: usize, elapsed_ms: u64) -> Line {
    let why = if at == 0 {
        "The question of this stage."
    } else {
        "The next question of this stage."
    };
    Line::interviewer(elapsed_ms, LineAct::Question, asked.prompt.clone(), why).on(at)
}

/// The candidate's turn.
pub(crate) fn said(text: &str, to: SpokenTo, at: usize, elapsed_ms: u64, start: usize) -> Line {
    let act = match to {
        SpokenTo::Question => LineAct::Say,
        SpokenTo::Change => LineAct::SayChange,
    };
    Line {
        elapsed_ms,
        who: Who::Candidate,
        act,
        question: Some(at),
        text: text.to_owned(),
        why: "",
        start: Some(start),
    }
}

/// The interviewer shows that they follow.
pub(crate) fn listening(seed: u64, turn: usize, at: usize, elapsed_ms: u64) -> Line {
    const FOLLOWS: [&str; 6] = [
        "I see. Go on.",
        "All right. What else?",
        "Mm-hm, I follow.",
        "Good, I have that. And then?",
        "Understood. Please go on.",
        "I have noted that. Go on.",
    ];
    let pick = mixed(seed, &format!("{at}/{turn}")) % FOLLOWS.len() as u64;
    let text = FOLLOWS[usize::try_from(pick).unwrap_or(0)];
    Line::interviewer(
        elapsed_ms,
        LineAct::Listen,
        text,
        "You are speaking; an interviewer waits.",
    )
    .on(at)
}

/// A clarifying question and its answer.
pub(crate) fn clarified(text: &str, answer: &str, known: bool, at: usize, elapsed_ms: u64) -> [Line; 2] {
    let (act, why) = if known {
        (
            LineAct::Clarify,
            "You asked for a requirement that was held back.",
        )
    } else {
        (
            LineAct::Decline,
            "The requirements say nothing about it, so the assumption is yours.",
        )
    };
    let asked = Line {
        elapsed_ms,
        who: Who::Candidate,
        act: LineAct::Ask,
        question: Some(at),
        text: text.to_owned(),
        why: "",
        start: None,
    };
    [asked, Line::interviewer(elapsed_ms, act, answer, why).on(at)]
}

/// A requirement changes.
pub(crate) fn change(say: &str, at: usize, elapsed_ms: u64) -> Line {
    let why = "Requirements change: I want to see what of your design stays.";
    Line::interviewer(elapsed_ms, LineAct::Change, say, why).on(at)
}

/// The answer is taken.
pub(crate) fn taken(any: bool, main: bool, at: usize, elapsed_ms: u64) -> Line {
    let (text, why) = match (any, main) {
        (true, true) => (
            "Thank you. Before we go on, let me come back to a point or two.",
            "I ask first about what you touched and did not make certain, then about what was left out.",
        ),
        (true, false) => (
            "Thank you, I have your answer to the change.",
            "It is graded like the question.",
        ),
        (false, _) => (
            "You left this one open. That is all right; it counts as not answered.",
            "Nothing was said, so there is nothing to grade.",
        ),
    };
    Line::interviewer(elapsed_ms, LineAct::Take, text, why).on(at)
}

/// A long silence.
pub(crate) fn waiting(at: usize, elapsed_ms: u64) -> Line {
    let text = "Take your time. If you like, say what you are weighing: half a thought helps me too.";
    Line::interviewer(elapsed_ms, LineAct::Wait, text, "It has been quiet for a while.").on(at)
}

/// Half of the time, and the last minutes: five of a long stage, one of a short one.
pub(crate) fn warning(before: &[Line], limit_ms: u64, now_ms: u64) -> Option<Line> {
    let left = if limit_ms >= 15 * 60_000 {
        5 * 60_000
    } else {
        60_000
    };
    let told = |from: u64| {
        before
            .iter()
            .any(|line| line.act == LineAct::Time && line.elapsed_ms >= from)
    };
    let last = limit_ms.saturating_sub(left);
    if now_ms >= last && last > limit_ms / 2 {
        let text = if left == 60_000 {
            "We have one minute left. What must I still hear?"
        } else {
            "We have five minutes left. What must I still hear?"
        };
        return (!told(last)).then(|| Line::interviewer(now_ms, LineAct::Time, text, "The end is near."));
    }
    (now_ms >= limit_ms / 2 && !told(limit_ms / 2)).then(|| {
        Line::interviewer(
            now_ms,
            LineAct::Time,
            "Half of our time is gone.",
            "So that you can pace yourself.",
        )
    })
}

/// The time is over.
pub(crate) fn time_over(elapsed_ms: u64) -> Line {
    let text = "Our time for this stage is over. I take what you have said so far.";
    Line::interviewer(elapsed_ms, LineAct::Time, text, "The stage has used its minutes.")
}

/// The clock stops.
pub(crate) fn paused(elapsed_ms: u64) -> Line {
    let text = "We stop the clock here. Nothing is lost; go on when you are ready.";
    Line::interviewer(elapsed_ms, LineAct::Clock, text, "You paused.")
}

/// The clock goes on.
pub(crate) fn resumed(elapsed_ms: u64, left_ms: u64) -> Line {
    let text = match left_ms / 60_000 {
        0 => "We go on, with less than a minute left.".to_owned(),
        1 => "We go on, with one minute left.".to_owned(),
        n => format!("We go on, with {n} minutes left."),
    };
    Line::interviewer(elapsed_ms, LineAct::Clock, text, "You resumed.")
}

/// The stage closes.
pub(crate) fn closing(stage: &Stage, elapsed_ms: u64, last: bool) -> Line {
    let text = if last {
        format!(
            "That was the last stage, {}. Thank you for your time.",
            lower(&stage.title)
        )
    } else {
        format!(
            "That was {}. Thank you. Take a break if you like: the next stage begins when you say so.",
            lower(&stage.title)
        )
    };
    Line::interviewer(elapsed_ms, LineAct::Close, text, "You went on.")
}

/// The candidate ended the loop in the middle.
pub(crate) fn ended(elapsed_ms: u64) -> Line {
    let text = "We end here. What you did up to now stands; what was not reached is not counted.";
    Line::interviewer(elapsed_ms, LineAct::Close, text, "You ended the loop.")
}

/// A stage's name inside a sentence.
fn lower(title: &str) -> String {
    let mut chars = title.chars();
    let first = chars.next().map(char::to_lowercase);
    let rest = chars.as_str();
    format!("the {}{rest}", first.into_iter().flatten().collect::<String>())
}
