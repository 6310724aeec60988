//! Running cases of one program: limits, another try where the platform failed, another look where a clock did.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use cases::{Case, Problem, Script};
use domain::RunVerdict;

use super::session::{self, Broken, Ended, LATE, Setup};
use super::verdict::{self, Bounds, Judged, MARGIN};
use super::wire::Wire;
use crate::Error;
use crate::sandbox::{Limits, Sandbox};

/// Threads and processes, those of the language with them: of these Node has the most, eleven.
const PROCESSES: u32 = 80;

/// Largest file, and all files together.
const FILES: u64 = 64 << 20;

/// How many files.
const INODES: u64 = 4096;

/// How many times as long as its CPU time a run may take by the clock: the time of a program that computes is up
/// before, with a handful of neighbours on its core, and a grading still ends within half a minute.
const WALL: u32 = 6;

/// How many times as long yet, when the machine was too busy for the first look.
const PATIENCE: u32 = 4;

/// Memory that a program may take beyond its limit before it is stopped: so is seen by how much it failed.
const MEMORY_MARGIN: u64 = 8 << 20;

/// How often a finding of the clock is looked at again, with nothing else of this judge beside it.
const AGAIN: usize = 2;

/// A compiled program, ready to be run.
pub(super) struct Runner<'a> {
    pub(super) sandbox: &'a Sandbox,
    /// Held for reading by every run, for writing by one that must be alone.
    pub(super) gate: &'a RwLock<()>,
    pub(super) problem: &'static Problem,
    pub(super) wire: Option<Wire<'a>>,
    pub(super) argv: &'a [String],
    pub(super) env: &'a [(String, String)],
    pub(super) app: &'a Path,
    pub(super) bounds: Bounds,
    /// CPU time and waiting so far, of all runs.
    pub(super) spent: Mutex<Duration>,
    /// It was seen to wait, and seen again: another such case needs no other look.
    pub(super) known_idle: AtomicBool,
}

/// How a case is run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Cores that the program may use.
    pub(super) cores: f64,
    /// Calls that may be under way.
    pub(super) ahead: usize,
    /// How many times the CPU time of a case it may take: more than one where time is not what is asked.
    pub(super) patience: u32,
}

impl Manner {
    /// One call after the other.
    pub(super) const PLAIN: Self = Self {
        cores: 2.0,
        ahead: 1,
        patience: 1,
    };
}

/// A case that was run.
pub(super) struct CaseRun {
    pub(super) judged: Judged,
    pub(super) ended: Ended,
}

impl Runner<'_> {
    /// CPU time and waiting of all runs so far.
    pub(super) fn spent(&self) -> Duration {
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs and judges a case.
    pub(super) fn case(&self, case: &Case, manner: Manner) -> Result<CaseRun, Error> {
        let run = self.judged(case, manner, None)?;
        let known = run.judged.verdict == RunVerdict::Idle && self.known_idle.load(Ordering::Relaxed);
        if !run.judged.again || known {
            return Ok(run);
        }
        let patience = if run.ended.starved { PATIENCE } else { 1 };
        for _ in 0..AGAIN {
            let again = self.judged(case, manner, Some(patience))?;
            if !again.judged.again {
                // What the machine took is not held against the program.
                let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
                *spent = spent.saturating_sub(run.ended.cpu + run.ended.waited);
                drop(spent);
                return Ok(again);
            }
        }
        if run.judged.verdict == RunVerdict::Idle {
            self.known_idle.store(true, Ordering::Relaxed);
        }
        Ok(run)
    }

    /// The same without another look; alone and with so much patience, where that is given.
    pub(super) fn judged(&self, case: &Case, manner: Manner, alone: Option<u32>) -> Result<CaseRun, Error> {
        let ended = self.once(&case.script, manner, alone)?;
        let stdio = self.wire.is_none();
        let check = || (self.problem.check)(case, &ended.transcript);
        let judged = verdict::judge(&ended, &self.bounds.patient(manner.patience), stdio, check);
        Ok(CaseRun { judged, ended })
    }

    /// Runs a script once; a second time on another slot where the platform failed.
    pub(super) fn once(&self, script: &Script, manner: Manner, alone: Option<u32>) -> Result<Ended, Error> {
        let ended = match self.try_once(script, manner, alone) {
            Ok(ended) => ended,
            Err(e) => {
                tracing::warn!(error = %e, "a run failed and is made once more");
                let failed = |e: Broken| Error::Judge(e.to_string());
                self.try_once(script, manner, alone).map_err(failed)?
            }
        };
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner) += ended.cpu + ended.waited;
        Ok(ended)
    }

    fn try_once(&self, script: &Script, manner: Manner, alone: Option<u32>) -> Result<Ended, Broken> {
        // A poisoned gate guards nothing that could be broken.
        let _shared = alone
            .is_none()
            .then(|| self.gate.read().unwrap_or_else(|e| e.into_inner()));
        let _alone = alone.map(|_| self.gate.write().unwrap_or_else(|e| e.into_inner()));
        let setup = Setup {
            argv: self.argv,
            env: self.env,
            app: self.app,
            limits: self.limits(manner, alone.unwrap_or(1)),
            wire: self.wire,
            ahead: manner.ahead,
        };
        session::run(&mut self.sandbox.lease()?, &setup, script)
    }

    fn limits(&self, manner: Manner, waits: u32) -> Limits {
        let cpu = self.bounds.start_cpu + self.bounds.cpu * manner.patience * MARGIN / 100;
        Limits {
            cpu,
            wall: (cpu * WALL + LATE) * waits,
            memory: self.bounds.start_memory + self.bounds.memory + MEMORY_MARGIN,
            processes: PROCESSES,
            file: FILES,
            disk: FILES,
            inodes: INODES,
            cores: manner.cores,
        }
    }
}
