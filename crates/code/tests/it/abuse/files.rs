//! Files: filling, growing, reading and writing what is not one's own.

use code::sandbox::{Exit, Limits, Stop};

use super::{Row, all, short};
use crate::sandbox::stage::{LIMITS, Ran, Wish};

/// Long enough to fill folders on a busy machine.
fn long() -> Wish<'static> {
    Wish {
        limits: Limits {
            wall: std::time::Duration::from_secs(20),
            ..LIMITS
        },
        ..Wish::default()
    }
}

/// Stopped by the bound of the folder, 16 MiB.
fn full(ran: &Ran) -> bool {
    ran.outcome.exit == Exit::Code(1)
        && ran
            .out
            .trim()
            .parse::<u32>()
            .is_ok_and(|mib| (12..=16).contains(&mib))
}

fn refused(ran: &Ran) -> bool {
    let why = ran.out.trim();
    ran.outcome.exit == Exit::Code(1) && ["EACCES", "EROFS", "ENOENT", "EPERM"].contains(&why)
}

const fn row(number: &'static str, words: &'static [&'static str], held: fn(&Ran) -> bool) -> Row {
    Row {
        number,
        words,
        wish: long,
        held,
    }
}

pub(super) const ROWS: &[Row] = &[
    row("7", &["files", "fill", "/w"], full),
    row("7", &["files", "fill", "/tmp"], full),
    row("7", &["files", "fill", "/data"], full),
    row("9", &["files", "fill", "/dev/shm"], full),
    row("8", &["files", "inodes"], |ran| {
        ran.out
            .trim()
            .split_once(' ')
            .is_some_and(|(made, why)| made.parse::<u32>().is_ok_and(|made| made <= 256) && why == "ENOSPC")
    }),
    row("9", &["files", "memfd"], |ran| {
        ran.outcome.stop == Some(Stop::Memory)
    }),
    row("14", &["files", "sparse"], |ran| ran.out == "EFBIG\n"),
    row("74", &["files", "xfsz"], |ran| {
        ran.outcome.exit == Exit::Signal(25)
    }),
    row("19", &["files", "read", "/proc/1/environ"], refused),
    row("19", &["files", "read", "/proc/1/maps"], refused),
    row("19", &["files", "read", "/proc/kallsyms"], refused),
    row("19", &["files", "read", "/proc/keys"], refused),
    row("19", &["files", "read", "/proc/1/exe"], refused),
    row("16, 49", &["files", "read", "/etc/shadow"], refused),
    row("49", &["files", "read", "/root/.bashrc"], refused),
    row("49", &["files", "read", "/var/lib/dpkg/status"], refused),
    row("49", &["files", "read", "/etc/passwd"], |ran| {
        ran.out.lines().count() == 5 && ran.out.contains("candidate")
    }),
    row("49", &["files", "descriptors"], |ran| {
        ran.outcome.exit == Exit::Code(0)
    }),
    row("50", &["files", "write", "/app/honest"], refused),
    row("50", &["files", "write", "/usr/bin/env"], refused),
    row("50", &["files", "write", "/etc/passwd"], refused),
    row("50", &["files", "write", "/new"], refused),
    row("50", &["files", "write", "/dev/new"], refused),
    row("50", &["files", "write", "/proc/self/oom_score_adj"], refused),
    row("76", &["files", "write", "/sys/fs/cgroup/cgroup.procs"], refused),
    row("79", &["files", "open"], |ran| ran.out == "256 EMFILE\n"),
    row("80", &["files", "locks"], |ran| ran.out == "EMFILE EPERM\n"),
];

#[test]
fn files_are_held() {
    all(ROWS);
}

#[test]
fn a_submission_cannot_bring_what_others_load() {
    // Row 54: the environment is what the judge says, and nothing is read from the current folder.
    let sandbox = crate::sandbox::stage::start(1);
    let mut slot = sandbox.lease().unwrap();
    let files = [
        ("sitecustomize.py".to_owned(), b"print('loaded')".to_vec()),
        ("libc.so.6".to_owned(), b"no".to_vec()),
    ];
    let ran = crate::sandbox::stage::hostile(
        &mut slot,
        &["honest", "echo"],
        &Wish {
            files: &files,
            ..short()
        },
    );
    assert_eq!((ran.outcome.exit, ran.out.as_str()), (Exit::Code(0), ""));
}
