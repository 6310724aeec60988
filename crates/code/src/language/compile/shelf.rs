//! The shelf of compiled programs: a folder of artifacts by content, bounded, shared by processes.
//!
//! An artifact is written into a folder of its own and then renamed to its place, so that nobody sees half of
//! one. What was not used lately is dropped when the shelf is over its size; what was used in the last minutes
//! stays, because a run may be about to start from it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// Size of all programs. One is half a megabyte (Rust) to three (Go): a hundred of the last ones.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A program used within this time is in use. An attempt ends within half a minute; the rest is for a machine
/// that was suspended.
const IN_USE: Duration = Duration::from_secs(5 * 60);

/// A stage older than this was left by a process that died.
const STAGE_LEFT: Duration = Duration::from_secs(24 * 3600);

pub(super) struct Shelf {
    programs: PathBuf,
    stages: PathBuf,
    lock: PathBuf,
}

/// A folder to write into, dropped unless it is put on the shelf.
pub(in crate::language) struct Stage {
    pub(in crate::language) folder: PathBuf,
}

impl Shelf {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let programs = root.join("programs");
        fs::create_dir_all(&programs)?;
        Ok(Self {
            programs,
            stages: root.join("stages"),
            lock: root.join("lock"),
        })
    }

    /// The artifact, marked as used.
    pub(super) fn get(&self, key: &str) -> Option<PathBuf> {
        let folder = self.programs.join(key);
        let dir = File::open(&folder).ok()?;
        // A shelf that is read-only serves all the same.
        let _ = dir.set_modified(SystemTime::now());
        Some(folder)
    }

    pub(super) fn stage(&self) -> io::Result<Stage> {
        Stage::in_folder(&self.stages)
    }

    /// Puts an artifact in its place; another that is there already is as good. Drops what is too much.
    pub(super) fn put(&self, stage: &Stage, key: &str) -> io::Result<PathBuf> {
        let place = self.programs.join(key);
        stage.settle(&place)?;
        let lock = File::create(&self.lock)?;
        // Whoever holds it is trimming already.
        if lock.try_lock().is_ok() {
            self.trim(MAX_BYTES, SystemTime::now())?;
        }
        Ok(place)
    }

    fn trim(&self, max_bytes: u64, now: SystemTime) -> io::Result<()> {
        let mut artifacts = Vec::new();
        let mut total = 0;
        for entry in fs::read_dir(&self.programs)? {
            let entry = entry?;
            let used = entry.metadata()?.modified()?;
            let bytes = bytes_in(&entry.path());
            total += bytes;
            artifacts.push((used, entry.path(), bytes));
        }
        artifacts.sort();
        for (used, folder, bytes) in artifacts {
            let idle = now.duration_since(used).unwrap_or_default();
            if total <= max_bytes || idle < IN_USE {
                break;
            }
            total -= bytes;
            let dropped = self.stage()?;
            fs::rename(&folder, dropped.folder.join("dropped"))?;
        }
        for entry in fs::read_dir(&self.stages)?.flatten() {
            let begun = entry.metadata().and_then(|data| data.modified()).unwrap_or(now);
            if now.duration_since(begun).unwrap_or_default() > STAGE_LEFT {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Ok(())
    }
}

impl Stage {
    pub(in crate::language) fn in_folder(stages: &Path) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(stages)?;
        let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = stages.join(name);
        // A process of the same number may have died here.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder)?;
        Ok(Self { folder })
    }

    /// Moves the folder to its place in one step, with its content on the disk before.
    pub(in crate::language) fn settle(&self, place: &Path) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_file() {
                let file = File::open(path)?;
                readable(&file)?;
                file.sync_all()?;
            }
        }
        readable(&File::open(&self.folder)?)?;
        match fs::rename(&self.folder, place) {
            Err(_) if place.is_dir() => Ok(()),
            moved => moved,
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Programs run as another user than the judge, whatever files it makes by default.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    // Whoever may search a folder or execute a program, may do so after it.
    let by_owner = permissions.mode() & 0o500;
    permissions.set_mode(permissions.mode() | by_owner >> 3 | by_owner >> 6);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|data| data.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(shelf: &Shelf, key: &str, bytes: usize) {
        let stage = shelf.stage().unwrap();
        fs::write(stage.folder.join("program"), vec![0; bytes]).unwrap();
        shelf.put(&stage, key).unwrap();
    }

    #[test]
    fn the_longest_unused_is_dropped_and_nothing_in_use() {
        let root = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(root.path()).unwrap();
        for key in ["a", "b", "c"] {
            put(&shelf, key, 1000);
        }
        let now = SystemTime::now();
        let old = |key: &str, minutes: u64| {
            let dir = File::open(shelf.programs.join(key)).unwrap();
            dir.set_modified(now - Duration::from_secs(60 * minutes)).unwrap();
        };
        old("a", 20);
        old("b", 30);
        shelf.trim(2500, now).unwrap();
        assert!(shelf.get("b").is_none(), "it was used first");
        assert!(shelf.get("a").is_some());
        shelf.trim(0, now).unwrap();
        assert!(
            shelf.get("a").is_some() && shelf.get("c").is_some(),
            "both are in use"
        );
    }

    #[test]
    fn the_same_artifact_twice_is_one() {
        let root = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(root.path()).unwrap();
        put(&shelf, "a", 10);
        put(&shelf, "a", 10);
        assert_eq!(bytes_in(&shelf.get("a").unwrap()), 10);
        assert_eq!(fs::read_dir(&shelf.stages).unwrap().count(), 0, "stages are gone");
    }
}
