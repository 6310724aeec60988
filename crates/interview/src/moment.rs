//! Mistakes with the moment they were made.

use crate::stage::{Spoken, StageState};
use crate::words::Mistake;

/// A silence that is worth a word, in milliseconds: a minute of nothing is where interviewers start to wonder.
pub const SILENCE_MS: u64 = 60_000;

/// How long a word takes, in milliseconds: 40 typed words a minute. Speech is faster; this is the gentle side.
pub const WORD_MS: u64 = 1_500;

/// A mistake and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Which.
    pub mistake: Mistake,
    /// The question in its stage, from 0.
    pub question: usize,
    /// When, in milliseconds of the stage.
    pub elapsed_ms: u64,
    /// For how long, for a silence.
    pub for_ms: Option<u64>,
    /// The words, as a slice of what was handed in: first byte, one past the last, the slice.
    pub span: Option<(usize, usize, String)>,
    /// Why it is one, as a sentence.
    pub why: String,
}

impl Moment {
    /// A mistake seen in words: its moment is that of the turn in which they were said.
    pub fn spoken(
        mistake: Mistake,
        question: usize,
        said: &Spoken,
        bytes: std::ops::Range<usize>,
        why: String,
    ) -> Self {
        let slice = said.text.get(bytes.clone()).unwrap_or_default().to_owned();
        Self {
            mistake,
            question,
            elapsed_ms: said.said_at(bytes.start),
            for_ms: None,
            span: Some((bytes.start, bytes.end, slice)),
            why,
        }
    }
}

/// The silences of a stage: active time without a word, before an answer was handed in. What was said took
/// time to say or to type, so a turn covers [`WORD_MS`] a word before its end.
pub fn silences(stage: &StageState) -> Vec<Moment> {
    let mut found = Vec::new();
    for (number, question) in stage.questions.iter().enumerate() {
        let Some(begun) = question.begun_ms else { continue };
        let until = question
            .answer
            .handed_in
            .as_ref()
            .map_or(stage.elapsed_ms, |h| h.elapsed_ms);
        let heard = stage
            .activity
            .iter()
            .filter(|a| (begun..=until).contains(&a.elapsed_ms));
        let mut since = begun;
        let ends = heard.map(|a| {
            (
                a.elapsed_ms.saturating_sub(u64::from(a.words) * WORD_MS),
                a.elapsed_ms,
            )
        });
        for (from, to) in ends.chain(std::iter::once((until, until))) {
            let for_ms = from.saturating_sub(since);
            if for_ms >= SILENCE_MS {
                found.push(Moment {
                    mistake: Mistake::GoingSilent,
                    question: number,
                    elapsed_ms: since,
                    for_ms: Some(for_ms),
                    span: None,
                    why: format!(
                        "Nothing was heard for {} seconds. That is no failure; a sentence on what you are weighing \
                         lets an interviewer help.",
                        for_ms / 1000
                    ),
                });
            }
            since = since.max(to);
        }
    }
    found
}
