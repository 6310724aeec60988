//! System calls, each as a function that gives `io::Result`.

use std::ffi::{CStr, CString};
use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

/// The result of a call that gives -1 for a fault.
pub(super) fn check(result: libc::c_long) -> Result<libc::c_long> {
    if result < 0 {
        Err(Error::last_os_error())
    } else {
        Ok(result)
    }
}

fn owned(result: libc::c_long) -> Result<OwnedFd> {
    let fd = check(result)?;
    // SAFETY: the call has just given this descriptor to us alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// A path or word for the kernel; a NUL inside ends it as an error.
pub(super) fn c(text: impl Into<Vec<u8>>) -> Result<CString> {
    CString::new(text).map_err(|_| Error::from_raw_os_error(libc::EINVAL))
}

/// `mount(2)`.
pub(super) fn mount(from: &CStr, to: &CStr, kind: &CStr, flags: libc::c_ulong, options: &CStr) -> Result<()> {
    // SAFETY: all pointers are to strings that end with NUL and live through the call.
    let result = unsafe {
        libc::mount(
            from.as_ptr(),
            to.as_ptr(),
            kind.as_ptr(),
            flags,
            options.as_ptr().cast(),
        )
    };
    check(result.into()).map(drop)
}

/// `umount2(2)`, detached: the mount leaves the tree at once.
pub(super) fn unmount(at: &CStr) -> Result<()> {
    // SAFETY: the pointer is to a string that ends with NUL.
    check(unsafe { libc::umount2(at.as_ptr(), libc::MNT_DETACH) }.into()).map(drop)
}

/// A private copy of what is mounted at a path, with everything below it.
pub(super) fn clone_tree(path: &CStr, flags: libc::c_uint) -> Result<OwnedFd> {
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | flags;
    // SAFETY: the pointer is to a string that ends with NUL.
    owned(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) })
}

/// Attaches a copied tree.
pub(super) fn attach(tree: &OwnedFd, to: &CStr) -> Result<()> {
    /// `MOVE_MOUNT_F_EMPTY_PATH` of `linux/mount.h`.
    const EMPTY_PATH: libc::c_uint = 4;
    // SAFETY: both strings end with NUL and live through the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            to.as_ptr(),
            EMPTY_PATH,
        )
    };
    check(result).map(drop)
}

/// Sets attributes of a copied tree and all mounts in it; see `mount_setattr(2)`.
pub(super) fn set_mount_attributes(tree: &OwnedFd, set: u64) -> Result<()> {
    // set, clear, propagation, userns
    let attributes: [u64; 4] = [set, 0, libc::MS_PRIVATE, 0];
    let flags = libc::AT_EMPTY_PATH | libc::AT_RECURSIVE;
    // SAFETY: the structure is four words, as `struct mount_attr` is.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            flags,
            attributes.as_ptr(),
            size_of_val(&attributes),
        )
    };
    check(result).map(drop)
}

/// `unshare(2)`.
pub(super) fn unshare(flags: libc::c_int) -> Result<()> {
    // SAFETY: no pointers; this process has one thread.
    check(unsafe { libc::unshare(flags) }.into()).map(drop)
}

/// Enters a namespace.
pub(super) fn set_namespace(fd: &OwnedFd, kind: libc::c_int) -> Result<()> {
    // SAFETY: no pointers; this process has one thread.
    check(unsafe { libc::setns(fd.as_raw_fd(), kind) }.into()).map(drop)
}

/// Makes the current folder the root, and leaves the former root mounted nowhere.
pub(super) fn pivot_here() -> Result<()> {
    // SAFETY: both strings end with NUL.
    check(unsafe { libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()) })?;
    // The former root now lies over the new one at the same place.
    unmount(c".")?;
    std::env::set_current_dir("/")
}

/// What a clone gives: the child sees `Child`.
pub(super) enum Cloned {
    /// In the parent: the child's number and a descriptor of it.
    Parent(libc::pid_t, OwnedFd),
    /// In the child.
    Child,
}

/// Forks with namespace flags, into a control group if one is given.
pub(super) fn fork(flags: u64, group: Option<&OwnedFd>) -> Result<Cloned> {
    /// `CLONE_INTO_CGROUP` of `linux/sched.h`; the constant of `libc` is too narrow for it on some targets.
    const INTO_CGROUP: u64 = 0x2_0000_0000;
    let mut pidfd: RawFd = -1;
    // SAFETY: `clone_args` is plain numbers, for which zero is valid.
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.flags = flags | libc::CLONE_PIDFD as u64;
    args.pidfd = std::ptr::from_mut(&mut pidfd) as u64;
    args.exit_signal = libc::SIGCHLD as u64;
    if let Some(group) = group {
        args.flags |= INTO_CGROUP;
        args.cgroup = group.as_raw_fd() as u64;
    }
    // SAFETY: without `CLONE_VM` this is a fork; the caller has one thread, so the child may do as it likes.
    let pid = check(unsafe { libc::syscall(libc::SYS_clone3, &raw mut args, size_of_val(&args)) })?;
    if pid == 0 {
        return Ok(Cloned::Child);
    }
    // SAFETY: the kernel has stored a descriptor that is ours.
    Ok(Cloned::Parent(pid as libc::pid_t, unsafe {
        OwnedFd::from_raw_fd(pidfd)
    }))
}

/// Kills the process of a descriptor.
pub(super) fn kill(process: &OwnedFd) -> Result<()> {
    let no_info: *const libc::siginfo_t = std::ptr::null();
    // SAFETY: a null information is allowed.
    let result = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            process.as_raw_fd(),
            libc::SIGKILL,
            no_info,
            0,
        )
    };
    check(result).map(drop)
}

/// Waits for a child without a bound, and gives its status and what it and its dead children used.
pub(super) fn wait(
    pid: libc::pid_t,
    flags: libc::c_int,
) -> Result<Option<(libc::pid_t, libc::c_int, libc::rusage)>> {
    let mut status = 0;
    // SAFETY: `rusage` is plain numbers, for which zero is valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to our own variables.
        let result = check(unsafe { libc::wait4(pid, &raw mut status, flags, &raw mut usage) }.into());
        match result {
            Ok(0) => return Ok(None),
            Ok(found) => return Ok(Some((found as libc::pid_t, status, usage))),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until one of the descriptors can be read or is closed; `None` waits for ever. True for those that can.
pub(super) fn poll<const N: usize>(fds: [RawFd; N], timeout: Option<Duration>) -> Result<[bool; N]> {
    let mut polled = fds.map(|fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    });
    let time = timeout.map(|timeout| libc::timespec {
        tv_sec: timeout.as_secs() as libc::time_t,
        tv_nsec: timeout.subsec_nanos().into(),
    });
    let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: the list is ours, with its right length.
    let result = unsafe { libc::ppoll(polled.as_mut_ptr(), N as libc::nfds_t, time, std::ptr::null()) };
    match check(result.into()) {
        Ok(_) => Ok(polled.map(|polled| polled.revents != 0)),
        Err(error) if error.raw_os_error() == Some(libc::EINTR) => Ok([false; N]),
        Err(error) => Err(error),
    }
}

/// `prctl(2)` with one argument.
pub(super) fn prctl(option: libc::c_int, value: libc::c_ulong) -> Result<()> {
    // SAFETY: the options used here take numbers only.
    check(unsafe { libc::prctl(option, value, 0, 0, 0) }.into()).map(drop)
}

/// Closes every descriptor from `first` on.
pub(super) fn close_from(first: RawFd) -> Result<()> {
    // SAFETY: the caller owns none of them any more.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) }).map(drop)
}

/// Nanoseconds of the clock that never goes back.
pub(super) fn now() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to our own variable; this clock always exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Opens below a folder: `openat2(2)` that leaves it by no way.
pub(super) fn open_beneath(
    folder: &OwnedFd,
    path: &CStr,
    flags: libc::c_int,
    resolve: u64,
) -> Result<OwnedFd> {
    // SAFETY: `open_how` is plain numbers, for which zero is valid.
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = (flags | libc::O_CLOEXEC) as u64;
    how.resolve = resolve;
    // SAFETY: the string ends with NUL, the structure is ours.
    owned(unsafe {
        libc::syscall(
            libc::SYS_openat2,
            folder.as_raw_fd(),
            path.as_ptr(),
            &raw const how,
            size_of_val(&how),
        )
    })
}

/// `fstat(2)`.
pub(super) fn stat(fd: &OwnedFd) -> Result<libc::stat> {
    // SAFETY: `stat` is plain numbers, for which zero is valid.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to our own variable.
    check(unsafe { libc::fstat(fd.as_raw_fd(), &raw mut stat) }.into())?;
    Ok(stat)
}

/// How a mounted file system is filled: blocks, free blocks, inodes, free inodes.
pub(super) fn filled(path: &CStr) -> Result<[u64; 4]> {
    // SAFETY: `statfs` is plain numbers, for which zero is valid.
    let mut stat: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: the string ends with NUL, the structure is ours.
    check(unsafe { libc::statfs(path.as_ptr(), &raw mut stat) }.into())?;
    Ok([stat.f_blocks, stat.f_bfree, stat.f_files, stat.f_ffree])
}
