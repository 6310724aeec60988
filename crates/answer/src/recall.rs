//! What is mentioned: how much of a phrasing a sentence recalls, on the encoder's token vectors.
//!
//! Question-demoted, frequency-weighted token recall (research: best zero-shot scorer of short answers
//! found; sentence cosine is far behind). Similarity shows that a topic was touched, never that it was
//! got right, so nothing here confirms.

use std::ops::Range;

use encoder::{Encoded, Encoder, Token};

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
    /// Adds a phrasing; the first one is number 0. Every token that counts weighs by its rarity.
    pub(crate) fn push(&mut self, encoded: &Encoded, counts: impl Fn(&Token) -> bool) {
        let first = self.list.last().map_or(0, |last| last.rows.end);
        let mut weights = Vec::new();
        for (i, token) in encoded.tokens.iter().enumerate().filter(|(_, t)| counts(t)) {
            weights.push(rarity(token.id));
            self.vectors.extend_from_slice(encoded.vector(i));
        }
        self.list.push(Phrasing {
            rows: first..first + weights.len(),
            weights,
        });
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
            for range in &ranges {
                let bests = phrasing.rows.clone().map(|row| {
                    let row = &cosines[row * width..][range.clone()];
                    row.iter().copied().fold(0.0, f32::max)
                });
                values.push(mean(bests.zip(phrasing.weights.iter().copied())));
            }
        }
        Ok(Recalls {
            values,
            windows: windows.len(),
        })
    }

    /// Likeness of every phrasing and each window: the mean of what the window recalls of the phrasing and
    /// of what the phrasing recalls of the window. Recall alone tells direction worse: a long sentence
    /// recalls a little of everything.
    pub(crate) fn likenesses(&self, encoder: &Encoder, windows: &[Encoded]) -> Result<Recalls, GradeError> {
        let mut values = Vec::with_capacity(self.list.len() * windows.len());
        let mut columns: Vec<f32> = Vec::new();
        for window in windows {
            columns.extend_from_slice(window.vectors());
        }
        let cosines = encoder.cosines(&self.vectors, &columns)?;
        let width = columns.len() / encoder::DIMENSIONS;
        let rarities: Vec<Vec<f32>> = windows
            .iter()
            .map(|window| {
                window
                    .tokens
                    .iter()
                    .map(|t| if is_word(t) { rarity(t.id) } else { 0.0 })
                    .collect()
            })
            .collect();
        for phrasing in &self.list {
            let mut first = 0;
            for rarities in &rarities {
                let mut said = vec![0.0_f32; rarities.len()];
                let mut recalled = Vec::with_capacity(phrasing.weights.len());
                for row in phrasing.rows.clone() {
                    let row = &cosines[row * width + first..][..rarities.len()];
                    let mut best = 0.0_f32;
                    for (cosine, said) in row.iter().zip(&mut said) {
                        best = best.max(*cosine);
                        *said = said.max(*cosine);
                    }
                    recalled.push(best);
                }
                let recall = mean(recalled.into_iter().zip(phrasing.weights.iter().copied()));
                let precision = mean(said.into_iter().zip(rarities.iter().copied()));
                values.push((recall + precision) / 2.0);
                first += rarities.len();
            }
        }
        Ok(Recalls {
            values,
            windows: windows.len(),
        })
    }
}

impl Recalls {
    /// The values of a single window, one for each phrasing.
    pub(crate) fn into_column(self) -> Vec<f32> {
        self.values
    }

    /// Windows that were compared one by one, side by side.
    pub(crate) fn beside(columns: &[&[f32]]) -> Self {
        let phrasings = columns.first().map_or(0, |column| column.len());
        let values = (0..phrasings).flat_map(|row| columns.iter().map(move |column| column[row]));
        Self {
            values: values.collect(),
            windows: columns.len(),
        }
    }

    /// Recall of a phrasing in a window; 0 for a window that is not there.
    pub(crate) fn of(&self, phrasing: usize, window: usize) -> f32 {
        if window < self.windows {
            self.values[phrasing * self.windows + window]
        } else {
            0.0
        }
    }

    /// How many phrasings were compared.
    pub(crate) fn phrasings(&self) -> usize {
        self.values.len() / self.windows.max(1)
    }

    /// How many windows were compared.
    pub(crate) fn windows(&self) -> usize {
        self.windows
    }

    /// The phrasing that a window is most like, with how much.
    pub(crate) fn nearest(&self, phrasings: &Range<usize>, window: usize) -> Option<(usize, f32)> {
        let all = phrasings.clone().map(|p| (p, self.of(p, window)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// Best recall of any of the phrasings in a window.
    pub(crate) fn best(&self, phrasings: &Range<usize>, window: usize) -> f32 {
        phrasings.clone().map(|p| self.of(p, window)).fold(0.0, f32::max)
    }
}

/// Whether a token is more than digits. That a story has figures says nothing of what it says.
pub(crate) fn is_word(token: &Token) -> bool {
    !token.text.bytes().all(|b| b.is_ascii_digit())
}

/// Mean of values, each with its weight; 0 when nothing weighs.
fn mean(weighted: impl Iterator<Item = (f32, f32)>) -> f32 {
    let (sum, total) = weighted.fold((0.0, 0.0), |(sum, total), (value, weight)| {
        (sum + value * weight, total + weight)
    });
    if total > 0.0 { sum / total } else { 0.0 }
}

/// The BERT vocabulary is ordered by corpus frequency, so by Zipf's law the information of a token grows
/// with the logarithm of its rank; 0.05 for punctuation and single characters.
pub(crate) fn rarity(id: u32) -> f32 {
    if id < FIRST_WORD_ID {
        return 0.05;
    }
    ((id - FIRST_WORD_ID + 2) as f32).ln() / VOCABULARY.ln()
}
