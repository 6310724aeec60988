//! The five delivery axes, by countable features with spans.
//!
//! What carries signal is what stands in sentences that are on point (research: counted names and
//! signposts alone do not). None of them lifts coverage.

mod arithmetic;
mod conciseness;
mod detour;
mod quantification;
mod remote_readiness;
mod specificity;
mod structure;

use std::collections::BTreeSet;
use std::ops::Range;

use domain::{Criterion, Evidence, Kind, Status, round2};

pub(crate) use arithmetic::{Slip, slips};
pub(crate) use conciseness::conciseness;
pub(crate) use quantification::quantification;
pub(crate) use remote_readiness::Habits;
pub(crate) use specificity::specificity;
pub(crate) use structure::structure;

use crate::find::Finding;
use crate::text::{Text, Token};

/// What the axes look at.
pub(crate) struct Scene<'a> {
    pub(crate) raw: &'a str,
    pub(crate) text: &'a Text,
    pub(crate) kept: &'a [bool],
    pub(crate) kind: Kind,
    /// For each sentence, the facts it touches.
    pub(crate) facts: Vec<Vec<usize>>,
    /// Whether each sentence is on the subject of the question.
    related: Vec<bool>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(
        raw: &'a str,
        text: &'a Text,
        kept: &'a [bool],
        kind: Kind,
        findings: &[Finding],
        related: Vec<bool>,
    ) -> Self {
        let mut facts = vec![Vec::new(); text.sentences.len()];
        for (fact, finding) in findings.iter().enumerate() {
            for at in &finding.touched {
                facts[*at].push(fact);
            }
        }
        Self {
            raw,
            text,
            kept,
            kind,
            facts,
            related,
        }
    }

    /// Sentences that are graded.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.text.sentences.len()).filter(|at| self.kept[*at])
    }

    /// Sentences that touch a fact or are on the subject of the question: plain speech makes its points
    /// in words of its own.
    pub(crate) fn on_point(&self) -> impl Iterator<Item = usize> + '_ {
        self.sentences().filter(|at| self.is_on_point(*at))
    }

    pub(crate) fn is_on_point(&self, at: usize) -> bool {
        !self.facts[at].is_empty() || self.related[at]
    }

    /// Different points made: facts touched, and a quarter for each sentence on the subject that touches none.
    pub(crate) fn points(&self) -> f64 {
        let facts: BTreeSet<usize> = self.facts.iter().flatten().copied().collect();
        let own = self.on_point().filter(|at| self.facts[*at].is_empty()).count();
        facts.len() as f64 + 0.25 * own as f64
    }

    pub(crate) fn tokens(&self, at: usize) -> &[Token] {
        self.text.of(&self.text.sentences[at])
    }

    pub(crate) fn words(&self, sentences: impl Iterator<Item = usize>) -> usize {
        sentences.map(|at| self.text.sentences[at].tokens.len()).sum()
    }

    /// Share of all words that stand in sentences on point, 0 to 1.
    pub(crate) fn on_point_share(&self) -> f64 {
        let all = self.text.tokens.len().max(1);
        self.words(self.on_point()) as f64 / all as f64
    }

    pub(crate) fn span(&self, at: usize) -> Evidence {
        crate::assemble::span(self.raw, self.text, at)
    }

    pub(crate) fn slice(&self, bytes: Range<usize>) -> Evidence {
        crate::assemble::slice(self.raw, bytes)
    }
}

/// A feature on its way to a criterion.
pub(crate) struct Feature {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) out_of: f64,
    /// 0 to 1 of `out_of`.
    pub(crate) share: f64,
    pub(crate) why: String,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) tip: &'static str,
}

impl Feature {
    /// Rounds, and turns points without evidence into none: evidence or nothing.
    pub(crate) fn criterion(self) -> Criterion {
        let share = if self.evidence.is_empty() {
            0.0
        } else {
            self.share.clamp(0.0, 1.0)
        };
        let status = match share {
            s if s >= 0.75 => Status::Met,
            s if s >= 0.25 => Status::Partial,
            _ => Status::Missed,
        };
        Criterion {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            points: round2(self.out_of * share),
            out_of: self.out_of,
            status,
            why: self.why,
            evidence: self.evidence,
            tip: if share >= 0.9 {
                String::new()
            } else {
                self.tip.to_owned()
            },
            must: false,
        }
    }
}

/// 0 at `zero`, 1 at `full`, linear between; `zero` may lie above `full`.
pub(crate) fn ramp(value: f64, zero: f64, full: f64) -> f64 {
    ((value - zero) / (full - zero)).clamp(0.0, 1.0)
}

/// Whether any of the word sequences stands in the tokens.
pub(crate) fn says(tokens: &[Token], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find_phrase(tokens, phrase).is_some())
}

/// Where a word sequence stands in the tokens.
pub(crate) fn find_phrase(tokens: &[Token], phrase: &str) -> Option<usize> {
    let words: Vec<&str> = phrase.split(' ').collect();
    tokens
        .windows(words.len())
        .position(|w| w.iter().zip(&words).all(|(t, word)| t.norm == *word))
}
