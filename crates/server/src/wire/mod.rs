//! The shapes that cross HTTP: built from the domain, never stored. Change them only by addition.

mod attempt;
mod coach;
mod draft;
mod health;
mod history;
mod interview_loop;
mod item;
mod loop_scorecard;
mod overrides;
mod question;
mod reading;
mod scorecard;
mod transfer;
mod words;

pub use attempt::{
    AttemptBody, AttemptEntry, AttemptList, ChangeBody, MovedBody, NewAttempt, NewSubmission, SubmissionBody,
};
pub use coach::{
    CoachingBody, GroundsBody, HeardBody, NewCoaching, NewTimePoint, NudgeBody, NudgeSpan, SpeechBody,
};
pub use draft::{DraftBody, NewDraft};
pub use health::{CapabilityBody, HealthBody};
pub use history::{HistoryBody, HistoryCriterion, HistoryItem, HistoryPoint};
pub use interview_loop::{
    AskBody, LineBody, LoopBody, LoopChangeBody, LoopEntry, LoopEventBody, LoopList, LoopPresetBody,
    LoopPresetList, LoopQuestionBody, LoopStageBody, MomentBody, NewLoopBody, NewLoopEventBody, PendingBody,
    PresetStageBody, PresetWeightBody, SpanBody,
};
pub use item::{
    ChangedBody, ClarificationBody, FactBody, GuidanceBody, ItemBody, ItemEntry, ItemList, LevelNotesBody,
    MisconceptionBody, VariantBody,
};
pub use loop_scorecard::{
    BarBody, CompetencyResultBody, DeliveryBody, LoopEvidenceBody, LoopScorecardBody, NeedBody,
    QuestionResultBody, StageResultBody, StepBody,
};
pub use overrides::{FindingBody, GroupScoreBody, NewOverride, OverrideBody, WithOverridesBody};
pub use question::{AnsweredBody, NewReply, QuestionBody, ReplyBody};
pub use reading::{
    DroppedVerdict, QuoteBody, ReadVerdict, ReaderBody, ReadingBody, ReadingFailure, ReadingResult,
    ReadingStateBody,
};
pub use scorecard::{CriterionBody, EvidenceBody, FixBody, GroupBody, ScorecardBody};
pub use transfer::{Count, ExportDocument, ImportBody};
pub use words::{
    Band, Competency, DropReason, GroupId, Kind, Level, LineAct, LoopAct, LoopPart, LoopPhase, Mistake,
    NudgeKind, QuestionKind, QuestionState, ReadFinding, Recommendation, Round, Ruling, StageKind,
    StageState, State, Status, Verdict, Who, Within,
};

/// Largest integer that JSON readers agree on (2^53 - 1): bounds every number a client may send.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// An instant as RFC 3339 in UTC with microseconds.
pub(crate) fn instant(us: i64) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(us).unwrap_or(jiff::Timestamp::MAX);
    format!("{timestamp:.6}")
}
