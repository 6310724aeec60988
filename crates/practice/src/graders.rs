//! Graders, prepared once and kept while they are used.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use answer::Grader;
use domain::{AnswerSpec, ItemId};
use encoder::Encoder;

use crate::Error;

/// Graders kept at once. One holds the vectors of its rubric and statements, about 4 MB with the encoder, so
/// that all of them stay within the budget of 250 MB (design, section 9); preparing one again takes 0.7 s.
const KEPT: usize = 32;

type Prepared = Arc<OnceLock<Result<Arc<Grader>, String>>>;

/// The most recently used graders, newest first.
pub(crate) struct Graders {
    encoder: Option<Arc<Encoder>>,
    kept: Mutex<Vec<(ItemId, String, Prepared)>>,
}

impl Graders {
    pub(crate) fn new(encoder: Option<Arc<Encoder>>) -> Self {
        Self {
            encoder,
            kept: Mutex::default(),
        }
    }

    pub(crate) fn encoder(&self) -> Option<&Arc<Encoder>> {
        self.encoder.as_ref()
    }

    /// The grader of an item at a revision. Blocks for as long as preparing it takes; who asks for the
    /// same one meanwhile waits for that instead of preparing it twice.
    pub(crate) fn get(&self, item: &ItemId, revision: &str, spec: &AnswerSpec) -> Result<Arc<Grader>, Error> {
        let prepared = self.slot(item, revision);
        let prepare = || {
            let grader = Grader::new(spec, self.encoder.clone());
            grader.map(Arc::new).map_err(|error| chain(&error))
        };
        prepared
            .get_or_init(prepare)
            .clone()
            .map_err(|why| Error::Rubric {
                item: item.clone(),
                why,
            })
    }

    /// Whether the first answer to an item would have to wait for its grader.
    pub(crate) fn is_cold(&self, item: &ItemId, revision: &str) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.encoder.is_some() && !kept.iter().any(|(i, r, _)| i == item && r == revision)
    }

    fn slot(&self, item: &ItemId, revision: &str) -> Prepared {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(i, r, _)| i == item && r == revision);
        let entry = match found {
            Some(at) => kept.remove(at),
            None => (item.clone(), revision.to_owned(), Prepared::default()),
        };
        let prepared = Arc::clone(&entry.2);
        kept.insert(0, entry);
        kept.truncate(KEPT);
        prepared
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
