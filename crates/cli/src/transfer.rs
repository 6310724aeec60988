//! `spar export` and `spar import`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::{Common, Export, Import};
use crate::failure::Failure;
use crate::open;
use crate::say::say;

/// Largest document read: what the API accepts, some three thousand attempts.
pub(crate) const MAX_IMPORT_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) async fn export(common: &Common, args: &Export) -> Result<ExitCode, Failure> {
    let practice = open::records(common).await?;
    let mut export = practice.export(open::now_us())?;
    let Some(path) = &args.output else {
        let mut stdout = std::io::stdout().lock();
        while let Some(piece) = export.next().await? {
            stdout.write_all(piece.as_bytes()).map_err(Failure::platform)?;
        }
        stdout.write_all(b"\n").map_err(Failure::platform)?;
        return Ok(ExitCode::SUCCESS);
    };
    // Written beside the target and renamed, so that a full disk leaves no half document in its place.
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(std::path::Path::new("."));
    let cannot = || format!("cannot write `{}`", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder)
        .with_context(cannot)
        .map_err(Failure::Input)?;
    while let Some(piece) = export.next().await? {
        file.write_all(piece.as_bytes())
            .with_context(cannot)
            .map_err(Failure::Platform)?;
    }
    file.as_file()
        .sync_all()
        .with_context(cannot)
        .map_err(Failure::Platform)?;
    file.persist(path)
        .with_context(cannot)
        .map_err(Failure::Platform)?;
    eprintln!("exported to {}", path.display());
    Ok(ExitCode::SUCCESS)
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
