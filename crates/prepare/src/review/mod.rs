//! Recall: when a card comes up again, and which cards fill today's minutes.
//!
//! The schedule is that of FSRS (the `fsrs` crate, default parameters): a memory has a stability, the days
//! until it is still known with 90 %, and a difficulty; each review changes both. It follows from the log of a
//! card and the retention wanted alone, so another retention reschedules everything and nothing is stored twice.

mod queue;
mod schedule;

pub use queue::{Candidate, Counts, Pace, Queue, queue};
pub use schedule::{LEECH_LAPSES, Preview, Review, Schedule, in_force, preview, schedule};
