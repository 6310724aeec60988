//! What is chosen, scheduled and counted, from records alone.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod plan;
mod review;
mod set;
mod story;
