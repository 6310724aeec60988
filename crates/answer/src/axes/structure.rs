//! Structure: a listener can predict what comes next. Signposting words carry no signal, so what counts
//! is where the points stand: early, together, in an order, with an end.

use domain::{Criterion, Kind, Status};

use super::detour::{detours, flow};
use super::{Feature, Scene, find_phrase, ramp, says};

/// Words of an ending that concludes.
const CLOSES: [&str; 18] = [
    "so in short",
    "in the end",
    "as a result",
    "the result",
    "since then",
    "trade off",
    "the cost",
    "the price",
    "overall",
    "that way",
    "to sum up",
    "in summary",
    "what i learned",
    "lesson",
    "afterwards",
    "finally",
    "worth it",
    "i would start",
];

/// Openings of an honest gap.
const ADMISSIONS: [&str; 14] = [
    "i have not worked",
    "i have not used",
    "i have never",
    "i never worked",
    "i never used",
    "i never ran",
    "i do not know",
    "i have not done",
    "i have not run",
    "i have not had",
    "i have no experience",
    "i have not seen",
    "i am not sure",
    "not something i have done",
];

/// What must follow for the gap to be a strength.
const REASONS: [&str; 12] = [
    "i would",
    "here is how",
    "my guess",
    "i would reason",
    "how i would",
    "i would start",
    "i would expect",
    "i think it",
    "i would look",
    "from first principles",
    "but i know",
    "what i do know",
];

/// Steps of an answer that goes through what a question asks; rubrics have seven to nine facts.
const FULL_ANSWER_STEPS: f64 = 10.0;

pub(crate) fn structure(scene: &Scene<'_>) -> Vec<Criterion> {
    let middle = if scene.kind == Kind::Behavioural {
        arc(scene)
    } else {
        order(scene)
    };
    let mut features = vec![
        opening(scene),
        on_point(scene),
        middle,
        sentences(scene),
        close(scene),
    ];
    // Points that stand between detours cannot be followed, however early or many they are.
    let followed = 0.2 + 0.8 * flow(scene);
    features.iter_mut().for_each(|feature| feature.share *= followed);
    features.push(straight(scene));
    let mut criteria: Vec<Criterion> = features.into_iter().map(Feature::criterion).collect();
    criteria.extend(honest_gap(scene));
    criteria
}

fn opening(scene: &Scene<'_>) -> Feature {
    let first = scene.on_point().next();
    let before = first.map_or(usize::MAX, |at| scene.text.sentences[at].tokens.start);
    let share = before as f64 / scene.text.tokens.len().max(1) as f64;
    let (score, why) = match first {
        Some(at) if at == 0 || before <= 25 => (1.0, "gets to the point at once".to_owned()),
        Some(_) => (
            ramp(share, 0.5, 0.12),
            format!("{before} words before the first point"),
        ),
        None => (0.0, "no sentence touches a point of the question".to_owned()),
    };
    // An answer that touches one point early and then leaves the subject has no opening worth the name.
    let sustained = ramp(scene.on_point_share(), 0.1, 0.35);
    Feature {
        id: "direct-opening",
        title: "Starts with the point",
        out_of: 1.5,
        share: score * sustained,
        why,
        evidence: first.map(|at| scene.span(at)).into_iter().collect(),
        tip: "Answer in the first two sentences, then explain.",
    }
}

/// Whole sentences one after the other; the one part of structure that needs no content.
fn straight(scene: &Scene<'_>) -> Feature {
    let detours = detours(scene);
    let words = scene.text.tokens.len();
    Feature {
        id: "no-detours",
        title: "Goes straight",
        out_of: 3.0,
        share: flow(scene) * ramp(words as f64, 20.0, 70.0),
        why: match detours.len() {
            0 => "no restart and no aside".to_owned(),
            n => format!("{n} restarts or asides in {words} words"),
        },
        evidence: if detours.is_empty() {
            scene.sentences().take(1).map(|at| scene.span(at)).collect()
        } else {
            detours.into_iter().map(|range| scene.slice(range)).collect()
        },
        tip: "Think for five seconds, then say it in one go: no \u{201c}oh, and\u{201d}, no \u{201c}where was I\u{201d}.",
    }
}

/// A listener follows points, one after the other: how many there are to follow.
fn on_point(scene: &Scene<'_>) -> Feature {
    let points = scene.points();
    Feature {
        id: "points",
        title: "Makes point after point",
        out_of: 2.5,
        share: ramp(points, 0.0, FULL_ANSWER_STEPS),
        why: format!(
            "{points} points, in sentences that hold {:.0} % of the words",
            100.0 * scene.on_point_share()
        ),
        evidence: scene.on_point().map(|at| scene.span(at)).collect(),
        tip: "Cut sentences that make no point of their own, or give each a reason to stand there.",
    }
}

/// One thought a sentence.
fn sentences(scene: &Scene<'_>) -> Feature {
    let on_point: Vec<usize> = scene.on_point().collect();
    let words = scene.words(on_point.iter().copied()) as f64 / on_point.len().max(1) as f64;
    Feature {
        id: "sentences",
        title: "One thought a sentence",
        out_of: 1.5,
        share: ramp(words, 30.0, 14.0) * ramp(scene.on_point_share(), 0.1, 0.35),
        why: format!("{words:.0} words in a sentence that makes a point, on average"),
        evidence: on_point.iter().map(|at| scene.span(*at)).collect(),
        tip: "End the sentence when the thought ends.",
    }
}

/// How the points follow each other.
pub(crate) struct Steps {
    /// Changes from one point to another.
    pub(crate) all: usize,
    /// Those that go back to a point already made.
    pub(crate) returns: usize,
}

/// Goes through the points in the order in which they are told.
pub(crate) fn steps(scene: &Scene<'_>) -> Steps {
    let mut seen: Vec<usize> = Vec::new();
    let (mut current, mut all, mut returns) = (usize::MAX, 0usize, 0usize);
    for at in scene.on_point() {
        let facts = &scene.facts[at];
        if facts.is_empty() {
            // On the subject, in words of its own: a step, and nothing to return to.
            all += 1;
            continue;
        }
        if facts.contains(&current) {
            continue;
        }
        all += 1;
        let fresh = facts.iter().find(|f| !seen.contains(f));
        returns += usize::from(fresh.is_none());
        current = *fresh.unwrap_or(&facts[0]);
        seen.extend(facts);
    }
    Steps { all, returns }
}

/// One pass through the points: returning to a point after leaving it costs.
fn order(scene: &Scene<'_>) -> Feature {
    let Steps { all, returns } = steps(scene);
    let backward = if all > 0 { returns as f64 / all as f64 } else { 1.0 };
    Feature {
        id: "order",
        title: "Goes through the points in order",
        out_of: 1.0,
        share: ramp(backward, 0.6, 0.15) * ramp(all as f64, 0.0, FULL_ANSWER_STEPS),
        why: format!("{all} steps, {returns} of them back to a point already made"),
        evidence: scene.on_point().map(|at| scene.span(at)).collect(),
        tip: "Finish one point before the next; say how many there are.",
    }
}

/// The parts of a story, by their sentences.
pub(crate) struct Story {
    /// Where it happened, in the first half.
    pub(crate) situation: Option<usize>,
    /// What the speaker did.
    pub(crate) actions: Vec<usize>,
    /// What came of it, in the second half.
    pub(crate) result: Option<usize>,
}

/// Finds the parts of a story.
pub(crate) fn story(scene: &Scene<'_>) -> Story {
    let n = scene.text.sentences.len();
    let situation = scene.sentences().take(n.div_ceil(2)).find(|at| {
        says(
            scene.tokens(*at),
            &[
                "we had",
                "was",
                "were",
                "our",
                "i was",
                "at my",
                "last year",
                "my team",
            ],
        )
    });
    let own = |at: &usize| scene.tokens(*at).iter().any(|t| t.is(crate::text::Mark::Own));
    let actions: Vec<usize> = scene.sentences().filter(own).collect();
    let result = scene.sentences().filter(|at| *at * 2 >= n).find(|at| {
        let tokens = scene.tokens(*at);
        tokens.iter().any(|t| t.is(crate::text::Mark::Figure))
            || says(
                tokens,
                &[
                    "result",
                    "since then",
                    "after that",
                    "afterwards",
                    "dropped",
                    "went down",
                    "fell",
                    "in the end",
                ],
            )
    });
    Story {
        situation,
        actions,
        result,
    }
}

/// A story: situation, own action, result, in that order.
fn arc(scene: &Scene<'_>) -> Feature {
    let Story {
        situation,
        actions,
        result,
    } = story(scene);
    let parts = [
        situation.is_some(),
        !actions.is_empty(),
        actions.len() > 1,
        result.is_some(),
    ];
    let have = parts.iter().filter(|p| **p).count() as f64;
    let told = ramp(scene.on_point_share(), 0.05, 0.3);
    let missing = match (situation, actions.first(), result) {
        (None, ..) => "no situation at the start",
        (_, None, _) => "no action of your own (\u{201c}I …ed\u{201d})",
        (.., None) => "no result at the end",
        _ => "situation, own action and result are there",
    };
    let evidence = situation
        .into_iter()
        .chain(actions.iter().take(2).copied())
        .chain(result);
    Feature {
        id: "story-arc",
        title: "Situation, action, result",
        out_of: 1.0,
        share: have / 4.0 * told,
        why: missing.to_owned(),
        evidence: evidence.map(|at| scene.span(at)).collect(),
        tip: "Say where it happened, what you yourself did, and what came of it, in that order.",
    }
}

fn close(scene: &Scene<'_>) -> Feature {
    let n = scene.text.sentences.len();
    let last: Vec<usize> = scene.sentences().filter(|at| *at + 2 >= n).collect();
    let on_point = last.iter().find(|at| scene.is_on_point(**at));
    let concludes = last.iter().find(|at| says(scene.tokens(**at), &CLOSES));
    let sustained = ramp(scene.on_point_share(), 0.1, 0.35);
    let share = if on_point.is_some() && concludes.is_some() {
        1.0
    } else if on_point.is_some() {
        0.8
    } else if concludes.is_some() {
        0.4
    } else {
        0.0
    };
    Feature {
        id: "close",
        title: "Ends on a point",
        out_of: 0.5,
        share: share * sustained,
        why: match (on_point, concludes) {
            (Some(_), Some(_)) => "concludes, on a point of the question",
            (Some(_), None) => "the last words make a point",
            (None, Some(_)) => "concludes, but on nothing the question asks",
            (None, None) => "trails off",
        }
        .to_owned(),
        evidence: on_point
            .or(concludes)
            .map(|at| scene.span(*at))
            .into_iter()
            .collect(),
        tip: "End on the trade-off or the result, in one sentence.",
    }
}

/// "I have not worked with that, here is how I would reason": shown as a strength, and counted as one.
fn honest_gap(scene: &Scene<'_>) -> Option<Criterion> {
    let admits = scene
        .sentences()
        .find(|at| says(scene.tokens(*at), &ADMISSIONS))?;
    let reasons = scene
        .sentences()
        .filter(|at| (admits..admits + 3).contains(at))
        .find(|at| {
            let tokens = scene.tokens(*at);
            let from = if *at == admits {
                ADMISSIONS
                    .iter()
                    .find_map(|a| find_phrase(tokens, a))
                    .unwrap_or(0)
                    + 3
            } else {
                0
            };
            says(&tokens[from.min(tokens.len())..], &REASONS)
        })?;
    let mut evidence = vec![scene.span(admits)];
    if reasons != admits {
        evidence.push(scene.span(reasons));
    }
    Some(Criterion {
        id: "honest-gap".to_owned(),
        title: "Says what you have not done, and reasons on".to_owned(),
        points: 1.0,
        out_of: 1.0,
        status: Status::Met,
        why: "an admitted gap followed by reasoning is a strength".to_owned(),
        evidence,
        tip: String::new(),
        must: false,
    })
}
