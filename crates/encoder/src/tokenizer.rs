//! `WordPiece` as `bert-base-uncased` does it, with the byte range of each piece in the original text.
//!
//! Follows the reference (Devlin et al. 2018, `tokenization.py`; the Hugging Face `BertNormalizer` and
//! `BertPreTokenizer`): drop control characters, split at white space, punctuation and CJK characters,
//! decompose (NFD), strip accents, lower-case, then cut each word greedily into the longest known pieces.
//! Two differences, on purpose: `[CLS]` or `[MASK]` typed in a text is punctuation and a word, not a special
//! token, so a submission cannot steer the model; and a form feed or vertical tab splits words like any
//! other white space, where the reference drops it and joins them.

use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::Token;

/// Longer words are unknown, as in the reference: they are noise, and cutting them is quadratic.
const MAX_WORD_CHARS: usize = 100;

/// The vocabulary, ready to look up.
pub(crate) struct Tokenizer {
    /// Pieces that begin a word, sorted.
    starts: Vec<(Box<str>, u32)>,
    /// Pieces that continue one, without their `##`, sorted.
    continuations: Vec<(Box<str>, u32)>,
    /// Characters in the longest piece: no need to try more.
    longest: usize,
    len: usize,
    unknown: u32,
    cls: u32,
    sep: u32,
}

/// A normalised character and the bytes it came from.
#[derive(Clone, Copy)]
struct Char {
    char: char,
    start: usize,
    end: usize,
}

impl Tokenizer {
    /// Reads a vocabulary, one piece a line; the id is the line's index.
    pub(crate) fn new(vocab: &str) -> Result<Tokenizer, String> {
        let mut starts = Vec::new();
        let mut continuations = Vec::new();
        let (mut longest, mut len) = (0, 0);
        for (id, line) in (0u32..).zip(vocab.lines()) {
            let (list, piece) = match line.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut continuations, rest),
                _ => (&mut starts, line),
            };
            longest = longest.max(piece.chars().count());
            list.push((Box::from(piece), id));
            len += 1;
        }
        starts.sort_unstable();
        continuations.sort_unstable();
        let special = |name: &str| lookup(&starts, name).ok_or_else(|| format!("`{name}` is missing"));
        let (unknown, cls, sep) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Tokenizer {
            starts,
            continuations,
            longest,
            len,
            unknown,
            cls,
            sep,
        })
    }

    /// Entries in the vocabulary.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The id of `[CLS]`.
    pub(crate) fn cls(&self) -> u32 {
        self.cls
    }

    /// The id of `[SEP]`.
    pub(crate) fn sep(&self) -> u32 {
        self.sep
    }

    /// The pieces of a text, in order.
    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut word: Vec<Char> = Vec::new();
        for (start, char) in text.char_indices() {
            let end = start + char.len_utf8();
            if is_white_space(char) {
                self.flush(&mut word, &mut tokens);
            } else if is_dropped(char) {
                continue;
            } else if is_cjk(char) {
                self.flush(&mut word, &mut tokens);
                normalise(char, |c| word.push(Char { char: c, start, end }));
                self.flush(&mut word, &mut tokens);
            } else if char.is_ascii_alphanumeric() {
                word.push(Char {
                    char: char.to_ascii_lowercase(),
                    start,
                    end,
                });
            } else if is_accent(char) {
                // Stripped, but it belongs to the letter before it, and so does its place in the text.
                if let Some(letter) = word.last_mut() {
                    letter.end = end;
                }
            } else {
                normalise(char, |c| {
                    let alone = is_punctuation(c);
                    if alone || is_white_space(c) {
                        self.flush(&mut word, &mut tokens);
                    }
                    if !is_white_space(c) {
                        word.push(Char { char: c, start, end });
                    }
                    if alone {
                        self.flush(&mut word, &mut tokens);
                    }
                });
            }
        }
        self.flush(&mut word, &mut tokens);
        tokens
    }

    /// Cuts the word into pieces, or makes it one unknown token, and empties it.
    fn flush(&self, word: &mut Vec<Char>, tokens: &mut Vec<Token>) {
        let (Some(first), Some(last)) = (word.first(), word.last()) else {
            return;
        };
        let before = tokens.len();
        if word.len() > MAX_WORD_CHARS || !self.cut(word, tokens) {
            tokens.truncate(before);
            let text = "[UNK]".to_owned();
            tokens.push(Token {
                text,
                id: self.unknown,
                start: first.start,
                end: last.end,
            });
        }
        word.clear();
    }

    /// Greedy longest match; false when some part has no piece.
    fn cut(&self, word: &[Char], tokens: &mut Vec<Token>) -> bool {
        let mut from = 0;
        while from < word.len() {
            let pieces = if from == 0 {
                &self.starts
            } else {
                &self.continuations
            };
            let mut piece: String = word[from..].iter().take(self.longest).map(|c| c.char).collect();
            let mut chars = self.longest.min(word.len() - from);
            let id = loop {
                match lookup(pieces, &piece) {
                    Some(id) => break id,
                    None if chars == 1 => return false,
                    None => {
                        piece.pop();
                        chars -= 1;
                    }
                }
            };
            let (start, end) = (word[from].start, word[from + chars - 1].end);
            tokens.push(Token {
                text: piece,
                id,
                start,
                end,
            });
            from += chars;
        }
        true
    }
}

fn lookup(pieces: &[(Box<str>, u32)], piece: &str) -> Option<u32> {
    pieces
        .binary_search_by(|(p, _)| (**p).cmp(piece))
        .ok()
        .map(|at| pieces[at].1)
}

/// Decomposes, strips accents and lower-cases one character.
fn normalise(char: char, mut emit: impl FnMut(char)) {
    decompose_canonical(char, |part| {
        if !is_accent(part) {
            part.to_lowercase().for_each(&mut emit);
        }
    });
}

fn is_white_space(c: char) -> bool {
    c.is_whitespace()
}

/// Control, format and private characters, and the replacement character.
fn is_dropped(c: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse};
    c == '\u{FFFD}'
        || (!c.is_ascii_graphic() && matches!(c.general_category(), Control | Format | PrivateUse))
}

fn is_accent(c: char) -> bool {
    !c.is_ascii() && c.general_category() == GeneralCategory::NonspacingMark
}

/// All ASCII that is neither letter nor digit counts, `$` and `+` too, as in the reference.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || (!c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Punctuation)
}

/// The CJK ideograph blocks of the reference; Hangul and kana are written in words and stay whole.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F | 0x2B740..=0x2B81F
        | 0x2B920..=0x2CEAF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCAB: &str =
        "[UNK]\n[CLS]\n[SEP]\nrate\nlimit\n##er\n##s\nun\n##want\n##ed\n,\n#\n##\n日\ncafe\n$";

    fn check(text: &str, expect: &str) {
        let tokens = Tokenizer::new(VOCAB).unwrap().tokens(text);
        let got: Vec<String> = tokens
            .iter()
            .map(|t| format!("{}@{}", t.text, &text[t.start..t.end]))
            .collect();
        assert_eq!(got.join(" "), expect, "{text:?}");
    }

    #[test]
    fn cuts_greedily_and_keeps_places() {
        check("", "");
        check(" \t\n", "");
        check("Rate limiters", "rate@Rate limit@limit er@er s@s");
        check("UNwanted,rate", "un@UN want@want ed@ed ,@, rate@rate");
        check("unwantedx rate", "[UNK]@unwantedx rate@rate");
        check("日rate日", "日@日 rate@rate 日@日");
        check("## $rate", "#@# #@# $@$ rate@rate");
        check("[CLS]", "[UNK]@[ [UNK]@CLS [UNK]@]");
    }

    #[test]
    fn strips_accents_and_controls() {
        check("Caf\u{e9}", "cafe@Caf\u{e9}");
        check("Cafe\u{301}s", "cafe@Cafe\u{301} s@s");
        check("ra\u{ad}te\u{0}", "rate@ra\u{ad}te");
        check("\u{301}", "");
        check("rate\u{3000}rate\u{2009}rate", "rate@rate rate@rate rate@rate");
    }

    #[test]
    fn a_very_long_word_is_unknown() {
        let word = format!("rate{}", "s".repeat(96));
        assert_eq!(Tokenizer::new(VOCAB).unwrap().tokens(&word).len(), 97);
        let word = format!("rate{}", "s".repeat(97));
        check(&word, &format!("[UNK]@{word}"));
    }

    #[test]
    fn a_vocabulary_without_special_tokens_is_refused() {
        assert_eq!(Tokenizer::new("a\nb").err().unwrap(), "`[UNK]` is missing");
    }
}
