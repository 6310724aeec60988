//! Words with their places, and phrases of words that are found again in a text.

use std::collections::BTreeMap;

/// Longest gap within a phrase, in bytes: a space, a hyphen, ` / `.
const MAX_GAP_BYTES: usize = 3;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// In lower case.
    pub(crate) lower: String,
}

/// The words of a text: runs of letters and digits, with what makes `C++`, `C#` and `.NET` of them.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open: Option<usize> = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, c)| *c);
        let dot = c == '.' && next.is_alphabetic() && !before.is_alphanumeric() && before != '.';
        if c.is_alphanumeric() || dot {
            open = open.or(Some(at));
        } else if let Some(start) = open.take() {
            let sign = matches!(c, '+' | '#') && !next.is_alphanumeric();
            let twice = c == '+' && next == '+';
            let end = if twice {
                chars.next();
                at + 2
            } else if sign {
                at + 1
            } else {
                at
            };
            found.push(word(text, start, end));
        }
        before = c;
    }
    if let Some(start) = open {
        found.push(word(text, start, text.len()));
    }
    found
}

fn word(text: &str, start: usize, end: usize) -> Word {
    Word {
        start,
        end,
        lower: text[start..end].to_lowercase(),
    }
}

/// A phrase as its lower-case words.
pub(crate) fn phrase(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.lower).collect()
}

/// Whether the words from `at` on are those of the phrase.
pub(crate) fn starts(words: &[Word], at: usize, phrase: &[String]) -> bool {
    words.len() >= at + phrase.len()
        && phrase
            .iter()
            .zip(&words[at..])
            .all(|(own, word)| *own == word.lower)
}

/// Where a phrase stands in words: the first index.
pub(crate) fn find(words: &[Word], phrase: &[String]) -> Option<usize> {
    (0..words.len()).find(|at| !phrase.is_empty() && starts(words, *at, phrase))
}

/// Whether one of the phrases stands in the words.
pub(crate) fn has(words: &[Word], phrases: &[Vec<String>]) -> bool {
    phrases.iter().any(|phrase| find(words, phrase).is_some())
}

/// Whether what lies between two words lets them be one phrase. A comma only does in a phrase with one.
pub(crate) fn joins(gap: &str, comma: bool) -> bool {
    let fits = |c: char| {
        matches!(
            c,
            ' ' | '-' | '–' | '‑' | '/' | '.' | '_' | '&' | '×' | '\'' | '’'
        )
    };
    let plain = gap.chars().all(fits) && !(gap.contains('.') && gap.contains(' '));
    gap.len() <= MAX_GAP_BYTES && (plain || (comma && gap == ", "))
}

/// A phrase as it may stand for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    /// Its words in lower case.
    pub(crate) words: Vec<String>,
    /// As it must be spelt; `None` when case does not matter and the last word may be plural.
    pub(crate) exact: Option<String>,
    /// Whether it holds a comma.
    pub(crate) comma: bool,
    /// What it stands for.
    pub(crate) of: usize,
}

/// Aliases by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aliases(BTreeMap<String, Vec<Alias>>);

impl Aliases {
    /// Adds an alias; one without words stands for nothing.
    pub(crate) fn add(&mut self, text: &str, exact: bool, of: usize) {
        let words = phrase(text);
        if let Some(first) = words.first() {
            self.0.entry(first.clone()).or_default().push(Alias {
                exact: exact.then(|| text.to_owned()),
                comma: text.contains(','),
                words,
                of,
            });
        }
    }

    /// What stands at a word: each alias that fits, with the number of its words.
    pub(crate) fn at<'a>(&'a self, text: &str, words: &[Word], at: usize) -> Vec<(&'a Alias, usize)> {
        let mut found = Vec::new();
        for first in singulars(&words[at].lower) {
            for alias in self.0.get(first.as_str()).into_iter().flatten() {
                if fits(alias, text, words, at) {
                    found.push((alias, alias.words.len()));
                }
            }
        }
        found
    }
}

/// A word and what it may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("ies") {
        all.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix('s').filter(|stem| stem.len() >= 2) {
        all.push(stem.to_owned());
        all.extend(stem.strip_suffix('e').filter(|s| s.len() >= 3).map(str::to_owned));
    }
    all
}

fn fits(alias: &Alias, text: &str, words: &[Word], at: usize) -> bool {
    let n = alias.words.len();
    let Some(run) = words.get(at..at + n) else {
        return false;
    };
    if let Some(exact) = &alias.exact {
        return text.get(run[0].start..run[n - 1].end) == Some(exact.as_str());
    }
    let joined = run
        .windows(2)
        .all(|pair| joins(&text[pair[0].end..pair[1].start], alias.comma));
    let last = n - 1;
    let same = |i: usize| {
        let (own, word) = (&alias.words[i], &run[i].lower);
        own == word || (i == last && singulars(word).contains(own))
    };
    joined && (0..n).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).iter().map(|w| &text[w.start..w.end]).collect()
    }

    #[test]
    fn words_keep_the_signs_of_languages() {
        assert_eq!(split("C++, C# and .NET/F#."), ["C++", "C#", "and", ".NET", "F#"]);
        assert_eq!(
            split("Node.js; 99.9 % (CI/CD)"),
            ["Node", "js", "99", "9", "CI", "CD"]
        );
        assert_eq!(split("naïve—übung…"), ["naïve", "übung"]);
        assert_eq!(split("a+b"), ["a", "b"]);
    }

    #[test]
    fn phrases_bridge_hyphens_and_no_sentences() {
        let mut aliases = Aliases::default();
        aliases.add("on-call", false, 0);
        aliases.add("query", false, 1);
        aliases.add("Go", true, 2);
        let found = |text: &str| -> Vec<usize> {
            let words = words(text);
            (0..words.len())
                .flat_map(|at| {
                    aliases
                        .at(text, &words, at)
                        .into_iter()
                        .map(|(alias, _)| alias.of)
                })
                .collect()
        };
        assert_eq!(found("On call, on-call and ON‑CALL"), [0, 0, 0]);
        assert_eq!(found("We rely on. Call us."), Vec::<usize>::new());
        assert_eq!(found("slow queries and a query"), [1, 1]);
        assert_eq!(found("go, GO, Go"), [2]);
    }
}
