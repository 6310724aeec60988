//! A loop in the terminal: scripted, left in the middle, resumed, shown.

use crate::spar::Spar;

#[test]
fn a_loop_is_left_resumed_and_shown() {
    let spar = Spar::new();
    let first = "\n/ask How many are there?\nI would first ask who uses it and how much.\n";
    let begun = spar.run_with(
        &["loop", "system-design", "--level", "senior", "--seed", "3"],
        first,
    );
    assert_eq!(begun.code, 0, "{}", begun.stderr);
    assert!(
        begun.stdout.contains("Designs are not simulated here yet"),
        "{}",
        begun.stdout
    );
    let id = begun
        .stdout
        .split("--resume ")
        .nth(1)
        .expect("it says how to go on")
        .trim();
    let list = spar.run(&["loop", "list", "--json"]).json();
    assert_eq!(list[0]["id"], id);
    assert_eq!(list[0]["phase"], "running");
    let show = spar.run(&["loop", "show", id, "--json"]).json();
    assert_eq!(
        (&show["ended"], &show["recommendation"]),
        (&false.into(), &serde_json::Value::Null)
    );
    // The rest in another process: hand in, leave the follow-ups and the change, go on.
    let rest = "Then I keep it in one table with an index.\n/done\nq\n/next\n";
    let ended = spar.run_with(&["loop", "--resume", id], rest);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("> I would first ask who uses it"),
        "what was said stands there again"
    );
    assert!(ended.stdout.contains("On this loop:"), "{}", ended.stdout);
    let show = spar.run(&["loop", "show", id, "--json"]).json();
    assert_eq!(show["ended"], true);
    assert_eq!(show["recommendation"], "strong_no");
    assert!(
        show["step"]["needs"]
            .as_array()
            .is_some_and(|needs| !needs.is_empty())
    );
    let paper = spar.run(&["paper", "loop", id, "--format", "markdown", "-o", "-"]);
    assert!(
        paper.stdout.contains("## Recommendation: strong no"),
        "{}",
        paper.stdout
    );
    let attempt = show["stages"][0]["questions"][0]["attempt"]
        .as_str()
        .expect("it was graded");
    assert!(
        spar.run(&["history", attempt]).code == 0,
        "an attempt of a loop is an ordinary one"
    );
    assert_eq!(spar.run(&["loop", "--resume", "nothing"]).code, 2);
    assert_eq!(spar.run(&["loop", "a-year"]).code, 2);
}
