//! What leaves Spar to be printed or opened elsewhere: PDF, Markdown, Anki packages, calendars.
//!
//! Bytes in memory; writes no file. The same input gives the same bytes: dates are arguments, ids are derived,
//! and nothing in a file says when or where it was written beyond what the caller says.

pub mod anki;
mod booklet;
pub mod calendar;
mod markdown;
mod pdf;
pub mod text;

pub use booklet::{Booklet, Sheet};
pub use pdf::Error as PdfError;
