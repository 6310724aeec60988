//! Without control groups: what is still held, and that what is not is said.

use std::collections::BTreeSet;

use code::sandbox::Backend;

use super::{attempt, rows};
use crate::sandbox::stage::{degraded, start};

/// Rows that resource limits of single processes cannot hold, or hold with another end than told.
const NOT_HELD: [&[&str]; 5] = [
    // Files in memory are nobody's.
    &["files", "memfd"],
    // What is used is sampled, so a program may be gone or refused before a sample shows it.
    &["processes", "touch"],
    &["processes", "family"],
    // What is reserved counts.
    &["processes", "reserve"],
    // No share of cores.
    &["processes", "spinners"],
];

#[test]
fn what_is_not_held_without_groups_is_reported() {
    let sandbox = degraded();
    assert_eq!(sandbox.backend(), Backend::Degraded);
    let warnings = sandbox.warnings().join(" ");
    for word in ["Memory", "Files", "cores", "CPU"] {
        assert!(warnings.contains(word), "{word} is not among {warnings}");
    }
    let failed: BTreeSet<&[&str]> = rows()
        .into_iter()
        .filter(|row| {
            attempt(&sandbox, row)
                .inspect_err(|why| println!("not held: {why}"))
                .is_err()
        })
        .map(|row| row.words)
        .collect();
    let known: BTreeSet<&[&str]> = NOT_HELD.into_iter().collect();
    let unknown: Vec<_> = failed.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "these are not among what is said not to be held: {unknown:#?}"
    );
    assert!(
        failed.contains(NOT_HELD[0]),
        "a row that nothing holds is seen as that"
    );
    assert!(sandbox.is_alive());
}

#[test]
fn the_best_backend_here_is_none_of_the_degraded() {
    // Where this fails there are no groups for tests, and the catalogue shows less than it says.
    assert_ne!(start(1).backend(), Backend::Degraded);
}
