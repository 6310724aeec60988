//! What a candidate hands in. A document on disk: change it only by addition.

use serde::{Deserialize, Serialize};

/// Largest answer in bytes. Five spoken minutes are about 900 words or 6 KB; ten times that is
/// already no answer, and bounds what grading can cost.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What the candidate hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Submission {
    /// A typed or spoken answer.
    Text {
        /// The words, exactly as submitted; evidence offsets count its bytes.
        text: String,
    },
}

/// Why a submission is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionError {
    /// Nothing but white space.
    Empty,
    /// Over [`MAX_ANSWER_BYTES`].
    TooLong {
        /// Its size in bytes.
        bytes: usize,
    },
    /// A NUL byte: no text has one, and PostgreSQL cannot store it.
    Nul {
        /// Where, in bytes.
        at: usize,
    },
}

impl Submission {
    /// Checks the limits that hold for every submission.
    ///
    /// # Errors
    /// Names the rule that was broken.
    pub fn validate(&self) -> Result<(), SubmissionError> {
        let Self::Text { text } = self;
        if text.len() > MAX_ANSWER_BYTES {
            return Err(SubmissionError::TooLong { bytes: text.len() });
        }
        if let Some(at) = text.find('\0') {
            return Err(SubmissionError::Nul { at });
        }
        if text.trim().is_empty() {
            return Err(SubmissionError::Empty);
        }
        Ok(())
    }

    /// The text that evidence spans point into.
    pub fn text(&self) -> &str {
        let Self::Text { text } = self;
        text
    }
}

impl std::fmt::Display for SubmissionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("`submission.text` is empty: type or say an answer first"),
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "`submission.text` has {bytes} bytes, the limit is {MAX_ANSWER_BYTES}"
                )
            }
            Self::Nul { at } => write!(f, "`submission.text` has a NUL character at byte {at}: remove it"),
        }
    }
}

impl std::error::Error for SubmissionError {}
