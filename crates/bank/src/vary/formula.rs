//! Small arithmetic over the figures of an item: `+ - * /`, brackets, names and a few functions.

use std::iter::Peekable;
use std::str::CharIndices;

/// Deepest nesting of brackets and names: no formula of an item needs more, and a hostile one cannot
/// exhaust the stack.
const MAX_DEPTH: usize = 24;

/// Why a formula has no value.
pub(super) type FormulaError = String;

/// The value of a formula; `name` gives that of a name, and is told how deep it is asked.
pub(super) fn value(
    source: &str,
    depth: usize,
    name: &mut dyn FnMut(&str, usize) -> Result<f64, FormulaError>,
) -> Result<f64, FormulaError> {
    let mut reader = Reader {
        source,
        chars: source.char_indices().peekable(),
        name,
    };
    let value = reader.sum(depth)?;
    match reader.next_sign() {
        Some((at, _)) => Err(format!("`{}` is left over in `{source}`", &source[at..])),
        None if value.is_finite() => Ok(value),
        None => Err(format!("`{source}` has no finite value")),
    }
}

/// Whether a text is a name: lower-case letters, digits and underscores, a letter first.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

struct Reader<'a, 'n> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    name: &'n mut dyn FnMut(&str, usize) -> Result<f64, FormulaError>,
}

impl<'a> Reader<'a, '_> {
    /// The next sign that is no white space, left in place.
    fn next_sign(&mut self) -> Option<(usize, char)> {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.chars.peek().copied()
    }

    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let (_, sign) = self.next_sign()?;
        wanted.contains(&sign).then(|| {
            self.chars.next();
            sign
        })
    }

    fn sum(&mut self, depth: usize) -> Result<f64, FormulaError> {
        if depth > MAX_DEPTH {
            return Err(format!("`{}` is nested too deeply or names itself", self.source));
        }
        let mut value = self.product(depth)?;
        while let Some(sign) = self.take(&['+', '-']) {
            let next = self.product(depth)?;
            value = if sign == '+' { value + next } else { value - next };
        }
        Ok(value)
    }

    fn product(&mut self, depth: usize) -> Result<f64, FormulaError> {
        let mut value = self.factor(depth)?;
        while let Some(sign) = self.take(&['*', '/']) {
            let next = self.factor(depth)?;
            if sign == '/' && next == 0.0 {
                return Err(format!("`{}` divides by zero", self.source));
            }
            value = if sign == '*' { value * next } else { value / next };
        }
        Ok(value)
    }

    fn factor(&mut self, depth: usize) -> Result<f64, FormulaError> {
        if self.take(&['(']).is_some() {
            let value = self.sum(depth + 1)?;
            self.close()?;
            return Ok(value);
        }
        let word = self.word();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return number(word);
        }
        let round: fn(f64) -> f64 = match word {
            "round" => f64::round,
            "ceil" => f64::ceil,
            "floor" => f64::floor,
            _ if is_name(word) => return (self.name)(word, depth + 1),
            _ => return Err(format!("`{}`: expected a figure or a name", self.source)),
        };
        self.take(&['('])
            .ok_or_else(|| format!("`{word}` takes brackets in `{}`", self.source))?;
        let value = self.sum(depth + 1)?;
        self.close()?;
        Ok(round(value))
    }

    fn close(&mut self) -> Result<(), FormulaError> {
        let closed = self.take(&[')']);
        closed
            .map(|_| ())
            .ok_or_else(|| format!("a bracket is not closed in `{}`", self.source))
    }

    fn word(&mut self) -> &'a str {
        let Some((from, _)) = self.next_sign() else {
            return "";
        };
        let mut to = from;
        while let Some((at, sign)) = self
            .chars
            .next_if(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
        {
            to = at + sign.len_utf8();
        }
        &self.source[from..to]
    }
}

/// A figure as TOML writes it: `86400`, `100_000_000`, `0.8`.
fn number(word: &str) -> Result<f64, FormulaError> {
    let plain = word.replace('_', "");
    plain.parse().map_err(|_| format!("`{word}` is no figure"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Result<f64, FormulaError> {
        value(source, 0, &mut |name, _| match name {
            "a_day" => Ok(864_000.0),
            "none" => Ok(0.0),
            _ => Err(format!("`{name}` is unknown")),
        })
    }

    #[test]
    fn follows_the_rules_of_arithmetic() {
        for (source, want) in [
            ("a_day / 86400", 10.0),
            ("2 + 3 * 4 - 1", 13.0),
            ("(2 + 3) * 4 / 8", 2.5),
            ("100_000_000 / 1e8", 1.0),
            ("ceil(2.1) + floor(2.9) + round(2.5)", 8.0),
        ] {
            assert_eq!(of(source), Ok(want), "{source}");
        }
    }

    #[test]
    fn says_why_there_is_no_value() {
        for (source, why) in [
            ("1 / none", "divides by zero"),
            ("1 / (a_day - a_day)", "divides by zero"),
            ("a_night", "`a_night` is unknown"),
            ("(1 + 2", "not closed"),
            ("1 2", "left over"),
            ("", "expected a figure"),
            ("1 +", "expected a figure"),
            ("round 2", "takes brackets"),
            ("1.2.3", "no figure"),
            (&"(".repeat(99), "nested too deeply"),
        ] {
            assert!(of(source).is_err_and(|error| error.contains(why)), "{source}");
        }
    }
}
