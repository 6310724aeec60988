//! Running other programs.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::project::Outcome;

/// How long silence lasts before we look whether a program has ended.
const LINGER: Duration = Duration::from_millis(500);

/// A program with its arguments, to be run in `folder`.
pub(crate) fn command(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command
}

/// What a program prints on stdout, when it can be started and succeeds.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a program with our own terminal, and expects success.
pub(crate) fn succeed(command: &mut Command) -> Outcome {
    let line = spelled(command);
    let status = command.status().map_err(|e| format!("start `{line}`: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` failed ({status})"))
    }
}

/// Runs a program, writes both its streams in order to `log`, shows them when `live`, and returns them with
/// whether it succeeded.
pub(crate) fn record(command: &mut Command, log: &Path, live: bool) -> Outcome<(bool, String)> {
    let line = spelled(command);
    let failed = |e: std::io::Error| format!("run `{line}`: {e}");
    let mut file = File::create(log).map_err(|e| format!("write `{}`: {e}", log.display()))?;
    let (reader, writer) = std::io::pipe().map_err(failed)?;
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command.stdout(writer.try_clone().map_err(failed)?).stderr(writer);
    let mut child = command.spawn().map_err(failed)?;
    // Our ends of the pipe live in the command; while they do, the reader sees no end.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let lines = lines_of(reader);
    let mut output = String::new();
    let mut exited = None;
    loop {
        match lines.recv_timeout(LINGER) {
            Ok(text) => {
                writeln!(file, "{text}").map_err(failed)?;
                if live {
                    println!("{text}");
                }
                output.push_str(&text);
                output.push('\n');
            }
            Err(RecvTimeoutError::Disconnected) => break,
            // Something that the program left behind may hold the pipe open for ever: do not wait for it.
            Err(RecvTimeoutError::Timeout) if exited.is_some() => break,
            Err(RecvTimeoutError::Timeout) => exited = child.try_wait().map_err(failed)?,
        }
    }
    Ok((child.wait().map_err(failed)?.success(), output))
}

/// The lines from a pipe, read on a thread of its own.
fn lines_of(reader: std::io::PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for bytes in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&bytes).trim_end_matches('\r').to_owned();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The command as one would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|w| w.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_both_streams_and_the_verdict() {
        let log = std::env::temp_dir().join(format!("xtask-record-{}", std::process::id()));
        let mut shell = command(Path::new("/"), "sh", &["-c", "echo one; echo two >&2; exit 3"]);
        assert_eq!(
            record(&mut shell, &log, false).unwrap(),
            (false, "one\ntwo\n".to_owned())
        );
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "one\ntwo\n");
        let mut daemon = command(Path::new("/"), "sh", &["-c", "sleep 30 & echo started"]);
        assert_eq!(
            record(&mut daemon, &log, false).unwrap(),
            (true, "started\n".to_owned())
        );
        std::fs::remove_file(&log).unwrap();
        assert!(record(&mut Command::new("no-such-program"), &log, false).is_err());
    }
}
