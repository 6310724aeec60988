//! Datagrams with descriptors between processes.

use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

use super::sys::{self, check};

/// Most descriptors beside one message: three streams and a memory file, or the artifacts of a compilation.
pub const MOST_FDS: usize = 16;

/// Room for the control message, in words so that it is aligned.
type Room = [u64; 12];

/// A connected pair.
///
/// # Errors
/// The system has no descriptors left.
pub fn pair() -> Result<(OwnedFd, OwnedFd)> {
    let mut fds: [RawFd; 2] = [-1; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: the array has room for two.
    check(unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, fds.as_mut_ptr()) }.into())?;
    // SAFETY: the call has just given both to us alone.
    Ok(unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) })
}

/// Sends one message with descriptors.
///
/// # Errors
/// The other end is gone.
pub fn send(socket: &OwnedFd, bytes: &[u8], fds: &[RawFd]) -> Result<()> {
    let mut room: Room = [0; 12];
    let mut part = libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    };
    // SAFETY: `msghdr` is plain numbers and pointers, for which zero is valid.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    let len = size_of_val(fds);
    if len > 0 {
        assert!(
            fds.len() <= MOST_FDS,
            "at most {MOST_FDS} descriptors beside a message"
        );
        message.msg_control = room.as_mut_ptr().cast();
        // SAFETY: only computes a size; `room` has room for `MOST_FDS` descriptors.
        message.msg_controllen = unsafe { libc::CMSG_SPACE(len as u32) } as _;
        // SAFETY: the header lies in `room`, which is aligned and large enough.
        unsafe {
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(len as u32) as _;
            std::ptr::copy_nonoverlapping(fds.as_ptr().cast::<u8>(), libc::CMSG_DATA(header), len);
        }
    }
    loop {
        // SAFETY: everything that the message points to lives through the call.
        let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const message, libc::MSG_NOSIGNAL) };
        match check(sent as libc::c_long) {
            Ok(_) => return Ok(()),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Receives one message, waiting for it; nothing where the other end has closed.
///
/// # Errors
/// The socket is broken, or a message was cut.
pub fn receive(socket: &OwnedFd, buffer: &mut [u8]) -> Result<Option<(usize, Vec<OwnedFd>)>> {
    let mut room: Room = [0; 12];
    let mut part = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    // SAFETY: `msghdr` is plain numbers and pointers, for which zero is valid.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = room.as_mut_ptr().cast();
    message.msg_controllen = size_of_val(&room) as _;
    let len = loop {
        // SAFETY: everything that the message points to lives through the call.
        let got = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut message, libc::MSG_CMSG_CLOEXEC) };
        match check(got as libc::c_long) {
            Ok(len) => break len as usize,
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            Err(error) if error.raw_os_error() == Some(libc::ECONNRESET) => return Ok(None),
            Err(error) => return Err(error),
        }
    };
    let mut fds = Vec::new();
    // SAFETY: the kernel has filled `room` with whole headers; the descriptors in them are ours from now on.
    unsafe {
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        if !header.is_null() && (*header).cmsg_type == libc::SCM_RIGHTS {
            let bytes = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
            let data = libc::CMSG_DATA(header).cast::<RawFd>();
            for at in 0..bytes / size_of::<RawFd>() {
                fds.push(OwnedFd::from_raw_fd(data.add(at).read_unaligned()));
            }
        }
    }
    if message.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0 {
        return Err(Error::from_raw_os_error(libc::EMSGSIZE));
    }
    Ok((len > 0).then_some((len, fds)))
}

/// Waits until a message or the end can be received; false if it takes longer. `None` waits for ever.
///
/// # Errors
/// The kernel has no memory.
pub fn ready(socket: &OwnedFd, timeout: Option<Duration>) -> Result<bool> {
    sys::poll([socket.as_raw_fd()], timeout).map(|[ready]| ready)
}

/// A file in memory with these bytes, read from its start: for requests that are too long for a datagram.
///
/// # Errors
/// There is no memory.
pub fn memory_file(bytes: &[u8]) -> Result<OwnedFd> {
    // SAFETY: the name ends with NUL.
    let fd = check(unsafe { libc::memfd_create(c"request".as_ptr(), libc::MFD_CLOEXEC) }.into())?;
    // SAFETY: the call has just given this descriptor to us alone.
    let file = unsafe { OwnedFd::from_raw_fd(fd as RawFd) };
    std::os::unix::fs::FileExt::write_all_at(&std::fs::File::from(file.try_clone()?), bytes, 0)?;
    Ok(file)
}
