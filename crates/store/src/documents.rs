//! Documents that the candidate keeps beside attempts, each with a log that only grows. The store knows
//! their kinds and ids, and nothing of what is in them.

use domain::{DocumentId, DocumentKind};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, get};

/// A document as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDocument {
    /// Its sort.
    pub kind: DocumentKind,
    /// Its name within the sort.
    pub id: DocumentId,
    /// How often it was written; 1 after the first time.
    pub version: i64,
    /// JSON.
    pub body: String,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// Microseconds since the Unix epoch.
    pub updated_at_us: i64,
}

/// An entry of a document's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// JSON.
    pub body: String,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
}

/// What became of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is on disk with this version (of a document) or position (of an entry).
    Now(i64),
    /// Somebody wrote before: the document has this version now, 0 when there is none, or the log has this
    /// many entries.
    Stale(i64),
    /// The document of the log is not there.
    Gone,
}

impl Store {
    /// Keeps a document. With `expected` only when it has that version now; 0 stands for "not there yet".
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn put_document(
        &self,
        kind: DocumentKind,
        id: &DocumentId,
        body: &str,
        expected: Option<i64>,
        now_us: i64,
    ) -> Result<Written, Error> {
        let name = || format!("{kind} `{id}`");
        self.scrub_if_left().await?;
        let mut tx = self.begin(&name()).await?;
        let found = sqlx::query("SELECT version FROM document WHERE kind = $1 AND id = $2")
            .bind(kind.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(Error::read(name()))?;
        let version: i64 = found.map_or(Ok(0), |row| get(&row, "version", name))?;
        if expected.is_some_and(|expected| expected != version) {
            return Ok(Written::Stale(version));
        }
        sqlx::query(
            "INSERT INTO document (kind, id, version, body, created_at, updated_at) \
             VALUES ($1, $2, 1, $3, $4, $4) ON CONFLICT (kind, id) DO UPDATE SET \
             version = document.version + 1, body = excluded.body, updated_at = excluded.updated_at",
        )
        .bind(kind.as_str())
        .bind(id.as_str())
        .bind(body)
        .bind(now_us)
        .execute(&mut *tx)
        .await
        .map_err(Error::write(name()))?;
        tx.commit().await.map_err(Error::write(name()))?;
        Ok(Written::Now(version + 1))
    }

    /// The document, where there is one.
    ///
    /// # Errors
    /// The file cannot be read, or the row is damaged.
    pub async fn document(&self, kind: DocumentKind, id: &DocumentId) -> Result<Option<KeptDocument>, Error> {
        let row = sqlx::query(
            "SELECT kind, id, version, body, created_at, updated_at FROM document \
             WHERE kind = $1 AND id = $2",
        )
        .bind(kind.as_str())
        .bind(id.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(Error::read(format!("{kind} `{id}`")))?;
        row.as_ref().map(decode).transpose()
    }

    /// Up to `limit` documents of a kind, newest first, after `after` (creation and id of the last one seen).
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn documents(
        &self,
        kind: DocumentKind,
        after: Option<(i64, &DocumentId)>,
        limit: u32,
    ) -> Result<Vec<KeptDocument>, Error> {
        // Ids are ASCII, and no ASCII text comes after U+10FFFF.
        let (time, id) = after.map_or((i64::MAX, "\u{10FFFF}"), |(time, id)| (time, id.as_str()));
        let rows = sqlx::query(
            "SELECT kind, id, version, body, created_at, updated_at FROM document \
             WHERE kind = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4",
        )
        .bind(kind.as_str())
        .bind(time)
        .bind(id)
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(Error::read(format!("the documents of kind {kind}")))?;
        rows.iter().map(decode).collect()
    }

    /// Deletes a document with its log, and its text from the disk; false when there was none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn delete_document(&self, kind: DocumentKind, id: &DocumentId) -> Result<bool, Error> {
        let deleted = sqlx::query("DELETE FROM document WHERE kind = $1 AND id = $2")
            .bind(kind.as_str())
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(Error::write(format!("the deletion of {kind} `{id}`")))?
            .rows_affected();
        if deleted > 0 {
            self.scrub().await?;
        }
        Ok(deleted > 0)
    }

    /// Adds entries at the end of a document's log, all or none, if the log has `position` entries now.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn append_entries(
        &self,
        kind: DocumentKind,
        id: &DocumentId,
        position: i64,
        bodies: &[String],
        now_us: i64,
    ) -> Result<Written, Error> {
        let name = || format!("the log of {kind} `{id}`");
        self.scrub_if_left().await?;
        let mut tx = self.begin(&name()).await?;
        let found = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM entry WHERE kind = $1 AND document = $2) AS entries \
             FROM document WHERE kind = $1 AND id = $2",
        )
        .bind(kind.as_str())
        .bind(id.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(Error::read(name()))?;
        let Some(row) = found else {
            return Ok(Written::Gone);
        };
        let entries: i64 = get(&row, "entries", name)?;
        if entries != position {
            return Ok(Written::Stale(entries));
        }
        for (at, body) in (position..).zip(bodies) {
            let entry = KeptEntry {
                body: body.clone(),
                created_at_us: now_us,
            };
            insert_entry(&mut tx, kind, id, at, &entry).await?;
        }
        tx.commit().await.map_err(Error::write(name()))?;
        Ok(Written::Now(position))
    }

    /// The log of a document, in order; empty when there is none.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn entries(&self, kind: DocumentKind, id: &DocumentId) -> Result<Vec<KeptEntry>, Error> {
        let read = || Error::read(format!("the log of {kind} `{id}`"));
        let mut connection = self.readers.acquire().await.map_err(read())?;
        entries(&mut connection, kind, id).await
    }

    /// Deletes everything that is kept: attempts, drafts, documents, and their text from the disk.
    ///
    /// # Errors
    /// The file cannot be written; then everything is still there.
    pub async fn wipe(&self) -> Result<(), Error> {
        let mut tx = self.begin("the deletion of everything").await?;
        // What refers to these goes with them.
        for table in ["attempt", "revision", "draft", "program_draft", "document"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *tx)
                .await
                .map_err(Error::write("the deletion of everything"))?;
        }
        tx.commit()
            .await
            .map_err(Error::write("the deletion of everything"))?;
        self.scrub().await
    }
}

/// Adds a document with its log unless there is one of its name; whether it was added.
pub(crate) async fn import(
    tx: &mut Transaction<'_, Sqlite>,
    document: &KeptDocument,
    log: &[KeptEntry],
) -> Result<bool, Error> {
    let KeptDocument { kind, id, .. } = document;
    let done = sqlx::query(
        "INSERT INTO document (kind, id, version, body, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, id) DO NOTHING",
    )
    .bind(kind.as_str())
    .bind(id.as_str())
    .bind(document.version)
    .bind(&document.body)
    .bind(document.created_at_us)
    .bind(document.updated_at_us)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(format!("{kind} `{id}`")))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for (at, entry) in (0..).zip(log) {
        insert_entry(tx, *kind, id, at, entry).await?;
    }
    Ok(true)
}

async fn insert_entry(
    tx: &mut Transaction<'_, Sqlite>,
    kind: DocumentKind,
    id: &DocumentId,
    position: i64,
    entry: &KeptEntry,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO entry (kind, document, position, body, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(kind.as_str())
        .bind(id.as_str())
        .bind(position)
        .bind(&entry.body)
        .bind(entry.created_at_us)
        .execute(&mut **tx)
        .await
        .map_err(Error::write(format!("entry {position} of {kind} `{id}`")))?;
    Ok(())
}

async fn entries(
    on: &mut SqliteConnection,
    kind: DocumentKind,
    id: &DocumentId,
) -> Result<Vec<KeptEntry>, Error> {
    let name = || format!("the log of {kind} `{id}`");
    let rows =
        sqlx::query("SELECT body, created_at FROM entry WHERE kind = $1 AND document = $2 ORDER BY position")
            .bind(kind.as_str())
            .bind(id.as_str())
            .fetch_all(on)
            .await
            .map_err(Error::read(name()))?;
    let decode = |row| {
        Ok(KeptEntry {
            body: get(row, "body", name)?,
            created_at_us: get(row, "created_at", name)?,
        })
    };
    rows.iter().map(decode).collect()
}

fn decode(row: &SqliteRow) -> Result<KeptDocument, Error> {
    let kind: String = get(row, "kind", || "document".to_owned())?;
    let id: String = get(row, "id", || format!("document of kind {kind}"))?;
    let name = || format!("{kind} `{id}`");
    Ok(KeptDocument {
        kind: rows::parse(&kind, name)?,
        id: rows::parse(&id, name)?,
        version: get(row, "version", name)?,
        body: get(row, "body", name)?,
        created_at_us: get(row, "created_at", name)?,
        updated_at_us: get(row, "updated_at", name)?,
    })
}
