//! How a figure is written: `100 million`, `1,160`, `2.3k`.

/// A value that stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A figure.
    Number(f64),
    /// Words.
    Text(String),
}

/// Writes a value through its formats, from left to right. Without any, a figure is written in digits with
/// at most two decimals.
pub(super) fn write(value: Value, formats: &[&str]) -> Result<String, String> {
    let mut value = value;
    for format in formats {
        value = Value::Text(match value {
            Value::Number(figure) => number(figure, format)?,
            Value::Text(text) if *format == "cap" => capital(&text),
            Value::Text(text) => return Err(format!("format `{format}` does not fit the words `{text}`")),
        });
    }
    match value {
        Value::Text(text) => Ok(text),
        Value::Number(figure) => decimals(figure, 2),
    }
}

fn number(figure: f64, format: &str) -> Result<String, String> {
    match format {
        "round" => decimals(figure, 0),
        "commas" => Ok(commas(&decimals(figure, 0)?)),
        "about" => Ok(commas(&decimals(significant(figure, 3), 1)?)),
        "roughly" => Ok(commas(&decimals(significant(figure, 2), 1)?)),
        "short" => short(figure),
        "words" => words(figure),
        "spelled" => spelled(figure),
        _ => Err(format!(
            "format `{format}` is unknown: use round, commas, about, roughly, short, words, spelled or cap"
        )),
    }
}

/// Digits with at most `places` decimals. A figure that such digits cannot show is refused: the formula or
/// the format is wrong.
fn decimals(figure: f64, places: usize) -> Result<String, String> {
    if figure < 0.0 {
        return Err(format!("the figure {figure} is below zero"));
    }
    let text = format!("{figure:.places$}");
    let text = if places > 0 {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if figure > 0.0 && text.parse() == Ok(0.0) {
        return Err(format!("the figure {figure} is written as 0"));
    }
    Ok(text.to_owned())
}

fn commas(digits: &str) -> String {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// The figure to so many significant digits.
fn significant(figure: f64, digits: i32) -> f64 {
    let mut scale = 1.0;
    while figure * scale < 10_f64.powi(digits - 1) && figure > 0.0 {
        scale *= 10.0;
    }
    while figure * scale >= 10_f64.powi(digits) {
        scale /= 10.0;
    }
    (figure * scale).round() / scale
}

/// `1.16k`, `35k`, `2.3M`.
fn short(figure: f64) -> Result<String, String> {
    let rounded = significant(figure, 3);
    for (scale, letter) in [(1e9, "bn"), (1e6, "M"), (1e3, "k")] {
        if rounded >= scale {
            return Ok(format!("{}{letter}", decimals(rounded / scale, 2)?));
        }
    }
    decimals(rounded, 1)
}

/// The largest scale word below a figure, with how often it goes in.
fn scaled(figure: f64) -> (f64, &'static str) {
    for (scale, word) in [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")] {
        if figure >= scale {
            return (figure / scale, word);
        }
    }
    (figure, "")
}

/// `100 million`, `2.5 billion`, `50,000`.
fn words(figure: f64) -> Result<String, String> {
    let (base, word) = scaled(figure);
    Ok(format!("{}{word}", commas(&decimals(base, 2)?)))
}

/// The same with small whole numbers in words: `a hundred million`, `five million`, `twelve thousand`.
fn spelled(figure: f64) -> Result<String, String> {
    const SMALL: [&str; 13] = [
        "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let (mut base, mut word) = scaled(figure);
    if word.is_empty() && figure >= 1000.0 {
        (base, word) = (figure / 1000.0, " thousand");
    }
    for (value, name) in SMALL.iter().enumerate().skip(1) {
        if base == value as f64 {
            return Ok(format!("{name}{word}"));
        }
        if base == value as f64 * 100.0 && value < 10 {
            let hundreds = if value == 1 { "a" } else { name };
            return Ok(format!("{hundreds} hundred{word}"));
        }
    }
    words(figure)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_figures_as_people_do() {
        for (figure, format, want) in [
            (1157.407, "about", "1,160"),
            (11.574, "about", "11.6"),
            (11.574, "roughly", "12"),
            (3472.2, "roughly", "3,500"),
            (1157.407, "round", "1157"),
            (100e6, "commas", "100,000,000"),
            (1157.407, "short", "1.16k"),
            (23_148.0, "short", "23.1k"),
            (999_999.0, "short", "1M"),
            (2.5e9, "words", "2.5 billion"),
            (50_000.0, "words", "50,000"),
            (100e6, "spelled", "a hundred million"),
            (1e6, "spelled", "one million"),
            (2e9, "spelled", "two billion"),
            (5_000.0, "spelled", "five thousand"),
            (25e6, "spelled", "25 million"),
        ] {
            assert_eq!(
                write(Value::Number(figure), &[format]).as_deref(),
                Ok(want),
                "{figure} {format}"
            );
        }
        assert_eq!(write(Value::Number(11.574), &[]).as_deref(), Ok("11.57"));
        let capital = write(Value::Number(100e6), &["spelled", "cap"]);
        assert_eq!(capital.as_deref(), Ok("A hundred million"));
    }

    #[test]
    fn refuses_figures_that_say_nothing() {
        for (figure, formats) in [
            (0.2, &["round"][..]),
            (0.001, &[]),
            (-3.0, &[]),
            (3.0, &["nicely"]),
        ] {
            assert!(
                write(Value::Number(figure), formats).is_err(),
                "{figure} {formats:?}"
            );
        }
        assert!(write(Value::Text("a shop".into()), &["commas"]).is_err());
    }
}
