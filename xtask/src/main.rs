//! The project's one runner: `cargo xtask run`, `test`, `bench`, `agreement`, `ci`, `setup`, `check`.
//!
//! Stands on the standard library alone, so it builds in seconds on a machine that has nothing else yet. It
//! depends on no crate of ours: what it measures and tests, it runs from outside.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to the person at the terminal"
)]

mod bench;
mod http;
mod listening;
mod load;
mod need;
mod process;
mod programs;
mod project;
mod readers;
mod run;
mod stamp;
mod steps;
mod suite;
mod tidy;
mod toolchains;
mod web;
mod weights;

use std::process::ExitCode;

use project::Project;

const USAGE: &str = "\
usage: cargo xtask COMMAND [--yes] [-- ARGUMENTS]

  run     find or install what is needed, build, and serve; arguments go to `spar serve`
  test    set up, then every check and test there is; one run shows all failures
  check   formatting, clippy and tidy only
  bench   the budgets beside what was measured
  agreement  measure the grader and write the figures into docs/agreement.md; arguments go to `spar eval report`
  setup   fetch and install only: the weights, Go, the packages of the page
  ci      `test` as the CI runs it

  --yes   install without asking";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (ours, passed_on) = match arguments.iter().position(|a| a == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (&arguments[..], &[][..]),
    };
    let commands: Vec<&str> = ours
        .iter()
        .map(String::as_str)
        .filter(|a| *a != "--yes")
        .collect();
    let yes = commands.len() < ours.len();
    let [command] = commands[..] else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = Project::find(yes).and_then(|mut project| match command {
        "run" => run::run(&project, passed_on),
        "test" => suite::test(&project),
        "check" => suite::check(&project),
        "bench" => bench::bench(&project),
        "agreement" => run::agreement(&project, passed_on),
        "setup" => run::set_up(&project),
        "ci" => {
            project.ci = true;
            suite::test(&project)
        }
        _ => Err(format!(
            "there is no command `{command}`; hint: `cargo xtask` lists them"
        )),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
