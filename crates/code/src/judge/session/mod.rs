//! One run of a program: spoken to, listened to, and held to its bounds.
//!
//! What the program does never is an error here: it ends in [`Ended`], with as much of the transcript as there
//! was. Whether the program waits or computes is seen from the CPU time that it uses while it is silent.

mod calls;
mod stdio;

use std::path::Path;
use std::time::{Duration, Instant};

use cases::{Script, Transcript};

use super::pipes::{Log, Pipes};
use super::starved::Span;
use super::wire::Wire;
use crate::sandbox::{self, Exit, Limits, Outcome, Process, Run, Slot, Stop};

/// A program that is silent for so long and uses next to no CPU waits for something that will not come. Two
/// seconds are far beyond any pause of a collector or a scheduler.
pub(super) const LATE: Duration = Duration::from_secs(2);

/// How many times as long a silence must last while the machine starves everybody.
const PATIENCE: u32 = 5;

/// Below this part of the time that passed, CPU use is next to none: a runnable program gets more even with
/// twenty neighbours on its core.
pub(super) const NEXT_TO_NONE: u32 = 20;

/// A silence shorter than this is not looked into.
const SILENCE: Duration = Duration::from_millis(200);

/// Longest wait for a pipe before the rest is looked after.
const TURN: Duration = Duration::from_millis(20);

/// Any program may write so much; beyond it, [`OUTPUT_PER_BYTE`].
const OUTPUT_FLOOR: u64 = 1024 * 1024;

/// What a program may write for each byte that it was sent.
const OUTPUT_PER_BYTE: u64 = 16;

/// What a program may log. Of it, little is kept: this only stops what never ends.
const LOG_MAX: u64 = 16 * 1024 * 1024;

/// How a program is run.
pub(super) struct Setup<'a> {
    /// What is executed.
    pub(super) argv: &'a [String],
    /// Its environment.
    pub(super) env: &'a [(String, String)],
    /// The compiled program.
    pub(super) app: &'a Path,
    /// What the sandbox holds it to.
    pub(super) limits: Limits,
    /// How calls travel, in mode calls.
    pub(super) wire: Option<Wire<'a>>,
    /// How many plain calls may be under way. One but for measuring time, where the answers of the program
    /// and not the journeys of the lines are wanted.
    pub(super) ahead: usize,
}

/// What came of a run.
pub(super) struct Ended {
    pub(super) transcript: Transcript,
    /// What the judge saw go wrong; limits of the sandbox stand in `stop`.
    pub(super) fault: Option<Fault>,
    /// How the program ended, where it did so by itself.
    pub(super) exit: Option<Exit>,
    /// The limit at which it was stopped.
    pub(super) stop: Option<Stop>,
    pub(super) cpu: Duration,
    /// Time that was waited for a silent program.
    pub(super) waited: Duration,
    pub(super) memory_peak: u64,
    /// How often it was started.
    pub(super) lives: u32,
    pub(super) log: Log,
    /// The machine was so busy meanwhile that clocks say little of the program.
    pub(super) starved: bool,
}

/// What went wrong with a program that is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It wrote what is no answer.
    Protocol(String),
    /// It wrote more than allowed.
    Output(String),
    /// It neither answered nor computed.
    Idle,
    /// Its constructor raised an error.
    NotMade(String),
}

/// The platform failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] sandbox::Error),
    /// The pipes of a program.
    #[error("speaking to a program: {0}")]
    Pipes(#[from] std::io::Error),
    /// A case that cannot be run on this problem.
    #[error("{0}")]
    Case(&'static str),
}

/// Runs a program through a script.
pub(super) fn run(slot: &mut Slot<'_>, setup: &Setup<'_>, script: &Script) -> Result<Ended, Broken> {
    let span = Span::begin();
    let mut ended = match (script, setup.wire) {
        (Script::Stdio { input }, None) => stdio::run(slot, setup, input),
        (Script::Calls { init, steps }, Some(wire)) => calls::run(slot, setup, wire, init, steps),
        _ => Err(Broken::Case("a case of another mode than its problem")),
    }?;
    ended.starved = span.is_starved();
    Ok(ended)
}

/// A started program with its pipes.
struct Life<'s> {
    process: Process<'s>,
    pipes: Pipes,
    /// Since when nothing has happened, and the CPU time and the machine then.
    silent_since: Instant,
    then: Option<(Duration, Span)>,
    waited: Duration,
    outcome: Option<Outcome>,
}

impl<'s> Life<'s> {
    fn start(slot: &'s mut Slot<'_>, setup: &Setup<'_>, keep: bool) -> Result<Self, Broken> {
        let mut process = slot.spawn(&Run {
            argv: setup.argv,
            env: setup.env,
            app: Some(setup.app),
            files: &[],
            keep,
            take: &[],
            limits: setup.limits,
        })?;
        let (stdout, stderr) = (process.stdout.try_clone()?, process.stderr.try_clone()?);
        let pipes = Pipes::new(process.stdin.take(), stdout, stderr)?;
        Ok(Self {
            process,
            pipes,
            silent_since: Instant::now(),
            then: None,
            waited: Duration::ZERO,
            outcome: None,
        })
    }

    /// Whether its main process has ended; waits for that no longer than `patience`.
    fn has_ended(&mut self, patience: Duration) -> Result<bool, Broken> {
        if self.outcome.is_none() {
            self.outcome = self.process.wait_for(patience)?;
        }
        Ok(self.outcome.is_some())
    }

    /// Something came of the program.
    fn moved(&mut self) {
        self.silent_since = Instant::now();
        self.then = None;
    }

    /// Whether it has neither done anything nor computed for [`LATE`].
    fn is_idle(&mut self) -> Result<bool, Broken> {
        let silent = self.silent_since.elapsed();
        if silent < SILENCE {
            return Ok(false);
        }
        let Some((then, span)) = self.then else {
            self.then = Some((self.process.usage().cpu, Span::begin()));
            return Ok(false);
        };
        if silent < LATE || silent < LATE * PATIENCE && span.is_starved() {
            return Ok(false);
        }
        let used = self.process.usage().cpu.saturating_sub(then);
        self.waited += silent.saturating_sub(used);
        // It computed: another look after the same time.
        self.moved();
        Ok(used < silent / NEXT_TO_NONE)
    }

    /// Waits for the end of a program that is about to end, or was killed.
    fn end(self, kill: bool) -> Result<(Outcome, Pipes, Duration), Broken> {
        let Self {
            process,
            mut pipes,
            waited,
            outcome,
            ..
        } = self;
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => {
                if kill {
                    process.kill();
                }
                process.wait()?
            }
        };
        // What it had written before its end; its pipes have no other writer now.
        while !pipes.has_ended() && flooded(&pipes).is_none() && pipes.turn(Duration::ZERO)? {}
        Ok((outcome, pipes, waited))
    }
}

/// Whether a program has written or logged too much.
fn flooded(pipes: &Pipes) -> Option<Fault> {
    let max = OUTPUT_FLOOR + OUTPUT_PER_BYTE * pipes.taken;
    if pipes.output_total > max {
        return Some(Fault::Output(
            "more output than its input can call for".to_owned(),
        ));
    }
    (pipes.log.total > LOG_MAX)
        .then(|| Fault::Output(format!("more than {} MiB of logs", LOG_MAX / 1024 / 1024)))
}

/// Time that was waited for a program that did not compute: all of it where the clock on the wall stopped it.
fn waited_for(outcome: &Outcome, waited: Duration) -> Duration {
    if outcome.stop == Some(Stop::Wall) {
        waited.max(outcome.wall.saturating_sub(outcome.cpu))
    } else {
        waited
    }
}
