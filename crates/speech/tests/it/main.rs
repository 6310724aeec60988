//! Speech to text on the real weights.
//!
//! Needs `models/` at the workspace root; `cargo xtask setup` fetches it. `sound/answer.wav` was spoken by
//! the voice `rms` of `flite`; the expected words are those it was given.

mod hostile;
mod transcripts;

use std::path::Path;
use std::sync::OnceLock;

use speech::{Model, Recording};

/// What is said in `sound/answer.wav`.
const ANSWER: &str = "The counters live in a shared store, so that all gateways see the same count. A token \
    bucket allows bursts and limits the rate in the long run.";

/// The model, loaded once for all tests.
fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let vocabulary = String::from_utf8(model_file("whisper-tiny-en.txt")).expect("UTF-8");
        Model::load(&model_file("whisper-tiny-en.bin"), &vocabulary).expect("the model loads")
    })
}

fn model_file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../models")
        .join(name);
    std::fs::read(&path)
        .unwrap_or_else(|e| panic!("`models/{name}` is missing ({e}); hint: run `cargo xtask setup`"))
}

/// The spoken answer: 16-bit samples at 16 kHz.
fn answer() -> Vec<i16> {
    let (pairs, _) = include_bytes!("sound/answer.wav")[44..].as_chunks::<2>();
    pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
}

/// A WAV file of one channel.
fn wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    let len = u32::try_from(data.len()).expect("a short sound");
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + len).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16u32.to_le_bytes());
    bytes.extend(1u16.to_le_bytes());
    bytes.extend(1u16.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * 2).to_le_bytes());
    bytes.extend(2u16.to_le_bytes());
    bytes.extend(16u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(len.to_le_bytes());
    bytes.extend(data);
    bytes
}

fn recording(rate: u32, samples: &[i16]) -> Recording {
    Recording::from_wav(&wav(rate, samples), 300).expect("a sound file")
}
