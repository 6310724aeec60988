//! The second reader beside the attempts: an answer is graded and acknowledged first, then read in the
//! background, and what was said is kept. Nothing here voids, delays or changes an attempt.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Attempt, AttemptId, KeptReading, MAX_READINGS, Reading};
use reader::{Ask, Claim, Fingerprint, Health, Merged, ReadError, Reader};
use store::{Added, NewReading, Seen};
use tokio::task::JoinSet;

use crate::attempt::AttemptView;
use crate::{Error, Practice};

/// Readings that may be under way or wait for the endpoint. It takes them one or two at a time, so the last
/// of these waits for half an hour already.
const MAX_UNDER_WAY: usize = 64;

/// What a client that was refused is told to wait, in seconds: about one reading of a small model.
const RETRY_AFTER_S: u64 = 30;

/// Readings whose end is remembered. Failures are told while the process lives; asking again is always possible.
const MAX_ENDED: usize = 256;

/// How often a finished reading waits for a grading slot before it is given up.
const SLOT_TRIES: u32 = 30;

/// Where the second reading of an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingState {
    /// No second reader is configured, and none has read this.
    Off,
    /// Not read: from before the reader was configured, or the process ended while it read.
    Unread,
    /// Under way.
    Reading,
    /// There is one.
    Read,
    /// The last try gave nothing; an earlier reading may be there. The offline grade stands.
    Failed {
        /// What happened.
        reason: String,
        /// What to do about it.
        cure: String,
    },
}

/// The second reading of an attempt, as it is shown beside the offline grade.
#[derive(Debug, Clone, PartialEq)]
pub struct SecondReading {
    /// Where it stands.
    pub state: ReadingState,
    /// Who would read it now; `None` when no reader is configured.
    pub by: Option<ReadBy>,
    /// What was said, and what came of it; `None` until something was.
    pub read: Option<Read>,
}

/// A configured second reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBy {
    /// The model.
    pub model: String,
    /// Where answers are sent, as scheme, host and port.
    pub sent_to: String,
}

/// A reading and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The reading.
    pub kept: KeptReading,
    /// The merged scorecard and the decision over each verdict.
    pub merged: Merged,
}

/// The second reader of a practice.
pub(crate) struct Second {
    pub(crate) reader: Reader,
    steps: Mutex<BTreeMap<AttemptId, Step>>,
    tasks: Mutex<JoinSet<()>>,
}

/// What happened, and what to do about it.
type Failure = (String, String);

#[derive(Clone)]
enum Step {
    UnderWay,
    Failed {
        reason: String,
        cure: String,
    },
    /// Kept as the reading of that number, from 1. Whoever has loaded the attempt just before sees by it that
    /// there is more.
    Kept(usize),
}

/// What the reader is asked, owned.
struct Asked {
    question: String,
    facts: Vec<(String, String)>,
    answer: String,
    withheld: Vec<std::ops::Range<usize>>,
}

impl Asked {
    fn fingerprint(&self, reader: &Reader) -> Fingerprint {
        reader.fingerprint(&self.ask(&self.claims()))
    }

    fn claims(&self) -> Vec<Claim<'_>> {
        self.facts.iter().map(|(id, claim)| Claim { id, claim }).collect()
    }

    fn ask<'a>(&'a self, claims: &'a [Claim<'a>]) -> Ask<'a> {
        Ask {
            question: &self.question,
            claims,
            answer: &self.answer,
            withheld: &self.withheld,
        }
    }
}

impl Second {
    pub(crate) fn new(reader: Reader) -> Self {
        Self {
            reader,
            steps: Mutex::default(),
            tasks: Mutex::default(),
        }
    }

    /// Takes up an attempt; false when it is under way already.
    fn begin(&self, id: &AttemptId) -> Result<bool, Error> {
        let mut steps = lock(&self.steps);
        let under_way = |step: &&Step| matches!(step, Step::UnderWay);
        if steps.get(id).as_ref().is_some_and(under_way) {
            return Ok(false);
        }
        if steps.values().filter(under_way).count() >= MAX_UNDER_WAY {
            return Err(Error::ReaderBusy {
                retry_after_s: RETRY_AFTER_S,
            });
        }
        steps.insert(id.clone(), Step::UnderWay);
        Ok(true)
    }

    fn end(&self, id: &AttemptId, step: Step) {
        let mut steps = lock(&self.steps);
        steps.insert(id.clone(), step);
        let ended = |(_, step): &(&AttemptId, &Step)| !matches!(step, Step::UnderWay);
        let ended: Vec<_> = steps.iter().filter(ended).map(|(id, _)| id.clone()).collect();
        // Ids sort by creation: the oldest attempts are forgotten first.
        for id in ended.iter().take(ended.len().saturating_sub(MAX_ENDED)) {
            steps.remove(id);
        }
    }

    fn fail(&self, id: &AttemptId, (reason, cure): Failure) {
        self.end(id, Step::Failed { reason, cure });
    }

    pub(crate) fn forget(&self, id: &AttemptId) {
        lock(&self.steps).remove(id);
    }

    pub(crate) fn forget_all(&self) {
        lock(&self.steps).clear();
    }

    /// Ends what is under way; what has not been kept is unread afterwards.
    pub(crate) async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        tasks.shutdown().await;
    }
}

/// One reading under way: whatever ends it, its attempt does not stay under way.
struct UnderWay {
    practice: Practice,
    id: AttemptId,
    settled: bool,
}

impl UnderWay {
    fn end(mut self, outcome: Result<Option<usize>, Failure>) {
        self.settle(outcome);
    }

    fn settle(&mut self, outcome: Result<Option<usize>, Failure>) {
        self.settled = true;
        if let Some(second) = &self.practice.0.second {
            match outcome {
                Ok(Some(number)) => second.end(&self.id, Step::Kept(number)),
                Ok(None) => second.forget(&self.id),
                Err(failure) => second.fail(&self.id, failure),
            }
        }
        self.practice.changed();
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if !self.settled {
            self.settle(Err(told("the reading was broken off")));
        }
    }
}

impl Practice {
    /// Asks the second reader about a kept attempt, in the background. An attempt that the same model has
    /// read with the same prompt is not read again: it would say the same.
    ///
    /// # Errors
    /// No reader is configured, there is no such attempt, it is void or has as many readings as are kept,
    /// too many readings or gradings are under way, or the store fails.
    pub async fn read_again(&self, id: &AttemptId, now_us: i64) -> Result<AttemptView, Error> {
        let store = self.store()?;
        let attempt = store.attempt(id).await?;
        let attempt = attempt.ok_or_else(|| Error::AttemptNotFound { id: id.clone() })?;
        if self.0.second.is_none() {
            return Err(Error::ReaderOff);
        }
        self.start_reading(&attempt, now_us).await?;
        self.view(attempt, None).await
    }

    /// Waits until the reading of an attempt has come or failed; without a store it is made here. Without a
    /// reader the view comes back as it is.
    ///
    /// # Errors
    /// The attempt was deleted meanwhile, or the store fails. A reading that fails is told in the view.
    pub async fn read_through(&self, view: AttemptView, now_us: i64) -> Result<AttemptView, Error> {
        let Some(second) = self.0.second.as_ref().filter(|_| view.scorecard.is_some()) else {
            return Ok(view);
        };
        let id = view.attempt.id.clone();
        if self.0.store.is_some() {
            let mut changes = self.changes();
            loop {
                let view = self.attempt(&id).await?;
                if view.second.state != ReadingState::Reading || changes.changed().await.is_err() {
                    return Ok(view);
                }
            }
        }
        let mut attempt = view.attempt;
        let read = match self.asked(&attempt).await {
            Ok(asked) => self.read(second, &asked, now_us).await,
            Err(error) => Err(told(&error.to_string())),
        };
        match read {
            Ok(kept) => attempt.readings.push(kept),
            Err(failure) => second.fail(&id, failure),
        }
        self.view(attempt, None).await
    }

    /// How the second reader fares; `None` when none is configured.
    pub fn reader_health(&self) -> Option<Health> {
        self.0.second.as_ref().map(|second| second.reader.health())
    }

    /// After an attempt was kept: a reader that cannot be asked is told in the view, and is no failure.
    pub(crate) async fn read_in_background(&self, attempt: &Attempt, now_us: i64) {
        let Some(second) = self.0.second.as_ref().filter(|_| attempt.scorecard.is_some()) else {
            return;
        };
        if let Err(error) = self.start_reading(attempt, now_us).await {
            second.fail(&attempt.id, told(&error.to_string()));
        }
    }

    async fn start_reading(&self, attempt: &Attempt, now_us: i64) -> Result<(), Error> {
        let second = self.0.second.as_ref().ok_or(Error::ReaderOff)?;
        let unreadable = |why: &str| Err(Error::NotReadable { why: why.to_owned() });
        if attempt.submission.is_source() {
            return unreadable("the attempt is a program: readings are of answers");
        }
        if attempt.scorecard.is_none() {
            return unreadable("the attempt is void: a reading has no grading to stand beside");
        }
        if attempt.readings.len() >= MAX_READINGS {
            return unreadable("the attempt has as many readings as are kept: delete it, or try again");
        }
        let asked = match self.asked(attempt).await {
            Err(Error::Rubric { .. }) => {
                return unreadable("this version cannot read the item as it was then");
            }
            asked => asked?,
        };
        let key = asked.fingerprint(&second.reader);
        let same = |kept: &&KeptReading| kept.fingerprint == key.to_string();
        if attempt.readings.last().filter(same).is_some() || !second.begin(&attempt.id)? {
            return Ok(());
        }
        if let Some(earlier) = attempt.readings.iter().find(same) {
            second.reader.remember(key, earlier.reading.clone());
        }
        let under_way = UnderWay {
            practice: self.clone(),
            id: attempt.id.clone(),
            settled: false,
        };
        let mut tasks = lock(&second.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let outcome = under_way.practice.make(&under_way.id, &asked, now_us).await;
            under_way.end(outcome);
        });
        drop(tasks);
        self.changed();
        Ok(())
    }

    /// Reads and keeps, and says as which reading; `None` when the attempt is gone.
    async fn make(&self, id: &AttemptId, asked: &Asked, now_us: i64) -> Result<Option<usize>, Failure> {
        let Some(second) = &self.0.second else {
            return Ok(None);
        };
        let kept = self.read(second, asked, now_us).await?;
        self.keep(id, kept).await.map_err(|error| {
            tracing::error!(attempt = %id, %error, "a reading cannot be kept");
            told(&error.to_string())
        })
    }

    async fn read(&self, second: &Second, asked: &Asked, now_us: i64) -> Result<KeptReading, Failure> {
        let claims = asked.claims();
        let ask = asked.ask(&claims);
        let reading: Result<Arc<Reading>, ReadError> = second.reader.read(&ask).await;
        let reading = reading.map_err(|error| told(&error.to_string()))?;
        Ok(KeptReading {
            fingerprint: asked.fingerprint(&second.reader).to_string(),
            sent_to: second.reader.sent_to(),
            asked_at_us: now_us,
            withheld: asked.withheld.clone(),
            reading: Arc::unwrap_or_clone(reading),
        })
    }

    /// Keeps a reading beside its attempt, unless that was deleted meanwhile.
    async fn keep(&self, id: &AttemptId, kept: KeptReading) -> Result<Option<usize>, Error> {
        let store = self.store()?;
        let mut tries = 0;
        // Until nobody else has added to the attempt between reading and writing.
        loop {
            let Some(mut attempt) = store.attempt(id).await? else {
                return Ok(None);
            };
            let seen = Seen::of(&attempt);
            attempt.readings.push(kept.clone());
            let derived = match self.derive(&attempt).await {
                // The endpoint took its time over this: it is not thrown away for a busy moment.
                Err(Error::Busy { retry_after_s }) if tries < SLOT_TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_secs(retry_after_s)).await;
                    continue;
                }
                derived => derived?,
            };
            let Some(derived) = derived else {
                return Ok(None);
            };
            let new = NewReading {
                attempt: id,
                seen,
                reading: &kept,
                standing: &derived.standing(&attempt.overrides),
            };
            match store.add_reading(new).await? {
                Added::Taken => {}
                Added::Gone => return Ok(None),
                Added::Now | Added::Before(_) => return Ok(Some(attempt.readings.len())),
            }
        }
    }

    /// What the reader is asked about an attempt: its rubric as it was, and the answer.
    async fn asked(&self, attempt: &Attempt) -> Result<Asked, Error> {
        let spec = self.spec(&attempt.item, &attempt.revision).await?;
        let practice = self.clone();
        let (item, revision) = (attempt.item.clone(), attempt.revision.clone());
        let answer = attempt.submission.text().to_owned();
        let asked = self.0.slots.run(move || {
            let grader = practice.0.graders.get(&item, &revision, &spec)?;
            Ok(Asked {
                withheld: grader.withheld(&answer),
                question: spec.question,
                facts: spec.facts.into_iter().map(|f| (f.id, f.claim)).collect(),
                answer,
            })
        });
        asked.await?
    }

    /// The second reading as it is shown. `later`: the attempt has a reading more than is shown.
    pub(crate) fn second_reading(
        &self,
        attempt: &Attempt,
        merged: Option<&Merged>,
        later: bool,
    ) -> SecondReading {
        let second = self.0.second.as_ref();
        let step = second.and_then(|second| lock(&second.steps).get(&attempt.id).cloned());
        let kept = attempt.readings.last();
        let state = match step {
            Some(Step::UnderWay) => ReadingState::Reading,
            Some(Step::Failed { reason, cure }) => ReadingState::Failed { reason, cure },
            Some(Step::Kept(number)) if number > attempt.readings.len() => ReadingState::Reading,
            _ if later => ReadingState::Reading,
            _ if kept.is_some() => ReadingState::Read,
            _ if second.is_some() => ReadingState::Unread,
            _ => ReadingState::Off,
        };
        SecondReading {
            state,
            by: second.map(|second| ReadBy {
                model: second.reader.model().to_owned(),
                sent_to: second.reader.sent_to(),
            }),
            read: kept.zip(merged).map(|(kept, merged)| Read {
                kept: kept.clone(),
                merged: merged.clone(),
            }),
        }
    }
}

/// An error's sentence taken apart: what happened, and what to do.
pub(crate) fn told(error: &str) -> Failure {
    let (reason, cure) = error
        .split_once("; hint: ")
        .unwrap_or((error, "ask for the reading again"));
    (reason.to_owned(), cure.to_owned())
}

/// No lock here guards more than plain values that are whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
