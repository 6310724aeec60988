//! The two ways: a scripted endpoint on a real socket, and a folder with the real weights.
//!
//! Needs `models/` at the workspace root; `cargo xtask setup` fetches it.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod endpoint;
mod folder;

use std::path::PathBuf;

use transcriber::Recording;

/// The folder with the real weights.
fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models")
}

/// A spoken answer of nine seconds.
fn answer() -> Vec<u8> {
    include_bytes!("../../../speech/tests/it/sound/answer.wav").to_vec()
}

fn recording(wav: &[u8]) -> Recording {
    Recording::from_wav(wav, 300).unwrap()
}

/// One second of silence.
fn silence() -> Vec<u8> {
    let mut wav = answer()[..44].to_vec();
    wav[40..44].copy_from_slice(&32_000u32.to_le_bytes());
    wav.extend([0; 32_000]);
    wav
}
