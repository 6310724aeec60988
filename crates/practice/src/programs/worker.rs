//! Grading in the background: as many programs at once as the judge has slots, each under a lease.

use std::time::{Duration, Instant};

use domain::{Attempt, AttemptId, AttemptState, Item, Submission};
use store::{Claimed, Graded, Lease, Store};

use super::{Grading, JudgeState, Moving, Progress, grade, lock};
use crate::graders::chain;
use crate::{Error, Practice};

/// How long a lease lasts without a sign of life. What a killed process was grading is graded again after this.
const LEASE: Duration = Duration::from_secs(10);

/// How often a lease is renewed: two renewals may fail before it is lost.
const RENEW: Duration = Duration::from_secs(3);

/// How often an idle worker looks for what another process, such as an import, has queued.
const LOOK: Duration = Duration::from_secs(1);

/// How often the judge may fail at an attempt before the attempt is void.
const MAX_TRIES: u32 = 3;

/// The wait after the first failure; it is four times as long after each further one.
const BACK_OFF_US: i64 = 1_000_000;

/// The wait of an attempt whose language is not installed.
const MISSING_WAIT_US: i64 = 60_000_000;

/// The judge starts so long after the application: what a page asks for first comes first.
const START_AFTER: Duration = Duration::from_millis(200);

/// The wait before a judge that could not be started is tried again.
const RESTART: Duration = Duration::from_secs(60);

/// Progress is told at most so often: each time every open page reads the attempt again.
const TELL: Duration = Duration::from_millis(100);

/// Now, in microseconds since the Unix epoch.
type Clock = fn() -> i64;

impl Practice {
    /// Grades what waits, now and from now on, until [`Practice::close`]. Starts the judge.
    pub fn grade_waiting(&self, clock: Clock) {
        let Some(config) = self.0.judging.config.get() else {
            return;
        };
        let mut workers = lock(&self.0.judging.workers);
        let practice = self.clone();
        workers.spawn(async move {
            tokio::time::sleep(START_AFTER).await;
            while !matches!(practice.start_judge().await, JudgeState::Ready(_)) {
                tokio::time::sleep(RESTART).await;
            }
        });
        for _ in 0..config.slots.max(1) {
            let practice = self.clone();
            workers.spawn(async move { practice.work(clock).await });
        }
    }

    async fn work(&self, clock: Clock) {
        let Ok(store) = self.store() else { return };
        let mut changes = self.changes();
        loop {
            if self.judge().is_err() {
                // Told when the judge has started.
                if changes.changed().await.is_err() {
                    return;
                }
                continue;
            }
            match store.claim(self.lease(clock), clock()).await {
                Ok(Some(claimed)) => self.grade_claimed(store, claimed, clock).await,
                Ok(None) => {
                    let _ = tokio::time::timeout(LOOK, self.0.judging.queued.notified()).await;
                }
                Err(error) => {
                    tracing::error!(error = chain(&error), "the next attempt cannot be taken");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    fn lease(&self, clock: Clock) -> Lease<'_> {
        Lease {
            by: &self.0.judging.name,
            till_us: clock().saturating_add(i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX)),
        }
    }

    async fn grade_claimed(&self, store: &Store, claimed: Claimed, clock: Clock) {
        let id = claimed.attempt.id.clone();
        let graded = if claimed.tries > MAX_TRIES {
            // Whatever ended the processes that graded it would end this one.
            Err(Error::Stopped)
        } else {
            self.graded_under_lease(store, &claimed, clock).await
        };
        let by = self.0.judging.name.as_str();
        let later = |wait_us: i64| clock().saturating_add(wait_us);
        let done = match &graded {
            Ok(card) => self.finish(store, &claimed.attempt, Graded::Scored(card)).await,
            Err(error @ (Error::LanguageMissing { .. } | Error::JudgeOff { .. })) => {
                let (reason, tries) = (error.to_string(), claimed.tries - 1);
                store
                    .put_back(&id, by, later(MISSING_WAIT_US), tries, &reason)
                    .await
            }
            Err(error @ (Error::Stopped | Error::Judge { .. })) if claimed.tries < MAX_TRIES => {
                let wait_us = BACK_OFF_US << (2 * (claimed.tries - 1));
                tracing::warn!(attempt = %id, error = chain(error), tries = claimed.tries, "grading failed");
                let reason = error.to_string();
                store
                    .put_back(&id, by, later(wait_us), claimed.tries, &reason)
                    .await
            }
            Err(error) => {
                tracing::error!(attempt = %id, error = chain(error), "an attempt is void");
                self.finish(store, &claimed.attempt, Graded::Void(&error.to_string()))
                    .await
            }
        };
        if let Err(error) = done {
            // Its lease ends by itself: it is graded again.
            tracing::error!(attempt = %id, error = chain(&error), "what came of grading cannot be kept");
        }
        lock(&self.0.judging.under_way).remove(&id);
        self.changed();
    }

    async fn finish(&self, store: &Store, attempt: &Attempt, graded: Graded<'_>) -> Result<(), store::Error> {
        let by = &self.0.judging.name;
        let kept = match store.finish(attempt, by, graded).await {
            // Graded against its own rules: our fault, told as such and never graded in a circle.
            Err(error @ store::Error::Invariant { .. }) => {
                tracing::error!(attempt = %attempt.id, error = chain(&error), "an attempt is void");
                store
                    .finish(attempt, by, Graded::Void(&error.to_string()))
                    .await?
            }
            kept => kept?,
        };
        if !kept {
            tracing::warn!(attempt = %attempt.id, "graded after its lease was lost, or it was deleted");
        }
        Ok(())
    }

    /// Grades on a blocking thread and renews the lease meanwhile.
    async fn graded_under_lease(
        &self,
        store: &Store,
        claimed: &Claimed,
        clock: Clock,
    ) -> Result<domain::Scorecard, Error> {
        let attempt = &claimed.attempt;
        let item = self.item_of_attempt(attempt).await?;
        let item = item.ok_or_else(|| Error::Rubric {
            item: attempt.item.clone(),
            why: "its source is not kept".to_owned(),
        })?;
        let Submission::Source { lang, files } = attempt.submission.clone() else {
            return Err(grade::source_wanted(&item));
        };
        let judge = self.judge()?;
        self.check_language(lang)?;
        let kept = std::sync::Arc::clone(&self.0.judging.gate).read_owned().await;
        self.begin(&attempt.id, &item);
        let (practice, id, seed) = (self.clone(), attempt.id.clone(), claimed.seed);
        let mut graded = tokio::task::spawn_blocking(move || {
            let _kept = kept;
            let progress = |step| practice.moved(&id, &step);
            grade::grade(&judge, &item, seed, (lang, &files), &progress)
        });
        loop {
            match tokio::time::timeout(RENEW, &mut graded).await {
                Ok(Ok(graded)) => return graded,
                Ok(Err(error)) => {
                    tracing::error!(attempt = %attempt.id, %error, "grading a program stopped");
                    return Err(Error::Stopped);
                }
                Err(_) => {
                    if let Err(error) = store.renew(&attempt.id, self.lease(clock)).await {
                        tracing::warn!(attempt = %attempt.id, error = chain(&error), "a lease was not renewed");
                    }
                }
            }
        }
    }

    fn begin(&self, id: &AttemptId, item: &Item) {
        let moving = Moving {
            progress: item.code().map(Progress::of).unwrap_or_default(),
            told: None,
        };
        lock(&self.0.judging.under_way).insert(id.clone(), moving);
        self.changed();
    }

    fn moved(&self, id: &AttemptId, step: &code::Progress) {
        let now = Instant::now();
        let mut under_way = lock(&self.0.judging.under_way);
        let Some(moving) = under_way.get_mut(id) else {
            return;
        };
        moving.progress.step(step);
        let due = moving.told.is_none_or(|told| now.duration_since(told) >= TELL);
        if due {
            moving.told = Some(now);
        }
        drop(under_way);
        if due {
            self.changed();
        }
    }

    /// How an attempt that is not graded yet stands; `None` when it is.
    pub(crate) async fn grading(&self, attempt: &Attempt) -> Result<Option<Grading>, Error> {
        let (AttemptState::Queued, Some(store)) = (attempt.state, &self.0.store) else {
            return Ok(None);
        };
        let Some(wait) = store.wait(&attempt.id).await? else {
            return Ok(None);
        };
        let reason = match (self.judge_state(), self.judge()) {
            (JudgeState::Starting, _) => Some("the sandbox is being started".to_owned()),
            (_, Ok(_)) => wait.reason,
            (_, Err(error)) => Some(error.to_string()),
        };
        let progress = self.0.judging.progress(&attempt.id);
        let begun = progress.is_some() || wait.leased_till_us.is_some();
        Ok(Some(Grading {
            ahead: wait.ahead,
            tries: wait.tries,
            reason: reason.filter(|_| !begun),
            progress: progress.or_else(|| wait.leased_till_us.map(|_| Progress::default())),
        }))
    }

    /// Ends grading; what was under way is free to be taken by others at once.
    pub(crate) async fn stop_grading(&self) {
        let left = self.0.judging.stop().await;
        let Some(store) = &self.0.store else { return };
        for id in left {
            let reason = "Spar was stopped while it was graded";
            let back = store.put_back(&id, &self.0.judging.name, 0, 0, reason).await;
            if let Err(error) = back {
                tracing::warn!(attempt = %id, error = chain(&error), "an attempt waits for its lease to end");
            }
        }
    }
}
