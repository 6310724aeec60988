//! `spar eval overrides`: how often people overruled the grader, and where.

use std::process::ExitCode;

use practice::{Disagreement, Tally};

use crate::args::{Common, EvalOverrides};
use crate::failure::Failure;
use crate::open;
use crate::paint::plain;
use crate::say::say;
use crate::transfer::MAX_IMPORT_BYTES;

/// Criteria in the table; the JSON has them all.
const SHOWN: usize = 10;

pub(crate) async fn run(common: &Common, args: &EvalOverrides) -> Result<ExitCode, Failure> {
    let report = match &args.file {
        None => open::records(common).await?.disagreement().await?,
        Some(file) => {
            let document = open::read(file, MAX_IMPORT_BYTES)?;
            open::bank(common)?.disagreement_in(&document).await?
        }
    };
    if args.json {
        say!("{}", serde_json::to_string(&report).map_err(Failure::platform)?);
    } else {
        print(&report);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(report: &Disagreement) {
    say!(
        "scored attempts: {}, with overrides: {}\n",
        report.attempts,
        report.overridden
    );
    say!("{:<18} {HEADER}", "group");
    for (group, of_group) in &report.groups {
        say!("{:<18} {}", group.as_str(), row(&of_group.tally));
        for (from, to) in &of_group.confusion {
            for (to, n) in to {
                say!("    {n} x {from} -> {to}");
            }
        }
    }
    if report.criteria.is_empty() {
        say!("\nno overrides yet; `spar regrade` makes one");
        return;
    }
    say!("\n{:<18} {HEADER}  criterion", "most overridden");
    for criterion in report.criteria.iter().take(SHOWN) {
        let item = criterion
            .item
            .as_ref()
            .map_or(String::new(), |item| format!("{item}: "));
        let name = format!("{item}{}", plain(&criterion.criterion));
        say!(
            "{:<18} {}  {name}",
            criterion.group.as_str(),
            row(&criterion.tally)
        );
    }
    for note in &report.notes {
        eprintln!("note: {note}");
    }
}

const HEADER: &str = "  graded overridden changed   share  points";

fn row(tally: &Tally) -> String {
    let share = tally
        .share_changed
        .map_or("-".to_owned(), |s| format!("{:.1}%", 100.0 * s));
    let points = tally.mean_points.map_or("-".to_owned(), |p| format!("{p:+.2}"));
    format!(
        "{:>8} {:>10} {:>7} {share:>7} {points:>7}",
        tally.graded, tally.overridden, tally.changed
    )
}
