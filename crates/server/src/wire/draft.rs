//! Unsent text.

use practice::Draft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;

/// The unsent text of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftBody {
    /// The item.
    pub item: String,
    /// The text so far.
    pub text: String,
    /// Time spent on it so far, in milliseconds.
    #[schema(required)]
    pub elapsed_ms: Option<i64>,
    /// When it was last put.
    #[schema(format = DateTime)]
    pub updated_at: String,
}

/// The unsent text to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The text so far, at most 65,536 bytes.
    #[schema(max_length = 65_536)]
    pub text: String,
    /// Time spent on it so far, in milliseconds, at most a day.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub elapsed_ms: Option<i64>,
}

impl From<&Draft> for DraftBody {
    fn from(draft: &Draft) -> Self {
        Self {
            item: draft.item.to_string(),
            text: draft.text.clone(),
            elapsed_ms: draft.elapsed_ms,
            updated_at: instant(draft.updated_at_us),
        }
    }
}
