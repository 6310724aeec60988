//! The broker on Linux.
#![expect(
    unsafe_code,
    reason = "namespaces, mounts and forks are system calls without a safe form"
)]

mod filter;
mod groups;
mod init;
mod landlock;
mod leaf;
mod page;
mod probe;
mod root;
mod serve;
mod slot;
pub mod socket;
mod sys;
mod take;

use std::process::ExitCode;

/// See [`crate::main`].
pub(crate) fn main(words: &[&str]) -> ExitCode {
    match words {
        [.., "probe", name] => probe::run(name),
        _ => match serve::serve() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
    }
}
