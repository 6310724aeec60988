//! The problems as the judge meets them, and what their checks stand on.

mod linearize;
mod log_stream;
