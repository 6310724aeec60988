//! What came of a run: one word, and the reason for the candidate.
//!
//! A limit outranks what a checker would say of the part that came: the output of a program that was stopped
//! is cut, not wrong. CPU time decides who is slow; the clock on the wall only who waits.

use std::time::Duration;

use cases::Mismatch;
use domain::RunVerdict;

use super::session::{Ended, Fault, NEXT_TO_NONE};
use crate::sandbox::{Exit, Stop};

/// What a run may use beyond what its language needs to start, and what that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// CPU time of the program's own.
    pub(super) cpu: Duration,
    /// Memory of the program's own, in bytes.
    pub(super) memory: u64,
    /// CPU time of the empty program.
    pub(super) start_cpu: Duration,
    /// Memory of the empty program, in bytes.
    pub(super) start_memory: u64,
}

impl Bounds {
    /// The same with so many times the CPU time.
    pub(super) fn patient(&self, times: u32) -> Self {
        Self {
            cpu: self.cpu * times,
            ..*self
        }
    }
}

/// What is said of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub(super) verdict: RunVerdict,
    /// What went wrong without a byte of the case or of the output; empty when nothing did.
    pub(super) kind: String,
    /// What came instead of an answer, for a candidate who may see the case; else empty.
    pub(super) detail: String,
    /// What is wrong, of a wrong answer.
    pub(super) mismatch: Option<Box<Mismatch>>,
    /// It rests on a clock and is close enough to chance to be looked at again.
    pub(super) again: bool,
}

/// How far beyond its CPU time a program is let run, in percent: within it, noise of the machine is ruled out
/// by another run alone.
pub(super) const MARGIN: u32 = 130;

/// Judges a run. The checker is asked only when nothing outranks it.
pub(super) fn judge(
    ended: &Ended,
    bounds: &Bounds,
    stdio: bool,
    check: impl FnOnce() -> Result<(), Box<Mismatch>>,
) -> Judged {
    let stopped = |verdict, kind: String| Judged {
        verdict,
        kind,
        detail: String::new(),
        mismatch: None,
        again: false,
    };
    if let Some(Fault::Output(why)) = &ended.fault {
        return stopped(RunVerdict::TooMuchOutput, format!("it wrote {why}"));
    }
    if ended.stop == Some(Stop::Memory) || own_memory(ended, bounds) > bounds.memory {
        let mib = bounds.memory >> 20;
        return stopped(
            RunVerdict::TooMuchMemory,
            format!("it needed more than {mib} MiB of memory"),
        );
    }
    if ended.stop == Some(Stop::Cpu) || own_cpu(ended, bounds) > bounds.cpu {
        let ms = bounds.cpu.as_millis();
        return Judged {
            again: ended.stop.is_none(),
            ..stopped(
                RunVerdict::TooSlow,
                format!("it needed more than {ms} ms of CPU time"),
            )
        };
    }
    if ended.stop == Some(Stop::Wall) && ended.cpu * NEXT_TO_NONE >= ended.waited {
        // It computed whenever it was let: a busy machine, or a program that is slow.
        let kind = "it had not come to an end when several times its CPU time had passed";
        return Judged {
            again: true,
            ..stopped(RunVerdict::TooSlow, kind.to_owned())
        };
    }
    if ended.fault == Some(Fault::Idle) || ended.stop == Some(Stop::Wall) {
        let kind = "it neither answered nor computed: it waited for something that did not come";
        return Judged {
            // Who waited through all of the time by the clock did not do so by chance, but on a starved machine.
            again: ended.stop.is_none() || ended.starved,
            ..stopped(RunVerdict::Idle, kind.to_owned())
        };
    }
    if let Some((kind, detail)) = crashed(ended, stdio) {
        return Judged {
            detail,
            ..stopped(RunVerdict::Crashes, kind)
        };
    }
    if let Some(Fault::Protocol(why)) = &ended.fault {
        let kind = why.split(": `").next().unwrap_or_default();
        return Judged {
            detail: why.clone(),
            ..stopped(RunVerdict::ProtocolError, format!("it wrote {kind}"))
        };
    }
    match check() {
        Ok(()) => stopped(RunVerdict::Accepted, String::new()),
        Err(mismatch) => Judged {
            mismatch: Some(mismatch),
            ..stopped(RunVerdict::WrongAnswer, "a wrong answer".to_owned())
        },
    }
}

/// CPU time that is the program's own.
pub(super) fn own_cpu(ended: &Ended, bounds: &Bounds) -> Duration {
    ended.cpu.saturating_sub(bounds.start_cpu * ended.lives)
}

/// Memory that is the program's own, in bytes.
pub(super) fn own_memory(ended: &Ended, bounds: &Bounds) -> u64 {
    ended.memory_peak.saturating_sub(bounds.start_memory)
}

/// How it ended before it had answered: what happened, and what it had to say.
fn crashed(ended: &Ended, stdio: bool) -> Option<(String, String)> {
    if let Some(Fault::NotMade(text)) = &ended.fault {
        return Some(("its constructor raised an error".to_owned(), text.clone()));
    }
    let before = if stdio { "" } else { " before it had answered" };
    let kind = match ended.exit? {
        Exit::Code(0) if stdio => return None,
        Exit::Code(code) => format!("it ended with exit code {code}{before}"),
        Exit::Signal(signal) => format!("it ended with {}{before}", signal_name(signal)),
    };
    Some((kind, last_words(&ended.log.text())))
}

/// The end of a log: what most crashes explain themselves with.
fn last_words(log: &str) -> String {
    let lines = log.trim_end().lines().collect::<Vec<_>>();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// A signal as people know it.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}

/// How bad a verdict is, for the worst of several.
pub(super) fn rank(verdict: RunVerdict) -> u8 {
    match verdict {
        RunVerdict::Accepted => 0,
        RunVerdict::WrongAnswer => 1,
        RunVerdict::ProtocolError => 2,
        RunVerdict::Crashes => 3,
        RunVerdict::Idle => 4,
        RunVerdict::TooSlow => 5,
        RunVerdict::TooMuchMemory => 6,
        RunVerdict::TooMuchOutput => 7,
        RunVerdict::CompileError => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::pipes::Log;

    const BOUNDS: Bounds = Bounds {
        cpu: Duration::from_millis(1000),
        memory: 64 << 20,
        start_cpu: Duration::from_millis(20),
        start_memory: 8 << 20,
    };

    fn ended() -> Ended {
        Ended {
            transcript: cases::Transcript::Calls { steps: Vec::new() },
            fault: None,
            exit: None,
            stop: None,
            cpu: Duration::from_millis(100),
            waited: Duration::ZERO,
            memory_peak: 10 << 20,
            lives: 1,
            log: Log::default(),
            starved: false,
        }
    }

    fn of(ended: &Ended) -> RunVerdict {
        judge(ended, &BOUNDS, false, || Ok(())).verdict
    }

    #[test]
    fn each_worse_thing_hides_the_one_below_it() {
        let mut run = ended();
        assert_eq!(of(&run), RunVerdict::Accepted);
        run.fault = Some(Fault::Protocol("a line that is no JSON: `x`".to_owned()));
        assert_eq!(of(&run), RunVerdict::ProtocolError);
        run.exit = Some(Exit::Code(0));
        assert_eq!(of(&run), RunVerdict::Crashes);
        run.stop = Some(Stop::Wall);
        run.waited = Duration::from_secs(8);
        assert_eq!(of(&run), RunVerdict::Idle);
        run.waited = Duration::from_secs(1);
        assert_eq!(of(&run), RunVerdict::TooSlow);
        run.cpu = Duration::from_millis(1021);
        assert_eq!(of(&run), RunVerdict::TooSlow);
        run.memory_peak = 73 << 20;
        assert_eq!(of(&run), RunVerdict::TooMuchMemory);
        run.fault = Some(Fault::Output(String::new()));
        assert_eq!(of(&run), RunVerdict::TooMuchOutput);
    }

    #[test]
    fn what_a_language_needs_to_start_is_not_the_programs() {
        let mut run = ended();
        run.cpu = Duration::from_millis(1020);
        run.memory_peak = 72 << 20;
        assert_eq!(of(&run), RunVerdict::Accepted);
        run.lives = 2;
        run.cpu = Duration::from_millis(1040);
        assert_eq!(of(&run), RunVerdict::Accepted);
    }

    #[test]
    fn the_kind_of_a_protocol_error_shows_nothing_of_it() {
        let mut run = ended();
        run.fault = Some(Fault::Protocol("a line that is no JSON: `secret`".to_owned()));
        let judged = judge(&run, &BOUNDS, false, || Ok(()));
        assert_eq!(judged.kind, "it wrote a line that is no JSON");
    }
}
