//! What grading costs on one core, for the budget in the design, section 9: `cargo run --release -p practice
//! --example grading_cost [N]`. Prints one `name value` a line, which `cargo xtask bench` reads.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it reports to a terminal"
)]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use answer::{Grader, Header};
use domain::Item;
use encoder::Encoder;

/// Answers graded for each figure, unless an argument says otherwise.
const RUNS: usize = 100;

/// What the budget speaks of: an answer of 200 words on an item of about ten facts.
const ITEM: &str = "public-api-rate-limiter";
const WORDS: usize = 200;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let runs = std::env::args()
        .nth(1)
        .map_or(Ok(RUNS), |text| text.parse())?
        .max(1);
    let loaded = practice::load(&[])?;
    let item = loaded
        .bank
        .item(&ITEM.parse()?)
        .ok_or("the shipped bank lacks the item that is measured")?;
    let answers = answers(item, runs);
    eprintln!(
        "{ITEM}: {} facts, {runs} answers of {WORDS} words, one thread",
        item.facts().len()
    );
    measure("without_encoder", item, None, &answers)?;
    match load_encoder()? {
        Some(encoder) => measure("with_encoder", item, Some(encoder), &answers)?,
        None => eprintln!("no weights in models/, so nothing with the encoder: run `cargo xtask setup`"),
    }
    Ok(())
}

fn load_encoder() -> Result<Option<Arc<Encoder>>, Box<dyn std::error::Error>> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let (Ok(weights), Ok(vocabulary)) = (
        std::fs::read(models.join("minilm-int8.onnx")),
        std::fs::read_to_string(models.join("vocab.txt")),
    ) else {
        return Ok(None);
    };
    let started = Instant::now();
    let encoder = Encoder::load(&weights, &vocabulary)?;
    report("encoder_load_ms", started.elapsed());
    Ok(Some(Arc::new(encoder)))
}

/// Different answers of the same length, so that no cache of sentences can help: the item's references word
/// by word, each from another start.
fn answers(item: &Item, runs: usize) -> Vec<String> {
    let texts = item
        .references()
        .iter()
        .map(|r| r.text.as_str())
        .chain([item.guidance.sample.as_str()]);
    let words: Vec<&str> = texts.flat_map(str::split_whitespace).collect();
    let answer = |n: usize| {
        let from = n * 37 % words.len().max(1);
        words
            .iter()
            .cycle()
            .skip(from)
            .take(WORDS)
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..runs).map(answer).collect()
}

fn measure(
    name: &str,
    item: &Item,
    encoder: Option<Arc<Encoder>>,
    answers: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let header = Header {
        item: item.id.to_string(),
        revision: item.revision.clone(),
        seed: 0,
    };
    let started = Instant::now();
    let grader = Grader::new(item.answer().ok_or("no rubric")?, encoder)?;
    report(&format!("{name}_prepare_ms"), started.elapsed());
    let started = Instant::now();
    grader.grade(&header, &answers[0])?;
    report(&format!("{name}_first_ms"), started.elapsed());
    let mut took = Vec::with_capacity(answers.len());
    for answer in answers {
        let started = Instant::now();
        grader.grade(&header, answer)?;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    report(&format!("{name}_p50_ms"), at(50));
    report(&format!("{name}_p95_ms"), at(95));
    Ok(())
}

fn report(name: &str, took: Duration) {
    println!("{name} {:.2}", took.as_secs_f64() * 1e3);
}
