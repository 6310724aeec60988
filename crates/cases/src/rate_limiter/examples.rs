//! The examples of the prompt.

use domain::GroupId;

use super::cases::{Algorithm, Story, allow, case, each, new};
use crate::Case;

/// The first `count` of the three examples.
pub(super) fn all(count: u32) -> Vec<Case> {
    let bucket = vec![
        allow(0, "ann", 3),
        allow(0, "ann", 2),
        allow(0, "bob", 1),
        allow(250, "ann", 2),
        allow(250, "ann", 5),
    ];
    let window = vec![
        allow(0, "ann", 3),
        allow(600, "ann", 1),
        allow(999, "ann", 1),
        allow(1000, "ann", 3),
        allow(1000, "ann", 1),
    ];
    let odd = vec![
        allow(0, "ann", 5),
        allow(0, "ann", -1),
        allow(0, "ann", 0),
        allow(500, "ann", 4),
        allow(100, "ann", 1),
    ];
    let examples = [
        (
            "token-bucket",
            "A bucket starts full and refills all the time, limit tokens in window_ms.",
            Algorithm::TokenBucket,
            bucket,
        ),
        (
            "sliding-window",
            "In a sliding window a request counts for window_ms from the moment it was allowed, and no longer.",
            Algorithm::SlidingWindow,
            window,
        ),
        (
            "odd-requests",
            "What can never be allowed is refused with null, a cost of 0 takes nothing, and time never runs back.",
            Algorithm::TokenBucket,
            odd,
        ),
    ];
    let cases = examples.into_iter().map(|(id, rule, algorithm, calls)| {
        let story = Story {
            init: new(algorithm, 4, 1000),
            steps: each(calls),
        };
        case(id.to_owned(), GroupId::Examples, rule, story)
    });
    cases.take(count as usize).collect()
}
