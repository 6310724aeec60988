//! What a second reader said of an answer, and what came of it, beside the offline grade.

use practice::{AttemptView, Read, ReadBy, ReadingState};
use serde::Serialize;
use utoipa::ToSchema;

use super::instant;
use super::scorecard::ScorecardBody;
use super::words::{DropReason, ReadFinding, Ruling, Status};

/// The second reading of an attempt. The offline grade is `scorecard` of the attempt, whatever stands here.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingBody {
    /// Where it stands.
    pub state: ReadingStateBody,
    /// Why the last try gave nothing; null unless `failed`.
    #[schema(required)]
    pub failure: Option<ReadingFailure>,
    /// Who would read it now; null when no second reader is configured.
    #[schema(required)]
    pub reader: Option<ReaderBody>,
    /// What was said, and what came of it; null until something was.
    #[schema(required)]
    pub result: Option<ReadingResult>,
}

/// Where a second reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingStateBody {
    /// No second reader is configured, and none has read this.
    Off,
    /// Not read yet, and nobody does: ask for it.
    Unread,
    /// Under way.
    Reading,
    /// There is one.
    Read,
    /// The last try gave nothing; the offline grade stands.
    Failed,
}

/// Why there is no reading.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingFailure {
    /// What happened.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
}

/// A second reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReaderBody {
    /// The model.
    pub model: String,
    /// Where answers are sent, as scheme, host and port.
    pub sent_to: String,
}

/// A reading and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingResult {
    /// The model that read.
    pub model: String,
    /// Where the answer was sent.
    pub sent_to: String,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub asked_at: String,
    /// Each verdict with what came of it, in the order of the rubric.
    pub verdicts: Vec<ReadVerdict>,
    /// What the reader said and could not prove.
    pub dropped: Vec<DroppedVerdict>,
    /// The offline scorecard with what the verdicts moved.
    pub scorecard: ScorecardBody,
}

/// What a reader said of one fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadVerdict {
    /// The fact.
    pub fact: String,
    /// What was found.
    pub finding: ReadFinding,
    /// The words it rests on; null when it quotes nothing.
    #[schema(required)]
    pub quote: Option<QuoteBody>,
    /// The model's own sentence: text of a stranger, to be shown as text. Empty when it gave none.
    pub why: String,
    /// Status offline, with the replies applied.
    pub from: Status,
    /// Status merged.
    pub to: Status,
    /// By which rule.
    pub ruling: Ruling,
}

/// A slice of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteBody {
    /// First byte, in UTF-8.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slice.
    pub text: String,
}

/// A verdict that was dropped.
#[derive(Debug, Serialize, ToSchema)]
pub struct DroppedVerdict {
    /// The fact it named; empty when it named none.
    pub fact: String,
    /// Why.
    pub reason: DropReason,
}

impl From<&AttemptView> for ReadingBody {
    fn from(view: &AttemptView) -> Self {
        let second = &view.second;
        let text = view.attempt.submission.text();
        let (state, failure) = match &second.state {
            ReadingState::Off => (ReadingStateBody::Off, None),
            ReadingState::Unread => (ReadingStateBody::Unread, None),
            ReadingState::Reading => (ReadingStateBody::Reading, None),
            ReadingState::Read => (ReadingStateBody::Read, None),
            ReadingState::Failed { reason, cure } => {
                let (reason, cure) = (reason.clone(), cure.clone());
                (ReadingStateBody::Failed, Some(ReadingFailure { reason, cure }))
            }
        };
        let reader = |by: &ReadBy| ReaderBody {
            model: by.model.clone(),
            sent_to: by.sent_to.clone(),
        };
        Self {
            state,
            failure,
            reader: second.by.as_ref().map(reader),
            result: second.read.as_ref().map(|read| ReadingResult::of(read, text)),
        }
    }
}

impl ReadingResult {
    fn of(read: &Read, answer: &str) -> Self {
        let reading = &read.kept.reading;
        let verdict = |decision: &practice::Decision| {
            let said = reading.verdicts.iter().find(|v| v.fact == decision.fact)?;
            let quote = said.quote.clone().and_then(|quote| {
                Some(QuoteBody {
                    start: quote.start,
                    end: quote.end,
                    text: answer.get(quote)?.to_owned(),
                })
            });
            Some(ReadVerdict {
                fact: decision.fact.clone(),
                finding: decision.finding.into(),
                quote,
                why: said.why.clone(),
                from: decision.from.into(),
                to: decision.to.into(),
                ruling: decision.ruling.into(),
            })
        };
        let dropped = |dropped: &domain::reading::Dropped| DroppedVerdict {
            fact: dropped.fact.clone(),
            reason: dropped.reason.into(),
        };
        Self {
            model: reading.model.clone(),
            sent_to: read.kept.sent_to.clone(),
            asked_at: instant(read.kept.asked_at_us),
            verdicts: read.merged.decisions.iter().filter_map(verdict).collect(),
            dropped: reading.dropped.iter().map(dropped).collect(),
            scorecard: ScorecardBody::from(&read.merged.scorecard),
        }
    }
}
