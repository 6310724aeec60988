//! The shapes that cross HTTP: built from the domain, never stored. Change them only by addition.

mod attempt;
mod draft;
mod health;
mod history;
mod item;
mod overrides;
mod question;
mod reading;
mod scorecard;
mod speech;
mod transfer;
mod words;

pub use attempt::{
    AttemptBody, AttemptEntry, AttemptList, ChangeBody, MovedBody, NewAttempt, NewSubmission, SubmissionBody,
};
pub use draft::{DraftBody, NewDraft};
pub use health::{CapabilityBody, HealthBody};
pub use history::{HistoryBody, HistoryCriterion, HistoryItem, HistoryPoint};
pub use item::{
    ChangedBody, ClarificationBody, FactBody, GuidanceBody, ItemBody, ItemEntry, ItemList, LevelNotesBody,
    MisconceptionBody, VariantBody,
};
pub use overrides::{FindingBody, GroupScoreBody, NewOverride, OverrideBody, WithOverridesBody};
pub use question::{AnsweredBody, NewReply, QuestionBody, ReplyBody};
pub use reading::{
    DroppedVerdict, QuoteBody, ReadVerdict, ReaderBody, ReadingBody, ReadingFailure, ReadingResult,
    ReadingStateBody,
};
pub use scorecard::{CriterionBody, EvidenceBody, FixBody, GroupBody, ScorecardBody};
pub use speech::{
    HeardByBody, OfferBody, PauseBody, RecordingBody, SegmentBody, SpeechBody, SpeechFailure,
    SpeechStateBody, TranscriptionBody,
};
pub use transfer::{Count, ExportDocument, ImportBody};
pub use words::{
    Band, Competency, DropReason, GroupId, Kind, Level, QuestionKind, ReadFinding, Round, Ruling, State,
    Status, Verdict,
};

/// Largest integer that JSON readers agree on (2^53 - 1): bounds every number a client may send.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// An instant as RFC 3339 in UTC with microseconds.
pub(crate) fn instant(us: i64) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(us).unwrap_or(jiff::Timestamp::MAX);
    format!("{timestamp:.6}")
}
