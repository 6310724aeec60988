//! Many lines in, as many out, and a report.

use practice::Evaluation;
use serde_json::{Value, json};

use crate::practice;

fn run(lines: &[Value]) -> Vec<Value> {
    let practice = practice(None);
    let mut out = Vec::new();
    Evaluation::new(&practice).answers(lines.iter().map(Value::to_string), |line| {
        out.push(serde_json::from_str(line).unwrap())
    });
    out
}

const ANSWERS: [(&str, f64); 4] = [
    ("I let one request rebuild the key and the others wait.", 40.0),
    ("We add random jitter to the expiry.", 20.0),
    ("I would ask my manager.", 0.0),
    (
        "One request rebuilds it, readers get the stale value, and we add jitter to the expiry.",
        80.0,
    ),
];

#[test]
fn lines_come_back_in_order_with_scores_and_a_report() {
    let lines: Vec<Value> = ANSWERS
        .iter()
        .enumerate()
        .map(|(n, (text, gold))| {
            let label = ["even", "odd"][n % 2];
            json!({"id": n, "item": "fixture-stampede", "label": label, "answer": text, "gold": {"coverage": gold, "structure": null}})
        })
        .collect();
    let out = run(&lines);
    assert_eq!(out.len(), 5);
    for (n, line) in out[..4].iter().enumerate() {
        assert_eq!(line["id"], n, "what came in goes out");
        assert!(line["scored"]["coverage"].is_number(), "{line}");
        assert_eq!(line["scored"].as_object().unwrap().len(), 6);
        let coverage = line["scored"]["coverage"].as_f64().unwrap();
        let bound = |i: usize| line["interval"][i].as_f64().unwrap();
        assert!(bound(0) <= coverage && coverage <= bound(1), "{line}");
    }
    let report = &out[4];
    assert!(report.get("scored").is_none());
    assert_eq!((&report["lines"], &report["errors"]), (&json!(4), &json!(0)));
    let coverage = &report["agreement"]["coverage"];
    assert_eq!(coverage["n"], 4);
    assert!(coverage["pearson"].as_f64().unwrap() > 0.8, "{coverage}");
    for baseline in ["length", "keywords"] {
        assert!(coverage["baselines"][baseline]["rmse"].is_number(), "{coverage}");
    }
    assert!(report["agreement"].get("structure").is_none());
    // Grades 40, 20, 0, 80 to one question: all six pairs lie ten apart.
    assert_eq!(coverage["pairs"], 6);
    assert!(coverage["pairs_in_order"].as_f64().unwrap() >= 0.75, "{coverage}");
    for figure in ["bias", "pass_fail", "in_interval"] {
        assert!(coverage[figure].is_number(), "{figure}: {coverage}");
    }
    assert_eq!(coverage["by_label"]["odd"]["n"], 2);
    assert!(
        coverage["within_label"].is_null(),
        "two lines are no label to correlate"
    );
    let worst = coverage["worst"].as_array().unwrap();
    let error = |w: &Value| (w["scored"].as_f64().unwrap() - w["gold"].as_f64().unwrap()).abs();
    assert!(
        worst.windows(2).all(|w| error(&w[0]) >= error(&w[1])),
        "{coverage}"
    );
}

#[test]
fn bad_lines_are_named_and_the_rest_go_on() {
    let out = run(&[
        json!({"item": "fixture-stampede", "answer": "One request rebuilds."}),
        json!({"item": "no-such-item", "answer": "x"}),
        json!({"answer": "x"}),
        json!("not an object"),
        json!({"item": "fixture-stampede", "answer": "x", "gold": {"coverage": 101}}),
        json!({"item": "fixture-stampede", "answer": "x", "gold": {"charm": 1}}),
        json!({"question": "Why a cache?", "reference": "It saves the cost of computing again.", "answer": "It saves computing it again."}),
    ]);
    assert_eq!(out.len(), 8);
    assert!(out[0]["scored"]["coverage"].is_number());
    for (at, line) in out[1..6].iter().enumerate() {
        assert!(line["error"].is_string(), "{line}");
        assert_eq!(line["line"], at + 2);
    }
    assert!(
        out[6]["scored"]["coverage"].as_f64().unwrap() > 50.0,
        "{}",
        out[6]
    );
    assert!(out[6]["scored"]["structure"].is_null());
    assert_eq!(out[7]["errors"], 5);
}

#[test]
fn the_output_is_the_same_on_every_run() {
    let lines: Vec<Value> = (0..600)
        .map(|n| json!({"item": "fixture-stampede", "answer": format!("{} {n}", ANSWERS[n % 4].0), "gold": {"coverage": n % 100}}))
        .collect();
    assert_eq!(run(&lines), run(&lines));
}
