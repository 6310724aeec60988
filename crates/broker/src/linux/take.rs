//! Taking artifacts out of `/w` when everything that could change them is dead.

use std::io;
use std::os::fd::OwnedFd;

use super::sys;
use crate::{Control, Refused};

/// Opens each file that may be taken, and says of the others why not.
pub(super) fn take(
    wanted: &[(Vec<u8>, u64)],
    dropped: Option<Control>,
) -> (Vec<Result<u64, Refused>>, Vec<OwnedFd>) {
    let mut files = Vec::new();
    if wanted.is_empty() {
        return (Vec::new(), files);
    }
    let taken = wanted.iter().map(|(path, largest)| {
        let (file, size) = open(path, *largest, dropped)?;
        // More do not go beside one message.
        if files.len() == super::socket::MOST_FDS {
            return Err(Refused::Io);
        }
        files.push(file);
        Ok(size)
    });
    let taken = taken.collect();
    (taken, files)
}

fn open(path: &[u8], largest: u64, dropped: Option<Control>) -> Result<(OwnedFd, u64), Refused> {
    /// Bytes of a block as `stat` counts.
    const BLOCK: u64 = 512;
    let path = sys::c(path).map_err(|_| Refused::Missing)?;
    let folder: OwnedFd = std::fs::File::open("/w").map_err(|_| Refused::Io)?.into();
    let unguarded = dropped == Some(Control::TakeOut);
    let resolve = if unguarded {
        0
    } else {
        libc::RESOLVE_BENEATH
            | libc::RESOLVE_NO_SYMLINKS
            | libc::RESOLVE_NO_MAGICLINKS
            | libc::RESOLVE_NO_XDEV
    };
    // Not waiting: a pipe with a name would keep us until somebody writes to it.
    let file = sys::open_beneath(
        &folder,
        &path,
        libc::O_RDONLY | libc::O_NONBLOCK | libc::O_NOCTTY,
        resolve,
    )
    .map_err(|error| refused(&error))?;
    let stat = sys::stat(&file).map_err(|_| Refused::Io)?;
    if stat.st_mode & libc::S_IFMT != libc::S_IFREG {
        return Err(Refused::Kind);
    }
    let (size, held) = (stat.st_size.unsigned_abs(), stat.st_blocks.unsigned_abs() * BLOCK);
    // A file with holes says it is larger than it is, and would be that large where it is copied to.
    if !unguarded && (size > largest || held > largest.next_multiple_of(4096) || held < size) {
        return Err(Refused::Size);
    }
    Ok((file, size))
}

fn refused(error: &io::Error) -> Refused {
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::ENOTDIR | libc::ENAMETOOLONG) => Refused::Missing,
        Some(libc::ELOOP | libc::EXDEV) => Refused::Link,
        // A socket cannot be opened.
        Some(libc::ENXIO) => Refused::Kind,
        _ => Refused::Io,
    }
}
