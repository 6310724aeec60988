//! The way to an endpoint that the user has configured: its address, its key, TLS, one request.
//!
//! All that leaves this machine leaves through here, so the rules stand once: no name or password in a URL, no
//! plain HTTP over a public network, no redirect followed, bounds on all that comes back, no secret in an
//! error.
//!
//! One `POST` on one fresh connection per try, by `hyper`, which the server already brings in: a model takes
//! seconds, so a pool would save nothing, and dropping the future closes the connection, which stops the
//! model. TLS is rustls on ring with the machine's own roots: thirteen crates beyond those the server has,
//! under MIT, Apache, ISC or BSD licences, and a C compiler, which SQLite needs anyway. `reqwest` stands on
//! the same parts and adds a pool, redirects, proxies and a URL parser, all of which we would switch off or
//! check again. Redirects and proxies are not followed. Nothing here logs the key or the answer.

mod address;
mod error;
mod key;
mod wire;

pub use error::EndpointError;
pub use key::ApiKey;
pub use wire::{Fault, MAX_BODY_BYTES, Received, Target, Wire};
