//! A slot: one process that runs programs one after the other in namespaces that it has built once.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::groups::Groups;
use super::init::{self, Prepared, Scene};
use super::leaf::{LEFTOVER, Leaf};
use super::root::Root;
use super::shared::{Page, Step};
use super::sys::{self, Cloned};
use super::{landlock, socket, take};
use crate::wire::{Hello, INLINE, Order, Report};
use crate::{Control, Exit, Outcome, Stop, Usage};

/// How often limits are looked at.
const POLLING: Duration = Duration::from_millis(5);
/// How long a killed run may take to be gone before the slot gives itself up.
const DYING: Duration = Duration::from_secs(10);
/// How long memory of a dead run may take to be given back.
const SETTLING: Duration = Duration::from_millis(200);
/// Users of slots are among those that systemd gives to services for as long as they run: nobody's files.
const FIRST_USER: u32 = 61_184;
/// How many there are.
const USERS: u32 = 4_336;

/// What a slot is built from.
pub(super) struct Setup<'a> {
    pub hello: &'a Hello,
    pub groups: &'a Groups,
    pub filter: &'a [libc::sock_filter],
    pub index: u32,
    /// Process number of the broker.
    pub broker: u32,
    /// This broker is root of the machine.
    pub root: bool,
}

struct Slot<'a> {
    socket: OwnedFd,
    leaf: Leaf,
    root: Root,
    /// The version of the kernel's rules on paths, and which folders they were made for.
    landlock: (u32, u64),
    scene: Scene<'a>,
    dropped: Option<Control>,
    buffer: Vec<u8>,
    /// Something was found that should not have been; the slot ends itself after the answer.
    spent: bool,
    /// Keeps the descriptor of the scene open.
    _own: OwnedFd,
}

/// A run that goes on.
struct Running {
    pid: libc::pid_t,
    process: OwnedFd,
    began: u64,
    /// Figures of the group when it began.
    cpu: u64,
    memory_kills: u64,
    /// Most memory seen.
    sampled: u64,
    stop: Option<Stop>,
    killed: Option<u64>,
}

/// Serves runs until the other end of the socket closes.
pub(super) fn serve(setup: &Setup<'_>, socket: OwnedFd) -> io::Result<()> {
    let mut slot = match Slot::build(setup, socket) {
        Ok(slot) => slot,
        Err((socket, why)) => return say(&socket, &Report::Failed(why), &[]),
    };
    loop {
        say(&slot.socket, &Report::Built, &[])?;
        let Some((request, streams)) = slot.next()? else {
            return Ok(());
        };
        let done = slot.run(request, streams).and_then(|()| slot.clean());
        if let Err(error) = done {
            return say(&slot.socket, &Report::Failed(error.to_string()), &[]);
        }
    }
}

fn say(socket: &OwnedFd, report: &Report, fds: &[RawFd]) -> io::Result<()> {
    socket::send(socket, &report.encode(), fds)
}

/// An error with what was being done.
fn told<T>(what: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::new(error.kind(), format!("{what}: {error}")))
}

impl<'a> Slot<'a> {
    fn build(setup: &Setup<'a>, socket: OwnedFd) -> Result<Self, (OwnedFd, String)> {
        match Self::built(setup) {
            Ok((leaf, root, scene, own)) => Ok(Self {
                socket,
                leaf,
                root,
                landlock: (landlock::version(), 0),
                scene,
                dropped: setup.hello.dropped,
                buffer: vec![0; INLINE * 2],
                spent: false,
                _own: own,
            }),
            Err(error) => Err((socket, error.to_string())),
        }
    }

    fn built(setup: &Setup<'a>) -> io::Result<(Leaf, Root, Scene<'a>, OwnedFd)> {
        let dropped = setup.hello.dropped;
        // A slot without its broker would be cleared away by nobody.
        sys::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
        // Brokers beside each other should not share users, whose processes the kernel counts together.
        let uid = FIRST_USER + (setup.broker.wrapping_mul(16) + setup.index) % USERS;
        // Where memory runs short, init and program go first, since they raise theirs as far as it goes. Lowering
        // our own needs a capability that root may lack in a container; it is more than is needed.
        std::fs::write("/proc/self/oom_score_adj", "-1000").unwrap_or_default();
        told("the slot's control group", Leaf::join(setup.groups, setup.index))?;
        let mut leaf = told("the slot's control group", Leaf::open(setup.groups, setup.index))?;
        if !setup.root {
            told("a user namespace", own_user(uid))?;
        }
        let network = if dropped == Some(Control::Network) {
            0
        } else {
            libc::CLONE_NEWNET
        };
        told(
            "namespaces",
            sys::unshare(libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | network),
        )?;
        let root = told(
            "the file system",
            Root::build(&setup.hello.binds, uid, !setup.root, dropped),
        )?;
        told("privileges", bind_privileges())?;
        // SAFETY: takes numbers only.
        let own = unsafe { libc::syscall(libc::SYS_pidfd_open, libc::getpid(), 0) };
        // SAFETY: the call has just given this descriptor to us alone.
        let own = unsafe { OwnedFd::from_raw_fd(sys::check(own)? as RawFd) };
        let scene = Scene {
            page: Page::new()?,
            slot: own.as_raw_fd(),
            uid,
            filter: setup.filter,
            rules: None,
            degraded: leaf.folder.is_none(),
            dropped,
        };
        leaf.settle();
        Ok((leaf, root, scene, own))
    }

    /// Waits for a run. Nothing where the server has closed.
    fn next(&mut self) -> io::Result<Option<(Prepared, [OwnedFd; 3])>> {
        loop {
            let Some((len, mut fds)) = socket::receive(&self.socket, &mut self.buffer)? else {
                return Ok(None);
            };
            let broken = |_| io::Error::from_raw_os_error(libc::EBADMSG);
            let order = match Order::decode(&self.buffer[..len]).map_err(broken)? {
                Order::Long => {
                    let memory = fds.pop().ok_or(io::Error::from_raw_os_error(libc::EBADMSG))?;
                    let mut bytes = Vec::new();
                    io::Read::read_to_end(&mut std::fs::File::from(memory), &mut bytes)?;
                    Order::decode(&bytes).map_err(broken)?
                }
                short => short,
            };
            // A stop or a question that crossed with the end of its run is for nobody.
            let Order::Run(request) = order else { continue };
            let streams = fds
                .try_into()
                .map_err(|_| io::Error::from_raw_os_error(libc::EBADMSG))?;
            return Ok(Some((Prepared::new(*request)?, streams)));
        }
    }

    fn run(&mut self, prepared: Prepared, streams: [OwnedFd; 3]) -> io::Result<()> {
        let request = &prepared.request;
        let limits = request.limits;
        told(
            "the run's folders",
            self.root.prepare(limits.disk, limits.inodes, request.keep),
        )?;
        told("the folder of the program", self.root.show(request.app.as_ref()))?;
        told("the rules on paths", self.rule())?;
        let on = |control| self.dropped != Some(control);
        let limited = self.leaf.limit(
            &limits,
            on(Control::Memory),
            on(Control::Processes),
            on(Control::Cores),
        );
        told("the run's limits", limited)?;
        self.scene.page.clear();
        let (cpu, memory_kills) = (self.leaf.cpu().unwrap_or(0), self.leaf.memory_kills());
        let spaces = if on(Control::ProcessSpace) {
            libc::CLONE_NEWPID | libc::CLONE_NEWNS
        } else {
            libc::CLONE_NEWNS
        };
        let began = sys::now();
        let (pid, process) = match told(
            "the run's init",
            sys::fork(spaces as u64, self.leaf.folder.as_ref()),
        )? {
            Cloned::Child => init::run(&self.scene, &prepared, streams),
            Cloned::Parent(pid, process) => (pid, process),
        };
        drop(streams);
        let mut running = Running {
            pid,
            process,
            began,
            cpu,
            memory_kills,
            sampled: 0,
            stop: None,
            killed: None,
        };
        while !self.watch(&mut running, &prepared)? {}
        self.finish(running, &prepared)
    }

    /// Makes the rules on paths, where folders are not those that there are rules for.
    fn rule(&mut self) -> io::Result<()> {
        let (version, made) = self.landlock;
        if version != 0 && made != self.root.made && self.dropped != Some(Control::Landlock) {
            self.scene.rules = Some(landlock::rules(version)?);
            self.landlock = (version, self.root.made);
        }
        Ok(())
    }

    /// Waits a little, looks at limits and orders. True when init is dead.
    fn watch(&mut self, running: &mut Running, prepared: &Prepared) -> io::Result<bool> {
        let [dead, spoken] = sys::poll(
            [running.process.as_raw_fd(), self.socket.as_raw_fd()],
            Some(POLLING),
        )?;
        if dead {
            return Ok(true);
        }
        if spoken {
            let Some((len, _)) = socket::receive(&self.socket, &mut self.buffer)? else {
                // The server is gone; so is whoever wanted to know. Init dies with us.
                return Err(io::Error::from_raw_os_error(libc::EPIPE));
            };
            match Order::decode(&self.buffer[..len]) {
                Ok(Order::Usage) => say(&self.socket, &Report::Usage(self.usage(running)), &[])?,
                Ok(Order::Kill) => self.stop(running, Stop::Killed)?,
                _ => return Err(io::Error::from_raw_os_error(libc::EBADMSG)),
            }
        }
        let usage = self.usage(running);
        running.sampled = running.sampled.max(usage.memory);
        let limits = &prepared.request.limits;
        let now = sys::now();
        let on = |control| self.dropped != Some(control);
        let since = now.saturating_sub(running.began);
        let out_of_memory = self.leaf.memory_kills() > running.memory_kills
            || (self.scene.degraded && usage.memory > limits.memory);
        let reasons = [
            (out_of_memory && on(Control::Memory), Stop::Memory),
            (usage.cpu > limits.cpu && on(Control::Cpu), Stop::Cpu),
            (
                Duration::from_nanos(since) > limits.wall && on(Control::Wall),
                Stop::Wall,
            ),
        ];
        let reason = reasons
            .into_iter()
            .find_map(|(met, reason)| met.then_some(reason));
        if let Some(reason) = reason {
            self.stop(running, reason)?;
        }
        if running
            .killed
            .is_some_and(|killed| now.saturating_sub(killed) > DYING.as_nanos() as u64)
        {
            return Err(io::Error::other("a killed run did not end"));
        }
        Ok(false)
    }

    fn stop(&self, running: &mut Running, reason: Stop) -> io::Result<()> {
        if running.killed.is_none() {
            running.stop = Some(reason);
            running.killed = Some(sys::now());
            // The kernel kills all of a process space with its first process, whose end says that all are dead.
            sys::kill(&running.process)?;
        }
        Ok(())
    }

    fn usage(&self, running: &Running) -> Usage {
        let page = self.scene.page;
        match self.leaf.cpu() {
            Some(cpu) => Usage {
                cpu: Duration::from_nanos(cpu.saturating_sub(running.cpu)),
                memory: self.leaf.memory(),
            },
            None => Usage {
                cpu: Duration::from_nanos(page.cpu.load(Ordering::SeqCst)),
                memory: page.memory.load(Ordering::SeqCst),
            },
        }
    }

    /// Everything is dead: figures, artifacts, and the answer.
    fn finish(&mut self, mut running: Running, prepared: &Prepared) -> io::Result<()> {
        let gone = sys::wait(running.pid, 0)?;
        let own = gone.map_or(0, |(_, _, usage)| init::used(&usage));
        self.empty()?;
        let page = self.scene.page;
        if self.leaf.memory_kills() > running.memory_kills && self.dropped != Some(Control::Memory) {
            running.stop = Some(Stop::Memory);
        }
        let ended = page.step() == Step::Ended;
        let status = page.status.load(Ordering::SeqCst);
        if let Some(error) = page.error()
            && running.stop.is_none()
        {
            return Err(io::Error::other(format!(
                "a run could not be started ({:?}): {error}",
                page.step()
            )));
        }
        if !ended && running.stop.is_none() {
            return Err(io::Error::other(format!(
                "the init of a run died ({:?})",
                page.step()
            )));
        }
        let exit = match ended {
            true if libc::WIFEXITED(status) => Exit::Code(libc::WEXITSTATUS(status)),
            true => Exit::Signal(libc::WTERMSIG(status)),
            false => Exit::Signal(libc::SIGKILL),
        };
        // Without groups: what init has reaped, or where it was killed before it could, the last sample.
        let counted = own.max(page.cpu.load(Ordering::SeqCst));
        let cpu = self
            .leaf
            .cpu()
            .map_or(counted, |cpu| cpu.saturating_sub(running.cpu));
        let limits = &prepared.request.limits;
        // What ends between two looks may have used more than it may.
        if running.stop.is_none()
            && self.dropped != Some(Control::Cpu)
            && Duration::from_nanos(cpu) > limits.cpu
        {
            running.stop = Some(Stop::Cpu);
        }
        let began = match page.began.load(Ordering::SeqCst) {
            0 => running.began,
            began => began,
        };
        let end = if ended {
            page.ended.load(Ordering::SeqCst)
        } else {
            running.killed.unwrap_or_else(sys::now)
        };
        let (taken, files) = take::take(&prepared.request.take, self.dropped);
        let outcome = Outcome {
            exit,
            cpu: Duration::from_nanos(cpu),
            wall: Duration::from_nanos(end.saturating_sub(began)),
            memory_peak: self.leaf.peak(running.sampled),
            stop: running.stop,
            taken,
        };
        let fds: Vec<RawFd> = files.iter().map(AsRawFd::as_raw_fd).collect();
        say(&self.socket, &Report::Done(outcome), &fds)
    }

    /// Sees to it that nothing of the run lives. Killing the group is the second way, for what was not in the
    /// process space, and the slot's last: some kernels (6.18) kill whatever is cloned into it from then on.
    fn empty(&mut self) -> io::Result<()> {
        let since = sys::now();
        while self.leaf.populated()? {
            self.leaf.kill()?;
            self.spent = true;
            if sys::now() - since > DYING.as_nanos() as u64 {
                return Err(io::Error::other("processes of a run did not end"));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Makes the slot as it was before the run, or fails, and then it is built anew.
    fn clean(&mut self) -> io::Result<()> {
        if self.spent {
            return Err(io::Error::other("the slot is spent"));
        }
        told("emptying folders", self.root.clean())?;
        if self.leaf.leftover() < LEFTOVER {
            return Ok(());
        }
        // What is in /data may be wanted; it is within the limits of the run that wrote it.
        let data = sys::filled(c"/data").map_or(0, |[blocks, free, ..]| blocks.saturating_sub(free) * 4096);
        let since = sys::now();
        while self.leaf.leftover().saturating_sub(data) >= LEFTOVER {
            if sys::now() - since > SETTLING.as_nanos() as u64 {
                return Err(io::Error::other("a run left memory behind"));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

/// Makes this process an ordinary user with all rights in a user namespace of its own.
fn own_user(uid: u32) -> io::Result<()> {
    // SAFETY: takes nothing.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    sys::unshare(libc::CLONE_NEWUSER)?;
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{uid} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{uid} {group} 1"))
}

/// Nothing that is executed from here on gains a right, whoever owns it.
fn bind_privileges() -> io::Result<()> {
    /// `SECBIT_NOROOT` and its lock: executing as root gives nothing.
    const NO_ROOT: libc::c_ulong = 0b11;
    sys::prctl(libc::PR_SET_SECUREBITS, NO_ROOT)?;
    for capability in 0..64 {
        match sys::prctl(libc::PR_CAPBSET_DROP, capability) {
            // Past the last one that this kernel has.
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => break,
            other => other?,
        }
    }
    Ok(())
}
