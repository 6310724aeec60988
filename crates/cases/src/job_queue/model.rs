//! The right queue, and the same with one of the mistakes that people make.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::replay::{Event, Subject};
use crate::{Call, Reply};

/// The mistakes that own tests are to catch.
pub(super) const MUTATIONS: [(&str, &str); 12] = [
    (
        "stale-ack",
        "An acknowledgement of an earlier attempt ends the lease that another worker has now.",
    ),
    (
        "ack-once",
        "A repeated acknowledgement is answered false, although the first one was taken.",
    ),
    (
        "readmits-done",
        "An id that is done is taken again, so that a duplicate runs a second time.",
    ),
    (
        "deadline-inclusive",
        "A lease still holds in the millisecond of its deadline.",
    ),
    (
        "linear-backoff",
        "The pause before a retry grows by addition instead of doubling.",
    ),
    (
        "expiry-without-backoff",
        "A job whose lease ran out comes back at once, without the pause of a failed attempt.",
    ),
    ("one-try-too-many", "A job gets one attempt more than allowed."),
    (
        "expiry-never-kills",
        "Only `fail` makes a job dead: one whose workers crash is tried for ever.",
    ),
    (
        "extend-adds",
        "Extending adds to the old deadline instead of counting from now.",
    ),
    (
        "retry-goes-last",
        "A retried job stands behind jobs that were enqueued after it.",
    ),
    (
        "restart-frees-leases",
        "After a restart leased jobs are given out again at once.",
    ),
    (
        "restart-forgets-acks",
        "After a restart jobs that were acknowledged are there again.",
    ),
];

/// Makes a queue as a subject; `init` is visibility, attempts and pause.
pub(super) fn make(mutation: Option<&'static str>, init: &[Value]) -> Subject {
    let mut model = Model::new(mutation, init);
    Box::new(move |event| match event {
        Event::Call(call) => model.call(call),
        Event::Restart => {
            model.restart();
            Reply::Ok(Value::Null)
        }
    })
}

/// A queue. Ordered, so that a search can remember where it has been.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Model {
    mutation: Option<&'static str>,
    visibility_ms: i64,
    max_attempts: i64,
    retry_ms: i64,
    jobs: Vec<Job>,
    by_id: BTreeMap<String, usize>,
    last_place: usize,
    /// Ready jobs by their place in the line.
    ready: BTreeSet<(usize, usize)>,
    /// When something happens to a job by itself: a lease ends, a pause is over.
    timers: BTreeSet<(i64, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Job {
    id: String,
    payload: String,
    /// How many times it was given out.
    attempt: i64,
    /// Its place in the line.
    place: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ready,
    Waiting { timer: i64 },
    Leased { timer: i64 },
    Done,
    Dead,
}

impl Model {
    /// An empty queue; `init` is visibility, attempts and pause.
    pub(super) fn new(mutation: Option<&'static str>, init: &[Value]) -> Self {
        let at = |i: usize| init.get(i).and_then(Value::as_i64).unwrap_or(1);
        Self {
            mutation,
            visibility_ms: at(0),
            max_attempts: at(1),
            retry_ms: at(2),
            jobs: Vec::new(),
            by_id: BTreeMap::new(),
            last_place: 0,
            ready: BTreeSet::new(),
            timers: BTreeSet::new(),
        }
    }

    /// Makes a call.
    pub(super) fn call(&mut self, call: &Call) -> Reply {
        let number = |i: usize| call.args.get(i).and_then(Value::as_i64).unwrap_or(0);
        let text = |i: usize| call.args.get(i).and_then(Value::as_str).unwrap_or("");
        let now = number(0);
        self.settle(now);
        Reply::Ok(match call.op.as_str() {
            "enqueue" => json!(self.enqueue(text(1), text(2))),
            "claim" => self.claim(now),
            "ack" => json!(self.ack(text(1), number(2))),
            "fail" => json!(self.fail(now, text(1), number(2))),
            "extend" => json!(self.extend(now, text(1), number(2))),
            "dead" => {
                let dead = self.jobs.iter().filter(|job| job.state == State::Dead);
                json!(dead.map(|job| &job.id).collect::<Vec<_>>())
            }
            _ => Value::Null,
        })
    }

    /// The program was killed and started again: nothing changes, unless that is the mistake.
    pub(super) fn restart(&mut self) {
        for i in 0..self.jobs.len() {
            match (self.mutation, self.jobs[i].state) {
                (Some("restart-frees-leases"), State::Leased { timer }) => {
                    self.timers.remove(&(timer, i));
                    self.set_ready(i);
                }
                (Some("restart-forgets-acks"), State::Done) => self.set_ready(i),
                _ => {}
            }
        }
    }

    /// What has happened by itself up to `now`, in the order of time.
    fn settle(&mut self, now: i64) {
        while let Some(&(at, i)) = self.timers.first() {
            if at > now {
                return;
            }
            self.timers.pop_first();
            match self.jobs[i].state {
                State::Leased { .. } => self.end_attempt(i, at, true),
                State::Waiting { .. } => self.set_ready(i),
                State::Ready | State::Done | State::Dead => {}
            }
        }
    }

    fn enqueue(&mut self, id: &str, payload: &str) -> bool {
        if let Some(&i) = self.by_id.get(id) {
            if !(self.is("readmits-done") && self.jobs[i].state == State::Done) {
                return false;
            }
            self.jobs[i].attempt = 0;
            self.jobs[i].place = self.next_place();
            payload.clone_into(&mut self.jobs[i].payload);
            self.set_ready(i);
            return true;
        }
        let i = self.jobs.len();
        let place = self.next_place();
        self.jobs.push(Job {
            id: id.to_owned(),
            payload: payload.to_owned(),
            attempt: 0,
            place,
            state: State::Ready,
        });
        self.by_id.insert(id.to_owned(), i);
        self.ready.insert((place, i));
        true
    }

    fn claim(&mut self, now: i64) -> Value {
        let Some((_, i)) = self.ready.pop_first() else {
            return Value::Null;
        };
        self.jobs[i].attempt += 1;
        self.lease(i, now.saturating_add(self.visibility_ms));
        let job = &self.jobs[i];
        json!({"id": job.id, "payload": job.payload, "attempt": job.attempt})
    }

    fn ack(&mut self, id: &str, attempt: i64) -> bool {
        let Some(&i) = self.by_id.get(id) else {
            return false;
        };
        let same = self.jobs[i].attempt == attempt;
        match self.jobs[i].state {
            State::Done => same && !self.is("ack-once"),
            State::Leased { timer } if same || self.is("stale-ack") => {
                self.timers.remove(&(timer, i));
                self.jobs[i].state = State::Done;
                true
            }
            _ => false,
        }
    }

    fn fail(&mut self, now: i64, id: &str, attempt: i64) -> bool {
        let Some((i, timer)) = self.leased(id, attempt) else {
            return false;
        };
        self.timers.remove(&(timer, i));
        self.end_attempt(i, now, false);
        true
    }

    fn extend(&mut self, now: i64, id: &str, attempt: i64) -> bool {
        let Some((i, timer)) = self.leased(id, attempt) else {
            return false;
        };
        self.timers.remove(&(timer, i));
        let from = if self.is("extend-adds") { timer } else { now };
        self.lease(i, from.saturating_add(self.visibility_ms));
        true
    }

    /// An attempt came to nothing at a time.
    fn end_attempt(&mut self, i: usize, at: i64, expired: bool) {
        let allowed = self
            .max_attempts
            .saturating_add(i64::from(self.is("one-try-too-many")));
        let attempt = self.jobs[i].attempt;
        if attempt >= allowed && !(expired && self.is("expiry-never-kills")) {
            self.jobs[i].state = State::Dead;
            return;
        }
        let factor = if self.is("linear-backoff") {
            attempt
        } else {
            1_i64 << (attempt - 1).clamp(0, 40)
        };
        let pause = if expired && self.is("expiry-without-backoff") {
            0
        } else {
            self.retry_ms.saturating_mul(factor)
        };
        if self.is("retry-goes-last") {
            self.jobs[i].place = self.next_place();
        }
        let timer = at.saturating_add(pause);
        self.jobs[i].state = State::Waiting { timer };
        self.timers.insert((timer, i));
    }

    fn lease(&mut self, i: usize, until: i64) {
        let timer = until.saturating_add(i64::from(self.is("deadline-inclusive")));
        self.jobs[i].state = State::Leased { timer };
        self.timers.insert((timer, i));
    }

    /// The job of that id if the attempt's lease holds, with its timer.
    fn leased(&self, id: &str, attempt: i64) -> Option<(usize, i64)> {
        let i = *self.by_id.get(id)?;
        match self.jobs[i].state {
            State::Leased { timer } if self.jobs[i].attempt == attempt => Some((i, timer)),
            _ => None,
        }
    }

    fn set_ready(&mut self, i: usize) {
        self.jobs[i].state = State::Ready;
        self.ready.insert((self.jobs[i].place, i));
    }

    fn next_place(&mut self) -> usize {
        self.last_place += 1;
        self.last_place
    }

    fn is(&self, mutation: &str) -> bool {
        self.mutation == Some(mutation)
    }
}
