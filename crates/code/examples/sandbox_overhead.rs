//! What the sandbox costs: a program that does nothing, started bare and in the sandbox, in turns, so that both
//! see the same machine. Prints a row of JSON for each way.
//!
//! `cargo run --release -p code --example sandbox_overhead -- BROKER [RUNS]`, where `BROKER` is a binary that
//! serves `broker`.
#![expect(clippy::print_stdout, reason = "its rows are what it is for")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use code::sandbox::{Config, Exit, Limits, Run, Sandbox, Slot, system_binds};

/// Runs of one way before the next has its turn: short, so that a busy spell hits all alike.
const BATCH: usize = 50;
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(1),
    wall: Duration::from_secs(3),
    memory: 64 << 20,
    processes: 32,
    file: 1 << 20,
    disk: 16 << 20,
    inodes: 1024,
    cores: 2.0,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let program = words
        .next()
        .ok_or("the first argument is the binary of the broker")?
        .into();
    let runs: usize = words.next().map_or(Ok(1000), |word| word.parse())?;
    let folder = tempfile::tempdir()?;
    let trivial = folder.path().join("trivial");
    let source = folder.path().join("trivial.c");
    std::fs::write(&source, "int main(void) { return 0; }\n")?;
    let built = Command::new("cc")
        .args(["-O1", "-static", "-o"])
        .arg(&trivial)
        .arg(&source)
        .status()?;
    if !built.success() {
        return Err("the C compiler failed".into());
    }
    let config = Config {
        program,
        slots: 2,
        binds: system_binds(),
        backend: None,
        dropped: None,
    };
    let sandbox = Sandbox::start(config)?;
    let (mut bare, mut ours, mut wrapped) = (Vec::new(), Vec::new(), Vec::new());
    let bubblewrap = Command::new("bwrap")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    let mut slot = sandbox.lease()?;
    for _ in 0..runs.div_ceil(BATCH) {
        timed(&mut bare, || spawn(&mut Command::new(&trivial)))?;
        timed(&mut ours, || inside(&mut slot, folder.path()))?;
        if bubblewrap {
            timed(&mut wrapped, || spawn(wrap(&trivial).args(["/app/trivial"])))?;
        }
    }
    drop(slot);
    row("bare spawn", 1, &mut bare);
    row("sandbox", 1, &mut ours);
    if bubblewrap {
        row("bubblewrap", 1, &mut wrapped);
    }
    println!("{{\"ratio_p50\": {:.2}}}", middle(&ours) / middle(&bare));
    both("bare spawn", runs, |_| spawn(&mut Command::new(&trivial)))?;
    let slots = [sandbox.lease()?, sandbox.lease()?].map(std::sync::Mutex::new);
    both("sandbox", runs, |at| {
        let mut slot = slots[at].lock().map_err(|_| "a worker failed")?;
        inside(&mut slot, folder.path())
    })?;
    Ok(())
}

fn wrap(trivial: &Path) -> Command {
    let mut command = Command::new("bwrap");
    let folder = trivial.parent().unwrap_or(trivial);
    command.args([
        "--unshare-all",
        "--ro-bind",
        "/usr",
        "/usr",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
    ]);
    command
        .args(["--tmpfs", "/tmp", "--ro-bind"])
        .arg(folder)
        .arg("/app");
    command
}

fn spawn(command: &mut Command) -> Result<(), Failure> {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if output.success() {
        Ok(())
    } else {
        Err("the program failed".into())
    }
}

fn inside(slot: &mut Slot<'_>, folder: &Path) -> Result<(), Failure> {
    let argv = ["/app/trivial".to_owned()];
    let run = Run {
        argv: &argv,
        env: &[],
        app: Some(folder),
        files: &[],
        keep: false,
        take: &[],
        limits: LIMITS,
    };
    let outcome = slot.spawn(&run)?.wait()?;
    if outcome.exit == Exit::Code(0) {
        Ok(())
    } else {
        Err(format!("{outcome:?}").into())
    }
}

/// One batch, each run timed in milliseconds.
fn timed(times: &mut Vec<f64>, mut run: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    for _ in 0..BATCH {
        let began = Instant::now();
        run()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(())
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

fn row(way: &str, workers: usize, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let p95 = times[times.len() * 95 / 100];
    let rate = times.len() as f64 * 1000.0 / times.iter().sum::<f64>();
    println!(
        "{{\"way\": \"{way}\", \"workers\": {workers}, \"runs\": {}, \"p50_ms\": {:.3}, \"p95_ms\": {p95:.3}, \"runs_per_s\": {rate:.0}}}",
        times.len(),
        middle(times),
    );
}

/// Two workers at once.
fn both(way: &str, runs: usize, run: impl Fn(usize) -> Result<(), Failure> + Sync) -> Result<(), Failure> {
    let began = Instant::now();
    let failed = std::thread::scope(|scope| {
        let run = &run;
        let workers = [0, 1]
            .map(|at| scope.spawn(move || (0..runs).find_map(|_| run(at).err().map(|e| e.to_string()))));
        workers.into_iter().find_map(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| Some("a worker failed".to_owned()))
        })
    });
    if let Some(why) = failed {
        return Err(why.into());
    }
    let rate = 2.0 * runs as f64 / began.elapsed().as_secs_f64();
    println!(
        "{{\"way\": \"{way}\", \"workers\": 2, \"runs\": {}, \"runs_per_s\": {rate:.0}}}",
        2 * runs
    );
    Ok(())
}
