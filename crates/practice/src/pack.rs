//! Packs from the binary and from folders. The folders belong to strangers: what is read is bounded,
//! and nothing outside the folder is.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bank::{Bank, Diagnostic, SourceFile};
use prepare::set::{FileError, Roles, Terms};

use crate::Error;

/// The bank that ships, from `bank/` at the root of the repository.
const SHIPPED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The file of terms at the root of a pack.
pub(crate) const TERMS_FILE: &str = "terms.toml";

/// The file of roles at the root of a pack.
pub(crate) const ROLES_FILE: &str = "roles.toml";

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
    /// What postings call things, with what later packs add.
    pub terms: Terms,
    /// What roles and levels are asked, with what later packs add.
    pub roles: Roles,
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
    let mut loaded = Loaded {
        bank: Bank::default(),
        terms: Terms::default(),
        roles: Roles::default(),
        findings: Vec::new(),
    };
    loaded.add(&files, None);
    for folder in folders {
        loaded.add(&read(folder)?, Some(folder));
    }
    Ok(loaded)
}

/// A finding in a file of the shipped pack, where a text stands in it; at its top when it is not there, as for
/// a file of another pack.
pub(crate) fn placed(path: &str, near: &str, message: String, cure: String) -> Diagnostic {
    let text = SHIPPED
        .iter()
        .find(|(own, _)| *own == path)
        .map_or("", |(_, text)| text);
    Diagnostic::at(path, text, text.find(near).unwrap_or(0), message, cure)
}

impl Loaded {
    /// Reads the files of one pack over what there is.
    fn add(&mut self, files: &[SourceFile], pack: Option<&PathBuf>) {
        let (bank, mut found) = bank::parse(files, Some(&self.bank));
        self.bank = bank;
        let file = |path: &str| files.iter().find(|file| file.path == path);
        let finding = |file: &SourceFile, error: FileError| {
            let cure = "see docs/sets.md; the file is left out until it is mended";
            Diagnostic::at(&file.path, &file.text, error.at, error.message, cure)
        };
        if let Some(file) = file(TERMS_FILE) {
            match Terms::parse(&file.text, &self.terms) {
                Ok(terms) => self.terms = terms,
                Err(error) => found.push(finding(file, error)),
            }
        }
        if let Some(file) = file(ROLES_FILE) {
            match Roles::parse(&file.text, &self.roles) {
                Ok(roles) => self.roles = roles,
                Err(error) => found.push(finding(file, error)),
            }
        }
        self.findings.extend(found.into_iter().map(|diagnostic| Finding {
            pack: pack.cloned(),
            diagnostic,
        }));
    }
}

/// The Markdown and TOML files below a folder and the programs of its items, in path order.
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
        } else if wanted(root, &path) && (kind.is_file() || (kind.is_symlink() && stays_inside(root, &path)))
        {
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

fn wanted(root: &Path, path: &Path) -> bool {
    let text = path
        .extension()
        .is_some_and(|extension| extension == "md" || extension == "toml");
    text || bank::is_program_file(&relative(root, path))
}

/// The name of a file within its pack.
fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
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
    Ok(SourceFile {
        path: relative(root, path),
        text,
    })
}
