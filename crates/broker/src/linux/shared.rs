//! The page that a slot shares with the init of its run.

use std::io::{Error, Result};
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};

/// What an init says. All zero before a run.
#[derive(Debug)]
pub(super) struct Page {
    /// A [`Step`] that is done or, with an error, failed.
    pub step: AtomicU32,
    /// The error of the kernel that ended the step.
    pub error: AtomicI32,
    /// The wait status of the main process.
    pub status: AtomicI32,
    /// When the main process began, in nanoseconds.
    pub began: AtomicU64,
    /// When it was seen to have ended.
    pub ended: AtomicU64,
    /// Without groups: CPU time so far in nanoseconds.
    pub cpu: AtomicU64,
    /// Without groups: bytes of memory now.
    pub memory: AtomicU64,
}

/// How far the start of a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Step {
    Nothing,
    Guard,
    Proc,
    Files,
    Clone,
    Session,
    Streams,
    Folder,
    Limits,
    User,
    Capabilities,
    Privileges,
    PathRules,
    Descriptors,
    Filter,
    Execute,
    /// The main process has ended and its status is here.
    Ended,
}

const STEPS: [Step; 17] = [
    Step::Nothing,
    Step::Guard,
    Step::Proc,
    Step::Files,
    Step::Clone,
    Step::Session,
    Step::Streams,
    Step::Folder,
    Step::Limits,
    Step::User,
    Step::Capabilities,
    Step::Privileges,
    Step::PathRules,
    Step::Descriptors,
    Step::Filter,
    Step::Execute,
    Step::Ended,
];

impl Page {
    /// A page that children share, which lives as long as the process.
    ///
    /// # Errors
    /// There is no memory.
    pub(super) fn new() -> Result<&'static Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping of our own, zeroed by the kernel, for which zero is valid.
        unsafe {
            let page = libc::mmap(std::ptr::null_mut(), size_of::<Self>(), protection, flags, -1, 0);
            if page == libc::MAP_FAILED {
                Err(Error::last_os_error())
            } else {
                Ok(&*page.cast::<Self>())
            }
        }
    }

    /// Forgets the run before.
    pub(super) fn clear(&self) {
        self.step.store(0, Ordering::SeqCst);
        self.error.store(0, Ordering::SeqCst);
        self.status.store(0, Ordering::SeqCst);
        for figure in [&self.began, &self.ended, &self.cpu, &self.memory] {
            figure.store(0, Ordering::SeqCst);
        }
    }

    /// Notes that a step has begun.
    pub(super) fn begin(&self, step: Step) {
        self.step.store(step as u32, Ordering::SeqCst);
    }

    /// Notes that the step that has begun failed.
    pub(super) fn fail(&self, error: i32) {
        self.error.store(error.max(1), Ordering::SeqCst);
    }

    /// The step that has begun last.
    pub(super) fn step(&self) -> Step {
        STEPS
            .get(self.step.load(Ordering::SeqCst) as usize)
            .copied()
            .unwrap_or(Step::Nothing)
    }

    /// The error of that step; none while it goes on or is done.
    pub(super) fn error(&self) -> Option<Error> {
        let error = self.error.load(Ordering::SeqCst);
        (error != 0).then(|| Error::from_raw_os_error(error))
    }
}
