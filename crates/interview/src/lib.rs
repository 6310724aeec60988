//! The mock loop: its presets, what it asks, what the interviewer says, and the hiring scorecard at its end.
//!
//! Pure. A loop is a script ([`domain::InterviewLoop`]) with a log of events; [`State`] folds both, so a
//! crash loses nothing and a resume is a read. Words are graded elsewhere: this crate weighs what the
//! attempts of a loop came to.

mod choose;
mod preset;
mod refusal;
mod stage;
mod state;
mod voice;
mod weight;
mod words;

pub use choose::{Chosen, Wanted, choose};
pub use preset::{PRESETS, Preset, Slot, StagePlan, preset, purpose, stands_in};
pub use refusal::Refusal;
pub use stage::{Activity, Asked, GRACE_MS, HandedIn, QuestionState, Spoken, StageState, Turn, limit_ms};
pub use state::State;
pub use voice::{Line, WAIT_MS, YOURS_TO_DECIDE};
pub use weight::{StageWeight, stage_weight};
pub use words::{Act, LineAct, Mistake, Phase, QuestionPhase, Recommendation, StagePhase, Who, Within};
