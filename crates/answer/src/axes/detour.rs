//! Detours: places where the speaker interrupts themselves, returns, or fills the air with a remark.
//! They make the order of an answer hard to follow; what is said may still be right.

use std::ops::Range;

use super::{Scene, ramp};

/// Expressions that interrupt, restart or trail off.
const DETOURS: [&str; 64] = [
    "okay",
    "actually",
    "so what",
    "but then",
    "no wait",
    "i guess",
    "i should say",
    "oh yeah",
    "was it",
    "what did we do",
    "i would have to look",
    "well",
    "no so",
    "no first",
    "okay forget",
    "i think it was",
    "i mean",
    "i think i",
    "anyway",
    "anyhow",
    "where was i",
    "what was i saying",
    "let me think",
    "never mind",
    "i forgot",
    "forgot to say",
    "forgot to mention",
    "oh and",
    "oh",
    "wait",
    "sorry",
    "by the way",
    "how do you say",
    "what do you call",
    "as i said",
    "like i said",
    "i said that already",
    "said already",
    "already said",
    "going back",
    "coming back to",
    "back to the",
    "what else",
    "that is it",
    "so yeah",
    "and yeah",
    "yeah",
    "long story",
    "i should have said",
    "should have started with",
    "or something",
    "or whatever",
    "something like that",
    "the thing is",
    "let me start",
    "how should i put",
    "jumping ahead",
    "different topic",
    "different story",
    "another story",
    "i do not remember",
    "do not know exactly",
    "okay so",
    "hold on",
];

/// Detours per hundred words from which an answer can no longer be followed, and up to which speech is
/// simply speech.
const LOST_AT: f64 = 2.4;
const NATURAL_UP_TO: f64 = 0.5;

/// Bytes of the detours of an answer.
pub(crate) fn detours(scene: &Scene<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in scene.sentences() {
        let tokens = scene.tokens(at);
        for phrase in DETOURS {
            let words: Vec<&str> = phrase.split(' ').collect();
            for window in tokens.windows(words.len()) {
                if window.iter().zip(&words).all(|(t, word)| t.norm == *word) {
                    found.push(window[0].start..window[window.len() - 1].end);
                }
            }
        }
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        if apart.last().is_none_or(|last| last.end <= range.start) {
            apart.push(range);
        }
    }
    apart
}

/// How well an answer can be followed: 1 without detours, 0 when they drown it.
pub(crate) fn flow(scene: &Scene<'_>) -> f64 {
    let words = scene.text.tokens.len().max(60) as f64;
    ramp(
        100.0 * detours(scene).len() as f64 / words,
        LOST_AT,
        NATURAL_UP_TO,
    )
}
