//! The budgets of the code round: what the sandbox costs beside a bare process, what hostile programs leave
//! behind, whether verdicts hold while both cores are busy, and how long a candidate waits in the browser.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bench::{Limit, Row, figure_named};
use crate::process::{command, record};
use crate::project::{Outcome, Project};
use crate::toolchains;

/// Hostile programs in the long run; the tests run 500.
const HOSTILE_RUNS: &str = "10000";

/// How often each verdict that rests on a clock is given anew.
const TIMES: &str = "100";

/// All rows.
pub(crate) fn rows(project: &Project) -> Vec<Row> {
    let mut rows = overhead_rows(project);
    rows.extend(leftover_rows(project));
    rows.push(verdict_row(project));
    rows.push(browser_row(project));
    rows
}

fn overhead_rows(project: &Project) -> Vec<Row> {
    let printed = example(project, "sandbox_overhead", &[]);
    let row = |what: &str, name: &'static str, unit, limit| Row {
        what: what.to_owned(),
        unit,
        limit,
        measured: figure(&printed, name),
    };
    vec![
        row("bare process: p50", "bare_p50_ms", "ms", Limit::None),
        row("sandbox: p50", "sandbox_p50_ms", "ms", Limit::None),
        row(
            "sandbox: p50 over bare",
            "sandbox_p50_over_bare",
            "x",
            Limit::AtMost(2.0),
        ),
        row("sandbox: p95", "sandbox_p95_ms", "ms", Limit::AtMost(3.0)),
        row(
            "sandbox, two workers",
            "sandbox_two_per_s",
            "runs/s",
            Limit::AtLeast(600.0),
        ),
        row("bubblewrap: p50", "bubblewrap_p50_ms", "ms", Limit::None),
        row("bubblewrap: p95", "bubblewrap_p95_ms", "ms", Limit::None),
    ]
}

fn leftover_rows(project: &Project) -> Vec<Row> {
    let printed = example(project, "sandbox_soak", &[HOSTILE_RUNS]);
    let row = |what: &str, name: &'static str, unit, limit| Row {
        what: what.to_owned(),
        unit,
        limit,
        measured: figure(&printed, name),
    };
    vec![
        row("hostile runs", "hostile_runs", "", Limit::AtLeast(10_000.0)),
        row(
            "hostile runs: faults of the sandbox",
            "faults",
            "",
            Limit::AtMost(0.0),
        ),
        row(
            "hostile runs: things left behind",
            "left_behind",
            "",
            Limit::AtMost(0.0),
        ),
        row(
            "hostile runs: honest runs refused",
            "honest_refused",
            "",
            Limit::AtMost(0.0),
        ),
    ]
}

/// Verdicts that differ from the folder of their program, with every core kept busy by somebody else.
fn verdict_row(project: &Project) -> Row {
    let arguments = ["bank", "verify", "--round", "code", "--timed", "--times", TIMES];
    let busy = Spinners::start();
    let mut verify = command(&project.root, &project.spar().to_string_lossy(), &arguments);
    let printed = recorded(project, "verdicts", &mut verify);
    drop(busy);
    Row {
        what: format!("verdicts by a clock, {TIMES} times, busy: flips"),
        unit: "",
        limit: Limit::AtMost(0.0),
        measured: figure(&printed, "flips"),
    }
}

/// From the click on Submit to the scorecard of a Python program, in a real browser.
fn browser_row(project: &Project) -> Row {
    let mut node = command(&project.root.join("e2e"), "node", &["bench/submit.js"]);
    node.env("SPAR_BIN", project.spar());
    Row {
        what: "log-stream in Python: click to scorecard".to_owned(),
        unit: "ms",
        limit: Limit::AtMost(3_000.0),
        measured: figure(&recorded(project, "submit", &mut node), "click_to_scorecard_ms"),
    }
}

/// Runs an example of the judge's crate, which prints lines `NAME NUMBER`.
fn example(project: &Project, name: &str, arguments: &[&str]) -> Outcome<String> {
    let build = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "code",
        "--example",
        name,
        "--",
    ];
    let arguments = [&build[..], arguments].concat();
    recorded(project, name, &mut command(&project.root, "cargo", &arguments))
}

fn recorded(project: &Project, name: &str, command: &mut Command) -> Outcome<String> {
    let log = project.scratch("logs")?.join(format!("{name}.log"));
    command
        .env("SPAR_GO", toolchains::go(project))
        .env("SPAR_BROKER", project.spar());
    match record(command, &log, false)? {
        (true, output) => Ok(output),
        (false, _) => Err(format!("`{name}` failed; see {}", log.display())),
    }
}

fn figure(printed: &Outcome<String>, name: &str) -> Outcome<f64> {
    let output = printed.as_ref().map_err(Clone::clone)?;
    figure_named(output, name).ok_or_else(|| format!("no `{name}` was printed"))
}

/// A thread for each core that does nothing but keep it busy, until dropped.
struct Spinners(Arc<AtomicBool>);

impl Spinners {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..cores {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Self(stop)
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
