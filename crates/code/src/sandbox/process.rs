//! A program that runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use broker::socket;
use broker::wire::{App, INLINE, Order, Report, Request};

use super::pool::Connection;
use super::{Error, Outcome, Refused, Run, TakeOut, Usage};

/// How long a slot may take to answer how much a run uses.
const ANSWERING: Duration = Duration::from_secs(10);

/// A program that runs. Dropped before its end, it is killed.
///
/// As a descriptor ([`AsFd`]) it becomes readable when the program has ended, so that a caller can wait for
/// that and for its streams in one `poll`.
#[derive(Debug)]
pub struct Process<'a> {
    /// Its standard input; taken and dropped, it is closed.
    pub stdin: Option<File>,
    /// Its standard output. Until the program's processes are dead somebody must read it or kill the run.
    pub stdout: File,
    /// Its standard error, likewise.
    pub stderr: File,
    connection: &'a Connection,
    take: Vec<TakeOut>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    outcome: Option<Outcome>,
    /// Why there will be no outcome.
    failed: Option<String>,
}

impl<'a> Process<'a> {
    pub(super) fn start(connection: &'a Connection, run: &Run<'_>, keep: bool) -> Result<Self, Error> {
        let pipe = || io::pipe().map_err(|source| Error::Io("make a pipe", source));
        let ((in_theirs, in_ours), (out_ours, out_theirs), (err_ours, err_theirs)) =
            (pipe()?, pipe()?, pipe()?);
        let order = Order::Run(Box::new(request(run, keep)?)).encode();
        let streams = [
            in_theirs.as_raw_fd(),
            out_theirs.as_raw_fd(),
            err_theirs.as_raw_fd(),
        ];
        let sent = if order.len() <= INLINE {
            socket::send(&connection.socket, &order, &streams)
        } else {
            let memory = socket::memory_file(&order).map_err(|source| Error::Io("make a request", source))?;
            let [a, b, c] = streams;
            socket::send(
                &connection.socket,
                &Order::Long.encode(),
                &[a, b, c, memory.as_raw_fd()],
            )
        };
        sent.map_err(|_| Error::Lost("the start of a run"))?;
        Ok(Self {
            stdin: Some(OwnedFd::from(in_ours).into()),
            stdout: OwnedFd::from(out_ours).into(),
            stderr: OwnedFd::from(err_ours).into(),
            connection,
            take: run.take.to_vec(),
            state: Mutex::default(),
        })
    }

    /// What it uses now; of a program that has ended, what it used.
    pub fn usage(&self) -> Usage {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.outcome.is_none() && state.failed.is_none() {
            // Where the slot is gone, the next wait says so.
            if socket::send(&self.connection.socket, &Order::Usage.encode(), &[]).is_ok()
                && socket::ready(&self.connection.socket, Some(ANSWERING)).unwrap_or(false)
                && let Some(usage) = self.hear(&mut state)
            {
                return usage;
            }
        }
        let ended = state.outcome.as_ref();
        ended
            .map(|ended| Usage {
                cpu: ended.cpu,
                memory: 0,
            })
            .unwrap_or_default()
    }

    /// Kills it. It still has an outcome, which says how it ended if that was before.
    pub fn kill(&self) {
        // Where the slot is gone, the program is too.
        socket::send(&self.connection.socket, &Order::Kill.encode(), &[]).unwrap_or_default();
    }

    /// Waits until it has ended and all its processes are dead.
    ///
    /// # Errors
    /// The platform failed.
    pub fn wait(mut self) -> Result<Outcome, Error> {
        loop {
            if let Some(outcome) = self.wait_for(Duration::from_secs(3600))? {
                return Ok(outcome);
            }
        }
    }

    /// Waits for a while; nothing if it still runs.
    ///
    /// # Errors
    /// The platform failed.
    pub fn wait_for(&mut self, time: Duration) -> Result<Option<Outcome>, Error> {
        let until = Instant::now() + time;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(outcome) = &state.outcome {
                return Ok(Some(outcome.clone()));
            }
            if let Some(why) = &state.failed {
                return Err(Error::Slot(why.clone()));
            }
            let left = until.saturating_duration_since(Instant::now());
            let ready = socket::ready(&self.connection.socket, Some(left));
            if ready.map_err(|source| Error::Io("wait for a run", source))? {
                self.hear(&mut state);
            } else if left.is_zero() {
                return Ok(None);
            }
        }
    }

    /// Takes one report of the slot. Gives what is used, if it is that.
    fn hear(&self, state: &mut State) -> Option<Usage> {
        let mut buffer = [0; 8192];
        let report = match socket::receive(&self.connection.socket, &mut buffer) {
            Ok(Some((len, files))) => Report::decode(&buffer[..len]).ok().map(|report| (report, files)),
            _ => None,
        };
        match report {
            Some((Report::Usage(usage), _)) => return Some(usage),
            Some((Report::Done(mut outcome), files)) => {
                copy(&self.take, &mut outcome.taken, files);
                state.outcome = Some(outcome);
            }
            Some((Report::Failed(why), _)) => state.failed = Some(why),
            Some((Report::Built, _)) | None => state.failed = Some("it ended during a run".to_owned()),
        }
        None
    }
}

impl AsFd for Process<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.socket.as_fd()
    }
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.outcome.is_none() && state.failed.is_none() {
            self.kill();
            // The slot has a bound of its own on how long this takes, and is replaced if it says nothing.
            self.wait_for(ANSWERING * 2).map(drop).unwrap_or_default();
        }
    }
}

fn request(run: &Run<'_>, keep: bool) -> Result<Request, Error> {
    let bytes = |text: &String| text.as_bytes().to_vec();
    let app = run.app.map(|path| {
        let found = path
            .metadata()
            .map_err(|source| Error::Io("find the folder of a program", source))?;
        Ok(App {
            path: path.as_os_str().as_bytes().to_vec(),
            identity: (found.dev(), found.ino()),
        })
    });
    Ok(Request {
        argv: run.argv.iter().map(bytes).collect(),
        env: run
            .env
            .iter()
            .map(|(name, value)| format!("{name}={value}").into_bytes())
            .collect(),
        app: app.transpose()?,
        files: run
            .files
            .iter()
            .map(|(path, content)| (bytes(path), content.clone()))
            .collect(),
        keep,
        take: run
            .take
            .iter()
            .map(|take| (bytes(&take.from), take.max_bytes))
            .collect(),
        limits: run.limits,
    })
}

/// Copies what the slot opened to where it was wanted.
fn copy(wanted: &[TakeOut], taken: &mut [Result<u64, Refused>], files: Vec<OwnedFd>) {
    let mut files = files.into_iter();
    for (take, taken) in wanted.iter().zip(taken) {
        let Ok(size) = *taken else { continue };
        let copied = files.next().ok_or(Refused::Io).and_then(|file| {
            let to = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o755)
                .open(&take.to);
            let mut to = to.map_err(|_| Refused::Io)?;
            io::copy(&mut File::from(file).take(size), &mut to).map_err(|_| Refused::Io)
        });
        *taken = copied;
    }
}
