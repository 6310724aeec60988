//! What is mentioned: how much of a phrasing a sentence recalls, on the encoder's token vectors.
//!
//! Question-demoted, frequency-weighted token recall (research: best zero-shot scorer of short answers
//! found; sentence cosine is far behind). Similarity shows that a topic was touched, never that it was
//! got right, so nothing here confirms.

use encoder::{DIMENSIONS, Encoded};

/// Ids below this are special tokens, single characters and punctuation of the BERT vocabulary.
const FIRST_WORD_ID: u32 = 1996;

/// Size of that vocabulary.
const VOCABULARY: f32 = 30_522.0;

/// A phrasing ready for comparison.
#[derive(Debug, Clone)]
pub(crate) struct Phrasing {
    encoded: Encoded,
    weights: Vec<f32>,
}

impl Phrasing {
    /// Weighs every token by its rarity; words of the question weigh nothing, since repeating them
    /// shows no knowledge.
    pub(crate) fn new(encoded: Encoded, question: &[u32]) -> Self {
        let weight = |id: u32| if question.contains(&id) { 0.0 } else { rarity(id) };
        let weights = encoded.tokens.iter().map(|token| weight(token.id)).collect();
        Self { encoded, weights }
    }

    /// The vectors behind it.
    pub(crate) fn encoded(&self) -> &Encoded {
        &self.encoded
    }

    /// Weighted mean, over the phrasing's tokens, of the best cosine in the window: 0 to about 1.
    pub(crate) fn recalled_in(&self, window: &Encoded) -> f32 {
        let total: f32 = self.weights.iter().sum();
        if total <= 0.0 || window.is_empty() {
            return 0.0;
        }
        let mut sum = 0.0;
        for (i, weight) in self.weights.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            let token = self.encoded.vector(i);
            let best = (0..window.len())
                .map(|j| dot(token, window.vector(j)))
                .fold(0.0, f32::max);
            sum += weight * best;
        }
        sum / total
    }
}

/// The BERT vocabulary is ordered by corpus frequency, so by Zipf's law the information of a token grows
/// with the logarithm of its rank; 0.05 for punctuation and single characters.
fn rarity(id: u32) -> f32 {
    if id < FIRST_WORD_ID {
        return 0.05;
    }
    ((id - FIRST_WORD_ID + 2) as f32).ln() / VOCABULARY.ln()
}

/// Eight running sums: fixed order, so equal input gives equal bytes, and wide enough to vectorise.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    for (x, y) in a[..DIMENSIONS]
        .chunks_exact(8)
        .zip(b[..DIMENSIONS].chunks_exact(8))
    {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum()
}
