//! Sentences heard before: what they recall of the rubric, so that only the new one is encoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use encoder::Encoder;

use crate::recall::Recalls;
use crate::text::Text;
use crate::{Compared, GradeError, Grader};

/// Sentences kept; an answer has ten to twenty. With their text they hold about 1.5 KB each.
const MAX_KEPT: usize = 256;

/// Longer sentences, in bytes, are encoded each time, so that what is kept stays small.
const MAX_KEPT_BYTES: usize = 1024;

/// Sentences by their words without fillers. Each stands beside the rubric on its own, so what it recalls
/// does not depend on which sentences are new.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    kept: BTreeMap<String, Kept>,
    /// Texts heard.
    turn: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    /// The last turn in which it was said.
    turn: u64,
    recalled: Arc<Recalled>,
}

/// What one sentence recalls of every phrasing, and how like it is to every statement.
#[derive(Debug)]
struct Recalled {
    recalls: Vec<f32>,
    likenesses: Vec<f32>,
}

impl Memory {
    /// The sentences of a text beside the rubric; `None` without the encoder.
    pub(super) fn compare(
        &mut self,
        grader: &Grader,
        raw: &str,
        text: &Text,
    ) -> Result<Option<Compared>, GradeError> {
        let Some(encoder) = &grader.encoder else {
            return Ok(None);
        };
        let said: Vec<String> = text.sentences.iter().map(|s| text.plain(raw, s)).collect();
        let fresh = self.encode(grader, encoder, &said)?;
        let recalled = |sentence: &String| {
            let kept = self.kept.get(sentence).map(|kept| &kept.recalled);
            kept.or_else(|| fresh.get(sentence.as_str())).map(Arc::clone)
        };
        let all: Vec<Arc<Recalled>> = said.iter().filter_map(recalled).collect();
        let side = |pick: fn(&Recalled) -> &[f32]| {
            Recalls::beside(&all.iter().map(|one| pick(one)).collect::<Vec<_>>())
        };
        let compared = Compared {
            recalls: side(|one| &one.recalls),
            likenesses: side(|one| &one.likenesses),
        };
        self.keep(&said, &fresh);
        Ok(Some(compared))
    }

    /// Encodes the sentences that are not kept.
    fn encode<'s>(
        &self,
        grader: &Grader,
        encoder: &Encoder,
        said: &'s [String],
    ) -> Result<BTreeMap<&'s str, Arc<Recalled>>, GradeError> {
        let mut new: Vec<&str> = said.iter().map(String::as_str).collect();
        new.retain(|sentence| !self.kept.contains_key(*sentence));
        new.sort_unstable();
        new.dedup();
        let encoded = encoder.encode(&new)?;
        let mut fresh = BTreeMap::new();
        for (sentence, window) in new.into_iter().zip(&encoded) {
            let window = std::slice::from_ref(window);
            let recalled = Recalled {
                recalls: grader.rubric.phrasings.recalls(encoder, window)?.into_column(),
                likenesses: grader
                    .rubric
                    .statements
                    .likenesses(encoder, window)?
                    .into_column(),
            };
            fresh.insert(sentence, Arc::new(recalled));
        }
        Ok(fresh)
    }

    /// Keeps what was said now, and forgets what was said longest ago.
    fn keep(&mut self, said: &[String], fresh: &BTreeMap<&str, Arc<Recalled>>) {
        self.turn += 1;
        let turn = self.turn;
        for sentence in said {
            if let Some(kept) = self.kept.get_mut(sentence) {
                kept.turn = turn;
            } else if let Some(recalled) = fresh.get(sentence.as_str())
                && sentence.len() <= MAX_KEPT_BYTES
            {
                let recalled = Arc::clone(recalled);
                self.kept.insert(sentence.clone(), Kept { turn, recalled });
            }
        }
        while self.kept.len() > MAX_KEPT {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.turn);
            let Some(sentence) = oldest.map(|(sentence, _)| sentence.clone()) else {
                break;
            };
            self.kept.remove(&sentence);
        }
    }
}
