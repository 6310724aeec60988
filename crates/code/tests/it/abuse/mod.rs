//! Hostile programs, by the numbers of the catalogue of 80 that the design began from: each is run, must come
//! to the end that is told, and must leave nothing behind.
//!
//! Rows 51-53, 55, 57, 58 and 60-72 are about compilers and the protocol and stand with the judge's tests.

mod degraded;
mod files;
mod kernel;
mod mutation;
mod pairs;
mod processes;
mod soak;
mod streams;

use std::time::{Duration, Instant};

use code::sandbox::{Backend, Exit, Limits, Sandbox};

use crate::sandbox::life::groups_of;
use crate::sandbox::stage::{LIMITS, Ran, Wish, hostile, start};

/// A hostile program.
pub(crate) struct Row {
    /// Its numbers in the catalogue.
    pub number: &'static str,
    /// Program and arguments, of those beside this file.
    pub words: &'static [&'static str],
    /// What it runs with.
    pub wish: fn() -> Wish<'static>,
    /// Whether it came to the end that it should.
    pub held: fn(&Ran) -> bool,
}

/// All that runs by itself.
pub(crate) fn rows() -> Vec<&'static Row> {
    [files::ROWS, kernel::ROWS, processes::ROWS, streams::ROWS]
        .into_iter()
        .flatten()
        .collect()
}

/// Small limits, and a wall that only what waits runs into.
pub(crate) fn short() -> Wish<'static> {
    Wish {
        limits: small(),
        ..Wish::default()
    }
}

pub(crate) fn small() -> Limits {
    Limits {
        cpu: Duration::from_millis(300),
        wall: Duration::from_secs(20),
        ..LIMITS
    }
}

/// For programs that wait: a short wall.
pub(crate) fn waiting() -> Wish<'static> {
    Wish {
        limits: Limits {
            wall: Duration::from_millis(300),
            ..LIMITS
        },
        ..Wish::default()
    }
}

/// Runs a row and says what was wrong, if anything.
pub(crate) fn attempt(sandbox: &Sandbox, row: &Row) -> Result<(), String> {
    let mut slot = sandbox.lease().map_err(|error| error.to_string())?;
    let began = Instant::now();
    let ran = hostile(&mut slot, row.words, &(row.wish)());
    if !(row.held)(&ran) {
        let (out, err) = (
            ran.out.get(..200).unwrap_or(&ran.out),
            ran.err.get(..200).unwrap_or(&ran.err),
        );
        return Err(format!(
            "row {} {:?}: {:?} {out:?} {err:?}",
            row.number, row.words, ran.outcome
        ));
    }
    if began.elapsed() > Duration::from_secs(30) {
        return Err(format!("row {} {:?} held the judge up", row.number, row.words));
    }
    aftermath(sandbox, &mut slot).map_err(|why| format!("after row {} {:?}: {why}", row.number, row.words))
}

/// What must hold after any program: nothing lives, nothing is left, and the next honest run goes well.
fn aftermath(sandbox: &Sandbox, slot: &mut code::sandbox::Slot<'_>) -> Result<(), String> {
    let honest = hostile(
        slot,
        &["honest", "echo"],
        &Wish {
            input: b"next",
            ..short()
        },
    );
    if (honest.outcome.exit, honest.out.as_str()) != (Exit::Code(0), "next") {
        return Err(format!("the next honest run went wrong: {honest:?}"));
    }
    let left = hostile(slot, &["processes", "environment"], &short());
    if left.out != "PATH=/usr/bin:/bin\n" {
        return Err(format!("something was left: {:?}", left.out));
    }
    for group in groups_of(sandbox.broker_id().unwrap_or(0)) {
        // The slot itself sits in the groups of version 1; a run only while it goes on.
        let members = std::fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
        if members.lines().count() > 1 {
            return Err(format!("{} is not empty", group.display()));
        }
    }
    Ok(())
}

/// Runs rows under the best backend that there is here, each on a slot that others have used.
fn all(rows: &[Row]) {
    all_in(&start(1), rows);
}

/// The same in a sandbox of the test's choice. What its backend is known not to hold is left out.
pub(crate) fn all_in(sandbox: &Sandbox, rows: &[Row]) {
    let canary = tempfile::Builder::new()
        .prefix("canary")
        .tempdir_in("/var/tmp")
        .expect("a folder");
    std::fs::write(canary.path().join("canary"), "untouched").expect("a file");
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| sandbox.backend() != Backend::Degraded || !degraded::NOT_HELD.contains(&row.words))
        .filter_map(|row| attempt(sandbox, row).err())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        std::fs::read_to_string(canary.path().join("canary")).expect("the canary"),
        "untouched"
    );
    assert!(sandbox.is_alive());
}
