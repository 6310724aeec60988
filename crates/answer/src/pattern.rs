//! The pattern language of fact rubrics (docs/bank-format.md, "Patterns").
//!
//! A pattern matches when all its groups are found in one sentence, each on words of its own. Terms are
//! interned per rubric, so that matching compares integers.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use domain::Lexicon;
use rust_stemmers::{Algorithm, Stemmer};

use crate::text::{Mark, Sentence, Text, Token, fold};

/// Words that may stand between the words of a phrase.
const FILLERS: [&str; 14] = [
    "the", "a", "an", "of", "to", "your", "our", "their", "its", "my", "this", "that", "it", "them",
];

/// Bounds of a pattern, far above any sensible one: they keep a hostile pack from costing time.
const MAX_GROUPS: usize = 8;
const MAX_ALTERNATIVES: usize = 400;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    groups: Vec<Group>,
    /// Groups of which no word may occur in the sentence.
    absent: Vec<AnyOf>,
    /// All matched words lie within so many words.
    within: Option<usize>,
}

#[derive(Debug, Clone)]
struct Group {
    any: AnyOf,
    polarity: Polarity,
    /// Must start after the group before it.
    ordered: bool,
    /// 1 when the group belongs to the sentence itself or the next one.
    part: usize,
}

/// Alternatives, with what they can start with: most tokens are ruled out by one look at a bit.
#[derive(Debug, Clone, Default)]
struct AnyOf {
    alternatives: Vec<Alternative>,
    stems: Bits,
    prefixes: Bits,
    marks: u8,
}

/// A set of small integers.
#[derive(Debug, Clone, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn insert(&mut self, id: u32) {
        let word = id as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (id % 64);
    }

    fn has(&self, id: u32) -> bool {
        self.0
            .get(id as usize / 64)
            .is_some_and(|word| word & (1 << (id % 64)) != 0)
    }
}

impl AnyOf {
    fn push(&mut self, alternative: Alternative) {
        match &alternative {
            Alternative::Slot(mark) => self.marks |= *mark as u8,
            Alternative::Phrase(terms) => match terms.first() {
                Some(Term::Stem(id)) => self.stems.insert(*id),
                Some(Term::Prefix(id)) => self.prefixes.insert(*id),
                None => {}
            },
        }
        self.alternatives.push(alternative);
    }

    /// Ends of the alternatives that start at a token of the sentence.
    fn ends_at<'a>(
        &'a self,
        text: &'a Text,
        read: &'a Read,
        start: usize,
        sentence: &'a Sentence,
    ) -> impl Iterator<Item = usize> + 'a {
        let possible = text.tokens[start].marks & self.marks != 0
            || read.stems[start].is_some_and(|id| self.stems.has(id))
            || read.prefixes[start].iter().any(|id| self.prefixes.has(*id));
        let alternatives = if possible {
            self.alternatives.as_slice()
        } else {
            &[]
        };
        alternatives
            .iter()
            .filter_map(move |a| a.ends_at(text, read, start, sentence))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Polarity {
    Affirmed,
    Denied,
    Either,
}

#[derive(Debug, Clone)]
enum Alternative {
    Phrase(Vec<Term>),
    Slot(Mark),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Stem(u32),
    Prefix(u32),
}

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
}

/// What the patterns of one rubric know of each token: its stem and the prefixes it starts with.
pub(crate) struct Read {
    stems: Vec<Option<u32>>,
    prefixes: Vec<Vec<u32>>,
}

/// Tokens that a pattern matched, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// Token indexes into the text.
    pub(crate) tokens: Vec<usize>,
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
        if let Some(slot) = text.strip_prefix('#') {
            return Ok(Alternative::Slot(match slot {
                "number" => Mark::Number,
                "figure" => Mark::Figure,
                "duration" => Mark::Duration,
                "percent" => Mark::Percent,
                "own" => Mark::Own,
                "name" => Mark::Name,
                _ => return Err(format!("slot `#{slot}` is unknown")),
            }));
        }
        let mut terms = Vec::new();
        for word in text.split('_') {
            if let Some(prefix) = word.strip_suffix('*') {
                if prefix.chars().count() < 2 || !prefix.chars().all(char::is_alphanumeric) {
                    return Err(format!("`{word}`: a prefix has two letters or more"));
                }
                terms.push(Term::Prefix(intern(
                    &mut self.vocabulary.prefixes,
                    &prefix.to_lowercase(),
                )));
                continue;
            }
            let folded = fold(word, &self.stemmer);
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

fn intern(map: &mut BTreeMap<String, u32>, word: &str) -> u32 {
    let next = map.len() as u32;
    *map.entry(word.to_owned()).or_insert(next)
}

/// One way to satisfy a group: tokens `start..end`.
type Occurrence = Range<usize>;

impl Pattern {
    /// Matches at a sentence (with `/`, the later groups may lie in the next one); the first match in
    /// reading order.
    pub(crate) fn find(&self, text: &Text, read: &Read, at: usize) -> Option<Match> {
        let here = &text.sentences[at];
        let mut found: Vec<Vec<Occurrence>> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let mut occurrences = group.occurrences(text, read, here);
            if let (1, Some(next)) = (group.part, text.sentences.get(at + 1)) {
                occurrences.extend(group.occurrences(text, read, next));
            }
            if occurrences.is_empty() {
                return None;
            }
            found.push(occurrences);
        }
        let absent = |any: &AnyOf| {
            here.tokens
                .clone()
                .any(|i| any.ends_at(text, read, i, here).next().is_some())
        };
        if self.absent.iter().any(absent) {
            return None;
        }
        let mut chosen = Vec::with_capacity(found.len());
        self.choose(&found, &mut chosen).then(|| {
            let mut tokens: Vec<usize> = chosen.into_iter().flatten().collect();
            tokens.sort_unstable();
            Match { tokens }
        })
    }

    /// All places in a sentence where the first group stands.
    pub(crate) fn find_all(&self, text: &Text, read: &Read, at: usize) -> Vec<Range<usize>> {
        self.groups[0].occurrences(text, read, &text.sentences[at])
    }

    /// Depth-first choice of one occurrence a group: disjoint, in order where asked, within the limit.
    fn choose(&self, found: &[Vec<Occurrence>], chosen: &mut Vec<Occurrence>) -> bool {
        let Some(group) = self.groups.get(chosen.len()) else {
            return true;
        };
        for occurrence in &found[chosen.len()] {
            let disjoint = chosen
                .iter()
                .all(|c| c.end <= occurrence.start || occurrence.end <= c.start);
            let in_order = !group.ordered || chosen.last().is_some_and(|c| c.end <= occurrence.start);
            let near = self.within.is_none_or(|limit| {
                let all = || chosen.iter().chain(std::iter::once(occurrence));
                let first = all().map(|c| c.start).min().unwrap_or(0);
                all().map(|c| c.end).max().unwrap_or(0) - first <= limit
            });
            if disjoint && in_order && near {
                chosen.push(occurrence.clone());
                if self.choose(found, chosen) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }
}

impl Group {
    fn occurrences(&self, text: &Text, read: &Read, sentence: &Sentence) -> Vec<Occurrence> {
        let mut out: Vec<Occurrence> = Vec::new();
        for start in sentence.tokens.clone() {
            for end in self.any.ends_at(text, read, start, sentence) {
                let denied = text.tokens[start..end].iter().any(|t| t.negated);
                let fits = match self.polarity {
                    Polarity::Affirmed => !denied,
                    Polarity::Denied => denied,
                    Polarity::Either => true,
                };
                if fits && out.last() != Some(&(start..end)) {
                    out.push(start..end);
                }
            }
        }
        out
    }
}

impl Alternative {
    /// The end of the alternative when it starts at token `start` of the sentence.
    fn ends_at(&self, text: &Text, read: &Read, start: usize, sentence: &Sentence) -> Option<usize> {
        let terms = match self {
            Self::Slot(mark) => return text.tokens[start].is(*mark).then_some(start + 1),
            Self::Phrase(terms) => terms,
        };
        let mut at = start;
        for (n, term) in terms.iter().enumerate() {
            while n > 0
                && at < sentence.tokens.end
                && !term.is(read, at)
                && FILLERS.contains(&text.tokens[at].norm.as_str())
            {
                at += 1;
            }
            if at >= sentence.tokens.end || !term.is(read, at) {
                return None;
            }
            at += 1;
        }
        Some(at)
    }
}

impl Term {
    fn is(self, read: &Read, token: usize) -> bool {
        match self {
            Self::Stem(id) => read.stems[token] == Some(id),
            Self::Prefix(id) => read.prefixes[token].contains(&id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the pattern matches any sentence of the text.
    fn matches(pattern: &str, text: &str) -> bool {
        let lexicon = Lexicon::from([(
            "store".to_owned(),
            vec!["redis".to_owned(), "shared_store".to_owned()],
        )]);
        let mut compiler = Compiler::new(&lexicon);
        let pattern = compiler.pattern(pattern).expect("compiles");
        let text = Text::new(text);
        let read = compiler.finish().read(&text);
        (0..text.sentences.len()).any(|at| pattern.find(&text, &read, at).is_some())
    }

    /// One line a case: pattern, text, expectation.
    #[test]
    fn follows_the_grammar() {
        let table = "
            retry wait | we retried, then we waited | yes
            retry wait | we retried. We waited | no
            retry / wait | we retried. We waited | yes
            retry / wait | we retried. It helped. We waited | no
            idempoten* | with an Idempotency-Key header | yes
            too_many_requests | answer Too Many Requests | yes
            share_state | we share the state | yes
            share_state | we share some state | no
            429 | you get a four twenty nine back | yes
            /s #number | about 1,160/s on average | yes
            #figure fail* | 40 percent of the payments failed | yes
            #own | I rolled the release back | yes
            #own | I would have rolled it back | no
            @store count | counts live in a shared store | yes
            share count | we do not share the counter | no
            not:share count* | we do not share it, the counter is ours | yes
            ~share ~count* | we do not share the counter | yes
            ack* > process | acknowledge after processing | yes
            ack* > process | process, then ack | no
            cache !stale | a stale cache | no
            one one | one request at a time | no
            lock table ^3 | lock the whole users table | no
            lock table ^5 | lock the whole users table | yes
            read_only | a read-only replica | yes
        ";
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let cells: Vec<_> = line.split(" | ").collect();
            assert_eq!(matches(cells[0], cells[1]), cells[2] == "yes", "{line}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        let lexicon = Lexicon::new();
        let error = |source: &str| Compiler::new(&lexicon).pattern(source).expect_err(source).message;
        assert_eq!(error("@nowhere x"), "word set `@nowhere` is not in the lexicon");
        assert_eq!(error("#colour"), "slot `#colour` is unknown");
        assert_eq!(error("> a"), "starts with `>`");
        assert_eq!(error("!a"), "has no group that must occur");
        assert_eq!(error("a ^b"), "`^b` is no word limit");
        assert_eq!(error("a||b"), "`` is not a word");
    }
}
