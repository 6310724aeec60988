//! Cases of the cache in which several threads or clients call at once. All calls of one moment carry the same
//! time, so that their order changes nothing about lifetimes.

use super::cases::{Story, audit, delete, each, get, put, size};
use crate::{Call, Seed, Step};

pub(super) fn all_kept(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let per_thread = seed.within(300, 400);
    let key = |thread: u64, n: u64| format!("k{salt}-{thread}-{n}");
    let scripts = threads(4, |thread| {
        let puts = (0..per_thread).map(|n| put(now, &key(thread, n), &format!("v{n}-{thread}"), Some(1000)));
        puts.collect()
    });
    let mut after = Vec::new();
    let keys: Vec<String> = (0..4)
        .flat_map(|t| (0..per_thread).map(move |n| (t, n)))
        .map(|(t, n)| key(t, n))
        .collect();
    audit(&mut after, now, keys.iter().map(String::as_str));
    Story {
        capacity: 4 * per_thread,
        steps: vec![Step::Par(scripts), Step::Par(vec![after])],
    }
}

pub(super) fn crowded(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let capacity = seed.within(8, 12);
    let keys: Vec<Vec<String>> = (0..5)
        .map(|owner| (0..8).map(|n| format!("k{salt}-{owner}-{n}")).collect())
        .collect();
    let scripts = threads(4, |thread| {
        // Keys of its own, whose last value a thread knows, and keys that all share (the last owner).
        let call = |n: u64, seed: &mut Seed| {
            let owner = if seed.chance(50) { thread as usize } else { 4 };
            let key = seed.pick(&keys[owner]).as_str();
            if seed.chance(50) {
                put(now, key, &format!("v{thread}-{n}"), None)
            } else {
                get(now, key)
            }
        };
        (0..700).map(|n| call(n, seed)).collect()
    });
    let mut after = Vec::new();
    audit(&mut after, now, keys.iter().flatten().map(String::as_str));
    Story {
        capacity,
        steps: vec![Step::Par(scripts), Step::Par(vec![after])],
    }
}

pub(super) fn deleted_once(seed: &mut Seed) -> Story {
    let now = seed.within(1, 1000) as i64;
    let salt = seed.within(100, 999);
    let keys: Vec<String> = (0..500).map(|n| format!("k{salt}-{n}")).collect();
    let before = keys
        .iter()
        .map(|key| put(now, key, &format!("v-{key}"), Some(50)))
        .collect();
    let scripts = threads(4, |_| keys.iter().map(|key| delete(now + 1, key)).collect());
    Story {
        capacity: 500,
        steps: vec![
            Step::Par(vec![before]),
            Step::Par(scripts),
            Step::Call(size(now + 1)),
        ],
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
