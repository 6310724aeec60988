//! `spar paper`: documents to print or to open elsewhere.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use domain::DocumentId;
use practice::{Format, Printed};

use crate::args::{Common, Paper, PaperCards, PaperFile, PaperPlan, PaperSetCards};
use crate::failure::{Failure, attempt_id};
use crate::open;
use crate::plan::date_or_today;
use crate::say::say;
use crate::transfer::Replacement;

pub(crate) async fn attempt(common: &Common, args: &Paper) -> Result<ExitCode, Failure> {
    let id = attempt_id(&args.id)?;
    let practice = open::records(common).await?;
    let printed = practice.print_attempt(&id, format(&args.file), args.file.sheet);
    write(&args.file, &printed.await?)
}

pub(crate) async fn hiring(common: &Common, args: &Paper) -> Result<ExitCode, Failure> {
    let id = document_id(&args.id)?;
    let practice = open::records(common).await?;
    let printed = practice.print_loop(&id, format(&args.file), args.file.sheet);
    write(&args.file, &printed.await?)
}

pub(crate) async fn story(common: &Common, args: &Paper) -> Result<ExitCode, Failure> {
    let id = document_id(&args.id)?;
    let practice = open::records(common).await?;
    let printed = practice.print_story(&id, format(&args.file), args.file.sheet);
    write(&args.file, &printed.await?)
}

pub(crate) async fn plan(common: &Common, args: &PaperPlan) -> Result<ExitCode, Failure> {
    let date = date_or_today(args.date.as_deref())?;
    let practice = open::records(common).await?;
    let printed = practice.print_plan(date, format(&args.file), args.file.sheet);
    write(&args.file, &printed.await?)
}

pub(crate) async fn set(common: &Common, args: &Paper) -> Result<ExitCode, Failure> {
    let id = document_id(&args.id)?;
    let practice = open::records(common).await?;
    let printed = practice.print_set(&id, format(&args.file), args.file.sheet);
    write(&args.file, &printed.await?)
}

pub(crate) async fn set_cards(common: &Common, args: &PaperSetCards) -> Result<ExitCode, Failure> {
    let id = document_id(&args.id)?;
    let practice = open::records(common).await?;
    let printed = practice.print_set_cards(&id).await?;
    let path = args.output.clone().unwrap_or(PathBuf::from(&printed.name));
    write_to(&path, &printed)
}

/// The id of a document given by hand.
pub(crate) fn document_id(text: &str) -> Result<DocumentId, Failure> {
    text.parse()
        .map_err(|error: domain::DocumentIdError| Failure::input(error))
}

pub(crate) async fn cards(common: &Common, args: &PaperCards) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let printed = practice.print_cards().await?;
    write_to(&args.output, &printed)
}

/// The format asked for, else the one that the file's name ends with, else PDF.
fn format(args: &PaperFile) -> Format {
    let extension = args.output.as_deref().and_then(Path::extension);
    let named = Format::ALL
        .iter()
        .find(|format| extension.is_some_and(|end| end.eq_ignore_ascii_case(format.extension())));
    args.format.or(named.copied()).unwrap_or(Format::Pdf)
}

fn write(args: &PaperFile, printed: &Printed) -> Result<ExitCode, Failure> {
    let path = args.output.clone().unwrap_or(PathBuf::from(&printed.name));
    write_to(&path, printed)
}

fn write_to(path: &Path, printed: &Printed) -> Result<ExitCode, Failure> {
    if path == Path::new("-") {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&printed.bytes).map_err(Failure::platform)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut file = Replacement::of(path)?;
    file.write(&printed.bytes)?;
    file.finish()?;
    say!("{}", path.display());
    Ok(ExitCode::SUCCESS)
}
