//! Carries the encoder's weights inside the binary when set-up has fetched them into `models/`.
//! Without them the build succeeds, and the cue patterns grade alone. So it is with what takes the types off
//! TypeScript: without it that language is missing.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

/// What takes the types off TypeScript, as the page's build leaves it; nothing where that was not built.
fn strip_types() -> Result<String, Box<dyn Error>> {
    let web = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../web");
    let file = web.join("dist-judge/strip.js");
    println!("cargo::rerun-if-changed={}", file.display());
    Ok(match file.canonicalize() {
        Ok(file) => format!("include_bytes!({file:?})"),
        Err(_) => "&[]".to_owned(),
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let models = Path::new(&env::var("CARGO_MANIFEST_DIR")?)
        .join("../../models")
        .canonicalize();
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../models");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let weights = models
        .ok()
        .map(|m| (m.join("minilm-int8.onnx"), m.join("vocab.txt")));
    let text = match weights.filter(|(model, vocabulary)| model.is_file() && vocabulary.is_file()) {
        Some((model, vocabulary)) => {
            println!("cargo::rerun-if-changed={}", model.display());
            println!("cargo::rerun-if-changed={}", vocabulary.display());
            format!("Some((include_bytes!({model:?}), include_str!({vocabulary:?})))")
        }
        None => "None".to_owned(),
    };
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("weights.rs"), text)?;
    fs::write(Path::new(&out).join("strip.rs"), strip_types()?)?;
    Ok(())
}
