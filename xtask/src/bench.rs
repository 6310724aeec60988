//! `cargo xtask bench`: the budgets of the design beside what this machine does, measured from outside.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::listening;
use crate::load;
use crate::process::{command, record};
use crate::programs;
use crate::project::{Outcome, Project};
use crate::{need, run};

/// Starts measured; the median counts.
const STARTS: usize = 5;

/// Requests of the load, half for the list and half for single items.
const REQUESTS: usize = 100_000;

/// How long a server may take to answer at all before we give up on it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a figure must lie.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
    /// The design sets none: shown for the reader.
    None,
}

/// A line of the table.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) limit: Limit,
    /// Or why there is no figure.
    pub(crate) measured: Outcome<f64>,
}

/// Measures everything, prints the table, fails when a budget is exceeded.
pub(crate) fn bench(project: &Project) -> Outcome {
    run::build(project)?;
    need::bubblewrap(project)?;
    let mut rows = server_rows(project);
    rows.extend(grading_rows(project));
    rows.extend(coach_rows(project));
    rows.extend(programs::rows(project));
    println!("\n  {:<44} {:>14} {:>14}", "what", "budget", "measured");
    rows.iter().for_each(|row| println!("  {}", row.line()));
    let over = rows
        .iter()
        .filter(|row| matches!(row.verdict(), "OVER" | "missing"))
        .count();
    if over == 0 {
        Ok(())
    } else {
        Err(format!("{over} of {} figures are over or missing", rows.len()))
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        match (&self.measured, self.limit) {
            (Err(_), _) => "missing",
            (Ok(value), Limit::AtMost(most)) if *value > most => "OVER",
            (Ok(value), Limit::AtLeast(least)) if *value < least => "OVER",
            (Ok(_), Limit::None) => "",
            _ => "ok",
        }
    }

    fn line(&self) -> String {
        let Row { what, unit, .. } = self;
        let budget = match self.limit {
            Limit::AtMost(most) => format!("<= {most} {unit}"),
            Limit::AtLeast(least) => format!(">= {least} {unit}"),
            Limit::None => String::new(),
        };
        match &self.measured {
            Ok(value) => {
                let measured = format!("{} {unit}", rounded(*value));
                format!("{what:<44} {budget:>14} {measured:>14}   {}", self.verdict())
            }
            Err(why) => format!("{what:<44} {budget:>14} {:>14}   {why}", "-"),
        }
    }
}

/// Three digits that matter.
fn rounded(value: f64) -> String {
    let digits = if value >= 100.0 || value == 0.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}

/// Start, memory and load of `spar serve`.
fn server_rows(project: &Project) -> Vec<Row> {
    let with_model = project.root.join("models/minilm-int8.onnx").exists();
    let (kind, memory) = if with_model {
        ("with the model", 250.0)
    } else {
        ("without the model", 80.0)
    };
    let measured = measure_server(project);
    let figure = |name: &str, unit, limit, pick: fn(&Figures) -> f64| Row {
        what: name.to_owned(),
        unit,
        limit,
        measured: measured.as_ref().map(pick).map_err(Clone::clone),
    };
    vec![
        figure("start of `spar serve`, median", "ms", Limit::AtMost(300.0), |f| {
            f.start_ms
        }),
        figure(
            "first start, empty data folder",
            "ms",
            Limit::AtMost(300.0),
            |f| f.first_start_ms,
        ),
        figure(
            &format!("resident memory, {kind}"),
            "MB",
            Limit::AtMost(memory),
            |f| f.resident_mb,
        ),
        figure(
            "API: items and single items",
            "req/s",
            Limit::AtLeast(10_000.0),
            |f| f.load.requests_per_s,
        ),
        figure("API: errors", "%", Limit::AtMost(0.1), |f| {
            100.0 * f.load.errors as f64 / f.load.requests as f64
        }),
        figure("API: p50", "ms", Limit::None, |f| ms(f.load.p50)),
        figure("API: p95", "ms", Limit::AtMost(20.0), |f| ms(f.load.p95)),
        figure("API: p99", "ms", Limit::None, |f| ms(f.load.p99)),
    ]
}

/// What was measured of a server.
struct Figures {
    start_ms: f64,
    first_start_ms: f64,
    resident_mb: f64,
    load: load::Load,
}

fn measure_server(project: &Project) -> Outcome<Figures> {
    let data = project.scratch("bench-data")?;
    std::fs::remove_dir_all(&data).map_err(|e| format!("empty `{}`: {e}", data.display()))?;
    let (server, first_start) = Server::start(project, &data)?;
    drop(server);
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        starts.push(Server::start(project, &data)?.1);
    }
    let (server, start) = Server::start(project, &data)?;
    starts.push(start);
    starts.sort_unstable();
    let resident_mb = server.resident_mb()?;
    let load = load::run(server.address, &server.paths()?, REQUESTS)?;
    if let Some(error) = &load.first_error {
        println!(
            "  {} of {} requests failed, the first: {error}",
            load.errors, load.requests
        );
    }
    Ok(Figures {
        start_ms: ms(load::percentile(&starts, 0.5)),
        first_start_ms: ms(first_start),
        resident_mb,
        load,
    })
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A `spar serve` of our own, ended when dropped.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has no work that could be lost, and may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts one and waits until it is healthy; how long that took.
    fn start(project: &Project, data: &Path) -> Outcome<(Server, Duration)> {
        // Found free and let go: somebody else may take it meanwhile, then the start fails, loudly.
        let address = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .map_err(|e| e.to_string())?;
        let start = Instant::now();
        let child = Command::new(project.spar())
            .args(["serve", "--bind", &address.to_string(), "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("start `{}`: {e}", project.spar().display()))?;
        let mut server = Server { child, address };
        loop {
            let health = Connection::open(address).and_then(|mut c| c.get("/api/v1/health"));
            if health.is_ok_and(|health| health.status == 200) {
                return Ok((server, start.elapsed()));
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("`spar serve` ended at once ({status})"));
            }
            if start.elapsed() > PATIENCE {
                return Err(format!(
                    "`spar serve` is not healthy after {} s",
                    PATIENCE.as_secs()
                ));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Resident set size, from the kernel.
    fn resident_mb(&self) -> Outcome<f64> {
        let file = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&file).map_err(|e| format!("read `{file}`: {e}"))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
        let kib = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kib.map(|kib| kib * 1024.0 / 1e6)
            .ok_or_else(|| format!("`{file}` has no VmRSS"))
    }

    /// The list and each item on its first page, in turn.
    fn paths(&self) -> Outcome<Vec<String>> {
        let list = "/api/v1/items";
        let response = Connection::open(self.address)?.get(list)?;
        let text = String::from_utf8_lossy(&response.body);
        let ids = ids(&text);
        if response.status != 200 || ids.is_empty() {
            return Err(format!(
                "GET {list} gave {} and {} items",
                response.status,
                ids.len()
            ));
        }
        Ok(ids
            .iter()
            .flat_map(|id| [list.to_owned(), format!("{list}/{id}")])
            .collect())
    }
}

/// The values of all `id` fields in a JSON text; our ids are slugs and need no unescaping.
fn ids(json: &str) -> Vec<&str> {
    let fields = json.split("\"id\"").skip(1);
    fields
        .filter_map(|rest| {
            rest.trim_start_matches([':', ' '])
                .strip_prefix('"')?
                .split('"')
                .next()
        })
        .collect()
}

/// What a graded answer costs, from an example of `practice`: lines `NAME NUMBER` on stdout, in milliseconds.
fn grading_rows(project: &Project) -> Vec<Row> {
    let run = measure_grading(project);
    let row = |what: &str, name: &str, most: f64| Row {
        what: what.to_owned(),
        unit: "ms",
        limit: Limit::AtMost(most),
        measured: run.clone().and_then(|output| {
            figure_named(&output, name).ok_or_else(|| format!("`grading_cost` printed no `{name}`"))
        }),
    };
    vec![
        row(
            "answer graded with the encoder, p50",
            "with_encoder_p50_ms",
            100.0,
        ),
        row("answer graded without it, p50", "without_encoder_p50_ms", 5.0),
    ]
}

fn measure_grading(project: &Project) -> Outcome<String> {
    if !project
        .root
        .join("crates/practice/examples/grading_cost.rs")
        .exists()
    {
        return Err("`grading_cost` is not there yet".to_owned());
    }
    let arguments = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "practice",
        "--example",
        "grading_cost",
    ];
    let log = project.scratch("logs")?.join("grading_cost.log");
    let (succeeded, output) = record(&mut command(&project.root, "cargo", &arguments), &log, false)?;
    if succeeded {
        Ok(output)
    } else {
        Err(format!("`grading_cost` failed; see {}", log.display()))
    }
}

/// The coach over HTTP, beside what the same request costs when no sentence is new.
fn coach_rows(project: &Project) -> Vec<Row> {
    let measured = measure_coach(project);
    type Of = fn(&listening::Listening) -> &[Duration];
    let row = |what: &str, limit, of: Of, share: f64| Row {
        what: what.to_owned(),
        unit: "ms",
        limit,
        measured: measured
            .as_ref()
            .map(|listening| ms(load::percentile(of(listening), share)))
            .map_err(Clone::clone),
    };
    let (grown, again): (Of, Of) = (|l| &l.grown, |l| &l.again);
    vec![
        row("coach: end of a sentence to nudge, p50", Limit::None, grown, 0.5),
        row(
            "coach: end of a sentence to nudge, p95",
            Limit::AtMost(100.0),
            grown,
            0.95,
        ),
        row("coach: the same with nothing new, p95", Limit::None, again, 0.95),
    ]
}

fn measure_coach(project: &Project) -> Outcome<listening::Listening> {
    let data = project.scratch("bench-coach")?;
    let (server, _) = Server::start(project, &data)?;
    listening::measure(server.address, &project.root.join("bank/answer"))
}

/// The number of a line `NAME NUMBER`.
pub(crate) fn figure_named(output: &str, name: &str) -> Option<f64> {
    output
        .lines()
        .find_map(|line| line.trim().strip_prefix(name)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_figures_are_read() {
        assert_eq!(
            ids(r#"{"items":[{"id":"a-b","title":"x"},{"id": "c"}]}"#),
            ["a-b", "c"]
        );
        assert_eq!(
            figure_named("noise\nwith_encoder_p50_ms 61.5\n", "with_encoder_p50_ms"),
            Some(61.5)
        );
        assert_eq!(figure_named("noise", "with_encoder_p50_ms"), None);
    }

    #[test]
    fn verdicts() {
        let row = |limit, measured| Row {
            what: "x".to_owned(),
            unit: "ms",
            limit,
            measured,
        };
        assert_eq!(row(Limit::AtMost(5.0), Ok(5.0)).verdict(), "ok");
        assert_eq!(row(Limit::AtMost(5.0), Ok(5.1)).verdict(), "OVER");
        assert_eq!(row(Limit::AtLeast(5.0), Ok(4.9)).verdict(), "OVER");
        assert_eq!(
            row(Limit::AtLeast(5.0), Err("gone".to_owned())).verdict(),
            "missing"
        );
        let parts = ["<= 5 ms", "1.23 ms", "ok"];
        let line = row(Limit::AtMost(5.0), Ok(1.234)).line();
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
}
