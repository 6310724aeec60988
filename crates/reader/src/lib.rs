//! The second reader: a language model behind an OpenAI-compatible endpoint that says, fact by fact,
//! whether an answer makes the point, with the words it rests that on. Off unless an endpoint is given.
//!
//! The endpoint is not trusted. Each verdict must quote the answer literally or it is dropped here, and
//! [`merge`] moves the offline grade only as far as the quoted words and the offline reading permit. When
//! the endpoint fails, lies or stalls, the offline grade stands; the two are always shown side by side.
//! What a candidate writes is data in one JSON string and no instruction to anybody.

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

pub use breaker::Circuit;
pub use domain::reading::{Dropped, Finding, READING_FORMAT, Reading, Reason, Verdict};
pub use endpoint::Endpoint;
pub use error::ReadError;
pub use merge::{Decision, Merged, Ruling, merge};
pub use prompt::{Ask, Claim, Fingerprint};
pub use reader::{Health, Reader};
pub use remote::{ApiKey, EndpointError};
