//! The shipped bank and the encoder, loaded once for all tests.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use answer::{Grader, Header};
use bank::{Bank, SourceFile};
use domain::{GroupId, Item, Scorecard};
use encoder::Encoder;

/// An item with its grader.
pub(crate) struct Case {
    pub(crate) item: Item,
    pub(crate) grader: Arc<Grader>,
}

impl Case {
    /// Grades a text.
    pub(crate) fn grade(&self, text: &str) -> Scorecard {
        let header = Header {
            item: self.item.id.to_string(),
            revision: self.item.revision.clone(),
            seed: 0,
        };
        let scorecard = self.grader.grade(&header, text).expect("the platform works");
        scorecard
            .check_invariants(text)
            .expect("spans lie in the text, no point without evidence");
        scorecard
    }

    /// Coverage of a text, 0 to 100.
    pub(crate) fn coverage(&self, text: &str) -> f64 {
        group(&self.grade(text), GroupId::Coverage)
    }
}

/// The score of a group.
pub(crate) fn group(scorecard: &Scorecard, id: GroupId) -> f64 {
    scorecard
        .group(id)
        .and_then(domain::Group::score)
        .expect("all six groups are assessed")
}

/// The shipped bank.
pub(crate) fn shipped() -> &'static Bank {
    static BANK: OnceLock<Bank> = OnceLock::new();
    BANK.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bank");
        let read = |path: &str| SourceFile {
            path: path.to_owned(),
            text: std::fs::read_to_string(root.join(path)).expect("bank file"),
        };
        let mut files = vec![read("lexicon.toml")];
        for entry in std::fs::read_dir(root.join("answer")).expect("bank folder") {
            files.push(read(&format!(
                "answer/{}",
                entry.expect("entry").file_name().to_string_lossy()
            )));
        }
        let (bank, diagnostics) = bank::parse(&files, None);
        assert!(diagnostics.is_empty(), "{}", diagnostics[0]);
        bank
    })
}

/// A grader for every item, with the encoder.
pub(crate) fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let encoder = encoder();
        let case = |item: &Item| Case {
            grader: Arc::new(
                Grader::new(item.answer().expect("a rubric"), Some(Arc::clone(&encoder)))
                    .expect("patterns compile"),
            ),
            item: item.clone(),
        };
        // Reading all statements is most of what these tests take.
        let items: Vec<&Item> = shipped().answer_items().collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let case = &case;
            let shares: Vec<_> = items
                .chunks(items.len().div_ceil(threads))
                .map(|of| scope.spawn(move || of.iter().copied().map(case).collect::<Vec<_>>()))
                .collect();
            shares
                .into_iter()
                .flat_map(|made| made.join().expect("all graders compile"))
                .collect()
        })
    })
}

/// The encoder of the product.
pub(crate) fn encoder() -> Arc<Encoder> {
    static ENCODER: OnceLock<Arc<Encoder>> = OnceLock::new();
    Arc::clone(ENCODER.get_or_init(load))
}

fn load() -> Arc<Encoder> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let hint = "the encoder's weights are missing: run `cargo xtask setup`";
    let model = std::fs::read(models.join("minilm-int8.onnx")).expect(hint);
    let vocabulary = std::fs::read_to_string(models.join("vocab.txt")).expect(hint);
    Arc::new(Encoder::load(&model, &vocabulary).expect("weights load"))
}
