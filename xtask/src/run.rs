//! `cargo xtask run`, `agreement` and `setup`.

use std::os::unix::process::CommandExt;

use crate::process::{command, succeed};
use crate::project::{Outcome, Project, step};
use crate::{need, toolchains, web, weights};

/// Finds, installs and builds what is needed, then becomes `spar serve`, so that signals reach it.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Outcome {
    build(project)?;
    let mut spar = command(&project.root, &project.spar().to_string_lossy(), &["serve"]);
    let failed = spar.args(arguments).exec();
    Err(format!("start `{}`: {failed}", project.spar().display()))
}

/// Finds or installs what is needed and builds the binary with the page inside.
pub(crate) fn build(project: &Project) -> Outcome {
    step("C compiler", || need::compiler(project))?;
    step("Node", need::node)?;
    step("encoder", || weights::fetch_if_possible(project))?;
    step("page: packages", || web::packages(project, "web"))?;
    step("page: build", || web::build(project))?;
    step("spar", || {
        succeed(&mut command(
            &project.root,
            "cargo",
            &["build", "--release", "--package", "cli"],
        ))?;
        Ok("built".to_owned())
    })
}

/// The page that says how far the grader can be trusted.
pub(crate) const AGREEMENT: &str = "docs/agreement.md";

/// Measures with the release binary and writes the figures into the page.
pub(crate) fn agreement(project: &Project, arguments: &[String]) -> Outcome {
    build(project)?;
    let spar = project.spar();
    let mut spar = command(
        &project.root,
        &spar.to_string_lossy(),
        &["eval", "report", AGREEMENT],
    );
    succeed(spar.args(arguments))
}

/// Fetches and installs only; here a failed download counts.
pub(crate) fn set_up(project: &Project) -> Outcome {
    step("C compiler", || need::compiler(project))?;
    step("Node", need::node)?;
    step("page: packages", || web::packages(project, "web"))?;
    step("encoder", || weights::fetch(project))?;
    step("speech", || weights::fetch_speech(project))?;
    step("Go", || toolchains::fetch(project))
}
