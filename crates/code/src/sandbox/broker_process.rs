//! The broker as a child process of this one.

use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use broker::socket;
use broker::wire::{Answer, Ask, Hello, INLINE, Report};

use super::{Backend, Config, Error};

/// How long the broker or a new slot may take to answer. They take a few milliseconds; a machine that is
/// loaded many times over should still not fail.
const ANSWERING: Duration = Duration::from_secs(20);

/// A broker that was started.
#[derive(Debug)]
pub(super) struct Broker {
    child: Child,
    /// None only while it is dropped.
    control: Option<OwnedFd>,
    pub backend: Backend,
    pub warnings: Vec<String>,
}

impl Broker {
    pub(super) fn start(config: &Config) -> Result<Self, Error> {
        let fault = |source| Error::Start {
            program: config.program.clone(),
            source,
        };
        let (ours, theirs) = socket::pair().map_err(fault)?;
        let child = Command::new(&config.program)
            .arg(broker::ARGUMENT)
            .env_clear()
            .stdin(Stdio::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(fault)?;
        let mut broker = Self {
            child,
            control: Some(ours),
            backend: Backend::Degraded,
            warnings: Vec::new(),
        };
        let binds = config
            .binds
            .iter()
            .map(|bind| bind.as_os_str().as_bytes().to_vec())
            .collect();
        let hello = Hello {
            binds,
            backend: config.backend,
            dropped: config.dropped,
        };
        match broker.ask(&Ask::Hello(hello))? {
            (Answer::Ready { backend, warnings }, _) => {
                broker.backend = backend;
                broker.warnings = warnings;
                Ok(broker)
            }
            (Answer::Failed(why), _) => Err(Error::Broker(why)),
            (Answer::Slot, _) => Err(Error::Lost("its start")),
        }
    }

    /// The process number, so that a test can kill it.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// A new slot of that number, built.
    pub(super) fn slot(&mut self, index: u32) -> Result<OwnedFd, Error> {
        match self.ask(&Ask::Slot(index))? {
            (Answer::Slot, Some(slot)) => built(&slot).map(|()| slot),
            (Answer::Failed(why), _) => Err(Error::Slot(why)),
            _ => Err(Error::Lost("the building of a slot")),
        }
    }

    fn ask(&mut self, ask: &Ask) -> Result<(Answer, Option<OwnedFd>), Error> {
        let control = self.control.as_ref().ok_or(Error::Lost("a question"))?;
        let lost = |_| Error::Lost("a question to the broker");
        socket::send(control, &ask.encode(), &[]).map_err(lost)?;
        if !socket::ready(control, Some(ANSWERING)).map_err(lost)? {
            return Err(Error::Broker(format!(
                "the broker did not answer within {} s",
                ANSWERING.as_secs()
            )));
        }
        let mut buffer = vec![0; INLINE * 2];
        let (len, mut fds) = socket::receive(control, &mut buffer)
            .map_err(lost)?
            .ok_or(Error::Lost("a question to the broker"))?;
        let answer = Answer::decode(&buffer[..len]).map_err(|_| Error::Lost("a question to the broker"))?;
        Ok((answer, fds.pop()))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // It ends its slots, removes their groups and exits when the socket closes.
        self.control = None;
        if self.child.wait().is_err() {
            tracing::warn!(
                broker = self.child.id(),
                "the broker's end could not be waited for"
            );
        }
    }
}

/// Waits until a slot is ready for a run.
pub(super) fn built(slot: &OwnedFd) -> Result<(), Error> {
    let lost = |_| Error::Lost("the building of a slot");
    if !socket::ready(slot, Some(ANSWERING)).map_err(lost)? {
        return Err(Error::Slot(format!(
            "it was not ready within {} s (descriptor {})",
            ANSWERING.as_secs(),
            slot.as_raw_fd()
        )));
    }
    let mut buffer = [0; 4096];
    let got = socket::receive(slot, &mut buffer).map_err(lost)?;
    let (len, _) = got.ok_or(Error::Lost("the building of a slot"))?;
    match Report::decode(&buffer[..len]) {
        Ok(Report::Built) => Ok(()),
        Ok(Report::Failed(why)) => Err(Error::Slot(why)),
        _ => Err(Error::Lost("the building of a slot")),
    }
}
