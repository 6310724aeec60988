//! The sums that an item writes down for its reader, done again.

/// A sum in a text: what its left side comes to, and what the text says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sum {
    pub(super) comes_to: f64,
    pub(super) says: f64,
}

/// A result is written rounded: to one part in twenty it says the same.
const ROUNDED: f64 = 0.05;

impl Sum {
    pub(super) fn holds(self) -> bool {
        near(self.comes_to, self.says, ROUNDED)
    }
}

/// Whether a figure lies within a relative tolerance of another.
pub(super) fn near(figure: f64, of: f64, tolerance: f64) -> bool {
    (figure - of).abs() <= of.abs() * tolerance
}

/// All sums of a text: figures joined by `/`, `*`, `x` or `times`, then `=` and the result, with units between.
/// Each `=` reads the sum from the last `=`, `;` or `, ` before it; a side without a sign is none.
pub(super) fn sums(text: &str) -> Vec<Sum> {
    let mut out = Vec::new();
    for part in text.split([';', '(', ')']) {
        for (left, right) in part
            .match_indices(" = ")
            .map(|(at, _)| (&part[..at], &part[at + 3..]))
        {
            let from = left.rfind(" = ").map_or(0, |at| at + 3);
            let from = from.max(left.rfind(", ").map_or(0, |at| at + 2));
            if let (Some(comes_to), Some(says)) = (product(&left[from..]), first(right)) {
                out.push(Sum { comes_to, says });
            }
        }
    }
    out
}

/// The value of figures joined by signs; `None` without a sign.
fn product(text: &str) -> Option<f64> {
    let (mut value, mut sign, mut signs) = (None, "", 0);
    for (word, next) in pairs(text) {
        match (figure(word, next), value) {
            (Some(figure), None) => value = Some(figure),
            (Some(figure), Some(left)) if !sign.is_empty() => {
                value = Some(if sign == "/" { left / figure } else { left * figure });
                signs += 1;
                sign = "";
            }
            // Two figures side by side are no sum.
            (Some(_), Some(_)) => return None,
            (None, _) if matches!(word, "/" | "*" | "x" | "times") => sign = word,
            (None, _) => {}
        }
    }
    value.filter(|value| signs > 0 && value.is_finite())
}

fn first(text: &str) -> Option<f64> {
    pairs(text).find_map(|(word, next)| figure(word, next))
}

/// Each word with the one after it.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let after: Vec<&str> = words.iter().skip(1).copied().chain([""]).collect();
    words.into_iter().zip(after)
}

/// The figure that a word is, scaled by a letter against it or a word after it.
fn figure(word: &str, next: &str) -> Option<f64> {
    let word = word.trim_end_matches(['.', ',', ':', '%']).replace(',', "");
    let digits = word
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(word.len());
    let value: f64 = word[..digits].parse().ok()?;
    let glued = scale(&word[digits..])?;
    Some(
        value
            * glued
            * if glued == 1.0 {
                scale(next).unwrap_or(1.0)
            } else {
                1.0
            },
    )
}

fn scale(word: &str) -> Option<f64> {
    match word.trim_end_matches([',', '.']) {
        "" => Some(1.0),
        "k" | "thousand" => Some(1e3),
        "M" | "million" => Some(1e6),
        "bn" | "billion" => Some(1e9),
        "trillion" => Some(1e12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_written_sums_again() {
        for (text, want) in [
            (
                "100 M a day / 86,400 s = 1,157 a second, about three times that at peak",
                vec![true],
            ),
            ("2 billion redirects / 86,400 = 23,148 a second", vec![true]),
            ("100 M a day / 86,400 s = 1,257 a second", vec![false]),
            ("8 instances x 20 connections = 160", vec![true]),
            ("a day is 86,400 s, so 5 million / 86,400 = 58", vec![true]),
            (
                "30 x 1 million = 30 million; 30 million / 86,400 = 400",
                vec![true, false],
            ),
            ("it takes 4 = four", vec![]),
            ("with p95 = 40 ms all is well", vec![]),
        ] {
            let holds: Vec<bool> = sums(text).into_iter().map(Sum::holds).collect();
            assert_eq!(holds, want, "{text}");
        }
    }
}
