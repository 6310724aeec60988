//! Readings beside the attempts: what second readers said, each kept as it came.

use domain::{AttemptId, KeptReading, READING_FORMAT};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::attempts::{Added, Seen, seen};
use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, damaged, get};
use crate::standings::{self, Standing};

/// What [`Store::add_reading`] writes.
#[derive(Debug)]
pub struct NewReading<'a> {
    /// The attempt.
    pub attempt: &'a AttemptId,
    /// What the attempt had when the caller read it.
    pub seen: Seen,
    /// The reading.
    pub reading: &'a KeptReading,
    /// Where the attempt stands with it.
    pub standing: &'a Standing,
}

impl Store {
    /// Adds a reading to an attempt that is still as the caller has seen it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn add_reading(&self, new: NewReading<'_>) -> Result<Added, Error> {
        let subject = format!("a reading of attempt `{}`", new.attempt);
        self.scrub_if_left().await?;
        let mut tx = self.begin(&subject).await?;
        match seen(&mut tx, new.attempt).await? {
            None => return Ok(Added::Gone),
            Some(now) if now != new.seen => return Ok(Added::Taken),
            Some(_) => {}
        }
        insert(&mut tx, new.attempt, new.seen.readings, new.reading).await?;
        standings::upsert(&mut tx, new.attempt, new.standing).await?;
        tx.commit().await.map_err(Error::write(subject))?;
        Ok(Added::Now)
    }
}

/// The readings of an attempt, in order.
pub(crate) async fn of(on: &mut SqliteConnection, attempt: &AttemptId) -> Result<Vec<KeptReading>, Error> {
    let name = || format!("reading of attempt `{attempt}`");
    let rows = sqlx::query("SELECT body FROM reading WHERE attempt = $1 ORDER BY position")
        .bind(attempt.as_str())
        .fetch_all(on)
        .await
        .map_err(Error::read(name()))?;
    let decode = |row| {
        let kept: KeptReading = rows::document(&get::<String>(row, "body", name)?, name)?;
        if kept.reading.format > READING_FORMAT {
            return Err(damaged(name, format!("reading format {}", kept.reading.format)));
        }
        Ok(kept)
    };
    rows.iter().map(decode).collect()
}

pub(crate) async fn insert(
    tx: &mut Transaction<'_, Sqlite>,
    attempt: &AttemptId,
    position: u32,
    reading: &KeptReading,
) -> Result<(), Error> {
    let name = || format!("reading {position} of attempt `{attempt}`");
    sqlx::query("INSERT INTO reading (attempt, position, body) VALUES ($1, $2, $3)")
        .bind(attempt.as_str())
        .bind(position)
        .bind(rows::to_json(reading, name)?)
        .execute(&mut **tx)
        .await
        .map_err(Error::write(name()))?;
    Ok(())
}
