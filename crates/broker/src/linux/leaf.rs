//! The control group of one slot: limits in, figures out.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::groups::Groups;
use crate::{Backend, Limits};

/// Period of the share of cores in microseconds: the kernel's own default.
const PERIOD: u64 = 100_000;
/// Bytes that a slot may have left from earlier runs without being built anew: below what the cheapest run
/// allocates, above the kernel's batching of charges (64 pages for each core).
pub(super) const LEFTOVER: u64 = 2 << 20;

/// The open files of a slot's control group.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    /// The folder of version 2 that a run is cloned into.
    pub folder: Option<OwnedFd>,
    kill: Option<File>,
    events: Option<File>,
    cpu: Option<File>,
    memory: Option<Memory>,
    pids: Option<File>,
    quota: Option<File>,
    version_1: bool,
    /// What was written last, so that a run like the one before writes nothing.
    set: Option<(u64, u64, u64)>,
    /// The peak at the start of the run, where it cannot be started anew.
    before: u64,
    /// How many cores there are.
    machine: f64,
    /// Memory that the slot itself takes up in the group.
    base: u64,
}

#[derive(Debug)]
struct Memory {
    limit: File,
    swap: Option<File>,
    /// Missing on kernels before 5.19, and not to be started anew on those before 6.12.
    peak: Option<File>,
    resets: bool,
    now: File,
    events: File,
    stat: File,
}

/// Memory by kind, in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    anonymous: u64,
    shared: u64,
    /// File pages with the shared ones.
    cached: u64,
}

impl Leaf {
    /// Opens the files of a leaf that has been made, and joins those of version 1: a run's first process is
    /// then born in them, which is cheaper than moving it. With version 2 a run is cloned into the leaf.
    ///
    /// # Errors
    /// A file that is needed is missing or may not be opened.
    pub(super) fn open(groups: &Groups, slot: u32) -> io::Result<Self> {
        let folders = groups.folders(slot);
        let Some(core) = folders.first() else {
            return Ok(Self::default());
        };
        let name = core.file_name().map(PathBuf::from).unwrap_or_default();
        let below = |base: &Option<PathBuf>| base.as_ref().map(|base| base.join(&name));
        let folder = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_DIRECTORY)
            .open(core)?;
        let mut leaf = Self {
            folder: Some(folder.into()),
            kill: Some(writable(core, "cgroup.kill")?),
            events: Some(readable(core, "cgroup.events")?),
            cpu: Some(readable(core, "cpu.stat")?),
            version_1: groups.backend == Backend::Hybrid,
            machine: std::thread::available_parallelism().map_or(1.0, |n| n.get() as f64),
            ..Self::default()
        };
        if !leaf.version_1 {
            leaf.memory = Some(Memory::version_2(core)?);
            leaf.pids = Some(writable(core, "pids.max")?);
            leaf.quota = writable(core, "cpu.max").ok();
        } else if let (Some(memory), Some(pids)) = (below(&groups.memory), below(&groups.pids)) {
            leaf.memory = Some(Memory::version_1(&memory)?);
            leaf.pids = Some(writable(&pids, "pids.max")?);
            leaf.quota = below(&groups.cpu)
                .map(|cpu| writable(&cpu, "cpu.cfs_quota_us"))
                .transpose()?;
            std::fs::write(pids.join("pids.max"), "max")?;
        }
        Ok(leaf)
    }

    /// Moves this process into the groups of version 1.
    ///
    /// # Errors
    /// The kernel refuses.
    pub(super) fn join(groups: &Groups, slot: u32) -> io::Result<()> {
        if groups.backend != Backend::Hybrid {
            return Ok(());
        }
        // The first is version 2, which the slot stays out of so that it outlives a kill.
        for folder in groups.folders(slot).iter().skip(1) {
            std::fs::write(folder.join("cgroup.procs"), "0")?;
        }
        Ok(())
    }

    /// Remembers what the slot itself takes up, when it is built.
    pub(super) fn settle(&mut self) {
        self.base = self.kinds().anonymous + self.kinds().shared;
    }

    /// Sets the limits of a run, and starts its figures anew. `None` leaves a limit out.
    ///
    /// # Errors
    /// The kernel refuses a limit.
    pub(super) fn limit(
        &mut self,
        limits: &Limits,
        memory: bool,
        processes: bool,
        cores: bool,
    ) -> io::Result<()> {
        if self.folder.is_none() {
            return Ok(());
        }
        let bytes = if memory { limits.memory } else { u64::MAX };
        // Besides the program there is its init, and with version 1 the slot.
        let extra = if self.version_1 { 2 } else { 1 };
        let count = if processes {
            u64::from(limits.processes) + extra
        } else {
            u64::MAX
        };
        let all = self.machine;
        let some = cores && limits.cores < all;
        // At least the kernel's smallest quota of a millisecond.
        let quota = if some {
            ((limits.cores * PERIOD as f64) as u64).max(1000)
        } else {
            u64::MAX
        };
        let wanted = (bytes, count, quota);
        if self.set != Some(wanted) {
            self.write_limits(wanted)?;
            self.set = Some(wanted);
        }
        if let Some(memory) = self.memory.as_ref().filter(|memory| memory.resets) {
            // With version 2 this starts the figure anew for this open file.
            memory
                .peak
                .as_ref()
                .map_or(Ok(0), |peak| peak.write_at(b"0", 0))?;
        } else {
            self.before = self.raw_peak();
        }
        Ok(())
    }

    fn write_limits(&self, (bytes, count, quota): (u64, u64, u64)) -> io::Result<()> {
        let number = |value: u64, none: &str| {
            if value == u64::MAX {
                none.to_owned()
            } else {
                value.to_string()
            }
        };
        if let Some(memory) = &self.memory {
            memory.limit(bytes, self.version_1)?;
        }
        if let Some(pids) = &self.pids {
            pids.write_at(number(count, "max").as_bytes(), 0)?;
        }
        if let Some(file) = &self.quota {
            let text = match self.version_1 {
                true => number(quota, "-1"),
                false => format!("{} {PERIOD}", number(quota, "max")),
            };
            file.write_at(text.as_bytes(), 0)?;
        }
        Ok(())
    }

    /// Kills everything in the group.
    ///
    /// # Errors
    /// The kernel refuses.
    pub(super) fn kill(&self) -> io::Result<()> {
        self.kill
            .as_ref()
            .map_or(Ok(0), |kill| kill.write_at(b"1", 0))
            .map(drop)
    }

    /// Whether a process is left in the group.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn populated(&self) -> io::Result<bool> {
        self.events
            .as_ref()
            .map_or(Ok(false), |events| Ok(figure(&text(events)?, "populated") != 0))
    }

    /// CPU time of everything that was ever in the group, in nanoseconds; none without groups.
    pub(super) fn cpu(&self) -> Option<u64> {
        let text = text(self.cpu.as_ref()?).ok()?;
        Some(figure(&text, "usage_usec") * 1000)
    }

    /// How often the kernel killed a process of the group for want of memory.
    pub(super) fn memory_kills(&self) -> u64 {
        let text = self.memory.as_ref().and_then(|memory| text(&memory.events).ok());
        text.map_or(0, |text| figure(&text, "oom_kill"))
    }

    /// Memory in use that is not the kernel's cache of files, without what the slot takes up itself.
    pub(super) fn memory(&self) -> u64 {
        let kinds = self.kinds();
        (kinds.anonymous + kinds.shared).saturating_sub(self.base)
    }

    /// Most memory at once since the limits were set. The cache of files on disk is taken off as it is now,
    /// which may take off too much: `sampled` is a figure that was really seen, and the least that it is.
    pub(super) fn peak(&self, sampled: u64) -> u64 {
        let raw = self.raw_peak();
        if self.memory.is_none() || raw <= self.before {
            return sampled;
        }
        let kinds = self.kinds();
        raw.saturating_sub(kinds.cached.saturating_sub(kinds.shared) + self.base)
            .max(sampled)
    }

    fn raw_peak(&self) -> u64 {
        let peak = self
            .memory
            .as_ref()
            .and_then(|memory| text(memory.peak.as_ref()?).ok());
        peak.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Bytes that earlier runs left behind: memory and files in memory, which a next run would pay for.
    pub(super) fn leftover(&self) -> u64 {
        let Some(memory) = &self.memory else { return 0 };
        let used = text(&memory.now)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0_u64);
        // The whole is a cheap read; only where it is much are the kinds looked at.
        if used < self.base + LEFTOVER {
            0
        } else {
            self.memory()
        }
    }

    fn kinds(&self) -> Kinds {
        let Some(memory) = &self.memory else {
            return Kinds::default();
        };
        let text = text(&memory.stat).unwrap_or_default();
        let [anonymous, cached] = if self.version_1 {
            ["rss", "cache"]
        } else {
            ["anon", "file"]
        };
        Kinds {
            anonymous: figure(&text, anonymous),
            shared: figure(&text, "shmem"),
            cached: figure(&text, cached),
        }
    }
}

impl Memory {
    fn version_1(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            limit: writable(folder, "memory.limit_in_bytes")?,
            // There only where the kernel counts swap.
            swap: writable(folder, "memory.memsw.limit_in_bytes").ok(),
            peak: Some(both(folder, "memory.max_usage_in_bytes")?),
            resets: true,
            now: readable(folder, "memory.usage_in_bytes")?,
            events: readable(folder, "memory.oom_control")?,
            stat: readable(folder, "memory.stat")?,
        })
    }

    fn version_2(folder: &Path) -> io::Result<Self> {
        // Killing one process of a program for want of memory kills all of it.
        std::fs::write(folder.join("memory.oom.group"), "1")?;
        let resets = both(folder, "memory.peak").ok();
        Ok(Self {
            limit: writable(folder, "memory.max")?,
            swap: writable(folder, "memory.swap.max").ok(),
            resets: resets.is_some(),
            peak: resets.or_else(|| readable(folder, "memory.peak").ok()),
            now: readable(folder, "memory.current")?,
            events: readable(folder, "memory.events")?,
            stat: readable(folder, "memory.stat")?,
        })
    }

    fn limit(&self, bytes: u64, version_1: bool) -> io::Result<()> {
        let none = if version_1 { "-1" } else { "max" };
        let text = if bytes == u64::MAX {
            none.to_owned()
        } else {
            bytes.to_string()
        };
        let Some(swap) = &self.swap else {
            return self.limit.write_at(text.as_bytes(), 0).map(drop);
        };
        if version_1 {
            // Memory with swap may never be below memory: first out of the way, then both.
            swap.write_at(b"-1", 0)?;
            self.limit.write_at(text.as_bytes(), 0)?;
            swap.write_at(text.as_bytes(), 0)?;
        } else {
            self.limit.write_at(text.as_bytes(), 0)?;
            swap.write_at(b"0", 0)?;
        }
        Ok(())
    }
}

fn readable(folder: &Path, name: &str) -> io::Result<File> {
    File::open(folder.join(name))
}

fn writable(folder: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new().write(true).open(folder.join(name))
}

fn both(folder: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(folder.join(name))
}

/// The whole of a control file, read anew.
fn text(file: &File) -> io::Result<String> {
    let mut buffer = [0; 4096];
    let len = file.read_at(&mut buffer, 0)?;
    Ok(String::from_utf8_lossy(&buffer[..len]).into_owned())
}

/// The number after a name at the start of a line; 0 where there is none.
fn figure(text: &str, name: &str) -> u64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
