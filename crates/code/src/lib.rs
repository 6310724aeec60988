//! The judge of programs.
//!
//! A candidate's program is compiled and run in the sandbox, spoken to over pipes, and judged outside of its
//! process. What the program does is data: a verdict, a scorecard. Only a broken platform is an [`Error`], and
//! no program can cause one.
//!
//! All calls block; the caller keeps them off threads that must not.

mod error;
pub mod judge;
pub mod language;
pub mod sandbox;

pub use error::Error;
pub use judge::{Config, Grading, Judge, Progress, Ran, RanCase, Status, Trial};
pub use language::{Installed, LanguageStatus};
