//! Where a sentence denies, warns, dismisses or only plans.
//!
//! Negation is read where it stands: its scope runs from the negator to the end of its clause. A
//! second negator inside the scope turns the polarity back ("never retry without a limit").

use std::ops::Range;

use super::Token;

/// Words a negation reaches at most. Clauses of speech are short; a longer reach starts to deny what
/// the next thought affirms.
const MAX_SCOPE: usize = 7;

/// Words that open a negation; part of the pattern language (docs/bank-format.md).
const NEGATORS: [&str; 7] = ["not", "never", "no", "without", "avoid", "avoids", "avoiding"];

/// Words that end the scope of a negation.
const STOPS: [&str; 17] = [
    "but",
    "so",
    "because",
    "since",
    "unless",
    "until",
    "if",
    "when",
    "where",
    "while",
    "which",
    "who",
    "instead",
    "then",
    "otherwise",
    "though",
    "although",
];

/// Pairs that look like a negation and are none.
const IDIOMS: [(&str, &str); 8] = [
    ("not", "only"),
    ("not", "just"),
    ("no", "matter"),
    ("no", "doubt"),
    ("no", "problem"),
    ("not", "merely"),
    ("not", "necessarily"),
    // As "nobody", which patterns name.
    ("no", "one"),
];

/// Sets [`Token::negated`] on the tokens of one sentence.
pub(crate) fn mark_negation(tokens: &mut [Token]) {
    for i in 0..tokens.len() {
        let Some(first) = opens(tokens, i) else { continue };
        let whole = denies_all(tokens, i);
        let ends = (first..tokens.len())
            .find(|j| ends_clause(tokens, *j, first))
            .unwrap_or(tokens.len());
        let end = if whole {
            tokens.len()
        } else {
            ends.min(first + MAX_SCOPE)
        };
        tokens[first.min(end)..end]
            .iter_mut()
            .for_each(|t| t.negated ^= true);
    }
}

/// Whether the sentence denies anything.
pub(crate) fn denies(tokens: &[Token]) -> bool {
    (0..tokens.len()).any(|i| opens(tokens, i).is_some())
}

/// The first token in the scope of a negator at `i`.
fn opens(tokens: &[Token], i: usize) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |t| t.norm.as_str());
    if matches!((word(i), word(i + 1)), ("instead", "of") | ("rather", "than")) {
        return Some(i + 2);
    }
    let bound =
        matches!(word(i + 1), "more" | "less" | "later" | "longer" | "fewer") && word(i + 2) == "than";
    let choice = i >= 2 && (word(i - 2), word(i - 1), word(i)) == ("yes", "or", "no");
    let idiom = bound || choice || IDIOMS.contains(&(word(i), word(i + 1)));
    (NEGATORS.contains(&word(i)) && !idiom).then_some(i + 1)
}

/// "It is not true that ...", "it is not the case that ...": the whole rest is denied.
fn denies_all(tokens: &[Token], i: usize) -> bool {
    let next: Vec<&str> = tokens[i + 1..].iter().take(4).map(|t| t.norm.as_str()).collect();
    tokens[i].norm == "not"
        && (matches!(next.as_slice(), ["true" | "correct" | "right", "that", ..])
            || matches!(next.as_slice(), ["the", "case", "that", ..]))
}

fn ends_clause(tokens: &[Token], j: usize, first: usize) -> bool {
    let word = tokens[j].norm.as_str();
    let next = tokens.get(j + 1).map_or("", |t| t.norm.as_str());
    let joins = word == "and"
        && matches!(
            next,
            "then" | "i" | "we" | "you" | "it" | "they" | "the" | "that" | "so"
        );
    // "We do not poll we subscribe", as transcripts have it; but "I do not think we need it" denies all.
    let restarts =
        matches!(word, "i" | "we" | "they" | "you") && !RAISING.contains(&tokens[first].stem.as_str());
    tokens[j].clause_before || STOPS.contains(&word) || j > first && (joins || restarts)
}

/// Stems of verbs whose negation belongs to what follows.
const RAISING: [&str; 12] = [
    "think", "believ", "want", "say", "mean", "expect", "assum", "see", "know", "matter", "care", "the",
];

/// Stems of a sentence that rejects or warns of what it says.
const WARNINGS: [&str; 23] = [
    "mistake",
    "wrong",
    "trap",
    "naiv",
    "myth",
    "misconcept",
    "tempt",
    "otherwis",
    "pitfal",
    "danger",
    "antipattern",
    "bad",
    "riski",
    "worst",
    "wors",
    "harm",
    "broken",
    "useless",
    "incorrect",
    "mislead",
    "disast",
    "terribl",
    "flaw",
];

/// Verbs of harm that show, after "would" or "could", that the sentence describes a danger.
const HARMS: [&str; 20] = [
    "break",
    "lose",
    "leak",
    "fail",
    "corrupt",
    "overload",
    "multipli",
    "doubl",
    "crash",
    "hammer",
    "lock",
    "block",
    "stall",
    "overwhelm",
    "drift",
    "miss",
    "skip",
    "hurt",
    "kill",
    "exceed",
];

/// Openers of a warning or of a report of what others hold.
const REPORTS: [(&str, &str); 13] = [
    ("problem", "is"),
    ("problem", "with"),
    ("troubl", "is"),
    ("risk", "is"),
    ("peopl", "think"),
    ("peopl", "say"),
    ("peopl", "believ"),
    ("some", "say"),
    ("might", "think"),
    ("might", "assum"),
    ("often", "think"),
    ("common", "mistak"),
    ("use", "to"),
];

/// The token by which a sentence warns of what it says ("the naive way", "otherwise", "that would
/// break"), reports what others hold, or none when it asserts. A denied warning ("no risk", "not a
/// problem") warns of nothing.
pub(crate) fn warns(tokens: &[Token]) -> Option<usize> {
    let stem = |i: usize| tokens.get(i).map_or("", |t| t.stem.as_str());
    let modal = |t: &Token| matches!(t.norm.as_str(), "would" | "could" | "will" | "may" | "can");
    let would = tokens.iter().position(modal).unwrap_or(tokens.len());
    (0..tokens.len()).find(|&i| {
        let warning = !tokens[i].negated && WARNINGS.contains(&stem(i));
        let harm = (would..would + 6).contains(&i) && !tokens[i].negated && HARMS.contains(&stem(i));
        // "The problem is gone" tells of success.
        let over = matches!(stem(i + 2), "solv" | "gone" | "fix" | "over" | "done");
        warning || harm || !over && REPORTS.contains(&(stem(i), stem(i + 1)))
    })
}

/// Stems of dismissal: the sentence says that what it names is not worth having.
const DISMISSALS: [&str; 9] = [
    "overkil",
    "unnecessari",
    "pointless",
    "needless",
    "useless",
    "wast",
    "overengin",
    "myth",
    "superflu",
];

/// A dismissal in a sentence: the token that dismisses, and the clause before it that is dismissed.
pub(crate) struct Dismissal {
    pub(crate) at: usize,
    pub(crate) clause: Range<usize>,
}

/// Finds "a shared store is overkill", "a tie-breaker is not needed".
pub(crate) fn dismisses(tokens: &[Token]) -> Option<Dismissal> {
    let needless = |t: &Token| {
        t.negated
            && matches!(
                t.stem.as_str(),
                "need" | "necessari" | "requir" | "worth" | "bother" | "matter"
            )
    };
    let dismissed = |t: &Token| !t.negated && DISMISSALS.contains(&t.stem.as_str());
    let at = tokens.iter().position(|t| needless(t) || dismissed(t))?;
    let opens = |i: &usize| tokens[*i].clause_before || STOPS.contains(&tokens[*i].norm.as_str());
    let start = (0..=at).rev().find(opens).unwrap_or(0);
    Some(Dismissal {
        at,
        clause: start..at,
    })
}

/// The token that makes the sentence a plan or a wish rather than something done, if any.
/// `story` reads more strictly: in a story "I would" did not happen.
pub(crate) fn plans(tokens: &[Token], story: bool) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |t| t.norm.as_str());
    (0..tokens.len()).find(|&i| {
        let always = matches!(
            (word(i), word(i + 1), word(i + 2)),
            ("wish", "we" | "i", "had")
                | ("should" | "could", "have", _)
                | (
                    "meant"
                        | "planned"
                        | "hoped"
                        | "intended"
                        | "planning"
                        | "hoping"
                        | "intending"
                        | "intend",
                    "to",
                    _
                )
                | ("never", "got", "around" | "to")
                | (
                    "have" | "has" | "had" | "is" | "are" | "was" | "were" | "we" | "i",
                    "not",
                    "yet"
                )
                | ("on", "the", "roadmap" | "backlog")
        );
        let wanted = matches!(
            (word(i), word(i + 1)),
            ("wanted" | "want" | "plan" | "hope", "to")
        );
        let modal = matches!(word(i), "would" | "might") || matches!((word(i), word(i + 1)), ("going", "to"));
        always || story && (modal || wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn negated(text: &str) -> Vec<String> {
        let text = Text::new(text);
        text.tokens
            .iter()
            .filter(|t| t.negated)
            .map(|t| t.norm.clone())
            .collect()
    }

    #[test]
    fn negation_ends_with_its_clause() {
        let cases: [(&str, &[&str]); 12] = [
            (
                "We do not share the counter, we copy it",
                &["share", "the", "counter"],
            ),
            ("never retry without a limit", &["retry", "without"]),
            ("use keyset instead of offset", &["offset"]),
            ("not only locks but also waits", &[]),
            ("I can't block writes so I batch", &["block", "writes"]),
            (
                "no lock is taken because it is additive",
                &["lock", "is", "taken"],
            ),
            (
                "It is not true that a shared store holds the count for all",
                &[
                    "true", "that", "a", "shared", "store", "holds", "the", "count", "for", "all",
                ],
            ),
            ("we don't lock and we don't wait", &["lock", "wait"]),
            ("avoid locking the table", &["locking", "the", "table"]),
            ("a column of yes or no is a bad index", &[]),
            ("not more than five retries", &[]),
            ("we do not poll we subscribe", &["poll"]),
        ];
        for (text, want) in cases {
            assert_eq!(negated(text), want, "{text}");
        }
    }

    #[test]
    fn warnings_do_not_assert() {
        let asserted = |text: &str| warns(&Text::new(text).tokens).is_none();
        assert!(asserted("Each instance keeps its own counter in memory"));
        assert!(asserted(
            "Each instance keeps its own counter, there is no risk in that"
        ));
        assert!(!asserted(
            "The naive way is that each instance keeps its own counter"
        ));
        assert!(!asserted(
            "If each instance keeps its own counter that would multiply the limit"
        ));
        assert!(!asserted("People think each instance can keep its own counter"));
    }
}
