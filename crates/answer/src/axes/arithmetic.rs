//! Sums that an answer states aloud and that do not come out. Only what can be told from one sentence:
//! one rate turned into another, a stated quotient, and the downtime of an availability.

use super::Scene;
use crate::text::Token;

/// A stated result that does not follow from what stands before it.
pub(crate) struct Slip {
    /// The sentence.
    pub(crate) at: usize,
    /// What follows instead.
    pub(crate) why: String,
}

/// A rate and the other side of the same sum differ by more than this factor: rounding 86,400 to 100,000 and
/// a figure of speech stay below.
const RATE_FACTOR: f64 = 2.5;

/// The same for quotients, and for downtimes, where a month is 28 to 31 days and minutes are rounded.
const SUM_FACTOR: f64 = 1.35;
const DOWNTIME_FACTOR: f64 = 1.7;

/// Words between two figures that make the second a result of the first.
const RESULTS: [&str; 17] = [
    "so", "is", "makes", "make", "that", "which", "equals", "equal", "means", "mean", "gives", "give", "are",
    "about", "roughly", "comes", "or",
];

/// Words that say that something else than a change of unit lies between two rates.
const CHANGES: [&str; 25] = [
    "peak",
    "peaks",
    "times",
    "factor",
    "burst",
    "hit",
    "hits",
    "cached",
    "cache",
    "percent",
    "half",
    "third",
    "each",
    "every",
    "per",
    "divided",
    "instance",
    "instances",
    "limit",
    "only",
    "but",
    "allow",
    "allows",
    "refill",
    "ten",
];

/// All slips of an answer, in order.
pub(crate) fn slips(scene: &Scene<'_>) -> Vec<Slip> {
    let found = scene.sentences().filter_map(|at| {
        let tokens = scene.tokens(at);
        let why = rates(tokens)
            .or_else(|| quotient(tokens))
            .or_else(|| downtime(tokens))?;
        Some(Slip { at, why })
    });
    found.collect()
}

/// A figure of so many things in a span of time.
struct Rate {
    /// Where the number stands, and one past the unit.
    from: usize,
    to: usize,
    value: f64,
    unit: &'static str,
    seconds: f64,
}

fn unit(word: &str) -> Option<(&'static str, f64)> {
    Some(match word {
        "second" | "sec" | "s" => ("second", 1.0),
        "minute" | "min" => ("minute", 60.0),
        "hour" => ("hour", 3600.0),
        "day" | "daily" => ("day", 86_400.0),
        "week" => ("week", 604_800.0),
        "month" => ("month", 2_592_000.0),
        "year" => ("year", 31_536_000.0),
        _ => return None,
    })
}

/// A number, at most three words of what is counted, and "a day", "per second".
fn rate(tokens: &[Token], at: usize) -> Option<Rate> {
    let value = tokens[at].value.filter(|v| *v > 0.0)?;
    let end = (at + 6).min(tokens.len());
    let unit_at = (at + 2..end).find(|i| {
        matches!(tokens[i - 1].norm.as_str(), "a" | "per" | "each" | "every")
            && unit(&tokens[*i].norm).is_some()
    })?;
    let between = &tokens[at + 1..unit_at];
    let (name, seconds) = unit(&tokens[unit_at].norm)?;
    (!between.iter().any(|t| t.value.is_some() || t.clause_before)).then_some(Rate {
        from: at,
        to: unit_at + 1,
        value,
        unit: name,
        seconds,
    })
}

/// "Forty million a day, which makes 46,000 a second."
fn rates(tokens: &[Token]) -> Option<String> {
    let all: Vec<Rate> = (0..tokens.len()).filter_map(|at| rate(tokens, at)).collect();
    let rest = |from: usize| tokens[from..].iter().take(4).map(|t| t.norm.as_str());
    all.windows(2).find_map(|pair| {
        let (first, second) = (&pair[0], &pair[1]);
        let between: Vec<&str> = tokens[first.to..second.from]
            .iter()
            .map(|t| t.norm.as_str())
            .collect();
        let follows = between.iter().any(|word| RESULTS.contains(word));
        let changed = between
            .iter()
            .copied()
            .chain(rest(second.to))
            .any(|word| CHANGES.contains(&word));
        if !follows || changed || between.len() > 8 || first.seconds == second.seconds {
            return None;
        }
        let want = first.value / first.seconds * second.seconds;
        let off = apart(want, second.value) > RATE_FACTOR;
        off.then(|| {
            format!(
                "{} a {} is about {} a {}, not {}",
                figure(first.value),
                first.unit,
                figure(want),
                second.unit,
                figure(second.value)
            )
        })
    })
}

/// "1.2 million divided by 900, about 13,000."
fn quotient(tokens: &[Token]) -> Option<String> {
    (1..tokens.len()).find_map(|i| {
        let divided = tokens[i].norm == "divided" && tokens.get(i + 1).is_some_and(|t| t.norm == "by");
        let numerator = tokens[..i].iter().rev().take(3).find_map(|t| t.value)?;
        let by = tokens
            .get(i + 2)
            .and_then(|t| t.value)
            .filter(|v| divided && *v > 0.0)?;
        let result = tokens[i + 3..]
            .iter()
            .take(5)
            .find_map(|t| t.value)
            .filter(|v| *v > 0.0)?;
        let want = numerator / by;
        (apart(want, result) > SUM_FACTOR).then(|| {
            format!(
                "{} divided by {} is about {}, not {}",
                figure(numerator),
                figure(by),
                figure(want),
                figure(result)
            )
        })
    })
}

/// "99.9 percent a month, so about seven hours."
fn downtime(tokens: &[Token]) -> Option<String> {
    let available = |t: &&Token| t.value.is_some_and(|v| (99.0..100.0).contains(&v));
    let at = tokens.iter().position(|t| available(&t))?;
    let share = tokens[at].value?;
    let spoken: Vec<&str> = tokens.iter().map(|t| t.norm.as_str()).collect();
    let down = ["budget", "downtime", "down", "unavailable", "outage"];
    if !spoken.iter().any(|word| down.contains(word)) {
        return None;
    }
    let (period, period_seconds) = spoken
        .iter()
        .filter_map(|word| unit(word))
        .find(|(name, _)| matches!(*name, "month" | "year"))?;
    let (stated, name, seconds) = (at + 1..tokens.len().saturating_sub(1)).find_map(|i| {
        let value = tokens[i].value.filter(|v| *v > 0.0 && *v < 99.0)?;
        let word = tokens[i + 1].norm.trim_end_matches('s');
        let (name, seconds) = unit(word).filter(|(name, _)| matches!(*name, "minute" | "hour" | "day"))?;
        Some((value, name, seconds))
    })?;
    let want = (100.0 - share) / 100.0 * period_seconds / seconds;
    (apart(want, stated) > DOWNTIME_FACTOR).then(|| {
        format!(
            "{share} percent leave about {} {name}s a {period}, not {}",
            figure(want),
            figure(stated)
        )
    })
}

/// By which factor two numbers differ.
fn apart(a: f64, b: f64) -> f64 {
    (a / b).max(b / a)
}

/// A number in two or three digits, as one would say it.
fn figure(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(w, f)| (w, f));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() {
        grouped
    } else {
        format!("{grouped}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn slip(text: &str) -> Option<String> {
        let text = Text::new(text);
        let tokens = text.of(&text.sentences[0]);
        rates(tokens)
            .or_else(|| quotient(tokens))
            .or_else(|| downtime(tokens))
    }

    #[test]
    fn says_what_follows_instead() {
        let cases = [
            (
                "40 million a day, which makes about 46,000 messages a second on average",
                "40,000,000 a day is about 463 a second, not 46,000",
            ),
            (
                "We've a hundred events a second, so 864,000 a day",
                "100 a second is about 8,640,000 a day, not 864,000",
            ),
            ("Say 600 a minute; that's 10.", ""),
            (
                "Say a plan has 600 a minute, that's a hundred a second",
                "600 a minute is about 10 a second, not 100",
            ),
            (
                "1.2 million divided by 900, about 13,000 a second",
                "1,200,000 divided by 900 is about 1,333, not 13,000",
            ),
            (
                "We promise 99.9 percent a month, so the budget is about seven hours of downtime",
                "99.9 percent leave about 0.72 hours a month, not 7",
            ),
        ];
        for (text, want) in cases {
            assert_eq!(slip(text).unwrap_or_default(), want, "{text}");
        }
    }

    #[test]
    fn leaves_what_may_be_right() {
        for text in [
            "100 million a day is about 1,160 a second",
            "a million a day, so roughly ten a second",
            "a million a day is twelve a second and at the peak a hundred a second",
            "100 million a day is about 1,160 a second, at peak about 5,000 a second",
            "we allow 600 a minute and at most 20 a second",
            "ten million requests a day divided by 86,400 is about 116",
            "99.9 percent leaves 43 minutes of downtime a month",
            "99.95 a month, a budget of 22 minutes",
            "each sends forty messages a day, and a gateway takes 2,000 a second",
        ] {
            assert_eq!(slip(text), None, "{text}");
        }
    }
}
