//! `spar regrade`, what shows it, and what counts it.

use serde_json::Value;

use crate::spar::Spar;

const ITEM: &str = "public-api-rate-limiter";
const ANSWER: &str = "I use a token bucket for each API key: it refills at a steady rate and the size is the burst. \
    Over the limit the client gets a 429 with Retry-After.";

/// A data folder with one attempt, its id, and what the API says of it.
fn kept() -> (Spar, String, Value) {
    let spar = Spar::new();
    assert_eq!(spar.run_with(&["try", ITEM, "-"], ANSWER).code, 0);
    let id = spar.run(&["history", "--json"]).json()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let attempt = spar.run(&["history", &id, "--json"]).json();
    (spar, id, attempt)
}

/// The first criterion of a group that has this status.
fn criterion<'a>(attempt: &'a Value, group: usize, status: &str) -> &'a str {
    let criteria = attempt["scorecard"]["groups"][group]["criteria"]
        .as_array()
        .expect("criteria");
    let found = criteria.iter().find(|c| c["status"] == status);
    found
        .and_then(|c| c["id"].as_str())
        .unwrap_or_else(|| panic!("none is {status}: {criteria:#?}"))
}

#[test]
fn both_values_are_shown_and_undone() {
    let (spar, id, graded) = kept();
    let missed = criterion(&graded, 0, "missed");
    let reason = "The second sentence says it in other words.";
    let run = spar.run(&["regrade", &id, missed, "met", "--reason", reason]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in ["with your overrides", "graded: missed · you: met", missed] {
        assert!(run.stdout.contains(part), "`{part}` in {}", run.stdout);
    }
    let words: String = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&format!("because {reason}")), "{words}");
    let shown = spar.run(&["history", &id]);
    assert_eq!(
        shown.stdout, run.stdout,
        "the attempt is shown as it was answered"
    );
    let list = spar.run(&["history"]);
    assert!(
        list.stdout.contains(&id) && list.stdout.contains(" you "),
        "{}",
        list.stdout
    );

    let json = spar.run(&["history", &id, "--json"]).json();
    assert_eq!(json["scorecard"], graded["scorecard"], "what was graded stays");
    assert_eq!(json["overrides"][0]["reason"], reason);
    let again = spar.run(&["regrade", &id, missed, "met", "--reason", reason, "--json"]);
    assert_eq!(again.json(), json, "the same again changes nothing");

    let undone = spar.run(&["regrade", &id, missed, "--undo", "--json"]);
    assert_eq!((undone.code, undone.json()), (0, graded));
    let list = spar.run(&["history"]);
    assert!(!list.stdout.contains(" you "), "{}", list.stdout);
}

#[test]
fn delivery_takes_a_share() {
    let (spar, id, graded) = kept();
    let opening = graded["scorecard"]["groups"][1]["criteria"][0]["id"]
        .as_str()
        .expect("an id");
    let named = format!("structure/{opening}");
    let json = spar
        .run(&[
            "regrade",
            &id,
            &named,
            "35%",
            "--reason",
            "A third of it.",
            "--json",
        ])
        .json();
    let shown = &json["overrides"][0];
    assert_eq!(
        (&shown["group"], &shown["by_hand"]["status"]),
        (&"structure".into(), &"partial".into())
    );
    let (points, out_of) = (shown["by_hand"]["points"].as_f64(), shown["out_of"].as_f64());
    assert!(
        points
            .zip(out_of)
            .is_some_and(|(p, o)| (p - 0.35 * o).abs() < 0.005),
        "{shown}"
    );
}

#[test]
fn refuses_with_the_rule_and_the_cure() {
    let (spar, id, graded) = kept();
    let missed = criterion(&graded, 0, "missed");
    let opening = graded["scorecard"]["groups"][1]["criteria"][0]["id"]
        .as_str()
        .expect("an id");
    let long = "x".repeat(501);
    let cases: [(&[&str], &str); 11] = [
        (&[&id, missed, "met"], "--reason"),
        (&[&id, missed, "--reason", "x"], "<STATUS>"),
        (&[&id, missed, "met", "--undo"], "--undo"),
        (&[&id, missed, "great", "--reason", "x"], "`great` is not one of"),
        (
            &[&id, missed, "prompted", "--reason", "x"],
            "`status` must be one of",
        ),
        (&[&id, missed, "missed", "--reason", "x"], "is what was graded"),
        (&[&id, missed, "met", "--reason", " "], "`reason` is empty"),
        (&[&id, missed, "met", "--reason", &long], "the limit is 500"),
        (
            &[&id, "no-such", "met", "--reason", "x"],
            "no criterion `no-such`",
        ),
        (&[&id, opening, "met", "--reason", "x"], "`0%` to `100%`"),
        (
            &["01ARZ3NDEKTSV4RRFFQ69G5FAV", missed, "met", "--reason", "x"],
            "no attempt",
        ),
    ];
    for (args, message) in cases {
        let run = spar.run(&[&["regrade"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
        assert!(
            run.stderr.contains(message),
            "{args:?}: `{message}` in {}",
            run.stderr
        );
        assert!(run.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(spar.run(&["history", &id, "--json"]).json(), graded);
}

#[test]
fn eval_counts_the_overrides_here_and_in_an_export() {
    let (spar, id, graded) = kept();
    let none = spar.run(&["eval", "overrides", "--json"]).json();
    assert_eq!((&none["attempts"], &none["overridden"]), (&1.into(), &0.into()));
    let (missed, met) = (criterion(&graded, 0, "missed"), criterion(&graded, 0, "met"));
    for (criterion, status) in [(missed, "met"), (met, "partial")] {
        let run = spar.run(&["regrade", &id, criterion, status, "--reason", "Read it again."]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let report = spar.run(&["eval", "overrides", "--json"]).json();
    let coverage = &report["groups"]["coverage"];
    let facts = graded["scorecard"]["groups"][0]["criteria"]
        .as_array()
        .map_or(0, Vec::len);
    assert_eq!(
        (&coverage["graded"], &coverage["overridden"]),
        (&facts.into(), &2.into())
    );
    assert_eq!(coverage["confusion"]["missed"]["met"], 1);
    assert_eq!(coverage["confusion"]["met"]["partial"], 1);
    assert_eq!(report["criteria"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["criteria"][0]["item"], ITEM);

    let file = spar.file("export.json", &spar.run(&["export"]).stdout);
    let elsewhere = Spar::new();
    let counted = elsewhere.run(&["eval", "overrides", &file.to_string_lossy(), "--json"]);
    assert_eq!((counted.code, counted.json()), (0, report));
    let table = elsewhere.run(&["eval", "overrides", &file.to_string_lossy()]);
    for part in [
        "scored attempts: 1, with overrides: 1",
        "1 x missed -> met",
        missed,
    ] {
        assert!(table.stdout.contains(part), "`{part}` in {}", table.stdout);
    }
    let broken = elsewhere.run_with(&["eval", "overrides", "-"], "{\"format\": 9}");
    assert_eq!(broken.code, 2, "{}", broken.stderr);
}
