//! Doing slow things only when their inputs have changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::project::Outcome;

/// A hash over the names and contents of files; absent ones count as absent.
pub(crate) fn of_files<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> String {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(file).ok().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// Whether the stamp in `file` says `value`.
pub(crate) fn is_fresh(file: &Path, value: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|stamp| stamp == value)
}

/// Writes the stamp.
pub(crate) fn write(file: &Path, value: &str) -> Outcome {
    std::fs::write(file, value).map_err(|e| format!("write `{}`: {e}", file.display()))
}

/// All files below a folder in order of name, without the folders for which `skip` holds.
pub(crate) fn files_below(folder: &Path, skip: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return files;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_symlink() {
            continue;
        } else if path.is_dir() {
            if !skip(name) {
                files.extend(files_below(&path, skip));
            }
        } else {
            files.push(path);
        }
    }
    files
}
