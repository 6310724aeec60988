//! Single statements in, what each got for its fact out, and a report.

use practice::Evaluation;
use serde_json::{Value, json};

use crate::practice;

fn run(lines: &[Value]) -> Vec<Value> {
    let practice = practice(None);
    let mut out = Vec::new();
    Evaluation::new(&practice).statements(lines.iter().map(Value::to_string), |line| {
        out.push(serde_json::from_str(line).unwrap())
    });
    out
}

fn statement(fact: &str, kind: &str, text: &str) -> Value {
    json!({"item": "fixture-stampede", "fact": fact, "kind": kind, "text": text, "writer": 7})
}

#[test]
fn a_statement_counts_for_its_own_fact_and_the_right_one_is_put_beside_the_others() {
    let out = run(&[
        statement("single-flight", "right", "One caller rebuilds the key for all."),
        statement(
            "single-flight",
            "wrong",
            "Every request that misses recomputes the value itself.",
        ),
        statement("single-flight", "vague", "There is a lot to say about a cache."),
    ]);
    assert_eq!(out.len(), 4);
    for (line, (status, share)) in out
        .iter()
        .zip([("met", 1.0), ("contradicted", -0.5), ("missed", 0.0)])
    {
        assert_eq!(line["writer"], 7, "what came in goes out");
        assert_eq!((&line["status"], &line["share"]), (&json!(status), &json!(share)));
    }
    let report = &out[3];
    assert!(report.get("status").is_none());
    assert_eq!((&report["lines"], &report["errors"]), (&json!(3), &json!(0)));
    let wrong = &report["kinds"]["wrong"];
    assert_eq!((&wrong["n"], &wrong["points"]), (&json!(1), &json!(-0.5)));
    assert_eq!(
        wrong["found"],
        json!({"met": 0.0, "partial": 0.0, "mentioned": 0.0, "missed": 0.0, "contradicted": 1.0})
    );
    for pairs in report["pairs"].as_array().unwrap() {
        assert_eq!((&pairs["pairs"], &pairs["right_more"]), (&json!(1), &json!(1.0)));
    }
}

#[test]
fn pairs_are_made_inside_of_a_fact_and_a_tie_counts_half() {
    let right = |fact: &str| statement(fact, "right", "There is a lot to say about a cache.");
    let wrong = |fact: &str| statement(fact, "wrong", "There is a lot to say about a cache.");
    let out = run(&[right("jitter"), right("stale"), wrong("stale"), wrong("order")]);
    let report = &out[4];
    assert_eq!((&report["facts"], &report["items"]), (&json!(3), &json!(1)));
    assert_eq!(
        report["pairs"],
        json!([
            {"other": "wrong", "pairs": 1, "right_more": 0.5},
            {"other": "vague", "pairs": 0, "right_more": null},
        ])
    );
    assert!(report["kinds"].get("vague").is_none(), "{report}");
}

#[test]
fn bad_lines_name_the_field_and_the_rule_and_the_rest_go_on() {
    let good = statement("jitter", "right", "We add random jitter to the expiry.");
    let with = |field: &str, value: Value| {
        let mut line = good.clone();
        line[field] = value;
        line
    };
    let out = run(&[
        with("item", json!("no-such-item")),
        with("fact", json!("no-such-fact")),
        with("kind", json!("maybe")),
        with("text", json!("x".repeat(domain::MAX_ANSWER_BYTES + 1))),
        with("text", Value::Null),
        good.clone(),
    ]);
    let told = [
        ["`item`", "no item `no-such-item`"],
        [
            "`fact` must be one of `fixture-stampede` (single-flight,",
            "`no-such-fact`",
        ],
        ["`kind` must be right, wrong or vague", "`maybe`"],
        ["`text` has", "the limit is"],
        ["expected a string", ""],
    ];
    for (at, (line, parts)) in out.iter().zip(told).enumerate() {
        assert_eq!(line["line"], at + 1);
        let error = line["error"].as_str().unwrap();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    assert!(out[5]["status"].is_string(), "{}", out[5]);
    assert_eq!((&out[6]["lines"], &out[6]["errors"]), (&json!(6), &json!(5)));
}
