//! Streams without end, and programs that do not listen.

use code::sandbox::Stop;

use super::{Row, all, short, waiting};
use crate::sandbox::stage::{Ran, Wish};

fn killed(ran: &Ran) -> bool {
    ran.flooded && ran.outcome.stop == Some(Stop::Killed)
}

/// More than any pipe holds.
static MUCH: [u8; 4 << 20] = [b'x'; 4 << 20];

pub(super) const ROWS: &[Row] = &[
    Row {
        number: "10",
        words: &["streams", "lines"],
        wish: short,
        held: killed,
    },
    Row {
        number: "11",
        words: &["streams", "err"],
        wish: short,
        held: killed,
    },
    Row {
        number: "12",
        words: &["streams", "blank"],
        wish: short,
        held: killed,
    },
    Row {
        number: "13",
        words: &["streams", "endless"],
        wish: short,
        held: killed,
    },
    Row {
        number: "48",
        words: &["streams", "deaf"],
        wish: || Wish {
            input: &MUCH,
            ..waiting()
        },
        held: |ran| ran.outcome.stop == Some(Stop::Wall),
    },
];

#[test]
fn streams_are_held() {
    all(ROWS);
}
