//! `spar set`: from a file, from standard input, without any description.

use serde_json::Value;

use crate::spar::Spar;

const POSTING: &str = "Requirements\n- Idempotency and retries are second nature to you\n- PostgreSQL, transactions \
    and isolation levels\n- Kafka and event-driven services\nWhat we offer\n- Redis-branded socks\n";

/// What a choice consists of: everything but where and when it is kept.
fn choice(mut set: Value) -> Value {
    for own in ["id", "created_at"] {
        set[own] = Value::Null;
    }
    set
}

#[test]
fn a_posting_in_a_file_gives_a_set_with_its_reasons() {
    let spar = Spar::new();
    let posting = spar.file("posting.txt", POSTING);
    let cv = spar.file("cv.txt", "Ran Kafka for two years.");
    let (posting, cv) = (posting.to_string_lossy(), cv.to_string_lossy());
    let args = ["set", "--job", &posting, "--level", "senior", "--minutes", "60"];
    let shown = spar.run(&[&args[..], &["--cv", &cv]].concat());
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let text = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "of 60 minutes, senior backend, seed 0",
        "The posting demands “Idempotency” and “retries”: this question is about idempotency and retries.",
        "spar practice idempotent-payments",
        "What your CV claims Your CV says “Kafka”.",
        "What your CV does not show",
        "kept as ",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    assert!(!text.contains("Redis"), "{text}");
}

#[test]
fn the_same_seed_gives_the_same_set_from_a_file_and_from_standard_input() {
    let spar = Spar::new();
    let posting = spar.file("posting.txt", POSTING);
    let posting = posting.to_string_lossy();
    let from_file = spar.run(&["set", "--job", &posting, "--seed", "5", "--json"]);
    assert_eq!(from_file.code, 0, "{}", from_file.stderr);
    let set = from_file.json();
    assert!(!set["id"].as_str().unwrap_or_default().is_empty());
    assert!(
        set["entries"].as_array().is_some_and(|entries| entries.len() > 8),
        "{set}"
    );
    // What is kept is listed and shown again.
    let listed = spar.run(&["set", "--kept", "--json"]).json();
    assert_eq!((&listed[0]["id"], &listed[1]), (&set["id"], &Value::Null));
    let id = set["id"].as_str().expect("an id");
    assert_eq!(spar.run(&["set", "--kept", id, "--json"]).json(), set);
    assert!(spar.run(&["set", "--kept"]).stdout.starts_with(id));
    // Elsewhere, unkept, twice: the same bytes.
    let other = Spar::new();
    let unkept = ["set", "--job", "-", "--seed", "5", "--json", "--no-save"];
    let from_input = other.run_with(&unkept, POSTING);
    assert_eq!(other.run_with(&unkept, POSTING).stdout, from_input.stdout);
    assert_eq!(choice(from_input.json()), choice(set));
    assert!(!other.data().exists(), "nothing is kept");
}

#[test]
fn what_a_set_cannot_be_made_from_is_said() {
    let spar = Spar::new();
    let without = spar.run(&["set", "--level", "junior", "--no-save"]);
    assert_eq!(without.code, 0, "{}", without.stderr);
    assert!(
        without.stdout.contains("There is no job description"),
        "{}",
        without.stdout
    );
    let long = spar.file("long.txt", &"x ".repeat(20_000));
    let long = long.to_string_lossy();
    for (args, said) in [
        (&["--role", "pilot"][..], "backend, software-engineer"),
        (&["--minutes", "5"], "`minutes` must be 10 to 600"),
        (&["--level", "principal"], "principal"),
        (&["--job", "no-such-file.txt"], "no-such-file.txt"),
        (&["--job", &long], "32768"),
        (&["--job", "-", "--cv", "-"], "one text only"),
        (&["--title", "two\nlines"], "`title` must be one line"),
        (
            &["--seed", "9007199254740992"],
            "`seed` must be 0 to 9007199254740991",
        ),
    ] {
        let run = spar.run(&[&["set"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(said), "`{said}` in {}", run.stderr);
        assert_eq!(run.stdout, "", "{args:?}");
    }
}

#[test]
fn a_set_prints_and_leaves_as_a_package() {
    let spar = Spar::new();
    let set = spar
        .run_with(&["set", "--job", "-", "--title", "Payments", "--json"], POSTING)
        .json();
    let id = set["id"].as_str().expect("an id");
    let text = spar.run(&["paper", "set", id, "--format", "markdown", "-o", "-"]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(
        text.stdout.starts_with("# Payments\n") && text.stdout.contains("The posting demands “Idempotency”"),
        "{}",
        text.stdout
    );
    let written = |command: &str, name: &str| {
        let path = spar.file(name, "something older");
        let run = spar.run(&["paper", command, id, "-o", &path.to_string_lossy()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        std::fs::read(path).expect("the file")
    };
    assert!(written("set", "set.pdf").starts_with(b"%PDF-"));
    let package = written("set-cards", "set.apkg");
    assert!(package.starts_with(b"PK\x03\x04"));
    assert_eq!(written("set-cards", "again.apkg"), package);
    for command in ["set", "set-cards"] {
        let unknown = spar.run(&["paper", command, "01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
        assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    }
}
