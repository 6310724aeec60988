//! The application: a bank of items, graders prepared as they are needed, and what the candidate did.
//!
//! `server` and `cli` are shells around [`Practice`]. It brings the pure crates (`bank`, `answer`) and
//! the store together and owns what crosses them: bounded grading, idempotency, the interviewer's
//! questions, export and import. The clock and seeds are arguments; grading runs on blocking threads.

mod attempt;
mod capability;
mod cards;
mod change;
mod check;
mod coach;
mod cores;
mod derived;
mod disagreement;
mod error;
mod eval;
mod export;
mod graders;
mod history;
mod import;
mod items;
mod likeness;
mod loops;
mod pack;
mod plan;
mod printed;
mod programs;
mod reading;
mod regrade;
mod reply;
mod sets;
mod shelf;
mod slots;
mod speech;
mod state;
mod statistics;
mod stories;
mod submit;
mod verify;

pub use answer::{Coaching, Delivery, Heard, Judgement, Rehearsed, StoryFinding, TimePoint, ToldSentence};
pub use attempt::{AttemptPage, AttemptView, Listed};
pub use bank::Bank;
pub use capability::Capability;
pub use cards::{CardView, Graded, MadeBy, NewReview, ReviewDay, Reviewed, Tomorrow};
pub use change::{Change, Moved};
pub use check::check;
pub use coach::{MAX_DISMISSED, MAX_TIME_POINTS, SoFar};
pub use code::judge::starter;
pub use code::{
    Config as JudgeConfig, Installed, Judge, LanguageStatus, Progress as JudgeStep, Ran, RanCase,
    Status as JudgeStatus,
};
pub use disagreement::{Contested, Disagreement, GroupDisagreement, Tally};
pub use error::Error;
pub use eval::{
    Against, Attack, Attacks, Axis, BankAxis, BankReport, Bluff, Compared, Evaluation, LabelBias, Questioned,
    Questioning, Report, StatementKind, StatementPairs, StatementReport, StatementShares, Worst,
};
pub use export::Export;
pub use history::ItemHistory;
pub use interview::{
    Act, BARS as LOOP_BARS, CompetencyResult, GRACE_MS, Line, LineAct, LoopEvidence, LoopScorecard, Mistake,
    Moment, Need, Phase, Preset, QuestionPhase, QuestionResult, QuestionState, RULE as LOOP_RULE,
    Recommendation, Refusal, Span, Spoken, StagePhase, StageResult, StageState, State as LoopState, Step,
    Who, Within, limit_ms, purpose, stage_weight, stands_in,
};
pub use items::{ItemEntry, ItemFilter, ItemPage, Part};
pub use loops::{Happened, LoopView, NewLoop, NewLoopEvent, Pending};
pub use pack::{Finding, Loaded, load};
pub use paper::Sheet;
pub use plan::Planned;
pub use prepare::plan::{
    Activity, AreaBalance, Check, CompetencyProgress, Day as PlannedDay, Dropped, Missed, Outlook, Pause,
    PhaseBalance, PointProgress,
};
pub use prepare::review::{Counts, Pace, Preview, Schedule};
pub use prepare::set::Role;
pub use prepare::story::{BEST_FOR_MOST, Cell, RECENT_MOST};
pub use printed::{Format, Printed};
pub use programs::{
    Grading, GroupProgress, JudgeState, NewProgramDraft, NewRun, Progress, ProofLine, RunOn, verify_programs,
    verify_tests,
};
pub use reader::{
    ApiKey, Circuit, Decision, Endpoint, EndpointError, Health as ReaderHealth, Merged, Reader, Ruling,
};
pub use reading::{Read, ReadBy, ReadingState, SecondReading};
pub use regrade::Regraded;
pub use sets::{Done, KeptSet, NewSet, SetQuestion, SetView};
pub use shelf::{Held, Logged};
pub use slots::Load;
pub use speech::{MAX_RECORDING_S, Speech, SpeechState};
pub use state::{Limits, Practice, attempt_id, random};
pub use statistics::Agreement;
pub use store::{
    CriterionStatus, Cursor, Draft, Entry, Error as StoreError, Fault, Imported, Key, Point, ProgramDraft,
    Standing, Store, Summary,
};
pub use stories::{CoverageMap, CoverageRow, MAX_MAPPED, MappedStory, without_names};
pub use submit::{MAX_ELAPSED_MS, NewSubmission, Outcome};
pub use transcriber::{
    By as HeardBy, Endpoint as SpeechEndpoint, FetchError, Local as LocalSpeech, OFFER as SPEECH_OFFER,
    Offer as SpeechOffer, Pause as SpokenPause, Recording, Remote as RemoteSpeech, Segment, TranscribeError,
    Transcriber, Transcription, WavError,
};
pub use verify::{VerifyLine, verify};
