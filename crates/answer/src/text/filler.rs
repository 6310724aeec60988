//! Filler words: taken out before anything else is read, so that they can cost conciseness only.

use std::ops::Range;

use super::Token;

/// Words that fill wherever they stand.
const WORDS: [&str; 11] = [
    "um",
    "uh",
    "uhm",
    "erm",
    "er",
    "hmm",
    "mhm",
    "basically",
    "literally",
    "honestly",
    "essentially",
];

/// Pairs that fill.
const PAIRS: [(&str, &str); 5] = [
    ("you", "know"),
    ("i", "mean"),
    ("sort", "of"),
    ("kind", "of"),
    ("you", "see"),
];

/// Words that fill only between commas or at a start: ", like,".
const ASIDES: [&str; 5] = ["like", "right", "actually", "well", "okay"];

/// Takes the fillers out and returns their bytes.
pub(super) fn take(tokens: &mut Vec<Token>) -> Vec<Range<usize>> {
    let mut fillers = Vec::new();
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let n = filler_length(tokens, i);
        if n == 0 {
            kept.push(tokens[i].clone());
            i += 1;
            continue;
        }
        fillers.push(tokens[i].start..tokens[i + n - 1].end);
        if tokens[i..i + n].iter().any(|t| t.ends_sentence)
            && let Some(last) = kept.last_mut()
        {
            last.ends_sentence = true;
        }
        i += n;
    }
    *tokens = kept;
    fillers
}

fn filler_length(tokens: &[Token], i: usize) -> usize {
    let word = tokens[i].norm.as_str();
    let next = tokens.get(i + 1);
    if WORDS.contains(&word) {
        return 1;
    }
    if let Some(next) = next
        && PAIRS.contains(&(word, next.norm.as_str()))
        && (next.ends_sentence || tokens.get(i + 2).is_none_or(|t| t.clause_before || word != "you"))
    {
        return 2;
    }
    let starts = i == 0 || tokens[i - 1].ends_sentence || tokens[i].clause_before;
    let ends = tokens[i].ends_sentence || next.is_none_or(|t| t.clause_before);
    usize::from(ASIDES.contains(&word) && starts && ends)
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    #[test]
    fn takes_fillers_and_leaves_words() {
        let kept = |text: &str| {
            Text::new(text)
                .tokens
                .iter()
                .map(|t| t.norm.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            kept("Um, so I, like, basically put it in Redis, you know."),
            "so i put it in redis"
        );
        assert_eq!(
            kept("It works like a cache, you know the limits well"),
            "it works like a cache you know the limits well"
        );
        assert_eq!(kept("That kind of lock is sort of global"), "that lock is global");
    }
}
