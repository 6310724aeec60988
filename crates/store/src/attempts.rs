//! Attempts and the replies beside them.

use domain::{Attempt, AttemptId, AttemptState, ItemId, Reply};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use crate::error::Error;
use crate::keys::{self, Key, Known};
use crate::open::Store;
use crate::overrides;
use crate::readings;
use crate::rows::{self, get, select_attempt};
use crate::standings::{self, Standing};
use crate::waiting;

/// The source of an item, kept once per revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Text of the item file.
    pub text: &'a str,
    /// Text of the lexicon it was read with.
    pub lexicon: &'a str,
}

/// What [`Store::add_attempt`] writes.
#[derive(Debug)]
pub struct NewAttempt<'a> {
    /// The attempt, without replies.
    pub attempt: &'a Attempt,
    /// The source of the revision that was graded.
    pub source: Source<'a>,
    /// The client's key, where it sent one.
    pub key: Option<&'a Key>,
    /// Of an attempt that waits to be graded: seed of everything that is shuffled or generated.
    pub seed: u64,
}

/// What [`Store::add_reply`] writes.
#[derive(Debug)]
pub struct NewReply<'a> {
    /// The attempt.
    pub attempt: &'a AttemptId,
    /// What the attempt had when the caller read it; the new reply takes the position after.
    pub seen: Seen,
    /// The reply.
    pub reply: &'a Reply,
    /// Where the attempt stands with it.
    pub standing: &'a Standing,
    /// The client's key, where it sent one.
    pub key: Option<&'a Key>,
    /// Now, in microseconds since the Unix epoch.
    pub now_us: i64,
}

/// How much had been added beside an attempt when it was read. What is derived from the attempt is written
/// only while that still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Replies.
    pub replies: u32,
    /// Entries in the log of overrides.
    pub overrides: u32,
    /// Readings.
    pub readings: u32,
}

impl Seen {
    /// What `attempt` has.
    pub fn of(attempt: &Attempt) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            replies: count(attempt.replies.len()),
            overrides: count(attempt.overrides.len()),
            readings: count(attempt.readings.len()),
        }
    }
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is there now, and on the disk.
    Now,
    /// The key is known: nothing was written.
    Before(Known),
    /// What is added beside an attempt: it is not as it was seen, somebody else was first. Read it again.
    Taken,
    /// What is added beside an attempt: it is gone.
    Gone,
}

/// A place in a list that is ordered by creation: the last entry seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// Breaks ties.
    pub id: AttemptId,
}

/// An attempt as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: AttemptId,
    /// The item.
    pub item: ItemId,
    /// Where it stands.
    pub state: AttemptState,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// How long the candidate took, in milliseconds.
    pub elapsed_ms: Option<i64>,
    /// The attempt that it improves on.
    pub previous: Option<AttemptId>,
    /// Total after replies, as graded, 0 to 100.
    pub score: Option<f64>,
    /// Total with the last reading merged; `None` without one.
    pub score_merged: Option<f64>,
    /// Total with the overrides in force; `None` without any.
    pub score_by_hand: Option<f64>,
    /// Coverage after replies, 0 to 100.
    pub coverage: Option<f64>,
}

impl Store {
    /// Keeps an attempt, the source of its revision and the client's key, all or nothing.
    ///
    /// # Errors
    /// The scorecard breaks an invariant, or the file cannot be written.
    pub async fn add_attempt(&self, new: NewAttempt<'_>) -> Result<Added, Error> {
        let subject = format!("attempt `{}`", new.attempt.id);
        self.scrub_if_left().await?;
        let mut tx = self.begin(&subject).await?;
        if let Some(key) = new.key
            && let Some(known) = keys::find(&mut tx, key).await?
        {
            return Ok(Added::Before(known));
        }
        insert_revision(&mut tx, new.attempt, new.source).await?;
        insert(&mut tx, new.attempt).await?;
        if new.attempt.state == AttemptState::Queued {
            waiting::enqueue(&mut tx, new.attempt, new.seed).await?;
        }
        if let Some(card) = &new.attempt.scorecard {
            standings::upsert(&mut tx, &new.attempt.id, &Standing::of(card, None, &[])).await?;
        }
        if let Some(key) = new.key {
            let none = Seen {
                replies: 0,
                overrides: 0,
                readings: 0,
            };
            keys::claim(&mut tx, key, &new.attempt.id, none, new.attempt.created_at_us).await?;
        }
        tx.commit().await.map_err(Error::write(subject))?;
        Ok(Added::Now)
    }

    /// Adds a reply to an attempt that is still as the caller has seen it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn add_reply(&self, new: NewReply<'_>) -> Result<Added, Error> {
        let subject = format!("a reply of attempt `{}`", new.attempt);
        self.scrub_if_left().await?;
        let mut tx = self.begin(&subject).await?;
        if let Some(key) = new.key
            && let Some(known) = keys::find(&mut tx, key).await?
        {
            return Ok(Added::Before(known));
        }
        match seen(&mut tx, new.attempt).await? {
            None => return Ok(Added::Gone),
            Some(now) if now != new.seen => return Ok(Added::Taken),
            Some(_) => {}
        }
        insert_reply(&mut tx, new.attempt, new.seen.replies, new.reply, new.now_us).await?;
        standings::upsert(&mut tx, new.attempt, new.standing).await?;
        if let Some(key) = new.key {
            let with = Seen {
                replies: new.seen.replies + 1,
                ..new.seen
            };
            keys::claim(&mut tx, key, new.attempt, with, new.now_us).await?;
        }
        tx.commit().await.map_err(Error::write(subject))?;
        Ok(Added::Now)
    }

    /// One attempt with all that was added beside it; `None` when there is none of that id.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn attempt(&self, id: &AttemptId) -> Result<Option<Attempt>, Error> {
        let subject = || format!("attempt `{id}`");
        // One read transaction, so that a delete in between cannot leave half an attempt.
        let mut tx = self.readers.begin().await.map_err(Error::read(subject()))?;
        let row = sqlx::query(select_attempt!("WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Error::read(subject()))?;
        let Some(row) = row else { return Ok(None) };
        let mut attempt = rows::attempt(&row)?;
        let replies =
            sqlx::query("SELECT attempt, body, created_at FROM reply WHERE attempt = $1 ORDER BY position")
                .bind(id.as_str())
                .fetch_all(&mut *tx)
                .await
                .map_err(Error::read(subject()))?;
        for row in &replies {
            attempt.replies.push(rows::reply(row)?.0);
        }
        attempt.overrides = overrides::of(&mut tx, id).await?;
        attempt.readings = readings::of(&mut tx, id).await?;
        Ok(Some(attempt))
    }

    /// Up to `limit` attempts, newest first, that come after `after` in that order.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn attempts(
        &self,
        item: Option<&ItemId>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<Entry>, Error> {
        // Without a cursor: after the end of time. The id only breaks ties, and `~` sorts after all ids.
        let (time, id) = after.map_or((i64::MAX, "~"), |c| (c.created_at_us, c.id.as_str()));
        let query = match item {
            None => sqlx::query(
                "SELECT a.id, a.item, a.state, a.created_at, a.elapsed_ms, a.previous, s.score, \
                 s.score_merged, s.score_by_hand, s.coverage FROM attempt a LEFT JOIN standing s ON s.attempt = a.id \
                 WHERE (a.created_at, a.id) < ($1, $2) ORDER BY a.created_at DESC, a.id DESC LIMIT $3",
            ),
            Some(_) => sqlx::query(
                "SELECT a.id, a.item, a.state, a.created_at, a.elapsed_ms, a.previous, s.score, \
                 s.score_merged, s.score_by_hand, s.coverage FROM attempt a LEFT JOIN standing s ON s.attempt = a.id \
                 WHERE (a.created_at, a.id) < ($1, $2) AND a.item = $4 \
                 ORDER BY a.created_at DESC, a.id DESC LIMIT $3",
            ),
        };
        let query = query.bind(time).bind(id).bind(limit);
        let query = match item {
            None => query,
            Some(item) => query.bind(item.as_str()),
        };
        let rows = query
            .fetch_all(&self.readers)
            .await
            .map_err(Error::read("the list of attempts"))?;
        rows.iter().map(entry).collect()
    }

    /// Deletes an attempt with all that was added beside it, its standing and keys, and its text from the disk;
    /// false when there was none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn delete_attempt(&self, id: &AttemptId) -> Result<bool, Error> {
        let subject = format!("the deletion of attempt `{id}`");
        let mut tx = self.begin(&subject).await?;
        let deleted = sqlx::query("DELETE FROM attempt WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(Error::write(&subject))?
            .rows_affected();
        sqlx::query(
            "DELETE FROM revision WHERE NOT EXISTS (SELECT 1 FROM attempt a \
             WHERE a.item = revision.item AND a.revision = revision.revision)",
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::write(&subject))?;
        tx.commit().await.map_err(Error::write(subject))?;
        self.scrub().await?;
        Ok(deleted > 0)
    }
}

/// What lies beside an attempt now, inside a transaction that holds the write lock; `None` when it is gone.
pub(crate) async fn seen(tx: &mut Transaction<'_, Sqlite>, id: &AttemptId) -> Result<Option<Seen>, Error> {
    let name = || format!("attempt `{id}`");
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM reply WHERE attempt = $1) AS replies, \
         (SELECT COUNT(*) FROM override WHERE attempt = $1) AS overrides, \
         (SELECT COUNT(*) FROM reading WHERE attempt = $1) AS readings FROM attempt WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut **tx)
    .await
    .map_err(Error::read(name()))?;
    row.map(|row| {
        Ok(Seen {
            replies: rows::count(get(&row, "replies", name)?, name)?,
            overrides: rows::count(get(&row, "overrides", name)?, name)?,
            readings: rows::count(get(&row, "readings", name)?, name)?,
        })
    })
    .transpose()
}

fn entry(row: &SqliteRow) -> Result<Entry, Error> {
    let id: String = get(row, "id", || "attempt".to_owned())?;
    let name = || format!("attempt `{id}`");
    let previous: Option<String> = get(row, "previous", name)?;
    Ok(Entry {
        id: rows::parse(&id, name)?,
        item: rows::parse(&get::<String>(row, "item", name)?, name)?,
        state: rows::parse(&get::<String>(row, "state", name)?, name)?,
        created_at_us: get(row, "created_at", name)?,
        elapsed_ms: get(row, "elapsed_ms", name)?,
        previous: previous.map(|id| rows::parse(&id, name)).transpose()?,
        score: get(row, "score", name)?,
        score_merged: get(row, "score_merged", name)?,
        score_by_hand: get(row, "score_by_hand", name)?,
        coverage: get(row, "coverage", name)?,
    })
}

async fn insert_revision(
    tx: &mut Transaction<'_, Sqlite>,
    attempt: &Attempt,
    source: Source<'_>,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO revision (item, revision, source, lexicon) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (item, revision) DO NOTHING",
    )
    .bind(attempt.item.as_str())
    .bind(&attempt.revision)
    .bind(source.text)
    .bind(source.lexicon)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(format!(
        "revision `{}` of `{}`",
        attempt.revision, attempt.item
    )))?;
    Ok(())
}

/// Inserts the attempt row after asserting that its scorecard keeps its own rules.
pub(crate) async fn insert(tx: &mut Transaction<'_, Sqlite>, attempt: &Attempt) -> Result<(), Error> {
    let name = || format!("attempt `{}`", attempt.id);
    if let Some(card) = &attempt.scorecard {
        card.check_invariants(attempt.submission.text())
            .map_err(|source| Error::Invariant { row: name(), source })?;
    }
    let scorecard = attempt
        .scorecard
        .as_ref()
        .map(|card| rows::to_json(card, name))
        .transpose()?;
    sqlx::query(
        // The subselect: an earlier attempt that has been deleted meanwhile is no reason to lose this one.
        "INSERT INTO attempt (id, item, revision, state, void_reason, created_at, elapsed_ms, previous, \
         submission, scorecard) VALUES ($1, $2, $3, $4, $5, $6, $7, \
         (SELECT id FROM attempt WHERE id = $8), $9, $10)",
    )
    .bind(attempt.id.as_str())
    .bind(attempt.item.as_str())
    .bind(&attempt.revision)
    .bind(attempt.state.as_str())
    .bind(&attempt.void_reason)
    .bind(attempt.created_at_us)
    .bind(attempt.elapsed_ms)
    .bind(attempt.previous.as_ref().map(AttemptId::as_str))
    .bind(rows::to_json(&attempt.submission, name)?)
    .bind(scorecard)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(name()))?;
    Ok(())
}

pub(crate) async fn insert_reply(
    tx: &mut Transaction<'_, Sqlite>,
    attempt: &AttemptId,
    position: u32,
    reply: &Reply,
    now_us: i64,
) -> Result<(), Error> {
    let name = || format!("reply {position} of attempt `{attempt}`");
    sqlx::query("INSERT INTO reply (attempt, position, body, created_at) VALUES ($1, $2, $3, $4)")
        .bind(attempt.as_str())
        .bind(position)
        .bind(rows::to_json(reply, name)?)
        .bind(now_us)
        .execute(&mut **tx)
        .await
        .map_err(Error::write(name()))?;
    Ok(())
}
