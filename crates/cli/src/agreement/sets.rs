//! Sets of graded answers that the grader was not written for: their totals, and of those that may be looked
//! at the places of the largest errors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use practice::{Evaluation, Report};

use super::blocks;
use crate::failure::Failure;
use crate::open;

/// Largest set that is read.
const MAX_SET_BYTES: u64 = 512 * 1024 * 1024;

/// The one file of the folder that holds no answers.
const STATEMENTS: &str = "statements.jsonl";

/// What the folder's README says of a set.
struct About {
    what: String,
    /// Whether the answers may be looked at when a rubric is changed.
    open: bool,
    looked_at: String,
}

/// Every set of answers in the folder, in the order of their names.
pub(super) fn unseen(evaluation: &Evaluation<'_>, folder: &Path) -> Result<String, Failure> {
    let readme = folder.join("README.md");
    let about = table(&open::read_text(&readme, MAX_SET_BYTES)?);
    let mut out = String::new();
    for file in files(folder)? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let about = about.get(&name).ok_or_else(|| {
            Failure::Input(anyhow::anyhow!(
                "`{}` says nothing of `{name}`; hint: add `| \\`{name}\\` | who wrote it | yes or no: why |` to its table",
                readme.display()
            ))
        })?;
        let report = graded(evaluation, &open::read_text(&file, MAX_SET_BYTES)?);
        let lines = report.lines;
        out.push_str(&format!("\n### {name}\n\n{}.\n", about.what));
        out.push_str(&format!(
            "May be looked at when a rubric is changed: {}. {lines} answers.\n\n",
            about.looked_at
        ));
        out.push_str(&totals(&report));
        if let Some(coverage) = report
            .agreement
            .get(&domain::GroupId::Coverage)
            .filter(|_| about.open)
        {
            out.push_str("\nLargest errors of coverage:\n\n");
            out.push_str(&blocks::worst(&coverage.worst));
        }
    }
    Ok(out)
}

/// The folder's statements.
pub(super) fn statements(evaluation: &Evaluation<'_>, folder: &Path) -> Result<String, Failure> {
    let text = open::read_text(&folder.join(STATEMENTS), MAX_SET_BYTES)?;
    let report = evaluation.statements(text.lines().map(str::to_owned), |_| {});
    Ok(blocks::statements(&report))
}

/// A file of public answers: totals, and each label by itself.
pub(super) fn public(evaluation: &Evaluation<'_>, file: &Path) -> Result<String, Failure> {
    let text = open::read_text(file, MAX_SET_BYTES)?;
    let mut sets: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let value: serde_json::Value = serde_json::from_str(line).map_err(Failure::input)?;
        let label = value
            .get("label")
            .and_then(serde_json::Value::as_str)
            .unwrap_or("all");
        let set = sets.entry(label.to_owned()).or_default();
        set.push_str(line);
        set.push('\n');
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut out = format!(
        "Measured on {} by `cargo xtask agreement -- --public {name}`. {} answers.\n",
        open::today(),
        text.lines().filter(|line| !line.trim().is_empty()).count()
    );
    for (label, set) in &sets {
        out.push_str(&format!(
            "\n### {label}\n\n{}",
            blocks::axes(&graded(evaluation, set).agreement)
        ));
    }
    Ok(out)
}

fn graded(evaluation: &Evaluation<'_>, text: &str) -> Report {
    evaluation.answers(text.lines().map(str::to_owned), |_| {})
}

fn totals(report: &Report) -> String {
    let mut out = blocks::axes(&report.agreement);
    if let Some(coverage) = report.agreement.get(&domain::GroupId::Coverage) {
        out.push_str(&blocks::coverage(coverage));
    }
    if report.errors > 0 {
        out.push_str(&format!("\nNot graded: {} lines.\n", report.errors));
    }
    out
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read `{}`", folder.display()))
        .map_err(Failure::Input)?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl") && !path.ends_with(STATEMENTS))
        .collect();
    files.sort();
    Ok(files)
}

/// The rows of the table in a folder's README: file, what it is, yes or no with the reason.
fn table(text: &str) -> BTreeMap<String, About> {
    let row = |line: &str| {
        let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
        let [file, what, looked_at] = inner.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            return None;
        };
        let file = file.strip_prefix('`')?.strip_suffix('`')?;
        let about = About {
            what: what.trim_end_matches('.').to_owned(),
            open: looked_at.starts_with("yes"),
            looked_at: looked_at.trim_end_matches('.').to_owned(),
        };
        Some((file.to_owned(), about))
    };
    text.lines().filter_map(row).collect()
}
