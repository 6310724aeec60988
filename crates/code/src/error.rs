//! Faults of the platform. Never what a program did.

/// Why something could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Programs cannot be run here at all.
    #[error("programs cannot be run here: {why}")]
    Unavailable {
        /// What is missing.
        why: String,
        /// What to do about it.
        cure: String,
    },
    /// The language's tools are not installed.
    #[error("{} is not installed", language.title())]
    Missing {
        /// The language.
        language: domain::Language,
        /// How to install it.
        cure: String,
    },
    /// The item names a problem that this version does not know.
    #[error("the problem `{0}` is not known to this version")]
    UnknownProblem(String),
    /// The judge or its sandbox failed; worth another try.
    #[error("the judge failed: {0}")]
    Judge(String),
}
