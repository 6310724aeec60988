//! The mock loop: its presets, what it asks, what the interviewer says, and the hiring scorecard at its end.
//!
//! Pure. A loop is a script ([`domain::InterviewLoop`]) with a log of events; [`State`] folds both, so a
//! crash loses nothing and a resume is a read. Words are graded elsewhere: this crate weighs what the
//! attempts of a loop came to.

mod assess;
mod board;
mod choose;
mod graded;
mod moment;
mod preset;
mod reasons;
mod refusal;
mod scorecard;
mod stage;
mod state;
mod step;
mod voice;
mod weight;
mod words;

pub use assess::assess;
pub use choose::{Chosen, Wanted, choose, mixed, variant};
pub use graded::{Graded, GradedAttempt, GradedFact, GradedQuestion, Span};
pub use moment::{Moment, SILENCE_MS, WORD_MS, silences};
pub use preset::{PRESETS, Preset, Slot, StagePlan, preset, purpose, stands_in};
pub use refusal::Refusal;
pub use scorecard::{
    ASSESSED_SHARE, BARS, CHANGE_SHARE, CONTRADICTION_COST, CompetencyResult, DECISIVE_FLOOR, LoopEvidence,
    LoopScorecard, MAX_CONTRADICTION_COST, MUST_SHARE, NO_BAR, QuestionResult, RULE, STRONG_DECISIVE_FLOOR,
    STRONG_MUST_SHARE, STRONG_YES_BAR, StageResult, YES_BAR,
};
pub use stage::{Activity, Asked, GRACE_MS, HandedIn, QuestionState, Spoken, StageState, Turn, limit_ms};
pub use state::State;
pub use step::{Need, Step};
pub use voice::{Line, WAIT_MS, YOURS_TO_DECIDE};
pub use weight::{StageWeight, stage_weight};
pub use words::{Act, LineAct, Mistake, Phase, QuestionPhase, Recommendation, StagePhase, Who, Within};
