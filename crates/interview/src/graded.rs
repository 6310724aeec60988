//! What the attempts of a loop came to, as the hiring scorecard needs it.

use domain::{AttemptId, Competency, GroupId, ItemId, Level, Status};

use crate::words::QuestionPhase;

/// A question of a loop with what was graded of it.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedQuestion {
    /// The stage, from 0.
    pub stage: usize,
    /// The question in its stage, from 0.
    pub number: usize,
    /// The item.
    pub item: ItemId,
    /// Short name.
    pub title: String,
    /// What it assesses.
    pub competency: Competency,
    /// Where it stands.
    pub phase: QuestionPhase,
    /// What was graded of the answer.
    pub answer: Graded,
    /// What was graded of the change; `None` when none was told.
    pub change: Option<Graded>,
}

/// What was graded of something said.
#[derive(Debug, Clone, PartialEq)]
pub enum Graded {
    /// Nothing was said.
    Silent,
    /// It was graded.
    Scored(GradedAttempt),
    /// It could not be graded, or what was graded is gone, through no fault in the answer.
    NotAssessed {
        /// Why, as a sentence.
        why: String,
    },
}

/// A graded attempt, with replies, reading and overrides applied.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedAttempt {
    /// The attempt.
    pub attempt: AttemptId,
    /// The facts of its rubric.
    pub facts: Vec<GradedFact>,
    /// The scores of its delivery groups; `None` where not assessed.
    pub delivery: Vec<(GroupId, Option<f64>)>,
}

/// A fact of a rubric with what was found of it.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedFact {
    /// Its id within the item.
    pub id: String,
    /// Its statement.
    pub title: String,
    /// Points earned.
    pub points: f64,
    /// Points possible.
    pub out_of: f64,
    /// The finding.
    pub status: Status,
    /// A full answer cannot leave it out.
    pub must: bool,
    /// From which level on it is expected.
    pub level: Level,
    /// A human said so.
    pub by_hand: bool,
    /// What to say instead or in addition.
    pub tip: String,
    /// Where it was seen, in the words that were handed in.
    pub spans: Vec<Span>,
}

/// A slice of what was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slice.
    pub text: String,
}
