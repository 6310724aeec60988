//! The sandbox: programs run by the broker, seen from the judge.
//!
//! A [`Sandbox`] starts the broker and shares out its slots. Who holds a [`Slot`] runs programs in it one after
//! the other; a [`Process`] is a program that runs. What a program does is an [`Outcome`]; an [`Error`] is a
//! fault of the platform, and no program can cause one.
//!
//! All calls block. Where there is no Linux, [`Sandbox::start`] says what is needed.

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use broker::{ALL_CONTROLS, Backend, Control, Exit, Limits, Outcome, Refused, Stop, Usage};

#[cfg(target_os = "linux")]
mod broker_process;
#[cfg(target_os = "linux")]
mod pool;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod trial;

#[cfg(target_os = "linux")]
pub use pool::{Sandbox, Slot};
#[cfg(target_os = "linux")]
pub use process::Process;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{Process, Sandbox, Slot};

/// What the sandbox needs to start. It reads no environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// The binary that serves `broker` as its first argument.
    pub program: PathBuf,
    /// How many programs may run at once.
    pub slots: usize,
    /// Folders and files of the host that programs see, read-only and at the same path; see [`system_binds`].
    pub binds: Vec<PathBuf>,
    /// The backend to use; without one the best that works.
    pub backend: Option<Backend>,
    /// A measure to leave out: for tests that see what it is good for.
    pub dropped: Option<Control>,
}

/// A run of a program.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The program by its path inside the sandbox, and its arguments. No path is searched.
    pub argv: &'a [String],
    /// Its whole environment.
    pub env: &'a [(String, String)],
    /// A folder of the host seen read-only as `/app`.
    pub app: Option<&'a Path>,
    /// Files written into `/w`, the current folder, before the start: relative path and content.
    pub files: &'a [(String, Vec<u8>)],
    /// Whether `/data` keeps what the last run of this lease left there. Otherwise it is empty.
    pub keep: bool,
    /// What to take out of `/w` when all of the program's processes are dead: 16 files at most.
    pub take: &'a [TakeOut],
    /// What it may use.
    pub limits: Limits,
}

/// An artifact to take out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOut {
    /// Its path below `/w`. Only a regular file without holes, reached through no link, is taken.
    pub from: String,
    /// Where it goes on the host; what is there is replaced. It may be executed.
    pub to: PathBuf,
    /// The most bytes that it may have.
    pub max_bytes: u64,
}

/// A fault of the platform.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no sandbox on this system.
    #[error(
        "programs can be run in a sandbox on Linux only; use Linux, or a virtual machine or WSL 2 with Linux"
    )]
    Elsewhere,
    /// The broker could not be started.
    #[error("the broker `{}` could not be started", program.display())]
    Start {
        /// Its program.
        program: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The broker cannot hold programs here.
    #[error("programs cannot be held here: {0}")]
    Broker(String),
    /// A slot could not be built, or failed during a run.
    #[error("a slot of the sandbox failed: {0}")]
    Slot(String),
    /// The connection to broker or slot is gone: it was killed.
    #[error("the sandbox ended during {0}")]
    Lost(&'static str),
    /// All slots were taken for too long.
    #[error("no slot of the sandbox was free for {} s", .0.as_secs())]
    Busy(Duration),
    /// A descriptor could not be made or used.
    #[error("the sandbox could not {0}")]
    Io(&'static str, #[source] std::io::Error),
    /// A hostile program of the self-test did harm.
    #[error("the sandbox does not hold the program `{program}`: {why}")]
    NotContained {
        /// Which.
        program: &'static str,
        /// What it did.
        why: String,
    },
}

/// The folders that hardly any program does without: system libraries and what is installed beside them.
pub fn system_binds() -> Vec<PathBuf> {
    let all = ["/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32"]
        .into_iter()
        .map(PathBuf::from);
    all.filter(|path| path.symlink_metadata().is_ok()).collect()
}
