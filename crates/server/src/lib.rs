//! The axum shell around [`practice::Practice`]: routes, wire shapes, the OpenAPI document, the page, and
//! the guards around them. The contract is in `docs/api.md`.
//!
//! Handlers translate and nothing else. Every error is a [`Problem`]; the clock is read here and handed on.

mod app;
mod config;
mod extract;
mod guard;
mod markdown;
mod metrics;
mod observe;
mod openapi;
mod page;
mod problem;
mod rate;
mod rendered;
mod routes;
mod serve;
pub mod wire;

pub use app::router;
pub use config::{Config, Limits, Token};
pub use openapi::document;
pub use problem::{Code, Problem};
pub use serve::{Error, listen, serve, stop_signal};
