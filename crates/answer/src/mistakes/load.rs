//! The load that a text states, as requests a second.

use crate::text::Text;

/// How far the period may stand behind the number, in words: "one million new links and redirects a day".
const REACH: usize = 8;

/// Things that a number may count; others, such as megabytes or people, are no load.
const COUNTED: [&str; 22] = [
    "request", "redirect", "call", "job", "order", "read", "write", "link", "messag", "event", "visit",
    "login", "upload", "payment", "queri", "book", "hit", "click", "post", "mail", "transact", "rps",
];

/// The largest load that a text states, in requests a second; `None` when it states none.
pub(super) fn per_second(text: &Text) -> Option<f64> {
    let mut most: Option<f64> = None;
    for sentence in &text.sentences {
        let tokens = text.of(sentence);
        for (at, token) in tokens.iter().enumerate() {
            let Some(value) = token.value.filter(|v| v.is_finite() && *v > 0.0) else {
                continue;
            };
            let behind = &tokens[at + 1..tokens.len().min(at + 1 + REACH)];
            if let Some(rps) = rate(value, behind.iter().map(|t| t.stem.as_str())) {
                most = Some(most.map_or(rps, |before: f64| before.max(rps)));
            }
        }
    }
    most
}

/// A number with the stems behind it as a rate; `None` when they name no period or nothing that is counted.
fn rate<'a>(value: f64, behind: impl Iterator<Item = &'a str>) -> Option<f64> {
    let (mut counted, mut each) = (false, false);
    for stem in behind {
        counted |= COUNTED.contains(&stem);
        if matches!(stem, "rps" | "qps") {
            return Some(value);
        }
        let seconds = match stem {
            "second" | "sec" | "s" => Some(1.0),
            "minut" | "min" => Some(60.0),
            "hour" | "h" => Some(3_600.0),
            "day" | "daili" => Some(86_400.0),
            "month" => Some(30.0 * 86_400.0),
            _ => None,
        };
        if let Some(seconds) = seconds {
            return (counted && each).then_some(value / seconds);
        }
        each = matches!(stem, "a" | "an" | "per" | "each" | "everi");
    }
    None
}

/// A load in words.
pub(super) fn told(rps: f64) -> String {
    if rps >= 1.5 {
        format!("{rps:.0} requests a second on average")
    } else if rps * 60.0 >= 1.5 {
        format!("{:.0} requests a minute on average", rps * 60.0)
    } else {
        format!("{:.0} requests a day", rps * 86_400.0)
    }
}
