//! A submitted program becomes an attempt: queued, or graded at once for who waits in a terminal.

use std::sync::Arc;
use std::time::Duration;

use bank::Instance;
use code::{Grading, Judge};
use domain::{Attempt, AttemptState, Item, Language, ProgramFile, Scorecard, Submission};
use store::{Added, NewAttempt, Source};

use crate::programs::JudgeState;
use crate::programs::run::takes_programs;
use crate::submit::{NewSubmission, Outcome, check_elapsed};
use crate::{Error, Practice};

/// How long a request waits for grading before it answers that the attempt is queued: a program that does not
/// compile is graded by then.
const QUICK: Duration = Duration::from_millis(200);

/// Most programs that wait: more than an evening's practice, and a script that posts in a circle fills no disk.
const MAX_WAITING: u32 = 200;

/// What a client that was refused is told to wait, in seconds: some programs are graded by then.
const RETRY_AFTER_S: u64 = 10;

impl Practice {
    /// Keeps a program as an attempt that waits to be graded, and waits a moment for that.
    pub(crate) async fn queue(
        &self,
        new: NewSubmission,
        instance: &Instance,
        now_us: i64,
    ) -> Result<Outcome, Error> {
        let store = self.store()?;
        if let Submission::Source { lang, .. } = &new.submission {
            self.check_language(*lang)?;
        }
        if store.waiting().await? >= MAX_WAITING {
            return Err(Error::Busy {
                retry_after_s: RETRY_AFTER_S,
            });
        }
        let (seed, key) = (new.seed, new.key.clone());
        let attempt = attempt(new, &instance.item, now_us);
        let added = store.add_attempt(NewAttempt {
            attempt: &attempt,
            source: source(instance),
            key: key.as_ref(),
            seed,
        });
        if let Added::Before(_) = added.await? {
            return self.replay(key.as_ref()).await?.ok_or(Error::KeyReused);
        }
        self.changed();
        self.0.judging.queued.notify_one();
        if matches!(self.judge_state(), JudgeState::Ready(_)) {
            let _ = tokio::time::timeout(QUICK, self.graded_soon(&attempt)).await;
        }
        Ok(Outcome {
            view: self.attempt(&attempt.id).await?,
            replayed: false,
        })
    }

    async fn graded_soon(&self, attempt: &Attempt) -> Result<(), Error> {
        let mut changes = self.changes();
        while self.store()?.wait(&attempt.id).await?.is_some() {
            if changes.changed().await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Grades a program while the caller waits, tells of each step, and keeps it as an attempt. Without a store it is
    /// graded and shown only.
    ///
    /// # Errors
    /// The item is unknown or takes no program, a field breaks a limit, programs or that language cannot be run here,
    /// or the store fails. A judge that fails makes the attempt void.
    pub async fn grade_program(
        &self,
        new: NewSubmission,
        now_us: i64,
        progress: impl Fn(code::Progress) + Send + 'static,
    ) -> Result<Outcome, Error> {
        let instance = self.instance(&new.item, new.variant, new.part)?;
        takes_programs(&instance.item)?;
        new.submission.validate()?;
        check_elapsed(new.elapsed_ms)?;
        self.check_previous(&new).await?;
        let Submission::Source { lang, files } = new.submission.clone() else {
            return Err(source_wanted(&instance.item));
        };
        self.start_judge().await;
        let judge = self.judge()?;
        self.check_language(lang)?;
        let seed = new.seed;
        let kept = Arc::clone(&self.0.judging.gate).read_owned().await;
        let graded = {
            let instance = Arc::clone(&instance);
            tokio::task::spawn_blocking(move || {
                let _kept = kept;
                grade(&judge, &instance.item, seed, (lang, &files), &progress)
            })
        };
        let mut attempt = attempt(new, &instance.item, now_us);
        match graded.await {
            Ok(Ok(card)) => {
                attempt.state = AttemptState::Scored;
                attempt.scorecard = Some(card);
            }
            Ok(Err(error @ (Error::JudgeOff { .. } | Error::LanguageMissing { .. }))) => return Err(error),
            Ok(Err(error)) => void(&mut attempt, error.to_string()),
            Err(error) => {
                tracing::error!(%error, "grading a program stopped");
                void(&mut attempt, Error::Stopped.to_string());
            }
        }
        if let Some(store) = &self.0.store {
            let added = store.add_attempt(NewAttempt {
                attempt: &attempt,
                source: source(&instance),
                key: None,
                seed,
            });
            added.await?;
            self.changed();
        }
        Ok(Outcome {
            view: self.view(attempt, None).await?,
            replayed: false,
        })
    }
}

/// Grades a program. Blocks.
pub(crate) fn grade(
    judge: &Judge,
    item: &Item,
    seed: u64,
    (language, files): (Language, &[ProgramFile]),
    progress: &dyn Fn(code::Progress),
) -> Result<Scorecard, Error> {
    let spec = takes_programs(item)?;
    let grading = Grading {
        item: item.id.as_str(),
        revision: &item.revision,
        seed,
        spec,
        language,
        files,
    };
    Ok(judge.grade(&grading, progress)?)
}

pub(crate) fn source_wanted(item: &Item) -> Error {
    Error::Field {
        field: "submission.type",
        rule: format!("must be `source`: `{}` asks for a program", item.id),
    }
}

fn void(attempt: &mut Attempt, reason: String) {
    tracing::error!(item = %attempt.item, reason, "an attempt is void");
    attempt.state = AttemptState::Void;
    attempt.void_reason = Some(reason);
}

fn source(instance: &Instance) -> Source<'_> {
    Source {
        text: &instance.source,
        lexicon: &instance.lexicon,
    }
}

/// An attempt that is not graded yet.
fn attempt(new: NewSubmission, item: &Item, now_us: i64) -> Attempt {
    Attempt {
        id: new.id,
        item: item.id.clone(),
        revision: item.revision.clone(),
        state: AttemptState::Queued,
        void_reason: None,
        created_at_us: now_us,
        elapsed_ms: new.elapsed_ms,
        previous: new.previous,
        submission: new.submission,
        scorecard: None,
        replies: Vec::new(),
        overrides: Vec::new(),
        readings: Vec::new(),
    }
}
