//! `spar eval`: how far the grader agrees with grades that somebody gave, and what else it withstands.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use practice::{Axis, Evaluation};
use serde::Serialize;

use crate::agreement::blocks;
use crate::args::{Common, EvalAnswers, EvalBank, EvalSeeded, EvalStatements};
use crate::failure::Failure;
use crate::open;
use crate::say::{put, say};
use crate::second::SecondReader;

/// Largest input: a hundred thousand long answers.
const MAX_INPUT_BYTES: u64 = 512 * 1024 * 1024;

pub(crate) fn answers(common: &Common, args: &EvalAnswers) -> Result<ExitCode, Failure> {
    let report = lines(common, &args.file, |evaluation, lines, emit| {
        evaluation.answers(lines, emit)
    })?;
    if !args.json {
        eprintln!("{} lines, {} of them not graded\n", report.lines, report.errors);
        eprint!("{}", blocks::axes(&report.agreement));
        if let Some(coverage) = report.agreement.get(&domain::GroupId::Coverage) {
            eprint!("{}", blocks::coverage(coverage));
            worst(coverage);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn statements(common: &Common, args: &EvalStatements) -> Result<ExitCode, Failure> {
    let report = lines(common, &args.file, |evaluation, lines, emit| {
        evaluation.statements(lines, emit)
    })?;
    if !args.json {
        eprint!("{}", blocks::statements(&report));
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures the lines of a file; what comes of each goes to stdout as it comes.
fn lines<R>(
    common: &Common,
    file: &Path,
    measure: impl FnOnce(&Evaluation<'_>, &mut dyn Iterator<Item = String>, &mut dyn FnMut(&str)) -> R,
) -> Result<R, Failure> {
    let text = open::read_text(file, MAX_INPUT_BYTES)?;
    let practice = open::without_store(common, &SecondReader::default())?;
    let mut stdout = std::io::stdout().lock();
    let mut failed = None;
    let mut emit = |line: &str| {
        if failed.is_none() {
            failed = writeln!(stdout, "{line}").err();
        }
    };
    let mut lines = text.lines().map(str::to_owned);
    let report = measure(&Evaluation::new(&practice), &mut lines, &mut emit);
    match failed {
        Some(error) => Err(Failure::platform(error)),
        None => Ok(report),
    }
}

fn worst(coverage: &Axis) {
    eprint!(
        "\nLargest errors of coverage:\n\n{}",
        blocks::worst(&coverage.worst)
    );
}

pub(crate) fn bank(common: &Common, args: &EvalBank) -> Result<ExitCode, Failure> {
    let practice = open::without_store(common, &SecondReader::default())?;
    let report = Evaluation::new(&practice).bank()?;
    print(args.json, &report, blocks::bank)
}

pub(crate) fn questioning(common: &Common, args: &EvalSeeded) -> Result<ExitCode, Failure> {
    let practice = open::without_store(common, &SecondReader::default())?;
    let report = Evaluation::new(&practice).questioning(args.seed)?;
    print(args.json, &report, blocks::questioning)
}

pub(crate) fn attacks(common: &Common, args: &EvalSeeded) -> Result<ExitCode, Failure> {
    let practice = open::without_store(common, &SecondReader::default())?;
    let report = Evaluation::new(&practice).attacks(args.seed)?;
    print(args.json, &report, blocks::attacks)
}

fn print<R: Serialize>(json: bool, report: &R, block: fn(&R) -> String) -> Result<ExitCode, Failure> {
    if json {
        say!("{}", serde_json::to_string(report).map_err(Failure::platform)?);
    } else {
        put!("{}", block(report));
    }
    Ok(ExitCode::SUCCESS)
}
