//! The broker itself: finds the backend, forks slots, and clears away what dead slots leave.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use super::groups::Groups;
use super::slot::{self, Setup};
use super::sys::{self, Cloned};
use super::{filter, landlock, socket};
use crate::wire::{Answer, Ask, Hello, INLINE};

/// A slot that lives.
struct Living {
    index: u32,
    pid: libc::pid_t,
    process: OwnedFd,
}

/// Serves on standard input until its other end closes.
///
/// # Errors
/// The socket is broken.
pub(super) fn serve() -> io::Result<()> {
    settle()?;
    // SAFETY: standard input is the socket that we were started with, and nobody else in here uses it.
    let control = unsafe { OwnedFd::from_raw_fd(0) };
    let mut buffer = vec![0; INLINE * 2];
    let Some(Ask::Hello(hello)) = next(&control, &mut buffer)? else {
        return Ok(());
    };
    let groups = match Groups::find(hello.backend) {
        Ok(groups) => groups,
        Err(why) => return socket::send(&control, &Answer::Failed(why).encode(), &[]),
    };
    let mut warnings = groups.warnings.clone();
    if landlock::version() == 0 {
        warnings.push("Paths have no second layer of rules: this kernel has no Landlock.".to_owned());
    }
    let ready = Answer::Ready {
        backend: groups.backend,
        warnings,
    };
    socket::send(&control, &ready.encode(), &[])?;
    let served = rounds(&control, &hello, &groups, &mut buffer);
    let mut living = match served {
        Ok(living) => living,
        Err((living, _)) => living,
    };
    for slot in living.drain(..) {
        end(&groups, &slot);
    }
    Ok(())
}

type Ended = Result<Vec<Living>, (Vec<Living>, io::Error)>;

/// Answers until the server is gone; gives the slots that are left.
fn rounds(control: &OwnedFd, hello: &Hello, groups: &Groups, buffer: &mut [u8]) -> Ended {
    let filter = filter::build();
    // SAFETY: takes nothing.
    let root = unsafe { libc::geteuid() } == 0;
    let mut living: Vec<Living> = Vec::new();
    loop {
        if let Err(error) = wait(control, &mut living, groups) {
            return Err((living, error));
        }
        let index = match next(control, buffer) {
            Ok(Some(Ask::Slot(index))) => index,
            Ok(_) => return Ok(living),
            Err(error) => return Err((living, error)),
        };
        if let Some(at) = living.iter().position(|slot| slot.index == index) {
            end(groups, &living.swap_remove(at));
        }
        let setup = Setup {
            hello,
            groups,
            filter: &filter,
            index,
            broker: std::process::id(),
            root,
        };
        let answered = match start(&setup) {
            Ok((slot, theirs)) => {
                living.push(slot);
                socket::send(control, &Answer::Slot.encode(), &[theirs.as_raw_fd()])
            }
            Err(error) => socket::send(control, &Answer::Failed(error.to_string()).encode(), &[]),
        };
        if let Err(error) = answered {
            return Err((living, error));
        }
    }
}

/// Waits for the server, and meanwhile clears away slots that end.
fn wait(control: &OwnedFd, living: &mut Vec<Living>, groups: &Groups) -> io::Result<()> {
    loop {
        let mut polled: Vec<libc::pollfd> = [control.as_raw_fd()]
            .into_iter()
            .chain(living.iter().map(|slot| slot.process.as_raw_fd()))
            .map(|fd| libc::pollfd {
                fd,
                events: libc::POLLIN,
                revents: 0,
            })
            .collect();
        // SAFETY: the list is ours, with its right length.
        let result = unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, -1) };
        match sys::check(result.into()) {
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => continue,
            other => other?,
        };
        for at in (1..polled.len()).rev().filter(|at| polled[*at].revents != 0) {
            end(groups, &living.swap_remove(at - 1));
        }
        if polled[0].revents != 0 {
            return Ok(());
        }
    }
}

/// Forks a slot and gives the server's end of its socket.
fn start(setup: &Setup<'_>) -> io::Result<(Living, OwnedFd)> {
    setup.groups.make(setup.index)?;
    let (ours, theirs) = socket::pair()?;
    match sys::fork(0, None)? {
        Cloned::Parent(pid, process) => Ok((
            Living {
                index: setup.index,
                pid,
                process,
            },
            theirs,
        )),
        Cloned::Child => {
            let served = alone(ours).and_then(|socket| slot::serve(setup, socket));
            // SAFETY: ends this process without running what the broker would at its end.
            unsafe { libc::_exit(i32::from(served.is_err())) }
        }
    }
}

/// Leaves this process nothing open but a socket.
fn alone(socket: OwnedFd) -> io::Result<OwnedFd> {
    const PLACE: RawFd = 3;
    let null = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    // SAFETY: what the broker has open is not used in here any more; the socket moves to a place of its own.
    unsafe {
        let spare = sys::check(libc::fcntl(socket.as_raw_fd(), libc::F_DUPFD_CLOEXEC, 100).into())? as RawFd;
        for fd in 0..PLACE {
            sys::check(libc::dup2(null.as_raw_fd(), fd).into())?;
        }
        sys::check(libc::dup3(spare, PLACE, libc::O_CLOEXEC).into())?;
        std::mem::forget(socket);
        std::mem::forget(null);
        sys::close_from(PLACE + 1)?;
        Ok(OwnedFd::from_raw_fd(PLACE))
    }
}

/// Kills a slot, and what it ran with it, and removes its group.
fn end(groups: &Groups, slot: &Living) {
    // Already dead is as good.
    sys::kill(&slot.process).unwrap_or_default();
    sys::wait(slot.pid, 0).unwrap_or_default();
    groups.remove(slot.index);
}

fn next(control: &OwnedFd, buffer: &mut [u8]) -> io::Result<Option<Ask>> {
    let Some((len, _)) = socket::receive(control, buffer)? else {
        return Ok(None);
    };
    Ask::decode(&buffer[..len])
        .map(Some)
        .map_err(|_| io::Error::from_raw_os_error(libc::EBADMSG))
}

/// Forgets what this process was started with: descriptors, signals that are ignored or held back.
fn settle() -> io::Result<()> {
    std::env::set_current_dir("/")?;
    sys::close_from(3)?;
    // SAFETY: sets defaults; the set is ours and filled by the call before it is used.
    unsafe {
        for signal in 1..=libc::SIGRTMAX() {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
    Ok(())
}
