//! Which control groups this process may use, and where its leaves lie.
//!
//! Leaves are made only below the group that the process is in already (with version 2 also beside it, where
//! the parent has the controllers), and nothing of the host is mounted, unmounted or changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::leaf::Leaf;
use crate::Backend;

/// Names of our groups start with this; then come the broker's number, its start, and the slot.
const PREFIX: &str = "spar-";
/// How long a group may take to empty after its processes were killed.
const EMPTYING: Duration = Duration::from_secs(2);

/// Where leaves are made.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    /// What there is.
    pub backend: Backend,
    /// What is not held, in plain sentences.
    pub warnings: Vec<String>,
    /// Folder of version 2, for killing and counting; with V2 for everything.
    pub core: Option<PathBuf>,
    /// Folders of version 1: memory, pids, cpu. The last may be missing.
    pub memory: Option<PathBuf>,
    /// As above.
    pub pids: Option<PathBuf>,
    /// As above.
    pub cpu: Option<PathBuf>,
    /// The name of this broker in the names of its leaves.
    name: String,
}

impl Groups {
    /// Finds the best backend that really works, or the one asked for. Ends what dead brokers left behind.
    ///
    /// # Errors
    /// The backend that was asked for does not work, and why.
    pub(super) fn find(wanted: Option<Backend>) -> Result<Self, String> {
        let places = Places::read().map_err(|error| format!("control groups cannot be listed: {error}"))?;
        let name = own_name().map_err(|error| format!("the broker's own start cannot be read: {error}"))?;
        let mut why = Vec::new();
        for groups in places.candidates(&name) {
            if wanted.is_some_and(|wanted| wanted != groups.backend) {
                continue;
            }
            groups.sweep();
            match groups.try_out() {
                Ok(()) => return Ok(groups),
                Err(error) => why.push(format!("{:?}: {error}", groups.backend)),
            }
        }
        Err(format!(
            "no control groups of the wanted kind can be used ({})",
            why.join("; ")
        ))
    }

    /// The folders of a slot's leaf: version 2 first.
    pub(super) fn folders(&self, slot: u32) -> Vec<PathBuf> {
        let name = format!("{PREFIX}{}-{slot}", self.name);
        let all = [&self.core, &self.memory, &self.pids, &self.cpu];
        all.into_iter().flatten().map(|base| base.join(&name)).collect()
    }

    /// Makes the leaf of a slot.
    ///
    /// # Errors
    /// A folder cannot be made.
    pub(super) fn make(&self, slot: u32) -> io::Result<()> {
        for folder in self.folders(slot) {
            match fs::create_dir(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Kills what is in a slot's leaf and removes it.
    pub(super) fn remove(&self, slot: u32) {
        self.folders(slot).iter().for_each(|folder| remove(folder));
    }

    /// Removes the leaves of brokers that are dead: here, and in the groups beside ours, where a server that was
    /// started another time may have been.
    fn sweep(&self) {
        for base in [&self.core, &self.memory, &self.pids, &self.cpu]
            .into_iter()
            .flatten()
        {
            sweep(base);
            let beside = base
                .parent()
                .map(fs::read_dir)
                .into_iter()
                .flatten()
                .flatten()
                .flatten();
            for group in beside.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
                sweep(&group.path());
            }
        }
    }

    /// Makes a leaf, opens what a slot needs of it, and removes it again.
    fn try_out(&self) -> io::Result<()> {
        const TRIAL: u32 = u32::MAX;
        let tried = self.make(TRIAL).and_then(|()| Leaf::open(self, TRIAL).map(drop));
        self.remove(TRIAL);
        tried
    }
}

/// Removes the leaves of dead brokers in a group.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let owner = owner
            .and_then(|rest| rest.rsplit_once('-'))
            .map(|(owner, _)| owner);
        let Some((pid, start)) = owner.and_then(|owner| owner.split_once('-')) else {
            continue;
        };
        if started(pid).as_deref() != Some(start) {
            remove(&entry.path());
        }
    }
}

/// Kills what is in a group, waits until it is empty, and removes it.
fn remove(folder: &Path) {
    let until = std::time::Instant::now() + EMPTYING;
    while let Err(error) = fs::remove_dir(folder) {
        if error.kind() == io::ErrorKind::NotFound || std::time::Instant::now() > until {
            return;
        }
        if fs::write(folder.join("cgroup.kill"), "1").is_err() {
            let members = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
            for pid in members.lines().filter_map(|pid| pid.parse::<libc::pid_t>().ok()) {
                // SAFETY: only sends a signal; the process is in a group that we made.
                unsafe { libc::kill(pid, libc::SIGKILL) };
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The start of a process in ticks since boot: with its number a name that is not used twice.
fn started(pid: &str) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command may hold anything, so count from its closing parenthesis: the start is the 20th after it.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}

fn own_name() -> io::Result<String> {
    let pid = std::process::id().to_string();
    let start = started(&pid).ok_or_else(|| io::Error::from_raw_os_error(libc::ESRCH))?;
    Ok(format!("{pid}-{start}"))
}

/// What this system has mounted, and where this process is in it.
struct Places {
    /// The group of this process in version 2.
    unified: Option<PathBuf>,
    /// The group and its parent in version 2 where controllers may be had.
    memory: Option<PathBuf>,
    pids: Option<PathBuf>,
    cpu: Option<PathBuf>,
}

impl Places {
    fn read() -> io::Result<Self> {
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        let own = fs::read_to_string("/proc/self/cgroup")?;
        let place = |controller: Option<&str>| place(&mounts, &own, controller);
        Ok(Self {
            unified: place(None),
            memory: place(Some("memory")),
            pids: place(Some("pids")),
            cpu: place(Some("cpu")),
        })
    }

    /// What could be used, best first.
    fn candidates(&self, name: &str) -> Vec<Groups> {
        let bare = |backend| Groups {
            backend,
            warnings: Vec::new(),
            core: None,
            memory: None,
            pids: None,
            cpu: None,
            name: name.to_owned(),
        };
        let mut all = Vec::new();
        // Beside us where our parent gives its children the controllers; below us where we may give them.
        let own = self.unified.as_deref();
        for base in own
            .into_iter()
            .chain(own.and_then(Path::parent))
            .filter(|base| gives(base))
        {
            all.push(Groups {
                core: Some(base.to_owned()),
                ..bare(Backend::V2)
            });
        }
        if let (Some(core), Some(memory), Some(pids)) = (&self.unified, &self.memory, &self.pids) {
            let mut groups = bare(Backend::Hybrid);
            groups.core = Some(core.clone());
            groups.memory = Some(memory.clone());
            groups.pids = Some(pids.clone());
            groups.cpu = self.cpu.clone();
            if self.cpu.is_none() {
                groups
                    .warnings
                    .push("The share of cores of a program is not limited.".to_owned());
            }
            all.push(groups);
        }
        let mut degraded = bare(Backend::Degraded);
        degraded.warnings = [
            "Memory is limited for each process of a program, not for all of them together.",
            "Files in memory do not count towards the limit on memory.",
            "The share of cores of a program is not limited.",
            "CPU time is sampled while a program runs, so a limit is kept less exactly.",
        ]
        .map(str::to_owned)
        .to_vec();
        all.push(degraded);
        all
    }
}

/// Whether children of a group of version 2 have the controllers we need, after asking for them.
fn gives(base: &Path) -> bool {
    let control = base.join("cgroup.subtree_control");
    // Each by itself: cores are wanted, the other two are needed. What cannot be had shows below.
    for controller in ["+memory", "+pids", "+cpu"] {
        let offered = fs::read_to_string(base.join("cgroup.controllers")).unwrap_or_default();
        if offered.split_whitespace().any(|name| name == &controller[1..]) {
            fs::write(&control, controller).unwrap_or_default();
        }
    }
    let given = fs::read_to_string(&control).unwrap_or_default();
    ["memory", "pids"]
        .iter()
        .all(|need| given.split_whitespace().any(|name| name == *need))
}

/// The folder of this process's group with a controller of version 1, or in version 2.
fn place(mounts: &str, own: &str, controller: Option<&str>) -> Option<PathBuf> {
    let group = own.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':');
        let (_, names, path) = (parts.next()?, parts.next()?, parts.next()?);
        let ours = match controller {
            Some(controller) => names.split(',').any(|name| name == controller),
            None => names.is_empty(),
        };
        ours.then_some(path)
    })?;
    mounts.lines().find_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let kind: Vec<&str> = kind.split(' ').collect();
        let fits = match controller {
            Some(controller) => {
                kind.first() == Some(&"cgroup") && kind.last()?.split(',').any(|option| option == controller)
            }
            None => kind.first() == Some(&"cgroup2"),
        };
        let place: Vec<&str> = place.split(' ').collect();
        let (root, at) = (place.get(3)?, place.get(4)?);
        // What is mounted may be a part of the tree; then our path is told from the top of that part.
        let below = group.strip_prefix(root.trim_end_matches('/')).unwrap_or(group);
        fits.then(|| Path::new(at).join(below.trim_start_matches('/')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_groups_of_both_versions() {
        let mounts = "35 31 0:32 / /c/memory rw,relatime - cgroup cgroup rw,memory\n\
                      41 31 0:38 / /c/unified rw,relatime - cgroup2 cgroup2 rw\n";
        let own = "4:memory:/a/b\n1:cpu:/\n0::/u\n";
        assert_eq!(
            place(mounts, own, Some("memory")),
            Some(PathBuf::from("/c/memory/a/b"))
        );
        assert_eq!(place(mounts, own, None), Some(PathBuf::from("/c/unified/u")));
        assert_eq!(place(mounts, own, Some("pids")), None);
        assert_eq!(place(mounts, own, Some("cpu")), None);
    }
}
