//! What leaves, read again by rules written down elsewhere.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod anki;
mod booklet;
mod calendar;
