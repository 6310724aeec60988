//! Grading without a rubric: a reference answer and nothing else, as in the public short-answer data.
//!
//! Two figures of the token vectors, neither of them learned: how much of the reference the answer
//! recalls, and how much of what the answer says is in the reference. `eval/adhoc_reference.py` computes
//! the same in plain Python on another runtime.

use encoder::{Encoded, Encoder, Token};

use crate::GradeError;
use crate::guard::is_content;
use crate::recall::rarity;
use crate::text::Text;

/// Global constants, least squares over the dev side of public data (1,336 answers on data structures,
/// 1,146 on networks, 159 on operating systems; every question weighs the same, blanks left out). Left-out
/// questions lose nothing: the plane has three numbers.
const OFFSET: f64 = 0.705;
const RECALL: f64 = 0.413;
const SHARED: f64 = 0.0981;

/// Recall beyond this earns nothing: full-mark answers recall some three fifths of a reference.
const SATURATION: f64 = 0.6;

/// A token of the answer counts as said by the reference from `NEAR` cosine on, in full from `SAME`.
const NEAR: f64 = 0.4;
const SAME: f64 = 0.9;

/// Half a rare word, so that the logarithm of an answer that shares nothing exists.
const SHARED_FLOOR: f64 = 0.5;

/// The same line without the encoder, from the share of the reference's content words: least squares over
/// the same answers.
const WORDS_OFFSET: f64 = 0.743;
const WORDS: f64 = 0.345;

/// Coverage from 0 to 100 of one answer against one reference. Words of the question weigh nothing. An
/// answer without a word is 0.
///
/// # Errors
/// [`GradeError`] when the platform fails.
pub fn adhoc(
    question: &str,
    reference: &str,
    answer: &str,
    encoder: Option<&Encoder>,
) -> Result<f64, GradeError> {
    if Text::new(answer).tokens.is_empty() {
        return Ok(0.0);
    }
    let grade = match encoder {
        Some(encoder) => {
            let encoded = encoder.encode(&[reference, answer])?;
            let cosines = encoder.cosines(encoded[0].vectors(), encoded[1].vectors())?;
            by_vectors(&encoder.tokens(question), &encoded[0], &encoded[1], &cosines)
        }
        None => WORDS_OFFSET + WORDS * shared_words(question, reference, answer),
    };
    Ok(domain::round2(100.0 * grade.clamp(0.0, 1.0)))
}

/// `cosines` has a row for each token of the reference and a column for each of the answer.
fn by_vectors(asked: &[Token], reference: &Encoded, answer: &Encoded, cosines: &[f32]) -> f64 {
    let weigh = |tokens: &[Token], demote: bool| -> Vec<f64> {
        let weight = |t: &Token| {
            if demote && asked.iter().any(|a| a.id == t.id) {
                0.0
            } else {
                f64::from(rarity(t.id))
            }
        };
        tokens.iter().map(weight).collect()
    };
    let mut wanted = weigh(&reference.tokens, true);
    if wanted.iter().sum::<f64>() <= 0.0 {
        // The reference says only words of the question.
        wanted = weigh(&reference.tokens, false);
    }
    let given = weigh(&answer.tokens, true);
    let columns = answer.len();
    let best = |values: &mut dyn Iterator<Item = f32>| f64::from(values.fold(0.0, f32::max));
    let mass: f64 = wanted.iter().sum();
    let recalled: f64 = wanted
        .iter()
        .enumerate()
        .map(|(row, w)| w * best(&mut cosines[row * columns..][..columns].iter().copied()))
        .sum();
    let shared: f64 = given
        .iter()
        .enumerate()
        .map(|(column, w)| {
            let near = best(&mut cosines[column..].iter().step_by(columns).copied());
            w * ((near - NEAR) / (SAME - NEAR)).clamp(0.0, 1.0)
        })
        .sum();
    if mass <= 0.0 {
        return 0.0;
    }
    OFFSET + RECALL * (recalled / mass).min(SATURATION) + SHARED * ((SHARED_FLOOR + shared) / mass).ln()
}

/// Share of the reference's content words, those of the question left out, that the answer has.
fn shared_words(question: &str, reference: &str, answer: &str) -> f64 {
    let (wanted, given, asked) = (
        content_words(reference),
        content_words(answer),
        content_words(question),
    );
    let wanted: Vec<_> = wanted.iter().filter(|w| !asked.contains(*w)).collect();
    let found = wanted.iter().filter(|w| given.contains(*w)).count();
    found as f64 / wanted.len().max(1) as f64
}

/// Distinct stems of the content words of a text, sorted.
pub fn content_words(text: &str) -> Vec<String> {
    let mut stems: Vec<String> = Text::new(text)
        .tokens
        .into_iter()
        .filter(is_content)
        .map(|t| t.stem)
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
