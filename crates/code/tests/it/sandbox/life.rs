//! Slots and the broker die and are replaced; nothing is left of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use code::sandbox::{Backend, Exit, Refused, Sandbox, TakeOut};

use super::stage::{LIMITS, Wish, config, degraded, hostile, start};

/// Folders of control groups whose name has this broker's number.
pub(crate) fn groups_of(broker: u32) -> Vec<PathBuf> {
    fn below(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if entry.file_name().to_string_lossy().starts_with(name) {
                    found.push(entry.path());
                }
                below(&entry.path(), name, found);
            }
        }
    }
    let mut found = Vec::new();
    below(
        Path::new("/sys/fs/cgroup"),
        &format!("spar-{broker}-"),
        &mut found,
    );
    found
}

/// Waits until something holds.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn runs(sandbox: &Sandbox) {
    let mut slot = sandbox.lease().expect("a slot");
    assert_eq!(
        hostile(&mut slot, &["honest", "true"], &Wish::default())
            .outcome
            .exit,
        Exit::Code(0)
    );
}

fn kill(pid: u32) {
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
    assert!(killed.expect("the program `kill`").success());
}

#[test]
fn the_self_test_passes() {
    start(1).self_test().unwrap();
    degraded().self_test().unwrap();
}

#[test]
fn a_killed_broker_is_replaced_and_leaves_nothing() {
    let sandbox = start(2);
    runs(&sandbox);
    let first = sandbox.broker_id().unwrap();
    let held = sandbox.lease().unwrap();
    kill(first);
    eventually("the broker is dead", || !sandbox.is_alive());
    drop(held);
    runs(&sandbox);
    assert!(sandbox.is_alive());
    assert_ne!(sandbox.broker_id(), Some(first));
    assert_eq!(
        groups_of(first),
        Vec::<PathBuf>::new(),
        "the next broker sweeps what the dead one left"
    );
}

#[test]
fn a_broker_killed_during_a_run_is_an_error_and_no_program_lives_on() {
    let sandbox = start(1);
    let argv = ["/app/honest".to_owned(), "sleep".to_owned(), "77".to_owned()];
    let app = Some(super::stage::programs());
    let run = code::sandbox::Run {
        argv: &argv,
        env: &[],
        app,
        files: &[],
        keep: false,
        take: &[],
        limits: LIMITS,
    };
    let mut slot = sandbox.lease().unwrap();
    let mut process = slot.spawn(&run).unwrap();
    assert_eq!(process.wait_for(Duration::from_millis(100)).unwrap(), None);
    kill(sandbox.broker_id().unwrap());
    assert!(
        process.wait().is_err(),
        "the platform failed, and it is told as that"
    );
    drop(slot);
    runs(&sandbox);
    eventually("the program is dead", || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        !all.map(|entry| std::fs::read(entry.path().join("cmdline")).unwrap_or_default())
            .any(|words| words == b"/app/honest\0sleep\x0077\0")
    });
}

#[test]
fn a_sandbox_that_ends_leaves_no_group() {
    let sandbox = start(2);
    let held = (sandbox.lease().unwrap(), sandbox.lease().unwrap());
    let broker = sandbox.broker_id().unwrap();
    let none = sandbox.backend() == Backend::Degraded;
    assert_eq!(
        groups_of(broker).is_empty(),
        none,
        "slots have groups while they live"
    );
    drop(held);
    drop(sandbox);
    assert_eq!(groups_of(broker), Vec::<PathBuf>::new());
}

#[test]
fn a_slot_is_built_anew_after_many_runs() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let space = |slot: &mut code::sandbox::Slot<'_>| {
        super::stage::run(
            slot,
            &["/usr/bin/readlink", "/proc/self/ns/net"],
            &Wish::default(),
        )
        .out
    };
    let first = space(&mut slot);
    for _ in 0..498 {
        hostile(&mut slot, &["honest", "true"], &Wish::default());
    }
    assert_eq!(space(&mut slot), first, "the same slot");
    assert_ne!(space(&mut slot), first, "another slot");
}

#[test]
fn leases_wait_for_each_other() {
    let sandbox = start(2);
    let most = std::sync::atomic::AtomicUsize::new(0);
    let now = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut slot = sandbox.lease().unwrap();
                most.fetch_max(
                    now.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1,
                    std::sync::atomic::Ordering::SeqCst,
                );
                let ran = hostile(&mut slot, &["honest", "exit", "3"], &Wish::default());
                assert_eq!(ran.outcome.exit, Exit::Code(3));
                now.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
    });
    assert!((1..=2).contains(&most.into_inner()));
}

#[test]
fn only_plain_files_are_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let to = |name: &str| folder.path().join(name);
    let want = |from: &str| TakeOut {
        from: from.to_owned(),
        to: to(from.trim_matches('/')),
        max_bytes: 1 << 20,
    };
    let names = [
        "plain",
        "link",
        "hard",
        "fifo",
        "sparse",
        "big",
        "dir",
        "in/through",
        "missing",
        "socket",
    ];
    let mut take: Vec<TakeOut> = names.iter().map(|name| want(name)).collect();
    for from in ["../etc/passwd", "/etc/passwd"] {
        take.push(TakeOut {
            from: from.to_owned(),
            to: to("way-out"),
            max_bytes: 1 << 20,
        });
    }
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let wish = Wish {
        take: &take,
        ..Wish::default()
    };
    let ran = hostile(&mut slot, &["files", "artifacts"], &wish);
    assert_eq!((ran.outcome.exit, ran.err.as_str()), (Exit::Code(0), ""));
    let expected = [
        Ok(5),
        Err(Refused::Link),
        Ok(5),
        Err(Refused::Kind),
        Err(Refused::Size),
        Err(Refused::Size),
        Err(Refused::Kind),
        Err(Refused::Link),
        Err(Refused::Missing),
        Err(Refused::Kind),
        Err(Refused::Link),
        Err(Refused::Link),
    ];
    assert_eq!(ran.outcome.taken, expected);
    assert_eq!(std::fs::read(to("plain")).unwrap(), b"plain");
    assert!(!to("link").exists() && !to("way-out").exists());
}

#[test]
fn a_program_that_is_missing_is_an_error_of_the_start() {
    let mut missing = config(1);
    missing.program = PathBuf::from("/nowhere/broker");
    assert!(matches!(
        Sandbox::start(missing),
        Err(code::sandbox::Error::Start { .. })
    ));
    let mut bind = config(1);
    bind.binds.push(PathBuf::from("/nowhere"));
    let sandbox = Sandbox::start(bind).unwrap();
    assert!(
        matches!(sandbox.lease(), Err(code::sandbox::Error::Slot(_))),
        "a folder that is missing is named"
    );
}
