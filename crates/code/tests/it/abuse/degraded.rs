//! Without control groups: what is still held, and that what is not is said.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use code::sandbox::{Backend, Config, Sandbox};

use super::{all_in, attempt, files, kernel, rows};
use crate::sandbox::stage::{Wish, config, degraded, hostile, program, programs, start};

/// Rows that resource limits of single processes cannot hold, or hold with another end than told.
pub(super) const NOT_HELD: [&[&str]; 5] = [
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
fn root_has_groups_here() {
    // Where this fails there are no groups for tests, and the catalogue shows less than it says.
    if is_root() {
        assert_ne!(start(1).backend(), Backend::Degraded);
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").expect("this process").uid() == 0
}

#[test]
fn an_ordinary_user_has_a_sandbox_too() {
    // Only root can start a broker as somebody else; as an ordinary user the whole catalogue shows it.
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    std::fs::copy(program(), place("broker")).expect("a copy of the broker");
    let script = format!(
        "#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups {} \"$@\"\n",
        place("broker").display()
    );
    std::fs::write(place("nobody"), script).expect("a script");
    for path in [folder.path(), &place("broker"), &place("nobody"), programs()] {
        std::fs::set_permissions(path, Permissions::from_mode(0o755)).expect("others may read it");
    }
    let sandbox = Sandbox::start(Config {
        program: place("nobody"),
        ..config(1)
    })
    .expect("namespaces for users");
    assert_eq!(sandbox.backend(), Backend::Degraded);
    all_in(&sandbox, kernel::ROWS);
    all_in(&sandbox, files::ROWS);
    let mut slot = sandbox.lease().expect("a slot");
    hostile(
        &mut slot,
        &["honest", "write", "/data/note", "kept"],
        &Wish::default(),
    );
    let read = hostile(
        &mut slot,
        &["honest", "cat", "/data/note"],
        &Wish {
            keep: true,
            ..Wish::default()
        },
    );
    assert_eq!(read.out, "kept");
}
