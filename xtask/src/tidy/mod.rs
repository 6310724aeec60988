//! What neither the compiler nor clippy checks: the shape of the repository.
//!
//! Each rule is a function from text to findings; a finding is one line: place, what, and the cure.

mod docs;
mod files;
mod graph;
mod purity;

use std::path::Path;

use crate::project::{Outcome, Project};
use crate::stamp;

/// Folders that are made or fetched, not written.
const MADE: [&str; 10] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "models",
    "toolchains",
    "dist-judge",
    ".svelte-kit",
    "test-results",
    "proptest-regressions",
];

/// A file of the repository: its path from the root with `/`, and its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, e)| extensions.contains(&e))
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Applies all rules; fails with every finding.
pub(crate) fn tidy(project: &Project) -> Outcome<String> {
    let sources = sources(&project.root);
    let exists = |path: &str| project.root.join(path).exists();
    let findings: Vec<String> = [
        graph::check(&sources),
        files::check(&sources),
        docs::check(&sources, &exists),
        purity::check(&sources),
    ]
    .concat();
    if findings.is_empty() {
        Ok(format!("{} files", sources.len()))
    } else {
        Err(format!("{} findings\n{}", findings.len(), findings.join("\n")))
    }
}

/// All text files of the repository, in order of path.
fn sources(root: &Path) -> Vec<Source> {
    let files = stamp::files_below(root, &|name| MADE.contains(&name));
    files
        .iter()
        // In a second work tree of the repository `.git` is a file.
        .filter(|file| !file.ends_with(".git"))
        .filter_map(|file| {
            let text = std::fs::read_to_string(file).ok()?;
            let path = file.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
            Some(Source { path, text })
        })
        .collect()
}

/// The lines of a Markdown text outside fenced blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(i, line)| {
        let marks = line.trim_start();
        let ticks = &marks[..marks.len() - marks.trim_start_matches('`').len()];
        match fence {
            // A block ends at a fence at least as long as the one that began it.
            Some(open) if ticks.len() >= open.len() && marks == ticks => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => return Some((i + 1, line)),
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_leaves_out_fenced_blocks() {
        let text = "# a\n```\n# b\n```\nc\n````md\n```toml\n# d\n```\n````\ne";
        assert_eq!(prose(text).collect::<Vec<_>>(), [(1, "# a"), (5, "c"), (11, "e")]);
    }
}
