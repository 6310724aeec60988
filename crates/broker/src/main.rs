//! The broker by itself, for tests; in the product it is the hidden first argument of the binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    broker::main()
}
