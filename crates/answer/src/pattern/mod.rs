//! The pattern language of fact rubrics (docs/bank-format.md, "Patterns").
//!
//! A pattern matches when all its groups are found in one sentence, each on words of its own. Terms are
//! interned per rubric, so that matching compares integers.

mod compile;

use std::ops::Range;

use crate::text::{Mark, Sentence, Text};

pub use compile::PatternError;
pub(crate) use compile::{Compiler, Vocabulary};

/// Words that may stand between the words of a phrase.
const FILLERS: [&str; 14] = [
    "the", "a", "an", "of", "to", "your", "our", "their", "its", "my", "this", "that", "it", "them",
];

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
    exact: Bits,
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
                Some(Term::Exact(id)) => self.exact.insert(*id),
                Some(Term::Figure { .. }) => self.marks |= Mark::Number as u8,
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
            || read.exact[start].is_some_and(|id| self.exact.has(id))
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

#[derive(Debug, Clone, Copy, PartialEq)]
enum Term {
    Stem(u32),
    Prefix(u32),
    Exact(u32),
    /// A number by its value, both ends included: however it was written or said.
    Figure {
        from: f64,
        to: f64,
    },
}

/// What the patterns of one rubric know of each token: its stem, the word itself and the prefixes it
/// starts with.
pub(crate) struct Read {
    stems: Vec<Option<u32>>,
    exact: Vec<Option<u32>>,
    prefixes: Vec<Vec<u32>>,
}

/// Tokens that a pattern matched, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// Token indexes into the text.
    pub(crate) tokens: Vec<usize>,
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
                && !term.is(text, read, at)
                && FILLERS.contains(&text.tokens[at].norm.as_str())
            {
                at += 1;
            }
            if at >= sentence.tokens.end || !term.is(text, read, at) {
                return None;
            }
            at += 1;
        }
        Some(at)
    }
}

impl Term {
    fn is(self, text: &Text, read: &Read, token: usize) -> bool {
        match self {
            Self::Stem(id) => read.stems[token] == Some(id),
            Self::Prefix(id) => read.prefixes[token].contains(&id),
            Self::Exact(id) => read.exact[token] == Some(id),
            Self::Figure { from, to } => text.tokens[token].value.is_some_and(|v| from <= v && v <= to),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Lexicon;

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
            hundred_million_link | 100 million links | yes
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
            production | we sell a product | yes
            =production | we sell a product | no
            =production | seen in production | yes
            in_=production | seen in production | yes
            #1000..1400 second | about 1,160 a second | yes
            #1000..1400 second | twelve hundred each second | yes
            #1000..1400 second | 1.2k a second | yes
            #1000..1400 second | a bit over a thousand per second | yes
            #1000..1400 second | 1,500 a second | no
            #1000..1400 second | thousands a second | no
            #1000..1400 second | a hundred million second calls | no
            #11.5..12 | 11.57 on average | yes
            over_#1000..1400 | over 1,160 | yes
            over_#1000..1400 | over the years 1,160 | no
            not:#2e9..3e9 | it is not 2 billion | yes
            #past > back | the release was rolled back | yes
            #past > back | we rolled it back | yes
            #past > back | we would have rolled it back | no
            #past > back | we roll it back | no
        ";
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let cells: Vec<_> = line.split(" | ").collect();
            assert_eq!(matches(cells[0], cells[1]), cells[2] == "yes", "{line}");
        }
    }
}
