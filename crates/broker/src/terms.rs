//! The words that server and slot share.

use std::time::Duration;

/// What holds a run's resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Control groups of version 2 with the memory and pids controllers.
    V2,
    /// Version 2 for killing and counting, version 1 for memory, processes and cores.
    Hybrid,
    /// No control groups: resource limits of single processes, and the end of the process namespace.
    Degraded,
}

/// A measure of containment. The tests leave out one at a time and see that something gets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The filter of system calls.
    Seccomp,
    /// The rules on paths.
    Landlock,
    /// The limit on processes.
    Processes,
    /// The limit on memory.
    Memory,
    /// The limit on CPU time.
    Cpu,
    /// The limit on time by the clock.
    Wall,
    /// The share of cores.
    Cores,
    /// The network namespace of the slot.
    Network,
    /// The slot's own user.
    User,
    /// The process namespace of the run.
    ProcessSpace,
    /// Only processes are shown in `/proc`, and only the program's own.
    Proc,
    /// Mounts are read-only.
    ReadOnly,
    /// The file system is one of our own instead of the host's.
    Root,
    /// Folders are emptied between runs.
    Fresh,
    /// The bounds on bytes and files of the folders.
    Disk,
    /// The limit on the size of a file.
    FileSize,
    /// The limit on open files.
    OpenFiles,
    /// Nothing that the slot holds open reaches the program.
    Descriptors,
    /// A session of its own.
    Session,
    /// What is left when the program has ended is killed.
    Sweep,
    /// Artifacts are regular files below the folder, reached without links.
    TakeOut,
}

/// Every control, in the order of the enum.
pub const ALL_CONTROLS: [Control; 21] = [
    Control::Seccomp,
    Control::Landlock,
    Control::Processes,
    Control::Memory,
    Control::Cpu,
    Control::Wall,
    Control::Cores,
    Control::Network,
    Control::User,
    Control::ProcessSpace,
    Control::Proc,
    Control::ReadOnly,
    Control::Root,
    Control::Fresh,
    Control::Disk,
    Control::FileSize,
    Control::OpenFiles,
    Control::Descriptors,
    Control::Session,
    Control::Sweep,
    Control::TakeOut,
];

/// What a run may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// CPU time of all its processes and threads.
    pub cpu: Duration,
    /// Time by the clock until its main process has ended.
    pub wall: Duration,
    /// Bytes of memory, files in `/w`, `/tmp`, `/data` and `/dev/shm` included.
    pub memory: u64,
    /// Processes and threads at once.
    pub processes: u32,
    /// Bytes of the largest file that it may write.
    pub file: u64,
    /// Bytes that each of the folders holds.
    pub disk: u64,
    /// Files that each of the folders holds.
    pub inodes: u64,
    /// Cores that it may keep busy.
    pub cores: f64,
}

/// How the main process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this code. 126: the program could not be executed; 127: there is none of that name.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// Why a run was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It used its CPU time.
    Cpu,
    /// It used its time by the clock.
    Wall,
    /// It wanted more memory than it may have.
    Memory,
    /// The caller wanted it stopped.
    Killed,
}

/// What a run uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// CPU time so far.
    pub cpu: Duration,
    /// Bytes of memory now.
    pub memory: u64,
}

/// Why an artifact was not taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such file.
    Missing,
    /// A link on the way, or a way out of the folder.
    Link,
    /// Not a regular file.
    Kind,
    /// Larger than allowed, or with holes.
    Size,
    /// It could not be read or written.
    Io,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How the main process ended.
    pub exit: Exit,
    /// CPU time of all processes and threads.
    pub cpu: Duration,
    /// Time by the clock until the main process had ended.
    pub wall: Duration,
    /// Most bytes of memory at once.
    pub memory_peak: u64,
    /// Why it was stopped, if it was.
    pub stop: Option<Stop>,
    /// For each artifact, its bytes or why it stayed.
    pub taken: Vec<Result<u64, Refused>>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no such file",
            Self::Link => "a link, or a path out of the folder",
            Self::Kind => "not a regular file",
            Self::Size => "too large, or with holes",
            Self::Io => "could not be copied",
        })
    }
}
