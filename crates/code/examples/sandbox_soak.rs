//! As many hostile runs as one likes, mixed, on two slots; then sees that nothing of them is left.
//!
//! `cargo run --release -p code --example sandbox_soak -- BROKER [RUNS]`, where `BROKER` is a binary that serves
//! `broker`. Prints one row of JSON; fails if anything is left or the broker was ever down. The programs are
//! those of the tests, so it is run where the source is.
#![expect(clippy::print_stdout, reason = "its row is what it is for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use code::sandbox::{Config, Exit, Limits, Run, Sandbox, Slot, system_binds};

/// Short, so that ten thousand runs take minutes.
const LIMITS: Limits = Limits {
    cpu: Duration::from_millis(20),
    wall: Duration::from_millis(60),
    memory: 64 << 20,
    processes: 32,
    file: 8 << 20,
    disk: 16 << 20,
    inodes: 256,
    cores: 2.0,
};
/// Of an honest program, which must not fail because the machine is busy.
const PATIENT: Limits = Limits {
    cpu: Duration::from_secs(2),
    wall: Duration::from_secs(30),
    ..LIMITS
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let program = PathBuf::from(
        words
            .next()
            .ok_or("the first argument is the binary of the broker")?,
    );
    let runs: usize = words.next().map_or(Ok(10_000), |word| word.parse())?;
    let folder = tempfile::tempdir()?;
    for name in ["processes", "honest"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/it/abuse")
            .join(format!("{name}.c"));
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O1", "-w", "-pthread", "-o"])
            .arg(folder.path().join(name))
            .arg(source);
        if !compiler.status()?.success() {
            return Err("the C compiler failed".into());
        }
    }
    let sandbox = Sandbox::start(Config {
        program,
        slots: 2,
        binds: system_binds(),
        backend: None,
        dropped: None,
    })?;
    both(&sandbox, |_, slot| honest(slot, folder.path()))?;
    let broker = sandbox.broker_id().ok_or("there is no broker")?;
    let before = held(broker);
    let began = Instant::now();
    both(&sandbox, |worker, slot| {
        for run in 0..runs / 2 {
            hostile(slot, folder.path(), run * 2 + worker)?;
            if run % 100 == 0 {
                honest(slot, folder.path())?;
            }
        }
        Ok(())
    })?;
    both(&sandbox, |_, slot| honest(slot, folder.path()))?;
    let seconds = began.elapsed().as_secs_f64();
    // The dead are buried by their parents, a moment later.
    std::thread::sleep(Duration::from_millis(500));
    let after = held(broker);
    let (up, clean) = (sandbox.broker_id() == Some(broker), before == after);
    println!(
        "{{\"runs\": {runs}, \"seconds\": {seconds:.0}, \"broker_up\": {up}, \"nothing_left\": {clean}}}"
    );
    drop(sandbox);
    match up && clean {
        true => Ok(()),
        false => Err(format!("before {before:?}, after {after:?}").into()),
    }
}

fn both(
    sandbox: &Sandbox,
    run: impl Fn(usize, &mut Slot<'_>) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let run = &run;
        let workers = [0, 1].map(|worker| scope.spawn(move || run(worker, &mut sandbox.lease()?)));
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| "a worker failed")?)
    })
}

fn hostile(slot: &mut Slot<'_>, folder: &Path, number: usize) -> Result<(), Failure> {
    let argv = [
        "/app/processes".to_owned(),
        "mixed".to_owned(),
        number.to_string(),
    ];
    start(slot, folder, &argv, LIMITS).map(drop)
}

fn honest(slot: &mut Slot<'_>, folder: &Path) -> Result<(), Failure> {
    let argv = ["/app/honest".to_owned(), "exit".to_owned(), "3".to_owned()];
    match start(slot, folder, &argv, PATIENT)? {
        Exit::Code(3) => Ok(()),
        other => Err(format!("an honest run ended with {other:?}").into()),
    }
}

fn start(slot: &mut Slot<'_>, folder: &Path, argv: &[String], limits: Limits) -> Result<Exit, Failure> {
    let run = Run {
        argv,
        env: &[],
        app: Some(folder),
        files: &[],
        keep: false,
        take: &[],
        limits,
    };
    Ok(slot.spawn(&run)?.wait()?.exit)
}

/// What is held of the machine.
fn held(broker: u32) -> BTreeMap<&'static str, usize> {
    let of = |pid: &str, what: &str| Path::new("/proc").join(pid).join(what);
    let lines = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default().lines().count();
    let count = |path: PathBuf| std::fs::read_dir(path).map_or(0, Iterator::count);
    let programs = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            std::fs::read(entry.path().join("cmdline"))
                .unwrap_or_default()
                .starts_with(b"/app/processes\0mixed")
        });
    let mut groups = 0;
    let mut folders = vec![PathBuf::from("/sys/fs/cgroup")];
    while let Some(folder) = folders.pop() {
        let below = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in below.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            groups += usize::from(
                entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with(&format!("spar-{broker}-")),
            );
            folders.push(entry.path());
        }
    }
    BTreeMap::from([
        ("programs", programs.count()),
        ("groups", groups),
        ("descriptors of the broker", count(of(&broker.to_string(), "fd"))),
        ("descriptors of the server", count(of("self", "fd"))),
        ("mounts", lines(of("self", "mountinfo"))),
    ])
}
