//! Specificity: own system, named parts, reasons. Product names count only where they serve a point.

use std::collections::BTreeSet;

use domain::Criterion;

use super::{Feature, Scene, ramp, says};
use crate::text::Mark;

/// Words that give a reason or a consequence.
const REASONS: [&str; 20] = [
    "because",
    "so that",
    "since",
    "otherwise",
    "which means",
    "that way",
    "therefore",
    "so the",
    "so we",
    "so i",
    "so it",
    "the reason",
    "in order to",
    "to avoid",
    "to keep",
    "this means",
    "that means",
    "so a",
    "so every",
    "so no",
];

/// Marks of own experience outside of "I did".
const OWN: [&str; 16] = [
    "we had",
    "we ran",
    "we used",
    "we saw",
    "we found",
    "in production",
    "at my",
    "my team",
    "in our",
    "last year",
    "we put",
    "we moved",
    "we kept",
    "my last",
    "for example",
    "for instance",
];

/// Words that stand where a fact should.
const VAGUE: [&str; 22] = [
    "stuff",
    "things",
    "best practices",
    "best practice",
    "robust",
    "leverage",
    "somehow",
    "and so on",
    "etc",
    "various",
    "appropriate",
    "properly",
    "in general",
    "it depends",
    "state of the art",
    "seamless",
    "synergy",
    "holistic",
    "world class",
    "cutting edge",
    "many ways",
    "as needed",
];

pub(crate) fn specificity(scene: &Scene<'_>) -> Vec<Criterion> {
    [
        mechanisms(scene),
        named(scene),
        reasons(scene),
        own(scene),
        plain(scene),
    ]
    .into_iter()
    .map(Feature::criterion)
    .collect()
}

/// Different points gone into: what is particular about an answer is how much of the matter it touches.
fn mechanisms(scene: &Scene<'_>) -> Feature {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let first_of_each: Vec<usize> = scene
        .on_point()
        .filter(|at| {
            let facts = &scene.facts[*at];
            facts.is_empty() || facts.iter().filter(|fact| seen.insert(**fact)).count() > 0
        })
        .collect();
    Feature {
        id: "mechanisms",
        title: "Goes into the matter",
        out_of: 2.5,
        share: ramp(scene.points(), 1.0, 10.0),
        why: format!("{} points gone into", scene.points()),
        evidence: first_of_each.iter().map(|at| scene.span(*at)).collect(),
        tip: "Say how it works, part by part, instead of what it is called.",
    }
}

/// Names and figures, wherever they stand: an answer without any is about nothing in particular.
fn named(scene: &Scene<'_>) -> Feature {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut evidence = Vec::new();
    for at in scene.sentences() {
        for token in scene.tokens(at) {
            let number = token.value.is_some_and(|value| value > 1.0);
            if (token.is(Mark::Known) || token.is(Mark::Figure) || number) && names.insert(&token.norm) {
                evidence.push(scene.slice(token.start..token.end));
            }
        }
    }
    Feature {
        id: "named",
        title: "Names what it talks about",
        out_of: 4.0,
        share: ramp(names.len() as f64, 0.0, 10.0) * ramp(scene.on_point_share(), 0.05, 0.3),
        why: match names.len() {
            0 => "no system, protocol or figure is named".to_owned(),
            _ => format!(
                "names {}",
                names.iter().take(6).copied().collect::<Vec<_>>().join(", ")
            ),
        },
        evidence,
        tip: "Name the system, the protocol, the header or the figure where you make the point.",
    }
}

fn reasons(scene: &Scene<'_>) -> Feature {
    let given: Vec<usize> = scene
        .on_point()
        .filter(|at| says(scene.tokens(*at), &REASONS))
        .collect();
    Feature {
        id: "reasons",
        title: "Gives the reason or the consequence",
        out_of: 0.5,
        share: ramp(given.len() as f64, 0.0, 3.0),
        why: format!("{} points come with a reason", given.len()),
        evidence: given.iter().map(|at| scene.span(*at)).collect(),
        tip: "Add \u{201c}because\u{201d} or \u{201c}otherwise\u{201d}: say what breaks without your choice.",
    }
}

/// What was or is done, rather than what one would or should do.
fn own(scene: &Scene<'_>) -> Feature {
    let done =
        |at: &usize| scene.tokens(*at).iter().any(|t| t.is(Mark::Past)) || says(scene.tokens(*at), &OWN);
    let sentences: Vec<usize> = scene.sentences().filter(done).collect();
    let words = scene.text.tokens.len().max(1) as f64;
    let wished = scene
        .sentences()
        .flat_map(|at| scene.tokens(at))
        .filter(|t| matches!(t.norm.as_str(), "would" | "should" | "could" | "might"))
        .count();
    let firm = ramp(100.0 * wished as f64 / words, 5.0, 0.5) * ramp(scene.on_point_share(), 0.1, 0.4);
    let evidence: Vec<usize> = if sentences.is_empty() {
        scene.on_point().take(1).collect()
    } else {
        sentences.clone()
    };
    Feature {
        id: "own-work",
        title: "Says what was done, not what one would do",
        out_of: 2.5,
        share: 0.6 * ramp(sentences.len() as f64, 0.0, 8.0) + 0.4 * firm,
        why: format!(
            "{} sentences of something done, {wished} times \u{201c}would\u{201d} or \u{201c}should\u{201d}",
            sentences.len()
        ),
        evidence: evidence.iter().map(|at| scene.span(*at)).collect(),
        tip: "Tie it to something you ran: what it was, and what you did.",
    }
}

fn plain(scene: &Scene<'_>) -> Feature {
    let words = scene.text.tokens.len().max(1) as f64;
    let vague = scene
        .sentences()
        .map(|at| VAGUE.iter().filter(|v| says(scene.tokens(at), &[v])).count());
    let count: usize = vague.sum();
    let rate = 100.0 * count as f64 / words;
    Feature {
        id: "no-vague-words",
        title: "No words that stand for nothing",
        out_of: 0.5,
        share: ramp(rate, 3.0, 0.5) * ramp(scene.on_point_share(), 0.15, 0.4),
        why: format!("{count} vague expressions in {words} words"),
        evidence: scene.on_point().map(|at| scene.span(at)).collect(),
        tip: "Replace \u{201c}best practices\u{201d}, \u{201c}robust\u{201d}, \u{201c}stuff\u{201d} by the thing itself.",
    }
}
