//! One submission to one item revision. Attempts never change once graded; replies, overrides
//! and readings are added beside them and the scorecard that follows is derived.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{ItemId, KeptReading, Override, Reply, Scorecard, Submission};

/// Names an attempt: 26 characters of Crockford base 32 (a ULID), so ids sort by creation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttemptId(String);

/// A text that is not an [`AttemptId`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl AttemptId {
    /// Builds an id from the creation time and 80 random bits (the upper 48 of `random` are unused).
    pub fn new(created_at_ms: u64, random: u128) -> Self {
        let bits = (u128::from(created_at_ms) << 80) | (random & ((1 << 80) - 1));
        let digit = |i: u32| char::from(ALPHABET[((bits >> (5 * (25 - i))) & 31) as usize]);
        Self((0..26).map(digit).collect())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AttemptId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        // The first digit holds three bits: above 7 the 128 bits would overflow.
        let fits = text.len() == 26 && text.as_bytes()[0] <= b'7';
        if fits && text.bytes().all(|b| ALPHABET.contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError)
        }
    }
}

impl TryFrom<String> for AttemptId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<AttemptId> for String {
    fn from(id: AttemptId) -> Self {
        id.0
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an attempt id: 26 characters of 0-9 and A-Z without I, L, O, U")
    }
}

impl std::error::Error for IdError {}

crate::item::vocabulary! {
    /// Where an attempt stands.
    AttemptState {
        /// A program that waits to be graded.
        Queued = "queued",
        /// A program that is being graded; never kept, a store says `queued` meanwhile.
        Running = "running",
        /// Graded.
        Scored = "scored",
        /// Could not be graded through no fault of the candidate; the reason is kept.
        Void = "void",
    }
}

/// One submission to one item revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The item.
    pub item: ItemId,
    /// The revision that was graded.
    pub revision: String,
    /// Where it stands.
    pub state: AttemptState,
    /// Why it is void, in one sentence; `None` otherwise.
    pub void_reason: Option<String>,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// How long the candidate took, in milliseconds, where the client measured it.
    pub elapsed_ms: Option<i64>,
    /// The attempt that this one improves on.
    pub previous: Option<AttemptId>,
    /// What was handed in.
    pub submission: Submission,
    /// The grading of the answer alone, before any follow-up; `None` when void, or not graded yet.
    pub scorecard: Option<Scorecard>,
    /// Replies to the follow-ups, in order.
    pub replies: Vec<Reply>,
    /// What a human said against the grading, in order; see [`crate::Overridden`].
    pub overrides: Vec<Override>,
    /// What second readers said of the answer, in order; the last counts.
    pub readings: Vec<KeptReading>,
}
