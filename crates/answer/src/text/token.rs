//! Tokens: words folded to one spelling, with the marks that patterns ask for.

use rust_stemmers::Stemmer;

use super::mark::Mark;

/// A word of the answer.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Lower case, contractions opened, digits without separators.
    pub(crate) norm: String,
    /// The Snowball stem of `norm`; short words and figures stem to themselves.
    pub(crate) stem: String,
    /// Its value, when it is a number.
    pub(crate) value: Option<f64>,
    /// Inside a negation.
    pub(crate) negated: bool,
    /// A comma, dash, colon or bracket stands before it.
    pub(crate) clause_before: bool,
    /// The sentence ends after it.
    pub(crate) ends_sentence: bool,
    /// Starts with a capital in the text.
    pub(crate) capital: bool,
    /// What slots it fills, a set of [`Mark`] bits.
    pub(crate) marks: u8,
}

impl Token {
    /// Whether it carries the mark.
    pub(crate) fn is(&self, mark: Mark) -> bool {
        self.marks & mark as u8 != 0
    }

    fn new(range: std::ops::Range<usize>, norm: String, stemmer: &Stemmer, clause_before: bool) -> Self {
        let (norm, value) = super::number::value(norm);
        let stem = fold_stem(stemmer, &norm);
        Self {
            start: range.start,
            end: range.end,
            norm,
            stem,
            value,
            negated: false,
            clause_before,
            ends_sentence: false,
            capital: false,
            marks: 0,
        }
    }
}

/// The stem of a word as tokens and patterns both use it.
pub(crate) fn fold_stem(stemmer: &Stemmer, norm: &str) -> String {
    if norm.len() > 3 && norm.bytes().all(|b| b.is_ascii_alphabetic()) {
        stemmer.stem(norm).into_owned()
    } else {
        norm.to_owned()
    }
}

/// Contractions and transcription habits, opened. Only forms that are no other word.
const OPENED: [(&str, &[&str]); 34] = [
    ("can't", &["can", "not"]),
    ("cant", &["can", "not"]),
    ("cannot", &["can", "not"]),
    ("won't", &["will", "not"]),
    ("shan't", &["shall", "not"]),
    ("ain't", &["is", "not"]),
    ("dont", &["do", "not"]),
    ("doesnt", &["does", "not"]),
    ("didnt", &["did", "not"]),
    ("isnt", &["is", "not"]),
    ("arent", &["are", "not"]),
    ("wasnt", &["was", "not"]),
    ("werent", &["were", "not"]),
    ("wouldnt", &["would", "not"]),
    ("shouldnt", &["should", "not"]),
    ("couldnt", &["could", "not"]),
    ("havent", &["have", "not"]),
    ("hasnt", &["has", "not"]),
    ("hadnt", &["had", "not"]),
    ("it's", &["it", "is"]),
    ("that's", &["that", "is"]),
    ("there's", &["there", "is"]),
    ("here's", &["here", "is"]),
    ("what's", &["what", "is"]),
    ("who's", &["who", "is"]),
    ("let's", &["let", "us"]),
    ("i'm", &["i", "am"]),
    ("im", &["i", "am"]),
    ("ive", &["i", "have"]),
    ("gonna", &["going", "to"]),
    ("wanna", &["want", "to"]),
    ("gotta", &["have", "to"]),
    ("ok", &["okay"]),
    ("vs", &["versus"]),
];

/// Endings after an apostrophe, opened.
const ENDINGS: [(&str, &str); 5] = [
    ("n't", "not"),
    ("'re", "are"),
    ("'ve", "have"),
    ("'ll", "will"),
    ("'d", "would"),
];

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 10] = [
    "e.g", "i.e", "eg", "ie", "etc", "vs", "approx", "resp", "cf", "st",
];

/// Words after which `/` means "per": `requests/s`, `$5/month`.
const PER_UNITS: [&str; 16] = [
    "s", "sec", "second", "min", "minute", "h", "hr", "hour", "day", "week", "month", "year", "user", "node",
    "request", "req",
];

/// The words of a pattern term, folded as the answer's are.
pub(crate) fn fold(text: &str, stemmer: &Stemmer) -> Vec<Token> {
    let mut folded = tokens(text, stemmer);
    super::number::merge_number_words(&mut folded);
    folded
}

/// All tokens of a text.
pub(crate) fn tokens(text: &str, stemmer: &Stemmer) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut clause = false;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_alphanumeric() {
            let end = word_end(text, start);
            while chars.next_if(|(i, _)| *i < end).is_some() {}
            push_word(&mut out, text, start..end, stemmer, clause);
            clause = false;
            continue;
        }
        match c {
            '.' => end_sentence(&mut out, text, start),
            '!' | '?' | ';' | '\n' | '\u{2022}' => {
                if let Some(last) = out.last_mut() {
                    last.ends_sentence = true;
                }
            }
            ',' | ':' | '(' | ')' | '\u{2013}' | '\u{2014}' => clause = true,
            '-' if text[start + 1..].starts_with([' ', '-']) => clause = true,
            '%' => push_word(&mut out, text, start..start + 1, stemmer, false),
            '/' if per(text, start) => {
                let token = Token::new(start..start + 1, "per".into(), stemmer, false);
                out.push(token);
            }
            _ => {}
        }
    }
    read_had(&mut out);
    out
}

/// "I'd scaled" is "I had scaled", "I'd scale" is "I would scale": before a participle `'d` is the past.
fn read_had(tokens: &mut [Token]) {
    const PARTICIPLES: [&str; 38] = [
        "been",
        "seen",
        "done",
        "gone",
        "taken",
        "written",
        "made",
        "built",
        "found",
        "known",
        "kept",
        "lost",
        "left",
        "told",
        "had",
        "got",
        "given",
        "grown",
        "broken",
        "chosen",
        "forgotten",
        "brought",
        "caught",
        "bought",
        "sent",
        "become",
        "said",
        "heard",
        "felt",
        "held",
        "paid",
        "thought",
        "won",
        "sold",
        "spent",
        "drawn",
        "driven",
        "shown",
    ];
    for i in 1..tokens.len().saturating_sub(1) {
        let contracted = tokens[i].norm == "would" && tokens[i].start == tokens[i - 1].start;
        let next = tokens[i + 1].norm.as_str();
        if contracted && (PARTICIPLES.contains(&next) || next.len() > 4 && next.ends_with("ed")) {
            tokens[i].norm = "had".to_owned();
            tokens[i].stem = "had".to_owned();
        }
    }
}

fn end_sentence(out: &mut [Token], text: &str, at: usize) {
    let next = text[at + 1..].chars().next();
    if let (Some(last), true) = (out.last_mut(), next.is_none_or(char::is_whitespace)) {
        let word = text[..at]
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or("")
            .to_lowercase();
        last.ends_sentence = !ABBREVIATIONS.contains(&word.trim_start_matches('('));
    }
}

/// `/` stands for "per" before a unit, after a number or a word.
fn per(text: &str, at: usize) -> bool {
    let before = text[..at]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == ' ');
    let end = word_end(text, at + 1);
    before && PER_UNITS.contains(&text[at + 1..end].to_lowercase().as_str())
}

/// The end of the word that starts at `start`: letters and digits, apostrophes between letters, and
/// separators between digits (`1,160`, `99.9`).
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut chars = text[start..].char_indices().peekable();
    let mut before = ' ';
    while let Some((i, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, c)| *c);
        let inner = match c {
            '\'' | '\u{2019}' => before.is_alphabetic() && after.is_alphabetic(),
            ',' => before.is_ascii_digit() && digits_follow(&text[start + i + 1..]),
            '.' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => c.is_alphanumeric(),
        };
        if !inner {
            break;
        }
        before = c;
        end = start + i + c.len_utf8();
    }
    end
}

/// Exactly three digits follow: a thousands separator rather than a list.
fn digits_follow(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

fn push_word(
    out: &mut Vec<Token>,
    text: &str,
    range: std::ops::Range<usize>,
    stemmer: &Stemmer,
    clause: bool,
) {
    let raw = &text[range.clone()];
    let lower = raw.to_lowercase().replace('\u{2019}', "'");
    let first = out.len();
    let mut push = |norm: &str| {
        let token = Token::new(
            range.clone(),
            norm.to_owned(),
            stemmer,
            clause && out.len() == first,
        );
        out.push(token);
    };
    let opened = OPENED.iter().find(|(short, _)| *short == lower);
    let ending = ENDINGS
        .iter()
        .find_map(|(end, word)| lower.strip_suffix(end).map(|base| (base, *word)));
    if let Some((_, words)) = opened {
        words.iter().for_each(|word| push(word));
    } else if let Some((base, word)) = ending {
        push(base);
        push(word);
    } else if let Some((number, unit)) = super::number::split_unit(&lower, raw) {
        push(&number);
        push(&unit);
    } else {
        push(lower.strip_suffix("'s").unwrap_or(&lower));
    }
    let capital = raw.chars().next().is_some_and(char::is_uppercase);
    out[first..].iter_mut().for_each(|token| token.capital = capital);
}
