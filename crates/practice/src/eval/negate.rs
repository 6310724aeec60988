//! Every sentence of a text turned into its opposite, by rules that need no parser.
//!
//! A clause ends at `;`, `:` or a comma with a conjunction. In each clause the first rule that applies is
//! used: a `not` or `never` is taken out; `not` is put behind the first auxiliary; `never` is put before
//! the verb behind a personal pronoun; `never` is put before a verb of a short list. A sentence in which
//! no rule applied becomes "It is not true that ...". Grammar suffers; the direction turns, as far as
//! the verb carries it.

const AUXILIARIES: [&str; 22] = [
    "is", "are", "was", "were", "am", "can", "could", "will", "would", "should", "must", "may", "might",
    "shall", "i'm", "it's", "that's", "there's", "i'd", "we'd", "i'll", "we'll",
];

const PRONOUNS: [&str; 8] = ["i", "we", "you", "they", "he", "she", "it", "who"];

const CONJUNCTIONS: [&str; 13] = [
    "and",
    "but",
    "so",
    "because",
    "which",
    "then",
    "or",
    "while",
    "where",
    "since",
    "if",
    "when",
    "otherwise",
];

/// Verbs in a form that only stands behind a noun.
const VERBS: [&str; 34] = [
    "gets", "goes", "takes", "gives", "keeps", "has", "needs", "uses", "holds", "means", "makes", "comes",
    "stays", "reads", "writes", "sends", "runs", "waits", "fails", "returns", "refills", "lives", "share",
    "fits", "stops", "checks", "starts", "sees", "carries", "have", "stay", "need", "go", "live",
];

/// The text with every sentence negated.
pub(super) fn negated(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut sentence: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        sentence.push(word);
        if word.ends_with(['.', '!', '?']) {
            out.push(sentence_negated(&sentence));
            sentence.clear();
        }
    }
    if !sentence.is_empty() {
        out.push(sentence_negated(&sentence));
    }
    out.join(" ")
}

fn sentence_negated(words: &[&str]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut turned = false;
    let mut from = 0;
    for end in 1..=words.len() {
        if end == words.len() || parts(words[end - 1], words[end]) {
            let clause = &words[from..end];
            let opposite = clause_negated(clause);
            turned |= opposite.is_some();
            out.extend(opposite.unwrap_or_else(|| clause.iter().map(ToString::to_string).collect()));
            from = end;
        }
    }
    let sentence = out.join(" ");
    if turned {
        return sentence;
    }
    format!("It is not true that {sentence}")
}

/// Whether a clause ends between two words.
fn parts(word: &str, next: &str) -> bool {
    word.ends_with([';', ':']) || word.ends_with(',') && CONJUNCTIONS.contains(&bare(next).as_str())
}

fn clause_negated(words: &[&str]) -> Option<Vec<String>> {
    let lower: Vec<String> = words.iter().map(|w| bare(w)).collect();
    let own = |at: usize| words[at].to_owned();
    if let Some(at) = lower.iter().position(|w| w == "not" || w == "never") {
        return Some((0..words.len()).filter(|i| *i != at).map(own).collect());
    }
    if let Some(at) = lower.iter().position(|w| w.ends_with("n't") && w.len() > 3) {
        let positive = match lower[at].as_str() {
            "won't" => "will",
            "can't" => "can",
            contracted => contracted.trim_end_matches("n't"),
        };
        let word = |i: usize| if i == at { positive.to_owned() } else { own(i) };
        return Some((0..words.len()).map(word).collect());
    }
    let insert = |at: usize, word: &str| {
        let before = words[..at].iter().map(ToString::to_string);
        let after = words[at..].iter().map(ToString::to_string);
        Some(
            before
                .chain(std::iter::once(word.to_owned()))
                .chain(after)
                .collect(),
        )
    };
    let is = |list: &[&str], at: usize| list.contains(&lower[at].as_str());
    let inside = |at: usize| at + 1 < words.len() && !words[at].ends_with(',');
    for at in 0..words.len() {
        if is(&AUXILIARIES, at) && inside(at) {
            return insert(at + 1, "not");
        }
        if is(&PRONOUNS, at) && inside(at) && !is(&AUXILIARIES, at + 1) {
            return insert(at + 1, "never");
        }
        if at > 0 && is(&VERBS, at) && inside(at) {
            return insert(at, "never");
        }
    }
    None
}

/// A word without the marks around it, in lower case, with a plain apostrophe.
fn bare(word: &str) -> String {
    let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric());
    trimmed.to_lowercase().replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use super::negated;

    #[test]
    fn each_clause_turns_at_its_verb() {
        for (text, opposite) in [
            ("The cache is shared.", "The cache is not shared."),
            ("I retry with backoff.", "I never retry with backoff."),
            ("We do not retry.", "We do retry."),
            (
                "It won't block, and readers can go on.",
                "It will block, and readers can not go on.",
            ),
            (
                "The client gets a 429; it waits.",
                "The client never gets a 429; it never waits.",
            ),
            (
                "On a miss, the replica.",
                "It is not true that On a miss, the replica.",
            ),
            (
                "It's stateless. Who decides?",
                "It's not stateless. Who never decides?",
            ),
            ("we should cap it", "we should not cap it"),
        ] {
            assert_eq!(negated(text), opposite);
        }
    }
}
