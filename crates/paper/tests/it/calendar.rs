//! The calendar, read again strictly by the rules of RFC 5545.

use jiff::Timestamp;
use jiff::civil::date;
use paper::calendar::{Calendar, Event, When};

/// A property: name, parameters and raw value.
type Property = (String, String, String);

/// Unfolded content lines; asserts line ends, line lengths and that no fold splits a character.
fn lines(ics: &str) -> Vec<String> {
    assert!(ics.ends_with("\r\n"));
    let mut all: Vec<String> = Vec::new();
    for line in ics[..ics.len() - 2].split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        match line.strip_prefix(' ') {
            Some(rest) => all.last_mut().unwrap().push_str(rest),
            None => all.push(line.to_owned()),
        }
    }
    all
}

/// The properties of each event, in order; asserts that components nest and names are well-formed.
fn events(ics: &str) -> Vec<Vec<Property>> {
    let mut open: Vec<String> = Vec::new();
    let mut events = Vec::new();
    for line in lines(ics) {
        let (head, value) = line.split_once(':').unwrap();
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        assert!(
            name.bytes().all(|b| b.is_ascii_uppercase() || b == b'-'),
            "{name}"
        );
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    events.push(Vec::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ if open.last().is_some_and(|c| c == "VEVENT") => {
                let property = (name.to_owned(), parameters.to_owned(), value.to_owned());
                events.last_mut().unwrap().push(property);
            }
            _ => assert_eq!(open, ["VCALENDAR"]),
        }
    }
    assert!(open.is_empty());
    events
}

/// A TEXT value back to what it says; anything that had to be escaped and is not fails.
fn text(raw: &str) -> String {
    let mut out = String::new();
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        assert!(!matches!(c, ';' | ','), "not escaped: {raw}");
        assert!(!c.is_control() || c == '\t', "a control character: {raw:?}");
        match c {
            '\\' => match chars.next().unwrap() {
                'n' => out.push('\n'),
                c @ ('\\' | ';' | ',') => out.push(c),
                c => panic!("escaped `{c}`: {raw}"),
            },
            c => out.push(c),
        }
    }
    out
}

fn value<'a>(event: &'a [Property], name: &str) -> &'a str {
    let mut found = event.iter().filter(|(n, ..)| n == name);
    let one = found.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(found.next().is_none(), "two {name}");
    &one.2
}

fn event(uid: &str, when: When) -> Event {
    Event {
        uid: uid.to_owned(),
        sequence: 3,
        when,
        summary: "Queues; stories, \\ and 日本語 ".repeat(9),
        description: "First\nSecond\r\nThird\u{7}\t; end, of \"it\"\\".to_owned(),
        categories: vec!["Spar".to_owned(), "a, b".to_owned()],
        url: "http://127.0.0.1:7777/plan?day=2026-11-25;x,y".to_owned(),
    }
}

#[test]
fn what_is_written_reads_back() {
    let calendar = Calendar {
        name: "Interview, 8 weeks".to_owned(),
        description: String::new(),
        events: vec![
            event("plan-2026-12-31", When::Day(date(2026, 12, 31))),
            event(
                "plan 7",
                When::At {
                    start: date(2026, 2, 28).at(19, 5, 0, 0),
                    minutes: 90,
                },
            ),
        ],
    };
    let now: Timestamp = "2026-11-22T21:00:59.5Z".parse().unwrap();
    let ics = calendar.to_ics(now);
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    assert_eq!(ics, calendar.to_ics(now));
    let read = events(&ics);
    assert_eq!(read.len(), 2);
    for (read, written) in read.iter().zip(&calendar.events) {
        assert_eq!(value(read, "DTSTAMP"), "20261122T210059Z");
        assert_eq!(value(read, "SEQUENCE"), "3");
        assert_eq!(text(value(read, "SUMMARY")), written.summary);
        assert_eq!(
            text(value(read, "DESCRIPTION")),
            "First\nSecond\nThird\t; end, of \"it\"\\"
        );
        assert_eq!(value(read, "CATEGORIES"), "Spar,a\\, b");
        assert_eq!(value(read, "URL"), written.url);
    }
    let day = |name| {
        let property = read[0].iter().find(|(n, ..)| n == name).unwrap();
        (property.1.as_str(), property.2.as_str())
    };
    assert_eq!(day("DTSTART"), ("VALUE=DATE", "20261231"));
    assert_eq!(day("DTEND"), ("VALUE=DATE", "20270101"));
    assert_eq!(value(&read[0], "UID"), "plan-2026-12-31@spar");
    assert_eq!(value(&read[1], "UID"), "plan-7@spar");
    assert_eq!(value(&read[1], "DTSTART"), "20260228T190500");
    assert_eq!(value(&read[1], "DURATION"), "PT90M");
}

#[test]
fn every_length_folds_between_characters() {
    for filler in ["a", "é", "日", "\u{1f600}"] {
        for n in 0..160 {
            let mut one = event("x", When::Day(date(2026, 1, 1)));
            one.summary = format!("{}{}", "b".repeat(n % 5), filler.repeat(n));
            let calendar = Calendar {
                name: String::new(),
                description: String::new(),
                events: vec![one.clone()],
            };
            let read = events(&calendar.to_ics(Timestamp::UNIX_EPOCH));
            if one.summary.is_empty() {
                assert!(read[0].iter().all(|(name, ..)| name != "SUMMARY"));
            } else {
                assert_eq!(text(value(&read[0], "SUMMARY")), one.summary);
            }
        }
    }
}
