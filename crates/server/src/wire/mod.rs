//! The shapes that cross HTTP: built from the domain, never stored. Change them only by addition.

mod attempt;
mod card;
mod coach;
mod draft;
mod health;
mod history;
mod interview_loop;
mod item;
mod job;
mod loop_line;
mod loop_preset;
mod loop_scorecard;
mod overrides;
mod plan;
mod planned;
mod program;
mod question;
mod reading;
mod run;
mod scorecard;
mod set;
mod speech;
mod story;
mod transfer;
mod words;

pub use attempt::{
    AttemptBody, AttemptEntry, AttemptList, ChangeBody, MovedBody, NewAttempt, NewSubmission, SubmissionBody,
};
pub(crate) use card::seen;
pub use card::{
    CardBody, CardList, DueCard, JudgementBody, LastGraded, MadeByBody, NewCard, NewCardReview, PreviewBody,
    ReviewBody, ReviewSettingsBody, ReviewedBody, ScheduleBody, TomorrowBody, UndoReview,
};
pub use coach::{
    CoachingBody, GroundsBody, HeardBody, NewCoaching, NewTimePoint, NudgeBody, NudgeSpan, PaceSoFar,
};
pub use draft::{DraftBody, NewDraft};
pub use health::{CapabilityBody, HealthBody};
pub use history::{HistoryBody, HistoryCriterion, HistoryItem, HistoryPoint};
pub use interview_loop::{
    AskBody, LoopBody, LoopChangeBody, LoopEntry, LoopEventBody, LoopList, LoopQuestionBody, LoopStageBody,
    NewLoopBody, NewLoopEventBody, PendingBody,
};
pub use item::{
    ChangedBody, ClarificationBody, FactBody, GuidanceBody, ItemBody, ItemEntry, ItemList, LevelNotesBody,
    MisconceptionBody, VariantBody,
};
pub use job::{JobBody, JobFields, JobList, PutJob, RoleBody, RoleList};
pub use loop_line::{LineBody, MomentBody, SpanBody};
pub use loop_preset::{LoopPresetBody, LoopPresetList, PresetStageBody, PresetWeightBody};
pub use loop_scorecard::{
    BarBody, CompetencyResultBody, DeliveryBody, LoopEvidenceBody, LoopScorecardBody, NeedBody,
    QuestionResultBody, StageResultBody, StepBody,
};
pub use overrides::{FindingBody, GroupScoreBody, NewOverride, OverrideBody, WithOverridesBody};
pub use plan::{
    NewPlan, NoteBody, PaceBody, PhaseBody, PlanBody, PlanState, PresetBody, QuotasBody, ShareBody,
};
pub use planned::{
    ActivityBody, AreaBody, CheckBody, CompetencyBody, DayBody, DroppedBody, GainBody, MissedBody, NewCheck,
    NewTick, PauseBody, PlanDaysBody, PlanTodayBody, PlannedPhase, PointBody, ProgressBody,
};
pub use program::{
    CaseGroupBody, ClassBody, FileBody, GradingBody, GroupProgressBody, JudgeBody, JudgeStateBody,
    LanguageBody, OperationBody, ProgramBody, ProgramLimits, RecordBody, ReferenceBody,
};
pub use question::{AnsweredBody, NewReply, QuestionBody, ReplyBody};
pub use reading::{
    DroppedVerdict, QuoteBody, ReadVerdict, ReaderBody, ReadingBody, ReadingFailure, ReadingResult,
    ReadingStateBody,
};
pub use run::{NewRun, ProgramDraftBody, PutProgramDraft, RunBody, RunCaseBody, RunOn};
pub use scorecard::{CriterionBody, EvidenceBody, FixBody, GroupBody, ScorecardBody};
pub use set::{
    ClaimBody, GapBody, MarkBody, NewSetBody, NewSetInputs, ReasonBody, RemarkBody, SetBody, SetDoneBody,
    SetEntryBody, SetList, SetSummary,
};
pub use speech::{
    HeardByBody, OfferBody, RecordingBody, SegmentBody, SilenceBody, SpeechBody, SpeechFailure,
    SpeechStateBody, TranscriptionBody,
};
pub use story::{
    CoverageBody, CoverageCell, CoverageRowBody, MappedStoryBody, NewRehearsal, PartShare, PutStory,
    RehearsalBody, StoryBody, StoryCheckBody, StoryFields, StoryFindingBody, StoryList, ToldSentenceBody,
    WordsBody,
};
pub use transfer::{Count, ExportDocument, ImportBody, WIPE_WORD, Wipe};
pub use words::{
    ActivityKind, Area, Band, Because, Competency, DropReason, GroupId, Kind, Language, Level, LineAct,
    LoopAct, LoopPart, LoopPhase, Mistake, Mode, NudgeKind, Preset, QuestionKind, QuestionState, Rating,
    ReadFinding, Recommendation, RemarkKind, Round, Ruling, RunVerdict, Source, StageKind, StageState, State,
    Status, StoryPart, Task, Verdict, Who, Within,
};

/// Largest integer that JSON readers agree on (2^53 - 1): bounds every number a client may send.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// An instant as RFC 3339 in UTC with microseconds.
pub(crate) fn instant(us: i64) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(us).unwrap_or(jiff::Timestamp::MAX);
    format!("{timestamp:.6}")
}
