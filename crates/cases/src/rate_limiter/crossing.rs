//! Cases of the limiter in which several threads or clients call at once. The calls of one step carry the same
//! time, so that their order changes nothing but who is served.

use super::cases::{Algorithm, Story, allow, each, new};
use crate::{Call, Seed, Step};

pub(super) const KINDS: [(&str, &str, fn(&mut Seed, Algorithm) -> Story); 5] = [
    (
        "hot-key",
        "However many threads ask for one key at once, exactly as many requests are allowed as fit.",
        hot_key,
    ),
    (
        "new-keys",
        "Threads that are the first to ask for a key at once share one budget.",
        new_keys,
    ),
    (
        "refilled",
        "What comes back while threads ask is given out once.",
        refilled,
    ),
    (
        "explained",
        "Calls at once answer as if they had been made one at a time, in some order.",
        explained,
    ),
    (
        "pipelined",
        "Calls of one client take effect in the order they were sent, whatever the other clients do.",
        pipelined,
    ),
];

fn hot_key(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = 1500 + seed.within(1, 300) as i64;
    let now = seed.within(1, 1000) as i64;
    // A race shows by chance, so that each case runs its threads several times.
    let steps = (0..5).map(|round| {
        let key = format!("hot-{}", seed.within(1000, 9999) * 10 + round);
        Step::Par(threads(4, |_| vec![allow(now, &key, 1); 500]))
    });
    Story {
        steps: steps.collect(),
        init: new(algorithm, limit, 60_000),
    }
}

fn new_keys(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = seed.within(2, 3) as i64;
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let round = |round| {
        let keys: Vec<String> = (0..300).map(|n| format!("new-{salt}-{round}-{n}")).collect();
        let ask = |cost| {
            keys.iter()
                .map(move |key| allow(now, key, cost))
                .collect::<Vec<Call>>()
        };
        // All threads in the same order, so that they meet at each key.
        [Step::Par(threads(4, |_| ask(1))), Step::Par(vec![ask(0)])]
    };
    Story {
        init: new(algorithm, limit, 60_000),
        steps: (0..4).flat_map(round).collect(),
    }
}

fn refilled(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let limit = 400 + seed.within(1, 99) as i64;
    let window = 1000 + seed.within(1, 97) as i64;
    let mut now = seed.within(1, 1000) as i64;
    let mut steps = Vec::new();
    for _ in 0..8 {
        steps.push(Step::Par(threads(4, |_| vec![allow(now, "shared", 1); 250])));
        now += seed.within(window as u64 / 5, window as u64) as i64;
    }
    steps.push(Step::Call(allow(now, "shared", 0)));
    Story {
        init: new(algorithm, limit, window),
        steps,
    }
}

fn explained(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let now = seed.within(1, 1000) as i64;
    let limit = seed.within(6, 9) as i64;
    let scripts = threads(4, |_| (0..6).map(|_| crossing(seed, now)).collect());
    let mut steps = vec![Step::Call(allow(now, "a", 2)), Step::Par(scripts)];
    steps.extend(each(vec![
        allow(now, "a", 0),
        allow(now, "b", 0),
        allow(now + 100, "a", 1),
    ]));
    Story {
        init: new(algorithm, limit, 1000),
        steps,
    }
}

fn pipelined(seed: &mut Seed, algorithm: Algorithm) -> Story {
    let now = seed.within(1, 1000) as i64;
    let limit = seed.within(6, 9) as i64;
    let mut calls: Vec<Call> = (0..16)
        .map(|n| Call {
            client: n / 4,
            ..crossing(seed, now)
        })
        .collect();
    // Clients take turns on the wire.
    calls.sort_by_key(|call| call.client % 2);
    let mut steps = vec![Step::Call(allow(now, "b", 1)), Step::Together(calls)];
    steps.extend(each(vec![
        allow(now, "a", 0),
        allow(now, "b", 0),
        allow(now + 100, "b", 1),
    ]));
    Story {
        init: new(algorithm, limit, 1000),
        steps,
    }
}

/// A call of one of several clients on two keys.
fn crossing(seed: &mut Seed, now: i64) -> Call {
    allow(now, seed.pick::<&str>(&["a", "b"]), seed.within(0, 3) as i64)
}

fn threads(count: u32, mut script: impl FnMut(u32) -> Vec<Call>) -> Vec<Vec<Call>> {
    let of = |thread: u32| {
        let calls = script(thread).into_iter();
        calls
            .map(|call| Call {
                client: thread,
                ..call
            })
            .collect()
    };
    (0..count).map(of).collect()
}
