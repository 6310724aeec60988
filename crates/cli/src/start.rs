//! `spar start`: a folder to write a program in, with one's own editor.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use domain::{CodeSpec, Item, Language, TESTS_FILE};

use crate::args::{Common, Start};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::say::say;

/// The file of the prompt.
const PROMPT_FILE: &str = "PROMPT.md";

pub(crate) async fn run(common: &Common, args: &Start) -> Result<ExitCode, Failure> {
    let practice = open::bank(common)?;
    let entry = practice.item(&item_id(&args.id)?).await?;
    let item = entry.item;
    let Some(spec) = item.code() else {
        let message = format!(
            "`{}` asks for an answer; hint: `spar practice {}`",
            item.id, item.id
        );
        return Err(Failure::Input(anyhow::anyhow!(message)));
    };
    let lang: Language = args
        .lang
        .parse()
        .map_err(|error: String| Failure::Input(anyhow::anyhow!("`--lang`: {error}")))?;
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(&args.id));
    let files = [
        (PROMPT_FILE, prompt(item, spec, lang, &folder)),
        (lang.file(), practice::starter(spec, lang)),
        (TESTS_FILE, spec.tests.clone()),
    ];
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        let message = format!(
            "`{}` is there already; nothing was written, hint: name another folder",
            folder.join(name).display()
        );
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
        .map_err(Failure::Input)?;
    for (name, text) in &files {
        write_new(&folder.join(name), text)?;
    }
    let folder = folder.display();
    say!(
        "{folder}/{PROMPT_FILE} says what to write, {folder}/{} is yours",
        lang.file()
    );
    say!("spar try {} {folder} --watch", item.id);
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that was not there, even if it came into being a moment ago.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written
        .with_context(|| format!("cannot write `{}`", path.display()))
        .map_err(Failure::Input)
}

fn prompt(item: &Item, spec: &CodeSpec, lang: Language, folder: &Path) -> String {
    let group =
        |group: &domain::CaseGroup| format!("- {} ({} %): {}\n", group.title, group.weight, group.why);
    let groups: String = spec.groups.iter().map(group).collect();
    let limits = &spec.limits;
    format!(
        "# {}\n\n{}\n\n## What is scored\n\n{groups}\nOne run may take {} ms of CPU time and {} MiB of memory. {}\n\n\
         ## How to run it\n\nWrite `{}`, and tests of your own in `{TESTS_FILE}`. Then `spar try {} {}`; with `--watch` \
         at every save.\n",
        item.title,
        item.prompt,
        limits.allowance.cpu_ms,
        limits.allowance.memory_mb,
        limits.why,
        lang.file(),
        item.id,
        folder.display()
    )
}
