//! Conciseness: information per minute. Never shortness: an empty short answer scores low.

use std::collections::BTreeSet;

use domain::Criterion;

use super::detour::detours;
use super::{Feature, Scene, ramp};
use crate::guard::is_content;

/// Two sentences that share more of their content stems say the same.
const REPEAT_LIKENESS: f64 = 0.55;

/// Fillers and asides per hundred words from which nothing is left of the credit for few.
pub(crate) const MANY_FILLERS: f64 = 3.5;

/// Words from which an answer runs long, and from which its length earns nothing.
pub(crate) const LONG_WORDS: f64 = 270.0;
const TOO_LONG_WORDS: f64 = 480.0;

/// Words a minute at which an answer is spoken aloud, for estimates of its time.
pub(crate) const SPOKEN_WORDS_A_MINUTE: f64 = 150.0;

pub(crate) fn conciseness(scene: &Scene<'_>) -> Vec<Criterion> {
    [density(scene), fillers(scene), repeats(scene), length(scene)]
        .into_iter()
        .map(Feature::criterion)
        .collect()
}

/// Credit for form needs substance to be brief about.
fn substance(scene: &Scene<'_>) -> f64 {
    ramp(scene.on_point_share(), 0.1, 0.45)
}

fn density(scene: &Scene<'_>) -> Feature {
    let words = scene.text.tokens.len().max(1) as f64;
    let points = scene.points();
    let rate = 100.0 * points / words;
    Feature {
        id: "density",
        title: "Points per hundred words",
        out_of: 4.5,
        share: ramp(rate, 0.5, 7.0),
        why: format!("{points} points in {words} words"),
        evidence: scene.on_point().map(|at| scene.span(at)).collect(),
        tip: "Say each point once, in one sentence, and leave out what the question does not ask.",
    }
}

/// Fillers and asides per hundred words; a beginning counts as sixty.
pub(crate) fn filler_rate(scene: &Scene<'_>) -> f64 {
    let all = scene.text.fillers.len() + detours(scene).len();
    100.0 * all as f64 / scene.text.tokens.len().max(60) as f64
}

fn fillers(scene: &Scene<'_>) -> Feature {
    let detours = detours(scene);
    let (fillers, asides) = (scene.text.fillers.len(), detours.len());
    let words = scene.text.tokens.len().max(1);
    let spans = scene
        .text
        .fillers
        .iter()
        .cloned()
        .chain(detours)
        .map(|range| scene.slice(range));
    Feature {
        id: "fillers",
        title: "Few fillers and asides",
        out_of: 3.5,
        share: ramp(filler_rate(scene), MANY_FILLERS, 0.0)
            * (0.3 + 0.7 * substance(scene))
            * ramp(words as f64, 15.0, 45.0),
        why: format!("{fillers} fillers and {asides} asides in {words} words"),
        evidence: if fillers + asides > 0 {
            spans.collect()
        } else {
            scene.sentences().take(1).map(|at| scene.span(at)).collect()
        },
        tip: "Pause instead of \u{201c}um\u{201d}, \u{201c}you know\u{201d}, \u{201c}anyway\u{201d}.",
    }
}

fn repeats(scene: &Scene<'_>) -> Feature {
    let stems = |at: usize| -> BTreeSet<&str> {
        scene
            .tokens(at)
            .iter()
            .filter(|t| is_content(t))
            .map(|t| t.stem.as_str())
            .collect()
    };
    let sets: Vec<(usize, BTreeSet<&str>)> = scene.sentences().map(|at| (at, stems(at))).collect();
    let mut repeated = Vec::new();
    for (n, (at, set)) in sets.iter().enumerate() {
        let alike = |other: &BTreeSet<&str>| {
            let shared = set.intersection(other).count() as f64;
            let all = set.union(other).count().max(1) as f64;
            set.len() >= 3 && shared / all > REPEAT_LIKENESS
        };
        if sets[..n].iter().any(|(_, other)| alike(other)) {
            repeated.push(*at);
        }
    }
    let share = ramp(repeated.len() as f64, 3.0, 0.0) * substance(scene);
    let first = scene.on_point().take(1);
    Feature {
        id: "repeats",
        title: "Says nothing twice",
        out_of: 1.5,
        share,
        why: match repeated.len() {
            0 => "no sentence repeats another".to_owned(),
            n => format!("{n} sentences repeat an earlier one"),
        },
        evidence: if repeated.is_empty() {
            first.map(|at| scene.span(at)).collect()
        } else {
            repeated.iter().map(|at| scene.span(*at)).collect()
        },
        tip: "Cut the second telling of the same point.",
    }
}

/// 60 to 180 spoken seconds at 140 to 160 words a minute are about 120 to 280 words.
fn length(scene: &Scene<'_>) -> Feature {
    let words = scene.text.tokens.len() + scene.text.fillers.len();
    let w = words as f64;
    let share = if w < 200.0 {
        ramp(w, 40.0, 90.0)
    } else {
        ramp(w, TOO_LONG_WORDS, LONG_WORDS)
    };
    Feature {
        id: "length",
        title: "One to three minutes",
        out_of: 0.5,
        share: share * substance(scene),
        why: format!(
            "{words} words, about {:.1} minutes spoken",
            w / SPOKEN_WORDS_A_MINUTE
        ),
        evidence: scene.on_point().map(|at| scene.span(at)).collect(),
        tip: "Aim for 120 to 280 words: one to two minutes, and stop.",
    }
}
