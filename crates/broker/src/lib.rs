//! The process that owns the sandbox: slots with prebuilt namespaces, in which candidates' programs run.
//!
//! Three kinds of processes. The *server* asks; it never forks a candidate. The *broker*, started by the
//! server as the same program with the argument `broker`, owns the control groups and forks the slots. A
//! *slot* has namespaces, mounts and a control group of its own and serves runs one after the other, straight
//! from the server over a socket. For each run it forks an *init* into a fresh process and mount namespace;
//! init starts the candidate's program, reaps whatever it leaves, and says how it ended.
//!
//! Everything fails closed: a measure that cannot be taken ends the run with an error of the platform, and the
//! slot is built anew. What a program does is never an error: it is an [`Outcome`].
//!
//! All of it is Linux; elsewhere there are only the words of the protocol, and [`main`] says so.

mod codec;
mod terms;
pub mod wire;

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
pub use linux::socket;

use std::process::ExitCode;

pub use terms::{ALL_CONTROLS, Backend, Control, Exit, Limits, Outcome, Refused, Stop, Usage};

/// The argument that makes the program a broker.
pub const ARGUMENT: &str = "broker";

/// The hostile programs of the self-test, by name; see [`main`].
pub const PROBES: [&str; 6] = ["forks", "memory", "files", "processes", "network", "calls"];

/// Serves as a broker on standard input, a socket, until its other end is closed. With the arguments
/// `broker probe NAME` it is one of the [`PROBES`] instead: a hostile program that is meant to run inside the
/// sandbox, and which exits with 0 if it could do no harm.
pub fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    #[cfg(target_os = "linux")]
    return linux::main(&words);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = words;
        ExitCode::from(2)
    }
}
