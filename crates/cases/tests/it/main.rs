//! The problems as the judge meets them.

mod log_stream;
