//! Export and import. The document is written by `practice`; these shapes describe it.

use practice::Imported;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBody {
    /// Attempts.
    pub attempts: Count,
    /// Drafts.
    pub drafts: Count,
    /// Jobs, sets, loops, stories, plans and cards.
    pub documents: Count,
}

/// Rows of one sort.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// They were missing.
    pub added: u32,
    /// They were there, and stay as they are.
    pub skipped: u32,
}

/// Everything that is kept, as one document that imports again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportDocument {
    /// Version of the document: 1.
    #[schema(minimum = 1)]
    pub format: u32,
    /// Version of the program that wrote it.
    pub spar: String,
    /// When it was written.
    #[schema(format = DateTime)]
    pub exported_at: String,
    /// Attempts, oldest first: `id`, `item`, `revision`, `state`, `void_reason`, `created_at`, `elapsed_ms`,
    /// `previous`, `submission`, `scorecard` (as graded, without derived scores), `replies` and `overrides`
    /// (every one ever made, and withdrawals).
    #[schema(value_type = Vec<Object>)]
    pub attempts: Vec<Value>,
    /// The sources that were graded against: `item`, `revision`, `source`, `lexicon`.
    #[schema(value_type = Vec<Object>)]
    pub revisions: Vec<Value>,
    /// Unsent texts: `item`, `text`, `elapsed_ms`, `updated_at`.
    #[schema(value_type = Vec<Object>)]
    pub drafts: Vec<Value>,
    /// Jobs, sets, loops, stories, plans and cards: `kind`, `id`, `version`, `created_at`, `updated_at`, `body`,
    /// and `entries`, its log.
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Value>,
}

/// What [`Wipe::confirm`] must say.
pub const WIPE_WORD: &str = "delete everything";

/// The deletion of everything, said on purpose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wipe {
    /// `delete everything`.
    #[schema(pattern = "^delete everything$", max_length = 17)]
    pub confirm: String,
}

impl From<Imported> for ImportBody {
    fn from(done: Imported) -> Self {
        Self {
            attempts: Count {
                added: done.attempts_added,
                skipped: done.attempts_skipped,
            },
            drafts: Count {
                added: done.drafts_added,
                skipped: done.drafts_skipped,
            },
            documents: Count {
                added: done.documents_added,
                skipped: done.documents_skipped,
            },
        }
    }
}
