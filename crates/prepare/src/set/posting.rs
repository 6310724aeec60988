//! A posting as sentences, each with what it is worth: demanded, named, wished for, or nobody's requirement.

use std::ops::Range;

use domain::Because;

use super::terms::{Section, Terms};
use super::words::{self, Word};

/// Most words of a heading.
const HEADING_WORDS: usize = 9;

/// A sentence or line with its words.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// In bytes of the text.
    pub(crate) range: Range<usize>,
    /// Its words, with places in the whole text.
    pub(crate) words: Vec<Word>,
    /// What naming something here is worth; `None` where it is worth nothing.
    pub(crate) because: Option<Because>,
}

/// Cuts a posting into sentences and weighs them by their heading and their own words.
pub(crate) fn read(text: &str, terms: &Terms) -> Vec<Sentence> {
    let mut section = Section::Plain;
    let mut sentences = Vec::new();
    for line in lines(text) {
        for (at, range) in pieces(text, &line).into_iter().enumerate() {
            let words = within(text, &range);
            if words.is_empty() {
                continue;
            }
            let rest = &text[words[words.len() - 1].end..range.end];
            let alone = at == 0 && range.end >= line.end;
            let begun = heading(text, &words, alone, rest.contains(':'), terms);
            section = begun.unwrap_or(section);
            let because = weigh(section, text, &words, terms);
            sentences.push(Sentence {
                range,
                words,
                because,
            });
        }
    }
    sentences
}

/// A text without sections, such as a CV: all of it counts as `because`.
pub(crate) fn plain(text: &str, because: Because) -> Vec<Sentence> {
    let sentence = |range: Range<usize>| Sentence {
        words: within(text, &range),
        range,
        because: Some(because),
    };
    lines(text)
        .iter()
        .flat_map(|line| pieces(text, line))
        .map(sentence)
        .filter(|sentence| !sentence.words.is_empty())
        .collect()
}

fn within(text: &str, range: &Range<usize>) -> Vec<Word> {
    let mut words = words::words(&text[range.clone()]);
    for word in &mut words {
        word.start += range.start;
        word.end += range.start;
    }
    words
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        lines.push(at..at + line.len());
        at += line.len() + 1;
    }
    lines
}

/// Cuts a line at bullets and behind the ends of sentences.
fn pieces(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = line.start;
    let mut ended = false;
    for (at, c) in text[line.clone()].char_indices() {
        let at = line.start + at;
        let bullet = matches!(c, '•' | '▸' | '▪' | '●' | '◦' | '‣' | '·');
        // "e.g. Kafka" goes on: an end needs a longer word before it.
        let next = ended && (c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“'));
        if (bullet || next) && at > start {
            pieces.push(start..at);
            start = at;
        }
        if matches!(c, '.' | '!' | '?' | ';') {
            let before = text[start..at].trim_end();
            let abbreviated = ["e.g", "i.e", "etc", "incl", "vs", "approx"]
                .iter()
                .any(|a| before.to_lowercase().ends_with(a));
            ended = !abbreviated;
        } else if !c.is_whitespace() {
            ended = false;
        }
    }
    pieces.push(start..line.end);
    pieces
}

/// The section that a line begins; `None` when it is no heading. `alone` says that the whole line is one
/// sentence, `colon` that a colon ends it.
fn heading(text: &str, words: &[Word], alone: bool, colon: bool, terms: &Terms) -> Option<Section> {
    let lead = words[0].start;
    let line = text[..lead].rfind('\n').map_or(0, |at| at + 1);
    let bulleted = text[line..lead]
        .trim()
        .starts_with(['-', '*', '•', '▸', '▪', '●', '·'])
        && !text[line..lead].contains("**");
    for (phrase, section) in &terms.headings {
        let n = phrase.len();
        if words.len() < n {
            continue;
        }
        let starts = words::starts(words, 0, phrase);
        let ends = words::starts(words, words.len() - n, phrase);
        let whole = starts && words.len() == n && alone && !bulleted;
        let named = colon && words.len() <= HEADING_WORDS && (starts || ends);
        let titled = alone && !bulleted && words.len() <= n + 2 && ((starts && n > 1) || ends);
        // "Requirements: five years of Go" on one line.
        let inline = starts && words.len() > n && text[words[n - 1].end..].trim_start().starts_with(':');
        if whole || named || titled || inline {
            let softened = words::has(&words[..words.len().min(HEADING_WORDS)], &terms.cues.wished);
            let demanded = *section == Section::Required && softened;
            return Some(if demanded { Section::Wished } else { *section });
        }
    }
    None
}

/// Whether a phrase stands outside brackets: "cloud platforms (preferably AWS)" still demands a cloud.
fn has_outside(text: &str, words: &[Word], phrases: &[Vec<String>]) -> bool {
    let from = words.first().map_or(0, |word| word.start);
    let outside = |at: usize| {
        let before = &text[from..words[at].start];
        before.matches('(').count() <= before.matches(')').count()
    };
    phrases
        .iter()
        .any(|phrase| words::find(words, phrase).is_some_and(outside))
}

fn weigh(section: Section, text: &str, words: &[Word], terms: &Terms) -> Option<Because> {
    let cues = &terms.cues;
    if section == Section::Ignored || words::has(words, &cues.ignored) {
        return None;
    }
    let wished = has_outside(text, words, &cues.wished);
    let required = words::has(words, &cues.required);
    Some(match section {
        _ if wished => Because::Wished,
        Section::Wished => Because::Wished,
        Section::Company => Because::Company,
        Section::Required if words::has(words, &cues.soft) => Because::Named,
        Section::Required => Because::Required,
        _ if required => Because::Required,
        _ => Because::Named,
    })
}
