//! Quantification: figures that carry the argument, with unit, baseline or derivation. A digit is no
//! figure; ports, versions and status codes have no unit and do not count.

use std::collections::BTreeSet;

use domain::Criterion;

use super::arithmetic::{Slip, slips};
use super::{Feature, Scene, ramp, says};
use crate::text::{Mark, Token};

/// Words that relate two figures.
const RELATIONS: [&str; 22] = [
    "from",
    "instead of",
    "down to",
    "up to",
    "to about",
    "compared",
    "which is",
    "that is",
    "so about",
    "roughly",
    "per",
    "times",
    "divided",
    "out of",
    "under",
    "below",
    "before",
    "after",
    "baseline",
    "was",
    "at peak",
    "on average",
];

/// What one wrong sum leaves of the worth of the other figures: who checks one and finds it wrong trusts
/// the next less.
const TRUST_AFTER_SLIP: f64 = 0.6;

pub(crate) fn quantification(scene: &Scene<'_>) -> Vec<Criterion> {
    let slips = slips(scene);
    [figures(scene, &slips), related(scene, &slips)]
        .into_iter()
        .map(Feature::criterion)
        .collect()
}

fn figure(token: &Token) -> bool {
    token.is(Mark::Figure) || token.is(Mark::Percent) || token.is(Mark::Duration)
}

/// Whether the answer states any figure that counts.
pub(crate) fn states_figures(scene: &Scene<'_>) -> bool {
    scene
        .sentences()
        .any(|at| scene.tokens(at).iter().any(|t| worth(t) > 0.0))
}

/// What a number is worth as a figure: 1 with a unit; less when it is small change of grammar ("one
/// request") or stands alone; nothing as a status code.
fn worth(token: &Token) -> f64 {
    let Some(value) = token.value else {
        return if RATIOS.contains(&token.norm.as_str()) {
            0.5
        } else {
            0.0
        };
    };
    let code = value.fract() == 0.0 && (100.0..600.0).contains(&value) && token.norm.len() == 3;
    match () {
        () if value <= 1.0 && value.fract() == 0.0 => 0.0,
        () if figure(token) && value <= 2.0 => 0.5,
        () if figure(token) => 1.0,
        () if code => 0.0,
        () => 0.4,
    }
}

/// Words that are figures themselves.
const RATIOS: [&str; 9] = [
    "half", "twice", "double", "doubled", "tenfold", "quarter", "halved", "tripled", "third",
];

fn figures(scene: &Scene<'_>, slips: &[Slip]) -> Feature {
    let (mut seen, mut sum, mut evidence) = (BTreeSet::new(), 0.0, Vec::new());
    for at in scene
        .sentences()
        .filter(|at| slips.iter().all(|slip| slip.at != *at))
    {
        let sentence = &scene.text.sentences[at];
        for (i, token) in scene
            .tokens(at)
            .iter()
            .enumerate()
            .filter(|(_, t)| worth(t) > 0.0)
        {
            if seen.insert(token.norm.clone()) {
                // A figure beside the point carries little.
                sum += worth(token) * if scene.facts[at].is_empty() { 0.6 } else { 1.0 };
                let unit =
                    scene.text.tokens[(sentence.tokens.start + i + 1).min(sentence.tokens.end - 1)].end;
                evidence.push(scene.slice(token.start..unit.max(token.end)));
            }
        }
    }
    Feature {
        id: "figures",
        title: "Figures with a unit",
        out_of: 8.0,
        share: ramp(sum, 0.0, 7.0) * TRUST_AFTER_SLIP.powi(slips.len() as i32),
        why: match evidence.len() {
            0 => "no figure".to_owned(),
            n => format!("{n} different figures"),
        },
        evidence,
        tip: "Give the load, the latency, the size or the cost as a number with its unit.",
    }
}

/// A figure set against another one, or derived: a baseline makes a number mean something.
fn related(scene: &Scene<'_>, slips: &[Slip]) -> Feature {
    let set_off = |at: &usize| {
        let tokens = scene.tokens(*at);
        let figures = tokens.iter().filter(|t| figure(t)).count();
        let numbers = tokens.iter().filter(|t| t.value.is_some()).count();
        figures >= 1
            && (numbers >= 2
                || says(
                    tokens,
                    &[
                        "which is",
                        "that is",
                        "so about",
                        "roughly",
                        "on average",
                        "at peak",
                    ],
                ))
            && says(tokens, &RELATIONS)
    };
    let sentences: Vec<usize> = scene.sentences().filter(set_off).collect();
    if !slips.is_empty() {
        return Feature {
            id: "baseline",
            title: "Figures set against another or derived",
            out_of: 2.0,
            share: 0.0,
            why: slips
                .iter()
                .map(|slip| slip.why.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            evidence: slips.iter().map(|slip| scene.span(slip.at)).collect(),
            tip: "Say the sum aloud and check it: a day has 86,400 seconds, call it 100,000.",
        };
    }
    Feature {
        id: "baseline",
        title: "Figures set against another or derived",
        out_of: 2.0,
        share: ramp(sentences.len() as f64, 0.0, 1.5),
        why: match sentences.len() {
            0 => "no figure has a baseline or a derivation".to_owned(),
            n => format!("{n} sentences compare or derive a figure"),
        },
        evidence: sentences.iter().map(|at| scene.span(*at)).collect(),
        tip: "Set the number against something: before and after, per second from per day, limit and actual.",
    }
}
