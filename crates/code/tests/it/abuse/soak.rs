//! Many hostile runs, mixed: at the end nothing of them is left, and the broker has never been down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use code::sandbox::{Exit, Limits};

use crate::sandbox::life::{eventually, groups_of};
use crate::sandbox::stage::{LIMITS, Wish, hostile, start};

/// Runs in CI; the example `sandbox_soak` makes as many as one likes.
const RUNS: usize = 500;

/// What this process and its children hold of the machine.
fn held(broker: u32) -> BTreeMap<&'static str, usize> {
    let count = |path: PathBuf| std::fs::read_dir(path).map_or(0, Iterator::count);
    let processes = std::fs::read_dir("/proc").expect("the processes").flatten();
    let ours = processes.filter(|entry| {
        let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        words.starts_with(b"/app/processes\0mixed")
    });
    let of = |pid: &str| Path::new("/proc").join(pid);
    let lines = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default().lines().count();
    BTreeMap::from([
        ("programs", ours.count()),
        ("groups", groups_of(broker).len()),
        (
            "descriptors of the broker",
            count(of(&broker.to_string()).join("fd")),
        ),
        (
            "mounts of the broker",
            lines(of(&broker.to_string()).join("mountinfo")),
        ),
        ("mounts of the host", lines(of("self").join("mountinfo"))),
    ])
}

#[test]
fn nothing_is_left_of_many_hostile_runs() {
    let sandbox = start(2);
    let limits = Limits {
        cpu: Duration::from_millis(20),
        wall: Duration::from_millis(60),
        ..LIMITS
    };
    let honest = |slot: &mut code::sandbox::Slot<'_>| {
        let ran = hostile(
            slot,
            &["honest", "echo"],
            &Wish {
                input: b"fine",
                ..Wish::default()
            },
        );
        assert_eq!(
            (ran.outcome.exit, ran.out.as_str()),
            (Exit::Code(0), "fine"),
            "{ran:?}"
        );
    };
    let both = |run: &(dyn Fn(usize, &mut code::sandbox::Slot<'_>) + Sync)| {
        std::thread::scope(|scope| {
            for worker in 0..2 {
                let sandbox = &sandbox;
                scope.spawn(move || run(worker, &mut sandbox.lease().expect("a slot")));
            }
        });
    };
    both(&|_, slot| honest(slot));
    let broker = sandbox.broker_id().expect("a broker");
    let before = held(broker);
    both(&|worker, slot| {
        for run in 0..RUNS / 2 {
            let number = (run * 2 + worker).to_string();
            hostile(
                slot,
                &["processes", "mixed", &number],
                &Wish {
                    limits,
                    ..Wish::default()
                },
            );
            if run % 25 == 0 {
                honest(slot);
            }
        }
    });
    both(&|_, slot| honest(slot));
    assert_eq!(sandbox.broker_id(), Some(broker), "the broker was never down");
    // The dead are buried by their parents, a moment later.
    eventually("as much is held as before", || held(broker) == before);
    for group in groups_of(broker) {
        let used = std::fs::read_to_string(group.join("memory.usage_in_bytes"));
        let used = used
            .or_else(|_| std::fs::read_to_string(group.join("memory.current")))
            .unwrap_or_default();
        let used: u64 = used.trim().parse().unwrap_or(0);
        assert!(used < 16 << 20, "{used} bytes are left in {}", group.display());
    }
    drop(sandbox);
    assert_eq!(groups_of(broker), Vec::<PathBuf>::new());
}
