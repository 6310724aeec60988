//! Everything out, and what is missing back in.

use domain::{Attempt, AttemptState, ItemId};

use crate::attempts::{self, Cursor};
use crate::documents::{self, KeptDocument, KeptEntry};
use crate::drafts::Draft;
use crate::error::Error;
use crate::open::Store;
use crate::overrides;
use crate::program_drafts::{self, ProgramDraft};
use crate::readings;
use crate::rows::{self, get, select_attempt};
use crate::standings::{self, Standing};
use crate::waiting;

/// An attempt with everything that is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The attempt with its replies, overrides and readings.
    pub attempt: Attempt,
    /// Of an attempt that waits to be graded: seed of everything that is shuffled or generated.
    pub seed: u64,
    /// When each reply was given, in microseconds since the Unix epoch.
    pub replied_at_us: Vec<i64>,
}

/// The source of an item as it was when somebody was graded on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The item.
    pub item: ItemId,
    /// Its revision.
    pub revision: String,
    /// Text of the item file.
    pub source: String,
    /// Text of the lexicon it was read with.
    pub lexicon: String,
}

/// What [`Store::import`] adds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transfer {
    /// Sources of all revisions that the attempts name.
    pub revisions: Vec<Revision>,
    /// Attempts, each with where it stands after all that was added beside it (none for a void one).
    pub attempts: Vec<(Record, Option<Standing>)>,
    /// Unsent texts.
    pub drafts: Vec<Draft>,
    /// Unsent programs.
    pub program_drafts: Vec<ProgramDraft>,
    /// Documents with their logs.
    pub documents: Vec<(KeptDocument, Vec<KeptEntry>)>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Attempts that were missing.
    pub attempts_added: u32,
    /// Attempts that were there; they were left as they are.
    pub attempts_skipped: u32,
    /// Drafts that were missing.
    pub drafts_added: u32,
    /// Drafts whose item has one; it was left as it is.
    pub drafts_skipped: u32,
    /// Documents that were missing.
    pub documents_added: u32,
    /// Documents that were there; they were left as they are.
    pub documents_skipped: u32,
}

impl Store {
    /// Up to `limit` attempts with everything that is kept of them, oldest first, after `after`.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn records(&self, after: Option<&Cursor>, limit: u32) -> Result<Vec<Record>, Error> {
        let read = || Error::read("the attempts to export");
        let (time, id) = after.map_or((i64::MIN, ""), |c| (c.created_at_us, c.id.as_str()));
        let mut tx = self.readers.begin().await.map_err(read())?;
        let rows = sqlx::query(select_attempt!(
            "WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3"
        ))
        .bind(time)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await
        .map_err(read())?;
        let mut records = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut record = Record {
                attempt: rows::attempt(row)?,
                seed: 0,
                replied_at_us: Vec::new(),
            };
            if record.attempt.state == AttemptState::Queued {
                record.seed = waiting::seed(&mut tx, &record.attempt.id).await?;
            }
            let replies = sqlx::query(
                "SELECT attempt, body, created_at FROM reply WHERE attempt = $1 ORDER BY position",
            )
            .bind(record.attempt.id.as_str())
            .fetch_all(&mut *tx)
            .await
            .map_err(read())?;
            for row in &replies {
                let (reply, at) = rows::reply(row)?;
                record.attempt.replies.push(reply);
                record.replied_at_us.push(at);
            }
            record.attempt.overrides = overrides::of(&mut tx, &record.attempt.id).await?;
            record.attempt.readings = readings::of(&mut tx, &record.attempt.id).await?;
            records.push(record);
        }
        Ok(records)
    }

    /// The source of a revision; `None` when no attempt was made at it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn revision(&self, item: &ItemId, revision: &str) -> Result<Option<Revision>, Error> {
        let name = || format!("revision `{revision}` of `{item}`");
        let row = sqlx::query("SELECT source, lexicon FROM revision WHERE item = $1 AND revision = $2")
            .bind(item.as_str())
            .bind(revision)
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::read(name()))?;
        row.map(|row| {
            Ok(Revision {
                item: item.clone(),
                revision: revision.to_owned(),
                source: get(&row, "source", name)?,
                lexicon: get(&row, "lexicon", name)?,
            })
        })
        .transpose()
    }

    /// Adds what is missing, all or nothing. Attempts come oldest first, so that each finds the one
    /// it improves on.
    ///
    /// # Errors
    /// A scorecard breaks an invariant, an attempt names a revision that is neither stored nor in
    /// the transfer, or the file cannot be written.
    pub async fn import(&self, transfer: &Transfer) -> Result<Imported, Error> {
        self.scrub_if_left().await?;
        let mut tx = self.begin("the import").await?;
        let mut done = Imported::default();
        for revision in &transfer.revisions {
            sqlx::query(
                "INSERT INTO revision (item, revision, source, lexicon) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (item, revision) DO NOTHING",
            )
            .bind(revision.item.as_str())
            .bind(&revision.revision)
            .bind(&revision.source)
            .bind(&revision.lexicon)
            .execute(&mut *tx)
            .await
            .map_err(Error::write("a revision"))?;
        }
        for (record, standing) in &transfer.attempts {
            let added = import_record(&mut tx, record, standing.as_ref()).await?;
            done.attempts_added += u32::from(added);
            done.attempts_skipped += u32::from(!added);
        }
        for draft in &transfer.drafts {
            let added = import_draft(&mut tx, draft).await?;
            done.drafts_added += u32::from(added);
            done.drafts_skipped += u32::from(!added);
        }
        for draft in &transfer.program_drafts {
            let added = program_drafts::import(&mut tx, draft).await?;
            done.drafts_added += u32::from(added);
            done.drafts_skipped += u32::from(!added);
        }
        for (document, log) in &transfer.documents {
            let added = documents::import(&mut tx, document, log).await?;
            done.documents_added += u32::from(added);
            done.documents_skipped += u32::from(!added);
        }
        tx.commit().await.map_err(Error::write("the import"))?;
        Ok(done)
    }
}

type Tx<'a> = sqlx::Transaction<'a, sqlx::Sqlite>;

async fn import_record(tx: &mut Tx<'_>, record: &Record, standing: Option<&Standing>) -> Result<bool, Error> {
    let attempt = &record.attempt;
    let there = sqlx::query("SELECT 1 FROM attempt WHERE id = $1")
        .bind(attempt.id.as_str())
        .fetch_optional(&mut **tx)
        .await
        .map_err(Error::read(format!("attempt `{}`", attempt.id)))?;
    if there.is_some() {
        return Ok(false);
    }
    attempts::insert(tx, attempt).await?;
    if attempt.state == AttemptState::Queued {
        waiting::enqueue(tx, attempt, record.seed).await?;
    }
    for (position, (reply, at)) in (0..).zip(attempt.replies.iter().zip(&record.replied_at_us)) {
        attempts::insert_reply(tx, &attempt.id, position, reply, *at).await?;
    }
    for (position, entry) in (0..).zip(&attempt.overrides) {
        overrides::insert(tx, &attempt.id, position, entry).await?;
    }
    for (position, reading) in (0..).zip(&attempt.readings) {
        readings::insert(tx, &attempt.id, position, reading).await?;
    }
    if let Some(standing) = standing {
        standings::upsert(tx, &attempt.id, standing).await?;
    }
    Ok(true)
}

async fn import_draft(tx: &mut Tx<'_>, draft: &Draft) -> Result<bool, Error> {
    let done = sqlx::query(
        "INSERT INTO draft (item, text, elapsed_ms, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (item) DO NOTHING",
    )
    .bind(draft.item.as_str())
    .bind(&draft.text)
    .bind(draft.elapsed_ms)
    .bind(draft.updated_at_us)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(format!("the draft of `{}`", draft.item)))?;
    Ok(done.rows_affected() > 0)
}
