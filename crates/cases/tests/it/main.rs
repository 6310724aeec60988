//! What the problems promise: models that obey their prompts, cases that tell right from wrong, checks that
//! refuse no right answer.

mod linearize;
//mod lru_cache;
//mod rate_limiter;
