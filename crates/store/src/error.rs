//! What can go wrong with the file, told as the operation that failed, its subject and the cure.

use std::path::PathBuf;

/// A storage operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder could not be made.
    #[error("cannot create the data folder `{}`: choose a writable one with `--data DIR`", path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file could not be opened or is not ours.
    #[error("cannot open the store `{}`: {}", path.display(), fault.cure())]
    Open {
        /// The file.
        path: PathBuf,
        /// What sort of failure it is.
        fault: Fault,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A newer program has written the file.
    #[error(
        "the store `{}` has schema {found}, this program knows schemas up to {known}: use the newer `spar`",
        path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Schema of the file.
        found: i64,
        /// Newest schema known here.
        known: i64,
    },
    /// A migration failed; the file is as it was before.
    #[error("cannot migrate the store to schema {version}: {}", fault.cure())]
    Migrate {
        /// The migration.
        version: i64,
        /// What sort of failure it is.
        fault: Fault,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A read failed.
    #[error("cannot read {subject}: {}", fault.cure())]
    Read {
        /// What was read.
        subject: String,
        /// What sort of failure it is.
        fault: Fault,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A write failed; nothing of it was kept.
    #[error("cannot write {subject}: {}", fault.cure())]
    Write {
        /// What was written.
        subject: String,
        /// What sort of failure it is.
        fault: Fault,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A row that this program did not write so, or that the disk has changed.
    #[error(
        "the stored {row} is damaged ({why}): restore the data folder from a backup, or delete that attempt or draft"
    )]
    Damaged {
        /// Table and key of the row.
        row: String,
        /// What does not hold.
        why: String,
    },
    /// A scorecard that breaks its own rules was about to be written.
    #[error("the scorecard of {row} breaks its own rules: please report this")]
    Invariant {
        /// Table and key of the row.
        row: String,
        /// The rule.
        source: domain::InvariantError,
    },
}

/// What sort of failure the engine reported; decides the cure and what a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another process holds the write lock, or the pool has no connection free.
    Busy,
    /// No room on the disk.
    Full,
    /// The folder or file cannot be written.
    ReadOnly,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The folder or file cannot be opened.
    CannotOpen,
    /// Anything else.
    Other,
}

impl Fault {
    /// Reads the primary result code of SQLite: the low byte of the extended one.
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let code = match error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()),
            _ => None,
        };
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Busy,      // SQLITE_BUSY, SQLITE_LOCKED
            Some(8) => Self::ReadOnly,      // SQLITE_READONLY
            Some(11 | 26) => Self::Corrupt, // SQLITE_CORRUPT, SQLITE_NOTADB
            Some(13) => Self::Full,         // SQLITE_FULL
            Some(14) => Self::CannotOpen,   // SQLITE_CANTOPEN
            _ => Self::Other,
        }
    }

    /// What the reader can do about it.
    pub fn cure(self) -> &'static str {
        match self {
            Self::Busy => "another process is writing to it, try again",
            Self::Full => "the disk is full, make room and try again",
            Self::ReadOnly => "it is read-only, make it writable or choose another folder with `--data DIR`",
            Self::Corrupt => {
                "the file is damaged or not a Spar store, restore a backup or move it away and start afresh"
            }
            Self::CannotOpen => "check the folder's permissions or choose another with `--data DIR`",
            Self::Other => "see the cause below",
        }
    }
}

impl Error {
    pub(crate) fn read(subject: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let subject = subject.into();
        move |source| Self::Read {
            subject,
            fault: Fault::of(&source),
            source,
        }
    }

    pub(crate) fn write(subject: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let subject = subject.into();
        move |source| Self::Write {
            subject,
            fault: Fault::of(&source),
            source,
        }
    }

    /// What sort of failure it is; [`Fault::Other`] where the engine is not to blame.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Open { fault, .. }
            | Self::Migrate { fault, .. }
            | Self::Read { fault, .. }
            | Self::Write { fault, .. } => *fault,
            Self::Damaged { .. } => Fault::Corrupt,
            Self::CreateFolder { .. } | Self::NewerSchema { .. } | Self::Invariant { .. } => Fault::Other,
        }
    }
}
