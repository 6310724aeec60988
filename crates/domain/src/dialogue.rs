//! What an interviewer holds back: the requirements that only a question brings out, and the one that
//! changes mid-way.

use crate::Fact;

/// A hidden requirement, with the question that brings it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clarification {
    /// Slug, unique within the item.
    pub id: String,
    /// The question as a candidate would ask it.
    pub ask: String,
    /// The same question in other words.
    pub also: Vec<String>,
    /// Patterns that a question about this must match, one of them at least, in the grammar of the facts.
    pub topic: Vec<String>,
    /// What the interviewer answers.
    pub answer: String,
    /// A good candidate asks it before designing.
    pub needed: bool,
}

/// The requirement that changes mid-way; it is graded like a question of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What the interviewer says.
    pub say: String,
    /// What a good answer to it must now include.
    pub facts: Vec<Fact>,
    /// A full answer to it.
    pub sample: String,
    /// Submissions that show that its facts tell knowledge from fluency.
    pub proofs: Vec<ChangeProof>,
}

/// A submission to a change with what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeProof {
    /// The words after the kind in its heading.
    pub label: String,
    /// It meets the change; otherwise it must earn next to nothing.
    pub good: bool,
    /// The submission.
    pub text: String,
}
