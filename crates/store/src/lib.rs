//! Persistence: one concrete [`Store`] over a SQLite file in the data folder.
//!
//! It keeps the documents of `domain` as JSON and knows nothing of rounds or HTTP. Every verb that
//! writes is one transaction that takes the write lock at its start, so two processes (`spar try`
//! beside `spar serve`) can share the folder; a verb that returned `Ok` has been synced to disk.
//! SQL is portable (`$1`, `RETURNING`, `ON CONFLICT`): PostgreSQL comes later. Times are arguments.
//!
//! Hazard: a store is a handle on a pool. Call [`Store::close`] before the process ends, or the
//! write-ahead log stays beside the file (harmless, but larger than it need be).

mod attempts;
mod documents;
mod drafts;
mod error;
mod keys;
mod migrate;
mod open;
mod overrides;
mod program_drafts;
mod readings;
mod rows;
mod standings;
mod transfer;
mod waiting;

pub use attempts::{Added, Cursor, Entry, NewAttempt, NewReply, Seen, Source};
pub use documents::{KeptDocument, KeptEntry, Written};
pub use drafts::Draft;
pub use error::{Error, Fault};
pub use keys::{Key, Known};
pub use open::{FILE_NAME, Store};
pub use overrides::NewOverride;
pub use program_drafts::ProgramDraft;
pub use readings::NewReading;
pub use standings::{CriterionStatus, Point, Standing, Summary};
pub use transfer::{Imported, Record, Revision, Transfer};
pub use waiting::{Claimed, Graded, Lease, Wait};
