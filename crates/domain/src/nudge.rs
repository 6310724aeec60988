//! Nudges: what the coach says while an answer is still being written. Never kept.

use std::ops::Range;

use serde::{Deserialize, Serialize};

crate::item::vocabulary! {
    /// What a nudge is about.
    NudgeKind {
        /// A question to ask, or an assumption to state, before going on.
        Clarify = "clarify",
        /// A point that is not made yet, or is said the wrong way round.
        Fact = "fact",
        /// The price of a choice.
        TradeOff = "trade_off",
        /// A number that carries the argument.
        Figure = "figure",
        /// A sum or a figure that does not come out.
        Arithmetic = "arithmetic",
        /// The order in which it is told.
        Frame = "frame",
        /// What came of it.
        Result = "result",
        /// It runs long.
        Length = "length",
        /// Words a minute.
        Pace = "pace",
        /// Words that fill.
        Fillers = "fillers",
        /// A pause.
        Silence = "silence",
    }
}

/// One thing that the coach says, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nudge {
    /// The same for the same thing as the text grows, so that it can be dismissed: slugs joined by `/`.
    pub id: String,
    /// What it is about.
    pub kind: NudgeKind,
    /// What to do or to answer, in an interviewer's words; never the answer itself.
    pub text: String,
    /// What it rests on.
    pub because: Grounds,
}

/// What a nudge rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// The reason, as a sentence.
    pub reason: String,
    /// The fact of the rubric that it is aimed at.
    pub fact: Option<String>,
    /// Bytes of the sentence that gave rise to it, where one did.
    pub span: Option<Range<usize>>,
}
