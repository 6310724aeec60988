//! `spar eval report`: measures everything and keeps the figures of a page, `docs/agreement.md`.
//!
//! The prose of the page is written by hand; only what stands between markers is ours.

pub(crate) mod blocks;
mod drift;
mod sets;
pub(crate) mod table;

use std::path::Path;
use std::process::ExitCode;

use practice::Evaluation;

use crate::args::{Common, EvalReport};
use crate::failure::Failure;
use crate::open;
use crate::second::SecondReader;

/// Largest page that is read.
const MAX_PAGE_BYTES: u64 = 4 * 1024 * 1024;

/// Seed of the figures in the page.
const SEED: u64 = 0;

/// What stands between markers. Measuring takes a minute, so that all are there is looked at first.
const BLOCKS: [&str; 7] = [
    "bank",
    "worst",
    "unseen",
    "statements",
    "questioning",
    "attacks",
    "public",
];

pub(crate) fn report(common: &Common, args: &EvalReport) -> Result<ExitCode, Failure> {
    let mut page = open::read_text(&args.page, MAX_PAGE_BYTES)?;
    for name in BLOCKS {
        block(&args.page, &page, name)?;
    }
    let practice = open::without_store(common, &SecondReader::default())?;
    let evaluation = Evaluation::new(&practice);
    let bank = evaluation.bank()?;
    let measured = [
        ("bank", blocks::bank(&bank)),
        ("statements", sets::statements(&evaluation, &args.answers)?),
        ("questioning", blocks::questioning(&evaluation.questioning(SEED)?)),
        ("attacks", blocks::attacks(&evaluation.attacks(SEED)?)),
    ];
    if args.check {
        return check(&args.page, &page, &measured);
    }
    for (name, text) in &measured {
        replace(&args.page, &mut page, name, text)?;
    }
    if let Some(coverage) = bank.axes.get(&domain::GroupId::Coverage) {
        replace(&args.page, &mut page, "worst", &blocks::worst(&coverage.worst))?;
    }
    replace(
        &args.page,
        &mut page,
        "unseen",
        &sets::unseen(&evaluation, &args.answers)?,
    )?;
    if let Some(file) = &args.public {
        replace(&args.page, &mut page, "public", &sets::public(&evaluation, file)?)?;
    }
    std::fs::write(&args.page, page)
        .map_err(|error| Failure::platform(anyhow::anyhow!("write `{}`: {error}", args.page.display())))?;
    eprintln!("`{}` is written", args.page.display());
    Ok(ExitCode::SUCCESS)
}

fn check(path: &Path, page: &str, measured: &[(&str, String)]) -> Result<ExitCode, Failure> {
    let mut moved = 0;
    for (name, text) in measured {
        let (from, to) = block(path, page, name)?;
        let found = drift::drift(&page[from..to], text);
        for line in &found {
            eprintln!("{name}: {line}");
        }
        moved += found.len();
    }
    if moved == 0 {
        eprintln!("`{}` says what was measured", path.display());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "error: {moved} figures of `{}` are not those measured; hint: run `cargo xtask agreement` and read what \
         changed",
        path.display()
    );
    Ok(ExitCode::FAILURE)
}

/// Where the text between the markers of a block lies.
fn block(path: &Path, page: &str, name: &str) -> Result<(usize, usize), Failure> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let from = page.find(&open).map(|at| at + open.len());
    let to = page.find(&close);
    match (from, to) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => Err(Failure::Input(anyhow::anyhow!(
            "`{}` has no block `{name}`; hint: put `{open}` and `{close}` on lines of their own",
            path.display()
        ))),
    }
}

fn replace(path: &Path, page: &mut String, name: &str, text: &str) -> Result<(), Failure> {
    let (from, to) = block(path, page, name)?;
    page.replace_range(from..to, &format!("\n{}\n", text.trim_end()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_block_is_replaced() {
        let path = Path::new("page.md");
        let mut page = "# Page\n<!-- a -->\nold\n<!-- /a -->\nprose\n<!-- b -->\n<!-- /b -->\n".to_owned();
        replace(path, &mut page, "a", "new\n").unwrap();
        assert_eq!(
            page,
            "# Page\n<!-- a -->\nnew\n<!-- /a -->\nprose\n<!-- b -->\n<!-- /b -->\n"
        );
        let error = replace(path, &mut page, "c", "x").unwrap_err();
        assert!(format!("{error:?}").contains("<!-- c -->"), "{error:?}");
    }
}
