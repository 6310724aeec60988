//! Everything out, as one JSON document that [`Practice::import`] reads back.
//!
//! The document is on people's disks: change it only by addition, and raise [`FORMAT`] otherwise.

use std::collections::BTreeSet;
use std::ops::Range;

use domain::{
    AttemptId, AttemptState, DocumentId, DocumentKind, GroupId, ItemId, KeptReading, Language, Override,
    ProgramFile, Reading, Reply, Ruling, Scorecard, Submission,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::{Cursor, Draft, KeptDocument, KeptEntry, ProgramDraft, Record, Revision, Store};

use crate::{Error, Practice};

/// Version of the export document.
pub(crate) const FORMAT: u32 = 1;

/// Attempts read at once: about a megabyte of document.
const PAGE: u32 = 50;

/// An attempt in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct AttemptDoc {
    pub(crate) id: AttemptId,
    pub(crate) item: ItemId,
    pub(crate) revision: String,
    pub(crate) state: AttemptState,
    pub(crate) void_reason: Option<String>,
    pub(crate) created_at: jiff::Timestamp,
    pub(crate) elapsed_ms: Option<i64>,
    pub(crate) previous: Option<AttemptId>,
    pub(crate) submission: Submission,
    pub(crate) scorecard: Option<Scorecard>,
    /// Only of an attempt that waits to be graded; a scorecard has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<u64>,
    pub(crate) replies: Vec<ReplyDoc>,
    /// Absent in documents of versions before overrides.
    #[serde(default)]
    pub(crate) overrides: Vec<OverrideDoc>,
    /// Absent in documents of versions before the second reader.
    #[serde(default)]
    pub(crate) readings: Vec<ReadingDoc>,
}

/// A reply in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReplyDoc {
    pub(crate) created_at: jiff::Timestamp,
    #[serde(flatten)]
    pub(crate) reply: Reply,
}

/// An override, or the withdrawal of one, in the document.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OverrideDoc {
    pub(crate) created_at: jiff::Timestamp,
    pub(crate) group: GroupId,
    pub(crate) criterion: String,
    #[serde(flatten)]
    pub(crate) ruling: Ruling,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) reason: String,
}

/// A second reading in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadingDoc {
    pub(crate) asked_at: jiff::Timestamp,
    pub(crate) fingerprint: String,
    pub(crate) sent_to: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) withheld: Vec<Range<usize>>,
    pub(crate) reading: Reading,
}

/// The source of a revision in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct RevisionDoc {
    pub(crate) item: ItemId,
    pub(crate) revision: String,
    pub(crate) source: String,
    pub(crate) lexicon: String,
}

/// A draft in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct DraftDoc {
    pub(crate) item: ItemId,
    pub(crate) text: String,
    pub(crate) elapsed_ms: Option<i64>,
    pub(crate) updated_at: jiff::Timestamp,
}

/// The draft of a program in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProgramDraftDoc {
    pub(crate) item: ItemId,
    pub(crate) lang: Language,
    pub(crate) files: Vec<ProgramFile>,
    pub(crate) elapsed_ms: Option<i64>,
    pub(crate) updated_at: jiff::Timestamp,
}

/// A document with its log in the document.
#[derive(Serialize, Deserialize)]
pub(crate) struct DocumentDoc {
    pub(crate) kind: DocumentKind,
    pub(crate) id: DocumentId,
    pub(crate) version: i64,
    pub(crate) created_at: jiff::Timestamp,
    pub(crate) updated_at: jiff::Timestamp,
    pub(crate) body: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) entries: Vec<EntryDoc>,
}

/// An entry of such a log.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryDoc {
    pub(crate) created_at: jiff::Timestamp,
    pub(crate) body: Box<RawValue>,
}

/// An export on its way out: text, piece by piece, so that its size does not matter.
pub struct Export {
    practice: Practice,
    stage: Stage,
    revisions: BTreeSet<(ItemId, String)>,
}

enum Stage {
    Start {
        now: jiff::Timestamp,
    },
    Attempts {
        after: Option<Cursor>,
        first: bool,
    },
    Revisions,
    Drafts,
    ProgramDrafts,
    /// Kinds that are still to come, and the last document written of the first one.
    Documents {
        kinds: &'static [DocumentKind],
        after: Option<(i64, DocumentId)>,
        first: bool,
    },
    Done,
}

impl Practice {
    /// Starts an export of everything that is kept, dated `now_us`.
    ///
    /// # Errors
    /// There is no store.
    pub fn export(&self, now_us: i64) -> Result<Export, Error> {
        self.store()?;
        let stage = Stage::Start {
            now: timestamp(now_us),
        };
        Ok(Export {
            practice: self.clone(),
            stage,
            revisions: BTreeSet::new(),
        })
    }
}

impl Export {
    /// The next piece; `None` at the end. A writer that is slow holds no lock: attempts that are added
    /// or deleted meanwhile may or may not be in the document, and every one in it is whole.
    ///
    /// # Errors
    /// The store cannot be read, or holds a damaged row; the document ends there and will not parse.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let store = self.practice.store()?;
        let (piece, next) = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Start { now } => {
                let version = env!("CARGO_PKG_VERSION");
                let head = format!(
                    "{{\"format\":{FORMAT},\"spar\":\"{version}\",\"exported_at\":\"{now}\",\n\"attempts\":["
                );
                (
                    head,
                    Stage::Attempts {
                        after: None,
                        first: true,
                    },
                )
            }
            Stage::Attempts { after, first } => {
                let records = store.records(after.as_ref(), PAGE).await?;
                match records.last().map(|r| &r.attempt) {
                    None => ("],\n\"revisions\":[".to_owned(), Stage::Revisions),
                    Some(last) => {
                        let after = Cursor {
                            created_at_us: last.created_at_us,
                            id: last.id.clone(),
                        };
                        let seen = records
                            .iter()
                            .map(|r| (r.attempt.item.clone(), r.attempt.revision.clone()));
                        self.revisions.extend(seen);
                        let piece = list(records.into_iter().map(attempt_doc), first)?;
                        (
                            piece,
                            Stage::Attempts {
                                after: Some(after),
                                first: false,
                            },
                        )
                    }
                }
            }
            Stage::Revisions => {
                let mut docs = Vec::new();
                for (item, revision) in &self.revisions {
                    // Gone when its last attempt was deleted meanwhile.
                    docs.extend(store.revision(item, revision).await?.map(revision_doc));
                }
                (list(docs, true)? + "],\n\"drafts\":[", Stage::Drafts)
            }
            Stage::Drafts => {
                let docs = store.drafts().await?.into_iter().map(draft_doc);
                let next = "],\n\"program_drafts\":[";
                (list(docs, true)? + next, Stage::ProgramDrafts)
            }
            Stage::ProgramDrafts => {
                let docs = store.program_drafts().await?.into_iter().map(program_draft_doc);
                let next = Stage::Documents {
                    kinds: DocumentKind::ALL,
                    after: None,
                    first: true,
                };
                (list(docs, true)? + "],\n\"documents\":[", next)
            }
            Stage::Documents { kinds, after, first } => documents(store, kinds, after, first).await?,
            Stage::Done => return Ok(None),
        };
        self.stage = next;
        Ok(Some(piece))
    }
}

/// The next documents, of the first of `kinds`.
async fn documents(
    store: &Store,
    kinds: &'static [DocumentKind],
    after: Option<(i64, DocumentId)>,
    first: bool,
) -> Result<(String, Stage), Error> {
    let Some((kind, rest)) = kinds.split_first() else {
        return Ok(("]}\n".to_owned(), Stage::Done));
    };
    let after = after.as_ref().map(|(time, id)| (*time, id));
    let kept = store.documents(*kind, after, PAGE).await?;
    let (kinds, after) = match kept.last() {
        Some(last) => (kinds, Some((last.created_at_us, last.id.clone()))),
        None => (rest, None),
    };
    let mut docs = Vec::with_capacity(kept.len());
    for document in kept {
        let log = store.entries(*kind, &document.id).await?;
        docs.push(document_doc(document, log)?);
    }
    let still_first = first && docs.is_empty();
    let next = Stage::Documents {
        kinds,
        after,
        first: still_first,
    };
    Ok((list(docs, first)?, next))
}

/// Elements of a JSON array, one a line so that exports can be compared with line tools.
fn list<T: Serialize>(docs: impl IntoIterator<Item = T>, mut first: bool) -> Result<String, Error> {
    let mut text = String::new();
    for doc in docs {
        text.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
        let json = serde_json::to_string(&doc).map_err(|error| {
            tracing::error!(%error, "a row cannot be exported");
            Error::Stopped
        })?;
        text.push_str(&json);
    }
    Ok(text)
}

/// An instant of the store as a timestamp. The store only holds instants of a clock or of an import,
/// which are within range; should a row lie, the nearest end of time stands in for it.
pub(crate) fn timestamp(us: i64) -> jiff::Timestamp {
    let end = if us < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_microsecond(us).unwrap_or(end)
}

fn attempt_doc(record: Record) -> AttemptDoc {
    let Record {
        attempt,
        seed,
        replied_at_us,
    } = record;
    let reply = |(reply, at)| ReplyDoc {
        created_at: timestamp(at),
        reply,
    };
    AttemptDoc {
        seed: (attempt.state == AttemptState::Queued).then_some(seed),
        id: attempt.id,
        item: attempt.item,
        revision: attempt.revision,
        state: attempt.state,
        void_reason: attempt.void_reason,
        created_at: timestamp(attempt.created_at_us),
        elapsed_ms: attempt.elapsed_ms,
        previous: attempt.previous,
        submission: attempt.submission,
        scorecard: attempt.scorecard,
        replies: attempt
            .replies
            .into_iter()
            .zip(replied_at_us)
            .map(reply)
            .collect(),
        overrides: attempt.overrides.into_iter().map(override_doc).collect(),
        readings: attempt.readings.into_iter().map(reading_doc).collect(),
    }
}

fn override_doc(entry: Override) -> OverrideDoc {
    OverrideDoc {
        created_at: timestamp(entry.created_at_us),
        group: entry.group,
        criterion: entry.criterion,
        ruling: entry.ruling,
        reason: entry.reason,
    }
}

fn reading_doc(kept: KeptReading) -> ReadingDoc {
    ReadingDoc {
        asked_at: timestamp(kept.asked_at_us),
        fingerprint: kept.fingerprint,
        sent_to: kept.sent_to,
        withheld: kept.withheld,
        reading: kept.reading,
    }
}

fn revision_doc(revision: Revision) -> RevisionDoc {
    let Revision {
        item,
        revision,
        source,
        lexicon,
    } = revision;
    RevisionDoc {
        item,
        revision,
        source,
        lexicon,
    }
}

fn document_doc(document: KeptDocument, log: Vec<KeptEntry>) -> Result<DocumentDoc, Error> {
    let entry = |entry: KeptEntry| {
        Ok(EntryDoc {
            created_at: timestamp(entry.created_at_us),
            body: raw(entry.body)?,
        })
    };
    Ok(DocumentDoc {
        kind: document.kind,
        id: document.id,
        version: document.version,
        created_at: timestamp(document.created_at_us),
        updated_at: timestamp(document.updated_at_us),
        body: raw(document.body)?,
        entries: log.into_iter().map(entry).collect::<Result<_, Error>>()?,
    })
}

/// JSON as it lies in the store, without a detour over its numbers.
fn raw(json: String) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(json).map_err(|error| {
        tracing::error!(%error, "a document cannot be exported");
        Error::Stopped
    })
}

fn draft_doc(draft: Draft) -> DraftDoc {
    let Draft {
        item,
        text,
        elapsed_ms,
        updated_at_us,
    } = draft;
    DraftDoc {
        item,
        text,
        elapsed_ms,
        updated_at: timestamp(updated_at_us),
    }
}

fn program_draft_doc(draft: ProgramDraft) -> ProgramDraftDoc {
    let ProgramDraft {
        item,
        lang,
        files,
        elapsed_ms,
        updated_at_us,
    } = draft;
    ProgramDraftDoc {
        item,
        lang,
        files,
        elapsed_ms,
        updated_at: timestamp(updated_at_us),
    }
}
