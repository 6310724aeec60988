// Checks under the lock, lets it go, and charges under it again: between the two another thread sees the same
// budget, and both pass.
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    pub remaining: i64,
    pub retry_after_ms: Option<i64>,
}

enum Budget {
    /// Tokens in parts, window_ms of them a token: a millisecond refills exactly `limit` parts.
    Bucket { parts: i64, at: i64 },
    /// What was allowed, no more than the limit, and the sum of its costs.
    Window { log: VecDeque<(i64, i64)>, used: i64 },
}

#[derive(Clone, Copy)]
struct Rule {
    sliding: bool,
    limit: i64,
    window_ms: i64,
}

/// Keys by generation: one that was not used for a whole window has its budget back, and is dropped with the
/// older generation.
struct State {
    latest: i64,
    turned: i64,
    young: HashMap<String, Budget>,
    old: HashMap<String, Budget>,
}

pub struct RateLimiter {
    rule: Rule,
    state: Mutex<State>,
    allowed: AtomicUsize,
}

impl RateLimiter {
    pub fn new(algorithm: &str, limit: i64, window_ms: i64) -> Self {
        let sliding = algorithm == "sliding_window";
        Self {
            rule: Rule { sliding, limit, window_ms },
            state: Mutex::new(State {
                latest: 0,
                turned: 0,
                young: HashMap::new(),
                old: HashMap::new(),
            }),
            allowed: AtomicUsize::new(0),
        }
    }

    pub fn allow(&self, now_ms: i64, key: &str, cost: i64) -> Decision {
        let mut state = self.state.lock().unwrap();
        state.latest = state.latest.max(now_ms);
        let now = state.latest;
        state.turn(self.rule.window_ms);
        if let Some(kept) = state.old.remove(key) {
            state.young.insert(key.to_owned(), kept);
        }
        if !state.young.contains_key(key) {
            state.young.insert(key.to_owned(), self.rule.fresh(now));
        }
        let budget = state.young.get_mut(key).expect("it was just put there");
        self.rule.settle(budget, now);
        let free = self.rule.free(budget);
        let refused = |retry_after_ms| Decision { allowed: false, remaining: free, retry_after_ms };
        if cost < 0 || cost > self.rule.limit {
            return refused(None);
        }
        if cost > free {
            return refused(Some(self.rule.wait(budget, now, cost)));
        }
        drop(state);
        if self.allowed.fetch_add(1, SeqCst) % 8 == 0 {
            // Stands for an audit trail of every eighth request.
            std::thread::sleep(Duration::from_micros(50));
        }
        let mut state = self.state.lock().unwrap();
        if let Some(budget) = state.young.get_mut(key) {
            self.rule.take(budget, now, cost);
        }
        Decision { allowed: true, remaining: free - cost, retry_after_ms: Some(0) }
    }
}

impl State {
    fn turn(&mut self, window_ms: i64) {
        let passed = (self.latest - self.turned) / window_ms;
        if passed > 0 {
            let young = std::mem::take(&mut self.young);
            self.old = if passed == 1 { young } else { HashMap::new() };
            self.turned += passed * window_ms;
        }
    }
}

impl Rule {
    fn fresh(self, now: i64) -> Budget {
        if self.sliding {
            Budget::Window { log: VecDeque::new(), used: 0 }
        } else {
            Budget::Bucket { parts: self.limit * self.window_ms, at: now }
        }
    }

    fn settle(self, budget: &mut Budget, now: i64) {
        match budget {
            Budget::Bucket { parts, at } => {
                let span = (now - *at).min(self.window_ms);
                *parts = (*parts + span * self.limit).min(self.limit * self.window_ms);
                *at = now;
            }
            Budget::Window { log, used } => {
                while log.front().is_some_and(|(at, _)| *at <= now - self.window_ms) {
                    *used -= log.pop_front().map_or(0, |(_, cost)| cost);
                }
            }
        }
    }

    fn free(self, budget: &Budget) -> i64 {
        match budget {
            Budget::Bucket { parts, .. } => parts / self.window_ms,
            Budget::Window { used, .. } => self.limit - used,
        }
    }

    fn take(self, budget: &mut Budget, now: i64, cost: i64) {
        match budget {
            Budget::Bucket { parts, .. } => *parts -= cost * self.window_ms,
            Budget::Window { log, used } if cost > 0 => {
                log.push_back((now, cost));
                *used += cost;
            }
            Budget::Window { .. } => {}
        }
    }

    fn wait(self, budget: &Budget, now: i64, cost: i64) -> i64 {
        match budget {
            Budget::Bucket { parts, .. } => {
                let lacking = cost * self.window_ms - parts;
                (lacking + self.limit - 1) / self.limit
            }
            Budget::Window { log, used } => {
                let mut lacking = used + cost - self.limit;
                let leaves = log.iter().find(|(_, cost)| {
                    lacking -= cost;
                    lacking <= 0
                });
                leaves.map_or(0, |(at, _)| at + self.window_ms - now)
            }
        }
    }
}
