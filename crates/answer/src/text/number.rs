//! Numbers as people write and say them: `1,160`, `10k`, `40ms`, `99.9%`, "four twenty nine",
//! "a hundred million".

use super::Token;

/// Units that people write against the number.
const GLUED: &[(&str, &str)] = &[
    ("ms", "ms"),
    ("milliseconds", "ms"),
    ("s", "s"),
    ("sec", "sec"),
    ("min", "min"),
    ("h", "hour"),
    ("hrs", "hour"),
    ("d", "day"),
    ("kb", "kb"),
    ("mb", "mb"),
    ("gb", "gb"),
    ("tb", "tb"),
    ("rps", "rps"),
    ("qps", "qps"),
    ("tps", "tps"),
    ("x", "x"),
];

/// The number and unit of a word such as `40ms`; plural figures (`429s`) are figures, not seconds.
pub(super) fn split_unit(lower: &str, raw: &str) -> Option<(String, String)> {
    let digits = raw
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        .count();
    if digits == 0 || digits == lower.len() {
        return None;
    }
    let (number, suffix) = (&lower[..digits], &lower[digits..]);
    if suffix == "s" && number.len() == 3 && number.starts_with(['1', '2', '3', '4', '5']) {
        return None;
    }
    let unit = GLUED.iter().find(|(glued, _)| *glued == suffix)?.1;
    Some((number.to_owned(), unit.to_owned()))
}

/// Folds a word to its norm and its value, when it is a number.
pub(super) fn value(norm: String) -> (String, Option<f64>) {
    if norm == "%" {
        return ("percent".to_owned(), None);
    }
    if norm.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = norm.replace(',', "");
        if let Ok(value) = plain.parse::<f64>() {
            return (plain, Some(value));
        }
        let scaled = [("k", 1e3), ("m", 1e6), ("mio", 1e6), ("bn", 1e9), ("b", 1e9)];
        for (suffix, scale) in scaled {
            if let Some(value) = plain
                .strip_suffix(suffix)
                .and_then(|base| base.parse::<f64>().ok())
            {
                return (plain, Some(value * scale));
            }
        }
        if let Some(base) = plain.strip_suffix('s').filter(|base| base.parse::<u32>().is_ok()) {
            return (base.to_owned(), base.parse().ok());
        }
        return (plain, None);
    }
    let value = word_value(&norm).map(|(value, _)| value);
    (norm, value)
}

/// The value of a number word, and its scale: 1 units, 10 tens and teens, 100 and up multipliers.
fn word_value(word: &str) -> Option<(f64, u32)> {
    const UNITS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    const TEENS: [&str; 10] = [
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let at = |list: &[&str]| list.iter().position(|w| *w == word).map(|i| i as f64);
    if let Some(i) = at(&UNITS) {
        return Some((i, 1));
    }
    if let Some(i) = at(&TEENS) {
        return Some((10.0 + i, 10));
    }
    if let Some(i) = at(&TENS) {
        return Some((20.0 + 10.0 * i, 20));
    }
    match word {
        "hundred" => Some((100.0, 100)),
        "thousand" => Some((1e3, 1000)),
        "million" => Some((1e6, 1000)),
        "billion" => Some((1e9, 1000)),
        _ => None,
    }
}

/// Merges runs of number words, and figures with a following scale word, into one figure: "twelve
/// hundred", "100 million", and digits said in groups, "four twenty nine".
pub(super) fn merge_number_words(tokens: &mut Vec<Token>) {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let run = run_length(&tokens[i..]);
        if run >= 2 {
            let value = run_value(&tokens[i..i + run]);
            let last = &tokens[i + run - 1];
            let mut token = tokens[i].clone();
            token.end = last.end;
            token.ends_sentence = last.ends_sentence;
            token.norm = format!("{value}");
            token.stem = token.norm.clone();
            token.value = Some(value);
            out.push(token);
        } else {
            out.push(tokens[i].clone());
        }
        i += run.max(1);
    }
    *tokens = out;
}

/// How many tokens from the first on form one number.
fn run_length(tokens: &[Token]) -> usize {
    let mut n = 0;
    for (i, token) in tokens.iter().enumerate() {
        let word = word_value(&token.norm).is_some();
        let figure = i == 0 && token.value.is_some();
        if !(word || figure) || (i > 0 && (token.clause_before || tokens[i - 1].ends_sentence)) {
            break;
        }
        // A figure joins only scale words: "100 million", never "2 three".
        if i == 1 && !word_at(tokens, 0) && !is_scale(&token.norm) {
            break;
        }
        n = i + 1;
    }
    // "one or two", "two three times": units alone in a row are no number.
    let units_only = tokens[..n]
        .iter()
        .all(|t| word_value(&t.norm).is_some_and(|(_, scale)| scale == 1));
    if n >= 2 && units_only { 1 } else { n }
}

fn word_at(tokens: &[Token], i: usize) -> bool {
    word_value(&tokens[i].norm).is_some()
}

fn is_scale(word: &str) -> bool {
    word_value(word).is_some_and(|(_, scale)| scale >= 100)
}

fn run_value(tokens: &[Token]) -> f64 {
    let (mut total, mut part) = (0.0, 0.0);
    for (i, token) in tokens.iter().enumerate() {
        let (value, scale) = word_value(&token.norm).unwrap_or((token.value.unwrap_or(0.0), 1));
        match scale {
            100 => part = if part == 0.0 { 100.0 } else { part * 100.0 },
            1000 => {
                total += if part == 0.0 { value } else { part * value };
                part = 0.0;
            }
            // "four twenty nine": a digit followed by tens is said group by group.
            10 | 20 if i > 0 && part > 0.0 && part < 100.0 => part = part * 100.0 + value,
            _ => part += value,
        }
    }
    total + part
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    fn values(text: &str) -> Vec<f64> {
        Text::new(text).tokens.iter().filter_map(|t| t.value).collect()
    }

    #[test]
    fn reads_written_and_spoken_numbers() {
        let cases: [(&str, &[f64]); 12] = [
            ("1,160 a second", &[1160.0]),
            ("10k requests", &[10_000.0]),
            ("about 1.5M users", &[1_500_000.0]),
            ("p95 of 40ms", &[40.0]),
            ("99.9%", &[99.9]),
            ("we send 429s", &[429.0]),
            ("a four twenty nine", &[429.0]),
            ("twelve hundred a second", &[1200.0]),
            ("a hundred million redirects", &[100e6]),
            ("100 million links", &[100e6]),
            ("twenty five percent", &[25.0]),
            ("one or two", &[1.0, 2.0]),
        ];
        for (text, want) in cases {
            assert_eq!(values(text), want, "{text}");
        }
    }
}
