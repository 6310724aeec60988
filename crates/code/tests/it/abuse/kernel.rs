//! Calls that would change or look behind what holds a program.

use code::sandbox::Exit;

use super::{Row, all, short};
use crate::sandbox::stage::Ran;

/// Every call of the program was refused.
fn refused(ran: &Ran) -> bool {
    ran.outcome.exit == Exit::Code(0) && ran.out.is_empty()
}

const fn row(number: &'static str, what: &'static [&'static str]) -> Row {
    Row {
        number,
        words: what,
        wish: short,
        held: refused,
    }
}

pub(super) const ROWS: &[Row] = &[
    row("20, 21, 22", &["kernel", "processes"]),
    row("26, 27, 28", &["kernel", "network"]),
    row("31", &["kernel", "privileges"]),
    row("32, 37", &["kernel", "mounts"]),
    row("33", &["kernel", "namespaces"]),
    row("34, 35, 36, 39, 78", &["kernel", "parts"]),
    Row {
        number: "38",
        words: &["kernel", "foreign"],
        wish: short,
        // Killed by the filter, or by a kernel that does not know the other architecture.
        held: |ran| matches!(ran.outcome.exit, Exit::Signal(31 | 11)),
    },
];

#[test]
fn calls_are_refused() {
    all(ROWS);
}
