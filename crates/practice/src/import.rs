//! Back in: an export document, believed in nothing that can be checked.

use std::collections::BTreeSet;

use domain::{Attempt, AttemptState, ItemId, KeptReading, MAX_OVERRIDES, MAX_READINGS, Override};
use serde::Deserialize;
use store::{Draft, Imported, KeptDocument, KeptEntry, ProgramDraft, Record, Revision, Standing, Transfer};

use crate::attempt::spec_of;
use crate::derived::Derived;
use crate::export::{
    AttemptDoc, DocumentDoc, DraftDoc, FORMAT, OverrideDoc, ProgramDraftDoc, ReadingDoc, RevisionDoc,
};
use crate::{Error, Practice, programs, reply, shelf, submit};

/// Most replies that an attempt can have; the interviewer asks at most five questions.
const MAX_REPLIES: usize = 16;

/// Largest reading. Twenty verdicts with their reasons take some 10 KB, and no endpoint may send more than this.
const MAX_READING_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
struct Document {
    format: u32,
    #[serde(default)]
    attempts: Vec<AttemptDoc>,
    #[serde(default)]
    revisions: Vec<RevisionDoc>,
    #[serde(default)]
    drafts: Vec<DraftDoc>,
    /// Absent in documents of versions before programs.
    #[serde(default)]
    program_drafts: Vec<ProgramDraftDoc>,
    /// Absent in documents of versions before them.
    #[serde(default)]
    documents: Vec<DocumentDoc>,
}

impl Practice {
    /// Adds what is missing from an export document, all or nothing. What is there stays as it is.
    ///
    /// # Errors
    /// The document is not a whole export, something in it breaks the rules that hold for attempts (the
    /// error names it), or the store fails.
    pub async fn import(&self, document: &[u8]) -> Result<Imported, Error> {
        let store = self.store()?;
        let document = parse(document)?;
        check_attempts(&document)?;
        let named: BTreeSet<(&ItemId, &str)> = document
            .revisions
            .iter()
            .map(|r| (&r.item, r.revision.as_str()))
            .collect();
        for (at, attempt) in document.attempts.iter().enumerate() {
            if !named.contains(&(&attempt.item, attempt.revision.as_str()))
                && store.revision(&attempt.item, &attempt.revision).await?.is_none()
            {
                let rule = "names a revision that the document does not hold";
                return Err(refused(format!("attempts[{at}].revision"), rule.to_owned()));
            }
        }
        for (at, draft) in document.drafts.iter().enumerate() {
            let text = draft.text.len() <= domain::MAX_ANSWER_BYTES && !draft.text.contains('\0');
            if !text || submit::check_elapsed(draft.elapsed_ms).is_err() {
                return Err(refused(
                    format!("drafts[{at}]"),
                    "breaks the limits of a draft".to_owned(),
                ));
            }
        }
        for (at, draft) in document.program_drafts.iter().enumerate() {
            let whole = programs::check_draft(draft.lang, &draft.files).is_ok();
            if !whole || submit::check_elapsed(draft.elapsed_ms).is_err() {
                let rule = "breaks the limits of a draft".to_owned();
                return Err(refused(format!("program_drafts[{at}]"), rule));
            }
        }
        let transfer = self.transfer(document).await?;
        let done = store.import(&transfer).await?;
        self.0.examined.clear();
        self.0.mapped.clear();
        self.changed();
        Ok(done)
    }

    /// What the store takes: attempts oldest first, each with where it stands after its replies.
    async fn transfer(&self, document: Document) -> Result<Transfer, Error> {
        let mut records: Vec<Record> = document.attempts.into_iter().map(record).collect();
        records.sort_by(|a, b| {
            (a.attempt.created_at_us, &a.attempt.id).cmp(&(b.attempt.created_at_us, &b.attempt.id))
        });
        let revisions: Vec<Revision> = document.revisions.into_iter().map(revision).collect();
        let mut attempts = Vec::with_capacity(records.len());
        for record in records {
            let standing = self.standing(&record.attempt, &revisions).await?;
            attempts.push((record, standing));
        }
        let mut documents = Vec::with_capacity(document.documents.len());
        for (at, doc) in document.documents.into_iter().enumerate() {
            let (kept, log) = kept_document(doc);
            let field = |field: String| format!("documents[{at}].{field}");
            if kept.version < 1 {
                return Err(refused(
                    field("version".to_owned()),
                    "must be 1 or more".to_owned(),
                ));
            }
            shelf::check_import(kept.kind, &kept.body, &log).map_err(|e| refused(field(e.field), e.rule))?;
            documents.push((kept, log));
        }
        Ok(Transfer {
            revisions,
            attempts,
            drafts: document.drafts.into_iter().map(draft).collect(),
            program_drafts: document.program_drafts.into_iter().map(program_draft).collect(),
            documents,
        })
    }

    /// Where an attempt of the document stands. Derived, so derived again rather than believed.
    async fn standing(&self, attempt: &Attempt, revisions: &[Revision]) -> Result<Option<Standing>, Error> {
        let there = !attempt.replies.is_empty() && self.store()?.attempt(&attempt.id).await?.is_some();
        let derived = if there {
            // It is left as it is: nothing is written for it.
            attempt
                .scorecard
                .clone()
                .map(|base| Derived::unasked(attempt, base))
        } else {
            self.graded(attempt, revisions).await?
        };
        Ok(derived.map(|derived| derived.standing(&attempt.overrides)))
    }

    /// What follows from an attempt that may be in no store; `None` when void.
    pub(crate) async fn graded(
        &self,
        attempt: &Attempt,
        revisions: &[Revision],
    ) -> Result<Option<Derived>, Error> {
        let Some(base) = attempt.scorecard.clone() else {
            return Ok(None);
        };
        if attempt.replies.is_empty() || attempt.submission.is_source() {
            return Ok(Some(Derived::unasked(attempt, base)));
        }
        let own = |r: &&Revision| r.item == attempt.item && r.revision == attempt.revision;
        let spec = match (
            self.current_spec(&attempt.item, &attempt.revision),
            revisions.iter().find(own),
        ) {
            (Some(spec), _) => Ok(spec),
            (None, Some(kept)) => spec_of(kept),
            (None, None) => self.spec(&attempt.item, &attempt.revision).await,
        };
        let examined = match spec {
            Ok(spec) => self.examine_with(attempt, base.clone(), spec).await,
            Err(error) => Err(error),
        };
        match examined {
            Ok(derived) => Ok(Some(derived)),
            // As when it is shown: what this version cannot examine stands as it was graded.
            Err(Error::Rubric { .. } | Error::Stopped) => Ok(Some(Derived::unasked(attempt, base))),
            Err(error) => Err(error),
        }
    }
}

/// The attempts of an export document, in its order, and the sources that they were graded against.
pub(crate) fn records(document: &[u8]) -> Result<(Vec<Record>, Vec<Revision>), Error> {
    let document = parse(document)?;
    check_attempts(&document)?;
    Ok((
        document.attempts.into_iter().map(record).collect(),
        document.revisions.into_iter().map(revision).collect(),
    ))
}

fn revision(doc: RevisionDoc) -> Revision {
    Revision {
        item: doc.item,
        revision: doc.revision,
        source: doc.source,
        lexicon: doc.lexicon,
    }
}

fn kept_document(doc: DocumentDoc) -> (KeptDocument, Vec<KeptEntry>) {
    let entry = |entry: crate::export::EntryDoc| KeptEntry {
        body: entry.body.get().to_owned(),
        created_at_us: entry.created_at.as_microsecond(),
    };
    let document = KeptDocument {
        kind: doc.kind,
        id: doc.id,
        version: doc.version,
        body: doc.body.get().to_owned(),
        created_at_us: doc.created_at.as_microsecond(),
        updated_at_us: doc.updated_at.as_microsecond(),
    };
    (document, doc.entries.into_iter().map(entry).collect())
}

fn program_draft(doc: ProgramDraftDoc) -> ProgramDraft {
    ProgramDraft {
        item: doc.item,
        lang: doc.lang,
        files: doc.files,
        elapsed_ms: doc.elapsed_ms,
        updated_at_us: doc.updated_at.as_microsecond(),
    }
}

fn draft(doc: DraftDoc) -> Draft {
    Draft {
        item: doc.item,
        text: doc.text,
        elapsed_ms: doc.elapsed_ms,
        updated_at_us: doc.updated_at.as_microsecond(),
    }
}

fn parse(document: &[u8]) -> Result<Document, Error> {
    let mut reader = serde_json::Deserializer::from_slice(document);
    let parsed: Document = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| refused(error.path().to_string(), error.inner().to_string()))?;
    reader
        .end()
        .map_err(|error| refused("document".to_owned(), error.to_string()))?;
    if parsed.format > FORMAT {
        let rule = format!(
            "is {}, this version reads up to {FORMAT}: use a newer `spar`",
            parsed.format
        );
        return Err(refused("format".to_owned(), rule));
    }
    Ok(parsed)
}

fn refused(field: String, rule: String) -> Error {
    Error::Import { field, rule }
}

fn check_attempts(document: &Document) -> Result<(), Error> {
    for (at, attempt) in document.attempts.iter().enumerate() {
        check(attempt).map_err(|(field, rule)| refused(format!("attempts[{at}].{field}"), rule))?;
    }
    Ok(())
}

/// What holds of every attempt that we have kept; the first that does not, as field and rule.
fn check(attempt: &AttemptDoc) -> Result<(), (String, String)> {
    let broken = |field: &str, rule: String| Err((field.to_owned(), rule));
    if let Err(error) = attempt.submission.validate() {
        return broken("submission", error.to_string());
    }
    if submit::check_elapsed(attempt.elapsed_ms).is_err() {
        return broken("elapsed_ms", format!("must be 0 to {}", submit::MAX_ELAPSED_MS));
    }
    let waits = attempt.state == AttemptState::Queued && attempt.submission.is_source();
    if !waits && !matches!(attempt.state, AttemptState::Scored | AttemptState::Void) {
        return broken(
            "state",
            "must be `scored`, `void`, or `queued` for a program".to_owned(),
        );
    }
    if attempt.seed.is_some_and(|seed| i64::try_from(seed).is_err()) {
        return broken("seed", "is too large".to_owned());
    }
    if (attempt.state == AttemptState::Scored) != attempt.scorecard.is_some() {
        return broken(
            "scorecard",
            "must be there exactly when the attempt is scored".to_owned(),
        );
    }
    if (attempt.state == AttemptState::Void) != attempt.void_reason.is_some() {
        return broken(
            "void_reason",
            "must be there exactly when the attempt is void".to_owned(),
        );
    }
    if let Some(card) = &attempt.scorecard {
        if card.format > domain::SCORECARD_FORMAT {
            return broken("scorecard.format", "is newer than this version".to_owned());
        }
        if card.item != attempt.item.as_str() || card.revision != attempt.revision {
            return broken("scorecard", "is of another item or revision".to_owned());
        }
        if let Err(error) = card.check_invariants(attempt.submission.text()) {
            return broken("scorecard", error.to_string());
        }
    }
    if attempt.replies.len() > MAX_REPLIES {
        return broken("replies", format!("are more than {MAX_REPLIES}"));
    }
    for (at, given) in attempt.replies.iter().enumerate() {
        if let Err(error) = reply::check(&given.reply) {
            return broken(&format!("replies[{at}]"), error.to_string());
        }
    }
    check_overrides(attempt)?;
    check_readings(attempt)
}

/// Quotes and verdicts are not checked here: whatever a reading says, the merge takes only what holds.
fn check_readings(attempt: &AttemptDoc) -> Result<(), (String, String)> {
    let broken = |field: String, rule: String| Err((field, rule));
    if attempt.readings.len() > MAX_READINGS {
        return broken("readings".to_owned(), format!("are more than {MAX_READINGS}"));
    }
    for (at, given) in attempt.readings.iter().enumerate() {
        if attempt.scorecard.is_none() {
            return broken(
                "readings".to_owned(),
                "cannot be there when the attempt is void".to_owned(),
            );
        }
        if given.reading.format > domain::READING_FORMAT {
            return broken(
                format!("readings[{at}].reading.format"),
                "is newer than this version".to_owned(),
            );
        }
        let size = serde_json::to_string(&given.reading).map_or(usize::MAX, |json| json.len());
        if size > MAX_READING_BYTES {
            return broken(
                format!("readings[{at}].reading"),
                format!("has {size} bytes, the limit is {MAX_READING_BYTES}"),
            );
        }
    }
    Ok(())
}

fn check_overrides(attempt: &AttemptDoc) -> Result<(), (String, String)> {
    let broken = |field: String, rule: String| Err((field, rule));
    if attempt.overrides.len() > MAX_OVERRIDES {
        return broken("overrides".to_owned(), format!("are more than {MAX_OVERRIDES}"));
    }
    for (at, given) in attempt.overrides.iter().enumerate() {
        let Some(card) = &attempt.scorecard else {
            return broken(
                "overrides".to_owned(),
                "cannot be there when the attempt is void".to_owned(),
            );
        };
        if let Err(error) = entry(given.clone()).check(card) {
            return broken(format!("overrides[{at}]"), error.to_string());
        }
    }
    Ok(())
}

fn entry(doc: OverrideDoc) -> Override {
    Override {
        group: doc.group,
        criterion: doc.criterion,
        ruling: doc.ruling,
        reason: doc.reason,
        created_at_us: doc.created_at.as_microsecond(),
    }
}

fn kept_reading(doc: ReadingDoc) -> KeptReading {
    KeptReading {
        fingerprint: doc.fingerprint,
        sent_to: doc.sent_to,
        asked_at_us: doc.asked_at.as_microsecond(),
        withheld: doc.withheld,
        reading: doc.reading,
    }
}

fn record(doc: AttemptDoc) -> Record {
    let (replies, replied_at_us) = doc
        .replies
        .into_iter()
        .map(|r| (r.reply, r.created_at.as_microsecond()))
        .unzip();
    Record {
        seed: doc.seed.unwrap_or_default(),
        attempt: Attempt {
            id: doc.id,
            item: doc.item,
            revision: doc.revision,
            state: doc.state,
            void_reason: doc.void_reason,
            created_at_us: doc.created_at.as_microsecond(),
            elapsed_ms: doc.elapsed_ms,
            previous: doc.previous,
            submission: doc.submission,
            scorecard: doc.scorecard,
            replies,
            overrides: doc.overrides.into_iter().map(entry).collect(),
            readings: doc.readings.into_iter().map(kept_reading).collect(),
        },
        replied_at_us,
    }
}
