//! What was said in a loop, and the mistakes in it.

use practice::Moment;
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{LineAct, Mistake, Who};
use crate::markdown;

/// One thing that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineBody {
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// By whom.
    pub who: Who,
    /// What it does.
    pub act: LineAct,
    /// The question that it belongs to, from 0.
    #[schema(required)]
    pub question: Option<usize>,
    /// The words; Markdown for `question`, `change` and `clarify`.
    pub text: String,
    /// The same as HTML where they are Markdown, with nothing active in it; null elsewhere.
    #[schema(required)]
    pub html: Option<String>,
    /// Why the interviewer says it; empty for the candidate.
    pub why: String,
    /// For a turn of the candidate: its first byte in the text of the question or its change.
    #[schema(required)]
    pub start: Option<usize>,
}

/// A common mistake with its moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct MomentBody {
    /// Which.
    pub mistake: Mistake,
    /// The question in its stage, from 0.
    pub question: usize,
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// For how long, for a silence.
    #[schema(required)]
    pub for_ms: Option<u64>,
    /// Where in the text of the question; null for a silence.
    #[schema(required)]
    pub span: Option<SpanBody>,
    /// Why it is one.
    pub why: String,
}

/// A slice of what was handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpanBody {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slice.
    pub text: String,
}

impl From<&practice::Line> for LineBody {
    fn from(line: &practice::Line) -> Self {
        Self {
            elapsed_ms: line.elapsed_ms,
            who: line.who.into(),
            act: line.act.into(),
            question: line.question,
            text: line.text.clone(),
            html: matches!(
                line.act,
                practice::LineAct::Question | practice::LineAct::Change | practice::LineAct::Clarify
            )
            .then(|| markdown::to_html(&line.text)),
            why: line.why.to_owned(),
            start: line.start,
        }
    }
}

impl From<&Moment> for MomentBody {
    fn from(moment: &Moment) -> Self {
        Self {
            mistake: moment.mistake.into(),
            question: moment.question,
            elapsed_ms: moment.elapsed_ms,
            for_ms: moment.for_ms,
            span: moment.span.as_ref().map(|(start, end, text)| SpanBody {
                start: *start,
                end: *end,
                text: text.clone(),
            }),
            why: moment.why.clone(),
        }
    }
}
