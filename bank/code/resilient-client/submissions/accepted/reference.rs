// Three parts: requests under way by id, the breaker with its probe, and kept answers with a queue of their ages.
use std::collections::{HashMap, VecDeque};

const RETRY_COST: i64 = 10;

#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub timeout_ms: i64,
    pub max_attempts: i64,
    pub base_ms: i64,
    pub cap_ms: i64,
    pub budget: i64,
    pub trip_after: i64,
    pub open_ms: i64,
    pub stale_ms: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub kind: String,
    pub attempt: i64,
    pub at_ms: i64,
    pub body: Option<String>,
}

pub struct ResilientClient {
    policy: Policy,
    requests: HashMap<String, Running>,
    breaker: Breaker,
    points: i64,
    kept: HashMap<String, (i64, String)>,
    /// When each kept answer came, oldest first. One that was replaced stands in it twice.
    ages: VecDeque<(i64, String)>,
}

struct Running {
    key: String,
    attempt: i64,
    calling: bool,
    /// The deadline of the attempt, or the end of the pause.
    until: i64,
}

struct Breaker {
    trip_after: i64,
    open_ms: i64,
    failures: i64,
    opened_at: Option<i64>,
    probe: Option<Probe>,
}

struct Probe {
    request: String,
    attempt: i64,
    deadline: i64,
}

impl Breaker {
    fn allows(&self, now: i64) -> bool {
        let Some(opened_at) = self.opened_at else {
            return true;
        };
        let probed = self.probe.as_ref().is_some_and(|probe| now < probe.deadline);
        now >= opened_at + self.open_ms && !probed
    }

    fn attempt_made(&mut self, request: &str, attempt: i64, deadline: i64) {
        if self.opened_at.is_some() {
            self.probe = Some(Probe { request: request.to_owned(), attempt, deadline });
        }
    }

    fn told(&mut self, now: i64, request: &str, attempt: i64, alive: bool) {
        if self.opened_at.is_some() {
            // What began before the breaker opened, or lost its place as the probe, does not count.
            let is_probe = |probe: &Probe| probe.request == request && probe.attempt == attempt;
            if self.probe.as_ref().is_some_and(is_probe) {
                self.probe = None;
                self.failures = 0;
                self.opened_at = (!alive).then_some(now);
            }
            return;
        }
        self.failures = if alive { 0 } else { self.failures + 1 };
        if self.failures >= self.trip_after {
            self.opened_at = Some(now);
            self.probe = None;
        }
    }
}

impl ResilientClient {
    pub fn new(policy: Policy) -> Self {
        Self {
            requests: HashMap::new(),
            breaker: Breaker {
                trip_after: policy.trip_after,
                open_ms: policy.open_ms,
                failures: 0,
                opened_at: None,
                probe: None,
            },
            points: policy.budget,
            kept: HashMap::new(),
            ages: VecDeque::new(),
            policy,
        }
    }

    pub fn start(&mut self, now_ms: i64, request: &str, key: &str) -> Action {
        self.forget_old(now_ms);
        if self.requests.contains_key(request) {
            return ignored();
        }
        let running = Running { key: key.to_owned(), attempt: 0, calling: false, until: now_ms };
        self.attempt(now_ms, request, running)
    }

    pub fn outcome(
        &mut self,
        now_ms: i64,
        request: &str,
        attempt: i64,
        status: i64,
        body: &str,
        jitter: i64,
    ) -> Action {
        self.forget_old(now_ms);
        let present = |running: &&Running| running.calling && running.attempt == attempt;
        let Some(running) = self.requests.get(request).filter(present) else {
            return ignored();
        };
        let late = now_ms >= running.until;
        let Some(running) = self.requests.remove(request) else {
            return ignored();
        };
        if late || status == 429 || (500..=599).contains(&status) {
            return self.attempt_failed(now_ms, request, running, jitter);
        }
        self.breaker.told(now_ms, request, attempt, true);
        if !(200..=299).contains(&status) {
            return action("rejected", attempt, 0, Some(body.to_owned()));
        }
        self.points = (self.points + 1).min(self.policy.budget);
        self.ages.push_back((now_ms, running.key.clone()));
        self.kept.insert(running.key, (now_ms, body.to_owned()));
        action("ok", attempt, 0, Some(body.to_owned()))
    }

    pub fn tick(&mut self, now_ms: i64, request: &str, jitter: i64) -> Action {
        self.forget_old(now_ms);
        match self.requests.get(request) {
            None => return ignored(),
            Some(running) if now_ms < running.until => {
                return action("wait", running.attempt, running.until, None);
            }
            Some(_) => {}
        }
        match self.requests.remove(request) {
            Some(running) if running.calling => self.attempt_failed(now_ms, request, running, jitter),
            Some(running) => self.attempt(now_ms, request, running),
            None => ignored(),
        }
    }

    /// Takes a request that is in no map; puts it back if it goes on.
    fn attempt(&mut self, now: i64, request: &str, mut running: Running) -> Action {
        if !self.breaker.allows(now) {
            return self.end(&running);
        }
        running.attempt += 1;
        running.calling = true;
        running.until = now + self.policy.timeout_ms;
        self.breaker.attempt_made(request, running.attempt, running.until);
        let call = action("call", running.attempt, running.until, None);
        self.requests.insert(request.to_owned(), running);
        call
    }

    fn attempt_failed(&mut self, now: i64, request: &str, mut running: Running, jitter: i64) -> Action {
        self.breaker.told(now, request, running.attempt, false);
        let exhausted = running.attempt >= self.policy.max_attempts;
        if exhausted || self.breaker.opened_at.is_some() || self.points < RETRY_COST {
            return self.end(&running);
        }
        self.points -= RETRY_COST;
        let ceiling = self.policy.cap_ms.min(self.policy.base_ms << (running.attempt - 1));
        running.calling = false;
        running.until = now + ceiling * jitter / 1000;
        let wait = action("wait", running.attempt, running.until, None);
        self.requests.insert(request.to_owned(), running);
        wait
    }

    fn end(&self, running: &Running) -> Action {
        match self.kept.get(&running.key) {
            Some((_, body)) => action("stale", running.attempt, 0, Some(body.clone())),
            None => action("failed", running.attempt, 0, None),
        }
    }

    fn forget_old(&mut self, now: i64) {
        while let Some((came, key)) = self.ages.front() {
            if now - came <= self.policy.stale_ms {
                return;
            }
            if self.kept.get(key).is_some_and(|(latest, _)| latest == came) {
                self.kept.remove(key);
            }
            self.ages.pop_front();
        }
    }
}

fn action(kind: &str, attempt: i64, at_ms: i64, body: Option<String>) -> Action {
    Action { kind: kind.to_owned(), attempt, at_ms, body }
}

fn ignored() -> Action {
    action("ignored", 0, 0, None)
}
