//! What has to be at hand on the day: ticked by itself where Spar knows, by hand elsewhere.

use domain::{ActivityKind, Plan, PlanEntry};
use jiff::civil::Date;

use super::{Known, ledger, next};

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its id.
    pub id: &'static str,
    /// What has to be.
    pub title: String,
    /// Whether it is.
    pub done: bool,
    /// What ticked it by itself; `None` when it is ticked by hand.
    pub by: Option<String>,
}

/// The lines that only the candidate knows about.
const BY_HAND: [(&str, &str); 9] = [
    (
        "time-confirmed",
        "Day, time and time zone of each conversation are confirmed",
    ),
    (
        "people-known",
        "Who will be there, and what each conversation is about",
    ),
    (
        "company-read",
        "The company’s page, product and public API are read, with one remark on a choice of theirs",
    ),
    (
        "job-read",
        "The job description is read again, next to your stories",
    ),
    ("cv-at-hand", "CV at hand: a figure for each thing it claims"),
    (
        "connection-tested",
        "Camera, microphone and connection are tested, with a second way to join",
    ),
    ("editor-tested", "The shared editor or board is tried out"),
    ("room-quiet", "A quiet room, water, pen and paper"),
    ("terms-known", "What you want is clear: pay, place, hours, notice"),
];

/// The checklist of a plan as it stands on a day.
pub fn checklist(plan: &Plan, known: &Known, today: Date) -> Vec<Check> {
    let ticked = |id: &str| {
        let own = known.log.iter().rev().find_map(|entry| match entry {
            PlanEntry::Checked { check, done } if check == id => Some(*done),
            _ => None,
        });
        own.unwrap_or(false)
    };
    let stories = known.stories.len();
    let wanted = usize::from(plan.quotas.stories);
    let mocks = mocks(plan, known, today);
    let asking = asking(known);
    let derived = |id, title: String, by: Option<String>| Check {
        id,
        title,
        done: by.is_some() || ticked(id),
        by,
    };
    let mut checks = vec![
        derived(
            "stories-written",
            format!("{wanted} stories are written: reliability, a conflict, performance"),
            (wanted > 0 && stories >= wanted).then(|| format!("{stories} stories are kept")),
        ),
        derived(
            "mock-done",
            "A mock is done".to_owned(),
            (mocks > 0).then(|| format!("{mocks} done")),
        ),
        derived(
            "questions-chosen",
            "Questions to ask them are chosen".to_owned(),
            (asking > 0).then(|| format!("{asking} practised")),
        ),
    ];
    checks.extend(BY_HAND.iter().map(|(id, title)| Check {
        id,
        title: (*title).to_owned(),
        done: ticked(id),
        by: None,
    }));
    checks
}

fn mocks(plan: &Plan, known: &Known, today: Date) -> usize {
    let mut date = plan.start;
    let mut mocks = 0;
    while date <= today && date < plan.interview {
        let done = ledger::done_on(plan, known, date);
        mocks += done.iter().filter(|a| a.kind == ActivityKind::Mock).count();
        date = next(date);
    }
    mocks
}

/// Questions to ask the interviewer that were practised.
fn asking(known: &Known) -> usize {
    let asks = |topics: &[String]| topics.iter().any(|topic| topic == "ask-the-interviewer");
    let own = known.materials.iter().filter(|m| asks(&m.topics));
    own.filter(|m| known.tried.iter().any(|tried| tried.item == m.id))
        .count()
}
