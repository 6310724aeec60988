//! Cases for measuring: how the time grows with the number of entries, and what is held in memory.

use domain::GroupId;

use super::cases::{Story, case, get, put, size};
use crate::{Call, Case, Seed, Step};

/// Calls that a right program answers in a time that hardly grows with the number of entries: `size` entries,
/// half of them with lifetimes, evicted, read and counted.
pub(super) fn scale(size_n: u64, seed: u64) -> Case {
    let mut seed = Seed::new(seed, "lru-cache/scale");
    let mut calls = Vec::new();
    for n in 0..2 * size_n {
        let now = n as i64;
        let ttl = (n % 2 == 0).then(|| (size_n + seed.within(0, size_n)) as i64);
        calls.push(put(now, &format!("k{n}"), &format!("v{n}"), ttl));
        if n % 2 == 0 {
            let earlier = n - seed.within(0, n.min(size_n));
            calls.push(get(now, &format!("k{earlier}")));
        }
        if n % 8 == 0 {
            calls.push(size(now));
        }
    }
    let story = Story {
        capacity: size_n,
        steps: batches(calls, 2000),
    };
    case(format!("scale-{size_n}"), GroupId::Scale, SCALE, story)
}

const SCALE: &str = "The time of a call hardly grows with the number of entries.";

/// Entries of 1.4 KiB in each half of the memory case, 43 MiB in all of each: a program that keeps them
/// passes the limit of 40 MiB, whatever its language adds.
const HELD: u64 = 32_000;

/// Entries that expire and are never asked for, then long lives that are cut short by the next put: a program
/// may keep neither.
pub(super) fn memory(seed: u64) -> Case {
    let mut seed = Seed::new(seed, "lru-cache/memory");
    let filler: String = (0..1400)
        .map(|_| char::from(b'a' + seed.within(0, 25) as u8))
        .collect();
    let mut calls = Vec::new();
    let mut now = 1;
    for n in 0..HELD {
        now += 1;
        calls.push(put(now, &format!("k{n}"), &format!("{n}{filler}"), Some(5)));
    }
    calls.push(size(now));
    for n in 0..HELD {
        calls.push(put(now, &format!("{}{filler}", n % 20), "v", Some(3_600_000)));
    }
    calls.push(size(now + 5));
    let story = Story {
        capacity: 2 * HELD,
        steps: batches(calls, 100),
    };
    case(
        "memory-1".to_owned(),
        GroupId::Memory,
        "What has expired or was replaced is not kept in memory.",
        story,
    )
}

/// Calls of one thread in long lines, so that the time of the pipe does not count.
fn batches(calls: Vec<Call>, per_line: usize) -> Vec<Step> {
    let mut left = calls.into_iter();
    let next = || {
        let batch: Vec<Call> = left.by_ref().take(per_line).collect();
        (!batch.is_empty()).then(|| Step::Par(vec![batch]))
    };
    std::iter::from_fn(next).collect()
}
