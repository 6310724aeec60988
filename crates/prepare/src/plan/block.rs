//! What has no length of its own: programs, chapters, drawings, mocks; and stories.

use domain::plan::days_between;
use domain::{ActivityKind, Area};

use super::Activity;
use super::day::{Filling, LEAST_MINUTES};

/// Programs worth writing once.
const PROBLEMS: [&str; 10] = [
    "Parse a log stream and count errors by the minute",
    "A rate limiter for each client",
    "An LRU cache",
    "A small API handler with its edge cases",
    "Find the race in a shared counter and repair it",
    "Join two lists by a key",
    "Retries with backoff, jitter and a deadline",
    "Walk a tree level by level",
    "Merge overlapping intervals",
    "The most frequent words of a file larger than memory",
];

/// Systems worth drawing once; the third is the case study.
const SKETCHES: [&str; 6] = [
    "A URL shortener",
    "A job queue that loses nothing",
    "A case study: an API for a million users a day",
    "A rate limiter for a public API",
    "The API of a ride-sharing service",
    "An image upload",
];

const CHAPTERS: [&str; 8] = [
    "storage engines and indexes",
    "replication",
    "partitioning",
    "transactions and isolation",
    "what goes wrong in distributed systems",
    "consistency and consensus",
    "batch processing",
    "streams",
];

const LABS: [&str; 3] = [
    "Read the account of a real incident: detected how, mitigated how, caused by what, prevented how",
    "Measure an API of your own: response times and error rate under load",
    "Lay out a dashboard: p50, p95 and p99, traffic, errors, saturation",
];

/// The stories that every loop asks for.
const STORIES: [&str; 3] = [
    "Reliability: something that you kept from failing, or repaired",
    "Conflict: a disagreement in the team",
    "Performance: something that you made faster",
];

/// Minutes that writing one story takes.
const STORY_MINUTES: u32 = 30;

/// Days before a story is worth telling again.
const TOLD_DAYS: i32 = 5;

/// Least and best minutes of what has no length of its own.
pub(super) fn span(kind: ActivityKind) -> (u16, u16) {
    match kind {
        ActivityKind::Problem | ActivityKind::Sketch => (30, 45),
        ActivityKind::Chapter | ActivityKind::Postmortem | ActivityKind::WriteStory => (15, 30),
        ActivityKind::Mock => (25, 60),
        ActivityKind::Rehearse => (LEAST_MINUTES, 8),
        _ => (LEAST_MINUTES, 10),
    }
}

impl Filling<'_> {
    /// Something without a length of its own.
    pub(super) fn block(
        &self,
        kind: ActivityKind,
        area: Area,
        beside: bool,
        short: u16,
        most: u16,
    ) -> Option<Activity> {
        let (least, best) = span(kind);
        // A day that holds less takes a shorter one; a mock makes do with half of a day.
        let least = match kind {
            ActivityKind::Mock => least.min((self.holds / 2).max(15)),
            _ => least.min(self.holds.max(LEAST_MINUTES)),
        };
        if most < least {
            return None;
        }
        let wanted = if kind == ActivityKind::Mock { best } else { short };
        let mut minutes = wanted.clamp(least, best.max(least)).min(most);
        // No rest of the day that nothing fits in.
        if self.left - minutes < LEAST_MINUTES && !beside {
            minutes = self.left;
        }
        let n = self.number(kind);
        let pick = |from: &[&str]| from[n % from.len()].to_owned();
        let mocks = usize::from(self.planner.plan.quotas.mocks);
        let (title, why) = match kind {
            ActivityKind::Problem => {
                let week = self.this_week(kind) + 1;
                (
                    pick(&PROBLEMS),
                    format!(
                        "Program {week} this week. Spar does not run code yet: write it with its tests in your own editor."
                    ),
                )
            }
            ActivityKind::Sketch => (
                pick(&SKETCHES),
                "Spar does not run designs yet: draw it, with its load and its first failure, and explain it aloud."
                    .to_owned(),
            ),
            ActivityKind::Chapter => (
                format!("A chapter on {}", CHAPTERS[n % CHAPTERS.len()]),
                "Reading that the questions rest on: any book on data systems has it.".to_owned(),
            ),
            ActivityKind::Postmortem => (pick(&LABS), "Operations are learnt from what happened.".to_owned()),
            ActivityKind::Mock if minutes < 30 => (
                "One round of a mock loop".to_owned(),
                format!("Mock {}: as much as this day holds.", n + 1),
            ),
            _ => (
                "A mock loop".to_owned(),
                format!("Mock {}, against the clock; {} to go.", n + 1, mocks.saturating_sub(n + 1)),
            ),
        };
        Some(Activity {
            id: format!("{kind}.{}", n + 1),
            title,
            why,
            ..self.by_hand(kind, area, beside, minutes)
        })
    }

    pub(super) fn write_story(&self, beside: bool, most: u16) -> Option<Activity> {
        let written = self.written();
        let (least, best) = span(ActivityKind::WriteStory);
        let least = least.min(self.holds.max(LEAST_MINUTES));
        let wanted = written < usize::from(self.planner.plan.quotas.stories);
        (wanted && most >= least && !self.on_day(ActivityKind::WriteStory)).then(|| Activity {
            title: STORIES[written % STORIES.len()].to_owned(),
            why: format!(
                "Story {} of {}: write it down with what you did and its figures.",
                written + 1,
                self.planner.plan.quotas.stories
            ),
            ..self.by_hand(ActivityKind::WriteStory, Area::Stories, beside, best.min(most))
        })
    }

    /// The story that was not told for longest.
    pub(super) fn tell(&self, beside: bool, most: u16) -> Option<Activity> {
        (0..self.written()).find_map(|story| self.rehearse(story, beside, most))
    }

    /// A story told in three minutes, unless it was told lately.
    pub(super) fn rehearse(&self, story: usize, beside: bool, most: u16) -> Option<Activity> {
        let id = format!("{}.{}", ActivityKind::Rehearse, story + 1);
        let before = self.planner.ledger.told.get(&id);
        let rested =
            before.is_none_or(|date| self.at.is_none() || days_between(*date, self.date) >= TOLD_DAYS);
        let (least, best) = span(ActivityKind::Rehearse);
        let wanted = rested && most >= least && !self.activities.iter().any(|a| a.id == id);
        let known = self.planner.known.stories.get(story).map(String::as_str);
        wanted.then(|| Activity {
            id,
            title: known.unwrap_or(STORIES[story % STORIES.len()]).to_owned(),
            why: "Tell it aloud, in under three minutes.".to_owned(),
            ..self.by_hand(ActivityKind::Rehearse, Area::Stories, beside, best.min(most))
        })
    }

    /// Stories that are written, or had the time for it.
    fn written(&self) -> usize {
        let kept = self.planner.known.stories.len();
        kept.max((self.planner.ledger.writing / STORY_MINUTES) as usize)
    }

    /// Stories are spread evenly over the plan.
    pub(super) fn story_is_behind(&self) -> bool {
        let plan = self.planner.plan;
        let steps = i32::from(plan.quotas.stories) + 1;
        let next = i32::try_from(self.written())
            .unwrap_or(i32::MAX)
            .saturating_add(1);
        next < steps && days_between(plan.start, self.date) * steps >= next * plan.days()
    }

    pub(super) fn sketch_is_next(&self) -> bool {
        let drawn = self
            .planner
            .ledger
            .count
            .get(&ActivityKind::Sketch)
            .copied()
            .unwrap_or(0);
        drawn < u32::from(self.planner.plan.quotas.sketches)
            && self.since(ActivityKind::Sketch) >= 3
            && !self.on_day(ActivityKind::Sketch)
    }

    pub(super) fn missing_mocks(&self) -> u32 {
        let done = self
            .planner
            .ledger
            .count
            .get(&ActivityKind::Mock)
            .copied()
            .unwrap_or(0);
        u32::from(self.planner.plan.quotas.mocks).saturating_sub(done)
    }

    pub(super) fn since(&self, kind: ActivityKind) -> i32 {
        let last = self.planner.ledger.last.get(&kind);
        last.map_or(i32::MAX, |last| days_between(*last, self.date))
    }

    pub(super) fn on_day(&self, kind: ActivityKind) -> bool {
        self.activities.iter().any(|a| a.kind == kind)
    }

    /// How many of a kind this week has, with those of this day.
    pub(super) fn this_week(&self, kind: ActivityKind) -> u32 {
        let week = super::phases::week(self.planner.plan, self.date);
        let before = self
            .planner
            .ledger
            .weekly
            .get(&(kind, week))
            .copied()
            .unwrap_or(0);
        before + u32::try_from(self.activities.iter().filter(|a| a.kind == kind).count()).unwrap_or(0)
    }

    /// How many of a kind there were before the next one.
    fn number(&self, kind: ActivityKind) -> usize {
        let before = self.planner.ledger.count.get(&kind).copied().unwrap_or(0) as usize;
        before + self.activities.iter().filter(|a| a.kind == kind).count()
    }

    /// An activity that its kind names alone.
    pub(super) fn by_hand(&self, kind: ActivityKind, area: Area, beside: bool, minutes: u16) -> Activity {
        Activity {
            id: kind.to_string(),
            kind,
            area,
            beside,
            title: String::new(),
            why: String::new(),
            item: None,
            facts: Vec::new(),
            minutes,
            done: false,
        }
    }
}
