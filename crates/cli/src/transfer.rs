//! `spar export`, `spar import` and `spar wipe`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use practice::Practice;

use crate::args::{Common, Export, Import, Wipe};
use crate::failure::Failure;
use crate::say::say;
use crate::{judge, open};

/// Largest document read: what the API accepts, some three thousand attempts.
pub(crate) const MAX_IMPORT_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) async fn export(common: &Common, args: &Export) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    if let Some(path) = &args.output {
        export_to(&practice, path).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut export = practice.export(open::now_us())?;
    let mut stdout = std::io::stdout().lock();
    while let Some(piece) = export.next().await? {
        stdout.write_all(piece.as_bytes()).map_err(Failure::platform)?;
    }
    stdout.write_all(b"\n").map_err(Failure::platform)?;
    Ok(ExitCode::SUCCESS)
}

async fn export_to(practice: &Practice, path: &Path) -> Result<(), Failure> {
    let mut export = practice.export(open::now_us())?;
    let mut file = Replacement::of(path)?;
    while let Some(piece) = export.next().await? {
        file.write(piece.as_bytes())?;
    }
    file.finish()?;
    eprintln!("exported to {}", path.display());
    Ok(())
}

/// A file written beside its place and renamed, so that a full disk leaves no half document there.
pub(crate) struct Replacement<'a> {
    path: &'a Path,
    file: tempfile::NamedTempFile,
}

impl<'a> Replacement<'a> {
    pub(crate) fn of(path: &'a Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .with_context(|| cannot(path))
            .map_err(Failure::Input)?;
        Ok(Self { path, file })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(bytes).with_context(|| cannot(self.path));
        written.map_err(Failure::Platform)
    }

    pub(crate) fn finish(self) -> Result<(), Failure> {
        let synced = self.file.as_file().sync_all().with_context(|| cannot(self.path));
        synced.map_err(Failure::Platform)?;
        let kept = self.file.persist(self.path).with_context(|| cannot(self.path));
        kept.map(drop).map_err(Failure::Platform)
    }
}

fn cannot(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}

pub(crate) async fn wipe(common: &Common, args: &Wipe) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let folder = open::data_folder(common)?;
    if let Some(path) = &args.export {
        export_to(&practice, path).await?;
    }
    if !args.yes {
        eprintln!(
            "This deletes every attempt, draft, job, set, loop, story, plan and card in {}.\n\
             There is no way back but an export.",
            folder.display()
        );
        if args.export.is_none() {
            let name = asked("Export first? A file to write, or nothing to go on: ")?;
            if !name.is_empty() {
                export_to(&practice, Path::new(&name)).await?;
            }
        }
        let word = server::wire::WIPE_WORD;
        if asked(&format!("Type `{word}` to delete it: "))? != word {
            let message = format!("nothing was deleted; hint: type `{word}`, or give `--yes`");
            return Err(Failure::Input(anyhow::anyhow!(message)));
        }
    }
    practice.judge_by(judge::config(common)?);
    practice.wipe().await?;
    practice.close().await;
    eprintln!("deleted; nothing is left in {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// One line of standard input.
fn asked(question: &str) -> Result<String, Failure> {
    eprint!("{question}");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(Failure::platform)?;
    Ok(line.trim().to_owned())
}

pub(crate) async fn import(common: &Common, args: &Import) -> Result<ExitCode, Failure> {
    let document = open::read(&args.file, MAX_IMPORT_BYTES)?;
    let practice = open::records(common).await?;
    let imported = practice.import(&document).await?;
    let body = server::wire::ImportBody::from(imported);
    let text = serde_json::to_string(&body).map_err(Failure::platform)?;
    if args.json {
        say!("{text}");
    } else {
        say!(
            "attempts: {} added, {} already here; drafts: {} added, {} already here; \
             documents: {} added, {} already here",
            body.attempts.added,
            body.attempts.skipped,
            body.drafts.added,
            body.drafts.skipped,
            body.documents.added,
            body.documents.skipped
        );
    }
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}
