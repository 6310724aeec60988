//! The encoder on the real weights, against what other implementations say.
//!
//! Needs `models/` at the workspace root; `cargo xtask setup` fetches it. The expected ids come from the
//! Python package `tokenizers` 0.23, the expected numbers from `onnxruntime` 1.x on the same file.

mod tokens;
mod vectors;

use std::path::Path;
use std::sync::OnceLock;

use encoder::Encoder;

/// The model, loaded once for all tests.
fn encoder() -> &'static Encoder {
    static ENCODER: OnceLock<Encoder> = OnceLock::new();
    ENCODER.get_or_init(|| {
        let vocab = String::from_utf8(model_file("vocab.txt")).expect("the vocabulary is UTF-8");
        Encoder::load(&model_file("minilm-int8.onnx"), &vocab).expect("the model loads")
    })
}

fn model_file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../models")
        .join(name);
    std::fs::read(&path)
        .unwrap_or_else(|e| panic!("`models/{name}` is missing ({e}); hint: run `cargo xtask setup`"))
}

#[test]
fn the_id_names_the_weights() {
    assert_eq!(encoder().id(), "minilm-l6-int8/624be439");
}

#[test]
fn foreign_files_are_refused() {
    let vocab = "[UNK]\n[CLS]\n[SEP]\nrate";
    let error = Encoder::load(b"<html>no such file</html>", vocab)
        .err()
        .expect("not a model");
    assert!(error.to_string().contains("cargo xtask setup"), "{error}");
    let model = model_file("minilm-int8.onnx");
    let error = Encoder::load(&model, vocab).err().expect("too few words");
    assert!(error.to_string().contains("4 entries for 30522"), "{error}");
    let error = Encoder::load(&model[..model.len() / 2], vocab)
        .err()
        .expect("half a model");
    assert!(error.to_string().contains("damaged"), "{error}");
}
