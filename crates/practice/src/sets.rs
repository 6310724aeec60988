//! Jobs, and the sets of questions that are made for them.

use std::sync::Arc;

use bank::Instance;
use domain::{AttemptId, DocumentError, DocumentId, Item, Job, SetEntry, SetInputs, TailoredSet};
use prepare::set::{Role, tailor};
use store::Summary;

use crate::items::Part;
use crate::likeness;
use crate::{Error, Held, Practice};

/// What a set is to be made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSet {
    /// The job that it is for; `None` when the texts were given directly.
    pub job: Option<DocumentId>,
    /// The texts, role, level and minutes.
    pub inputs: SetInputs,
    /// Decides between questions of equal worth; at most [`domain::MAX_SET_SEED`].
    pub seed: u64,
}

/// A set with all that is needed to show, print or export it.
#[derive(Debug, Clone)]
pub struct SetView {
    /// The set.
    pub set: TailoredSet,
    /// Where it is kept; `None` for one that is not.
    pub kept: Option<KeptSet>,
    /// Its questions in order.
    pub questions: Vec<SetQuestion>,
}

/// Where a set is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSet {
    /// Its id.
    pub id: DocumentId,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
}

/// A question of a set with its item.
#[derive(Debug, Clone)]
pub struct SetQuestion {
    /// As chosen: variant, minutes, weight, reasons.
    pub entry: SetEntry,
    /// The item at its variant, with prompt, rubric and guidance; `None` when the bank no longer has it.
    pub instance: Option<Arc<Instance>>,
    /// All attempts at the item; `None` without any.
    pub summary: Option<Summary>,
    /// The newest attempt since the set was made.
    pub done: Option<Done>,
}

/// An attempt that counts for a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its total; `None` when void.
    pub score: Option<f64>,
}

impl SetQuestion {
    /// Title of the item; its id when the bank no longer has it.
    pub fn title(&self) -> &str {
        let item = self
            .instance
            .as_ref()
            .map(|instance| instance.item.title.as_str());
        item.unwrap_or(self.entry.item.as_str())
    }
}

impl Practice {
    /// The roles that sets can be made for.
    pub fn roles(&self) -> &[Role] {
        self.0.roles.all()
    }

    /// Makes a set and keeps nothing. Blocks for some milliseconds; with an encoder the first one takes a
    /// second more.
    ///
    /// # Errors
    /// The inputs break a limit or name an unknown role.
    pub fn tailor(&self, new: NewSet) -> Result<TailoredSet, Error> {
        let items: Vec<&Item> = self.bank().answer_items().collect();
        let inputs = new.inputs;
        inputs.check().map_err(Error::Document)?;
        if new.seed > domain::MAX_SET_SEED {
            let rule = format!("must be 0 to {}", domain::MAX_SET_SEED);
            return Err(Error::Document(DocumentError::new("seed", rule)));
        }
        let likenesses = likeness::of(self, &inputs, &items);
        tailor(
            &items,
            &self.0.terms,
            &self.0.roles,
            inputs,
            new.job,
            new.seed,
            &likenesses,
        )
        .map_err(Error::Document)
    }

    /// Makes a set and keeps it under `id`.
    ///
    /// # Errors
    /// As [`Practice::tailor`], or the store fails.
    pub async fn create_set(&self, id: &DocumentId, new: NewSet, now_us: i64) -> Result<SetView, Error> {
        self.store()?;
        let practice = self.clone();
        let made = tokio::task::spawn_blocking(move || practice.tailor(new)).await;
        let set = made.map_err(|error| {
            tracing::error!(%error, "making a set stopped");
            Error::Stopped
        })??;
        self.put(id, &set, Some(0), now_us).await?;
        self.set(id).await
    }

    /// A set with its questions as they are in the bank, and what was done of them since.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn set(&self, id: &DocumentId) -> Result<SetView, Error> {
        let held = self.held::<TailoredSet>(id).await?;
        let summaries = self.summaries().await?;
        let mut questions = Vec::with_capacity(held.body.entries.len());
        for entry in &held.body.entries {
            let newest = self.attempts(Some(&entry.item), None, 1).await?.entries.pop();
            let since = newest.filter(|listed| listed.entry.created_at_us >= held.created_at_us);
            questions.push(SetQuestion {
                summary: summaries.get(&entry.item).cloned(),
                done: since.map(|listed| Done {
                    attempt: listed.entry.id,
                    score: listed.entry.score,
                }),
                ..self.set_question(entry)
            });
        }
        Ok(SetView {
            set: held.body,
            kept: Some(KeptSet {
                id: held.id,
                created_at_us: held.created_at_us,
            }),
            questions,
        })
    }

    /// A set that is not kept, with its questions.
    pub fn set_view(&self, set: TailoredSet) -> SetView {
        SetView {
            questions: set.entries.iter().map(|entry| self.set_question(entry)).collect(),
            set,
            kept: None,
        }
    }

    fn set_question(&self, entry: &SetEntry) -> SetQuestion {
        SetQuestion {
            entry: entry.clone(),
            instance: self.question_of(entry),
            summary: None,
            done: None,
        }
    }

    /// The item of an entry at its variant, or at its default when the bank has lost that variant.
    fn question_of(&self, entry: &SetEntry) -> Option<Arc<Instance>> {
        self.instance(&entry.item, entry.variant, Part::Question)
            .or_else(|_| self.instance(&entry.item, 0, Part::Question))
            .ok()
    }

    /// Deletes a job and the sets that were made for it: they hold its texts.
    ///
    /// # Errors
    /// There is none of that id, or the store fails.
    pub async fn discard_job(&self, id: &DocumentId) -> Result<(), Error> {
        for set in self.sets_of(id).await? {
            match self.discard::<TailoredSet>(&set.id).await {
                Ok(()) | Err(Error::DocumentNotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.discard::<Job>(id).await
    }

    /// The sets of a job, newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn sets_of(&self, job: &DocumentId) -> Result<Vec<Held<TailoredSet>>, Error> {
        let mut sets = self.all_held::<TailoredSet>().await?;
        sets.retain(|set| set.body.job.as_ref() == Some(job));
        Ok(sets)
    }
}
