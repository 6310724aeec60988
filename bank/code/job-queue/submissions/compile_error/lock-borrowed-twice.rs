// The log is reached through the same guard as the queue while a borrow of the queue's entry is alive.
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: String,
    pub payload: String,
    pub attempt: i64,
}

pub struct JobQueue {
    inner: Mutex<Inner>,
}

struct Inner {
    queue: Queue,
    log: File,
}

/// A call that changes something, as the log keeps it.
enum Call<'a> {
    Enqueue { id: &'a str, payload: &'a str },
    Claim,
    Ack { id: &'a str, attempt: i64 },
    Fail { id: &'a str, attempt: i64 },
    Extend { id: &'a str, attempt: i64 },
}

/// What a call answered, and whether it must be remembered.
enum Answer {
    Changed(Option<Job>),
    Same(bool),
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Ready,
    Leased,
    Paused,
    Done,
    Dead,
}

struct Entry {
    job: Job,
    state: State,
    /// When the lease or the pause ends.
    due: i64,
}

struct Queue {
    visibility_ms: i64,
    max_attempts: i64,
    retry_ms: i64,
    by_id: HashMap<String, usize>,
    line: Vec<Entry>,
    ready: BinaryHeap<Reverse<usize>>,
    timers: BinaryHeap<Reverse<(i64, usize)>>,
}

impl JobQueue {
    pub fn new(data_folder: &str, visibility_ms: i64, max_attempts: i64, retry_ms: i64) -> Self {
        let mut queue = Queue {
            visibility_ms,
            max_attempts,
            retry_ms,
            by_id: HashMap::new(),
            line: Vec::new(),
            ready: BinaryHeap::new(),
            timers: BinaryHeap::new(),
        };
        let path = Path::new(data_folder).join("calls.log");
        let bytes = std::fs::read(&path).unwrap_or_default();
        let mut at = 0;
        while let Some((now, call, length)) = Call::read(&bytes[at..]) {
            queue.apply(now, &call);
            at += length;
        }
        let log = OpenOptions::new().append(true).create(true).open(&path).expect("the log opens");
        // A torn record was never answered.
        log.set_len(at as u64).expect("the log can be cut");
        Self { inner: Mutex::new(Inner { queue, log }) }
    }

    pub fn enqueue(&self, now_ms: i64, id: &str, payload: &str) -> bool {
        self.call(now_ms, &Call::Enqueue { id, payload }).0
    }

    pub fn claim(&self, now_ms: i64) -> Option<Job> {
        self.call(now_ms, &Call::Claim).1
    }

    pub fn ack(&self, now_ms: i64, id: &str, attempt: i64) -> bool {
        self.call(now_ms, &Call::Ack { id, attempt }).0
    }

    pub fn fail(&self, now_ms: i64, id: &str, attempt: i64) -> bool {
        self.call(now_ms, &Call::Fail { id, attempt }).0
    }

    pub fn extend(&self, now_ms: i64, id: &str, attempt: i64) -> bool {
        self.call(now_ms, &Call::Extend { id, attempt }).0
    }

    pub fn dead(&self, now_ms: i64) -> Vec<String> {
        let mut inner = self.inner.lock().unwrap();
        inner.queue.settle(now_ms);
        let dead = inner.queue.line.iter().filter(|entry| entry.state == State::Dead);
        dead.map(|entry| entry.job.id.clone()).collect()
    }

    /// The lock covers the append too: the log must tell the calls in the order in which they took effect.
    fn call(&self, now: i64, call: &Call<'_>) -> (bool, Option<Job>) {
        let mut inner = self.inner.lock().unwrap();
        let first = &mut inner.queue.line;
        match inner.queue.apply(now, call) {
            Answer::Same(answer) => (answer, None),
            Answer::Changed(job) => {
                inner.log.write_all(&call.record(now)).expect("the log takes a record");
                first.shrink_to_fit();
                (true, job)
            }
        }
    }
}

impl Queue {
    fn apply(&mut self, now: i64, call: &Call<'_>) -> Answer {
        self.settle(now);
        match *call {
            Call::Enqueue { id, payload } => {
                if self.by_id.contains_key(id) {
                    return Answer::Same(false);
                }
                let place = self.line.len();
                let job = Job { id: id.to_owned(), payload: payload.to_owned(), attempt: 0 };
                self.by_id.insert(id.to_owned(), place);
                self.line.push(Entry { job, state: State::Ready, due: 0 });
                self.ready.push(Reverse(place));
                Answer::Changed(None)
            }
            Call::Claim => {
                let Some(Reverse(place)) = self.ready.pop() else {
                    return Answer::Same(false);
                };
                self.line[place].job.attempt += 1;
                self.wait(place, State::Leased, now + self.visibility_ms);
                Answer::Changed(Some(self.line[place].job.clone()))
            }
            Call::Ack { id, attempt } => match self.find(id, attempt) {
                Some((_, State::Done)) => Answer::Same(true),
                Some((place, State::Leased)) => {
                    self.line[place].state = State::Done;
                    Answer::Changed(None)
                }
                _ => Answer::Same(false),
            },
            Call::Fail { id, attempt } => match self.find(id, attempt) {
                Some((place, State::Leased)) => {
                    self.end_attempt(place, now);
                    Answer::Changed(None)
                }
                _ => Answer::Same(false),
            },
            Call::Extend { id, attempt } => match self.find(id, attempt) {
                Some((place, State::Leased)) => {
                    self.wait(place, State::Leased, now + self.visibility_ms);
                    Answer::Changed(None)
                }
                _ => Answer::Same(false),
            },
        }
    }

    fn find(&self, id: &str, attempt: i64) -> Option<(usize, State)> {
        let place = *self.by_id.get(id)?;
        let entry = &self.line[place];
        (entry.job.attempt == attempt).then_some((place, entry.state))
    }

    fn settle(&mut self, now: i64) {
        while let Some(&Reverse((due, place))) = self.timers.peek() {
            if due > now {
                return;
            }
            self.timers.pop();
            if self.line[place].due != due {
                continue; // extended or given out again since
            }
            match self.line[place].state {
                State::Leased => self.end_attempt(place, due),
                State::Paused => {
                    self.line[place].state = State::Ready;
                    self.ready.push(Reverse(place));
                }
                State::Ready | State::Done | State::Dead => {}
            }
        }
    }

    fn end_attempt(&mut self, place: usize, at: i64) {
        let attempt = self.line[place].job.attempt;
        if attempt >= self.max_attempts {
            self.line[place].state = State::Dead;
        } else {
            self.wait(place, State::Paused, at + (self.retry_ms << (attempt - 1)));
        }
    }

    fn wait(&mut self, place: usize, state: State, due: i64) {
        self.line[place].state = state;
        self.line[place].due = due;
        self.timers.push(Reverse((due, place)));
    }
}

impl<'a> Call<'a> {
    /// A header line `op now number id_bytes payload_bytes`, then the texts as they are and a line break.
    fn record(&self, now: i64) -> Vec<u8> {
        let (op, number, id, payload) = match *self {
            Self::Enqueue { id, payload } => ('e', 0, id, payload),
            Self::Claim => ('c', 0, "", ""),
            Self::Ack { id, attempt } => ('a', attempt, id, ""),
            Self::Fail { id, attempt } => ('f', attempt, id, ""),
            Self::Extend { id, attempt } => ('x', attempt, id, ""),
        };
        format!("{op} {now} {number} {} {}\n{id}{payload}\n", id.len(), payload.len()).into_bytes()
    }

    /// The time, the call and the length of the record that `bytes` start with, if it is whole.
    fn read(bytes: &'a [u8]) -> Option<(i64, Self, usize)> {
        let head = bytes.iter().position(|byte| *byte == b'\n')?;
        let mut fields = std::str::from_utf8(&bytes[..head]).ok()?.split(' ');
        let op = fields.next()?;
        let mut number = || fields.next()?.parse::<i64>().ok();
        let (now, attempt, id, payload) = (number()?, number()?, number()? as usize, number()? as usize);
        let start = head + 1;
        let end = start + id + payload;
        if bytes.get(end) != Some(&b'\n') {
            return None;
        }
        let payload = std::str::from_utf8(&bytes[start + id..end]).ok()?;
        let id = std::str::from_utf8(&bytes[start..start + id]).ok()?;
        let call = match op {
            "e" => Self::Enqueue { id, payload },
            "c" => Self::Claim,
            "a" => Self::Ack { id, attempt },
            "f" => Self::Fail { id, attempt },
            _ => Self::Extend { id, attempt },
        };
        Some((now, call, end + 1))
    }
}
