//! The second layer on paths: what the mounts allow, said again to the kernel's own rules (Landlock).

use std::ffi::CStr;
use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use super::root::WRITABLE;
use super::sys::check;

/// Rights of `linux/landlock.h`.
const EXECUTE: u64 = 1;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const MAKE_CHAR: u64 = 1 << 6;
const MAKE_BLOCK: u64 = 1 << 11;
const TRUNCATE: u64 = 1 << 14;
const IOCTL_DEVICE: u64 = 1 << 15;
/// Abstract sockets and signals stay among the programs of a run.
const SCOPES: u64 = 3;
/// Binding and connecting TCP.
const NETWORK: u64 = 3;

/// `struct landlock_ruleset_attr`.
#[repr(C)]
struct Handled {
    paths: u64,
    network: u64,
    scopes: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct Beneath {
    rights: u64,
    folder: RawFd,
}

/// The version of the rules that the kernel has; 0 where it has none.
pub(super) fn version() -> u32 {
    const ASK_VERSION: libc::c_uint = 1;
    let nothing: *const libc::c_void = std::ptr::null();
    // SAFETY: asking for the version takes no structure.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, nothing, 0, ASK_VERSION) };
    u32::try_from(version).unwrap_or(0)
}

/// Rules for the folders as they are mounted now.
///
/// # Errors
/// The kernel refuses a rule.
pub(super) fn rules(version: u32) -> Result<OwnedFd> {
    // Renaming into other folders came with 2, truncation with 3, TCP with 4, devices with 5, scopes with 6.
    let known: u64 = match version {
        1 => (1 << 13) - 1,
        2 => (1 << 14) - 1,
        3 | 4 => (1 << 15) - 1,
        _ => (1 << 16) - 1,
    };
    let handled = Handled {
        paths: known,
        network: if version >= 4 { NETWORK } else { 0 },
        scopes: if version >= 6 { SCOPES } else { 0 },
    };
    // An older kernel takes the shorter structure, or one whose end is zero.
    let size = match version {
        1..=3 => 8,
        4 | 5 => 16,
        _ => 24,
    };
    // SAFETY: the structure lives through the call and is at least `size` long.
    let rules = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, &raw const handled, size, 0) };
    // SAFETY: the call has just given this descriptor to us alone.
    let rules = unsafe { OwnedFd::from_raw_fd(check(rules)? as RawFd) };
    let whole = known & !(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEVICE);
    allow(&rules, c"/", EXECUTE | READ_FILE | READ_DIR)?;
    allow(&rules, c"/dev", (WRITE_FILE | TRUNCATE) & known)?;
    for folder in WRITABLE {
        allow(&rules, folder, whole)?;
    }
    Ok(rules)
}

fn allow(rules: &OwnedFd, path: &CStr, rights: u64) -> Result<()> {
    const PATH_BENEATH: libc::c_int = 1;
    // SAFETY: the path ends with NUL.
    let folder = check(unsafe { libc::open(path.as_ptr(), libc::O_PATH | libc::O_CLOEXEC) }.into())?;
    // SAFETY: the call has just given this descriptor to us alone.
    let folder = unsafe { OwnedFd::from_raw_fd(folder as RawFd) };
    let rule = Beneath {
        rights,
        folder: folder.as_raw_fd(),
    };
    // SAFETY: the structure lives through the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_landlock_add_rule,
            rules.as_raw_fd(),
            PATH_BENEATH,
            &raw const rule,
            0,
        )
    };
    check(result).map(drop)
}

/// Binds the calling thread to the rules. Usable after a fork: no memory is taken.
///
/// # Errors
/// The kernel refuses.
pub(super) fn bind(rules: RawFd) -> Result<()> {
    // SAFETY: no pointers.
    match unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules, 0) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}
