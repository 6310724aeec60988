//! The limiter as the prompt tells it, and its broken variants. Whole numbers throughout, so that fractions of a
//! token are exact.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use crate::Call;
use crate::history::{int, text};

/// What is broken in a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bug {
    FixedWindow,
    CountsOneLonger,
    RefusedUsesUp,
    WholeTokens,
    StartsEmpty,
    Overfull,
    OneForAll,
    CostIgnored,
    RetryRoundsDown,
    NeverHasTime,
    NegativeGives,
    TimeRunsBack,
}

/// Each broken variant with its slug and what is wrong with it.
pub(super) const BUGS: [(Bug, &str, &str); 12] = [
    (
        Bug::FixedWindow,
        "fixed-window",
        "The sliding window is a fixed one that starts anew at each multiple of its length.",
    ),
    (
        Bug::CountsOneLonger,
        "counts-one-longer",
        "A request still counts in the millisecond in which it leaves the window.",
    ),
    (
        Bug::RefusedUsesUp,
        "refused-uses-up",
        "A refused request uses up budget.",
    ),
    (
        Bug::WholeTokens,
        "whole-tokens",
        "Each call refills whole tokens only and forgets the fraction.",
    ),
    (
        Bug::StartsEmpty,
        "starts-empty",
        "The bucket of a new key is empty.",
    ),
    (
        Bug::Overfull,
        "overfull",
        "A bucket that is left alone fills beyond its limit.",
    ),
    (Bug::OneForAll, "one-for-all", "All keys share one budget."),
    (
        Bug::CostIgnored,
        "cost-ignored",
        "Each request takes one, whatever its cost.",
    ),
    (
        Bug::RetryRoundsDown,
        "retry-rounds-down",
        "The wait for a token is rounded down, so that the retry is refused again.",
    ),
    (
        Bug::NeverHasTime,
        "never-has-time",
        "A request that costs more than the limit is told to retry after a while.",
    ),
    (
        Bug::NegativeGives,
        "negative-gives",
        "A negative cost is allowed and gives budget back.",
    ),
    (
        Bug::TimeRunsBack,
        "time-runs-back",
        "A time before the latest one is taken as it is, so that the same span refills twice.",
    ),
];

/// The limiter. Ordered by what it holds, so that the search can remember states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Limiter {
    bug: Option<Bug>,
    sliding: bool,
    limit: i64,
    window: i64,
    latest: i64,
    keys: BTreeMap<String, Budget>,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Budget {
    /// Of a bucket: its tokens, each `window` parts, so that a millisecond refills `limit` parts.
    parts: i64,
    /// When the bucket was filled up to `parts`.
    at: i64,
    /// Of a sliding window: when requests were allowed, with their costs.
    log: VecDeque<(i64, i64)>,
    /// The costs in `log`.
    used: i64,
}

impl Limiter {
    pub(super) fn new(init: &[Value], bug: Option<Bug>) -> Self {
        let number = |place: usize| init.get(place).and_then(Value::as_i64).unwrap_or(1).max(1);
        Self {
            bug,
            sliding: init.first().and_then(Value::as_str) == Some("sliding_window"),
            limit: number(1),
            window: number(2),
            latest: 0,
            keys: BTreeMap::new(),
        }
    }

    /// Makes a call and gives its answer.
    pub(super) fn answer(&mut self, call: &Call) -> Value {
        let (allowed, remaining, retry) = self.allow(int(call, 0), text(call, 1), int(call, 2));
        json!({ "allowed": allowed, "remaining": remaining, "retry_after_ms": retry })
    }

    fn allow(&mut self, now: i64, key: &str, cost: i64) -> (bool, i64, Option<i64>) {
        self.latest = self.latest.max(now);
        let now = if self.bug == Some(Bug::TimeRunsBack) {
            now
        } else {
            self.latest
        };
        let key = if self.bug == Some(Bug::OneForAll) { "" } else { key };
        let cost = if self.bug == Some(Bug::CostIgnored) {
            1
        } else {
            cost
        };
        let mut budget = self.keys.remove(key).unwrap_or_else(|| self.fresh(now));
        self.settle(&mut budget, now);
        let free = self.free(&budget);
        let negative = cost < 0 && self.bug != Some(Bug::NegativeGives);
        let allowed = !negative && cost <= free;
        let never = negative || cost > self.limit;
        let retry = match (allowed, never) {
            (true, _) => Some(0),
            (false, true) if self.bug == Some(Bug::NeverHasTime) => Some(self.window),
            (false, true) => None,
            (false, false) => Some(self.wait(&budget, now, cost)),
        };
        if allowed || self.bug == Some(Bug::RefusedUsesUp) && !negative {
            self.take(&mut budget, now, cost);
        }
        let remaining = self.free(&budget);
        self.keys.insert(key.to_owned(), budget);
        (allowed, remaining, retry)
    }

    fn fresh(&self, now: i64) -> Budget {
        let empty = self.bug == Some(Bug::StartsEmpty);
        Budget {
            parts: if empty { 0 } else { self.limit * self.window },
            at: now,
            log: VecDeque::new(),
            used: 0,
        }
    }

    /// Brings a budget to a time.
    fn settle(&self, budget: &mut Budget, now: i64) {
        if self.sliding {
            let counts = |at: i64| match self.bug {
                Some(Bug::FixedWindow) => at / self.window == now / self.window,
                Some(Bug::CountsOneLonger) => now.saturating_sub(at) <= self.window,
                _ => now.saturating_sub(at) < self.window,
            };
            while let Some(&(at, cost)) = budget.log.front()
                && !counts(at)
            {
                budget.log.pop_front();
                budget.used -= cost;
            }
            return;
        }
        // The span is cut to the window, in which any bucket fills: the product stays far below 2^63.
        let span = match self.bug {
            Some(Bug::Overfull) => now - budget.at,
            _ => (now - budget.at).min(self.window),
        };
        budget.parts += span.max(0) * self.limit;
        budget.at = now;
        if self.bug != Some(Bug::Overfull) {
            budget.parts = budget.parts.min(self.limit * self.window);
        }
        if self.bug == Some(Bug::WholeTokens) {
            budget.parts -= budget.parts % self.window;
        }
    }

    /// Whole units that could be taken.
    fn free(&self, budget: &Budget) -> i64 {
        if self.sliding {
            self.limit - budget.used
        } else {
            budget.parts / self.window
        }
    }

    fn take(&self, budget: &mut Budget, now: i64, cost: i64) {
        if !self.sliding {
            budget.parts = (budget.parts - cost * self.window).max(0);
        } else if cost != 0 {
            budget.log.push_back((now, cost));
            budget.used += cost;
        }
    }

    /// Milliseconds until a cost fits that does not now and does not exceed the limit.
    fn wait(&self, budget: &Budget, now: i64, cost: i64) -> i64 {
        if self.sliding {
            let mut over = budget.used + cost - self.limit;
            let leaves = budget.log.iter().find(|(_, cost)| {
                over -= cost;
                over <= 0
            });
            return leaves.map_or(0, |(at, _)| at + self.window - now);
        }
        let lacking = cost * self.window - budget.parts;
        if self.bug == Some(Bug::RetryRoundsDown) {
            lacking / self.limit
        } else {
            (lacking + self.limit - 1) / self.limit
        }
    }
}
