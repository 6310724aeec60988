//! The first process of a run: makes the last mounts, starts the program, reaps, and says how it ended.
//!
//! It is a fork of the slot, so it has memory of its own and may allocate. The program's process shares its
//! memory until it executes (as `vfork` does): copying page tables once more would cost as much as all else.

use std::ffi::{CStr, CString};
use std::fs;
use std::io::{self, Write as _};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::shared::{Page, Step};
use super::{landlock, sys};
use crate::wire::Request;
use crate::{Control, Limits};

/// Open files of a program.
const OPEN_FILES: u64 = 256;
/// Bytes of the stack of a program's first thread, and virtually of others; an eighth, the usual, where virtual
/// memory counts.
const STACK: u64 = 64 << 20;
/// How often figures are sampled without groups.
const SAMPLING: Duration = Duration::from_millis(5);
/// Bytes of stack that the program's process has until it executes.
const LAUNCH_STACK: usize = 64 * 1024;

/// What an init needs of its slot.
pub(super) struct Scene<'a> {
    pub page: &'static Page,
    /// Becomes readable when the slot is dead.
    pub slot: RawFd,
    pub uid: u32,
    pub filter: &'a [libc::sock_filter],
    /// The rules on paths, unless the kernel has none.
    pub rules: Option<OwnedFd>,
    /// Without control groups.
    pub degraded: bool,
    pub dropped: Option<Control>,
}

/// A request with its words as the kernel takes them.
pub(super) struct Prepared {
    pub request: Request,
    argv: Vec<CString>,
    env: Vec<CString>,
}

impl Prepared {
    /// # Errors
    /// A word has a NUL in it, or there is no program.
    pub(super) fn new(request: Request) -> io::Result<Self> {
        let words = |words: &[Vec<u8>]| {
            words
                .iter()
                .map(|word| sys::c(word.clone()))
                .collect::<io::Result<Vec<_>>>()
        };
        let (argv, env) = (words(&request.argv)?, words(&request.env)?);
        if argv.is_empty() {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        Ok(Self { request, argv, env })
    }
}

/// Runs as the init of a run, to its end.
pub(super) fn run(scene: &Scene<'_>, prepared: &Prepared, streams: [OwnedFd; 3]) -> ! {
    if let Err(error) = start_and_reap(scene, prepared, streams) {
        scene.page.fail(error.raw_os_error().unwrap_or(libc::EIO));
    }
    // SAFETY: ends this process without running what the slot would at its end.
    unsafe { libc::_exit(0) }
}

fn start_and_reap(scene: &Scene<'_>, prepared: &Prepared, streams: [OwnedFd; 3]) -> io::Result<()> {
    let page = scene.page;
    page.begin(Step::Guard);
    sys::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
    if sys::poll([scene.slot], Some(Duration::ZERO))?[0] {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    page.begin(Step::Proc);
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    let shown = if scene.dropped == Some(Control::Proc) {
        c""
    } else {
        c"hidepid=invisible,subset=pid"
    };
    sys::mount(c"proc", c"/proc", c"proc", flags, shown)?;
    // When memory is short it is the program that goes and not the slot. The rules on paths keep it so.
    fs::write("/proc/self/oom_score_adj", "1000")?;
    page.begin(Step::Files);
    for (path, content) in &prepared.request.files {
        write_file(Path::new("/w"), path, content, scene.uid)?;
    }
    let launch = Launch::new(scene, prepared, &streams);
    page.begin(Step::Clone);
    page.began.store(sys::now(), Ordering::SeqCst);
    let main = launch.start()?;
    if page.error().is_some() {
        return Ok(());
    }
    // Whoever reads the other ends must see them close with the program.
    drop(streams);
    reap(scene, main)
}

/// Reaps whatever dies until the main process has, and notes how and when.
fn reap(scene: &Scene<'_>, main: libc::pid_t) -> io::Result<()> {
    let page = scene.page;
    let watch = if scene.degraded {
        Some(Sampler::new(main)?)
    } else {
        None
    };
    let flags = if watch.is_some() { libc::WNOHANG } else { 0 };
    loop {
        match sys::wait(-1, flags) {
            Ok(Some((pid, status, _))) if pid == main => {
                page.ended.store(sys::now(), Ordering::SeqCst);
                page.status.store(status, Ordering::SeqCst);
                page.begin(Step::Ended);
                if scene.dropped != Some(Control::Sweep) {
                    return Ok(());
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => watch.as_ref().map_or(Ok(()), |watch| watch.sample(page))?,
            // Nobody is left.
            Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Figures of a run without control groups, taken from its processes.
struct Sampler {
    main: OwnedFd,
    page_size: u64,
}

impl Sampler {
    fn new(main: libc::pid_t) -> io::Result<Self> {
        // SAFETY: neither call takes a pointer.
        let (fd, page_size) = unsafe {
            (
                libc::syscall(libc::SYS_pidfd_open, main, 0),
                libc::sysconf(libc::_SC_PAGESIZE),
            )
        };
        let fd = sys::check(fd)? as RawFd;
        // SAFETY: the call has just given this descriptor to us alone.
        let main = unsafe { <OwnedFd as std::os::fd::FromRawFd>::from_raw_fd(fd) };
        Ok(Self {
            main,
            page_size: u64::try_from(page_size).unwrap_or(4096),
        })
    }

    /// Adds up what lives and what has been reaped, then waits for the main process or the next sample.
    fn sample(&self, page: &Page) -> io::Result<()> {
        let (mut cpu, mut memory) = (reaped(), 0);
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<libc::pid_t>().ok())
            else {
                continue;
            };
            cpu += clock(pid);
            let figures = fs::read_to_string(entry.path().join("statm")).unwrap_or_default();
            let resident = figures
                .split(' ')
                .nth(1)
                .and_then(|pages| pages.parse::<u64>().ok());
            memory += resident.filter(|_| pid != 1).unwrap_or(0) * self.page_size;
        }
        page.cpu.fetch_max(cpu, Ordering::SeqCst);
        page.memory.store(memory, Ordering::SeqCst);
        sys::poll([self.main.as_raw_fd()], Some(SAMPLING)).map(drop)
    }
}

/// CPU time of a living process with its threads, in nanoseconds; 0 if it is gone.
fn clock(pid: libc::pid_t) -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut id = 0;
    // SAFETY: both pointers are to our own variables.
    let known = unsafe {
        libc::clock_getcpuclockid(pid, &raw mut id) == 0 && libc::clock_gettime(id, &raw mut time) == 0
    };
    if known {
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    } else {
        0
    }
}

/// CPU time of all that this process has reaped, in nanoseconds.
fn reaped() -> u64 {
    // SAFETY: `rusage` is plain numbers, and the pointer is to our own variable.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    used(&usage)
}

/// CPU time of a usage, in nanoseconds.
pub(super) fn used(usage: &libc::rusage) -> u64 {
    let time = |time: libc::timeval| time.tv_sec as u64 * 1_000_000_000 + time.tv_usec as u64 * 1000;
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// Writes a file of the request for the program's user. The path stays below the folder.
fn write_file(folder: &Path, path: &[u8], content: &[u8], uid: u32) -> io::Result<()> {
    let path: &Path = Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(
        path,
    ));
    let mut at = PathBuf::from(folder);
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(part) = part else {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        };
        at.push(part);
        if parts.peek().is_some() {
            match fs::create_dir(&at) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => std::os::unix::fs::chown(&at, Some(uid), Some(uid))?,
            }
        }
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&at)?;
    file.write_all(content)?;
    std::os::unix::fs::fchown(&file, Some(uid), Some(uid))
}

/// What the program's process needs between its birth and its program. It may not allocate.
struct Launch<'a> {
    scene: &'a Scene<'a>,
    program: &'a CStr,
    argv: Vec<*const libc::c_char>,
    env: Vec<*const libc::c_char>,
    streams: [RawFd; 3],
    rules: Option<RawFd>,
    bounds: Vec<(libc::__rlimit_resource_t, u64, u64)>,
}

impl<'a> Launch<'a> {
    fn new(scene: &'a Scene<'a>, prepared: &'a Prepared, streams: &[OwnedFd; 3]) -> Self {
        let pointers = |words: &[CString]| {
            words
                .iter()
                .map(|word| word.as_ptr())
                .chain([std::ptr::null()])
                .collect::<Vec<_>>()
        };
        Self {
            scene,
            program: &prepared.argv[0],
            argv: pointers(&prepared.argv),
            env: pointers(&prepared.env),
            streams: [0, 1, 2].map(|at| streams[at].as_raw_fd()),
            rules: scene.rules.as_ref().map(AsRawFd::as_raw_fd),
            bounds: bounds(&prepared.request.limits, scene),
        }
    }

    /// Starts the program, and comes back when it has been executed or has failed to be.
    fn start(&self) -> io::Result<libc::pid_t> {
        let mut stack = vec![0_u128; LAUNCH_STACK / 16];
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        let argument = std::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: the stack outlives the child's use of our memory, since with `CLONE_VFORK` we sleep until the
        // child executes or ends; what it runs neither allocates nor unwinds.
        let pid = unsafe { libc::clone(launched, stack.as_mut_ptr_range().end.cast(), flags, argument) };
        sys::check(pid.into()).map(|pid| pid as libc::pid_t)
    }

    /// Takes every measure in turn; returns only if one fails, with the error of the kernel.
    fn take_measures(&self) -> i32 {
        if let Err(error) = self.place().and_then(|()| self.give_up_rights()) {
            return error;
        }
        self.scene.page.begin(Step::Execute);
        // SAFETY: strings that end with NUL, and lists of them that end with null.
        unsafe { libc::execve(self.program.as_ptr(), self.argv.as_ptr(), self.env.as_ptr()) };
        errno()
    }

    fn without(&self, control: Control) -> bool {
        self.scene.dropped == Some(control)
    }

    /// Session, streams, folder and limits.
    fn place(&self) -> Result<(), i32> {
        let page = self.scene.page;
        // SAFETY: plain calls on our own descriptors, numbers and strings that end with NUL; this process has
        // one thread and shares only memory with its parent, which sleeps.
        unsafe {
            page.begin(Step::Session);
            if !self.without(Control::Session) {
                done(libc::setsid())?;
            }
            page.begin(Step::Streams);
            for (to, from) in (0..).zip(self.streams) {
                done(libc::dup2(from, to))?;
            }
            page.begin(Step::Folder);
            libc::umask(0o022);
            done(libc::chdir(c"/w".as_ptr()))?;
            page.begin(Step::Limits);
            for (resource, soft, hard) in &self.bounds {
                done(libc::setrlimit(
                    *resource,
                    &libc::rlimit {
                        rlim_cur: *soft,
                        rlim_max: *hard,
                    },
                ))?;
            }
        }
        Ok(())
    }

    /// User, capabilities, rules on paths, descriptors, and last the filter, which forbids what came before.
    fn give_up_rights(&self) -> Result<(), i32> {
        let page = self.scene.page;
        page.begin(Step::User);
        if !self.without(Control::User) && !self.become_user() {
            return Err(errno());
        }
        page.begin(Step::Capabilities);
        if drop_capabilities() != 0 {
            return Err(errno());
        }
        // SAFETY: as above; the filter lives through the call that copies it.
        unsafe {
            page.begin(Step::Privileges);
            done(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
            page.begin(Step::PathRules);
            if let Some(rules) = self.rules {
                landlock::bind(rules).map_err(|_| errno())?;
            }
            page.begin(Step::Descriptors);
            if self.without(Control::Descriptors) {
                // All of ours close by themselves at the execution, too; both measures are left out.
                for fd in 3..64 {
                    libc::fcntl(fd, libc::F_SETFD, 0);
                }
            } else if libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) != 0 {
                return Err(errno());
            }
            page.begin(Step::Filter);
            let filter = self.scene.filter;
            let program = libc::sock_fprog {
                len: filter.len() as libc::c_ushort,
                filter: filter.as_ptr().cast_mut(),
            };
            let mode = libc::SECCOMP_SET_MODE_FILTER;
            if !self.without(Control::Seccomp)
                && libc::syscall(libc::SYS_seccomp, mode, 0, &raw const program) != 0
            {
                return Err(errno());
            }
        }
        Ok(())
    }

    /// Takes the slot's user and no group of the host. With a user namespace it is that user already.
    fn become_user(&self) -> bool {
        let id = libc::c_long::from(self.scene.uid);
        // The calls themselves: what the library makes of them speaks to threads.
        // SAFETY: plain calls with numbers, and an empty list.
        unsafe {
            if libc::geteuid() == self.scene.uid {
                return true;
            }
            let nobody: *const libc::gid_t = std::ptr::null();
            libc::syscall(libc::SYS_setgroups, 0, nobody) == 0
                && libc::syscall(libc::SYS_setresgid, id, id, id) == 0
                && libc::syscall(libc::SYS_setresuid, id, id, id) == 0
        }
    }
}

/// Where the program's process begins.
extern "C" fn launched(launch: *mut libc::c_void) -> libc::c_int {
    /// As shells say it.
    const CANNOT: i32 = 126;
    const ABSENT: i32 = 127;
    // SAFETY: `start` gives a pointer to itself and sleeps while we use it.
    let launch: &Launch<'_> = unsafe { &*launch.cast() };
    let error = launch.take_measures();
    // A program that cannot be executed is no fault of the platform; a measure that cannot be taken is.
    let code = if launch.scene.page.step() == Step::Execute {
        if error == libc::ENOENT { ABSENT } else { CANNOT }
    } else {
        launch.scene.page.fail(error);
        1
    };
    // SAFETY: ends this process and nothing else.
    unsafe { libc::_exit(code) }
}

/// The error of a call that gives less than zero for one.
fn done(result: libc::c_int) -> Result<(), i32> {
    if result < 0 { Err(errno()) } else { Ok(()) }
}

fn errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)
}

/// Gives up all capabilities. Not zero on failure.
fn drop_capabilities() -> libc::c_long {
    /// `_LINUX_CAPABILITY_VERSION_3`.
    const VERSION: u32 = 0x2008_0522;
    let header: [u32; 2] = [VERSION, 0];
    let none = [0_u32; 6];
    // SAFETY: header and sets are as long as that version says.
    unsafe { libc::syscall(libc::SYS_capset, header.as_ptr(), none.as_ptr()) }
}

/// The limits of each process.
fn bounds(limits: &Limits, scene: &Scene<'_>) -> Vec<(libc::__rlimit_resource_t, u64, u64)> {
    let without = |control| scene.dropped == Some(control);
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0) + 1;
    let mut bounds = vec![
        // 1 and not 0: with 0 a program that collects cores is still started.
        (libc::RLIMIT_CORE, 1, 1),
        (
            libc::RLIMIT_STACK,
            if scene.degraded { STACK / 8 } else { STACK },
            STACK,
        ),
        (libc::RLIMIT_SIGPENDING, 256, 256),
        (libc::RLIMIT_MSGQUEUE, 0, 0),
        (libc::RLIMIT_MEMLOCK, 64 << 10, 64 << 10),
        (libc::RLIMIT_RTPRIO, 0, 0),
        (libc::RLIMIT_NICE, 0, 0),
    ];
    if !without(Control::Cpu) {
        // Should the slot be held up: one second more, and then again before it is no longer asked.
        bounds.push((libc::RLIMIT_CPU, seconds, seconds + 1));
    }
    if !without(Control::FileSize) {
        bounds.push((libc::RLIMIT_FSIZE, limits.file, limits.file));
    }
    if !without(Control::OpenFiles) {
        bounds.push((libc::RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES));
    }
    if scene.degraded && !without(Control::Processes) {
        // Counted for the user within its namespace: the slot and its init may be among them.
        let count = u64::from(limits.processes) + 2;
        bounds.push((libc::RLIMIT_NPROC, count, count));
    }
    if scene.degraded && !without(Control::Memory) {
        // Private memory that may be written, touched or not: stacks of threads and heaps of runtimes are far
        // larger than what is used of them. What is used is sampled; this is what a sample may miss.
        let most = limits.memory.saturating_mul(4).saturating_add(256 << 20);
        bounds.push((libc::RLIMIT_DATA, most, most));
    }
    // Nobody but root may go above the bounds that this process has itself.
    for (resource, soft, hard) in &mut bounds {
        let mut own = libc::rlimit {
            rlim_cur: 0,
            rlim_max: u64::MAX,
        };
        // SAFETY: the pointer is to our own variable.
        unsafe { libc::getrlimit(*resource, &raw mut own) };
        *hard = (*hard).min(own.rlim_max);
        *soft = (*soft).min(*hard);
    }
    bounds
}
