//! The detectors of common mistakes on transcripts by several voices, with their hits and false alarms.
//!
//! The figures are in `docs/loop.md`. Nothing is fitted to one line: a pattern stands for a way to speak.

use std::collections::BTreeMap;

use answer::{Mistakes, Setting, SpokenMistake};
use serde_json::Value;

/// Of ten mistakes at least so many are found, and of ten sound answers at most so many are marked.
const HITS: f64 = 0.8;
const FALSE_ALARMS: f64 = 0.1;

struct Line {
    mistake: String,
    has: bool,
    question: String,
    text: String,
}

fn lines() -> Vec<Line> {
    let text = include_str!("../data/mistakes.jsonl");
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| value[name].as_str().unwrap().to_owned();
        Line {
            mistake: field("mistake"),
            has: value["has"].as_bool().unwrap(),
            question: field("question"),
            text: field("text"),
        }
    };
    text.lines().map(parse).collect()
}

fn found(mistakes: &Mistakes, line: &Line) -> bool {
    let stated = [line.question.as_str()];
    let setting = Setting {
        stated: &stated,
        asked_after: &[],
    };
    let shown = mistakes.find(&line.text, &setting);
    for mistake in &shown {
        assert!(
            line.text
                .get(mistake.bytes.clone())
                .is_some_and(|slice| !slice.is_empty())
        );
    }
    shown.iter().any(|shown| shown.mistake.as_str() == line.mistake)
}

#[test]
fn detectors_hit_and_seldom_cry_wolf() {
    let mistakes = Mistakes::new().unwrap();
    let mut counts: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for line in lines() {
        let found = found(&mistakes, &line);
        let count = counts.entry(line.mistake.clone()).or_default();
        let (right, all) = if line.has { (0, 1) } else { (2, 3) };
        count[right] += usize::from(found);
        count[all] += 1;
        if found != line.has {
            println!(
                "{} {}: {}",
                line.mistake,
                if line.has { "not found" } else { "false alarm" },
                line.text
            );
        }
    }
    assert_eq!(counts.len(), SpokenMistake::ALL.len());
    for (mistake, [hits, with, alarms, without]) in counts {
        println!("{mistake}: {hits} of {with} found, {alarms} of {without} marked wrongly");
        assert!(with >= 10 && without >= 10, "{mistake} has too few transcripts");
        assert!(hits as f64 >= HITS * with as f64, "{mistake} misses too many");
        assert!(
            alarms as f64 <= FALSE_ALARMS * without as f64,
            "{mistake} cries wolf"
        );
    }
}

#[test]
fn a_question_before_the_first_word_is_a_requirement_asked_for() {
    let mistakes = Mistakes::new().unwrap();
    let text = "I would put Redis in front of Postgres.";
    let named = |asked_after: &[usize]| {
        let setting = Setting {
            stated: &["Design a URL shortener."],
            asked_after,
        };
        mistakes
            .find(text, &setting)
            .iter()
            .any(|s| s.mistake == SpokenMistake::SolutionBeforeRequirements)
    };
    assert!(named(&[]) && named(&[text.len()]));
    assert!(!named(&[0]));
}

#[test]
fn heavy_machinery_is_judged_by_the_load_that_is_stated() {
    let mistakes = Mistakes::new().unwrap();
    let text = "I shard the data and run microservices on Kubernetes.";
    let named = |question: &str| {
        let stated = [question];
        let setting = Setting {
            stated: &stated,
            asked_after: &[],
        };
        let shown = mistakes.find(text, &setting);
        shown
            .into_iter()
            .find(|s| s.mistake == SpokenMistake::OverEngineering)
            .map(|s| s.why)
    };
    assert!(
        named("It takes a thousand requests a day.").is_some_and(|why| why.contains("1000 requests a day"))
    );
    assert!(
        named("It takes 1,000,000 requests per day.").is_some_and(|why| why.contains("12 requests a second"))
    );
    assert_eq!(named("It takes a hundred million redirects a day."), None);
    assert_eq!(
        named("It stores 1,000 pictures of 10 MB a day each."),
        None,
        "no load is stated"
    );
}
