//! Bytes that are no model and no sound.

use std::sync::OnceLock;

use proptest::prelude::*;
use speech::{Model, Recording};

use crate::{model_file, wav};

#[test]
fn foreign_files_are_refused_with_the_cure() {
    let vocabulary = "a\nb\nc";
    for bytes in [&b""[..], b"<html>no such file</html>", &[0xFF; 4096]] {
        let error = Model::load(bytes, vocabulary).err().expect("no model");
        assert!(error.to_string().contains("spar speech fetch"), "{error}");
    }
    let model = model_file("whisper-tiny-en.bin");
    let error = Model::load(&model, vocabulary).err().expect("too few tokens");
    assert!(error.to_string().contains("3 entries"), "{error}");
    let error = Model::load(&model[..model.len() / 2], vocabulary)
        .err()
        .expect("half a model");
    assert!(error.to_string().contains("damaged"), "{error}");
}

/// The head of the model's file, where names and lengths are, without the bulk of the numbers.
fn head() -> Vec<u8> {
    static HEAD: OnceLock<Vec<u8>> = OnceLock::new();
    HEAD.get_or_init(|| model_file("whisper-tiny-en.bin")[..400].to_vec())
        .clone()
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader_of_models(changes in prop::collection::vec((0usize..400, any::<u8>()), 1..8)) {
        let mut bytes = head();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        prop_assert!(Model::load(&bytes, "").is_err());
    }

    #[test]
    fn no_bytes_break_the_reader_of_sounds(
        rate in any::<u32>(),
        samples in prop::collection::vec(any::<i16>(), 0..200),
        changes in prop::collection::vec((0usize..44, any::<u8>()), 0..6),
        cut in 0usize..500,
    ) {
        let mut bytes = wav(rate % 1_000_000, &samples);
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes.truncate(cut);
        if let Ok(recording) = Recording::from_wav(&bytes, 60) {
            prop_assert!(recording.duration_ms() <= 60_000);
        }
    }
}
