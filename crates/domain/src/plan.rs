//! A study plan: until when, how many minutes on which days, and how they are shared out.
//!
//! Its dates are civil: a day begins and ends at midnight where the candidate is. What was done is logged
//! beside it; what was missed follows from that.

mod preset;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::{Document, DocumentError, DocumentKind, Level};

pub use preset::{NOTES, Note};

/// Longest way to an interview, in days.
pub const MAX_PLAN_DAYS: i32 = 182;

/// Most minutes of one day: eight hours.
pub const MAX_DAY_MINUTES: u16 = 480;

/// Most phases of a plan.
pub const MAX_PHASES: usize = 8;

/// Most subtopics to put first. The guides say four to six.
pub const MAX_TOPICS: usize = 6;

/// Longest name of a phase, a topic, an activity or a check, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// Furthest that a clock is from UTC, in minutes.
const MAX_OFFSET_MINUTES: i32 = 18 * 60;

crate::item::vocabulary! {
    /// How long there is, and with it the phases that a plan starts from.
    Preset {
        /// Eight weeks: coding and fundamentals, design and operations, mocks and weak spots.
        EightWeeks = "eight-weeks",
        /// Four to six weeks: for a change of field, or a senior job.
        FourToSixWeeks = "four-to-six-weeks",
        /// Two to three weeks: for those who do the job already.
        TwoToThreeWeeks = "two-to-three-weeks",
    }
}

crate::item::vocabulary! {
    /// What minutes are spent on.
    Area {
        /// Writing programs and queries, and talking about them.
        Coding = "coding",
        /// How data, contracts, consistency and failure work.
        Fundamentals = "fundamentals",
        /// Systems from end to end.
        Design = "design",
        /// Running what was built.
        Operations = "operations",
        /// The interview rehearsed against the clock.
        Mocks = "mocks",
        /// What was missed, and what was not asked yet.
        WeakSpots = "weak-spots",
        /// What the candidate lived through, and questions to ask.
        Stories = "stories",
        /// Cards that are due. Takes no share: it comes first, within its limit.
        Recall = "recall",
        /// What has to be at hand on the day. Takes no share.
        Checklist = "checklist",
    }
}

impl Area {
    /// Whether a phase can give it a share.
    pub fn shared(self) -> bool {
        !matches!(self, Self::Recall | Self::Checklist)
    }
}

crate::item::vocabulary! {
    /// What there is to do.
    ActivityKind {
        /// An item that was never answered.
        Practise = "practise",
        /// An item whose facts were missed.
        Retry = "retry",
        /// An item that went well, some time ago.
        Again = "again",
        /// The study notes of an item.
        Read = "read",
        /// A program, in the candidate's own editor.
        Problem = "problem",
        /// A chapter of a book.
        Chapter = "chapter",
        /// A system drawn on paper.
        Sketch = "sketch",
        /// An account of a real incident.
        Postmortem = "postmortem",
        /// A story, written.
        WriteStory = "write-story",
        /// A story, told in three minutes.
        Rehearse = "rehearse",
        /// A loop, or a part of one, against the clock.
        Mock = "mock",
        /// Cards that are due.
        Cards = "cards",
        /// The checklist.
        Checklist = "checklist",
    }
}

/// A study plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it started from.
    pub preset: Preset,
    /// Its first day.
    pub start: Date,
    /// The day of the interview; the last day of the plan is the one before.
    pub interview: Date,
    /// The level that the candidate interviews for.
    pub level: Level,
    /// Topics of items to put first, at most [`MAX_TOPICS`]; none: all alike.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Minutes of each day of the week, Monday first; 0 is a day off.
    pub minutes: [u16; 7],
    /// Minutes that the candidate's clock is ahead of UTC: says on which day an attempt was made.
    #[serde(default)]
    pub utc_offset: i32,
    /// The phases in order.
    pub phases: Vec<Phase>,
    /// How many of what.
    #[serde(default)]
    pub quotas: Quotas,
    /// When things come back, and how a day is kept in bounds.
    #[serde(default)]
    pub pace: Pace,
}

/// A stretch of a plan with its own shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub title: String,
    /// Its length in days, in proportion to the others: phases stretch with the time there is.
    pub days: u16,
    /// Percent of its minutes for each area; together 100.
    pub shares: BTreeMap<Area, u8>,
}

/// How many of what a plan aims at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quotas {
    /// Programs a week, while coding has a share.
    pub problems_a_week: u8,
    /// Chapters a week, while fundamentals have a share.
    pub chapters_a_week: u8,
    /// Systems drawn from end to end, while design has a share.
    pub sketches: u8,
    /// Mocks.
    pub mocks: u8,
    /// Stories, written and rehearsed.
    pub stories: u8,
}

/// When things come back, and how a day is kept in bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Days after which a fact that every answer needs comes back: missed once, twice, more often.
    pub retry_days: [u8; 3],
    /// Days after which an item that went well is worth another answer.
    pub again_days: u8,
    /// Minutes beside those of the answer itself: its follow-ups, scorecard and notes.
    pub study_minutes: u8,
    /// Most minutes of cards a day.
    pub card_minutes: u8,
    /// Most percent of the minutes for what no share holds: cards, retries of other phases, stories.
    pub beside_percent: u8,
    /// Light days before the interview.
    pub taper_days: u8,
    /// Percent of a day's minutes that a light day uses.
    pub taper_percent: u8,
}

/// What is logged beside a plan. A document on disk: change it only by addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PlanEntry {
    /// An activity of a day was done.
    Done {
        /// The day.
        date: Date,
        /// The activity's id within its day.
        activity: String,
        /// What it was.
        kind: ActivityKind,
        /// What its minutes were spent on.
        area: Area,
        /// Whether it took none of the shares.
        beside: bool,
        /// Its minutes.
        minutes: u16,
    },
    /// It was not done after all.
    Undone {
        /// The day.
        date: Date,
        /// The activity's id within its day.
        activity: String,
    },
    /// A line of the checklist was ticked or cleared by hand.
    Checked {
        /// The line.
        check: String,
        /// Whether it is ticked now.
        done: bool,
    },
}

impl Plan {
    /// Days of the plan: from its start to the day before the interview.
    pub fn days(&self) -> i32 {
        days_between(self.start, self.interview)
    }

    /// Minutes that a day holds, whatever its date.
    pub fn holds(&self, date: Date) -> u16 {
        self.minutes[index(date.weekday())]
    }

    /// Whether it is one of the light days before the interview. A plan of one day has none.
    pub fn tapers(&self, date: Date) -> bool {
        let left = days_between(date, self.interview);
        left >= 1 && left <= i32::from(self.pace.taper_days).min(self.days() - 1)
    }
}

/// Days from one date to another; negative when it lies before.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Two dates are at most some four million days apart.
    from.until(to).map_or(0, |span| span.get_days())
}

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

impl Document for Plan {
    const KIND: DocumentKind = DocumentKind::Plan;

    type Entry = PlanEntry;

    fn check(&self) -> Result<(), DocumentError> {
        let days = self.days();
        if !(1..=MAX_PLAN_DAYS).contains(&days) {
            let rule = format!("must be 1 to {MAX_PLAN_DAYS} days after `start`");
            return Err(DocumentError::new("interview", rule));
        }
        if self.start.year() < 2000 || self.start.year() > 2200 {
            return Err(DocumentError::new("start", "must be a date of 2000 to 2200"));
        }
        for (at, minutes) in self.minutes.iter().enumerate() {
            within(format!("minutes[{at}]"), *minutes, 0, MAX_DAY_MINUTES)?;
        }
        if self.minutes.iter().all(|minutes| *minutes == 0) {
            return Err(DocumentError::new(
                "minutes",
                "must leave at least one day that is not off",
            ));
        }
        if self.utc_offset.abs() > MAX_OFFSET_MINUTES {
            let rule = format!("must be -{MAX_OFFSET_MINUTES} to {MAX_OFFSET_MINUTES}");
            return Err(DocumentError::new("utc_offset", rule));
        }
        if self.topics.len() > MAX_TOPICS {
            return Err(DocumentError::new(
                "topics",
                format!("must be at most {MAX_TOPICS}"),
            ));
        }
        for (at, topic) in self.topics.iter().enumerate() {
            named(format!("topics[{at}]"), topic)?;
        }
        self.check_phases()?;
        self.quotas.check()?;
        self.pace.check()
    }

    fn check_entry(entry: &PlanEntry) -> Result<(), DocumentError> {
        match entry {
            PlanEntry::Done {
                activity, minutes, ..
            } => {
                named("activity".to_owned(), activity)?;
                within("minutes".to_owned(), *minutes, 1, MAX_DAY_MINUTES)
            }
            PlanEntry::Undone { activity, .. } => named("activity".to_owned(), activity),
            PlanEntry::Checked { check, .. } => named("check".to_owned(), check),
        }
    }
}

impl Plan {
    fn check_phases(&self) -> Result<(), DocumentError> {
        if self.phases.is_empty() || self.phases.len() > MAX_PHASES {
            return Err(DocumentError::new("phases", format!("must be 1 to {MAX_PHASES}")));
        }
        for (at, phase) in self.phases.iter().enumerate() {
            named(format!("phases[{at}].title"), &phase.title)?;
            within(
                format!("phases[{at}].days"),
                phase.days,
                1,
                MAX_PLAN_DAYS.unsigned_abs().try_into().unwrap_or(u16::MAX),
            )?;
            let field = format!("phases[{at}].shares");
            if let Some(area) = phase.shares.keys().find(|area| !area.shared()) {
                return Err(DocumentError::new(
                    field,
                    format!("cannot hold `{area}`: it takes no share"),
                ));
            }
            let sum: u32 = phase.shares.values().copied().map(u32::from).sum();
            if sum != 100 {
                return Err(DocumentError::new(
                    field,
                    format!("must add up to 100, not {sum}"),
                ));
            }
        }
        Ok(())
    }
}

impl Quotas {
    fn check(self) -> Result<(), DocumentError> {
        let all = [
            ("problems_a_week", self.problems_a_week),
            ("chapters_a_week", self.chapters_a_week),
            ("sketches", self.sketches),
            ("mocks", self.mocks),
            ("stories", self.stories),
        ];
        for (name, value) in all {
            within(format!("quotas.{name}"), value.into(), 0, 30)?;
        }
        Ok(())
    }
}

impl Pace {
    fn check(self) -> Result<(), DocumentError> {
        for (at, days) in self.retry_days.iter().enumerate() {
            within(format!("pace.retry_days[{at}]"), (*days).into(), 1, 60)?;
        }
        let all = [
            ("again_days", self.again_days, 1, 120),
            ("study_minutes", self.study_minutes, 0, 60),
            ("card_minutes", self.card_minutes, 0, 60),
            ("beside_percent", self.beside_percent, 0, 60),
            ("taper_days", self.taper_days, 0, 14),
            ("taper_percent", self.taper_percent, 10, 100),
        ];
        for (name, value, least, most) in all {
            within(format!("pace.{name}"), value.into(), least, most)?;
        }
        Ok(())
    }
}

fn within(field: String, value: u16, least: u16, most: u16) -> Result<(), DocumentError> {
    let fits = (least..=most).contains(&value);
    fits.then_some(())
        .ok_or_else(|| DocumentError::new(field, format!("must be {least} to {most}")))
}

fn named(field: String, text: &str) -> Result<(), DocumentError> {
    let fits = !text.trim().is_empty()
        && text.chars().count() <= MAX_NAME_CHARS
        && !text.chars().any(char::is_control);
    fits.then_some(()).ok_or_else(|| {
        DocumentError::new(
            field,
            format!("must have 1 to {MAX_NAME_CHARS} characters in one line"),
        )
    })
}
