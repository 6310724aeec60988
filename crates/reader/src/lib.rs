//! The second reader: a language model behind an OpenAI-compatible endpoint that says, fact by fact,
//! whether an answer makes the point, with the words it rests that on. Off unless an endpoint is given.
//!
//! The endpoint is not trusted. Each verdict must quote the answer literally or it is dropped here, and
//! [`merge`] moves the offline grade only as far as the quoted words and the offline reading permit. When
//! the endpoint fails, lies or stalls, the offline grade stands; the two are always shown side by side.
//! What a candidate writes is data in one JSON string and no instruction to anybody.
//!
//! # The client
//! One `POST` on one fresh connection per try, by `hyper`, which the server already brings in: a model takes
//! seconds, so a pool would save nothing, and dropping the future closes the connection, which stops the
//! model. TLS is rustls on ring with the machine's own roots: thirteen crates beyond those the server has,
//! under MIT, Apache, ISC or BSD licences, and a C compiler, which SQLite needs anyway. `reqwest` stands on
//! the same parts and adds a pool, redirects, proxies and a URL parser, all of which we would switch off or
//! check again. Redirects and proxies are not followed. Nothing here logs the key or the answer.

mod breaker;
mod endpoint;
mod error;
mod merge;
mod prompt;
mod quote;
mod reader;
mod reply;
mod retry;
mod shelf;
mod wire;

pub use breaker::Circuit;
pub use domain::reading::{Dropped, Finding, READING_FORMAT, Reading, Reason, Verdict};
pub use endpoint::{ApiKey, Endpoint};
pub use error::{EndpointError, ReadError};
pub use merge::{Decision, Merged, Ruling, merge};
pub use prompt::{Ask, Claim, Fingerprint};
pub use reader::{Health, Reader};
