//! Overrides beside the attempts: a log that only grows.

use domain::{AttemptId, Override};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::attempts::{Added, Seen, seen};
use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, get};
use crate::standings::{self, Standing};

/// What [`Store::add_override`] writes.
#[derive(Debug)]
pub struct NewOverride<'a> {
    /// The attempt.
    pub attempt: &'a AttemptId,
    /// What the attempt had when the caller read it.
    pub seen: Seen,
    /// The entry.
    pub entry: &'a Override,
    /// Where the attempt stands with it.
    pub standing: &'a Standing,
}

impl Store {
    /// Adds an entry to the log of an attempt that is still as the caller has seen it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn add_override(&self, new: NewOverride<'_>) -> Result<Added, Error> {
        let subject = format!("an override of attempt `{}`", new.attempt);
        self.scrub_if_left().await?;
        let mut tx = self.begin(&subject).await?;
        match seen(&mut tx, new.attempt).await? {
            None => return Ok(Added::Gone),
            Some(now) if now != new.seen => return Ok(Added::Taken),
            Some(_) => {}
        }
        insert(&mut tx, new.attempt, new.seen.overrides, new.entry).await?;
        standings::upsert(&mut tx, new.attempt, new.standing).await?;
        tx.commit().await.map_err(Error::write(subject))?;
        Ok(Added::Now)
    }
}

/// The log of an attempt, in order.
pub(crate) async fn of(on: &mut SqliteConnection, attempt: &AttemptId) -> Result<Vec<Override>, Error> {
    let name = || format!("override of attempt `{attempt}`");
    let rows = sqlx::query("SELECT body FROM override WHERE attempt = $1 ORDER BY position")
        .bind(attempt.as_str())
        .fetch_all(on)
        .await
        .map_err(Error::read(name()))?;
    let decode = |row| rows::document(&get::<String>(row, "body", name)?, name);
    rows.iter().map(decode).collect()
}

pub(crate) async fn insert(
    tx: &mut Transaction<'_, Sqlite>,
    attempt: &AttemptId,
    position: u32,
    entry: &Override,
) -> Result<(), Error> {
    let name = || format!("override {position} of attempt `{attempt}`");
    sqlx::query("INSERT INTO override (attempt, position, body) VALUES ($1, $2, $3)")
        .bind(attempt.as_str())
        .bind(position)
        .bind(rows::to_json(entry, name)?)
        .execute(&mut **tx)
        .await
        .map_err(Error::write(name()))?;
    Ok(())
}
