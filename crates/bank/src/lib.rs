//! Text in, items out: parses and lints packs of item files. Pure: the shell reads the files.
//!
//! The format is described in `docs/bank-format.md`. A file that breaks it yields diagnostics with
//! line, column and cure, and the rest of the pack still loads.

mod body;
mod diagnostic;
mod dialogue;
mod head;
mod lint;
mod pack;
mod program;
mod vary;

pub use diagnostic::{Diagnostic, SourceFile};
pub use dialogue::change_source;
pub use lint::{MAX_LIKENESS, lint};
pub use pack::{Bank, Instance, LEXICON_FILE, parse};
pub use program::{is_program_file, kept};
pub use vary::{VaryError, vary};
