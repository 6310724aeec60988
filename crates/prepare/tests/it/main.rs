//! What to practise next, through the public surface.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod plan;
