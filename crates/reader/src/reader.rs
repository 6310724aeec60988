//! The reader: cache, single flight, slots, breaker, tries.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use remote::{EndpointError, Fault, MAX_BODY_BYTES, Received, Wire};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

use crate::breaker::{Breaker, Circuit, Ticket};
use crate::prompt::{self, Ask, Dialect, Fingerprint};
use crate::retry::Retries;
use crate::shelf::Shelf;
use crate::{Endpoint, ReadError, Reading, reply};

/// A second reader at one endpoint. Share it: it holds the cache and the breaker.
pub struct Reader {
    endpoint: Endpoint,
    wire: Wire,
    slots: Semaphore,
    shelf: Mutex<Shelf>,
    breaker: Mutex<Breaker>,
    retries: Mutex<Retries>,
    dialect: Mutex<Dialect>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    retries: AtomicU64,
    failed: AtomicU64,
    cached: AtomicU64,
}

/// How the reader fares, for `doctor` and the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// What the breaker lets through.
    pub circuit: Circuit,
    /// Requests sent.
    pub requests: u64,
    /// Those of them that tried again.
    pub retries: u64,
    /// Reads that ended without a reading.
    pub failed: u64,
    /// Reads answered from memory.
    pub cached: u64,
}

/// A try that gave no reading.
struct Failure {
    error: ReadError,
    /// Whether another try may help, and the wait that the endpoint asked for.
    again: Option<Option<Duration>>,
    /// Whether the endpoint is there and works, and it was the content that failed. Candidates decide over
    /// content: they must not be able to open the circuit.
    sound: bool,
}

impl Reader {
    /// A reader at the endpoint. `seed` decides the jitter of the waits and nothing else.
    ///
    /// # Errors
    /// [`EndpointError`] names the field, the rule and the cure.
    pub fn new(endpoint: Endpoint, seed: u64) -> Result<Self, EndpointError> {
        endpoint.validate()?;
        Ok(Self {
            wire: Wire::new(&endpoint.target())?,
            slots: Semaphore::new(endpoint.concurrency),
            shelf: Mutex::new(Shelf::new(endpoint.cached)),
            breaker: Mutex::new(Breaker::new(endpoint.cooldown)),
            retries: Mutex::new(Retries::new(endpoint.backoff, seed)),
            dialect: Mutex::new(Dialect::default()),
            counts: Counts::default(),
            endpoint,
        })
    }

    /// The model as configured.
    pub fn model(&self) -> &str {
        &self.endpoint.model
    }

    /// Where answers are sent, as scheme, host and port: for whoever has to know where their words go.
    pub fn sent_to(&self) -> String {
        self.wire.origin()
    }

    /// Reads an answer, from memory if it was read before. Equal reads at the same time make one request.
    /// Dropping the future is safe at any point; if others wait for the same reading, one of them goes on.
    ///
    /// # Errors
    /// [`ReadError`]; the offline grade stands.
    pub async fn read(&self, ask: &Ask<'_>) -> Result<Arc<Reading>, ReadError> {
        if ask.is_silent() {
            return Ok(Arc::new(prompt::silent(self.model())));
        }
        let key = self.fingerprint(ask);
        let flight = {
            let mut shelf = lock(&self.shelf);
            if let Some(reading) = shelf.find(key) {
                self.counts.cached.fetch_add(1, Ordering::Relaxed);
                return Ok(reading);
            }
            shelf.board(key)
        };
        let deadline = Instant::now() + self.endpoint.deadline;
        let made = timeout_at(deadline, flight.get_or_init(|| self.make(ask, deadline))).await;
        let outcome = made.map_or_else(|_| Err(self.out_of_time()), Clone::clone);
        lock(&self.shelf).land(key, &flight);
        if let Err(error) = &outcome {
            self.counts.failed.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(%error, "no second reading");
        }
        outcome
    }

    /// What a reading of this depends on: the key to keep it under.
    pub fn fingerprint(&self, ask: &Ask<'_>) -> Fingerprint {
        ask.fingerprint(self.model())
    }

    /// Puts a reading that was kept elsewhere into memory, so that it is not asked for again.
    pub fn remember(&self, key: Fingerprint, reading: Reading) {
        lock(&self.shelf).put(key, Arc::new(reading));
    }

    /// How the reader fares now.
    pub fn health(&self) -> Health {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Health {
            circuit: lock(&self.breaker).circuit(Instant::now().into_std()),
            requests: count(&self.counts.requests),
            retries: count(&self.counts.retries),
            failed: count(&self.counts.failed),
            cached: count(&self.counts.cached),
        }
    }

    /// Makes a reading, in as many tries as are worth it.
    async fn make(&self, ask: &Ask<'_>, deadline: Instant) -> Result<Arc<Reading>, ReadError> {
        // Never closed, so never an error.
        let _slot = self.slots.acquire().await;
        lock(&self.retries).earn();
        let mut tried = 0;
        let mut last = None;
        loop {
            let trial = match self.admit() {
                Ok(trial) => trial,
                Err(resting) => return Err(last.unwrap_or(resting)),
            };
            let outcome = self.try_once(ask, deadline).await;
            let failure = match outcome {
                Ok(reading) => {
                    trial.settle(true);
                    return Ok(Arc::new(reading));
                }
                Err(failure) => failure,
            };
            trial.settle(failure.sound);
            tried += 1;
            let Some(asked) = failure.again.filter(|_| tried < self.endpoint.tries) else {
                return Err(failure.error);
            };
            let wait = lock(&self.retries).wait(tried - 1, asked);
            let Some(wait) = wait.filter(|wait| Instant::now() + *wait < deadline) else {
                return Err(failure.error);
            };
            tracing::debug!(error = %failure.error, tried, ?wait, "the second reader is tried again");
            last = Some(failure.error);
            sleep(wait).await;
            self.counts.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn out_of_time(&self) -> ReadError {
        ReadError::Deadline {
            limit_ms: self.endpoint.deadline.as_millis(),
        }
    }

    fn admit(&self) -> Result<Trial<'_>, ReadError> {
        let admitted = lock(&self.breaker).admit(Instant::now().into_std());
        let ticket = admitted.map_err(|wait| ReadError::Resting {
            retry_in_ms: wait.as_millis(),
        })?;
        Ok(Trial {
            breaker: &self.breaker,
            ticket: Some(ticket),
        })
    }

    /// One try: one request, and one more for each thing that the endpoint turns out not to take.
    async fn try_once(&self, ask: &Ask<'_>, deadline: Instant) -> Result<Reading, Failure> {
        // The deadline ends a try here and not only around it, so that the breaker hears of it.
        let limit = Instant::now() + self.endpoint.try_timeout;
        let timed_out = |_| Failure {
            error: if limit <= deadline {
                ReadError::Timeout {
                    limit_ms: self.endpoint.try_timeout.as_millis(),
                }
            } else {
                self.out_of_time()
            },
            // Whoever is too slow gets no second load on top.
            again: None,
            sound: false,
        };
        let exchange = async {
            let mut dialect = *lock(&self.dialect);
            loop {
                let body = prompt::body(&self.endpoint, ask, dialect)
                    .map_err(|_| content("the question cannot be written as JSON"))?;
                self.counts.requests.fetch_add(1, Ordering::Relaxed);
                let received = self
                    .wire
                    .post("application/json", body)
                    .await
                    .map_err(Failure::from)?;
                // Each round gives up one thing more, so there are at most three.
                if received.status == 400 && dialect.concede(&String::from_utf8_lossy(&received.body)) {
                    continue;
                }
                let reading = self.understand(&received, ask)?;
                // Only what helped: refusals repeat what was sent, and may name anything.
                *lock(&self.dialect) = dialect;
                return Ok(reading);
            }
        };
        timeout_at(limit.min(deadline), exchange)
            .await
            .map_err(timed_out)?
    }

    fn understand(&self, received: &Received, ask: &Ask<'_>) -> Result<Reading, Failure> {
        let status = received.status;
        let failure = |error, again, sound| Err(Failure { error, again, sound });
        let retry_after = received.retry_after_s.map(Duration::from_secs);
        match status {
            200..=299 => reply::parse(&received.body, self.model(), ask).map_err(content),
            300..=399 => failure(ReadError::Redirected { status }, None, false),
            429 => {
                let retry_after_s = received.retry_after_s;
                failure(ReadError::Limited { retry_after_s }, Some(retry_after), false)
            }
            _ => {
                let code = self.code(&received.body);
                let again = (status == 408 || status >= 500).then_some(retry_after);
                let sound = matches!(status, 400 | 413 | 422);
                failure(ReadError::Status { status, code }, again, sound)
            }
        }
    }

    /// `error.code` or `error.type`, if it is a plain word and not the key: anything longer may repeat what
    /// was sent.
    fn code(&self, body: &[u8]) -> Option<String> {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let word = |pointer| body.pointer(pointer).and_then(serde_json::Value::as_str);
        let plain = |word: &&str| {
            (1..=40).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        let secret = |word: &&str| {
            self.endpoint
                .api_key
                .as_ref()
                .is_some_and(|key| key.is_within(word))
        };
        let words = [word("/error/code"), word("/error/type")];
        let shown = words
            .into_iter()
            .flatten()
            .find(|word| plain(word) && !secret(word));
        shown.map(str::to_owned)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = self.health();
        f.debug_struct("Reader")
            .field("endpoint", &self.endpoint)
            .field("health", &health)
            .finish_non_exhaustive()
    }
}

/// A try that the breaker waits to hear of. Dropped unsettled, it was cancelled, which says nothing about the
/// endpoint.
struct Trial<'a> {
    breaker: &'a Mutex<Breaker>,
    ticket: Option<Ticket>,
}

impl Trial<'_> {
    fn settle(mut self, sound: bool) {
        let Some(ticket) = self.ticket.take() else { return };
        let mut breaker = lock(self.breaker);
        if sound {
            breaker.succeeded(ticket);
        } else {
            breaker.failed(ticket, Instant::now().into_std());
        }
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            lock(self.breaker).abandoned(ticket, Instant::now().into_std());
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let (error, again) = match fault {
            Fault::Connect(what) => (ReadError::Connect { what }, Some(None)),
            Fault::Cut => (ReadError::Cut, Some(None)),
            Fault::NoHttp => {
                let what = "it is not HTTP";
                (ReadError::Reply { what }, None)
            }
            Fault::TooLarge => {
                let limit_bytes = MAX_BODY_BYTES;
                (ReadError::TooLarge { limit_bytes }, None)
            }
        };
        Self {
            error,
            again,
            sound: false,
        }
    }
}

/// The endpoint answered, but with nothing to use. At temperature 0 it would say the same again.
fn content(what: &'static str) -> Failure {
    Failure {
        error: ReadError::Reply { what },
        again: None,
        sound: true,
    }
}

/// No lock here guards more than plain values that are whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
