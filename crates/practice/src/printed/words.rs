//! Words and figures as they are printed.

use domain::{Band, Competency, Item, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use paper::text::{Block, plain};

/// The day of an instant, in UTC: the same file wherever it is printed.
pub(super) fn day(us: i64) -> Date {
    let instant = Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(TimeZone::UTC).date()
}

/// When an item was last reviewed, in milliseconds since the Unix epoch: no later than its words changed.
pub(super) fn reviewed_ms(item: &Item) -> i64 {
    let at: Option<Timestamp> = format!("{}T00:00:00Z", item.reviewed).parse().ok();
    at.map_or(0, Timestamp::as_millisecond)
}

/// A day as it is written out, such as `22 November 2026`.
pub(super) fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A score without decimals, as everywhere outside of JSON.
pub(super) fn whole(score: f64) -> String {
    format!("{score:.0}")
}

/// Points with the decimals that they have.
pub(super) fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0')
        .trim_end_matches('.')
        .replace('-', "\u{2212}")
}

/// The word that leads a score.
pub(super) fn band(score: f64) -> &'static str {
    match Band::of(score) {
        Band::Missing => "Missing",
        Band::Partial => "Partial",
        Band::Solid => "Solid",
    }
}

/// The name of a competency.
pub(super) fn competency(competency: Competency) -> &'static str {
    match competency {
        Competency::DataModelling => "Data modelling",
        Competency::ApiContracts => "API contracts",
        Competency::ConcurrencyConsistency => "Concurrency and consistency",
        Competency::FailureResilience => "Failure and resilience",
        Competency::Operations => "Operations",
        Competency::Coding => "Coding",
        Competency::CommunicationOwnership => "Communication and ownership",
    }
}

/// What was found of a criterion, in words.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::Partial => "partly met",
        Status::Mentioned => "mentioned",
        Status::Prompted => "right when asked",
        Status::Missed => "missed",
        Status::Contradicted => "wrong",
        Status::NotAssessed => "not assessed",
    }
}

/// Milliseconds as minutes and seconds, such as `3:20`.
pub(super) fn clock(ms: i64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
}

/// A heading; 1 is the largest below the title.
pub(super) fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: plain(text),
    }
}

/// `weak-spots` as `Weak spots`.
pub(super) fn sentence(slug: &str) -> String {
    let text = slug.replace(['-', '_'], " ");
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// `1 day`, `2 days`.
pub(super) fn counted(n: usize, what: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {what}{s}")
}
