//! A script in the making: a caller that does what the actions say.

use domain::GroupId;
use serde_json::{Value, json};

use super::model;
use crate::replay::Play;
use crate::{Case, Script, Seed};

/// What the client answered.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) kind: String,
    pub(super) attempt: i64,
    pub(super) at: i64,
}

/// A request that is under way.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) id: String,
    pub(super) attempt: i64,
    /// Whether an attempt is under way; else the request pauses.
    pub(super) calling: bool,
    pub(super) until: i64,
}

/// The script with its clock.
pub(super) struct Walk {
    pub(super) seed: Seed,
    pub(super) play: Play,
    policy: Value,
    pub(super) now: i64,
    pub(super) open: Vec<Open>,
    pub(super) over: Vec<(String, i64)>,
    started: u64,
}

impl Walk {
    pub(super) fn new(mut seed: Seed) -> Self {
        let base = int(seed.within(21, 79));
        let policy = json!({
            "timeout_ms": seed.within(120, 480),
            "max_attempts": seed.within(3, 4),
            "base_ms": base,
            "cap_ms": base * 3 + int(seed.within(1, 19)),
            "budget": seed.within(41, 78),
            "trip_after": seed.within(4, 6),
            "open_ms": seed.within(700, 2_900),
            "stale_ms": seed.within(4_000, 9_000),
        });
        Self {
            play: Play::new(model::make(None, std::slice::from_ref(&policy))),
            now: int(seed.within(1_000, 50_000)),
            started: seed.within(100, 800),
            seed,
            policy,
            open: Vec::new(),
            over: Vec::new(),
        }
    }

    /// Sets fields of the policy; nothing may have happened yet.
    pub(super) fn set(&mut self, fields: &[(&str, i64)]) {
        for (field, value) in fields {
            self.policy[*field] = json!(value);
        }
        self.play = Play::new(model::make(None, std::slice::from_ref(&self.policy)));
    }

    /// A field of the policy.
    pub(super) fn of(&self, field: &str) -> i64 {
        self.policy[field].as_i64().unwrap_or(0)
    }

    pub(super) fn case(self, id: String, group: GroupId, rule: &str) -> Case {
        Case {
            id,
            group,
            rule: rule.to_owned(),
            script: Script::Calls {
                init: vec![self.policy],
                steps: self.play.steps(),
            },
        }
    }

    pub(super) fn at(&mut self, time: i64) {
        self.now = self.now.max(time);
    }

    pub(super) fn tick_clock(&mut self) {
        self.now += int(self.seed.within(1, 11));
    }

    /// A share of the pause that is neither none nor all of it.
    pub(super) fn jitter(&mut self) -> i64 {
        int(self.seed.within(101, 899))
    }

    /// Starts a request for a key, and gives its id.
    pub(super) fn start(&mut self, key: &str) -> (String, Action) {
        self.started += self.seed.within(1, 7);
        let id = format!("req-{}", self.started);
        let action = self.start_as(&id, key);
        (id, action)
    }

    pub(super) fn start_as(&mut self, id: &str, key: &str) -> Action {
        let args = vec![json!(self.now), json!(id), json!(key)];
        self.does("start", id, args)
    }

    /// What the upstream said to an attempt.
    pub(super) fn outcome(&mut self, id: &str, attempt: i64, status: i64) -> Action {
        let body = format!("body {}", self.seed.within(100, 999));
        let jitter = self.jitter();
        self.outcome_with(id, attempt, (status, &body), jitter)
    }

    pub(super) fn outcome_with(
        &mut self,
        id: &str,
        attempt: i64,
        answer: (i64, &str),
        jitter: i64,
    ) -> Action {
        let (status, body) = answer;
        let args = vec![
            json!(self.now),
            json!(id),
            json!(attempt),
            json!(status),
            json!(body),
            json!(jitter),
        ];
        self.does("outcome", id, args)
    }

    pub(super) fn tick(&mut self, id: &str) -> Action {
        let jitter = self.jitter();
        let args = vec![json!(self.now), json!(id), json!(jitter)];
        self.does("tick", id, args)
    }

    /// A request of one attempt with that outcome.
    pub(super) fn once(&mut self, key: &str, status: i64) -> Action {
        let (id, action) = self.start(key);
        if action.kind != "call" {
            return action;
        }
        self.tick_clock();
        self.outcome(&id, 1, status)
    }

    /// Waits for the pause of a request to be over, looking a millisecond before it too, and goes on.
    pub(super) fn wait_out(&mut self, id: &str, action: &Action) -> Action {
        self.at(action.at - 1);
        self.tick(id);
        self.at(action.at);
        self.tick(id)
    }

    /// A request whose attempts all fail with that status, up to its end.
    pub(super) fn fails(&mut self, key: &str, status: i64) -> Action {
        let (id, mut action) = self.start(key);
        loop {
            action = match action.kind.as_str() {
                "call" => {
                    self.tick_clock();
                    self.outcome(&id, action.attempt, status)
                }
                "wait" => self.wait_out(&id, &action),
                _ => return action,
            };
        }
    }

    /// Opens the breaker by failures of requests that nobody goes on with; gives when it opened.
    pub(super) fn trip(&mut self) -> i64 {
        for _ in 0..self.of("trip_after") {
            self.once("trip", 500);
        }
        self.now
    }

    fn does(&mut self, op: &str, id: &str, args: Vec<Value>) -> Action {
        let answer = self.play.call(op, args);
        let number = |field: &str| answer[field].as_i64().unwrap_or(0);
        let action = Action {
            kind: answer["kind"].as_str().unwrap_or("").to_owned(),
            attempt: number("attempt"),
            at: number("at_ms"),
        };
        if action.kind == "ignored" {
            return action;
        }
        let before = self.open.iter().position(|open| open.id == id);
        let before = before.map(|i| self.open.swap_remove(i));
        let calling = match action.kind.as_str() {
            "call" => true,
            // A tick before its time changes nothing.
            "wait" => before.is_some_and(|before| before.calling && before.until == action.at),
            _ => {
                self.over.push((id.to_owned(), action.attempt));
                return action;
            }
        };
        self.open.push(Open {
            id: id.to_owned(),
            attempt: action.attempt,
            calling,
            until: action.at,
        });
        action
    }
}

pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
