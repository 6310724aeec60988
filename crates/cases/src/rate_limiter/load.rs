//! Cases for measuring: how the time grows with keys and requests, and what is held in memory.

use domain::GroupId;

use super::cases::{Algorithm, Story, allow, case, new};
use crate::{Call, Case, Seed, Step};

/// A sliding window whose busiest key has `size` requests in it, beside `size` keys that are all in use. The
/// second half of the busy key's requests is refused.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut seed = Seed::new(seed, "rate-limiter/scale");
    let salt = seed.within(100, 999);
    let mut calls = Vec::new();
    for n in 0..size {
        let now = 2 * n as i64;
        calls.push(allow(now, "busy", 1));
        calls.push(allow(now, &format!("key-{salt}-{n}"), 1));
        calls.push(allow(now + 1, "busy", 1));
    }
    let size = size as i64;
    let story = Story {
        init: new(Algorithm::SlidingWindow, size, 4 * size),
        steps: batches(calls, 2000),
    };
    let rule = "The time of a call hardly grows with the number of keys and of requests in the window.";
    case(format!("scale-{size}"), GroupId::Scale, rule, story)
}

/// Keys of 1.4 KiB that are used once and never again, 43 MiB in all: a program that keeps them passes the limit
/// of 40 MiB, whatever its language adds.
const IDLE: u64 = 32_000;

/// Each key is used once; a window later its budget is whole again, and nothing of it needs to be known.
pub(super) fn memory(seed: u64) -> Case {
    let mut seed = Seed::new(seed, "rate-limiter/memory");
    let letter = |_| char::from(b'a' + seed.within(0, 25) as u8);
    let filler: String = (0..1400).map(letter).collect();
    let calls = (0..IDLE).map(|n| allow(n as i64, &format!("{n}-{filler}"), 2));
    let story = Story {
        init: new(Algorithm::TokenBucket, 5, 50),
        steps: batches(calls.collect(), 100),
    };
    let rule = "A key whose budget is whole again is not kept in memory.";
    case("memory-1".to_owned(), GroupId::Memory, rule, story)
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
