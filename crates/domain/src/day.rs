//! A day of somebody's calendar, without a clock or a zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Days from 1 March of year 0 to 1 January 1970.
const EPOCH_FROM_MARCH_0: i64 = 719_468;

/// Days in 400 years: the Gregorian calendar repeats after them.
const CYCLE: i64 = 146_097;

/// A day of the Gregorian calendar from 1970-01-01 to 9999-12-31, written `2026-11-22`. Which day it is where
/// the candidate lives is for the client to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(u32);

/// A text that is not a [`Day`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayError;

impl Day {
    /// The last day there is.
    pub const LAST: Self = Self(2_932_896);

    /// The day in UTC at an instant, given in microseconds since the Unix epoch.
    pub fn utc(us: i64) -> Self {
        let days = us.max(0) / 86_400_000_000;
        Self(u32::try_from(days).unwrap_or(u32::MAX)).min(Self::LAST)
    }

    /// The day so many days later, at most [`Self::LAST`].
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        Self(self.0.saturating_add(days)).min(Self::LAST)
    }

    /// How many days lie between an earlier day and this one; 0 when the other is not earlier.
    pub fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Year, month from 1 and day from 1 (H. Hinnant, "chrono-compatible low-level date algorithms").
    fn civil(self) -> (i64, i64, i64) {
        let z = i64::from(self.0) + EPOCH_FROM_MARCH_0;
        let cycle = z.div_euclid(CYCLE);
        let day_of_cycle = z.rem_euclid(CYCLE);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        (year_of_cycle + cycle * 400 + i64::from(month <= 2), month, day)
    }

    /// The inverse of [`Self::civil`], for any month from 1 to 12.
    fn of_civil(year: i64, month: i64, day: i64) -> Option<Self> {
        let year = if month <= 2 { year - 1 } else { year };
        let (cycle, year_of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
        u32::try_from(cycle * CYCLE + day_of_cycle - EPOCH_FROM_MARCH_0)
            .ok()
            .map(Self)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let digits = |range: std::ops::Range<usize>| {
            let part = text.get(range).ok_or(DayError)?;
            let all = part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| all).ok_or(DayError)
        };
        if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
            return Err(DayError);
        }
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        let found = (1..=12)
            .contains(&month)
            .then(|| Self::of_civil(year, month, day))
            .flatten();
        // The 31st of a shorter month, or the 0th, comes back as another day.
        found
            .filter(|it| it.civil() == (year, month, day))
            .ok_or(DayError)
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day: write it as `2026-11-22`, from 1970 on")
    }
}

impl std::error::Error for DayError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        assert_eq!(day("1970-01-01"), Day(0));
        assert_eq!(day("2026-11-22"), Day::utc(1_795_348_800_000_000));
        assert_eq!(day("2024-02-28").plus(1).to_string(), "2024-02-29");
        assert_eq!(day("2100-02-28").plus(1).to_string(), "2100-03-01");
        assert_eq!(day("2026-12-31").plus(1).to_string(), "2027-01-01");
        assert_eq!(day("2027-01-01").since(day("2026-11-22")), 40);
        assert_eq!(day("2026-11-22").since(day("2027-01-01")), 0);
        assert_eq!(day("9999-12-31"), Day::LAST);
        assert_eq!(Day::LAST.plus(9), Day::LAST);
        for day in (0..Day::LAST.0).step_by(97).map(Day) {
            assert_eq!(day.to_string().parse(), Ok(day));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "1969-12-31",
            "2026-1-1",
            "2026/01/01",
            "20260101",
            "+026-01-01",
            "2026-01-01T00",
            "äää-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
    }
}
