//! The examples of the prompt.

use domain::GroupId;

use super::cases::{Story, case, delete, each, get, put, size};
use crate::Case;

/// The first `count` of the three examples.
pub(super) fn all(count: u32) -> Vec<Case> {
    let order = vec![
        put(0, "a", "1", None),
        put(1, "b", "2", None),
        get(2, "a"),
        put(3, "c", "3", None),
        get(4, "b"),
        get(4, "a"),
        size(4),
    ];
    let lifetime = vec![
        put(0, "a", "1", Some(10)),
        get(9, "a"),
        get(10, "a"),
        size(10),
        delete(10, "a"),
        put(11, "a", "2", None),
        get(5000, "a"),
    ];
    let room = vec![
        put(0, "a", "1", None),
        put(1, "b", "2", Some(5)),
        get(2, "b"),
        put(6, "c", "3", None),
        get(7, "a"),
        put(8, "a", "4", None),
        get(9, "c"),
        delete(9, "a"),
        size(9),
    ];
    let examples = [
        (
            "order",
            "When a new key does not fit, the entry that was used least recently leaves.",
            order,
        ),
        (
            "lifetime",
            "An entry put at p with a lifetime of t is there while now_ms < p + t, and gone from then on.",
            lifetime,
        ),
        (
            "room",
            "An expired entry takes no room, and overwriting evicts nobody.",
            room,
        ),
    ];
    let cases = examples.into_iter().map(|(id, rule, calls)| {
        let story = Story {
            capacity: 2,
            steps: each(calls),
        };
        case(id.to_owned(), GroupId::Examples, rule, story)
    });
    cases.take(count as usize).collect()
}
