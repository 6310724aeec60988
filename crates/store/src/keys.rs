//! Idempotency keys: what a client's key led to, so that a repeated request has one effect.

use sqlx::{Row, Sqlite, Transaction};

use crate::attempts::Seen;
use crate::error::Error;
use crate::open::Store;
use crate::rows;

/// How long a key is kept, in microseconds. Clients retry for minutes; a day covers a laptop that
/// slept over night.
const KEY_LIFE_US: i64 = 24 * 60 * 60 * 1_000_000;

/// A client's key with the hash of the request that it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key, as sent.
    pub key: String,
    /// Hash of method, path and body; the same key with another hash is another request.
    pub request_hash: String,
}

/// What a key led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The attempt it made, or added a reply to.
    pub attempt: domain::AttemptId,
    /// What the attempt had right after: nothing when the key made the attempt.
    pub seen: Seen,
    /// Whether the request was the same.
    pub same_request: bool,
}

impl Store {
    /// What `key` led to before; `None` when it is new.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn known(&self, key: &Key) -> Result<Option<Known>, Error> {
        let row = sqlx::query(FIND)
            .bind(&key.key)
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::read("an idempotency key"))?;
        row.map(|row| decode(&row, key)).transpose()
    }
}

const FIND: &str =
    "SELECT request_hash, attempt, position, overrides, readings FROM idempotency WHERE key = $1";

/// Claims the key inside the transaction that has its effect, after which the attempt has what `with`
/// says; call [`find`] first.
pub(crate) async fn claim(
    tx: &mut Transaction<'_, Sqlite>,
    key: &Key,
    attempt: &domain::AttemptId,
    with: Seen,
    now_us: i64,
) -> Result<(), Error> {
    purge(&mut **tx, now_us).await?;
    sqlx::query(
        "INSERT INTO idempotency (key, request_hash, attempt, position, overrides, readings, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&key.key)
    .bind(&key.request_hash)
    .bind(attempt.as_str())
    .bind(with.replies.checked_sub(1))
    .bind(with.overrides)
    .bind(with.readings)
    .bind(now_us)
    .execute(&mut **tx)
    .await
    .map_err(Error::write("an idempotency key"))?;
    Ok(())
}

/// [`Store::known`] inside a transaction that holds the write lock, so the answer cannot go stale.
pub(crate) async fn find(tx: &mut Transaction<'_, Sqlite>, key: &Key) -> Result<Option<Known>, Error> {
    let row = sqlx::query(FIND)
        .bind(&key.key)
        .fetch_optional(&mut **tx)
        .await
        .map_err(Error::read("an idempotency key"))?;
    row.map(|row| decode(&row, key)).transpose()
}

/// Forgets keys older than a day.
pub(crate) async fn purge(on: impl sqlx::SqliteExecutor<'_>, now_us: i64) -> Result<(), Error> {
    sqlx::query("DELETE FROM idempotency WHERE created_at < $1")
        .bind(now_us.saturating_sub(KEY_LIFE_US))
        .execute(on)
        .await
        .map_err(Error::write("the purge of idempotency keys"))?;
    Ok(())
}

fn decode(row: &sqlx::sqlite::SqliteRow, key: &Key) -> Result<Known, Error> {
    let name = || format!("idempotency key `{}`", key.key);
    let hash: String = row.try_get("request_hash").map_err(Error::read(name()))?;
    let attempt: String = row.try_get("attempt").map_err(Error::read(name()))?;
    let position: Option<i64> = row.try_get("position").map_err(Error::read(name()))?;
    let overrides: Option<i64> = row.try_get("overrides").map_err(Error::read(name()))?;
    let readings: Option<i64> = row.try_get("readings").map_err(Error::read(name()))?;
    Ok(Known {
        attempt: rows::parse(&attempt, name)?,
        seen: Seen {
            replies: position.map_or(Ok(0), |p| rows::count(p + 1, name))?,
            overrides: rows::count(overrides.unwrap_or(0), name)?,
            readings: rows::count(readings.unwrap_or(0), name)?,
        },
        same_request: hash == key.request_hash,
    })
}
