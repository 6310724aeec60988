//! Programs, really run: by `spar try`, by the server in the background, and again after `kill -9`.
//!
//! Needs what the code round needs: a sandbox that works and Python on `PATH`.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::durability::{Server, request, start_with};
use crate::spar::{Run, Spar};

const ITEM: &str = "lru-cache";

/// Longest wait for a grading: an attempt ends within half a minute, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

fn proofs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bank/code/lru-cache")
}

fn reference() -> String {
    std::fs::read_to_string(proofs().join("submissions/accepted/reference.py")).unwrap()
}

/// With the environment's own `PATH`: Python may lie anywhere.
fn run(spar: &Spar, args: &[&str]) -> Run {
    let path = std::env::var("PATH").unwrap();
    let output = spar.command().env("PATH", path).args(args).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_program_is_tried_and_kept() {
    let spar = Spar::new();
    let program = spar.file("work/main.py", &reference());
    let full = std::fs::read_to_string(proofs().join("tests-full.txt")).unwrap();
    spar.file("work/tests.txt", &full);
    let folder = program.parent().unwrap().to_string_lossy().into_owned();
    let tried = run(&spar, &["try", ITEM, &folder, "--json"]);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    let attempt = tried.json();
    assert_eq!(
        (&attempt["state"], &attempt["scorecard"]["verdict"]),
        (&json!("scored"), &json!("accepted")),
        "{attempt}"
    );
    assert_eq!(attempt["scorecard"]["score"], json!(100.0), "{attempt}");
    assert!(tried.stderr.contains("compiling"), "{}", tried.stderr);
    let listed = run(&spar, &["history", "--json"]).json();
    assert_eq!(listed[0]["id"], attempt["id"]);
    let shown = run(&spar, &["history", attempt["id"].as_str().unwrap()]);
    assert!(shown.stdout.contains("accepted"), "{}", shown.stdout);
}

#[test]
fn a_wrong_program_shows_the_first_failing_case() {
    let spar = Spar::new();
    let program = spar.file(
        "main.py",
        "class LruCache:\n    def __init__(self, capacity):\n        self.d = {}\n\
         \x20   def put(self, now_ms, key, value, ttl_ms):\n        self.d[key] = value\n\
         \x20   def get(self, now_ms, key):\n        return self.d.get(key)\n\
         \x20   def delete(self, now_ms, key):\n        return self.d.pop(key, None) is not None\n\
         \x20   def size(self, now_ms):\n        return len(self.d)\n",
    );
    let tried = run(&spar, &["try", ITEM, &program.to_string_lossy(), "--no-save"]);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    for expected in [
        "wrong answer",
        "The first failing case",
        "expected",
        "One fix first",
    ] {
        assert!(tried.stdout.contains(expected), "{expected}: {}", tried.stdout);
    }
    assert!(run(&spar, &["history"]).stdout.contains("no attempts yet"));
}

#[test]
fn a_folder_is_started_once() {
    let spar = Spar::new();
    let folder = spar.file("beside", "").parent().unwrap().join("mine");
    let at = folder.to_string_lossy().into_owned();
    let started = spar.run(&["start", ITEM, "--lang", "rust", &at]);
    assert_eq!(started.code, 0, "{}", started.stderr);
    let prompt = std::fs::read_to_string(folder.join("PROMPT.md")).unwrap();
    assert!(prompt.contains("## What is scored") && prompt.contains("spar try lru-cache"));
    let starter = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    assert!(starter.contains("LruCache"), "{starter}");
    assert!(folder.join("tests.txt").is_file());
    std::fs::write(folder.join("main.rs"), "mine").unwrap();
    let again = spar.run(&["start", ITEM, "--lang", "rust", &at]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(folder.join("main.rs")).unwrap(), "mine");
    assert_eq!(spar.run(&["start", "pagination", "--lang", "go"]).code, 2);
}

#[test]
fn what_a_file_does_not_say_is_asked_for() {
    let spar = Spar::new();
    let file = spar.file("cache.txt", "x = 1").to_string_lossy().into_owned();
    let odd = spar.run(&["try", ITEM, &file]);
    assert_eq!(odd.code, 2, "{}", odd.stderr);
    assert!(odd.stderr.contains("--lang"), "{}", odd.stderr);
    assert_eq!(spar.run(&["try", ITEM, "-"]).code, 2);
    assert_eq!(spar.run(&["try", ITEM, "-", "--lang", "cobol"]).code, 2);
    assert_eq!(
        spar.run(&["try", ITEM, "-", "--lang", "python", "--watch"]).code,
        2
    );
    assert_eq!(
        spar.run(&["try", "pagination", &file, "--lang", "python"]).code,
        2
    );
}

fn post(server: &Server, text: &str) -> Value {
    let files = json!([{"path": "main.py", "text": text}]);
    let body =
        json!({"item": ITEM, "submission": {"type": "source", "lang": "python", "files": files}, "seed": 3});
    let (status, _, attempt) =
        request(&server.address, "POST /api/v1/attempts", "", &body.to_string()).unwrap();
    assert!(status == 202 || status == 201, "{status}: {attempt}");
    attempt
}

fn graded(server: &Server, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let (_, _, attempt) =
            request(&server.address, &format!("GET /api/v1/attempts/{id}"), "", "").unwrap();
        if attempt["grading"].is_null() {
            return attempt;
        }
        assert!(begun.elapsed() < PATIENCE, "{attempt}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_killed_server_loses_no_program_that_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var("PATH").unwrap();
    let server = start_with(folder.path(), &[("PATH", &path)]);
    let ids: Vec<String> = (0..3)
        .map(|n| post(&server, &format!("{}\n# {n}\n", reference())))
        .map(|attempt| attempt["id"].as_str().unwrap().to_owned())
        .collect();
    // Long enough for the judge to have begun with one, too short for all.
    std::thread::sleep(Duration::from_millis(1500));
    drop(server);
    let server = start_with(folder.path(), &[("PATH", &path)]);
    for id in &ids {
        let attempt = graded(&server, id);
        assert_eq!(
            (&attempt["state"], &attempt["scorecard"]["verdict"]),
            (&json!("scored"), &json!("accepted")),
            "{attempt}"
        );
    }
    let body = json!({
        "lang": "python",
        "files": [{"path": "main.py", "text": reference()}],
        "on": "examples",
    });
    let line = format!("POST /api/v1/items/{ITEM}/runs");
    let (status, _, ran) = request(&server.address, &line, "", &body.to_string()).unwrap();
    assert_eq!((status, &ran["compile_error"]), (200, &json!(null)), "{ran}");
    let cases = ran["cases"].as_array().unwrap();
    assert!(
        cases.len() >= 2 && cases.iter().all(|case| case["verdict"] == "accepted"),
        "{ran}"
    );
}

#[test]
fn a_save_runs_it_again() {
    let spar = Spar::new();
    let program = spar.file("main.py", "class LruCache:\n    pass\n");
    let log = program.with_file_name("log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_spar"))
        .args(["try", ITEM, "--watch", "--no-save", "--data"])
        .arg(spar.data())
        .arg(&program)
        .stdout(std::fs::File::create(&log).unwrap())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let wait_for = |text: &str| {
        let begun = Instant::now();
        while !std::fs::read_to_string(&log).unwrap().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no `{text}`");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    wait_for("of 100");
    // As many editors save: the file is gone for a moment.
    std::fs::remove_file(&program).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    std::fs::write(&program, reference()).unwrap();
    wait_for("accepted");
    child.kill().unwrap();
    child.wait().unwrap();
}
