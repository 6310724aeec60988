//! A typed question, matched to the hidden requirement that it asks about.
//!
//! A question is taken for a clarification when its patterns touch the same subject or, with the encoder,
//! when it is close to one of the wordings of its author. What asks nothing gets no answer: a candidate who
//! says what they would do has not asked.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use domain::{Clarification, Lexicon};
use encoder::Encoder;

use crate::pattern::{Compiler, Pattern, Vocabulary};
use crate::recall::{Phrasings, is_word};
use crate::rubric::{encode_lists, encode_texts};
use crate::text::{Sentence, Text, Token};
use crate::{GradeError, SpecError};

/// Likeness to a wording from which a question means the same without any shared pattern. Chosen, not fitted:
/// the few dozen questions of its tests, of our own making, fall on the right sides of it.
const ALIKE: f64 = 0.62;

/// Likeness that a question must have although a pattern fits: words of the subject alone may ask anything.
const RELATED: f64 = 0.34;

/// What a fitting pattern adds to the likeness, so that it decides between two clarifications.
const TOUCHED: f64 = 0.2;

/// Shared words that a question must have with a wording when there is no encoder and no pattern fits.
const SHARED: f64 = 0.6;

/// The clarifications of an item, ready to be asked for.
pub struct Clarifier {
    topics: Vec<(String, Vec<Pattern>)>,
    vocabulary: Vocabulary,
    /// Stems of the wordings of each, for when there is no encoder.
    stems: Vec<Vec<BTreeSet<String>>>,
    wordings: Phrasings,
    ranges: Vec<Range<usize>>,
    encoder: Option<Arc<Encoder>>,
}

/// The clarification that a question asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Clarified {
    /// Id of the clarification.
    pub id: String,
    /// How sure the match is, 0 to 1.
    pub score: f64,
}

impl Clarifier {
    /// Compiles the clarifications of an item; with the encoder also encodes their wordings.
    ///
    /// # Errors
    /// [`SpecError`] names the pattern that does not compile.
    pub fn new(
        clarifications: &[Clarification],
        lexicon: &Lexicon,
        encoder: Option<Arc<Encoder>>,
    ) -> Result<Self, SpecError> {
        let mut compiler = Compiler::new(lexicon);
        let mut topics = Vec::new();
        for (i, clarification) in clarifications.iter().enumerate() {
            let patterns: Result<Vec<Pattern>, SpecError> = clarification
                .topic
                .iter()
                .map(|source| {
                    compiler.pattern(source).map_err(|error| SpecError::Pattern {
                        part: format!("clarification/{i}"),
                        error,
                    })
                })
                .collect();
            topics.push((clarification.id.clone(), patterns?));
        }
        let lists: Vec<Vec<&str>> = clarifications.iter().map(wordings).collect();
        let stems = lists
            .iter()
            .map(|list| list.iter().map(|text| stems(&Text::new(text).tokens)).collect());
        let stems = stems.collect();
        let (mut wordings, mut ranges) = (Phrasings::default(), Vec::new());
        if let Some(encoder) = &encoder {
            let (encoded, of) = encode_lists(encoder, lists).map_err(SpecError::Encode)?;
            encoded.iter().for_each(|wording| wordings.push(wording, is_word));
            ranges = of;
        }
        Ok(Self {
            topics,
            vocabulary: compiler.finish(),
            stems,
            wordings,
            ranges,
            encoder,
        })
    }

    /// The clarification that a text asks for, the surest one when it asks several things; `None` when it
    /// asks nothing, or nothing that is held back.
    ///
    /// # Errors
    /// [`GradeError`] when the platform fails; no text can cause it.
    pub fn clarify(&self, text: &str) -> Result<Option<Clarified>, GradeError> {
        let analysed = Text::new(text);
        let asking = (0..analysed.sentences.len()).filter(|at| asks(text, &analysed, *at));
        let asking: Vec<usize> = asking.collect();
        if asking.is_empty() {
            return Ok(None);
        }
        let likenesses = match &self.encoder {
            Some(encoder) => {
                let sentences = asking.iter().map(|at| &analysed.sentences[*at]);
                let plain: Vec<String> = sentences.map(|s| analysed.plain(text, s)).collect();
                let windows = encode_texts(encoder, &plain)?;
                Some(self.wordings.likenesses(encoder, &windows)?)
            }
            None => None,
        };
        let read = self.vocabulary.read(&analysed);
        let mut best: Option<Clarified> = None;
        for (window, at) in asking.iter().enumerate() {
            let own = stems(analysed.of(&analysed.sentences[*at]));
            for (i, (id, patterns)) in self.topics.iter().enumerate() {
                let touched = patterns.iter().any(|p| p.find(&analysed, &read, *at).is_some());
                let score = match &likenesses {
                    Some(likenesses) => {
                        let alike = f64::from(likenesses.best(&self.ranges[i], window));
                        let enough = alike >= if touched { RELATED } else { ALIKE };
                        enough.then_some(alike + if touched { TOUCHED } else { 0.0 })
                    }
                    None => {
                        let shared = self.stems[i].iter().map(|wording| shared(&own, wording));
                        let shared = shared.fold(0.0, f64::max);
                        (touched || shared >= SHARED)
                            .then_some(0.5 * shared + if touched { 0.5 } else { 0.0 })
                    }
                };
                // The first of two that are equally sure: files list what matters most first.
                if let Some(score) = score.filter(|score| best.as_ref().is_none_or(|b| *score > b.score)) {
                    best = Some(Clarified {
                        id: id.clone(),
                        score,
                    });
                }
            }
        }
        Ok(best.map(|best| Clarified {
            score: best.score.min(1.0),
            ..best
        }))
    }
}

fn wordings(clarification: &Clarification) -> Vec<&str> {
    let also = clarification.also.iter().map(String::as_str);
    std::iter::once(clarification.ask.as_str()).chain(also).collect()
}

/// Words that every question has: they tell nothing about its subject.
const COMMON: [&str; 40] = [
    "the", "a", "an", "of", "to", "in", "on", "for", "we", "i", "you", "it", "is", "are", "do", "doe", "be",
    "can", "should", "would", "will", "must", "may", "there", "that", "this", "and", "or", "any", "what",
    "how", "which", "who", "when", "have", "has", "our", "your", "with", "if",
];

fn stems(tokens: &[Token]) -> BTreeSet<String> {
    let words = tokens.iter().map(|token| token.stem.clone());
    words.filter(|stem| !COMMON.contains(&stem.as_str())).collect()
}

/// Share of the smaller set of words that both have.
fn shared(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    // One word alone is no subject.
    let smaller = a.len().min(b.len()).max(2);
    a.intersection(b).count() as f64 / smaller as f64
}

const AUXILIARIES: [&str; 21] = [
    "is", "are", "was", "were", "do", "does", "did", "can", "could", "should", "shall", "will", "would",
    "may", "might", "must", "has", "have", "am", "need", "any",
];

const INTERROGATIVES: [&str; 9] = [
    "what", "which", "who", "whose", "where", "when", "why", "how", "whom",
];

/// Phrases that ask in a sentence that is no question by its form.
const INDIRECT: [&[&str]; 14] = [
    &["tell", "me"],
    &["like", "to", "know"],
    &["want", "to", "know"],
    &["need", "to", "know"],
    &["like", "to", "ask"],
    &["want", "to", "ask"],
    &["let", "me", "ask"],
    &["may", "i", "ask"],
    &["i", "wonder"],
    &["wondering"],
    &["clarify"],
    &["can", "i", "assume"],
    &["my", "question"],
    &["not", "sure", "whether"],
];

/// Whether a sentence asks something.
pub(crate) fn asks(raw: &str, text: &Text, at: usize) -> bool {
    let sentence = &text.sentences[at];
    let words: Vec<&str> = text
        .of(sentence)
        .iter()
        .map(|token| token.norm.as_str())
        .collect();
    if INDIRECT
        .iter()
        .any(|phrase| words.windows(phrase.len()).any(|run| run == *phrase))
    {
        return true;
    }
    // "And how many ...", "So do they ...", "First, is ...".
    let lead = [
        "and", "so", "but", "ok", "okay", "then", "also", "first", "second", "well", "one", "more",
        "question",
    ];
    let from = words.iter().take_while(|word| lead.contains(*word)).count();
    let words = &words[from..];
    let (Some(first), second) = (words.first(), words.get(1).copied().unwrap_or_default()) else {
        return false;
    };
    let speaker = |word: &str| matches!(word, "i" | "we");
    if INTERROGATIVES.contains(first) {
        // "What I would do", "when the queue is full": a clause, not a question, unless it is marked as one.
        let inverted = words
            .iter()
            .skip(1)
            .take(4)
            .any(|word| AUXILIARIES.contains(word));
        return ends_in_mark(raw, sentence)
            || (inverted && !speaker(second) && !matches!(*first, "when" | "where"));
    }
    if AUXILIARIES.contains(first) {
        return second != "not" && (words.len() > 2 || ends_in_mark(raw, sentence));
    }
    // "I would use Redis, right?" proposes; "we keep them forever?" asks.
    let proposes = speaker(first)
        && matches!(
            second,
            "would" | "will" | "use" | "put" | "take" | "choose" | "go" | "am"
        );
    ends_in_mark(raw, sentence) && !proposes
}

fn ends_in_mark(raw: &str, sentence: &Sentence) -> bool {
    raw[sentence.bytes.end..]
        .trim_start_matches([')', '"', '\'', ' '])
        .starts_with('?')
}
