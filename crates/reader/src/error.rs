//! Why there is no reading. None of these holds the key, the answer or a body that was received: they are
//! shown and logged.

/// Why the second reader gave nothing. The offline grade stands in every case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No connection.
    #[error("the second reader cannot be reached ({what}); hint: start it, or correct the address")]
    Connect {
        /// What the system or TLS said.
        what: String,
    },
    /// The connection ended within the reply.
    #[error("the second reader hung up within its reply")]
    Cut,
    /// One try took too long.
    #[error(
        "the second reader did not finish within {limit_ms} ms; hint: a smaller model, or a faster machine"
    )]
    Timeout {
        /// The limit.
        limit_ms: u128,
    },
    /// All tries and waits together took too long.
    #[error("the second reader gave nothing within {limit_ms} ms in all")]
    Deadline {
        /// The limit.
        limit_ms: u128,
    },
    /// The endpoint asks to slow down.
    #[error("the second reader limits us{}", retry_after_s.map_or_else(String::new, |s| format!(": try again in {s} s")))]
    Limited {
        /// What it asked for, in seconds.
        retry_after_s: Option<u64>,
    },
    /// Any other status that is no success.
    #[error("the second reader answered {status}{}; hint: {}", code.as_ref().map_or_else(String::new, |c| format!(" `{c}`")), cure(*status))]
    Status {
        /// The HTTP status.
        status: u16,
        /// Its `error.code`, where that is a plain word.
        code: Option<String>,
    },
    /// The endpoint points elsewhere. Not followed: the answer goes where the user said, or nowhere.
    #[error("the second reader redirects ({status}); hint: configure the final address")]
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// The reply is larger than any reading.
    #[error("the second reader sent more than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The reply is not what was asked for.
    #[error("the second reader's reply cannot be used: {what}")]
    Reply {
        /// What is wrong with it.
        what: &'static str,
    },
    /// Too many failures just before: not asked.
    #[error("the second reader failed too often and is left alone for another {retry_in_ms} ms")]
    Resting {
        /// When it is asked again.
        retry_in_ms: u128,
    },
}

fn cure(status: u16) -> &'static str {
    match status {
        401 | 403 => "check the key",
        404 => "check the address (it usually ends in /v1) and the model",
        400 | 413 | 422 => "check the model, and whether its context holds the question and the answer",
        _ => "see the log of the endpoint",
    }
}
