//! Runs pip and Python's own unpacking: with a bound on time, and their last words where they fail.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::FetchError;

/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(50);

/// Longest line that is quoted.
const MAX_QUOTE_CHARS: usize = 240;

/// A program that did not do what it was started for.
pub(crate) enum Failed {
    /// It is not there.
    Absent,
    /// It ended and said why, in one line.
    Said(String),
    /// It did not end in time and was stopped.
    Late,
    /// What it says could not be written down.
    Log(std::io::Error),
}

/// The Python that has a module: by the name of most systems, or the other.
pub(crate) fn python(module: &str) -> Result<&'static str, FetchError> {
    ["python3", "python"]
        .into_iter()
        .find(|name| {
            let mut probe = Command::new(name);
            let probe = probe.args(["-m", module, "--version"]).stdin(Stdio::null());
            probe
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
        .ok_or(FetchError::NoClient)
}

/// Runs a program in `folder`, where it also leaves a `log`.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str], within: Duration) -> Result<(), Failed> {
    let log = folder.join("log");
    let open = |file: std::io::Result<File>| file.map_err(Failed::Log);
    let out = open(File::create(&log))?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.stdout(open(out.try_clone())?).stderr(out);
    let mut child = command.spawn().map_err(|_| Failed::Absent)?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) | Err(_) => {
                return Err(Failed::Said(last_words(&std::fs::read(&log).unwrap_or_default())));
            }
            Ok(None) if started.elapsed() > within => {
                // It may have ended since; then there is nothing to stop.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Failed::Late);
            }
            Ok(None) => std::thread::sleep(LOOK),
        }
    }
}

/// The last line that names an error, or the last line.
fn last_words(log: &[u8]) -> String {
    let log = String::from_utf8_lossy(log);
    let lines = || log.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines()
        .rfind(|line| line.starts_with("ERROR"))
        .or(lines().next_back());
    line.unwrap_or("no message")
        .chars()
        .take(MAX_QUOTE_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, within: Duration) -> Result<(), Failed> {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), "sh", &["-c", script], within)
    }

    #[test]
    fn what_a_program_said_last_is_told() {
        let long = Duration::from_secs(60);
        assert!(shell("true", long).is_ok());
        let Err(Failed::Said(said)) = shell("echo start; echo 'ERROR: no match' >&2; echo bye; exit 1", long)
        else {
            panic!("it failed");
        };
        assert_eq!(said, "ERROR: no match");
        assert!(matches!(shell("exit 3", long), Err(Failed::Said(said)) if said == "no message"));
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        assert!(matches!(shell("sleep 600", Duration::ZERO), Err(Failed::Late)));
        let folder = tempfile::tempdir().unwrap();
        let absent = run(folder.path(), "no-such-program", &[], Duration::ZERO);
        assert!(matches!(absent, Err(Failed::Absent)));
    }
}
