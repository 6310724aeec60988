//! Grading without a rubric: a reference answer and nothing else, as in the public short-answer data.

use encoder::Encoder;

use crate::GradeError;
use crate::guard::is_content;
use crate::recall::Phrasings;
use crate::text::Text;

/// A saturating line fitted on the dev side of public data (research/scoring.md, 3a): full-mark answers
/// recall about two thirds of a reference, so more recall earns nothing.
const OFFSET: f64 = 0.374;
const SLOPE: f64 = 0.931;
const SATURATION: f64 = 0.65;

/// Coverage from 0 to 100 of one answer against one reference: question-demoted, rarity-weighted token
/// recall, and without the encoder the share of the reference's content words.
///
/// # Errors
/// [`GradeError`] when the platform fails.
pub fn adhoc(
    question: &str,
    reference: &str,
    answer: &str,
    encoder: Option<&Encoder>,
) -> Result<f64, GradeError> {
    let recall = match encoder {
        Some(encoder) => {
            let asked: Vec<u32> = encoder.tokens(question).iter().map(|t| t.id).collect();
            let encoded = encoder.encode(&[reference, answer])?;
            let mut phrasings = Phrasings::default();
            let reference = phrasings.push(&encoded[0], &asked);
            f64::from(phrasings.recalls(encoder, &encoded[1..])?.of(reference, 0))
        }
        None => {
            let (wanted, given) = (content_words(reference), content_words(answer));
            let asked = content_words(question);
            let wanted: Vec<_> = wanted.iter().filter(|w| !asked.contains(*w)).collect();
            let found = wanted.iter().filter(|w| given.contains(*w)).count();
            found as f64 / wanted.len().max(1) as f64
        }
    };
    if Text::new(answer).tokens.is_empty() {
        return Ok(0.0);
    }
    Ok(domain::round2(
        100.0 * (OFFSET + SLOPE * recall.min(SATURATION)).clamp(0.0, 1.0),
    ))
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
