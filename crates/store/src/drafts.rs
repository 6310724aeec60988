//! Unsent text, one per item, so that a reload or a crash loses nothing.

use domain::ItemId;
use sqlx::sqlite::SqliteRow;

use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, get};

/// The unsent text of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The item.
    pub item: ItemId,
    /// The text so far.
    pub text: String,
    /// Time spent on it so far, in milliseconds.
    pub elapsed_ms: Option<i64>,
    /// Microseconds since the Unix epoch.
    pub updated_at_us: i64,
}

impl Store {
    /// The draft of an item, where there is one.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn draft(&self, item: &ItemId) -> Result<Option<Draft>, Error> {
        let row = sqlx::query("SELECT item, text, elapsed_ms, updated_at FROM draft WHERE item = $1")
            .bind(item.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::read(format!("the draft of `{item}`")))?;
        row.as_ref().map(decode).transpose()
    }

    /// Every draft, in item order.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn drafts(&self) -> Result<Vec<Draft>, Error> {
        let rows = sqlx::query("SELECT item, text, elapsed_ms, updated_at FROM draft ORDER BY item")
            .fetch_all(&self.readers)
            .await
            .map_err(Error::read("the drafts"))?;
        rows.iter().map(decode).collect()
    }

    /// Keeps the draft in place of the item's earlier one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn put_draft(&self, draft: &Draft) -> Result<(), Error> {
        self.scrub_if_left().await?;
        sqlx::query(
            "INSERT INTO draft (item, text, elapsed_ms, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (item) DO UPDATE SET text = excluded.text, elapsed_ms = excluded.elapsed_ms, \
             updated_at = excluded.updated_at",
        )
        .bind(draft.item.as_str())
        .bind(&draft.text)
        .bind(draft.elapsed_ms)
        .bind(draft.updated_at_us)
        .execute(&self.writer)
        .await
        .map_err(Error::write(format!("the draft of `{}`", draft.item)))?;
        Ok(())
    }

    /// Deletes the draft and its text from the disk; false when there was none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn delete_draft(&self, item: &ItemId) -> Result<bool, Error> {
        let deleted = sqlx::query("DELETE FROM draft WHERE item = $1")
            .bind(item.as_str())
            .execute(&self.writer)
            .await
            .map_err(Error::write(format!("the deletion of the draft of `{item}`")))?
            .rows_affected();
        if deleted > 0 {
            self.scrub().await?;
        }
        Ok(deleted > 0)
    }
}

fn decode(row: &SqliteRow) -> Result<Draft, Error> {
    let item: String = get(row, "item", || "draft".to_owned())?;
    let name = || format!("draft `{item}`");
    Ok(Draft {
        item: rows::parse(&item, name)?,
        text: get(row, "text", name)?,
        elapsed_ms: get(row, "elapsed_ms", name)?,
        updated_at_us: get(row, "updated_at", name)?,
    })
}
