//! The file system that a slot's programs see: a small tree of our own with the language tools bound into it.

use std::ffi::{CStr, CString, OsStr};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::sys;
use crate::Control;
use crate::wire::App;

/// Attributes of `mount_setattr(2)`.
const READ_ONLY: u64 = 1;
const NO_SUID: u64 = 2;
const NO_DEVICES: u64 = 4;
const NO_EXEC: u64 = 8;
/// `AT_RECURSIVE` as `open_tree` takes it.
const WHOLE: libc::c_uint = libc::AT_RECURSIVE as libc::c_uint;
/// Devices that a program gets. None of them holds state.
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];
/// Folders that a program may write to.
pub(super) const WRITABLE: [&CStr; 4] = [c"/w", c"/tmp", c"/data", c"/dev/shm"];
/// Where artifacts of the host are seen.
const APP: &CStr = c"/app";

/// The mounts of a slot.
#[derive(Debug)]
pub(super) struct Root {
    /// The namespace with the host's view, to bind further folders from.
    host: OwnedFd,
    /// Our own.
    own: OwnedFd,
    app: Option<App>,
    folders: [Folder; 4],
    /// Counts how often a folder was made anew: rules on paths are about the one that was there.
    pub made: u64,
    /// Whether a program has the user of the slot, so that it can change the folders themselves.
    same_user: bool,
    dropped: Option<Control>,
}

/// What a slot takes along of the host's view.
struct View {
    binds: Vec<(PathBuf, Bind)>,
    devices: Vec<(&'static str, OwnedFd)>,
    proc: Option<OwnedFd>,
    /// The program of the broker.
    program: PathBuf,
}

/// A file system in memory.
#[derive(Debug)]
struct Folder {
    at: &'static CStr,
    /// Bytes and files that it was made for.
    made: Option<(u64, u64)>,
}

/// A tree to be bound.
enum Bind {
    Tree { tree: OwnedFd, folder: bool },
    Link(PathBuf),
}

impl Root {
    /// Builds the tree and makes it the root of this process, which is in user and mount namespaces of its
    /// own already where it needs them.
    ///
    /// # Errors
    /// The kernel refuses a mount, or a folder to bind is missing.
    pub(super) fn build(
        binds: &[Vec<u8>],
        uid: u32,
        same_user: bool,
        dropped: Option<Control>,
    ) -> io::Result<Self> {
        let host = own_mounts(libc::MS_SLAVE)?;
        let own = own_mounts(libc::MS_PRIVATE)?;
        let read_only = if dropped == Some(Control::ReadOnly) {
            0
        } else {
            READ_ONLY
        };
        let mut paths: Vec<PathBuf> = binds
            .iter()
            .map(|bind| PathBuf::from(OsStr::from_bytes(bind)))
            .collect();
        if dropped == Some(Control::Root) {
            paths = everything()?;
        }
        let view = View::clone(paths, read_only, same_user)?;
        // From here on the host's view is covered; everything that is needed of it has been cloned.
        let flags = libc::MS_NOSUID | libc::MS_NODEV;
        sys::mount(
            c"tmpfs",
            c"/tmp",
            c"tmpfs",
            flags,
            c"size=1m,nr_inodes=4096,mode=755",
        )?;
        std::env::set_current_dir("/tmp")?;
        view.place(uid)?;
        sys::pivot_here()?;
        let only = if read_only == 0 { 0 } else { libc::MS_RDONLY };
        sys::mount(
            c"",
            c"/",
            c"",
            libc::MS_REMOUNT | libc::MS_BIND | flags | only,
            c"",
        )?;
        let folders = WRITABLE.map(|at| Folder { at, made: None });
        Ok(Self {
            host,
            own,
            app: None,
            made: 0,
            folders,
            same_user,
            dropped,
        })
    }

    /// Makes the folders ready for a run: empty ones of the right size. `/data` stays as it is on `keep`.
    ///
    /// # Errors
    /// The kernel refuses a mount.
    pub(super) fn prepare(&mut self, disk: u64, inodes: u64, keep: bool) -> io::Result<()> {
        let unbounded = self.dropped == Some(Control::Disk);
        let bounds = if unbounded {
            (1 << 40, 1 << 30)
        } else {
            (disk.max(1), inodes.max(1))
        };
        for folder in &mut self.folders {
            let kept = keep && folder.at == c"/data" && folder.made.is_some();
            if !kept
                && (folder.made != Some(bounds) || (folder.at == c"/data" && folder.dirty(self.same_user)?))
            {
                folder.make(bounds)?;
                self.made += 1;
            }
        }
        Ok(())
    }

    /// Empties the folders that a run has used, `/data` excepted, which the next run may want.
    ///
    /// # Errors
    /// The kernel refuses a mount.
    pub(super) fn clean(&mut self) -> io::Result<()> {
        if self.dropped == Some(Control::Fresh) {
            return Ok(());
        }
        for folder in &mut self.folders {
            if let Some(bounds) = folder.made
                && folder.at != c"/data"
                && folder.dirty(self.same_user)?
            {
                folder.make(bounds)?;
                self.made += 1;
            }
        }
        Ok(())
    }

    /// Shows a folder of the host as `/app`, or nothing. One that is there already stays.
    ///
    /// # Errors
    /// There is no such folder, or the kernel refuses.
    pub(super) fn show(&mut self, app: Option<&App>) -> io::Result<()> {
        if self.app.as_ref() == app && !self.app_is_gone()? {
            return Ok(());
        }
        if self.app.take().is_some() {
            sys::unmount(APP)?;
        }
        let Some(app) = app else { return Ok(()) };
        let path = sys::c(app.path.clone())?;
        sys::set_namespace(&self.host, libc::CLONE_NEWNS)?;
        let tree = sys::clone_tree(&path, WHOLE);
        sys::set_namespace(&self.own, libc::CLONE_NEWNS)?;
        let tree = tree?;
        let read_only = if self.dropped == Some(Control::ReadOnly) {
            0
        } else {
            READ_ONLY
        };
        sys::set_mount_attributes(&tree, read_only | NO_SUID | NO_DEVICES)?;
        sys::attach(&tree, APP)?;
        self.app = Some(app.clone());
        Ok(())
    }

    /// Whether the folder at `/app` has been deleted on the host: a new one may have got its inode.
    fn app_is_gone(&self) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        Ok(self.app.is_some() && fs::metadata("/app")?.nlink() == 0)
    }
}

impl View {
    fn clone(mut paths: Vec<PathBuf>, read_only: u64, same_user: bool) -> io::Result<Self> {
        // A folder before what lies in it.
        paths.sort();
        paths.dedup();
        let open = |path: PathBuf| Bind::open(&path, read_only).map(|bind| (path, bind));
        let device = |name| {
            let tree = sys::clone_tree(&sys::c(format!("/dev/{name}"))?, 0)?;
            sys::set_mount_attributes(&tree, NO_SUID | NO_EXEC)?;
            Ok((name, tree))
        };
        Ok(Self {
            binds: paths.into_iter().map(open).collect::<io::Result<_>>()?,
            devices: DEVICES.into_iter().map(device).collect::<io::Result<_>>()?,
            // A process space of our own may be mounted without privilege only where another is in full view.
            proc: if same_user {
                Some(sys::clone_tree(c"/proc", WHOLE)?)
            } else {
                None
            },
            program: fs::read_link("/proc/self/exe")?,
        })
    }

    /// Makes the tree in the current folder.
    fn place(self, uid: u32) -> io::Result<()> {
        for at in ["w", "tmp", "data", "app", "proc", "etc", "dev/shm"] {
            fs::create_dir_all(at)?;
        }
        accounts(uid)?;
        for (path, bind) in self.binds {
            bind.place(&path)?;
        }
        for (name, tree) in self.devices {
            let at = format!("dev/{name}");
            fs::write(&at, "")?;
            sys::attach(&tree, &sys::c(at)?)?;
        }
        for (name, of) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
            std::os::unix::fs::symlink(format!("/proc/self/fd{of}"), format!("dev/{name}"))?;
        }
        if let Some(proc) = self.proc {
            sys::attach(&proc, c"proc")?;
        }
        hide(&self.program)
    }
}

/// Gives this process mounts of its own, which hear of the host's or do not, and gives the namespace.
fn own_mounts(propagation: libc::c_ulong) -> io::Result<OwnedFd> {
    sys::unshare(libc::CLONE_NEWNS)?;
    sys::mount(c"", c"/", c"", libc::MS_REC | propagation, c"")?;
    Ok(fs::File::open("/proc/self/ns/mnt")?.into())
}

impl Folder {
    /// Whether anything was written. An empty file system uses one inode and no block; a program cannot
    /// change its top folder unless it has the same user.
    fn dirty(&self, same_user: bool) -> io::Result<bool> {
        let [blocks, free_blocks, files, free_files] = sys::filled(self.at)?;
        Ok(same_user || blocks != free_blocks || files != free_files + 1)
    }

    fn make(&mut self, bounds: (u64, u64)) -> io::Result<()> {
        if self.made.take().is_some() {
            sys::unmount(self.at)?;
        }
        let (bytes, files) = bounds;
        // One more for the top folder. All may write to it, and only the slot may change it.
        let options: CString = sys::c(format!(
            "size={bytes},nr_inodes={},mode=1777",
            files.saturating_add(1)
        ))?;
        sys::mount(
            c"tmpfs",
            self.at,
            c"tmpfs",
            libc::MS_NOSUID | libc::MS_NODEV,
            &options,
        )?;
        self.made = Some(bounds);
        Ok(())
    }
}

impl Bind {
    fn open(path: &Path, read_only: u64) -> io::Result<Self> {
        let kind = fs::symlink_metadata(path)?.file_type();
        if kind.is_symlink() {
            return Ok(Self::Link(fs::read_link(path)?));
        }
        let tree = sys::clone_tree(&sys::c(path.as_os_str().as_bytes())?, WHOLE)?;
        sys::set_mount_attributes(&tree, read_only | NO_SUID | NO_DEVICES)?;
        Ok(Self::Tree {
            tree,
            folder: kind.is_dir(),
        })
    }

    /// Puts it at its path below the current folder.
    fn place(self, path: &Path) -> io::Result<()> {
        let at = path.strip_prefix("/").unwrap_or(path);
        if let Some(above) = at.parent() {
            fs::create_dir_all(above)?;
        }
        // What lies in a folder that has been bound is there already.
        let there = fs::symlink_metadata(at).is_ok();
        match self {
            Self::Link(to) if !there => std::os::unix::fs::symlink(to, at),
            Self::Link(_) => Ok(()),
            Self::Tree { tree, folder } => {
                if !there && folder {
                    fs::create_dir(at)?;
                } else if !there {
                    fs::write(at, "")?;
                }
                sys::attach(&tree, &sys::c(at.as_os_str().as_bytes())?)
            }
        }
    }
}

/// Covers the program of the broker where it lies in what is bound.
fn hide(program: &Path) -> io::Result<()> {
    let at = program.strip_prefix("/").unwrap_or(program);
    if fs::symlink_metadata(at).is_err() {
        return Ok(());
    }
    let at = sys::c(at.as_os_str().to_owned().into_vec())?;
    sys::mount(c"dev/null", &at, c"", libc::MS_BIND, c"")
}

/// Users and groups as programs find them: nobody of the host.
fn accounts(uid: u32) -> io::Result<()> {
    let passwd = format!(
        "root:x:0:0:root:/:/bin/false\n\
         daemon:x:1:1:daemon:/:/bin/false\n\
         bin:x:2:2:bin:/:/bin/false\n\
         nobody:x:65534:65534:nobody:/:/bin/false\n\
         candidate:x:{uid}:{uid}:candidate:/w:/bin/false\n"
    );
    fs::write("etc/passwd", passwd)?;
    fs::write("etc/group", format!("root:x:0:\ncandidate:x:{uid}:\n"))?;
    fs::write("etc/hosts", "127.0.0.1 localhost\n")?;
    fs::write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
}

/// All of the host but the places that every slot has of its own: for seeing that the tests notice.
fn everything() -> io::Result<Vec<PathBuf>> {
    let own = ["proc", "dev", "sys", "tmp", "w", "data", "app"];
    let entries = fs::read_dir("/")?.collect::<io::Result<Vec<_>>>()?;
    let paths = entries.into_iter().map(|entry| entry.path());
    Ok(paths
        .filter(|path| !own.iter().any(|own| path.ends_with(own)))
        .collect())
}
