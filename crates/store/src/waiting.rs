//! Attempts that wait to be graded, taken by whoever is free, each under a lease.
//!
//! Several processes may take from the same file. What one of them was grading when it was killed is taken again
//! when its lease is over; what it wrote after losing the lease is refused.

use domain::{Attempt, AttemptId, AttemptState, Scorecard};
use sqlx::Row;

use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, damaged, get, select_attempt};
use crate::standings::{self, Standing};

/// An attempt to grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The attempt, without what may lie beside it.
    pub attempt: Attempt,
    /// Seed of everything that is shuffled or generated.
    pub seed: u64,
    /// How often it was taken, this time included.
    pub tries: u32,
}

/// A lease on an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'a> {
    /// Who holds it: a name that no other process has.
    pub by: &'a str,
    /// Until when, in microseconds since the Unix epoch.
    pub till_us: i64,
}

/// What came of grading.
#[derive(Debug, Clone, Copy)]
pub enum Graded<'a> {
    /// It is scored.
    Scored(&'a Scorecard),
    /// It could not be graded through no fault of the candidate, for this reason.
    Void(&'a str),
}

/// How a waiting attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// How many are before it.
    pub ahead: u32,
    /// How often it was taken.
    pub tries: u32,
    /// Why it has not been graded yet; `None` while nothing is in the way.
    pub reason: Option<String>,
    /// Until when somebody grades it, in microseconds since the Unix epoch; `None` when nobody does.
    pub leased_till_us: Option<i64>,
}

impl Store {
    /// Takes the attempt that has waited longest, of those that nobody holds; `None` when there is none.
    ///
    /// # Errors
    /// The file cannot be written, or the row is damaged.
    pub async fn claim(&self, lease: Lease<'_>, now_us: i64) -> Result<Option<Claimed>, Error> {
        const SUBJECT: &str = "the next attempt to grade";
        // Looked at without the write lock first: most looks find nothing.
        let next = "SELECT attempt FROM waiting WHERE ready_at <= $1 AND (leased_till IS NULL OR leased_till < $1) \
                    ORDER BY ready_at, attempt LIMIT 1";
        let there = sqlx::query(next)
            .bind(now_us)
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::read(SUBJECT))?;
        if there.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin(SUBJECT).await?;
        let taken = sqlx::query(
            "UPDATE waiting SET leased_by = $2, leased_till = $3, tries = tries + 1 WHERE attempt = (SELECT attempt \
             FROM waiting WHERE ready_at <= $1 AND (leased_till IS NULL OR leased_till < $1) \
             ORDER BY ready_at, attempt LIMIT 1) RETURNING attempt, seed, tries",
        )
        .bind(now_us)
        .bind(lease.by)
        .bind(lease.till_us)
        .fetch_optional(&mut *tx)
        .await
        .map_err(Error::write(SUBJECT))?;
        let Some(taken) = taken else { return Ok(None) };
        let id: String = get(&taken, "attempt", || SUBJECT.to_owned())?;
        let name = || format!("attempt `{id}`");
        let row = sqlx::query(select_attempt!("WHERE id = $1"))
            .bind(&id)
            .fetch_one(&mut *tx)
            .await
            .map_err(Error::read(name()))?;
        let claimed = Claimed {
            attempt: rows::attempt(&row)?,
            seed: u64::try_from(get::<i64>(&taken, "seed", name)?).map_err(|error| damaged(name, error))?,
            tries: rows::count(get(&taken, "tries", name)?, name)?,
        };
        tx.commit().await.map_err(Error::write(SUBJECT))?;
        Ok(Some(claimed))
    }

    /// Holds on to an attempt; false when the lease was lost or the attempt is gone.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn renew(&self, id: &AttemptId, lease: Lease<'_>) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE waiting SET leased_till = $3 WHERE attempt = $1 AND leased_by = $2")
            .bind(id.as_str())
            .bind(lease.by)
            .bind(lease.till_us)
            .execute(&self.writer)
            .await
            .map_err(Error::write(format!("the lease of attempt `{id}`")))?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives an attempt back, to be taken again not before `ready_us`, with the number of `tries` it now has.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn put_back(
        &self,
        id: &AttemptId,
        by: &str,
        ready_us: i64,
        tries: u32,
        reason: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE waiting SET leased_by = NULL, leased_till = NULL, ready_at = $3, tries = $4, reason = $5 \
             WHERE attempt = $1 AND leased_by = $2",
        )
        .bind(id.as_str())
        .bind(by)
        .bind(ready_us)
        .bind(tries)
        .bind(reason)
        .execute(&self.writer)
        .await
        .map_err(Error::write(format!("attempt `{id}` back to those that wait")))?;
        Ok(())
    }

    /// Keeps what came of grading; false when the lease was lost or the attempt is gone, and nothing is kept.
    ///
    /// # Errors
    /// The scorecard breaks an invariant, or the file cannot be written.
    pub async fn finish(&self, attempt: &Attempt, by: &str, graded: Graded<'_>) -> Result<bool, Error> {
        let id = &attempt.id;
        let name = || format!("attempt `{id}`");
        let (state, card, reason) = match graded {
            Graded::Scored(card) => (AttemptState::Scored, Some(card), None),
            Graded::Void(reason) => (AttemptState::Void, None, Some(reason)),
        };
        if let Some(card) = card {
            card.check_invariants(attempt.submission.text())
                .map_err(|source| Error::Invariant { row: name(), source })?;
        }
        let body = card.map(|card| rows::to_json(card, name)).transpose()?;
        self.scrub_if_left().await?;
        let mut tx = self.begin(&name()).await?;
        let held = sqlx::query("DELETE FROM waiting WHERE attempt = $1 AND leased_by = $2")
            .bind(id.as_str())
            .bind(by)
            .execute(&mut *tx)
            .await
            .map_err(Error::write(name()))?;
        if held.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE attempt SET state = $2, scorecard = $3, void_reason = $4 WHERE id = $1")
            .bind(id.as_str())
            .bind(state.as_str())
            .bind(body)
            .bind(reason)
            .execute(&mut *tx)
            .await
            .map_err(Error::write(name()))?;
        if let Some(card) = card {
            standings::upsert(&mut tx, id, &Standing::of(card, None, &[])).await?;
        }
        tx.commit().await.map_err(Error::write(name()))?;
        Ok(true)
    }

    /// How a waiting attempt stands; `None` when it does not wait.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn wait(&self, id: &AttemptId) -> Result<Option<Wait>, Error> {
        let name = || format!("how attempt `{id}` waits");
        let row = sqlx::query(
            "SELECT w.tries, w.reason, w.leased_till, (SELECT COUNT(*) FROM waiting o \
             WHERE (o.ready_at, o.attempt) < (w.ready_at, w.attempt)) AS ahead FROM waiting w WHERE w.attempt = $1",
        )
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(Error::read(name()))?;
        row.map(|row| {
            Ok(Wait {
                ahead: rows::count(get(&row, "ahead", name)?, name)?,
                tries: rows::count(get(&row, "tries", name)?, name)?,
                reason: get(&row, "reason", name)?,
                leased_till_us: get(&row, "leased_till", name)?,
            })
        })
        .transpose()
    }

    /// How many wait.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn waiting(&self) -> Result<u32, Error> {
        let subject = || "how many attempts wait".to_owned();
        let row = sqlx::query("SELECT COUNT(*) FROM waiting")
            .fetch_one(&self.readers)
            .await
            .map_err(Error::read(subject()))?;
        let count: i64 = row.try_get(0).map_err(Error::read(subject()))?;
        rows::count(count, subject)
    }
}

/// The seed of an attempt that waits.
pub(crate) async fn seed(on: &mut sqlx::SqliteConnection, id: &AttemptId) -> Result<u64, Error> {
    let name = || format!("how attempt `{id}` waits");
    let row = sqlx::query("SELECT seed FROM waiting WHERE attempt = $1")
        .bind(id.as_str())
        .fetch_one(on)
        .await
        .map_err(Error::read(name()))?;
    u64::try_from(get::<i64>(&row, "seed", name)?).map_err(|error| damaged(name, error))
}

/// Adds an attempt to those that wait, in the transaction that keeps it.
pub(crate) async fn enqueue(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    attempt: &Attempt,
    seed: u64,
) -> Result<(), Error> {
    let name = || format!("attempt `{}` as one that waits", attempt.id);
    let seed = i64::try_from(seed).map_err(|error| damaged(name, error))?;
    sqlx::query("INSERT INTO waiting (attempt, seed, ready_at) VALUES ($1, $2, $3)")
        .bind(attempt.id.as_str())
        .bind(seed)
        .bind(attempt.created_at_us)
        .execute(&mut **tx)
        .await
        .map_err(Error::write(name()))?;
    Ok(())
}
