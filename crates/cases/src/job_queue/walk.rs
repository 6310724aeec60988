//! A script in the making, with what the workers in it know.

use domain::GroupId;
use serde_json::{Value, json};

use super::model;
use crate::replay::Play;
use crate::{Case, Script, Seed};

/// A script in the making with what its workers know.
pub(super) struct Walk {
    pub(super) seed: Seed,
    pub(super) play: Play,
    pub(super) init: Vec<Value>,
    pub(super) now: i64,
    pub(super) visibility: i64,
    pub(super) attempts: i64,
    pub(super) retry: i64,
    pub(super) ids: Vec<String>,
    /// Leases that hold: id, attempt and deadline.
    pub(super) held: Vec<(String, i64, i64)>,
    /// Attempts that were acknowledged, and attempts that came to nothing.
    pub(super) done: Vec<(String, i64)>,
    pub(super) lost: Vec<(String, i64)>,
    pub(super) restarts: bool,
}

impl Walk {
    pub(super) fn new(mut seed: Seed) -> Self {
        let visibility = int(seed.within(2_000, 40_000));
        let attempts = int(seed.within(2, 4));
        let retry = int(seed.within(150, 1_900));
        let init = vec![json!(visibility), json!(attempts), json!(retry)];
        Self {
            play: Play::new(model::make(None, &init)),
            now: int(seed.within(1_000, 90_000)),
            seed,
            init,
            visibility,
            attempts,
            retry,
            ids: Vec::new(),
            held: Vec::new(),
            done: Vec::new(),
            lost: Vec::new(),
            restarts: false,
        }
    }

    /// Sets `max_attempts`; nothing may have happened yet.
    pub(super) fn allow(&mut self, attempts: i64) {
        self.attempts = attempts;
        self.init[1] = json!(attempts);
        self.play = Play::new(model::make(None, &self.init));
    }

    pub(super) fn case(self, id: String, group: GroupId, rule: &str) -> Case {
        Case {
            id,
            group,
            rule: rule.to_owned(),
            script: Script::Calls {
                init: self.init,
                steps: self.play.steps(),
            },
        }
    }

    pub(super) fn at(&mut self, time: i64) {
        self.now = self.now.max(time);
    }

    pub(super) fn tick(&mut self) {
        self.now += int(self.seed.within(1, 9));
    }

    pub(super) fn enqueue(&mut self, id: &str) {
        let what = *self.seed.pick(&["resize", "mail", "charge", "index"]);
        let payload = format!("{what} {}", self.seed.within(10, 99));
        self.enqueue_with(id, &payload);
    }

    pub(super) fn enqueue_with(&mut self, id: &str, payload: &str) {
        self.play
            .call("enqueue", vec![json!(self.now), json!(id), json!(payload)]);
        self.ids.push(id.to_owned());
    }

    /// Enqueues as many new jobs as said, and gives their ids.
    pub(super) fn fill(&mut self, count: u64) -> Vec<String> {
        let fresh = |walk: &mut Self| {
            let id = format!(
                "{}-{}",
                walk.seed.pick(&["img", "mail", "pay", "idx"]),
                walk.seed.within(1_000, 999_999)
            );
            walk.tick();
            walk.enqueue(&id);
            id
        };
        (0..count).map(|_| fresh(self)).collect()
    }

    /// Claims; what came is held.
    pub(super) fn claim(&mut self) -> Option<(String, i64)> {
        let job = self.play.call("claim", vec![json!(self.now)]);
        let lease = (job["id"].as_str()?.to_owned(), job["attempt"].as_i64()?);
        self.held
            .push((lease.0.clone(), lease.1, self.now + self.visibility));
        Some(lease)
    }

    /// Claims after calls at once, when the walk cannot know what comes.
    pub(super) fn claim_blind(&mut self) {
        self.play.call("claim", vec![json!(self.now)]);
    }

    pub(super) fn on(&mut self, op: &str, id: &str, attempt: i64) -> bool {
        let answer = self
            .play
            .call(op, vec![json!(self.now), json!(id), json!(attempt)]);
        answer == json!(true)
    }

    pub(super) fn dead(&mut self) {
        self.play.call("dead", vec![json!(self.now)]);
    }

    pub(super) fn restart(&mut self) {
        self.play.restart();
    }

    /// The pause after a failed attempt.
    pub(super) fn pause(&self, attempt: i64) -> i64 {
        self.retry << (attempt - 1)
    }

    /// Claims what is there just before a time and at it.
    pub(super) fn claim_around(&mut self, time: i64) -> Option<(String, i64)> {
        self.at(time - 1);
        self.claim();
        self.at(time);
        self.claim()
    }

    /// Claims until nothing is ready.
    pub(super) fn drain(&mut self) {
        while self.claim().is_some() {}
    }

    /// One of the leases, forgotten by the walk.
    fn take_held(&mut self) -> Option<(String, i64, i64)> {
        let last = self.held.len().checked_sub(1)?;
        let i = usize::try_from(self.seed.within(0, last as u64)).unwrap_or(last);
        Some(self.held.swap_remove(i))
    }

    /// One step at random. `faulty` in 100 are repeated or late.
    pub(super) fn random_step(&mut self, faulty: u64) {
        self.tick();
        if self.seed.chance(faulty) {
            return self.faulty_step();
        }
        match self.seed.within(0, 99) {
            0..25 => drop(self.fill(1)),
            25..55 => drop(self.claim()),
            55..68 => {
                if let Some((id, attempt, _)) = self.take_held() {
                    let list = if self.on("ack", &id, attempt) {
                        &mut self.done
                    } else {
                        &mut self.lost
                    };
                    list.push((id, attempt));
                }
            }
            68..80 => {
                if let Some((id, attempt, _)) = self.take_held() {
                    self.on("fail", &id, attempt);
                    self.lost.push((id, attempt));
                }
            }
            80..86 => {
                if let Some((id, attempt, until)) = self.take_held() {
                    let until = if self.on("extend", &id, attempt) {
                        self.now + self.visibility
                    } else {
                        until
                    };
                    self.held.push((id, attempt, until));
                }
            }
            86..96 => {
                // To the end of a lease or of the pause after it.
                let ends = self.held.first().map_or(self.now + self.retry, |held| held.2);
                let time = ends + self.seed.pick(&[-1, 0, 1, self.retry, self.pause(2)]);
                self.at(time);
            }
            _ => self.dead(),
        }
        if self.restarts && self.seed.chance(12) {
            self.restart();
        }
    }

    fn faulty_step(&mut self) {
        let list = match self.seed.within(0, 3) {
            0 => &self.done,
            1 => &self.lost,
            _ => {
                if let Some(id) = self.ids.get(self.play.len() % self.ids.len().max(1)).cloned() {
                    self.enqueue(&id);
                }
                return;
            }
        };
        if list.is_empty() {
            return;
        }
        let (id, attempt) = self.seed.pick(list).clone();
        let op = *self.seed.pick(&["ack", "ack", "fail", "extend"]);
        self.on(op, &id, attempt);
    }
}

fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
