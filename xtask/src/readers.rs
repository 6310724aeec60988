//! Others' libraries that read what Spar writes for other programs: installed with pip into a folder of their
//! own, never into the machine's Python.

use std::process::Command;

use crate::process::{command, succeed};
use crate::project::{Outcome, Project};
use crate::{need, stamp};

/// Anki's own library, a reader of calendars and one of PDFs; some 60 MB, no more than seconds.
const PACKAGES: [&str; 3] = ["anki==26.9.3", "icalendar==7.3.0", "pypdf==7.1.0"];

/// Folder of the packages, below our scratch folder.
const PLACE: &str = "readers/packages";

/// Installs the packages when they are not those last installed.
pub(crate) fn packages(project: &Project) -> Outcome<String> {
    let mark = project.scratch("stamps")?.join("readers");
    let place = project.scratch(PLACE)?;
    let value = PACKAGES.join(" ");
    if stamp::is_fresh(&mark, &value) && place.join("anki").exists() {
        return Ok("unchanged".to_owned());
    }
    need::pip(project)?;
    std::fs::remove_dir_all(&place).map_err(|e| format!("remove `{}`: {e}", place.display()))?;
    let target = place.to_string_lossy();
    let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let options = [
        &options[..],
        &["--only-binary", ":all:", "--target", &target],
        &PACKAGES,
    ]
    .concat();
    succeed(&mut command(&project.root, "python3", &options))
        .map_err(|e| format!("{e}; hint: is the network up, and is python3 3.9 or newer?"))?;
    stamp::write(&mark, &value)?;
    Ok("installed".to_owned())
}

/// Writes one file of each format, has them read, and with them what the binary writes of a scripted candidate.
pub(crate) fn read(project: &Project) -> Outcome<String> {
    let folder = project.scratch("readers/samples")?;
    let place = project.scratch(PLACE)?;
    let samples = folder.to_string_lossy();
    // For the whole workspace: built for its package alone, the example would have other features of what it
    // depends on than the tests, and compile it all again.
    let build = ["build", "--quiet", "--workspace", "--example", "samples"];
    succeed(&mut command(&project.root, "cargo", &build))?;
    let program = project.target.join("debug/examples/samples");
    succeed(&mut command(
        &project.root,
        &program.to_string_lossy(),
        &[&samples],
    ))?;
    let script = "crates/paper/tests/readers/check.py";
    let spar = project.spar();
    let spar = spar.to_string_lossy();
    let mut check: Command = command(&project.root, "python3", &[script, &samples, &spar]);
    check.env("PYTHONPATH", place).env("PYTHONDONTWRITEBYTECODE", "1");
    succeed(&mut check)?;
    Ok("Anki packages, calendars and papers read by others".to_owned())
}
