//! Writes the text of one window: the likeliest token each time, under the rules, and a second try where the
//! first went in circles or was a guess.

use rten_gemm::{GemmError, GemmExecutor};

use crate::rules;
use crate::vocabulary::{END, NO_SPEECH, START, is_text};
use crate::writer::{Sound, Writer};

/// Tokens of one window at most: half of what the model holds, and more than anyone says in 30 s.
const MAX_TOKENS: usize = 224;
/// Mean logarithm of the tokens' probabilities below which a text is a guess; the reference's value.
const GUESS: f32 = -1.0;
/// Probability that nobody speaks from which on a guess is none; the reference's value.
const NOBODY: f32 = 0.6;
/// A text goes in circles when so many tokens at its end ...
const CIRCLE_TOKENS: usize = 12;
/// ... are the same run, so many times over: few times for a word or two ...
const CIRCLE_TIMES: usize = 3;
/// ... of so many tokens at most, and more often for a sentence, which somebody may well say again.
const SHORT_RUN: usize = 8;
const LONG_CIRCLE_TIMES: usize = 5;

/// The text of a window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// Text and marks, without start and end.
    pub(crate) tokens: Vec<u32>,
    mean_log_probability: f32,
    no_speech: f32,
    circles: bool,
}

/// Writes the text of a window; no tokens when nobody speaks in it.
pub(crate) fn write(writer: &Writer, gemm: &GemmExecutor, sound: &Sound) -> Result<Vec<u32>, GemmError> {
    let first = attempt(writer, gemm, sound, false)?;
    let best = if first.circles || first.mean_log_probability < GUESS {
        better(first, attempt(writer, gemm, sound, true)?)
    } else {
        first
    };
    if best.no_speech > NOBODY && best.mean_log_probability < GUESS {
        return Ok(Vec::new());
    }
    Ok(best.tokens)
}

/// The one that goes in no circles, else the likelier.
fn better(first: Written, second: Written) -> Written {
    let second_wins = match (first.circles, second.circles) {
        (true, false) => true,
        (false, true) => false,
        _ => second.mean_log_probability > first.mean_log_probability,
    };
    if second_wins { second } else { first }
}

fn attempt(writer: &Writer, gemm: &GemmExecutor, sound: &Sound, once: bool) -> Result<Written, GemmError> {
    let mut past = writer.past();
    let mut logits = writer.next(gemm, START, &mut past, sound)?;
    let mut written = Written {
        tokens: Vec::new(),
        mean_log_probability: 0.0,
        no_speech: share(&logits, NO_SPEECH),
        circles: false,
    };
    let mut sum = 0.0;
    let mut count = 0.0;
    while written.tokens.len() < MAX_TOKENS {
        rules::apply(&mut logits, &written.tokens, once);
        let Some((token, log_probability)) = likeliest(&logits) else {
            break;
        };
        sum += log_probability;
        count += 1.0;
        if token == END {
            break;
        }
        written.tokens.push(token);
        if let Some(spare) = circle(&written.tokens) {
            written.circles = true;
            written.tokens.truncate(written.tokens.len() - spare);
            break;
        }
        logits = writer.next(gemm, token, &mut past, sound)?;
    }
    if count > 0.0 {
        written.mean_log_probability = sum / count;
    }
    Ok(written)
}

/// The probability of one token among all.
fn share(logits: &[f32], token: u32) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|x| (x - largest).exp()).sum();
    (logits[token as usize] - largest).exp() / sum
}

/// The token with the largest number; of equal ones the first.
fn likeliest(logits: &[f32]) -> Option<(u32, f32)> {
    let mut best: Option<(u32, f32)> = None;
    for (token, logit) in (0..).zip(logits) {
        if logit.is_finite() && best.is_none_or(|(_, most)| *logit > most) {
            best = Some((token, *logit));
        }
    }
    best
}

/// How many tokens at the end only repeat the run before them, marks left aside; `None` while the text goes
/// somewhere.
fn circle(tokens: &[u32]) -> Option<usize> {
    let text: Vec<(usize, u32)> = (0..)
        .zip(tokens.iter().copied())
        .filter(|(_, t)| is_text(*t))
        .collect();
    (1..=MAX_TOKENS / LONG_CIRCLE_TIMES).find_map(|run| {
        let times = if run > SHORT_RUN {
            LONG_CIRCLE_TIMES
        } else {
            CIRCLE_TIMES
        };
        let length = (run * times).max(CIRCLE_TOKENS.next_multiple_of(run));
        let tail = &text[text.len().checked_sub(length)?..];
        let turns = tail.iter().zip(&tail[run..]).all(|((_, a), (_, b))| a == b);
        // The first run is what was said; all after it is the circle.
        turns.then(|| tokens.len() - tail[run].0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::FIRST_MARK;

    #[test]
    fn circles_are_seen_and_what_was_said_once_is_not() {
        let no_no_no = [7, 8, 7, 8, 7, 8];
        assert_eq!(circle(&no_no_no), None);
        let word = [&[1, 2], &[9; 12][..]].concat();
        assert_eq!(circle(&word), Some(11));
        let phrase: Vec<u32> = [1, 2].into_iter().chain((10..15).cycle().take(15)).collect();
        assert_eq!(circle(&phrase), Some(10));
        let marked: Vec<u32> = (0..4)
            .flat_map(|i| [FIRST_MARK + i, 10, 11, 12, FIRST_MARK + i])
            .collect();
        assert_eq!(circle(&marked), Some(14));
        let sentence = |times: usize| (20..40).cycle().take(20 * times).collect::<Vec<u32>>();
        assert_eq!(circle(&sentence(4)), None);
        assert_eq!(circle(&sentence(5)), Some(80));
        assert_eq!(circle(&(0..200).collect::<Vec<u32>>()), None);
        assert_eq!(circle(&[]), None);
    }

    #[test]
    fn the_likeliest_is_the_first_of_equals_and_finite() {
        assert_eq!(
            likeliest(&[f32::NEG_INFINITY, 1.0, 2.0, 2.0, f32::NAN]),
            Some((2, 2.0))
        );
        assert_eq!(likeliest(&[f32::NEG_INFINITY, f32::NAN]), None);
    }
}
