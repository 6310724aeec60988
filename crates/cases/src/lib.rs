//! The programming problems: what their cases are made of, the models that know the right answers, and the
//! checks of what a program answered.
//!
//! Everything is generated from a seed and judged from a transcript, so that the same program gets the same
//! verdict. The crate runs nothing: `code` does, and tells it what came back.
//!
//! A problem is a [`Problem`]: a row of functions in [`PROBLEMS`]. The bank names it in the head of an item.

mod api_handler;
mod case;
mod history;
mod job_queue;
mod linearize;
mod log_stream;
mod lru_cache;
mod notation;
mod notation_lines;
mod problem;
mod rate_limiter;
mod replay;
mod resilient_client;
mod seed;

pub use case::{Answered, Call, Case, Mismatch, Reply, Script, Step, Transcript};
pub use linearize::{BUDGET, Finding, Timed, linearize, linearize_by_key};
pub use problem::{Mutant, OwnTest, OwnTests, PROBLEMS, Problem, TestsError, Wanted, problem};
pub use seed::Seed;
