//! How the judge of programs is started here: from this binary, the environment and the data folder.

use std::path::PathBuf;

use anyhow::Context as _;
use practice::{JudgeConfig, JudgeState, Practice};

use crate::args::Common;
use crate::failure::Failure;
use crate::open;

/// The JavaScript that takes types off TypeScript; empty in a binary that was built without.
const STRIP_TYPES: &[u8] = include!(concat!(env!("OUT_DIR"), "/strip.rs"));

/// Names the `go` program, or the folder it is in, where it is not on `PATH`.
const GO: &str = "SPAR_GO";

/// Where installers put tools without telling `PATH` of every process, below the home folder and at the root.
const HOME_FOLDERS: [&str; 2] = [".cargo/bin", "go/bin"];
const ROOT_FOLDERS: [&str; 3] = ["/usr/local/go/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/// What the judge needs to start.
pub(crate) fn config(common: &Common) -> Result<JudgeConfig, Failure> {
    let broker = std::env::current_exe().context("where this program lies");
    Ok(JudgeConfig {
        broker: broker.map_err(Failure::Platform)?,
        shelf: open::data_folder(common)?.join("programs"),
        path: folders(),
        strip_types: STRIP_TYPES,
        slots: practice::Limits::of_this_machine().gradings,
        degraded: false,
    })
}

/// Tells the application how, and starts the judge.
///
/// # Errors
/// Programs cannot be run here, with the cure.
pub(crate) async fn start(practice: &Practice, common: &Common) -> Result<(), Failure> {
    practice.judge_by(config(common)?);
    match practice.start_judge().await {
        JudgeState::Ready(status) => {
            for warning in &status.warnings {
                eprintln!("warning: {warning}");
            }
            Ok(())
        }
        _ => Err(practice.judge().map(drop).map_or_else(Failure::from, |()| {
            Failure::Platform(anyhow::anyhow!("the judge was not started"))
        })),
    }
}

/// The folders that tools are looked for in, in order.
fn folders() -> Vec<PathBuf> {
    let go = std::env::var_os(GO).map(PathBuf::from);
    let go = go.map(|go| match go.parent() {
        Some(parent) if go.is_file() => parent.to_owned(),
        _ => go,
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = dirs::home_dir();
    let at_home = HOME_FOLDERS
        .iter()
        .filter_map(|folder| Some(home.as_ref()?.join(folder)));
    go.into_iter()
        .chain(std::env::split_paths(&path))
        .chain(at_home)
        .chain(ROOT_FOLDERS.iter().map(PathBuf::from))
        .collect()
}
