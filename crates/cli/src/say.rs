//! Standard output that may close early: `spar list | head` is no failure.

use std::fmt;
use std::io::{ErrorKind, Write as _};

/// Prints a line to standard output.
macro_rules! say {
    () => { $crate::say::text(format_args!("\n")) };
    ($($arg:tt)*) => { $crate::say::text(format_args!("{}\n", format_args!($($arg)*))) };
}

/// Prints to standard output without a line end.
macro_rules! put {
    ($($arg:tt)*) => { $crate::say::text(format_args!($($arg)*)) };
}

pub(crate) use {put, say};

/// Writes to standard output. When the reader has gone there is nobody left to work for, and the process
/// ends as a filter should.
pub(crate) fn text(arguments: fmt::Arguments<'_>) {
    let mut stdout = std::io::stdout().lock();
    if let Err(error) = stdout.write_fmt(arguments).and_then(|()| stdout.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            eprintln!("error: cannot write to standard output: {error}");
        }
        #[expect(clippy::exit, reason = "nothing that is kept is open while a command prints")]
        std::process::exit(i32::from(error.kind() != ErrorKind::BrokenPipe));
    }
}
