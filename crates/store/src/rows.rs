//! Rows back into values. A row that does not decode is damage and is named, never skipped.

use std::fmt::Display;
use std::str::FromStr;

use domain::{Attempt, Reply};
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::Error;

/// A query for attempts: the columns that [`attempt`] reads by name, and the rest of the statement.
macro_rules! select_attempt {
    ($rest:literal) => {
        concat!(
            "SELECT id, item, revision, state, void_reason, created_at, elapsed_ms, previous, ",
            "submission, scorecard FROM attempt ",
            $rest
        )
    };
}
pub(crate) use select_attempt;

/// The attempt of a row, without what was added beside it; its scorecard is checked against its submission.
pub(crate) fn attempt(row: &SqliteRow) -> Result<Attempt, Error> {
    let id: String = get(row, "id", || "attempt".to_owned())?;
    let name = || format!("attempt `{id}`");
    let previous: Option<String> = get(row, "previous", name)?;
    let scorecard: Option<String> = get(row, "scorecard", name)?;
    let attempt = Attempt {
        id: parse(&id, name)?,
        item: parse(&get::<String>(row, "item", name)?, name)?,
        revision: get(row, "revision", name)?,
        state: parse(&get::<String>(row, "state", name)?, name)?,
        void_reason: get(row, "void_reason", name)?,
        created_at_us: get(row, "created_at", name)?,
        elapsed_ms: get(row, "elapsed_ms", name)?,
        previous: previous.map(|id| parse(&id, name)).transpose()?,
        submission: document(&get::<String>(row, "submission", name)?, name)?,
        scorecard: scorecard.map(|text| document(&text, name)).transpose()?,
        replies: Vec::new(),
        overrides: Vec::new(),
        readings: Vec::new(),
    };
    if let Some(card) = &attempt.scorecard {
        if card.format > domain::SCORECARD_FORMAT {
            return Err(damaged(name, format!("scorecard format {}", card.format)));
        }
        card.check_invariants(attempt.submission.text())
            .map_err(|error| damaged(name, error))?;
    }
    Ok(attempt)
}

/// A reply and when it was given.
pub(crate) fn reply(row: &SqliteRow) -> Result<(Reply, i64), Error> {
    let attempt: String = get(row, "attempt", || "reply".to_owned())?;
    let name = || format!("reply of attempt `{attempt}`");
    Ok((
        document(&get::<String>(row, "body", name)?, name)?,
        get(row, "created_at", name)?,
    ))
}

/// One column.
pub(crate) fn get<'r, T>(row: &'r SqliteRow, column: &str, name: impl Fn() -> String) -> Result<T, Error>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(column).map_err(|error| damaged(name, error))
}

/// A value with a fixed spelling.
pub(crate) fn parse<T>(text: &str, name: impl Fn() -> String) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| damaged(name, error))
}

/// A stored JSON document.
pub(crate) fn document<T: DeserializeOwned>(text: &str, name: impl Fn() -> String) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| damaged(name, error))
}

/// A count that must fit.
pub(crate) fn count(value: i64, name: impl Fn() -> String) -> Result<u32, Error> {
    u32::try_from(value).map_err(|error| damaged(name, error))
}

pub(crate) fn damaged(name: impl Fn() -> String, why: impl Display) -> Error {
    Error::Damaged {
        row: name(),
        why: why.to_string(),
    }
}

/// A document as stored. Serialising our own plain data cannot fail but for a non-finite float,
/// which the invariants exclude; should it happen, the row is refused and named.
pub(crate) fn to_json<T: serde::Serialize>(value: &T, name: impl Fn() -> String) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| damaged(name, error))
}
