//! Text to token vectors: all-MiniLM-L6-v2 with int8 weights, in pure Rust.
//!
//! Pure: the weights come in as bytes, vectors go out. No file, clock or network is touched, and the same
//! text gives the same bytes whatever else is encoded beside it, on however many threads callers run.
//!
//! The arithmetic stands on the kernels of `rten` (`rten-gemm`, `rten-vecmath`) and not on its graph
//! runtime, because our own pass packs the sentences of an answer into one matrix without padding. On one
//! core, 15 sentences of 254 tokens take 52 ms here, 67 ms through the runtime in padded batches and 82 to
//! 99 ms sentence by sentence; loading takes 40 ms instead of 92 to 123, and 84 MB instead of 118 to 166.
//! The vectors of both agree to six digits.
//!
//! Activations stay `f32`. Quantising them too takes 34 ms, but moves similarities by up to 0.04, and on
//! processors without VNNI the 8-bit kernels saturate, so a score would depend on the machine.

mod network;
mod tokenizer;
mod weights;

use std::sync::Mutex;

use network::Network;
use tokenizer::Tokenizer;

/// Numbers in a token vector.
pub const DIMENSIONS: usize = network::WIDTH;

/// Tokens that go through the network at once, `[CLS]` and `[SEP]` included: what the model was trained with.
const WINDOW: usize = 256;

/// Tokens that two neighbouring windows of a long text share, so that each token is read with context.
const OVERLAP: usize = 32;

/// Rows (tokens) packed into one pass at most. Bounds the working memory at about 10 MB; beyond some 300
/// rows a larger pass is no faster.
const PASS_ROWS: usize = 512;

/// A loaded model. Cheap to share: encoding takes `&self` and may run on many threads at once.
pub struct Encoder {
    id: String,
    tokenizer: Tokenizer,
    network: Network,
    /// Idle one-thread pools. The kernels ask rayon how wide to run; inside such a pool they run on one
    /// thread, so cost is predictable and grading parallelises outside. One exists per simultaneous caller.
    lanes: Mutex<Vec<rayon::ThreadPool>>,
}

/// One text, encoded: its tokens and as many vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// The tokens in order, without `[CLS]` and `[SEP]`.
    pub tokens: Vec<Token>,
    /// Row-major, `DIMENSIONS` numbers for each token, each row of unit length.
    vectors: Vec<f32>,
}

/// A word piece and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word piece without `##`, in lower case and without accents; `[UNK]` for an unknown word.
    pub text: String,
    /// Its row in the vocabulary.
    pub id: u32,
    /// First byte in the original text.
    pub start: usize,
    /// Byte after the last one; `start..end` lies on character boundaries and is never empty.
    pub end: usize,
}

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The model bytes are not the ONNX file of all-MiniLM-L6-v2 that we know.
    #[error("the model is not the int8 MiniLM we know: {reason}; hint: fetch it with `cargo xtask setup`")]
    Model {
        /// What did not fit.
        reason: String,
    },
    /// The vocabulary does not belong to the model.
    #[error("the vocabulary does not fit the model: {reason}; hint: fetch it with `cargo xtask setup`")]
    Vocabulary {
        /// What did not fit.
        reason: String,
    },
}

/// Why texts could not be encoded. Both are failures of the platform, never of the text.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// No thread could be started to run on.
    #[error("start a thread to encode on")]
    Thread(#[from] rayon::ThreadPoolBuildError),
    /// A matrix product refused its operands.
    #[error("multiply matrices: {0:?}")]
    Multiply(rten_gemm::GemmError),
}

impl Encoder {
    /// Loads the model from the bytes of `minilm-int8.onnx` and the text of `vocab.txt`.
    ///
    /// Keeps about 55 MB of its own; the arguments may be dropped.
    ///
    /// # Errors
    /// `LoadError` when the bytes are damaged or belong to another model.
    pub fn load(model: &[u8], vocab: &str) -> Result<Encoder, LoadError> {
        let graph = weights::Graph::parse(model).map_err(|reason| LoadError::Model { reason })?;
        let network = Network::new(&graph).map_err(|reason| LoadError::Model { reason })?;
        let tokenizer = Tokenizer::new(vocab).map_err(|reason| LoadError::Vocabulary { reason })?;
        if tokenizer.len() != network.words() {
            let reason = format!("{} entries for {} word vectors", tokenizer.len(), network.words());
            return Err(LoadError::Vocabulary { reason });
        }
        let hash = blake3::Hasher::new()
            .update(model)
            .update(vocab.as_bytes())
            .finalize()
            .to_hex();
        let id = format!("minilm-l6-int8/{}", &hash[..8]);
        Ok(Encoder {
            id,
            tokenizer,
            network,
            lanes: Mutex::new(Vec::new()),
        })
    }

    /// A short stable name of what makes the vectors: the model and eight digits of the BLAKE3 hash of
    /// weights and vocabulary.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The tokens of a text as [`Encoder::encode`] would return them, without the vectors: under a
    /// millisecond for an answer.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        self.tokenizer.tokens(text)
    }

    /// Encodes texts on one thread; the result has one entry for each text, in order.
    ///
    /// An entry depends on its text alone, so callers may cache it and may group texts as they like. Giving
    /// all sentences of an answer in one call is fastest. A text longer than 254 tokens is read in windows
    /// that overlap by 32 tokens; each token is taken from the window in which it has more context. A text
    /// without words has no tokens.
    ///
    /// # Errors
    /// `EncodeError` when the platform fails, for want of a thread.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Encoded>, EncodeError> {
        let mut encoded: Vec<Encoded> = texts
            .iter()
            .map(|text| self.tokenizer.tokens(text))
            .map(|tokens| Encoded {
                vectors: Vec::with_capacity(tokens.len() * DIMENSIONS),
                tokens,
            })
            .collect();
        let lane = self.take_lane()?;
        let done = lane.install(|| self.fill(&mut encoded));
        self.lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(lane);
        done.map_err(EncodeError::Multiply)?;
        Ok(encoded)
    }

    /// Cosines of every row of `left` with every row of `right`, row after row of `left`. Both are
    /// row-major vectors of unit length, `DIMENSIONS` numbers each, as [`Encoded::vectors`] gives them.
    ///
    /// One matrix product on one thread: far cheaper than as many dot products.
    ///
    /// # Errors
    /// `EncodeError` when the platform fails, for want of a thread.
    pub fn cosines(&self, left: &[f32], right: &[f32]) -> Result<Vec<f32>, EncodeError> {
        let lane = self.take_lane()?;
        let done = lane.install(|| network::products(left, right));
        self.lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(lane);
        done.map_err(EncodeError::Multiply)
    }

    fn take_lane(&self) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
        let idle = self
            .lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .pop();
        match idle {
            Some(lane) => Ok(lane),
            None => rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(|_| "encoder".to_owned())
                .build(),
        }
    }

    /// Runs the windows of all texts through the network, as many together as `PASS_ROWS` allows.
    fn fill(&self, encoded: &mut [Encoded]) -> Result<(), rten_gemm::GemmError> {
        let windows: Vec<(usize, Window)> = encoded
            .iter()
            .enumerate()
            .flat_map(|(text, e)| windows(e.tokens.len()).into_iter().map(move |w| (text, w)))
            .collect();
        let mut rest = windows.as_slice();
        while !rest.is_empty() {
            let mut rows = 0;
            let fits = rest.iter().take_while(|(_, w)| {
                rows += w.end - w.start + 2;
                rows <= PASS_ROWS
            });
            let (pass, later) = rest.split_at(fits.count());
            rest = later;
            let sequences: Vec<Vec<u32>> = pass
                .iter()
                .map(|(text, w)| self.sequence(&encoded[*text].tokens[w.start..w.end]))
                .collect();
            let states = self.network.forward(&sequences)?;
            let mut first_row = 0;
            for ((text, w), sequence) in pass.iter().zip(&sequences) {
                // One more for [CLS], which stands before the first token.
                let kept = first_row + 1 + w.keep_from - w.start..first_row + 1 + w.keep_to - w.start;
                let vectors = &mut encoded[*text].vectors;
                vectors.extend_from_slice(&states[kept.start * DIMENSIONS..kept.end * DIMENSIONS]);
                first_row += sequence.len();
            }
        }
        for e in encoded {
            e.vectors.chunks_exact_mut(DIMENSIONS).for_each(to_unit_length);
        }
        Ok(())
    }

    fn sequence(&self, tokens: &[Token]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(tokens.len() + 2);
        ids.push(self.tokenizer.cls());
        ids.extend(tokens.iter().map(|t| t.id));
        ids.push(self.tokenizer.sep());
        ids
    }
}

impl Encoded {
    /// The number of tokens, and of vectors.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the text held no word.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All vectors, row-major, `DIMENSIONS` numbers for each token.
    pub fn vectors(&self) -> &[f32] {
        &self.vectors
    }

    /// The vector of token `i`: `DIMENSIONS` numbers, of unit length, so a dot product of two is their
    /// cosine.
    ///
    /// # Panics
    /// When `i` is not below `len()`.
    pub fn vector(&self, i: usize) -> &[f32] {
        &self.vectors[i * DIMENSIONS..(i + 1) * DIMENSIONS]
    }
}

/// A stretch of tokens read together, and the part of it whose vectors are kept.
#[derive(Debug, PartialEq)]
struct Window {
    start: usize,
    end: usize,
    keep_from: usize,
    keep_to: usize,
}

/// Cuts a text of `tokens` into windows. The kept parts join without gap; at a seam each window gives up
/// half of the overlap, where its tokens lack context on one side.
fn windows(tokens: usize) -> Vec<Window> {
    let room = WINDOW - 2;
    let mut windows = Vec::new();
    let mut start = 0;
    while start < tokens {
        let end = (start + room).min(tokens);
        let last = end == tokens;
        windows.push(Window {
            start,
            end,
            keep_from: if start == 0 { 0 } else { start + OVERLAP / 2 },
            keep_to: if last { tokens } else { end - OVERLAP / 2 },
        });
        if last {
            break;
        }
        start = end - OVERLAP;
    }
    windows
}

fn to_unit_length(vector: &mut [f32]) {
    let squares: f32 = vector.iter().map(|x| x * x).sum();
    if squares > 0.0 {
        let inverse = 1.0 / squares.sqrt();
        vector.iter_mut().for_each(|x| *x *= inverse);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_join_without_gap() {
        assert!(windows(0).is_empty());
        assert_eq!(
            windows(1),
            [Window {
                start: 0,
                end: 1,
                keep_from: 0,
                keep_to: 1
            }]
        );
        assert_eq!(windows(254).len(), 1);
        for tokens in 255..2000 {
            let windows = windows(tokens);
            assert_eq!(
                (windows[0].keep_from, windows[windows.len() - 1].keep_to),
                (0, tokens)
            );
            for w in &windows {
                assert!(
                    w.start <= w.keep_from && w.keep_from < w.keep_to && w.keep_to <= w.end,
                    "{tokens}"
                );
                assert!(w.end - w.start <= WINDOW - 2);
            }
            for pair in windows.windows(2) {
                assert_eq!(pair[0].keep_to, pair[1].keep_from, "{tokens}");
                assert_eq!(pair[0].end - pair[1].start, OVERLAP);
            }
        }
    }

    #[test]
    fn one_encoder_serves_many_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Encoder>();
    }

    #[test]
    fn a_zero_vector_stays_zero() {
        let mut v = [0.0, 0.0];
        to_unit_length(&mut v);
        assert_eq!(v, [0.0, 0.0]);
    }
}
