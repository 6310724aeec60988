//! Files for elsewhere, and the deletion of everything.

use crate::spar::Spar;

const SECRET: &str = "quagga-of-the-night-shift";

fn attempt(spar: &Spar) -> String {
    let said = format!("Use keyset, not offset. {SECRET}");
    assert_eq!(spar.run_with(&["try", "pagination", "-"], &said).code, 0);
    let listed = spar.run(&["history", "--json"]).json();
    listed[0]["id"].as_str().expect("an attempt").to_owned()
}

/// How many files of the data folder hold the words.
fn traces(spar: &Spar) -> usize {
    let files = std::fs::read_dir(spar.data()).expect("data folder");
    let holds = |path: std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes())
    };
    files
        .filter(|file| holds(file.as_ref().expect("entry").path()))
        .count()
}

#[test]
fn prints_an_attempt() {
    let spar = Spar::new();
    let id = attempt(&spar);
    let text = spar.run(&["paper", "attempt", &id, "--format", "markdown", "-o", "-"]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(
        text.stdout.starts_with("# ") && text.stdout.contains(SECRET),
        "{}",
        text.stdout
    );
    // The name says the format.
    let pdf = spar.file("card.pdf", "something older");
    let path = pdf.to_string_lossy().into_owned();
    let run = spar.run(&["paper", "attempt", &id, "-o", &path, "--sheet", "letter"]);
    assert_eq!(
        (run.code, run.stdout.trim()),
        (0, path.as_str()),
        "{}",
        run.stderr
    );
    let bytes = std::fs::read(&pdf).expect("the file");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 10_000);
    for wrong in [&["--format", "docx"][..], &["--sheet", "a5"]] {
        let args = [&["paper", "attempt", &id, "-o", &path], wrong].concat();
        assert_eq!(spar.run(&args).code, 2, "{wrong:?}");
    }
    let unknown = spar.run(&["paper", "attempt", "01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    assert_eq!(std::fs::read(&pdf).expect("the file"), bytes);
}

#[test]
fn prints_a_story_and_a_plan() {
    let spar = Spar::new();
    let mut document = spar.run(&["export"]).json();
    document["documents"] = serde_json::json!([{
        "kind": "story", "id": "outage", "version": 1, "created_at": "2026-11-22T12:00:00Z",
        "updated_at": "2026-11-22T12:00:00Z",
        "body": {"title": "The Acme outage", "situation": "Acme was down.", "names": ["Acme"]},
    }]);
    let file = spar.file("story.json", &document.to_string());
    let run = spar.run(&["import", &file.to_string_lossy()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let markdown = ["--format", "markdown", "-o", "-"];
    let story = spar.run(&[&["paper", "story", "outage"], &markdown[..]].concat());
    assert!(story.stdout.contains("name\\] was down."), "{}", story.stdout);
    assert!(!story.stdout.contains("Acme"), "{}", story.stdout);
    let paper = ["paper", "plan", "--date", "2026-11-24"];
    assert_eq!(spar.run(&paper).code, 2, "there is no plan");
    let set = ["plan", "set", "--interview", "2027-01-18", "--date", "2026-11-23"];
    assert_eq!(spar.run(&set).code, 0);
    let plan = spar.run(&[&paper, &markdown[..]].concat());
    for part in [
        "# Until the interview on 18 January 2027",
        "## Today, Tuesday 24 November",
        "| Wed",
    ] {
        assert!(plan.stdout.contains(part), "{part}: {}", plan.stdout);
    }
    let pdf = spar.file("plan.pdf", "");
    let run = spar.run(&[&paper[..], &["-o", &pdf.to_string_lossy()]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(std::fs::read(&pdf).expect("the file").starts_with(b"%PDF-1.7"));
    let soon = spar.run(&["paper", "plan", "--date", "soon"]);
    assert!(
        soon.code == 2 && soon.stderr.contains("is not a date"),
        "{}",
        soon.stderr
    );
}

#[test]
fn wipes_only_when_told_so() {
    let spar = Spar::new();
    attempt(&spar);
    for said in ["", "\nyes\n", "\n\n", "\ndelete\n"] {
        let run = spar.run_with(&["wipe"], said);
        assert_eq!(run.code, 2, "{said:?}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was deleted"), "{}", run.stderr);
    }
    assert!(traces(&spar) > 0);
    // The export is offered, and made before anything goes.
    let file = spar.file("before.json", "");
    let said = format!("{}\ndelete everything\n", file.display());
    let run = spar.run_with(&["wipe"], &said);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(traces(&spar), 0);
    assert_eq!(spar.run(&["history", "--json"]).json(), serde_json::json!([]));
    let done = spar.run(&["import", &file.to_string_lossy(), "--json"]).json();
    assert_eq!(done["attempts"]["added"], 1);
    // In a script nobody is asked.
    let again = spar.file("again.json", "");
    let run = spar.run(&["wipe", "--yes", "--export", &again.to_string_lossy()]);
    assert_eq!((run.code, traces(&spar)), (0, 0), "{}", run.stderr);
    let [one, two] = [file, again].map(|path| {
        let text = std::fs::read_to_string(path).expect("an export");
        let mut document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        document["exported_at"].take();
        document
    });
    assert_eq!(one, two);
}
