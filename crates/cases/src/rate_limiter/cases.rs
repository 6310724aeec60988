//! Generated cases of the limiter: each shows one rule of the prompt.

use domain::GroupId;
use serde_json::{Value, json};

use super::model::Limiter;
use super::{crossing, examples};
use crate::{Call, Case, Script, Seed, Step, Wanted};

/// A kind of case: its slug, its rule, and what makes one; the algorithm is for those that know both.
pub(super) type Kind = (&'static str, &'static str, fn(&mut Seed, Algorithm) -> Story);

/// The two algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    TokenBucket,
    SlidingWindow,
}

use Algorithm::{SlidingWindow, TokenBucket};

const BEHAVIOUR: [Kind; 8] = [
    (
        "refills",
        "A bucket refills all the time, limit tokens in window_ms; fractions of a token are kept.",
        |seed, _| {
            walk(
                seed,
                TokenBucket,
                &Walk {
                    steady: 90,
                    ..Walk::default()
                },
            )
        },
    ),
    (
        "full",
        "The bucket of a new key is full, and none ever holds more than limit tokens.",
        |seed, _| {
            walk(
                seed,
                TokenBucket,
                &Walk {
                    idle: 40,
                    keys: 2,
                    calls: 60,
                    ..Walk::default()
                },
            )
        },
    ),
    (
        "slides",
        "In a sliding window a request counts for window_ms from the moment it was allowed, and no longer.",
        |seed, _| {
            walk(
                seed,
                SlidingWindow,
                &Walk {
                    steady: 60,
                    ..Walk::default()
                },
            )
        },
    ),
    (
        "refused",
        "A refused request uses nothing up.",
        |seed, algorithm| {
            walk(
                seed,
                algorithm,
                &Walk {
                    steady: 40,
                    costs: 3,
                    ..Walk::default()
                },
            )
        },
    ),
    ("keys", "Each key has a budget of its own.", |seed, algorithm| {
        walk(
            seed,
            algorithm,
            &Walk {
                steady: 70,
                keys: 4,
                ..Walk::default()
            },
        )
    }),
    (
        "costs",
        "A request takes its whole cost or nothing.",
        |seed, algorithm| {
            walk(
                seed,
                algorithm,
                &Walk {
                    steady: 30,
                    costs: 5,
                    ..Walk::default()
                },
            )
        },
    ),
    (
        "retries",
        "retry_after_ms is the shortest wait after which the same request is allowed.",
        |seed, algorithm| {
            walk(
                seed,
                algorithm,
                &Walk {
                    retry: 80,
                    costs: 4,
                    ..Walk::default()
                },
            )
        },
    ),
    ("together", "All rules hold together.", |seed, algorithm| {
        let long = Walk {
            steady: 40,
            idle: 5,
            retry: 50,
            keys: 3,
            costs: 4,
            calls: 120,
        };
        walk(seed, algorithm, &long)
    }),
];

const EDGES: [Kind; 7] = [
    (
        "never",
        "A request that costs more than limit is refused with null: no wait helps it.",
        never,
    ),
    (
        "negative",
        "A negative cost is refused with null and changes nothing.",
        negative,
    ),
    ("free", "A cost of 0 is always allowed and takes nothing.", free),
    (
        "clock-back",
        "A time before the latest that any call brought counts as that latest time.",
        clock_back,
    ),
    (
        "odd-keys",
        "Any text is a key, whatever it means to the language.",
        odd_keys,
    ),
    (
        "smallest",
        "A limit of 1 and a window of 1 ms work like any other.",
        smallest,
    ),
    (
        "largest",
        "A limit of a million a day is exact to the millisecond.",
        largest,
    ),
];

/// The constructor's arguments and what happens.
pub(super) struct Story {
    pub(super) init: Vec<Value>,
    pub(super) steps: Vec<Step>,
}

pub(super) fn generate(wanted: Wanted) -> Vec<Case> {
    let kinds: &[Kind] = match wanted.group {
        GroupId::Examples => return examples::all(wanted.count),
        GroupId::Behaviour => &BEHAVIOUR,
        GroupId::Edges => &EDGES,
        GroupId::Concurrency => &crossing::KINDS,
        _ => return Vec::new(),
    };
    let numbered = (0..wanted.count as usize).map(|index| {
        let (slug, rule, story) = kinds[index % kinds.len()];
        let round = index / kinds.len();
        let algorithm = [TokenBucket, SlidingWindow][round % 2];
        let id = format!("{slug}-{}", round + 1);
        let mut seed = Seed::new(wanted.seed, &format!("rate-limiter/{id}"));
        case(id, wanted.group, rule, story(&mut seed, algorithm))
    });
    numbered.collect()
}

pub(super) fn case(id: String, group: GroupId, rule: &str, story: Story) -> Case {
    Case {
        id,
        group,
        rule: rule.to_owned(),
        script: Script::Calls {
            init: story.init,
            steps: story.steps,
        },
    }
}

/// How a random story goes.
struct Walk {
    /// Percent of the calls that come a fraction of a token's time after the one before.
    steady: u64,
    /// Percent that come after a window and more.
    idle: u64,
    /// Percent of the refused calls that are tried again, right when it was said or one millisecond before.
    retry: u64,
    keys: usize,
    /// The highest cost.
    costs: u64,
    calls: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            steady: 50,
            idle: 0,
            retry: 30,
            keys: 1,
            costs: 1,
            calls: 48,
        }
    }
}

/// A story that asks the right model what was answered, so that it can retry when it should.
fn walk(seed: &mut Seed, algorithm: Algorithm, walk: &Walk) -> Story {
    let limit = seed.within(3.max(walk.costs), 9) as i64;
    // No multiple of the limit, so that a token takes no whole number of milliseconds.
    let window = limit * seed.within(30, 200) as i64 + seed.within(1, limit as u64 - 1) as i64;
    let init = new(algorithm, limit, window);
    let mut model = Limiter::new(&init, None);
    let salt = seed.within(100, 999);
    let keys: Vec<String> = (0..walk.keys).map(|n| format!("user-{salt}-{n}")).collect();
    let mut now = seed.within(1, 1_000_000) as i64;
    let mut calls: Vec<Call> = Vec::new();
    while calls.len() < walk.calls {
        let call = allow(now, seed.pick(&keys).as_str(), seed.within(1, walk.costs) as i64);
        let answer = model.answer(&call);
        calls.push(call.clone());
        let wait = answer["retry_after_ms"].as_i64().unwrap_or(0);
        if wait > 0 && seed.chance(walk.retry) {
            // Refused once more a moment too early, then allowed, unless another key's call moved the clock.
            for at in [now + wait - 1, now + wait] {
                let again = Call {
                    args: vec![json!(at), call.args[1].clone(), call.args[2].clone()],
                    ..call.clone()
                };
                model.answer(&again);
                calls.push(again);
            }
            now += wait;
        }
        let token = (window / limit) as u64;
        now += if seed.chance(walk.idle) {
            window + seed.within(0, 3 * window as u64) as i64
        } else if seed.chance(walk.steady) {
            seed.within(1, token.max(2) / 2) as i64
        } else {
            0
        };
    }
    Story {
        init,
        steps: each(calls),
    }
}

fn never(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = seed.within(3, 9) as i64;
    let mut now = seed.within(1, 1000) as i64;
    let mut calls = Vec::new();
    for over in [limit + 1, limit + 1 + seed.within(1, 1000) as i64, 1_000_000_000] {
        calls.extend([allow(now, "big", over), allow(now, "big", 1)]);
        now += 7;
    }
    calls.extend([
        allow(now, "whole", limit),
        allow(now, "whole", limit + 1),
        allow(now, "whole", limit),
    ]);
    Story {
        init: new(algorithm, limit, 1000),
        steps: each(calls),
    }
}

fn negative(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = seed.within(3, 9) as i64;
    let now = seed.within(1, 1000) as i64;
    let low = -(seed.within(2, 1_000_000) as i64);
    let mut calls = vec![
        allow(now, "evil", limit),
        allow(now, "evil", -1),
        allow(now, "evil", low),
    ];
    calls.extend([
        allow(now, "evil", 1),
        allow(now + 1, "new", -limit),
        allow(now + 1, "new", limit),
        allow(now + 1, "new", 1),
    ]);
    Story {
        init: new(algorithm, limit, 997),
        steps: each(calls),
    }
}

fn free(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = seed.within(3, 9) as i64;
    let mut now = seed.within(1, 1000) as i64;
    let mut calls = vec![allow(now, "a", 0), allow(now, "a", limit - 1), allow(now, "a", 0)];
    calls.extend([allow(now, "a", 1), allow(now, "a", 0), allow(now, "a", 1)]);
    for _ in 0..6 {
        now += seed.within(1, 300) as i64;
        calls.extend([allow(now, "a", 0), allow(now, "a", 0)]);
    }
    Story {
        init: new(algorithm, limit, 991),
        steps: each(calls),
    }
}

/// Two servers whose clocks differ take turns.
fn clock_back(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = seed.within(4, 9) as i64;
    let window = 1000 + seed.within(1, 97) as i64;
    let mut now = 10_000 + seed.within(1, 1000) as i64;
    let mut calls = vec![allow(now, "a", limit), allow(now, "b", limit - 1)];
    for _ in 0..10 {
        now += seed.within(50, 200) as i64;
        let behind = now - seed.within(200, 900) as i64;
        calls.extend([allow(now, "a", 1), allow(behind, "a", 1), allow(behind, "b", 2)]);
    }
    let idle = now + window;
    calls.extend([
        allow(idle, "a", limit),
        allow(1, "a", 1),
        allow(0, "fresh", 1),
        allow(idle, "a", 1),
    ]);
    Story {
        init: new(algorithm, limit, window),
        steps: each(calls),
    }
}

fn odd_keys(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let mut keys = [
        "",
        " ",
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "A",
        "a",
        "naïve",
        "键",
        "a\"b\\",
        "10.0.0.1",
    ];
    seed.shuffle(&mut keys);
    let limit = seed.within(2, 3) as i64;
    let now = seed.within(1, 1000) as i64;
    let twice = keys
        .iter()
        .flat_map(|key| [allow(now, key, 1), allow(now + 1, key, 1)]);
    let after = keys.iter().map(|key| allow(now + 2, key, limit - 1));
    Story {
        init: new(algorithm, limit, 1000),
        steps: each(twice.chain(after).collect()),
    }
}

fn smallest(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let mut now = seed.within(1, 1000) as i64;
    let mut calls = Vec::new();
    for _ in 0..12 {
        calls.extend([allow(now, "a", 1), allow(now, "a", 1), allow(now, "b", 1)]);
        now += seed.within(0, 2) as i64;
    }
    Story {
        init: new(algorithm, 1, 1),
        steps: each(calls),
    }
}

fn largest(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let day = 86_400_000;
    let limit = 1_000_000 - seed.within(1, 1000) as i64;
    // The milliseconds of the year 2026: beyond 32 bits.
    let mut now = 1_767_225_600_000 + seed.within(0, 1_000_000_000) as i64;
    let mut calls = vec![allow(now, "bulk", limit), allow(now, "bulk", 1)];
    for _ in 0..8 {
        now += seed.within(1, 200) as i64;
        calls.extend([
            allow(now, "bulk", 1),
            allow(now, "other", seed.within(1000, 100_000) as i64),
        ]);
    }
    now += day - seed.within(1, 1000) as i64;
    calls.extend([allow(now, "bulk", limit), allow(now, "other", limit)]);
    now += 1000;
    calls.extend([
        allow(now, "bulk", limit),
        allow(now + 50 * day, "bulk", limit),
        allow(now + 50 * day, "bulk", 1),
    ]);
    Story {
        init: new(algorithm, limit, day),
        steps: each(calls),
    }
}

pub(super) fn new(algorithm: Algorithm, limit: i64, window: i64) -> Vec<Value> {
    let name = match algorithm {
        TokenBucket => "token_bucket",
        SlidingWindow => "sliding_window",
    };
    vec![json!(name), json!(limit), json!(window)]
}

pub(super) fn each(calls: Vec<Call>) -> Vec<Step> {
    calls.into_iter().map(Step::Call).collect()
}

pub(super) fn allow(now: i64, key: &str, cost: i64) -> Call {
    Call {
        client: 0,
        op: "allow".to_owned(),
        args: vec![json!(now), json!(key), json!(cost)],
    }
}
