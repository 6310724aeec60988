//! What `cargo xtask test` does, in order. A new check is one more entry here; `docs/testing.md` lists them.

use std::process::Command;

use crate::process::command;
use crate::project::{Outcome, Project};
use crate::{need, readers, run, stamp, tidy, toolchains, web, weights};

/// One check or test.
pub(crate) struct Step {
    /// Short, unique.
    pub(crate) name: &'static str,
    /// Steps without which this one cannot run; they stand earlier in the list.
    pub(crate) after: &'static [&'static str],
    pub(crate) work: Work,
}

/// What a step does.
pub(crate) enum Work {
    /// Runs a program; its output is kept in a log.
    Program(Command),
    /// Something of our own; says in a few words what came of it.
    Here(fn(&Project) -> Outcome<String>),
    /// There is nothing to do it on; says what is absent.
    Absent(&'static str),
}

/// The steps that need nothing but cargo.
pub(crate) fn checks(project: &Project) -> Vec<Step> {
    let cargo = |arguments: &[&str]| Work::Program(command(&project.root, "cargo", arguments));
    vec![
        step("format", &[], cargo(&["fmt", "--all", "--check"])),
        step(
            "clippy",
            &[],
            cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--keep-going",
                "--",
                "-D",
                "warnings",
            ]),
        ),
        step("tidy", &[], Work::Here(tidy::tidy)),
    ]
}

/// All steps.
pub(crate) fn all(project: &Project) -> Vec<Step> {
    let cargo = |arguments: &[&str]| Work::Program(command(&project.root, "cargo", arguments));
    let npm = |folder: &str, arguments: &[&str]| npm(project, folder, arguments);
    let spar = |arguments: &[&str]| {
        let mut spar = command(&project.root, &project.spar().to_string_lossy(), arguments);
        spar.env("SPAR_GO", toolchains::go(project));
        Work::Program(spar)
    };
    let mut steps = vec![
        step("C compiler", &[], Work::Here(need::compiler)),
        step("Node", &[], Work::Here(|_| need::node())),
        step("encoder", &[], Work::Here(weights::fetch)),
        step("speech", &[], Work::Here(weights::fetch_speech)),
        step("Go", &[], Work::Here(toolchains::fetch)),
        step(
            "page: packages",
            &["Node"],
            Work::Here(|project| web::packages(project, "web")),
        ),
    ];
    steps.extend(checks(project));
    steps.extend([
        step("rustdoc", &[], rustdoc(project)),
        step("page: check", &["page: packages"], npm("web", &["run", "check"])),
        step("page: tests", &["page: packages"], npm("web", &["test"])),
        step("page: build", &["page: packages"], Work::Here(web::build)),
        step(
            "spar",
            &["C compiler"],
            cargo(&["build", "--release", "--package", "cli"]),
        ),
        step("tests", &["C compiler", "Go", "page: build"], tests(project)),
        step("doc tests", &["C compiler"], doc_tests(project)),
        step("readers: packages", &[], Work::Here(readers::packages)),
        step(
            "readers",
            &["spar", "readers: packages"],
            Work::Here(readers::read),
        ),
        step("bank check", &["spar"], spar(&["bank", "check"])),
        step(
            "bank verify",
            &["spar", "Go"],
            spar(&["bank", "verify", "--round", "answer"]),
        ),
        step(
            "agreement",
            &["spar"],
            spar(&["eval", "report", run::AGREEMENT, "--check"]),
        ),
    ]);
    if project.root.join("e2e/package.json").exists() {
        steps.extend([
            step("Chromium", &[], Work::Here(need::chromium)),
            step(
                "e2e: packages",
                &["Node"],
                Work::Here(|project| web::packages(project, "e2e")),
            ),
            step(
                "e2e",
                &["spar", "page: build", "Chromium", "e2e: packages", "Go"],
                npm("e2e", &["test"]),
            ),
        ]);
    } else {
        steps.push(step("e2e", &[], Work::Absent("`e2e/package.json`")));
    }
    steps
}

/// A script of npm in a folder of ours, with what the tests in a browser need.
fn npm(project: &Project, folder: &str, arguments: &[&str]) -> Work {
    let mut npm = command(&project.root.join(folder), "npm", arguments);
    npm.env("SPAR_BIN", project.spar())
        .env("SPAR_GO", toolchains::go(project));
    Work::Program(npm)
}

fn step(name: &'static str, after: &'static [&'static str], work: Work) -> Step {
    Step { name, after, work }
}

/// The documentation, with warnings as errors.
fn rustdoc(project: &Project) -> Work {
    let arguments = ["doc", "--workspace", "--no-deps", "--keep-going"];
    let mut rustdoc = command(&project.root, "cargo", &arguments);
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    Work::Program(rustdoc)
}

/// The Rust tests. Not by nextest: it gives each test a process, and the tests over the bank share
/// graders that take seconds to prepare.
fn tests(project: &Project) -> Work {
    let arguments = [
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--no-fail-fast",
    ];
    let mut tests = command(&project.root, "cargo", &arguments);
    tests.env("SPAR_GO", toolchains::go(project));
    Work::Program(tests)
}

/// Examples in doc comments; compiling them is slow, so only if there are any.
fn doc_tests(project: &Project) -> Work {
    let sources = stamp::files_below(&project.root.join("crates"), &|name| name == "tests");
    let rust = sources
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "rs"));
    if rust
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .any(|text| has_example(&text))
    {
        Work::Program(command(&project.root, "cargo", &["test", "--workspace", "--doc"]))
    } else {
        Work::Absent("examples in doc comments")
    }
}

/// Whether a source has a code block in a doc comment that rustdoc would run.
fn has_example(text: &str) -> bool {
    let mut inside = false;
    for line in text.lines().map(str::trim_start) {
        let doc = line
            .strip_prefix("///")
            .or(line.strip_prefix("//!"))
            .unwrap_or_default();
        let Some(language) = doc.trim().strip_prefix("```") else {
            continue;
        };
        let runs = matches!(
            language.split(',').next(),
            Some("" | "rust" | "should_panic" | "no_run")
        );
        if !inside && runs {
            return true;
        }
        inside = !inside;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_blocks_are_examples() {
        assert!(has_example("/// ```\n/// assert!(true);\n/// ```"));
        assert!(has_example("//! ```text\n//! a\n//! ```\n//! ```rust\n"));
        assert!(!has_example("/// ```text\n/// a\n/// ```\n// ```\n"));
    }
}
