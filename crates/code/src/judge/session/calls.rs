//! Calls as JSON lines.
//!
//! The ids of calls are drawn so that none can be known before its call is read: an answer ahead of its
//! question has an unknown id. They are not part of what is graded.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use cases::{Answered, Call, Reply, Step, Transcript};

use super::{Broken, Ended, Fault, Life, Setup, TURN, flooded, waited_for};
use crate::judge::pipes::Log;
use crate::judge::wire::{self, Line, Wire};
use crate::sandbox::{Exit, Slot, Stop};

/// The folder that outlives a restart, as the program sees it.
const DATA: &str = "/data";

/// Longest line of a program: a thousand times that of an ordinary answer.
const LINE_MAX: usize = 1024 * 1024;

/// How long a program that has answered everything may take to end; then it is ended, which is not held
/// against it. A line too many would come within this time.
const FAREWELL: Duration = Duration::from_millis(500);

/// Runs a program through calls.
pub(super) fn run(
    slot: &mut Slot<'_>,
    setup: &Setup<'_>,
    wire: Wire<'_>,
    init: &[serde_json::Value],
    steps: &[Step],
) -> Result<Ended, Broken> {
    let mut talk = Talk {
        wire,
        steps,
        answers: steps.iter().map(blank).collect(),
        clock: Instant::now(),
        last_stamp: 0,
        ids: RandomState::new(),
        drawn: 0,
        awaited: BTreeMap::new(),
        forgiven: 0,
        ahead: setup.ahead.max(1),
    };
    let mut ended = Ended {
        transcript: Transcript::Calls { steps: Vec::new() },
        fault: None,
        exit: None,
        stop: None,
        cpu: Duration::ZERO,
        waited: Duration::ZERO,
        memory_peak: 0,
        lives: 0,
        log: Log::default(),
        starved: false,
    };
    let mut from = 0;
    loop {
        let restart = steps[from..]
            .iter()
            .position(|step| matches!(step, Step::Restart));
        let to = restart.map_or(steps.len(), |n| from + n);
        let alive = talk.live(slot, setup, init, from..to, restart.is_none(), &mut ended)?;
        if !alive || restart.is_none() {
            break;
        }
        from = to + 1;
    }
    ended.transcript = Transcript::Calls {
        steps: talk.transcript(),
    };
    Ok(ended)
}

/// Room for the answers of a step.
fn blank(step: &Step) -> Vec<Option<Answered>> {
    let n = match step {
        Step::Call(_) => 1,
        Step::Together(calls) => calls.len(),
        Step::Par(scripts) => scripts.iter().map(Vec::len).sum(),
        Step::Restart | Step::Garbage(_) => 0,
    };
    vec![None; n]
}

/// What an answer is awaited for.
enum Asked {
    Init,
    /// The call in that place of a step.
    Call {
        step: usize,
        at: usize,
        began: u64,
    },
    Par {
        step: usize,
        began: u64,
    },
}

/// Why a program is not spoken to any longer.
enum Over {
    /// It has closed its output.
    Silent,
    Fault(Fault),
    Broken(Broken),
}

impl<E: Into<Broken>> From<E> for Over {
    fn from(e: E) -> Self {
        Self::Broken(e.into())
    }
}

struct Talk<'a> {
    wire: Wire<'a>,
    steps: &'a [Step],
    answers: Vec<Vec<Option<Answered>>>,
    clock: Instant,
    last_stamp: u64,
    ids: RandomState,
    drawn: u64,
    awaited: BTreeMap<u64, Asked>,
    /// Lines of garbage that may still be answered with an error.
    forgiven: usize,
    ahead: usize,
}

impl Talk<'_> {
    /// One life of the program: from its start to its end or to `kill -9`. True when all was answered.
    fn live(
        &mut self,
        slot: &mut Slot<'_>,
        setup: &Setup<'_>,
        init: &[serde_json::Value],
        steps: std::ops::Range<usize>,
        last: bool,
        ended: &mut Ended,
    ) -> Result<bool, Broken> {
        let mut life = Life::start(slot, setup, ended.lives > 0)?;
        ended.lives += 1;
        let mut over = self.speak(&mut life, init, steps).err();
        if last && over.is_none() {
            over = self.part(&mut life).err();
        }
        let (fault, silent) = match over {
            Some(Over::Broken(e)) => return Err(e),
            Some(Over::Fault(fault)) => (Some(fault), false),
            Some(Over::Silent) => (self.outlast(&mut life)?, true),
            None => (None, false),
        };
        let kill = !silent || fault.is_some();
        let (outcome, pipes, waited) = life.end(kill)?;
        ended.cpu += outcome.cpu;
        ended.waited += waited_for(&outcome, waited);
        ended.memory_peak = ended.memory_peak.max(outcome.memory_peak);
        ended.log.append(&pipes.log);
        ended.stop = outcome.stop.filter(|stop| *stop != Stop::Killed);
        if silent && fault.is_none() && ended.stop.is_none() {
            ended.exit = Some(outcome.exit);
        }
        ended.fault = fault;
        Ok(!silent && ended.fault.is_none() && ended.stop.is_none())
    }

    /// Makes the object and goes through the steps.
    fn speak(
        &mut self,
        life: &mut Life<'_>,
        init: &[serde_json::Value],
        steps: std::ops::Range<usize>,
    ) -> Result<(), Over> {
        self.awaited.clear();
        self.forgiven = 0;
        let id = self.id();
        life.pipes.send(&self.wire.init(id, DATA, init));
        self.awaited.insert(id, Asked::Init);
        self.hear(life, 0)?;
        let all = self.steps;
        for (step, what) in all.iter().enumerate().take(steps.end).skip(steps.start) {
            match what {
                Step::Call(call) => {
                    self.hear(life, self.ahead - 1)?;
                    self.ask(life, step, 0, call, false);
                    if self.ahead == 1 {
                        self.hear(life, 0)?;
                    }
                }
                Step::Together(calls) => {
                    self.hear(life, 0)?;
                    for (at, call) in calls.iter().enumerate() {
                        self.ask(life, step, at, call, true);
                    }
                    self.hear(life, 0)?;
                }
                Step::Par(scripts) => {
                    // A script for one thread is nothing but many calls in a line.
                    self.hear(life, if scripts.len() > 1 { 0 } else { self.ahead - 1 })?;
                    let (id, began) = (self.id(), self.stamp());
                    life.pipes.send(&self.wire.par(id, scripts));
                    self.awaited.insert(id, Asked::Par { step, began });
                    if self.ahead == 1 || scripts.len() > 1 {
                        self.hear(life, 0)?;
                    }
                }
                Step::Garbage(text) => {
                    self.hear(life, 0)?;
                    self.forgiven += text.split('\n').count();
                    life.pipes.send(format!("{text}\n").as_bytes());
                }
                Step::Restart => {}
            }
        }
        self.hear(life, 0)
    }

    /// Ends the input of a program that has answered everything, and sees that nothing more comes.
    fn part(&mut self, life: &mut Life<'_>) -> Result<(), Over> {
        let garbage_last = matches!(self.steps.last(), Some(Step::Garbage(_)));
        life.pipes.finish();
        let until = Instant::now() + FAREWELL;
        while !life.pipes.has_ended() && Instant::now() < until {
            life.pipes.turn(TURN)?;
            self.take_lines(life)?;
        }
        if life.pipes.has_ended() && garbage_last {
            // A line that is no call must not have ended it with an error.
            life.has_ended(FAREWELL)?;
            let exit = life.outcome.as_ref().map(|outcome| outcome.exit);
            return match exit {
                None | Some(Exit::Code(0)) => Ok(()),
                Some(_) => Err(Over::Silent),
            };
        }
        if !life.pipes.output.is_empty() {
            let line = String::from_utf8_lossy(&life.pipes.output).into_owned();
            return Err(Over::Fault(Fault::Protocol(format!(
                "a line too many: `{}`",
                line.chars().take(100).collect::<String>()
            ))));
        }
        Ok(())
    }

    /// Waits for the end of a program that has closed its output, which it may have done without ending.
    fn outlast(&self, life: &mut Life<'_>) -> Result<Option<Fault>, Broken> {
        life.moved();
        loop {
            if life.has_ended(TURN)? {
                return Ok(None);
            }
            if !life.pipes.has_ended() {
                life.pipes.turn(Duration::ZERO)?;
            }
            if let Some(fault) = flooded(&life.pipes) {
                return Ok(Some(fault));
            }
            if life.is_idle()? {
                return Ok(Some(Fault::Idle));
            }
        }
    }

    fn ask(&mut self, life: &mut Life<'_>, step: usize, at: usize, call: &Call, client: bool) {
        let (id, began) = (self.id(), self.stamp());
        life.pipes.send(&self.wire.call(id, call, client));
        self.awaited.insert(id, Asked::Call { step, at, began });
    }

    /// Listens until no more than `n` answers are awaited.
    fn hear(&mut self, life: &mut Life<'_>, n: usize) -> Result<(), Over> {
        loop {
            if self.take_lines(life)? {
                life.moved();
            }
            if self.awaited.len() <= n {
                return Ok(());
            }
            if life.pipes.is_silent() {
                return Err(Over::Silent);
            }
            if !life.pipes.turn(TURN)? && life.is_idle()? {
                return Err(Over::Fault(Fault::Idle));
            }
            // A program that only logs, or dribbles, is looked at as well.
            if let Some(fault) = flooded(&life.pipes) {
                return Err(Over::Fault(fault));
            }
        }
    }

    /// Reads the whole lines that have come. True when there were some.
    fn take_lines(&mut self, life: &mut Life<'_>) -> Result<bool, Over> {
        let output = std::mem::take(&mut life.pipes.output);
        let mut from = 0;
        while let Some(n) = output[from..].iter().position(|b| *b == b'\n') {
            self.take_line(&output[from..from + n])?;
            from += n + 1;
        }
        if output.len() - from > LINE_MAX {
            let why = format!("a line of more than {} KiB", LINE_MAX / 1024);
            return Err(Over::Fault(Fault::Output(why)));
        }
        life.pipes.output = if from == 0 {
            output
        } else {
            output[from..].to_vec()
        };
        Ok(from > 0)
    }

    fn take_line(&mut self, line: &[u8]) -> Result<(), Over> {
        let protocol = |why: String| Err(Over::Fault(Fault::Protocol(why)));
        if line.len() > LINE_MAX {
            let why = format!("a line of more than {} KiB", LINE_MAX / 1024);
            return Err(Over::Fault(Fault::Output(why)));
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (id, reply) = match wire::read(line) {
            Ok(Line::Answer(id, reply)) => (id, reply),
            Ok(Line::BadLine) if self.forgiven > 0 => {
                self.forgiven -= 1;
                return Ok(());
            }
            Ok(Line::BadLine) => return protocol("an error about a line that was a call".to_owned()),
            Err(why) => return protocol(why),
        };
        match self.awaited.remove(&id) {
            None => protocol("an answer to a call that was not made, or a second answer".to_owned()),
            Some(Asked::Init) => match reply {
                Reply::Ok(_) => Ok(()),
                Reply::Err(text) => Err(Over::Fault(Fault::NotMade(text))),
            },
            Some(Asked::Call { step, at, began }) => {
                let ended = self.stamp();
                self.note(step, at, reply, began, ended);
                Ok(())
            }
            Some(Asked::Par { step, began }) => self.note_par(step, &reply, began),
        }
    }

    fn note(&mut self, step: usize, at: usize, reply: Reply, began: u64, ended: u64) {
        let steps = self.steps;
        let call = match &steps[step] {
            Step::Call(call) => call,
            Step::Together(calls) => &calls[at],
            Step::Par(_) | Step::Restart | Step::Garbage(_) => return,
        };
        self.note_call(step, at, call, reply, began, ended);
    }

    fn note_call(&mut self, step: usize, at: usize, call: &Call, reply: Reply, began: u64, ended: u64) {
        let reply = self.wire.decode(&call.op, reply);
        self.answers[step][at] = Some(Answered {
            call: call.clone(),
            reply,
            began,
            ended,
        });
    }

    /// Spreads the answer to scripts over their calls. The program's stamps are its own word: they place the
    /// calls within the interval that the judge saw, and are left out where they do not fit into it.
    fn note_par(&mut self, step: usize, reply: &Reply, began: u64) -> Result<(), Over> {
        let ended = self.stamp();
        let steps = self.steps;
        let Step::Par(scripts) = &steps[step] else {
            return Ok(());
        };
        let threads = match reply {
            Reply::Ok(value) => wire::read_par(value, scripts),
            Reply::Err(_) => None,
        };
        let Some(threads) = threads else {
            let why = "an answer to threads without a reply for each of their calls".to_owned();
            return Err(Over::Fault(Fault::Protocol(why)));
        };
        let all = || threads.iter().flatten();
        let first = all().map(|s| s.began).min().unwrap_or(0);
        let fits = all().all(|s| s.began <= s.ended && s.ended - first <= ended - began)
            && threads
                .iter()
                .all(|t| t.windows(2).all(|pair| pair[0].ended <= pair[1].began));
        let calls = scripts.iter().flatten();
        for (at, (stamped, call)) in threads.into_iter().flatten().zip(calls).enumerate() {
            let (from, to) = if fits {
                (began + (stamped.began - first), began + (stamped.ended - first))
            } else {
                (began, ended)
            };
            self.note_call(step, at, call, stamped.reply, from, to);
        }
        Ok(())
    }

    /// The next id: 53 bits that do not follow from those before.
    fn id(&mut self) -> u64 {
        loop {
            self.drawn += 1;
            let id = self.ids.hash_one(self.drawn) >> 11;
            if !self.awaited.contains_key(&id) {
                return id;
            }
        }
    }

    /// Nanoseconds since the start, later than any given before.
    fn stamp(&mut self) -> u64 {
        let now = u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.last_stamp = now.max(self.last_stamp + 1);
        self.last_stamp
    }

    /// The steps that were answered whole, up to the first that was not.
    fn transcript(self) -> Vec<Vec<Answered>> {
        self.answers
            .into_iter()
            .map_while(|step| step.into_iter().collect())
            .collect()
    }
}
