//! `spar eval answers`: how far the grader agrees with grades that people gave.

use std::io::Write as _;
use std::process::ExitCode;

use crate::args::{Common, EvalAnswers};
use crate::failure::Failure;
use crate::open;
use crate::second::SecondReader;

/// Largest input: a hundred thousand long answers.
const MAX_INPUT_BYTES: u64 = 512 * 1024 * 1024;

pub(crate) fn answers(common: &Common, args: &EvalAnswers) -> Result<ExitCode, Failure> {
    let text = open::read_text(&args.file, MAX_INPUT_BYTES)?;
    let practice = open::without_store(common, &SecondReader::default())?;
    let mut stdout = std::io::stdout().lock();
    let mut failed = None;
    let emit = |line: &str| {
        if failed.is_none() {
            failed = writeln!(stdout, "{line}").err();
        }
    };
    let report = practice::eval(&practice, text.lines().map(str::to_owned), emit);
    if let Some(error) = failed {
        return Err(Failure::platform(error));
    }
    if !args.json {
        eprintln!("{} lines, {} of them not graded", report.lines, report.errors);
        eprintln!(
            "{:<18} {:>5} {:>8} {:>8} {:>7} {:>7}",
            "axis", "n", "pearson", "spearman", "rmse", "mae"
        );
        for (axis, scores) in &report.agreement {
            row(axis.as_str(), &scores.scores);
            for (name, baseline) in &scores.baselines {
                row(&format!("  {name}"), baseline);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(name: &str, a: &practice::Agreement) {
    let cell = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.3}"));
    eprintln!(
        "{name:<18} {:>5} {:>8} {:>8} {:>7} {:>7}",
        a.n,
        cell(a.pearson),
        cell(a.spearman),
        cell(a.rmse),
        cell(a.mae)
    );
}
