//! An attempt as it is shown: with its replies applied, the second reading, what a human makes of it, the
//! next question, and the change.

use std::sync::{Arc, Mutex, PoisonError};

use answer::Examination;
use domain::{
    AnswerSpec, Answered, Attempt, AttemptId, AttemptState, Item, ItemId, Overridden, Question, Scorecard,
    Variant,
};
use store::{Cursor, Entry, Revision, Seen};

use crate::derived::Derived;
use crate::graders::chain;
use crate::items::rubric;
use crate::programs::Grading;
use crate::reading::SecondReading;
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
    /// Whether the bank still has the revision that was graded, at any of its variants.
    pub current: bool,
    /// The variant that was answered; `None` for an item without variants, or when its text is not kept.
    pub variant: Option<Variant>,
    /// How a program that is not graded yet stands; `None` once it is.
    pub grading: Option<Grading>,
    /// The scorecard with the replies applied; `None` when void, or not graded yet.
    pub scorecard: Option<Scorecard>,
    /// The second reading, with the merged scorecard; `scorecard` stays without it.
    pub second: SecondReading,
    /// What the overrides in force make of the merged scorecard, or of `scorecard` where there is none;
    /// `None` without any.
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
pub(crate) struct Examined(Mutex<Vec<(Version, Arc<Derived>)>>);

/// An attempt with so many replies and readings.
type Version = (AttemptId, usize, usize);

fn version(attempt: &Attempt) -> Version {
    (attempt.id.clone(), attempt.replies.len(), attempt.readings.len())
}

impl Examined {
    fn get(&self, of: &Version) -> Option<Arc<Derived>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(v, _)| v == of).map(|(_, d)| Arc::clone(d))
    }

    fn put(&self, of: Version, derived: Arc<Derived>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (of, derived));
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
        let listed = |mut entry: Entry| {
            if entry.state == AttemptState::Queued && self.0.judging.is_under_way(&entry.id) {
                entry.state = AttemptState::Running;
            }
            Listed {
                title: self.title(&entry.item),
                entry,
            }
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
        let store = self.store()?;
        // One that is damaged can be deleted too.
        let program = matches!(store.attempt(id).await, Ok(Some(a)) if a.submission.is_source());
        let deleted = store.delete_attempt(id).await?;
        if program {
            // Waits until no program runs: not for the client to wait for.
            let practice = self.clone();
            tokio::spawn(async move { practice.0.judging.forget_programs().await });
        }
        self.0.examined.clear();
        if let Some(second) = &self.0.second {
            second.forget(id);
        }
        self.changed();
        if deleted {
            Ok(())
        } else {
            Err(Error::AttemptNotFound { id: id.clone() })
        }
    }

    /// The attempt as it was when it had what `seen` says; with everything when `None`.
    pub(crate) async fn view(&self, mut attempt: Attempt, seen: Option<Seen>) -> Result<AttemptView, Error> {
        let mut later = false;
        if let Some(seen) = seen {
            attempt.replies.truncate(seen.replies as usize);
            attempt.overrides.truncate(seen.overrides as usize);
            later = attempt.readings.len() > seen.readings as usize;
            attempt.readings.truncate(seen.readings as usize);
        }
        let grading = self.grading(&attempt).await?;
        if grading.as_ref().is_some_and(|grading| grading.progress.is_some()) {
            attempt.state = AttemptState::Running;
        }
        let derived = self.derived(&attempt).await?;
        let examination = derived.as_ref().map(|derived| &derived.examination);
        let merged = derived.as_ref().and_then(|derived| derived.merged.as_ref());
        let change = match (&attempt.previous, &self.0.store) {
            (Some(id), Some(store)) => store.attempt(id).await?.map(|p| Change::between(&p, &attempt)),
            _ => None,
        };
        let now = self.at_revision(&attempt.item, &attempt.revision);
        let then = match &now {
            None => self.kept_item(&attempt).await?,
            Some(_) => None,
        };
        let item = now.as_ref().map(|instance| &instance.item).or(then.as_ref());
        Ok(AttemptView {
            title: now
                .as_ref()
                .map_or_else(|| self.title(&attempt.item), |now| now.item.title.clone()),
            current: now.is_some(),
            variant: item.and_then(|item| item.variant.clone()),
            grading,
            scorecard: examination.map(|e| e.scorecard.clone()),
            second: self.second_reading(&attempt, merged, later),
            overridden: derived.as_ref().and_then(|d| d.overridden(&attempt.overrides)),
            asked: examination.map(|e| e.answered.clone()).unwrap_or_default(),
            question: examination.and_then(|e| e.question.clone()),
            change,
            attempt,
        })
    }

    /// The item as it was when it was answered; `None` when its text is not kept or cannot be read.
    pub(crate) async fn item_of_attempt(&self, attempt: &Attempt) -> Result<Option<Item>, Error> {
        match self.at_revision(&attempt.item, &attempt.revision) {
            Some(now) => Ok(Some(now.item.clone())),
            None => self.kept_item(attempt).await,
        }
    }

    /// The item in the source that is kept with the attempt.
    async fn kept_item(&self, attempt: &Attempt) -> Result<Option<Item>, Error> {
        let kept = match &self.0.store {
            Some(store) => store.revision(&attempt.item, &attempt.revision).await?,
            None => None,
        };
        Ok(kept.and_then(|kept| item_of(&kept).ok()))
    }

    /// What follows from an attempt, kept; `None` when it is void.
    pub(crate) async fn derived(&self, attempt: &Attempt) -> Result<Option<Arc<Derived>>, Error> {
        let version = version(attempt);
        if let Some(kept) = self.0.examined.get(&version) {
            return Ok(Some(kept));
        }
        let derived = self.derive(attempt).await?.map(Arc::new);
        if let Some(derived) = &derived {
            self.0.examined.put(version, Arc::clone(derived));
        }
        Ok(derived)
    }

    /// What follows from an attempt that may not be kept as it is here; `None` when it is void.
    pub(crate) async fn derive(&self, attempt: &Attempt) -> Result<Option<Derived>, Error> {
        let Some(base) = attempt.scorecard.clone() else {
            return Ok(None);
        };
        if attempt.submission.is_source() {
            return Ok(Some(Derived::unasked(attempt, base)));
        }
        match self.examine(attempt, base.clone()).await {
            // Its item or scorecard is of another time or hand: what was kept is shown as it is.
            Err(error @ (Error::Rubric { .. } | Error::Stopped)) => {
                tracing::warn!(attempt = %attempt.id, error = chain(&error), "a kept attempt cannot be examined");
                let examination = without_questions(base, attempt.replies.len());
                Ok(Some(Derived::of(attempt, examination, None)))
            }
            examined => examined.map(Some),
        }
    }

    /// What follows from an attempt whose rubric can be read.
    pub(crate) async fn examine(&self, attempt: &Attempt, base: Scorecard) -> Result<Derived, Error> {
        let spec = self.spec(&attempt.item, &attempt.revision).await?;
        self.examine_with(attempt, base, spec).await
    }

    pub(crate) async fn examine_with(
        &self,
        attempt: &Attempt,
        base: Scorecard,
        spec: AnswerSpec,
    ) -> Result<Derived, Error> {
        let (practice, attempt) = (self.clone(), attempt.clone());
        let examined = self.0.slots.run(move || {
            let grader = practice.0.graders.get(&attempt.item, &attempt.revision, &spec)?;
            let examination = grader.examine(&base, &attempt.replies);
            Ok(Derived::of(&attempt, examination, Some(&grader)))
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
        let instance = self.at_revision(id, revision)?;
        instance.item.answer().cloned()
    }
}

/// The rubric in a kept source.
pub(crate) fn spec_of(kept: &Revision) -> Result<AnswerSpec, Error> {
    let item = item_of(kept)?;
    rubric(&item).cloned()
}

/// The item in a kept source.
fn item_of(kept: &Revision) -> Result<Item, Error> {
    let files = bank::kept(&kept.item, &kept.source, &kept.lexicon);
    let (bank, _) = bank::parse(&files.unwrap_or_default(), None);
    // An imported source may claim to be any revision: its hash has to agree.
    let item = bank
        .item(&kept.item)
        .filter(|item| item.revision == kept.revision);
    item.cloned().ok_or_else(|| Error::Rubric {
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
