//! From the text of a pattern to its groups; words are interned once per rubric.

use std::collections::BTreeMap;
use std::fmt;

use domain::Lexicon;
use rust_stemmers::{Algorithm, Stemmer};

use super::{Alternative, AnyOf, Group, Pattern, Polarity, Read, Term};
use crate::text::{Mark, Text, Token, fold};

/// Bounds of a pattern, far above any sensible one: they keep a hostile pack from costing time.
const MAX_GROUPS: usize = 8;
const MAX_ALTERNATIVES: usize = 400;

/// Why a pattern does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pattern `{}`: {}", self.pattern, self.message)
    }
}

impl std::error::Error for PatternError {}

/// Compiles patterns and interns their words.
pub(crate) struct Compiler<'a> {
    lexicon: &'a Lexicon,
    stemmer: Stemmer,
    vocabulary: Vocabulary,
}

/// The words of all patterns of a rubric.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    stems: BTreeMap<String, u32>,
    prefixes: BTreeMap<String, u32>,
    exact: BTreeMap<String, u32>,
}

impl Vocabulary {
    /// Looks every token of a text up, once for all patterns.
    pub(crate) fn read(&self, text: &Text) -> Read {
        let prefixes = |token: &Token| {
            let boundaries = token.norm.char_indices().map(|(i, c)| i + c.len_utf8());
            boundaries
                .filter_map(|end| self.prefixes.get(&token.norm[..end]).copied())
                .collect()
        };
        Read {
            stems: text
                .tokens
                .iter()
                .map(|t| self.stems.get(&t.stem).copied())
                .collect(),
            exact: text
                .tokens
                .iter()
                .map(|t| self.exact.get(&t.norm).copied())
                .collect(),
            prefixes: text.tokens.iter().map(prefixes).collect(),
        }
    }
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(lexicon: &'a Lexicon) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        Self {
            lexicon,
            stemmer,
            vocabulary: Vocabulary::default(),
        }
    }

    /// Ends compiling.
    pub(crate) fn finish(self) -> Vocabulary {
        self.vocabulary
    }

    /// Compiles one pattern.
    pub(crate) fn pattern(&mut self, source: &str) -> Result<Pattern, PatternError> {
        let fail = |message: String| PatternError {
            pattern: source.to_owned(),
            message,
        };
        let mut pattern = Pattern {
            groups: Vec::new(),
            absent: Vec::new(),
            within: None,
        };
        let (mut part, mut ordered) = (0, false);
        for word in source.split_whitespace() {
            match word {
                ">" if pattern.groups.is_empty() => return Err(fail("starts with `>`".into())),
                ">" => ordered = true,
                "/" if part == 1 || pattern.groups.is_empty() => {
                    return Err(fail("`/` stands once, between groups".into()));
                }
                "/" => part = 1,
                _ => {
                    if let Some(limit) = word.strip_prefix('^') {
                        let n = limit
                            .parse()
                            .map_err(|_| fail(format!("`{word}` is no word limit")))?;
                        pattern.within = Some(n);
                        continue;
                    }
                    if let Some(absent) = word.strip_prefix('!') {
                        pattern.absent.push(self.alternatives(absent).map_err(fail)?);
                        continue;
                    }
                    let (word, polarity) = match (word.strip_prefix("not:"), word.strip_prefix('~')) {
                        (Some(rest), _) => (rest, Polarity::Denied),
                        (_, Some(rest)) => (rest, Polarity::Either),
                        _ => (word, Polarity::Affirmed),
                    };
                    let any = self.alternatives(word).map_err(fail)?;
                    pattern.groups.push(Group {
                        any,
                        polarity,
                        ordered,
                        part,
                    });
                    ordered = false;
                }
            }
        }
        match pattern.groups.len() {
            0 => Err(fail("has no group that must occur".into())),
            n if n > MAX_GROUPS => Err(fail(format!("{n} groups, at most {MAX_GROUPS}"))),
            _ => Ok(pattern),
        }
    }

    fn alternatives(&mut self, group: &str) -> Result<AnyOf, String> {
        let mut out = AnyOf::default();
        for alternative in group.split('|') {
            if alternative.starts_with(['!', '~']) || alternative.starts_with("not:") {
                return Err(format!(
                    "`{alternative}`: `not:`, `~` and `!` stand before a whole group"
                ));
            }
            if let Some(name) = alternative.strip_prefix('@') {
                let lexicon = self.lexicon;
                let members = lexicon
                    .get(name)
                    .ok_or_else(|| format!("word set `@{name}` is not in the lexicon"))?;
                for member in members {
                    out.push(self.alternative(member)?);
                }
            } else {
                out.push(self.alternative(alternative)?);
            }
        }
        if out.alternatives.len() > MAX_ALTERNATIVES {
            return Err(format!(
                "a group has {} alternatives, at most {MAX_ALTERNATIVES}",
                out.alternatives.len()
            ));
        }
        Ok(out)
    }

    fn alternative(&mut self, text: &str) -> Result<Alternative, String> {
        if let Some(slot) = text.strip_prefix('#').filter(|slot| !slot.contains("..")) {
            return Ok(Alternative::Slot(match slot {
                "number" => Mark::Number,
                "figure" => Mark::Figure,
                "duration" => Mark::Duration,
                "percent" => Mark::Percent,
                "own" => Mark::Own,
                "past" => Mark::Past,
                "name" => Mark::Name,
                _ => return Err(format!("slot `#{slot}` is unknown")),
            }));
        }
        let mut terms = Vec::new();
        // Words without a `*` fold together, as in an answer: `hundred_million` is one number.
        for run in runs(text) {
            if let Some(prefix) = run.strip_suffix('*') {
                if prefix.chars().count() < 2 || !prefix.chars().all(char::is_alphanumeric) {
                    return Err(format!("`{run}`: a prefix has two letters or more"));
                }
                terms.push(Term::Prefix(intern(
                    &mut self.vocabulary.prefixes,
                    &prefix.to_lowercase(),
                )));
                continue;
            }
            if let Some(range) = run.strip_prefix('#') {
                terms.push(figure(range)?);
                continue;
            }
            if let Some(word) = run.strip_prefix('=') {
                if word.is_empty() || !word.chars().all(char::is_alphanumeric) {
                    return Err(format!("`{run}`: `=` stands before one word"));
                }
                terms.push(Term::Exact(intern(
                    &mut self.vocabulary.exact,
                    &word.to_lowercase(),
                )));
                continue;
            }
            let folded = fold(&run, &self.stemmer);
            if folded.is_empty() {
                return Err(format!("`{text}` is not a word"));
            }
            for token in folded {
                terms.push(Term::Stem(intern(&mut self.vocabulary.stems, &token.stem)));
            }
        }
        Ok(Alternative::Phrase(terms))
    }
}

/// The range of a number term: `1000..1400`.
fn figure(range: &str) -> Result<Term, String> {
    let fail = || format!("`#{range}` is no range of numbers: write `#1000..1400`, the smaller one first");
    let (from, to) = range.split_once("..").ok_or_else(fail)?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => Ok(Term::Figure { from, to }),
        _ => Err(fail()),
    }
}

/// Splits a phrase into its prefixes, its exact words, its ranges and the runs of whole words between them.
fn runs(phrase: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for word in phrase.split('_') {
        match runs.last_mut() {
            Some(last)
                if ![word, last]
                    .iter()
                    .any(|w| w.ends_with('*') || w.starts_with(['=', '#'])) =>
            {
                last.push(' ');
                last.push_str(word);
            }
            _ => runs.push(word.to_owned()),
        }
    }
    runs
}

fn intern(map: &mut BTreeMap<String, u32>, word: &str) -> u32 {
    let next = map.len() as u32;
    *map.entry(word.to_owned()).or_insert(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_wrong() {
        let lexicon = Lexicon::new();
        let error = |source: &str| Compiler::new(&lexicon).pattern(source).expect_err(source).message;
        assert_eq!(error("@nowhere x"), "word set `@nowhere` is not in the lexicon");
        assert_eq!(error("#colour"), "slot `#colour` is unknown");
        for range in [
            "#1400..1000",
            "#..5",
            "#1..",
            "#a..b",
            "over_#1k..2k",
            "over_#number",
            "#-1..5",
        ] {
            assert!(error(range).contains("is no range of numbers"), "{range}");
        }
        assert_eq!(error("> a"), "starts with `>`");
        assert_eq!(error("!a"), "has no group that must occur");
        assert_eq!(error("="), "`=`: `=` stands before one word");
        assert_eq!(error("a ^b"), "`^b` is no word limit");
        assert_eq!(error("a||b"), "`` is not a word");
    }
}
