//! The problems as the judge meets them, and what their checks stand on.

mod api_handler;
mod linearize;
mod log_stream;
mod lru_cache;
mod rate_limiter;
mod story;
