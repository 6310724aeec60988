//! Slots shared out, and replaced when they die.

use std::os::fd::OwnedFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::broker_process::{Broker, built};
use super::{Backend, Config, Error, Process, Run};

/// How long a caller waits for a slot: longer than the longest run that the judge allows.
const WAITING: Duration = Duration::from_secs(120);
/// Runs after which a slot is built anew, so that nothing gathers.
const RUNS: u32 = 500;

/// The sandbox: one for a process, shared.
#[derive(Debug)]
pub struct Sandbox {
    config: Config,
    broker: Mutex<Option<Broker>>,
    backend: Backend,
    warnings: Vec<String>,
    free: Mutex<Vec<Place>>,
    freed: Condvar,
}

/// A slot, or where one will be.
#[derive(Debug)]
struct Place {
    index: u32,
    connection: Option<Connection>,
}

/// A slot that was built.
#[derive(Debug)]
pub(super) struct Connection {
    pub socket: OwnedFd,
    runs: u32,
    /// Whether it has said that it takes the next run.
    ready: bool,
}

/// A slot that is held until it is dropped.
#[derive(Debug)]
pub struct Slot<'a> {
    sandbox: &'a Sandbox,
    /// None only while it is dropped.
    place: Option<Place>,
    /// Whether `/data` is of this lease.
    used: bool,
}

impl Sandbox {
    /// Starts the broker and finds how programs can be held here.
    ///
    /// # Errors
    /// They cannot, or the broker does not start.
    pub fn start(config: Config) -> Result<Self, Error> {
        let broker = Broker::start(&config)?;
        let slots = u32::try_from(config.slots.max(1)).unwrap_or(u32::MAX);
        let free = (0..slots)
            .rev()
            .map(|index| Place {
                index,
                connection: None,
            })
            .collect();
        let (backend, warnings) = (broker.backend, broker.warnings.clone());
        Ok(Self {
            config,
            broker: Mutex::new(Some(broker)),
            backend,
            warnings,
            free: Mutex::new(free),
            freed: Condvar::new(),
        })
    }

    /// What holds the resources of programs.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// What is not held, in plain sentences.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// Whether the broker lives. If not, the next lease starts another.
    pub fn is_alive(&self) -> bool {
        locked(&self.broker).as_mut().is_some_and(Broker::is_alive)
    }

    /// The process number of the broker; none while there is no broker.
    pub fn broker_id(&self) -> Option<u32> {
        locked(&self.broker).as_ref().map(Broker::id)
    }

    /// Runs the hostile programs that are built into the broker's binary.
    ///
    /// # Errors
    /// [`Error::NotContained`] for the first that did harm, others where they could not be run.
    pub fn self_test(&self) -> Result<(), Error> {
        super::trial::run(self, &self.config)
    }

    /// Waits for a free slot, for two minutes at most. A slot that has died is replaced, and so is the broker.
    ///
    /// # Errors
    /// [`Error::Busy`], or a slot cannot be built.
    pub fn lease(&self) -> Result<Slot<'_>, Error> {
        let until = Instant::now() + WAITING;
        let mut free = locked(&self.free);
        let place = loop {
            if let Some(place) = free.pop() {
                break place;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy(WAITING));
            }
            free = self
                .freed
                .wait_timeout(free, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        };
        drop(free);
        let mut slot = Slot {
            sandbox: self,
            place: Some(place),
            used: false,
        };
        // Slots die with their broker, but a moment later.
        if let Some(place) = slot.place.as_mut().filter(|_| !self.is_alive()) {
            place.connection = None;
        }
        slot.connect()?;
        Ok(slot)
    }

    /// A new slot, from a new broker if need be.
    fn build(&self, index: u32) -> Result<Connection, Error> {
        let mut broker = locked(&self.broker);
        if let Some(living) = broker.as_mut().filter(|_| self.config.slots > 0)
            && living.is_alive()
        {
            match living.slot(index) {
                Ok(socket) => {
                    return Ok(Connection {
                        socket,
                        runs: 0,
                        ready: true,
                    });
                }
                // It said why; a new broker would say the same.
                Err(error @ Error::Slot(_)) => return Err(error),
                Err(error) => tracing::warn!(%error, "the broker is replaced"),
            }
        }
        *broker = None;
        let mut fresh = Broker::start(&self.config)?;
        let socket = fresh.slot(index)?;
        *broker = Some(fresh);
        Ok(Connection {
            socket,
            runs: 0,
            ready: true,
        })
    }
}

impl Slot<'_> {
    /// Starts a program. The slot serves one at a time.
    ///
    /// # Errors
    /// The platform failed; the next lease, or the next run that keeps nothing, gets a slot built anew.
    pub fn spawn(&mut self, run: &Run<'_>) -> Result<Process<'_>, Error> {
        let keep = run.keep && self.used;
        if !keep {
            self.connect()?;
        }
        self.used = true;
        let place = self.place.as_mut().ok_or(Error::Lost("a lease"))?;
        let connection = place.connection.as_mut().ok_or(Error::Lost("a lease"))?;
        if !connection.ready {
            built(&connection.socket)?;
        }
        connection.ready = false;
        connection.runs += 1;
        Process::start(connection, run, keep)
    }

    /// Makes sure that there is a slot which takes a run.
    fn connect(&mut self) -> Result<(), Error> {
        let place = self.place.as_mut().ok_or(Error::Lost("a lease"))?;
        let fit = |connection: &mut Connection| {
            if connection.runs >= RUNS {
                return false;
            }
            if !connection.ready {
                connection.ready = built(&connection.socket).is_ok();
            }
            // One that waits for a run says nothing: if there is something to be read, it is its end.
            connection.ready
                && !broker::socket::ready(&connection.socket, Some(Duration::ZERO)).unwrap_or(true)
        };
        if place.connection.as_mut().is_some_and(fit) {
            return Ok(());
        }
        place.connection = None;
        place.connection = Some(self.sandbox.build(place.index)?);
        Ok(())
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            locked(&self.sandbox.free).push(place);
            self.sandbox.freed.notify_one();
        }
    }
}

/// What is behind a lock is whole at any time, also after a panic of another thread.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
