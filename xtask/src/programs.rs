//! The budgets of the code round: what the sandbox costs beside a bare process, and what hostile programs leave
//! behind.

use std::process::Command;

use crate::bench::{Limit, Row, figure_named};
use crate::process::{command, record};
use crate::project::{Outcome, Project};
use crate::toolchains;

/// Hostile programs in the long run; the tests run 500.
const HOSTILE_RUNS: &str = "10000";

/// All rows.
pub(crate) fn rows(project: &Project) -> Vec<Row> {
    let mut rows = overhead_rows(project);
    rows.extend(leftover_rows(project));
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
            "hostile runs: brokers lost",
            "broker_lost",
            "",
            Limit::AtMost(0.0),
        ),
        row(
            "hostile runs: things left behind",
            "left_behind",
            "",
            Limit::AtMost(0.0),
        ),
    ]
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
    let broker = project.spar();
    let broker = broker.to_string_lossy();
    let arguments = [&build[..], &[&broker], arguments].concat();
    recorded(project, name, &mut command(&project.root, "cargo", &arguments))
}

fn recorded(project: &Project, name: &str, command: &mut Command) -> Outcome<String> {
    let log = project.scratch("logs")?.join(format!("{name}.log"));
    command.env("SPAR_GO", toolchains::go(project));
    match record(command, &log, false)? {
        (true, output) => Ok(output),
        (false, _) => Err(format!("`{name}` failed; see {}", log.display())),
    }
}

fn figure(printed: &Outcome<String>, name: &str) -> Outcome<f64> {
    let output = printed.as_ref().map_err(Clone::clone)?;
    figure_named(output, name).ok_or_else(|| format!("no `{name}` was printed"))
}
