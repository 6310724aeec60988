//! An attempt as it is shown: with its replies applied, what a human makes of it, the next question, and
//! the change.

use std::sync::{Arc, Mutex, PoisonError};

use answer::Examination;
use domain::{AnswerSpec, Answered, Attempt, AttemptId, ItemId, Overridden, Question, Scorecard};
use store::{Cursor, Entry, Revision, Seen};

use crate::graders::chain;
use crate::{Change, Error, Practice};

/// Examinations kept at once; one is a scorecard with its questions, some 20 KB.
const KEPT: usize = 64;

/// An attempt as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptView {
    /// The attempt as kept; its scorecard is that of the answer alone.
    pub attempt: Attempt,
    /// Title of the item.
    pub title: String,
    /// Whether the bank still has the revision that was graded.
    pub current: bool,
    /// The scorecard with the replies applied; `None` when void.
    pub scorecard: Option<Scorecard>,
    /// What the overrides in force make of that scorecard; `None` without any.
    pub overridden: Option<Overridden>,
    /// What was asked and answered.
    pub asked: Vec<Answered>,
    /// The next question; `None` when the interviewer is done.
    pub question: Option<Question>,
    /// What changed against the attempt that this one improves on.
    pub change: Option<Change>,
}

/// An attempt as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The entry.
    pub entry: Entry,
    /// Title of the item.
    pub title: String,
}

/// A page of attempts, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptPage {
    /// The attempts.
    pub entries: Vec<Listed>,
    /// Whether more follow.
    pub more: bool,
}

/// The most recent examinations, newest first.
#[derive(Default)]
pub(crate) struct Examined(Mutex<Vec<(AttemptId, usize, Arc<Examination>)>>);

impl Examined {
    fn get(&self, id: &AttemptId, replies: usize) -> Option<Arc<Examination>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(i, n, _)| i == id && *n == replies)
            .map(|(_, _, e)| Arc::clone(e))
    }

    fn put(&self, id: &AttemptId, replies: usize, examination: Arc<Examination>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (id.clone(), replies, examination));
        kept.truncate(KEPT);
    }

    /// An id may come back with other words: deleted, edited in an export, imported.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Practice {
    /// One attempt.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn attempt(&self, id: &AttemptId) -> Result<AttemptView, Error> {
        let attempt = self.store()?.attempt(id).await?;
        let attempt = attempt.ok_or_else(|| Error::AttemptNotFound { id: id.clone() })?;
        self.view(attempt, None).await
    }

    /// Up to `limit` attempts, newest first, that come after `after` in that order.
    ///
    /// # Errors
    /// The store fails.
    pub async fn attempts(
        &self,
        item: Option<&ItemId>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<AttemptPage, Error> {
        let mut entries = self
            .store()?
            .attempts(item, after, limit.saturating_add(1))
            .await?;
        let more = entries.len() as u64 > u64::from(limit);
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let listed = |entry: Entry| Listed {
            title: self.title(&entry.item),
            entry,
        };
        Ok(AttemptPage {
            entries: entries.into_iter().map(listed).collect(),
            more,
        })
    }

    /// Deletes an attempt with all that belongs to it, and its text from the disk.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn delete(&self, id: &AttemptId) -> Result<(), Error> {
        let deleted = self.store()?.delete_attempt(id).await?;
        self.0.examined.clear();
        self.changed();
        if deleted {
            Ok(())
        } else {
            Err(Error::AttemptNotFound { id: id.clone() })
        }
    }

    /// The attempt as it was when it had what `seen` says; with everything when `None`.
    pub(crate) async fn view(&self, mut attempt: Attempt, seen: Option<Seen>) -> Result<AttemptView, Error> {
        if let Some(seen) = seen {
            attempt.replies.truncate(seen.replies as usize);
            attempt.overrides.truncate(seen.overrides as usize);
        }
        let examination = self.examination(&attempt).await?;
        let change = match (&attempt.previous, &self.0.store) {
            (Some(id), Some(store)) => store.attempt(id).await?.map(|p| Change::between(&p, &attempt)),
            _ => None,
        };
        let item = self.bank().item(&attempt.item);
        Ok(AttemptView {
            title: self.title(&attempt.item),
            current: item.is_some_and(|item| item.revision == attempt.revision),
            scorecard: examination.as_ref().map(|e| e.scorecard.clone()),
            overridden: examination
                .as_ref()
                .and_then(|e| Overridden::of(&e.scorecard, &attempt.overrides)),
            asked: examination
                .as_ref()
                .map(|e| e.answered.clone())
                .unwrap_or_default(),
            question: examination.as_ref().and_then(|e| e.question.clone()),
            change,
            attempt,
        })
    }

    /// What the replies make of the scorecard; `None` when the attempt is void.
    pub(crate) async fn examination(&self, attempt: &Attempt) -> Result<Option<Arc<Examination>>, Error> {
        let Some(base) = attempt.scorecard.clone() else {
            return Ok(None);
        };
        if let Some(kept) = self.0.examined.get(&attempt.id, attempt.replies.len()) {
            return Ok(Some(kept));
        }
        let examination = match self.examine(attempt, base.clone()).await {
            Ok(examination) => examination,
            // Its item or scorecard is of another time or hand: what was kept is shown as it is.
            Err(error @ (Error::Rubric { .. } | Error::Stopped)) => {
                tracing::warn!(attempt = %attempt.id, error = chain(&error), "a kept attempt cannot be examined");
                without_questions(base, attempt.replies.len())
            }
            Err(error) => return Err(error),
        };
        let examination = Arc::new(examination);
        self.0
            .examined
            .put(&attempt.id, attempt.replies.len(), Arc::clone(&examination));
        Ok(Some(examination))
    }

    pub(crate) async fn examine(&self, attempt: &Attempt, base: Scorecard) -> Result<Examination, Error> {
        let spec = self.spec(&attempt.item, &attempt.revision).await?;
        self.examine_with(attempt, base, spec).await
    }

    pub(crate) async fn examine_with(
        &self,
        attempt: &Attempt,
        base: Scorecard,
        spec: AnswerSpec,
    ) -> Result<Examination, Error> {
        let practice = self.clone();
        let (item, revision) = (attempt.item.clone(), attempt.revision.clone());
        let replies = attempt.replies.clone();
        let examined = self.0.slots.run(move || {
            let grader = practice.0.graders.get(&item, &revision, &spec)?;
            Ok(grader.examine(&base, &replies))
        });
        examined.await?
    }

    /// The rubric of an item as it was at a revision: the bank's, or the one kept with the attempt.
    pub(crate) async fn spec(&self, id: &ItemId, revision: &str) -> Result<AnswerSpec, Error> {
        if let Some(spec) = self.current_spec(id, revision) {
            return Ok(spec);
        }
        let kept = match &self.0.store {
            Some(store) => store.revision(id, revision).await?,
            None => None,
        };
        let missing = || Error::Rubric {
            item: id.clone(),
            why: "its source is not kept".to_owned(),
        };
        spec_of(&kept.ok_or_else(missing)?)
    }

    pub(crate) fn current_spec(&self, id: &ItemId, revision: &str) -> Option<AnswerSpec> {
        let item = self.bank().item(id).filter(|item| item.revision == revision)?;
        Some(item.spec.clone())
    }
}

/// The rubric in a kept source.
pub(crate) fn spec_of(kept: &Revision) -> Result<AnswerSpec, Error> {
    let file = |path: String, text: &str| bank::SourceFile {
        path,
        text: text.to_owned(),
    };
    let files = [
        file(bank::LEXICON_FILE.to_owned(), &kept.lexicon),
        file(format!("answer/{}.md", kept.item), &kept.source),
    ];
    let (bank, _) = bank::parse(&files, None);
    // An imported source may claim to be any revision: its hash has to agree.
    let item = bank
        .item(&kept.item)
        .filter(|item| item.revision == kept.revision);
    item.map(|item| item.spec.clone()).ok_or_else(|| Error::Rubric {
        item: kept.item.clone(),
        why: "its kept source does not parse to it".to_owned(),
    })
}

/// What is left to show of an attempt whose rubric this version can no longer read.
fn without_questions(mut base: Scorecard, replies: usize) -> Examination {
    let note = match replies {
        0 => "The interviewer has no questions: this version cannot read the item as it was then.".to_owned(),
        n => format!("The {n} follow-ups are left out: this version cannot read the item as it was then."),
    };
    base.notes.push(note);
    Examination {
        scorecard: base,
        answered: Vec::new(),
        question: None,
    }
}
