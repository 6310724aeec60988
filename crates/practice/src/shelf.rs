//! Documents that the candidate keeps beside attempts: read, written with a version, logged, deleted.

use domain::{
    Card, Document, DocumentError, DocumentId, DocumentKind, InterviewLoop, Job, Plan, ReviewSettings, Story,
    TailoredSet,
};
use store::{KeptDocument, KeptEntry, Written};

use crate::{Error, Practice};

/// Largest document or entry in bytes. A pasted job description with a CV is some 20 KB.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// Documents read at once.
const PAGE: u32 = 200;

/// A document with what the store knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held<T> {
    /// Its name within its kind.
    pub id: DocumentId,
    /// How often it was written; a writer says which version it has seen.
    pub version: i64,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// Microseconds since the Unix epoch.
    pub updated_at_us: i64,
    /// What it says.
    pub body: T,
}

/// An entry of a log with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged<E> {
    /// What it says.
    pub entry: E,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
}

impl Practice {
    /// A new document id: time and randomness, so ids sort by creation.
    pub fn document_id(now_us: i64) -> DocumentId {
        // An attempt's id is 26 letters and digits: always one of a document.
        crate::attempt_id(now_us)
            .as_str()
            .parse()
            .unwrap_or_else(|_| unreachable!("an attempt's id is letters and digits"))
    }

    /// Keeps a document in place of the version `seen`; `None` writes whatever is there, `Some(0)` only a
    /// new one.
    ///
    /// # Errors
    /// The document breaks a rule, somebody wrote another version before, or the store fails.
    pub async fn put<T: Document>(
        &self,
        id: &DocumentId,
        body: &T,
        seen: Option<i64>,
        now_us: i64,
    ) -> Result<i64, Error> {
        body.check().map_err(Error::Document)?;
        let json = to_json(body)?;
        let written = self.store()?.put_document(T::KIND, id, &json, seen, now_us);
        match written.await? {
            Written::Now(version) => {
                self.changed();
                Ok(version)
            }
            Written::Stale(0) | Written::Gone => Err(not_found::<T>(id)),
            Written::Stale(_) => Err(Error::DocumentChanged {
                kind: T::KIND,
                id: id.clone(),
            }),
        }
    }

    /// The document of that id.
    ///
    /// # Errors
    /// There is none, or the store fails.
    pub async fn held<T: Document>(&self, id: &DocumentId) -> Result<Held<T>, Error> {
        let kept = self.store()?.document(T::KIND, id).await?;
        held(kept.ok_or_else(|| not_found::<T>(id))?)
    }

    /// Up to `limit` documents of a kind, newest first, after the last one seen (its creation and id).
    ///
    /// # Errors
    /// The store fails.
    pub async fn held_page<T: Document>(
        &self,
        after: Option<(i64, &DocumentId)>,
        limit: u32,
    ) -> Result<Vec<Held<T>>, Error> {
        let kept = self.store()?.documents(T::KIND, after, limit).await?;
        kept.into_iter().map(held).collect()
    }

    /// All documents of a kind, newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn all_held<T: Document>(&self) -> Result<Vec<Held<T>>, Error> {
        let mut all: Vec<Held<T>> = Vec::new();
        loop {
            let after = all.last().map(|last| (last.created_at_us, &last.id));
            let page = self.held_page(after, PAGE).await?;
            let last = page.len() < PAGE as usize;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }

    /// Deletes a document with its log, and its text from the disk.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn discard<T: Document>(&self, id: &DocumentId) -> Result<(), Error> {
        let deleted = self.store()?.delete_document(T::KIND, id).await?;
        self.changed();
        if deleted { Ok(()) } else { Err(not_found::<T>(id)) }
    }

    /// Adds entries at the end of a document's log, which the caller has seen with `position` entries; all
    /// or none.
    ///
    /// # Errors
    /// An entry breaks a rule, somebody added before, the document is not there, or the store fails.
    pub async fn log<T: Document>(
        &self,
        id: &DocumentId,
        position: usize,
        entries: &[T::Entry],
        now_us: i64,
    ) -> Result<(), Error> {
        let mut bodies = Vec::with_capacity(entries.len());
        for entry in entries {
            T::check_entry(entry).map_err(Error::Document)?;
            bodies.push(to_json(entry)?);
        }
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let written = self
            .store()?
            .append_entries(T::KIND, id, position, &bodies, now_us);
        match written.await? {
            Written::Now(_) => {
                self.changed();
                Ok(())
            }
            Written::Gone => Err(not_found::<T>(id)),
            Written::Stale(_) => Err(Error::DocumentChanged {
                kind: T::KIND,
                id: id.clone(),
            }),
        }
    }

    /// The log of a document, in order; empty when there is none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn logged<T: Document>(&self, id: &DocumentId) -> Result<Vec<Logged<T::Entry>>, Error> {
        let kept = self.store()?.entries(T::KIND, id).await?;
        let decode = |kept: KeptEntry| {
            Ok(Logged {
                entry: from_json(&kept.body, T::KIND, id)?,
                created_at_us: kept.created_at_us,
            })
        };
        kept.into_iter().map(decode).collect()
    }

    /// Deletes everything that is kept, and its text from the disk.
    ///
    /// # Errors
    /// The store fails; then everything is still there.
    pub async fn wipe(&self) -> Result<(), Error> {
        self.store()?.wipe().await?;
        self.0.judging.forget_programs().await;
        self.0.examined.clear();
        self.0.mapped.clear();
        if let Some(second) = &self.0.second {
            second.forget_all();
        }
        self.changed();
        Ok(())
    }
}

/// Whether a document of an import may be kept with its log: what holds of those that are written here.
pub(crate) fn check_import(
    kind: DocumentKind,
    body: &str,
    entries: &[KeptEntry],
) -> Result<(), DocumentError> {
    let all = std::iter::once(body).chain(entries.iter().map(|e| e.body.as_str()));
    for json in all {
        if json.len() > MAX_DOCUMENT_BYTES {
            let rule = format!("has {} bytes, the limit is {MAX_DOCUMENT_BYTES}", json.len());
            return Err(DocumentError::new("body", rule));
        }
    }
    match kind {
        DocumentKind::Job => check_as::<Job>(body, entries),
        DocumentKind::Set => check_as::<TailoredSet>(body, entries),
        DocumentKind::Story => check_as::<Story>(body, entries),
        DocumentKind::Plan => check_as::<Plan>(body, entries),
        DocumentKind::Card => check_as::<Card>(body, entries),
        DocumentKind::Review => check_as::<ReviewSettings>(body, entries),
        DocumentKind::Loop => {
            check_as::<InterviewLoop>(body, entries)?;
            crate::loops::check_log(body, entries)
        }
    }
}

/// Parses a document and its log as kind `T` and applies its rules.
fn check_as<T: Document>(body: &str, entries: &[KeptEntry]) -> Result<(), DocumentError> {
    let broken = |field: String| {
        move |error: serde_path_to_error::Error<serde_json::Error>| {
            let path = error.path().to_string();
            DocumentError::new(format!("{field}.{path}"), error.inner().to_string())
        }
    };
    let mut reader = serde_json::Deserializer::from_str(body);
    let parsed: T = serde_path_to_error::deserialize(&mut reader).map_err(broken("body".to_owned()))?;
    parsed
        .check()
        .map_err(|e| DocumentError::new(format!("body.{}", e.field), e.rule))?;
    for (at, entry) in entries.iter().enumerate() {
        let field = format!("entries[{at}]");
        let mut reader = serde_json::Deserializer::from_str(&entry.body);
        let parsed: T::Entry =
            serde_path_to_error::deserialize(&mut reader).map_err(broken(field.clone()))?;
        T::check_entry(&parsed).map_err(|e| DocumentError::new(format!("{field}.{}", e.field), e.rule))?;
    }
    Ok(())
}

fn held<T: Document>(kept: KeptDocument) -> Result<Held<T>, Error> {
    Ok(Held {
        body: from_json(&kept.body, T::KIND, &kept.id)?,
        id: kept.id,
        version: kept.version,
        created_at_us: kept.created_at_us,
        updated_at_us: kept.updated_at_us,
    })
}

fn not_found<T: Document>(id: &DocumentId) -> Error {
    Error::DocumentNotFound {
        kind: T::KIND,
        id: id.clone(),
    }
}

fn from_json<D: serde::de::DeserializeOwned>(
    json: &str,
    kind: DocumentKind,
    id: &DocumentId,
) -> Result<D, Error> {
    serde_json::from_str(json).map_err(|error| {
        let row = format!("{kind} `{id}`");
        Error::Store(store::Error::Damaged {
            row,
            why: error.to_string(),
        })
    })
}

fn to_json<D: serde::Serialize>(document: &D) -> Result<String, Error> {
    let json = serde_json::to_string(document).map_err(|error| {
        tracing::error!(%error, "a document cannot be written as JSON");
        Error::Stopped
    })?;
    if json.len() > MAX_DOCUMENT_BYTES {
        let rule = format!("has {} bytes, the limit is {MAX_DOCUMENT_BYTES}", json.len());
        return Err(Error::Document(DocumentError::new("document", rule)));
    }
    Ok(json)
}
