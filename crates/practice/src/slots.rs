//! Bounded grading: a slot for each core, a short queue before them, and a refusal beyond that.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::Error;

/// What a client that was refused is told to wait, in seconds. The queue drains in about that time:
/// eight gradings a core of 0.1 to 0.4 s each.
const RETRY_AFTER_S: u64 = 2;

/// How busy grading is, for the saturation metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Gradings that run or wait.
    pub taken: usize,
    /// How many may run or wait.
    pub room: usize,
}

/// Slots for work that keeps a core busy.
pub(crate) struct Slots {
    /// One permit a core.
    running: Arc<Semaphore>,
    /// One permit for each job that runs or waits.
    admitted: Arc<Semaphore>,
    room: usize,
}

impl Slots {
    pub(crate) fn new(running: usize, waiting: usize) -> Self {
        let room = running + waiting;
        Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(room)),
            room,
        }
    }

    /// Runs `work` on a blocking thread as soon as a slot is free.
    ///
    /// The permits move into the thread: a client that hangs up frees its slot only when the work, which
    /// cannot be interrupted, is done. Otherwise hanging up would defeat the bound.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let busy = |_| Error::Busy {
            retry_after_s: RETRY_AFTER_S,
        };
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(busy)?;
        // The semaphore is never closed.
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| Error::Stopped)?;
        let job = tokio::task::spawn_blocking(move || {
            let _held = (admitted, running);
            work()
        });
        job.await.map_err(|error| {
            tracing::error!(%error, "a grader panicked");
            Error::Stopped
        })
    }

    pub(crate) fn load(&self) -> Load {
        Load {
            taken: self.room - self.admitted.available_permits(),
            room: self.room,
        }
    }
}
