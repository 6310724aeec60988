//! iCalendar (RFC 5545): dated practice, for the calendar that people already have.
//!
//! An event keeps its UID when it moves, and a calendar that imports the file again replaces the event whose
//! UID it knows if the sequence is not lower. So a plan that changed is exported again, not deleted by hand.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// Longest line in octets, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// A calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What calendars show as its name.
    pub name: String,
    /// One sentence on what it is; empty for none.
    pub description: String,
    /// The events, in the order written.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Names the event for ever: letters, digits and `-`, such as `plan-2026-11-25`. Two events of one file
    /// must not share it. `@spar` is added when written.
    pub uid: String,
    /// How often the event has changed; a higher one replaces a lower one.
    pub sequence: u32,
    /// When it takes place.
    pub when: When,
    /// One line.
    pub summary: String,
    /// What to do, with line breaks; empty for none.
    pub description: String,
    /// Labels that calendars can filter by; may be empty.
    pub categories: Vec<String>,
    /// An address that opens it; empty for none.
    pub url: String,
}

/// When an event takes place. Local time without a zone: practice at seven is at seven wherever one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All of one day; does not mark the time as busy.
    Day(Date),
    /// From a time on, for so many minutes; marks the time as busy.
    At {
        /// The start, to the second.
        start: DateTime,
        /// How long, at least 1.
        minutes: u32,
    },
}

impl Calendar {
    /// The file, `text/calendar; charset=utf-8`. `now` is written as the time of writing of each event.
    pub fn to_ics(&self, now: Timestamp) -> String {
        let mut out = Lines(String::new());
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Spar//Interview practice//EN");
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        // NAME is RFC 7986; most calendars know only the older X- names.
        for (property, value) in [
            ("NAME", &self.name),
            ("X-WR-CALNAME", &self.name),
            ("DESCRIPTION", &self.description),
            ("X-WR-CALDESC", &self.description),
        ] {
            out.text(property, value);
        }
        for event in &self.events {
            event.write(&mut out, now);
        }
        out.line("END:VCALENDAR");
        out.0
    }
}

impl Event {
    fn write(&self, out: &mut Lines, now: Timestamp) {
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}@spar", uid(&self.uid)));
        out.line(&format!("DTSTAMP:{}", now.strftime("%Y%m%dT%H%M%SZ")));
        out.line(&format!("SEQUENCE:{}", self.sequence));
        match self.when {
            When::Day(day) => {
                out.line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
                // The end is the first day that is no longer part of it; without it the event lasts one day.
                if let Ok(end) = day.tomorrow() {
                    out.line(&format!("DTEND;VALUE=DATE:{}", end.strftime("%Y%m%d")));
                }
                out.line("TRANSP:TRANSPARENT");
            }
            When::At { start, minutes } => {
                out.line(&format!("DTSTART:{}", start.strftime("%Y%m%dT%H%M%S")));
                out.line(&format!("DURATION:PT{}M", minutes.max(1)));
                out.line("TRANSP:OPAQUE");
            }
        }
        out.text("SUMMARY", &self.summary);
        out.text("DESCRIPTION", &self.description);
        if !self.categories.is_empty() {
            let names: Vec<String> = self.categories.iter().map(|c| escaped(c)).collect();
            out.line(&format!("CATEGORIES:{}", names.join(",")));
        }
        if !self.url.is_empty() {
            // A URI is not escaped; what cannot stand in one is dropped.
            let url: String = self
                .url
                .chars()
                .filter(|c| !c.is_control() && !c.is_whitespace())
                .collect();
            out.line(&format!("URL:{url}"));
        }
        out.line("END:VEVENT");
    }
}

/// What may stand in a UID that every calendar takes as it is.
fn uid(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.chars().map(|c| if fits(c) { c } else { '-' }).collect()
}

struct Lines(String);

impl Lines {
    /// A text property; an empty one is left out.
    fn text(&mut self, property: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("{property}:{}", escaped(value)));
        }
    }

    /// A content line, folded before the first character that would pass the limit. The space that begins
    /// a continued line counts.
    fn line(&mut self, line: &str) {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > LINE_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A TEXT value (RFC 5545, 3.3.11): `\`, `;`, `,` and line ends escaped; other control characters may not
/// occur and are dropped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
