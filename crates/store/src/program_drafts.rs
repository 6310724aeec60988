//! Unsent programs with their tests, one for each language of an item.

use domain::{ItemId, Language, ProgramFile};
use sqlx::sqlite::SqliteRow;

use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, get};

/// The unsent program of an item in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramDraft {
    /// The item.
    pub item: ItemId,
    /// The language.
    pub lang: Language,
    /// The program and the tests, as they would be submitted.
    pub files: Vec<ProgramFile>,
    /// Time spent on it so far, in milliseconds.
    pub elapsed_ms: Option<i64>,
    /// Microseconds since the Unix epoch.
    pub updated_at_us: i64,
}

impl Store {
    /// The draft of an item in a language, where there is one.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn program_draft(&self, item: &ItemId, lang: Language) -> Result<Option<ProgramDraft>, Error> {
        let row = sqlx::query(
            "SELECT item, lang, files, elapsed_ms, updated_at FROM program_draft WHERE item = $1 AND lang = $2",
        )
        .bind(item.as_str())
        .bind(lang.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(Error::read(format!("the draft of `{item}` in {lang}")))?;
        row.as_ref().map(decode).transpose()
    }

    /// Every draft of a program, in order of item and language.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn program_drafts(&self) -> Result<Vec<ProgramDraft>, Error> {
        let rows = sqlx::query(
            "SELECT item, lang, files, elapsed_ms, updated_at FROM program_draft ORDER BY item, lang",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(Error::read("the drafts of programs"))?;
        rows.iter().map(decode).collect()
    }

    /// Keeps the draft in place of the earlier one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn put_program_draft(&self, draft: &ProgramDraft) -> Result<(), Error> {
        let name = || format!("the draft of `{}` in {}", draft.item, draft.lang);
        self.scrub_if_left().await?;
        sqlx::query(
            "INSERT INTO program_draft (item, lang, files, elapsed_ms, updated_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (item, lang) DO UPDATE SET files = excluded.files, elapsed_ms = excluded.elapsed_ms, \
             updated_at = excluded.updated_at",
        )
        .bind(draft.item.as_str())
        .bind(draft.lang.as_str())
        .bind(rows::to_json(&draft.files, name)?)
        .bind(draft.elapsed_ms)
        .bind(draft.updated_at_us)
        .execute(&self.writer)
        .await
        .map_err(Error::write(name()))?;
        Ok(())
    }

    /// Deletes the draft and its text from the disk, in all languages without one; false when there was none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn delete_program_draft(&self, item: &ItemId, lang: Option<Language>) -> Result<bool, Error> {
        let deleted = sqlx::query("DELETE FROM program_draft WHERE item = $1 AND lang = COALESCE($2, lang)")
            .bind(item.as_str())
            .bind(lang.map(Language::as_str))
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

pub(crate) async fn import(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    draft: &ProgramDraft,
) -> Result<bool, Error> {
    let name = || format!("the draft of `{}` in {}", draft.item, draft.lang);
    let done = sqlx::query(
        "INSERT INTO program_draft (item, lang, files, elapsed_ms, updated_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (item, lang) DO NOTHING",
    )
    .bind(draft.item.as_str())
    .bind(draft.lang.as_str())
    .bind(rows::to_json(&draft.files, name)?)
    .bind(draft.elapsed_ms)
    .bind(draft.updated_at_us)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(name()))?;
    Ok(done.rows_affected() > 0)
}

fn decode(row: &SqliteRow) -> Result<ProgramDraft, Error> {
    let item: String = get(row, "item", || "draft of a program".to_owned())?;
    let name = || format!("draft of a program for `{item}`");
    Ok(ProgramDraft {
        item: rows::parse(&item, name)?,
        lang: rows::parse(&get::<String>(row, "lang", name)?, name)?,
        files: rows::document(&get::<String>(row, "files", name)?, name)?,
        elapsed_ms: get(row, "elapsed_ms", name)?,
        updated_at_us: get(row, "updated_at", name)?,
    })
}
