//! The nouns of Spar and their rules: items, specs, submissions, scorecards, attempts, replies.
//!
//! Everything else depends on this crate and it depends on nobody. It has no clock, no I/O, no
//! randomness and no iteration over hash maps. What is kept on disk as a document is frozen by golden
//! tests: [`Submission`], [`Scorecard`] and [`Reply`]. [`reading`] is a module of its own, since its words
//! (a verdict, a finding) mean other things elsewhere.

mod attempt;
mod item;
mod nudge;
mod overrides;
mod question;
pub mod reading;
mod scorecard;
mod spec;
mod submission;

pub use attempt::{Attempt, AttemptId, AttemptState, IdError};
pub use item::{
    Competency, Guidance, Item, ItemId, ItemIdError, Kind, Level, LevelNotes, Misconception, Round,
};
pub use nudge::{Because, Nudge, NudgeKind};
pub use overrides::{
    ByHand, Finding, MAX_OVERRIDES, MAX_REASON_CHARS, Overridden, Override, OverrideError, Ruling,
};
pub use question::{Answered, Question, QuestionKind, Reply, ReplyBody, Verdict};
pub use reading::{KeptReading, MAX_READINGS, READING_FORMAT, Reading};
pub use scorecard::{
    Band, Criterion, Evidence, Fix, GRADING_NOISE, Group, GroupId, Interval, InvariantError,
    SCORECARD_FORMAT, Scorecard, Status, round2,
};
pub use spec::{
    AnswerSpec, Check, ClosedSet, Fact, Figure, Grades, Lexicon, Reference, ReferenceKind, Statements,
    WrongOption,
};
pub use submission::{MAX_ANSWER_BYTES, Submission, SubmissionError};
