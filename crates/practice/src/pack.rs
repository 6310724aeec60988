//! Packs from the binary and from folders. The folders belong to strangers: what is read is bounded,
//! and nothing outside the folder is.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bank::{Bank, Diagnostic, SourceFile};

use crate::Error;

/// The bank that ships, from `bank/` at the root of the repository.
const SHIPPED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// Most files in one pack. The shipped bank has about fifty; forty times that loads in a second.
const MAX_FILES: usize = 2_000;

/// Largest file in bytes. The longest shipped item has about 40 KB.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Deepest folder: items lie one level down, and a pack repository may keep its own below that.
const MAX_DEPTH: usize = 6;

/// Something wrong in a pack, with the pack it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Folder of the pack; `None` for the shipped one.
    pub pack: Option<PathBuf>,
    /// What and where.
    pub diagnostic: Diagnostic,
}

/// The items of all packs.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Later packs replace items of the same id.
    pub bank: Bank,
    /// What was wrong; the rest has loaded.
    pub findings: Vec<Finding>,
}

/// Loads the shipped bank and the packs in `folders` over it, in order.
///
/// # Errors
/// A folder cannot be read or is outside the bounds of a pack. A file that is no item is a finding.
pub fn load(folders: &[PathBuf]) -> Result<Loaded, Error> {
    let shipped = |&(path, text): &(&str, &str)| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files: Vec<SourceFile> = SHIPPED.iter().map(shipped).collect();
    let (mut bank, found) = bank::parse(&files, None);
    let tag = |pack: Option<&PathBuf>, found: Vec<Diagnostic>| {
        let pack = pack.cloned();
        found
            .into_iter()
            .map(move |diagnostic| Finding {
                pack: pack.clone(),
                diagnostic,
            })
            .collect::<Vec<_>>()
    };
    let mut findings = tag(None, found);
    for folder in folders {
        let files = read(folder)?;
        let (next, found) = bank::parse(&files, Some(&bank));
        bank = next;
        findings.extend(tag(Some(folder), found));
    }
    Ok(Loaded { bank, findings })
}

/// The Markdown and TOML files below a folder, in path order.
fn read(folder: &Path) -> Result<Vec<SourceFile>, Error> {
    let failed = |source| Error::ReadPack {
        path: folder.to_owned(),
        source,
    };
    let root = folder.canonicalize().map_err(failed)?;
    if !root.is_dir() {
        let rule = "is not a folder: `--bank DIR` takes the root folder of a pack".to_owned();
        return Err(Error::Pack {
            path: folder.to_owned(),
            rule,
        });
    }
    let mut paths = Vec::new();
    walk(&root, &root, 0, &mut paths)?;
    paths.sort();
    paths.iter().map(|path| read_file(&root, path)).collect()
}

fn walk(root: &Path, folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |source| Error::ReadPack {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let kind = fs::symlink_metadata(&path).map_err(failed)?.file_type();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if kind.is_dir() && depth < MAX_DEPTH && !hidden {
            walk(root, &path, depth + 1, paths)?;
        } else if wanted(&path) && (kind.is_file() || (kind.is_symlink() && stays_inside(root, &path))) {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            let rule = format!("has more than {MAX_FILES} files: split it");
            return Err(Error::Pack {
                path: root.to_owned(),
                rule,
            });
        }
    }
    Ok(())
}

fn wanted(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "md" || extension == "toml")
}

/// A link to a file of the same pack is read, any other is not: a pack must not show the owner's files.
fn stays_inside(root: &Path, link: &Path) -> bool {
    link.canonicalize()
        .is_ok_and(|target| target.starts_with(root) && target.is_file())
}

fn read_file(root: &Path, path: &Path) -> Result<SourceFile, Error> {
    let failed = |source| Error::ReadPack {
        path: path.to_owned(),
        source,
    };
    let refused = |rule: String| Error::Pack {
        path: path.to_owned(),
        rule,
    };
    let mut bytes = Vec::new();
    // One byte more than allowed shows that there is more, without reading the rest of it.
    let file = File::open(path).map_err(failed)?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refused(format!(
            "is larger than {MAX_FILE_BYTES} bytes: split it"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        refused(format!(
            "is not UTF-8 at byte {}",
            error.utf8_error().valid_up_to()
        ))
    })?;
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    Ok(SourceFile {
        path: parts.join("/"),
        text,
    })
}
