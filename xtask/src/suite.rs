//! `cargo xtask test`, `ci` and `check`: runs the steps, all that can run, and tells what came of them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::process::record;
use crate::project::{Outcome, Project};
use crate::steps::{self, Step, Work};

/// Lines of a failed step's output shown where it happened; all of it is in its log.
const SHOWN: usize = 150;

/// What came of a step.
struct Report {
    name: &'static str,
    time: Duration,
    verdict: Verdict,
    /// What the step printed, or said.
    output: String,
    log: Option<PathBuf>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Verdict {
    Passed,
    Failed,
    /// A step that it needs did not pass.
    Blocked(&'static str),
    /// There was nothing to run.
    Absent(&'static str),
}

/// Every check and test there is.
pub(crate) fn test(project: &Project) -> Outcome {
    run(project, steps::all(project))
}

/// Formatting, clippy and tidy.
pub(crate) fn check(project: &Project) -> Outcome {
    run(project, steps::checks(project))
}

fn run(project: &Project, steps: Vec<Step>) -> Outcome {
    let start = Instant::now();
    let count = steps.len();
    let mut reports: Vec<Report> = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        println!("[{:>2}/{count}] {}", index + 1, step.name);
        let report = run_step(project, step, index, &reports)?;
        tell(project, &report);
        reports.push(report);
    }
    finish(&reports, start.elapsed())
}

fn run_step(project: &Project, step: Step, index: usize, earlier: &[Report]) -> Outcome<Report> {
    let start = Instant::now();
    let blocker = step.after.iter().find(|name| {
        earlier
            .iter()
            .any(|report| report.name == **name && report.verdict != Verdict::Passed)
    });
    let mut report = Report {
        name: step.name,
        time: Duration::ZERO,
        verdict: Verdict::Passed,
        output: String::new(),
        log: None,
    };
    match (blocker, step.work) {
        (Some(blocker), _) => report.verdict = Verdict::Blocked(blocker),
        (None, Work::Absent(what)) => report.verdict = Verdict::Absent(what),
        (None, Work::Here(work)) => match work(project) {
            Ok(said) => report.output = said,
            Err(error) => (report.verdict, report.output) = (Verdict::Failed, format!("error: {error}")),
        },
        (None, Work::Program(mut command)) => {
            let file = format!("{:02}-{}.log", index + 1, step.name.replace([':', ' '], "-"));
            let log = project.scratch("logs")?.join(file);
            match record(&mut command, &log, project.ci) {
                Ok((true, output)) => report.output = output,
                Ok((false, output)) => (report.verdict, report.output) = (Verdict::Failed, output),
                Err(error) => (report.verdict, report.output) = (Verdict::Failed, format!("error: {error}")),
            }
            report.log = Some(log);
        }
    }
    report.time = start.elapsed();
    Ok(report)
}

/// Tells how the step went; a failure shows its output, unless CI showed it as it came.
fn tell(project: &Project, report: &Report) {
    let seconds = report.time.as_secs_f64();
    match &report.verdict {
        Verdict::Passed => println!("        passed in {seconds:.1} s"),
        Verdict::Absent(what) => println!("        nothing to do: no {what}"),
        Verdict::Blocked(name) => println!("        not run: `{name}` did not pass"),
        Verdict::Failed => {
            if !(project.ci && report.log.is_some()) {
                let lines: Vec<&str> = report.output.lines().collect();
                for line in &lines[lines.len().saturating_sub(SHOWN)..] {
                    println!("        {line}");
                }
            }
            println!("        FAILED after {seconds:.1} s");
        }
    }
}

/// The table, the failures, and last the test runner's own closing lines, which CI reads.
fn finish(reports: &[Report], time: Duration) -> Outcome {
    println!("\n  step               verdict       seconds");
    for report in reports {
        let verdict = match report.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "FAILED",
            Verdict::Blocked(_) => "not run",
            Verdict::Absent(_) => "absent",
        };
        println!(
            "  {:<18} {verdict:<10} {:>10.1}",
            report.name,
            report.time.as_secs_f64()
        );
    }
    println!("  {:<18} {:<10} {:>10.1}\n", "all", "", time.as_secs_f64());
    let failed: Vec<&Report> = reports.iter().filter(|r| r.verdict == Verdict::Failed).collect();
    for report in &failed {
        let log = report
            .log
            .as_ref()
            .map_or("its line above".to_owned(), |log| log.display().to_string());
        println!("failed: {}; see {log}", report.name);
    }
    for report in reports.iter().filter(|r| r.name == "tests") {
        closing_lines(&report.output)
            .iter()
            .for_each(|line| println!("{line}"));
    }
    let names: Vec<&str> = failed.iter().map(|r| r.name).collect();
    if names.is_empty() {
        Ok(())
    } else {
        Err(format!("{} failed", names.join(", ")))
    }
}

/// What the runner said at its end: the sum of what `cargo test` said of each binary.
fn closing_lines(output: &str) -> Vec<String> {
    let results: Vec<&str> = output
        .lines()
        .filter_map(|l| l.strip_prefix("test result: "))
        .collect();
    if results.is_empty() {
        return Vec::new();
    }
    let verdict = if results.iter().all(|r| r.starts_with("ok")) {
        "ok"
    } else {
        "FAILED"
    };
    let [passed, failed, ignored] = [" passed", " failed", " ignored"]
        .map(|what| results.iter().map(|r| count_before(r, what)).sum::<u32>());
    vec![format!(
        "test result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored"
    )]
}

/// The number before a word: 3 in `ok. 3 passed; 0 failed`.
fn count_before(text: &str, word: &str) -> u32 {
    let before = text.split(word).next().unwrap_or_default();
    before
        .rsplit([' ', ';'])
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        let target = std::env::temp_dir().join(format!("xtask-suite-{}", std::process::id()));
        Project {
            root: "/".into(),
            target,
            ci: false,
            yes: true,
        }
    }

    #[test]
    fn a_failure_blocks_only_what_needs_it() {
        let here = |name, after, work| Step {
            name,
            after,
            work: Work::Here(work),
        };
        let project = project();
        let mut reports = Vec::new();
        let steps = [
            here("one", &[], |_| Err("broken; hint: mend it".to_owned())),
            here("two", &["one"], |_| Ok("fine".to_owned())),
            here("three", &["two"], |_| Ok("fine".to_owned())),
            here("four", &[], |_| Ok("fine".to_owned())),
        ];
        for (i, step) in steps.into_iter().enumerate() {
            let report = run_step(&project, step, i, &reports).unwrap();
            reports.push(report);
        }
        let verdicts: Vec<Verdict> = reports.iter().map(|r| r.verdict.clone()).collect();
        let expect = [
            Verdict::Failed,
            Verdict::Blocked("one"),
            Verdict::Blocked("two"),
            Verdict::Passed,
        ];
        assert_eq!(verdicts, expect);
        assert_eq!(finish(&reports, Duration::ZERO), Err("one failed".to_owned()));
        assert_eq!(finish(&reports[3..], Duration::ZERO), Ok(()));
    }

    #[test]
    fn closing_lines_sum_the_binaries() {
        let cargo = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
            noise\ntest result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(
            closing_lines(cargo),
            ["test result: FAILED. 15 passed; 2 failed; 1 ignored"]
        );
        assert!(closing_lines("could not compile").is_empty());
    }
}
