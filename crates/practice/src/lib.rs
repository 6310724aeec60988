//! The application: a bank of items, graders prepared as they are needed, and what the candidate did.
//!
//! `server` and `cli` are shells around [`Practice`]. It brings the pure crates (`bank`, `answer`) and
//! the store together and owns what crosses them: bounded grading, idempotency, the interviewer's
//! questions, export and import. The clock and seeds are arguments; grading runs on blocking threads.

mod attempt;
mod capability;
mod change;
mod check;
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
mod pack;
mod reading;
mod regrade;
mod reply;
mod shelf;
mod slots;
mod speech;
mod state;
mod statistics;
mod submit;
mod verify;

pub use attempt::{AttemptPage, AttemptView, Listed};
pub use capability::Capability;
pub use change::{Change, Moved};
pub use check::check;
pub use disagreement::{Contested, Disagreement, GroupDisagreement, Tally};
pub use error::Error;
pub use eval::{
    Against, Attack, Attacks, Axis, BankAxis, BankReport, Bluff, Compared, Evaluation, LabelBias, Questioned,
    Questioning, Report, StatementKind, StatementPairs, StatementReport, StatementShares, Worst,
};
pub use export::Export;
pub use history::ItemHistory;
pub use items::{ItemEntry, ItemFilter, ItemPage, Part};
pub use pack::{Finding, Loaded, load};
pub use reader::{
    ApiKey, Circuit, Decision, Endpoint, EndpointError, Health as ReaderHealth, Merged, Reader, Ruling,
};
pub use reading::{Read, ReadBy, ReadingState, SecondReading};
pub use regrade::Regraded;
pub use shelf::{Held, Logged};
pub use slots::Load;
pub use speech::{MAX_RECORDING_S, Speech, SpeechState};
pub use state::{Limits, Practice, attempt_id, random};
pub use statistics::Agreement;
pub use store::{
    CriterionStatus, Cursor, Draft, Entry, Error as StoreError, Fault, Imported, Key, Point, Standing, Store,
    Summary,
};
pub use submit::{MAX_ELAPSED_MS, NewSubmission, Outcome};
pub use transcriber::{
    By as HeardBy, Endpoint as SpeechEndpoint, FetchError, Local as LocalSpeech, OFFER as SPEECH_OFFER,
    Offer as SpeechOffer, Pause, Recording, Remote as RemoteSpeech, Segment, TranscribeError, Transcriber,
    Transcription, WavError,
};
pub use verify::{VerifyLine, verify};
