//! Speech to text: Whisper (Radford et al. 2022), English, in pure Rust.
//!
//! Pure: weights come in as bytes, text goes out. No file, clock or network is touched, and the same samples
//! give the same text. A sound is first searched for speech (module `activity`); only what lies around speech is
//! given to the model, in windows of 30 seconds, so that it does not write words into silence.
//!
//! The weights are a file of `CTranslate2` in f16 or f32 with its list of tokens: any of the English-only
//! models. The arithmetic stands on the kernels of `rten`, as the encoder's does; see
//! `docs/decisions/0005-speech.md` for why it is our own pass.

mod activity;
mod audio;
mod layers;
mod mel;
mod resample;
mod rules;
mod search;
mod size;
mod transcript;
mod vocabulary;
mod wav;
mod weights;
mod writer;

use std::sync::Mutex;

use rten_gemm::GemmExecutor;

pub use transcript::{Pause, Segment, Transcript};
pub use wav::{Recording, WavError};

use audio::Listener;
use mel::Ear;
use size::Size;
use transcript::{Joined, WINDOW};
use vocabulary::Vocabulary;
use writer::Writer;

/// Samples a second that the model hears.
const RATE: u32 = 16_000;

/// Windows in a sound, for each that its length alone would take: the model may close a window early, at the
/// end of a sentence, and with hostile sound always does. Beyond this the windows are taken whole.
const WINDOWS_EACH: usize = 3;

/// A loaded model. Cheap to share: transcribing takes `&self` and may run on many threads at once.
pub struct Model {
    id: String,
    vocabulary: Vocabulary,
    ear: Ear,
    listener: Listener,
    writer: Writer,
    /// Idle one-thread pools. The kernels ask rayon how wide to run; inside such a pool they run on one
    /// thread, so cost is predictable. One exists per simultaneous caller.
    lanes: Mutex<Vec<rayon::ThreadPool>>,
}

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The model bytes are not those of an English-only Whisper model.
    #[error("the speech model is not one that we know: {reason}; hint: fetch it with `spar speech fetch`")]
    Weights {
        /// What did not fit.
        reason: String,
    },
    /// The vocabulary does not belong to the model.
    #[error(
        "the vocabulary does not fit the speech model: {reason}; hint: fetch it with `spar speech fetch`"
    )]
    Vocabulary {
        /// What did not fit.
        reason: String,
    },
}

/// Why a sound could not be transcribed. Both are failures of the platform, never of the sound.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// No thread could be started to run on.
    #[error("start a thread to transcribe on")]
    Thread(#[from] rayon::ThreadPoolBuildError),
    /// A matrix product refused its operands.
    #[error("multiply matrices: {0:?}")]
    Multiply(rten_gemm::GemmError),
}

impl Model {
    /// Loads a model from the bytes of its `model.bin` and the text of its `vocabulary.txt`.
    ///
    /// Keeps about 150 MB of its own for `tiny.en`; the arguments may be dropped.
    ///
    /// # Errors
    /// `LoadError` when the bytes are damaged or belong to another kind of model.
    pub fn load(weights: &[u8], vocabulary: &str) -> Result<Model, LoadError> {
        let wrong = |reason| LoadError::Weights { reason };
        let file = weights::File::parse(weights).map_err(wrong)?;
        let size = Size::of(&file).map_err(wrong)?;
        let hash = blake3::Hasher::new()
            .update(weights)
            .update(vocabulary.as_bytes())
            .finalize()
            .to_hex();
        Ok(Model {
            id: format!("whisper-{}x{}/{}", size.listener_blocks, size.width, &hash[..8]),
            listener: Listener::new(&file, size).map_err(wrong)?,
            writer: Writer::new(&file, size).map_err(wrong)?,
            vocabulary: Vocabulary::new(vocabulary).map_err(|reason| LoadError::Vocabulary { reason })?,
            ear: Ear::new(),
            lanes: Mutex::new(Vec::new()),
        })
    }

    /// A short stable name of what writes the text: the model's blocks and width, and eight digits of the
    /// BLAKE3 hash of weights and vocabulary.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is said in a recording, on one thread.
    ///
    /// About 1.5 s for each 30 s of speech begun, on one core of a cloud machine; silence costs nothing.
    ///
    /// # Errors
    /// `SpeechError` when the platform fails.
    pub fn transcribe(&self, recording: &Recording) -> Result<Transcript, SpeechError> {
        let samples = resample::to_rate(&recording.samples, recording.rate);
        let spans = activity::spans(&samples);
        let joined = Joined::new(&samples, &spans);
        let lane = self.take_lane()?;
        let segments = lane.install(|| self.segments(&joined));
        self.lanes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(lane);
        let segments = segments.map_err(SpeechError::Multiply)?;
        Ok(Transcript::new(recording.duration_ms(), segments, &spans))
    }

    /// The segments of the speech, in windows of up to 30 s; where the model closes a window early, the next
    /// begins there, so that no word is cut in two.
    fn segments(&self, joined: &Joined) -> Result<Vec<Segment>, rten_gemm::GemmError> {
        // Made anew because it cannot move between threads; it only picks the kernels.
        let gemm = GemmExecutor::new();
        let mut segments = Vec::new();
        let mut start = 0;
        let mut spare = joined.samples.len().div_ceil(WINDOW) * WINDOWS_EACH;
        while start < joined.samples.len() {
            let end = joined.samples.len().min(start + WINDOW);
            let mel = self.ear.rows(&gemm, &joined.samples[start..end])?;
            let states = self.listener.states(&gemm, &mel)?;
            let sound = self.writer.sound(&gemm, &states)?;
            let tokens = search::write(&self.writer, &gemm, &sound)?;
            let (pieces, closed) = transcript::pieces(&tokens, end - start);
            for piece in pieces {
                let text = self.vocabulary.text(&piece.tokens).trim().to_owned();
                if !text.is_empty() {
                    segments.push(joined.segment(start, &piece, text));
                }
            }
            spare = spare.saturating_sub(1);
            start = if spare == 0 { end } else { start + closed };
        }
        Ok(segments)
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
                .thread_name(|_| "speech".to_owned())
                .build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_model_serves_many_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Model>();
    }
}
