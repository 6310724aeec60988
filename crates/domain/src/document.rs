//! What the candidate keeps beside attempts: the job they prepare for, sets, loops, stories, a plan, cards.
//!
//! Each is one JSON document with a version, and may have a log of entries that only grows. Both are on
//! people's disks: change them only by addition.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest [`DocumentId`]: two item slugs and a separator.
const MAX_ID_CHARS: usize = 140;

crate::item::vocabulary! {
    /// A sort of document.
    DocumentKind {
        /// The job that the candidate prepares for.
        Job = "job",
        /// A tailored set of questions.
        Set = "set",
        /// A mock loop; its entries are what happened in it.
        Loop = "loop",
        /// A STAR record.
        Story = "story",
        /// A study plan; its entries are what was done.
        Plan = "plan",
        /// A recall item made from a fact; its entries are reviews.
        Card = "card",
        /// How the candidate reviews their cards.
        Review = "review",
    }
}

/// A sort of document: its shape, its log and its rules.
pub trait Document: Serialize + DeserializeOwned {
    /// Which sort.
    const KIND: DocumentKind;

    /// What is logged beside it.
    type Entry: Serialize + DeserializeOwned;

    /// Whether it may be kept.
    ///
    /// # Errors
    /// Names the field and the rule that it breaks.
    fn check(&self) -> Result<(), DocumentError>;

    /// Whether an entry may be logged.
    ///
    /// # Errors
    /// Names the field and the rule that it breaks.
    fn check_entry(entry: &Self::Entry) -> Result<(), DocumentError>;
}

/// The entry of a document that has no log: there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoEntry {}

/// Names a document within its kind: letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentId(String);

/// A text that is not a [`DocumentId`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentIdError;

/// A field of a document that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// Path of the field, such as `stages[2].minutes`.
    pub field: String,
    /// What must hold, such as "must be 5 to 600".
    pub rule: String,
}

impl DocumentError {
    /// A field and the rule that it breaks.
    pub fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: rule.into(),
        }
    }
}

impl DocumentId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocumentId {
    type Err = DocumentIdError;

    fn from_str(text: &str) -> Result<Self, DocumentIdError> {
        let shape = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fits = !text.is_empty() && text.len() <= MAX_ID_CHARS && text.chars().all(shape);
        fits.then(|| Self(text.to_owned())).ok_or(DocumentIdError)
    }
}

impl TryFrom<String> for DocumentId {
    type Error = DocumentIdError;

    fn try_from(text: String) -> Result<Self, DocumentIdError> {
        text.parse()
    }
}

impl From<DocumentId> for String {
    fn from(id: DocumentId) -> Self {
        id.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DocumentIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a document id: use 1 to {MAX_ID_CHARS} letters, digits, `-`, `_` and `.`"
        )
    }
}

impl std::error::Error for DocumentIdError {}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.rule)
    }
}

impl std::error::Error for DocumentError {}
