//! `spar coach`: on a file once, and each time it is saved.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::spar::Spar;

const ITEM: &str = "url-shortener";
const OPEN: &str = "I would keep the links somewhere and send the visitors on. Each of them gets a short name that \
    nobody else has, and when somebody asks for it we look it up and answer. I would start simple and then see \
    how far that carries us, because one can always add machines later.\n";

fn ids(coaching: &Value) -> Vec<&str> {
    let nudges = coaching["nudges"].as_array().expect("nudges");
    nudges.iter().filter_map(|nudge| nudge["id"].as_str()).collect()
}

#[test]
fn says_what_is_missing_and_keeps_nothing() {
    let spar = Spar::new();
    let file = spar.file("answer.txt", OPEN);
    let file = file.to_str().expect("a path");
    let told = spar.run(&["coach", ITEM, file]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let json = spar.run(&["coach", ITEM, file, "--json"]).json();
    let asked = ids(&json);
    assert_eq!(asked.len(), 2, "{json}");
    for id in &asked {
        assert!(told.stdout.contains(id), "{}", told.stdout);
    }
    let further = spar.run_with(&["coach", ITEM, "-", "--json", "--dismiss", asked[0]], OPEN);
    assert!(!ids(&further.json()).contains(&asked[0]), "{}", further.stdout);
    assert!(!spar.data().exists(), "nothing is kept");

    let watched = spar.run(&["coach", ITEM, "-", "--watch"]);
    assert_eq!(watched.code, 2, "{}", watched.stderr);
    let unknown = spar.run(&["coach", "no-such-item", file]);
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
}

/// Ended when dropped, also by a failed assertion.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn listens_again_when_the_file_is_saved() {
    let spar = Spar::new();
    let file = spar.file("answer.txt", "");
    let mut command = spar.command();
    command.args(["coach", ITEM, "--watch", "--json"]).arg(&file);
    let child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let mut watching = Watching(child);
    let mut lines = BufReader::new(watching.0.stdout.take().expect("piped")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("UTF-8");
        serde_json::from_str(&line).expect("JSON")
    };
    assert_eq!(ids(&next()), ["assumptions"]);
    std::fs::write(&file, OPEN).expect("save");
    let after = next();
    assert_eq!(
        after["delivery"]["words"].as_u64(),
        Some(OPEN.split_whitespace().count() as u64)
    );
    assert_eq!(ids(&after).len(), 2, "{after}");
}
