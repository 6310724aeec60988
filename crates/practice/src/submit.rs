//! A submission becomes an attempt.

use std::sync::Arc;

use answer::Header;
use bank::Instance;
use domain::{Attempt, AttemptId, AttemptState, ItemId, Scorecard, Submission};
use store::{Added, Key, NewAttempt, Source};

use crate::attempt::AttemptView;
use crate::graders::chain;
use crate::items::rubric;
use crate::programs::source_wanted;
use crate::{Error, Part, Practice};

/// Longest time that a client may report for an answer: a day, in milliseconds. A timer that was left
/// running says nothing.
pub const MAX_ELAPSED_MS: i64 = 24 * 60 * 60 * 1000;

/// What the candidate hands in.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// The id the attempt gets, from [`crate::attempt_id`].
    pub id: AttemptId,
    /// The item.
    pub item: ItemId,
    /// Its variant, 0 for the default.
    pub variant: u32,
    /// The question, or the requirement that changes mid-way.
    pub part: Part,
    /// The answer.
    pub submission: Submission,
    /// Seed of everything that is shuffled.
    pub seed: u64,
    /// How long the candidate took, in milliseconds, at most [`MAX_ELAPSED_MS`].
    pub elapsed_ms: Option<i64>,
    /// The attempt that this one improves on; of the same item.
    pub previous: Option<AttemptId>,
    /// The client's key, where it sent one.
    pub key: Option<Key>,
}

/// What came of a request that may have been made before.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The attempt as it was right after the request first had its effect.
    pub view: AttemptView,
    /// The request had its effect earlier: this is the same answer again.
    pub replayed: bool,
}

impl Practice {
    /// Grades a submission and keeps it as an attempt, synced to disk before this returns. Without a
    /// store the attempt is graded and shown only.
    ///
    /// A grader that fails makes the attempt void with a reason: the candidate's words are kept, and
    /// there is never a zero that they did not earn. A program is queued, and the view has no scorecard yet. With a second reader its reading is begun, and comes
    /// later.
    ///
    /// # Errors
    /// The item is unknown, the submission or a field breaks a limit, the key was used for another
    /// request, the machine is busy, or the store fails.
    pub async fn submit(&self, new: NewSubmission, now_us: i64) -> Result<Outcome, Error> {
        let instance = self.instance(&new.item, new.variant, new.part)?;
        let item = &instance.item;
        new.submission.validate()?;
        check_elapsed(new.elapsed_ms)?;
        if let Some(outcome) = self.replay(new.key.as_ref()).await? {
            return Ok(outcome);
        }
        self.check_previous(&new).await?;
        match (item.code(), new.submission.is_source()) {
            (Some(_), true) => return self.queue(new, &instance, now_us).await,
            (Some(_), false) => return Err(source_wanted(item)),
            (None, true) => {
                return Err(Error::Field {
                    field: "submission.type",
                    rule: format!("must be `text`: `{}` asks for an answer", item.id),
                });
            }
            (None, false) => {}
        }
        let header = Header {
            item: item.id.to_string(),
            revision: item.revision.clone(),
            seed: new.seed,
        };
        let graded = self.grade(&new, Arc::clone(&instance), header).await?;
        let (state, scorecard, void_reason) = match graded {
            Ok(card) => (AttemptState::Scored, Some(card), None),
            Err(reason) => (AttemptState::Void, None, Some(reason)),
        };
        let attempt = Attempt {
            id: new.id,
            item: item.id.clone(),
            revision: item.revision.clone(),
            state,
            void_reason,
            created_at_us: now_us,
            elapsed_ms: new.elapsed_ms,
            previous: new.previous,
            submission: new.submission,
            scorecard,
            replies: Vec::new(),
            overrides: Vec::new(),
            readings: Vec::new(),
        };
        if let Some(store) = &self.0.store {
            let source = Source {
                text: &instance.source,
                lexicon: &instance.lexicon,
            };
            let added = store.add_attempt(NewAttempt {
                attempt: &attempt,
                source,
                key: new.key.as_ref(),
                seed: new.seed,
            });
            if let Added::Before(_) = added.await? {
                // The same request ran twice at once and the other one was first.
                return self.replay(new.key.as_ref()).await?.ok_or(Error::KeyReused);
            }
            self.changed();
            self.read_in_background(&attempt, now_us).await;
        }
        Ok(Outcome {
            view: self.view(attempt, None).await?,
            replayed: false,
        })
    }

    /// Grades on a slot. The inner error is the reason for which the attempt is void.
    async fn grade(
        &self,
        new: &NewSubmission,
        instance: Arc<Instance>,
        header: Header,
    ) -> Result<Result<Scorecard, String>, Error> {
        let practice = self.clone();
        let (id, text) = (new.item.clone(), new.submission.text().to_owned());
        let graded = self.0.slots.run(move || {
            let item = &instance.item;
            let grader = practice.0.graders.get(&item.id, &item.revision, rubric(item)?)?;
            let failed = |error: &dyn std::error::Error| Error::Rubric {
                item: id.clone(),
                why: chain(error),
            };
            let card = grader.grade(&header, &text).map_err(|error| failed(&error))?;
            card.check_invariants(&text).map_err(|error| failed(&error))?;
            Ok(card)
        });
        match graded.await {
            Ok(Ok(card)) => Ok(Ok(card)),
            Err(busy @ Error::Busy { .. }) => Err(busy),
            Ok(Err(error)) | Err(error) => {
                tracing::error!(item = %new.item, error = chain(&error), "an attempt is void");
                Ok(Err(error.to_string()))
            }
        }
    }

    /// The answer to a request whose key is known.
    pub(crate) async fn replay(&self, key: Option<&Key>) -> Result<Option<Outcome>, Error> {
        let (Some(key), Some(store)) = (key, &self.0.store) else {
            return Ok(None);
        };
        let Some(known) = store.known(key).await? else {
            return Ok(None);
        };
        if !known.same_request {
            return Err(Error::KeyReused);
        }
        // Deleted between the two reads: its keys are gone with it, so the request is new again.
        let Some(attempt) = store.attempt(&known.attempt).await? else {
            return Ok(None);
        };
        Ok(Some(Outcome {
            view: self.view(attempt, Some(known.seen)).await?,
            replayed: true,
        }))
    }

    pub(crate) async fn check_previous(&self, new: &NewSubmission) -> Result<(), Error> {
        let (Some(previous), Some(store)) = (&new.previous, &self.0.store) else {
            return Ok(());
        };
        let found = store.attempt(previous).await?;
        if found.is_some_and(|attempt| attempt.item == new.item) {
            return Ok(());
        }
        let rule = format!("must be an attempt at `{}` that is kept", new.item);
        Err(Error::Field {
            field: "previous",
            rule,
        })
    }
}

pub(crate) fn check_elapsed(elapsed_ms: Option<i64>) -> Result<(), Error> {
    if elapsed_ms.is_none_or(|ms| (0..=MAX_ELAPSED_MS).contains(&ms)) {
        return Ok(());
    }
    Err(Error::Field {
        field: "elapsed_ms",
        rule: format!("must be 0 to {MAX_ELAPSED_MS}"),
    })
}
