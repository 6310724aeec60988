//! Cases of the cache in which several threads or clients call at once. All calls of one moment carry the same
//! time, so that their order changes nothing about lifetimes.

use super::cases::{Story, audit, delete, each, get, put, size};
use crate::{Call, Seed, Step};

/// A race shows by chance, so that each case runs its threads several times.
const ROUNDS: u64 = 4;

pub(super) fn all_kept(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let each = seed.within(150, 200);
    let key = |round: u64, thread: u64, n: u64| format!("k{salt}-{round}-{thread}-{n}");
    let round = |round| {
        let puts = |thread, n| put(now, &key(round, thread, n), &format!("v{n}-{thread}"), Some(1000));
        Step::Par(threads(4, |thread| (0..each).map(|n| puts(thread, n)).collect()))
    };
    let mut steps: Vec<Step> = (0..ROUNDS).map(round).collect();
    let of_thread = |round, thread| (0..each).map(move |n| key(round, thread, n));
    let keys: Vec<String> = (0..ROUNDS)
        .flat_map(|round| (0..4).map(move |thread| (round, thread)))
        .flat_map(|(round, thread)| of_thread(round, thread).collect::<Vec<_>>())
        .collect();
    let mut after = Vec::new();
    audit(&mut after, now, keys.iter().map(String::as_str));
    steps.push(Step::Par(vec![after]));
    Story {
        capacity: keys.len() as u64,
        steps,
    }
}

pub(super) fn crowded(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let capacity = seed.within(8, 12);
    let keys: Vec<Vec<String>> = (0..5)
        .map(|owner| (0..8).map(|n| format!("k{salt}-{owner}-{n}")).collect())
        .collect();
    // Keys of its own, whose last value a thread knows, and keys that all share (the last owner).
    let call = |round: u64, thread: u64, n: u64, seed: &mut Seed| {
        let owner = if seed.chance(50) { thread as usize } else { 4 };
        let key = seed.pick(&keys[owner]).as_str();
        if seed.chance(50) {
            put(now, key, &format!("v{round}-{thread}-{n}"), None)
        } else {
            get(now, key)
        }
    };
    let mut round = |round| {
        let script = |thread| (0..500).map(|n| call(round, thread, n, seed)).collect();
        Step::Par(threads(4, script))
    };
    let mut steps: Vec<Step> = (0..ROUNDS).map(&mut round).collect();
    let mut after = Vec::new();
    audit(&mut after, now, keys.iter().flatten().map(String::as_str));
    steps.push(Step::Par(vec![after]));
    Story { capacity, steps }
}

pub(super) fn deleted_once(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let round = |round| {
        let keys: Vec<String> = (0..300).map(|n| format!("k{salt}-{round}-{n}")).collect();
        let puts = keys
            .iter()
            .map(|key| put(now, key, &format!("v-{key}"), Some(50)));
        let deletes = || keys.iter().map(|key| delete(now, key));
        let scripts = threads(4, |_| deletes().collect());
        [Step::Par(vec![puts.collect()]), Step::Par(scripts)]
    };
    let mut steps: Vec<Step> = (0..ROUNDS).flat_map(round).collect();
    steps.push(Step::Call(size(now)));
    Story {
        capacity: 300 * ROUNDS,
        steps,
    }
}

pub(super) fn explained(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let scripts = threads(4, |thread| {
        (0..6).map(|n| crossing(seed, now, thread, n)).collect()
    });
    let mut after = Vec::new();
    audit(&mut after, now + 30, ["a", "b", "c"].into_iter());
    let mut steps = vec![Step::Call(put(now, "a", "first", None)), Step::Par(scripts)];
    steps.extend(each(after));
    Story { capacity: 2, steps }
}

pub(super) fn pipelined(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let mut calls: Vec<Call> = (0..4_u64)
        .flat_map(|client| (0..4).map(move |n| (client, n)))
        .map(|(client, n)| Call {
            client: client as u32,
            ..crossing(seed, now, client, n)
        })
        .collect();
    // Clients take turns on the wire.
    calls.sort_by_key(|call| call.client % 2);
    let mut after = Vec::new();
    audit(&mut after, now + 30, ["a", "b", "c"].into_iter());
    let mut steps = vec![Step::Call(put(now, "b", "first", None)), Step::Together(calls)];
    steps.extend(each(after));
    Story { capacity: 2, steps }
}

/// A call of one of several clients on few keys.
fn crossing(seed: &mut Seed, now: i64, client: u64, n: u64) -> Call {
    let key = *seed.pick(&["a", "b", "c"]);
    match seed.within(0, 9) {
        0..=3 => put(now, key, &format!("v{client}-{n}"), seed.chance(30).then_some(30)),
        4..=7 => get(now, key),
        8 => delete(now, key),
        _ => size(now),
    }
}

fn threads(count: u32, mut script: impl FnMut(u64) -> Vec<Call>) -> Vec<Vec<Call>> {
    let of = |thread: u32| {
        let calls = script(u64::from(thread)).into_iter();
        calls
            .map(|call| Call {
                client: thread,
                ..call
            })
            .collect()
    };
    (0..count).map(of).collect()
}
