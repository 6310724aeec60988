//! Programs that do no harm are run as they should be, and told of as they were.

use std::time::Duration;

use code::sandbox::{Exit, Stop};

use super::stage::{LIMITS, Wish, hostile, run, start};

#[test]
fn an_honest_program_is_told_of_exactly() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let wish = Wish {
        input: b"hello",
        ..Wish::default()
    };
    let ran = hostile(&mut slot, &["honest", "echo"], &wish);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("hello", ""));
    assert_eq!((ran.outcome.exit, ran.outcome.stop), (Exit::Code(0), None));
    assert_eq!(
        hostile(&mut slot, &["honest", "exit", "7"], &wish).outcome.exit,
        Exit::Code(7)
    );
    for signal in [1, 6, 8, 9, 11, 15] {
        let ran = hostile(&mut slot, &["honest", "signal", &signal.to_string()], &wish);
        assert_eq!((ran.outcome.exit, ran.outcome.stop), (Exit::Signal(signal), None));
    }
    assert_eq!(
        hostile(&mut slot, &["honest", "abort"], &wish).outcome.exit,
        Exit::Signal(6)
    );
    assert_eq!(
        hostile(&mut slot, &["honest", "segv"], &wish).outcome.exit,
        Exit::Signal(11)
    );
}

#[test]
fn cpu_and_memory_are_those_of_the_program() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let spun = hostile(&mut slot, &["honest", "spin", "200"], &Wish::default()).outcome;
    assert!(
        spun.cpu >= Duration::from_millis(200) && spun.cpu < Duration::from_millis(260),
        "{spun:?}"
    );
    assert!(spun.wall >= Duration::from_millis(195), "{spun:?}");
    let touched = hostile(&mut slot, &["honest", "touch", "40"], &Wish::default()).outcome;
    assert!((40 << 20..44 << 20).contains(&touched.memory_peak), "{touched:?}");
    let little = hostile(&mut slot, &["honest", "true"], &Wish::default()).outcome;
    assert!(
        little.memory_peak < 2 << 20 && little.cpu < Duration::from_millis(20),
        "{little:?}"
    );
}

#[test]
fn what_cannot_be_executed_is_the_programs_fault() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let files = [("prog".to_owned(), b"no program".to_vec())];
    let wish = Wish {
        files: &files,
        ..Wish::default()
    };
    assert_eq!(run(&mut slot, &["/w/prog"], &wish).outcome.exit, Exit::Code(126));
    assert_eq!(run(&mut slot, &["/w/none"], &wish).outcome.exit, Exit::Code(127));
}

#[test]
fn every_limit_stops_what_goes_beyond() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let mut limits = LIMITS;
    limits.cpu = Duration::from_millis(100);
    limits.wall = Duration::from_secs(20);
    let wish = Wish {
        limits,
        ..Wish::default()
    };
    let spun = hostile(&mut slot, &["honest", "spin", "5000"], &wish).outcome;
    assert_eq!(spun.stop, Some(Stop::Cpu));
    assert!(spun.cpu >= limits.cpu && spun.cpu < limits.cpu * 3, "{spun:?}");
    limits.wall = Duration::from_millis(400);
    let wish = Wish {
        limits,
        ..Wish::default()
    };
    let slept = hostile(&mut slot, &["honest", "sleep", "5"], &wish).outcome;
    assert_eq!(slept.stop, Some(Stop::Wall));
    assert!(
        slept.wall >= limits.wall && slept.wall < limits.wall * 4,
        "{slept:?}"
    );
    let touched = hostile(&mut slot, &["honest", "touch", "100"], &wish).outcome;
    assert_eq!(touched.stop, Some(Stop::Memory), "{touched:?}");
    assert_eq!(
        hostile(&mut slot, &["honest", "true"], &wish).outcome.exit,
        Exit::Code(0)
    );
}

#[test]
fn data_is_kept_only_when_wanted() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let fresh = Wish::default();
    let kept = Wish {
        keep: true,
        ..Wish::default()
    };
    for folder in ["/w", "/tmp", "/data", "/dev/shm"] {
        let path = format!("{folder}/note");
        assert_eq!(
            hostile(&mut slot, &["honest", "write", &path, "one"], &fresh)
                .outcome
                .exit,
            Exit::Code(0)
        );
        let read = hostile(&mut slot, &["honest", "cat", &path], &kept);
        assert_eq!(read.out == "one", folder == "/data", "{folder}: {read:?}");
        assert_eq!(
            hostile(&mut slot, &["honest", "cat", &path], &fresh).outcome.exit,
            Exit::Code(1),
            "{folder}"
        );
    }
    hostile(&mut slot, &["honest", "write", "/data/note", "secret"], &fresh);
    drop(slot);
    let mut next = sandbox.lease().unwrap();
    let read = hostile(&mut next, &["honest", "cat", "/data/note"], &kept);
    assert_eq!(
        (read.outcome.exit, read.out.as_str()),
        (Exit::Code(1), ""),
        "another lease finds nothing"
    );
}

#[test]
fn files_of_any_length_are_there() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    for len in [0, 10, 40_000, 3 << 20] {
        let files = [("deep/in/file".to_owned(), vec![b'x'; len])];
        let ran = hostile(
            &mut slot,
            &["honest", "cat", "deep/in/file"],
            &Wish {
                files: &files,
                ..Wish::default()
            },
        );
        assert_eq!(ran.out.len(), len.min(super::stage::STREAM));
    }
}

#[test]
fn usage_is_seen_while_it_runs_and_a_kill_is_told() {
    let sandbox = start(1);
    let mut slot = sandbox.lease().unwrap();
    let argv = [
        "/app/honest".to_owned(),
        "touch".to_owned(),
        "30".to_owned(),
        "60".to_owned(),
    ];
    let app = super::stage::programs();
    let limits = LIMITS;
    let run = code::sandbox::Run {
        argv: &argv,
        env: &[],
        app: Some(app),
        files: &[],
        keep: false,
        take: &[],
        limits,
    };
    let mut process = slot.spawn(&run).unwrap();
    assert_eq!(process.wait_for(Duration::from_millis(300)).unwrap(), None);
    let usage = process.usage();
    assert!(
        usage.memory >= 30 << 20 && usage.cpu > Duration::ZERO,
        "{usage:?}"
    );
    process.kill();
    let outcome = process.wait().unwrap();
    assert_eq!(
        (outcome.exit, outcome.stop),
        (Exit::Signal(9), Some(Stop::Killed))
    );
    assert!(outcome.memory_peak >= 30 << 20, "{outcome:?}");
    // Dropped while it runs, it does not hold the slot up.
    drop(slot.spawn(&run).unwrap());
    assert_eq!(
        hostile(&mut slot, &["honest", "true"], &Wish::default())
            .outcome
            .exit,
        Exit::Code(0)
    );
}
