//! The right client, and the same with one of the mistakes that people make.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::replay::{Event, Subject};
use crate::{Call, Reply};

/// What a retry costs of the budget; a request that succeeds earns [`EARNED`].
pub(super) const RETRY_COST: i64 = 10;
const EARNED: i64 = 1;

/// The mistakes that own tests are to catch.
pub(super) const MUTATIONS: [(&str, &str); 12] = [
    (
        "no-jitter",
        "Every client waits the full pause, so that all of them come back at one moment.",
    ),
    ("cap-ignored", "The pause doubles without end."),
    (
        "one-attempt-too-many",
        "max_attempts counts the retries and not the attempts.",
    ),
    (
        "rejection-trips",
        "A 404 counts as a failure of the upstream and opens the breaker.",
    ),
    ("budget-free", "Retries cost nothing of the budget."),
    (
        "budget-overflows",
        "Successes fill the budget beyond what it was given.",
    ),
    (
        "success-keeps-count",
        "The breaker counts failures that successes lie between.",
    ),
    (
        "half-open-floods",
        "When the time of the open breaker is up, all attempts go through instead of one.",
    ),
    (
        "probe-failure-free",
        "A probe that failed does not start the time of the open breaker anew.",
    ),
    (
        "late-outcome-counts",
        "An answer that comes after its deadline is taken as if it were in time.",
    ),
    (
        "old-attempt-counts",
        "An answer to an earlier attempt is taken for that of the present one.",
    ),
    ("stale-forever", "A kept answer of any age is served."),
];

/// Makes a client as a subject; `init` is the policy.
pub(super) fn make(mutation: Option<&'static str>, init: &[Value]) -> Subject {
    let mut model = Model::new(mutation, init);
    Box::new(move |event| match event {
        Event::Call(call) => Reply::Ok(model.call(call)),
        Event::Restart => Reply::Ok(Value::Null),
    })
}

struct Model {
    mutation: Option<&'static str>,
    timeout_ms: i64,
    max_attempts: i64,
    base_ms: i64,
    cap_ms: i64,
    budget: i64,
    trip_after: i64,
    open_ms: i64,
    stale_ms: i64,
    requests: BTreeMap<String, Request>,
    /// By key: the body and when it came.
    kept: BTreeMap<String, (String, i64)>,
    points: i64,
    failures: i64,
    /// Since when the breaker is open.
    opened: Option<i64>,
    /// The attempt that an open breaker let through, and its deadline.
    probe: Option<(String, i64, i64)>,
}

struct Request {
    key: String,
    attempt: i64,
    /// Whether the attempt is under way; else it failed and the next waits.
    calling: bool,
    /// The deadline of the attempt, or the end of the pause.
    until: i64,
}

impl Model {
    fn new(mutation: Option<&'static str>, init: &[Value]) -> Self {
        let of = |name: &str| init.first().and_then(|policy| policy[name].as_i64()).unwrap_or(1);
        Self {
            mutation,
            timeout_ms: of("timeout_ms"),
            max_attempts: of("max_attempts"),
            base_ms: of("base_ms"),
            cap_ms: of("cap_ms"),
            budget: of("budget"),
            trip_after: of("trip_after"),
            open_ms: of("open_ms"),
            stale_ms: of("stale_ms"),
            requests: BTreeMap::new(),
            kept: BTreeMap::new(),
            points: of("budget"),
            failures: 0,
            opened: None,
            probe: None,
        }
    }

    fn call(&mut self, call: &Call) -> Value {
        let number = |i: usize| call.args.get(i).and_then(Value::as_i64).unwrap_or(0);
        let text = |i: usize| call.args.get(i).and_then(Value::as_str).unwrap_or("");
        match call.op.as_str() {
            "start" => self.start(number(0), text(1), text(2)),
            "outcome" => {
                let answer = (number(3), text(4));
                self.outcome(number(0), text(1), number(2), answer, number(5))
            }
            "tick" => self.tick(number(0), text(1), number(2)),
            _ => ignored(),
        }
    }

    fn start(&mut self, now: i64, id: &str, key: &str) -> Value {
        if self.requests.contains_key(id) {
            return ignored();
        }
        let request = Request {
            key: key.to_owned(),
            attempt: 0,
            calling: false,
            until: now,
        };
        self.attempt(now, id, request)
    }

    fn outcome(&mut self, now: i64, id: &str, attempt: i64, answer: (i64, &str), jitter: i64) -> Value {
        let (status, body) = answer;
        let Some(request) = self.requests.get(id) else {
            return ignored();
        };
        let current = attempt == request.attempt || self.is("old-attempt-counts");
        if !request.calling || !current {
            return ignored();
        }
        let late = now >= request.until && !self.is("late-outcome-counts");
        if late || status == 429 || (500..600).contains(&status) {
            return self.attempt_failed(now, id, jitter);
        }
        let Some(request) = self.requests.remove(id) else {
            return ignored();
        };
        if (200..300).contains(&status) {
            self.report(now, id, request.attempt, true);
            self.points += EARNED;
            if !self.is("budget-overflows") {
                self.points = self.points.min(self.budget);
            }
            self.kept.insert(request.key, (body.to_owned(), now));
            return action("ok", request.attempt, 0, Some(body));
        }
        let alive = !self.is("rejection-trips");
        self.report(now, id, request.attempt, alive);
        action("rejected", request.attempt, 0, Some(body))
    }

    fn tick(&mut self, now: i64, id: &str, jitter: i64) -> Value {
        let Some(request) = self.requests.get(id) else {
            return ignored();
        };
        if now < request.until {
            return action("wait", request.attempt, request.until, None);
        }
        if request.calling {
            return self.attempt_failed(now, id, jitter);
        }
        match self.requests.remove(id) {
            Some(request) => self.attempt(now, id, request),
            None => ignored(),
        }
    }

    /// Makes the next attempt of a request, or ends it where the breaker forbids that.
    fn attempt(&mut self, now: i64, id: &str, mut request: Request) -> Value {
        if !self.allows(now) {
            return self.end(now, &request);
        }
        request.attempt += 1;
        request.calling = true;
        request.until = now.saturating_add(self.timeout_ms);
        if self.opened.is_some() {
            self.probe = Some((id.to_owned(), request.attempt, request.until));
        }
        let answer = action("call", request.attempt, request.until, None);
        self.requests.insert(id.to_owned(), request);
        answer
    }

    fn attempt_failed(&mut self, now: i64, id: &str, jitter: i64) -> Value {
        let Some(mut request) = self.requests.remove(id) else {
            return ignored();
        };
        self.report(now, id, request.attempt, false);
        let allowed = self
            .max_attempts
            .saturating_add(i64::from(self.is("one-attempt-too-many")));
        if request.attempt >= allowed || self.opened.is_some() || self.points < RETRY_COST {
            return self.end(now, &request);
        }
        if !self.is("budget-free") {
            self.points -= RETRY_COST;
        }
        let doubled = self
            .base_ms
            .saturating_mul(1_i64 << (request.attempt - 1).clamp(0, 40));
        let ceiling = if self.is("cap-ignored") {
            doubled
        } else {
            doubled.min(self.cap_ms)
        };
        let share = if self.is("no-jitter") { 1_000 } else { jitter };
        request.calling = false;
        request.until = now.saturating_add(ceiling.saturating_mul(share) / 1_000);
        let answer = action("wait", request.attempt, request.until, None);
        self.requests.insert(id.to_owned(), request);
        answer
    }

    /// Ends a request without an answer of the upstream.
    fn end(&self, now: i64, request: &Request) -> Value {
        match self.kept.get(&request.key) {
            Some((body, at)) if now - at <= self.stale_ms || self.is("stale-forever") => {
                action("stale", request.attempt, 0, Some(body))
            }
            _ => action("failed", request.attempt, 0, None),
        }
    }

    /// Whether the breaker lets an attempt through.
    fn allows(&self, now: i64) -> bool {
        let Some(opened) = self.opened else {
            return true;
        };
        let probed = self
            .probe
            .as_ref()
            .is_some_and(|(_, _, deadline)| now < *deadline);
        now >= opened.saturating_add(self.open_ms) && (!probed || self.is("half-open-floods"))
    }

    /// Tells the breaker whether the upstream was alive.
    fn report(&mut self, now: i64, id: &str, attempt: i64, alive: bool) {
        if self.opened.is_some() {
            let probe = |(request, number, _): &(String, i64, i64)| request == id && *number == attempt;
            if !self.probe.as_ref().is_some_and(probe) {
                return;
            }
            self.probe = None;
            if alive {
                self.opened = None;
                self.failures = 0;
            } else if !self.is("probe-failure-free") {
                self.opened = Some(now);
            }
            return;
        }
        if !alive {
            self.failures += 1;
            if self.failures >= self.trip_after {
                self.opened = Some(now);
            }
        } else if !self.is("success-keeps-count") {
            self.failures = 0;
        }
    }

    fn is(&self, mutation: &str) -> bool {
        self.mutation == Some(mutation)
    }
}

fn action(kind: &str, attempt: i64, at_ms: i64, body: Option<&str>) -> Value {
    json!({"kind": kind, "attempt": attempt, "at_ms": at_ms, "body": body})
}

fn ignored() -> Value {
    action("ignored", 0, 0, None)
}
