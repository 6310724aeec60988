//! An answer as tokens and sentences, with the byte range of each in the candidate's own words.
//!
//! Speech-to-text output has no punctuation and few capitals, so long runs are cut at connectives and
//! number words become figures. Nothing here depends on locale or on the rest of the answer.

mod filler;
mod mark;
mod number;
mod polarity;
mod token;

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

pub(crate) use mark::Mark;
pub(crate) use polarity::{denies, dismisses, plans, warns};
pub(crate) use token::{Token, fold};

/// A spoken run without punctuation is cut once it is longer than this: long enough for any single
/// statement of the bank, short enough that two statements rarely share a window.
const MAX_SENTENCE_TOKENS: usize = 36;

/// No piece of a cut run is shorter, so that a verb keeps its object.
const MIN_PIECE_TOKENS: usize = 8;

/// Words that begin a new statement in unpunctuated speech.
const CONNECTIVES: [&str; 16] = [
    "and",
    "but",
    "so",
    "then",
    "also",
    "because",
    "now",
    "okay",
    "well",
    "next",
    "finally",
    "second",
    "third",
    "plus",
    "otherwise",
    "anyway",
];

/// An analysed text.
pub(crate) struct Text {
    /// Every word but fillers.
    pub(crate) tokens: Vec<Token>,
    pub(crate) sentences: Vec<Sentence>,
    /// Bytes of the fillers, in order: they cost conciseness and nothing else.
    pub(crate) fillers: Vec<Range<usize>>,
}

/// A sentence, or a piece of an unpunctuated run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its bytes in the text, without white space at the ends.
    pub(crate) bytes: Range<usize>,
}

impl Text {
    /// Analyses a text.
    pub(crate) fn new(text: &str) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut tokens = token::tokens(text, &stemmer);
        let fillers = filler::take(&mut tokens);
        number::merge_number_words(&mut tokens);
        let ranges = split(&tokens);
        let sentences = ranges
            .into_iter()
            .map(|range| sentence(&tokens, range))
            .collect::<Vec<_>>();
        for sentence in &sentences {
            polarity::mark_negation(&mut tokens[sentence.tokens.clone()]);
            mark::mark_slots(&mut tokens[sentence.tokens.clone()]);
        }
        Self {
            tokens,
            sentences,
            fillers,
        }
    }

    /// A sentence as spoken, without its fillers.
    pub(crate) fn plain(&self, raw: &str, sentence: &Sentence) -> String {
        let mut out = String::new();
        let mut from = sentence.bytes.start;
        for filler in self
            .fillers
            .iter()
            .filter(|f| f.start >= sentence.bytes.start && f.end <= sentence.bytes.end)
        {
            out.push_str(&raw[from..filler.start]);
            from = filler.end;
        }
        out.push_str(&raw[from..sentence.bytes.end]);
        out
    }

    /// The tokens of a sentence.
    pub(crate) fn of(&self, sentence: &Sentence) -> &[Token] {
        &self.tokens[sentence.tokens.clone()]
    }
}

fn sentence(tokens: &[Token], range: Range<usize>) -> Sentence {
    let bytes = tokens[range.start].start..tokens[range.end - 1].end;
    Sentence { tokens: range, bytes }
}

/// Cuts at sentence ends, then cuts long runs at connectives.
fn split(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (i, token) in tokens.iter().enumerate() {
        if token.ends_sentence || i + 1 == tokens.len() {
            cut(tokens, start..i + 1, &mut ranges);
            start = i + 1;
        }
    }
    ranges
}

fn cut(tokens: &[Token], range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut rest = range;
    while rest.len() > MAX_SENTENCE_TOKENS {
        let window = rest.start + MIN_PIECE_TOKENS..rest.start + MAX_SENTENCE_TOKENS;
        let connective = |i: &usize| CONNECTIVES.contains(&tokens[*i].norm.as_str());
        let breaks = |i: &usize| tokens[*i].clause_before;
        // A clause break that opens with a connective is the best place; any connective the next best.
        let both = window.clone().rfind(|i| connective(i) && breaks(i));
        let at = both
            .or_else(|| window.clone().rfind(connective))
            .or_else(|| window.clone().rfind(breaks))
            .unwrap_or(window.end);
        if rest.end - at < MIN_PIECE_TOKENS {
            break;
        }
        out.push(rest.start..at);
        rest.start = at;
    }
    out.push(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        Text::new(text)
            .sentences
            .iter()
            .map(|s| &text[s.bytes.clone()])
            .collect()
    }

    #[test]
    fn cuts_at_ends_of_sentences_only() {
        assert_eq!(
            sentences("We answer 429. The p95 was 1.5 s, e.g. for reads! Fine?"),
            ["We answer 429", "The p95 was 1.5 s, e.g. for reads", "Fine"]
        );
        assert_eq!(
            sentences("- one thing\n- other thing"),
            ["one thing", "other thing"]
        );
        assert_eq!(sentences("  \n ?! "), [""; 0]);
    }

    #[test]
    fn cuts_unpunctuated_speech_at_connectives() {
        let run = "so i put the counter in redis so that all of the gateways see the same number and then \
                   i answer four twenty nine with a retry after header so the client knows when it may come back \
                   and also i would alert on the share of refused calls";
        let cut = sentences(run);
        assert!(cut.len() >= 2, "{cut:?}");
        assert!(
            cut.iter()
                .all(|piece| piece.split(' ').count() <= MAX_SENTENCE_TOKENS + 2),
            "{cut:?}"
        );
        assert_eq!(cut.concat().replace(' ', "").len(), run.replace(' ', "").len());
    }
}
