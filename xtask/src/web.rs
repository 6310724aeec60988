//! The page and the end-to-end tests: npm, run only when something changed.

use std::path::Path;

use crate::process::{command, succeed};
use crate::project::{Outcome, Project};
use crate::stamp;

/// Folders in `web/` that are made, not written.
const MADE: [&str; 5] = [
    "node_modules",
    "dist",
    "dist-judge",
    ".svelte-kit",
    "test-results",
];

/// Installs the packages of `web/` or `e2e/` when the lock file is not the one last installed.
pub(crate) fn packages(project: &Project, folder: &str) -> Outcome<String> {
    let at = project.root.join(folder);
    let lock = at.join("package-lock.json");
    if !lock.exists() {
        return Err(format!(
            "`{folder}/package-lock.json` is missing; hint: `npm install` in {folder}/"
        ));
    }
    let value = stamp::of_files([&lock]);
    // Inside, so that it goes when the folder goes.
    let mark = at.join("node_modules/.installed-from");
    if stamp::is_fresh(&mark, &value) {
        return Ok("unchanged".to_owned());
    }
    npm(project, &at, &["ci", "--no-audit", "--no-fund"])
        .map_err(|e| format!("{e}; hint: is the network up, and does the lock file fit package.json?"))?;
    stamp::write(&mark, &value)?;
    Ok("installed".to_owned())
}

/// Builds the page into `web/dist`, and what the judge runs of it into `web/dist-judge`, when its sources have changed.
pub(crate) fn build(project: &Project) -> Outcome<String> {
    let web = project.root.join("web");
    let sources = stamp::files_below(&web, &|name| MADE.contains(&name));
    let value = stamp::of_files(&sources);
    let mark = project.scratch("stamps")?.join("page");
    let built = ["dist/index.html", "dist-judge/strip.js"];
    if built.iter().all(|file| web.join(file).exists()) && stamp::is_fresh(&mark, &value) {
        return Ok("unchanged".to_owned());
    }
    npm(project, &web, &["run", "build"])?;
    stamp::write(&mark, &value)?;
    Ok("built".to_owned())
}

/// npm prints much that nobody needs when all is well.
fn npm(project: &Project, folder: &Path, arguments: &[&str]) -> Outcome {
    let quiet = if project.ci { &[][..] } else { &["--silent"] };
    succeed(&mut command(folder, "npm", &[arguments, quiet].concat()))
}
