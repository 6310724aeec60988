//! `spar review` in lines, and `spar story` from a file.

use crate::spar::Spar;

const VAGUE: &str = "I would talk to the team and then do it step by step.";

#[test]
fn cards_are_graded_a_line_each_and_taken_back() {
    let spar = Spar::new();
    assert!(
        spar.run(&["review", "--date", "2026-11-22"])
            .stdout
            .contains("no cards yet")
    );
    assert_eq!(spar.run_with(&["try", "pagination", "-"], VAGUE).code, 0);
    let day = |date: &str| spar.run(&["review", "--date", date, "--json"]).json();
    let before = day("2026-11-22");
    let cards = before["cards"].as_array().expect("cards");
    assert!(cards.len() >= 3, "{before}");

    // The back of the first without an answer, graded easy; then taken back; then good.
    let run = spar.run_with(&["review", "--date", "2026-11-22"], "\n4\nu\n\n3\nq\n");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("taken back") && run.stdout.contains("1 graded"),
        "{}",
        run.stdout
    );
    let after = day("2026-11-22");
    let graded = after["last"]["card"].as_str().expect("the last card");
    assert_eq!(graded, cards[0]["card"]["id"]);
    assert_eq!(
        after["due"].as_u64().expect("a count") + after["new"].as_u64().expect("a count"),
        cards.len() as u64 - 1
    );
    let wait = cards[0]["next_days"]["good"].as_u64().expect("days");
    assert_eq!(day(&format!("2026-11-{}", 22 + wait))["due"], 1);

    let bad = spar.run(&["review", "--date", "2026-02-30"]);
    assert_eq!(bad.code, 2);
    assert!(bad.stderr.contains("not a day"), "{}", bad.stderr);
    let bad = spar.run(&["review", "--retention", "99"]);
    assert!(
        bad.code == 2 && bad.stderr.contains("must be 70 to 97"),
        "{}",
        bad.stderr
    );
}

#[test]
fn a_story_file_is_looked_at() {
    let spar = Spar::new();
    let file = spar.file(
        "story.json",
        r#"{"title": "A checkout", "situation": "It timed out.", "action": "We moved the report.", "result": "Good."}"#,
    );
    let run = spar.run(&["story", "check", file.to_str().expect("a path")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in [
        "no action of your own",
        "\u{201c}We\u{201d}",
        "no figure",
        "what you would do again",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    let wrong = spar.run_with(&["story", "check", "-"], r#"{"titel": "x"}"#);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("titel"),
        "{}",
        wrong.stderr
    );
    assert!(spar.run(&["story", "list"]).stdout.contains("no stories yet"));
}
