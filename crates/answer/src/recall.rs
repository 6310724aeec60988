//! What is mentioned: how much of a phrasing a sentence recalls, on the encoder's token vectors.
//!
//! Question-demoted, frequency-weighted token recall (research: best zero-shot scorer of short answers
//! found; sentence cosine is far behind). Similarity shows that a topic was touched, never that it was
//! got right, so nothing here confirms.

use std::ops::Range;

use encoder::{Encoded, Encoder};

use crate::GradeError;

/// Ids below this are special tokens, single characters and punctuation of the BERT vocabulary.
const FIRST_WORD_ID: u32 = 1996;

/// Size of that vocabulary.
const VOCABULARY: f32 = 30_522.0;

/// Phrasings whose tokens lie in one matrix, so that one product compares all of them with an answer.
#[derive(Debug, Default)]
pub(crate) struct Phrasings {
    vectors: Vec<f32>,
    list: Vec<Phrasing>,
}

#[derive(Debug)]
struct Phrasing {
    rows: Range<usize>,
    weights: Vec<f32>,
}

/// Recall of every phrasing in every window.
#[derive(Debug)]
pub(crate) struct Recalls {
    values: Vec<f32>,
    windows: usize,
}

impl Phrasings {
    /// Adds a phrasing and returns its number. Every token weighs by its rarity; words of the question
    /// weigh nothing, since repeating them shows no knowledge.
    pub(crate) fn push(&mut self, encoded: &Encoded, question: &[u32]) -> usize {
        let first = self.list.last().map_or(0, |last| last.rows.end);
        let mut weights = Vec::new();
        for (i, token) in encoded
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, t)| !question.contains(&t.id))
        {
            weights.push(rarity(token.id));
            self.vectors.extend_from_slice(encoded.vector(i));
        }
        self.list.push(Phrasing {
            rows: first..first + weights.len(),
            weights,
        });
        self.list.len() - 1
    }

    /// Weighted mean, over each phrasing's tokens, of the best cosine in each window: 0 to about 1.
    pub(crate) fn recalls(&self, encoder: &Encoder, windows: &[Encoded]) -> Result<Recalls, GradeError> {
        let mut columns: Vec<f32> = Vec::new();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for window in windows {
            let first = ranges.last().map_or(0, |last: &Range<usize>| last.end);
            columns.extend_from_slice(window.vectors());
            ranges.push(first..first + window.len());
        }
        let width = ranges.last().map_or(0, |last| last.end);
        let cosines = encoder.cosines(&self.vectors, &columns)?;
        let mut values = Vec::with_capacity(self.list.len() * windows.len());
        for phrasing in &self.list {
            let total: f32 = phrasing.weights.iter().sum();
            for range in &ranges {
                let mut sum = 0.0;
                for (row, weight) in phrasing.rows.clone().zip(&phrasing.weights) {
                    let best = cosines[row * width..][range.clone()]
                        .iter()
                        .copied()
                        .fold(0.0, f32::max);
                    sum += weight * best;
                }
                values.push(if total > 0.0 { sum / total } else { 0.0 });
            }
        }
        Ok(Recalls {
            values,
            windows: windows.len(),
        })
    }
}

impl Recalls {
    /// Recall of a phrasing in a window; 0 for a window that is not there.
    pub(crate) fn of(&self, phrasing: usize, window: usize) -> f32 {
        if window < self.windows {
            self.values[phrasing * self.windows + window]
        } else {
            0.0
        }
    }

    /// How many windows were compared.
    pub(crate) fn windows(&self) -> usize {
        self.windows
    }

    /// Best recall of any of the phrasings in a window.
    pub(crate) fn best(&self, phrasings: &Range<usize>, window: usize) -> f32 {
        phrasings.clone().map(|p| self.of(p, window)).fold(0.0, f32::max)
    }
}

/// The BERT vocabulary is ordered by corpus frequency, so by Zipf's law the information of a token grows
/// with the logarithm of its rank; 0.05 for punctuation and single characters.
pub(crate) fn rarity(id: u32) -> f32 {
    if id < FIRST_WORD_ID {
        return 0.05;
    }
    ((id - FIRST_WORD_ID + 2) as f32).ln() / VOCABULARY.ln()
}
