//! The three pipes of a running program, written and read together.
//!
//! A program that does not read while it is written to, or that writes without end, must never hold up the
//! judge: nothing here blocks longer than it is told to, and nothing is kept without a bound.

use std::fs::File;
use std::time::Duration;

/// Kept of the log: the first half of this from its beginning, the rest from its end. A page of messages.
const LOG_KEPT: usize = 64 * 1024;

/// The most that is taken from a pipe at a time: the size of a pipe.
const CHUNK: usize = 64 * 1024;

/// The pipes.
pub(super) struct Pipes {
    stdin: Option<File>,
    stdout: Option<File>,
    stderr: Option<File>,
    to_write: Vec<u8>,
    written: usize,
    close: bool,
    /// What came on standard output and has not been taken.
    pub(super) output: Vec<u8>,
    /// Bytes that came on standard output in all.
    pub(super) output_total: u64,
    /// What the program logged.
    pub(super) log: Log,
    /// Bytes that the program has taken from its input.
    pub(super) taken: u64,
}

/// The log of a program: beginning and end, with a gap where there was more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    head: Vec<u8>,
    tail: Vec<u8>,
    /// Bytes in all.
    pub(super) total: u64,
}

impl Pipes {
    /// Takes the judge's ends of the pipes.
    pub(super) fn new(stdin: Option<File>, stdout: File, stderr: File) -> std::io::Result<Self> {
        for file in stdin.iter().chain([&stdout, &stderr]) {
            system::never_block(file)?;
        }
        Ok(Self {
            stdin,
            stdout: Some(stdout),
            stderr: Some(stderr),
            to_write: Vec::new(),
            written: 0,
            close: false,
            output: Vec::new(),
            output_total: 0,
            log: Log::default(),
            taken: 0,
        })
    }

    /// Puts bytes in line for standard input.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        if self.written == self.to_write.len() {
            self.to_write.clear();
            self.written = 0;
        }
        self.to_write.extend_from_slice(bytes);
    }

    /// Closes standard input once everything in line is written.
    pub(super) fn finish(&mut self) {
        self.close = true;
        if !self.unsent() {
            self.stdin = None;
        }
    }

    /// Whether something is still in line to be written.
    pub(super) fn unsent(&self) -> bool {
        self.stdin.is_some() && self.written < self.to_write.len()
    }

    /// Whether standard output has ended.
    pub(super) fn is_silent(&self) -> bool {
        self.stdout.is_none()
    }

    /// Whether both outputs have ended.
    pub(super) fn has_ended(&self) -> bool {
        self.stdout.is_none() && self.stderr.is_none()
    }

    /// Writes and reads what can be at once; waits no longer than `patience` for something to do.
    /// True when something moved.
    pub(super) fn turn(&mut self, patience: Duration) -> std::io::Result<bool> {
        let stdin = if self.unsent() { self.stdin.as_ref() } else { None };
        let ready = system::wait(stdin, self.stdout.as_ref(), self.stderr.as_ref(), patience)?;
        let mut moved = false;
        if ready[0] {
            moved |= self.write();
        }
        if ready[1] {
            moved |= self.read_output();
        }
        if ready[2] {
            moved |= self.read_log();
        }
        Ok(moved)
    }

    fn write(&mut self) -> bool {
        use std::io::Write as _;
        let Some(stdin) = &mut self.stdin else {
            return false;
        };
        match stdin.write(&self.to_write[self.written..]) {
            Ok(n) => {
                self.written += n;
                self.taken += n as u64;
                if self.close && !self.unsent() {
                    self.stdin = None;
                }
                n > 0
            }
            Err(e) if again(&e) => false,
            // The program has closed its input, which it may.
            Err(_) => {
                self.stdin = None;
                true
            }
        }
    }

    fn read_output(&mut self) -> bool {
        let before = self.output.len();
        let open = read_into(&mut self.stdout, |bytes| self.output.extend_from_slice(bytes));
        self.output_total += (self.output.len() - before) as u64;
        !open || self.output.len() > before
    }

    fn read_log(&mut self) -> bool {
        let before = self.log.total;
        let open = read_into(&mut self.stderr, |bytes| self.log.push(bytes));
        !open || self.log.total > before
    }
}

impl Log {
    fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let room = (LOG_KEPT / 2).saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.tail.extend_from_slice(&bytes[room..]);
        if self.tail.len() > LOG_KEPT {
            self.tail.drain(..self.tail.len() - LOG_KEPT / 2);
        }
    }

    /// Adds the log of the program's next life.
    pub(super) fn append(&mut self, next: &Self) {
        self.push(&next.head);
        self.push(&next.tail);
    }

    /// The text, with a line in place of what was left out.
    pub(crate) fn text(&self) -> String {
        let tail = &self.tail[self.tail.len().saturating_sub(LOG_KEPT / 2)..];
        let kept = self.head.len() + tail.len();
        let mut text = String::from_utf8_lossy(&self.head).into_owned();
        let left_out = self.total.saturating_sub(kept as u64);
        if left_out > 0 {
            text.push_str(&format!("\n... {left_out} bytes left out ...\n"));
        }
        text.push_str(&String::from_utf8_lossy(tail));
        text
    }
}

/// Reads a chunk; false once the pipe has ended.
fn read_into(pipe: &mut Option<File>, mut take: impl FnMut(&[u8])) -> bool {
    use std::io::Read as _;
    let Some(file) = pipe else { return false };
    let mut chunk = [0; CHUNK];
    match file.read(&mut chunk) {
        Ok(n) if n > 0 => {
            take(&chunk[..n]);
            true
        }
        Err(e) if again(&e) => true,
        _ => {
            *pipe = None;
            false
        }
    }
}

fn again(e: &std::io::Error) -> bool {
    matches!(
        e.kind(),
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::Interrupted
    )
}

#[cfg(unix)]
mod system {
    //! What the system is asked for.

    use std::fs::File;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    pub(super) fn never_block(file: &File) -> std::io::Result<()> {
        Ok(rustix::io::ioctl_fionbio(file, true)?)
    }

    /// Which of the three can be written or read, once one can or the time is up.
    pub(super) fn wait(
        stdin: Option<&File>,
        stdout: Option<&File>,
        stderr: Option<&File>,
        patience: Duration,
    ) -> std::io::Result<[bool; 3]> {
        let all = [
            (stdin, PollFlags::OUT),
            (stdout, PollFlags::IN),
            (stderr, PollFlags::IN),
        ];
        let mut which = Vec::with_capacity(3);
        let mut polled = Vec::with_capacity(3);
        for (i, (file, flags)) in all.iter().enumerate() {
            if let Some(file) = file {
                which.push(i);
                polled.push(PollFd::new(*file, *flags));
            }
        }
        let patience = Timespec::try_from(patience).ok();
        match poll(&mut polled, patience.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
        let mut ready = [false; 3];
        for (i, fd) in which.into_iter().zip(&polled) {
            ready[i] = !fd.revents().is_empty();
        }
        Ok(ready)
    }
}

#[cfg(not(unix))]
mod system {
    //! Nothing: the sandbox does not start here, so no program has pipes.

    use std::fs::File;
    use std::time::Duration;

    pub(super) fn never_block(_: &File) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    pub(super) fn wait(
        _: Option<&File>,
        _: Option<&File>,
        _: Option<&File>,
        _: Duration,
    ) -> std::io::Result<[bool; 3]> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}
