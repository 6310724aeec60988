//! What the problems promise: models that obey their prompts, own tests that can catch every mutant, checks
//! that see what threads do wrong.

mod linearize;
mod lru_cache;
mod rate_limiter;
mod story;
