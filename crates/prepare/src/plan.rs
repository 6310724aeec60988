//! What to do today, until the day of the interview: by day, from what was missed, within the minutes there are.
//!
//! A plan keeps no list of days. Each day is planned anew from what is known on its morning, so that a day
//! that was missed or an answer that went wrong changes what follows and nothing has to be caught up with.
//! Today's list rests on what was known before today: it stays as it is while it is worked through.

mod balance;
mod block;
mod chance;
mod checklist;
mod day;
mod dropped;
mod ledger;
mod material;
mod phases;
mod progress;
mod recall;

use std::collections::BTreeMap;

use domain::{ActivityKind, Area, AttemptId, ItemId, Plan, PlanEntry, Status};
use jiff::ToSpan as _;
use jiff::civil::Date;

pub use balance::{AreaBalance, PhaseBalance};
pub use checklist::{Check, checklist};
pub use dropped::Dropped;
pub use material::{Material, Point};
pub use phases::{Stretch, stretches};
pub use progress::{CompetencyProgress, Gain, PointProgress, progress};

use day::Planner;

/// What is known when a day is planned.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What there is to practise.
    pub materials: Vec<Material>,
    /// Scored attempts, oldest first.
    pub tried: Vec<Tried>,
    /// The log of the plan, in order.
    pub log: Vec<PlanEntry>,
    /// Cards that fall due, by day; what is overdue stands under the day that is planned.
    pub due_cards: BTreeMap<Date, u32>,
    /// Minutes of cards reviewed, by day.
    pub reviewed: BTreeMap<Date, u16>,
    /// Titles of the stories that are written.
    pub stories: Vec<String>,
    /// Loops that were finished: day and minutes.
    pub mocks: Vec<(Date, u16)>,
}

/// A scored attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its item.
    pub item: ItemId,
    /// The candidate's day.
    pub date: Date,
    /// What was found of each fact.
    pub facts: Vec<(String, Status)>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Names it within its day: `retry.pagination`.
    pub id: String,
    /// What it is.
    pub kind: ActivityKind,
    /// What its minutes count as.
    pub area: Area,
    /// Whether it stands beside the shares of its phase.
    pub beside: bool,
    /// What to do.
    pub title: String,
    /// Why, as a sentence.
    pub why: String,
    /// Its item.
    pub item: Option<ItemId>,
    /// The facts that it is for, worst first.
    pub facts: Vec<Missed>,
    /// How long it takes.
    pub minutes: u16,
    /// Whether it was done.
    pub done: bool,
}

/// A fact that was missed and has not been met since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The fact.
    pub id: String,
    /// Its statement.
    pub claim: String,
    /// Whether every answer needs it.
    pub must: bool,
    /// What was last found of it.
    pub status: Status,
    /// When.
    pub date: Date,
    /// In which attempt.
    pub attempt: AttemptId,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Minutes that it holds.
    pub holds: u16,
    /// Its phase by position; `None` on a light day, before the plan and after it.
    pub phase: Option<usize>,
    /// Whether it is one of the light days before the interview.
    pub light: bool,
    /// What to do, in order; of a day that has passed what was done.
    pub activities: Vec<Activity>,
}

impl Day {
    /// Minutes of all activities.
    pub fn minutes(&self) -> u16 {
        self.activities.iter().map(|a| a.minutes).sum()
    }
}

/// A day without practice, although it had minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The date.
    pub date: Date,
    /// Minutes that it held.
    pub held: u16,
}

/// The plan as it stands on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The phases with their dates.
    pub stretches: Vec<Stretch>,
    /// The day asked for.
    pub today: Day,
    /// The days after it, until the interview.
    pub ahead: Vec<Day>,
    /// Days without practice so far.
    pub pauses: Vec<Pause>,
    /// What the days ahead do not hold, most wanted first.
    pub dropped: Vec<Dropped>,
    /// How the minutes of each phase are shared, done and ahead.
    pub balance: Vec<PhaseBalance>,
}

/// The plan as it stands on `today`.
pub fn outlook(plan: &Plan, known: &Known, today: Date) -> Outlook {
    let list = self::today(plan, known, today);
    let (ahead, planner) = ahead(plan, known, today, &list);
    let pauses = pauses(plan, known, today);
    Outlook {
        stretches: stretches(plan),
        dropped: dropped::dropped(plan, known, &planner, &pauses),
        balance: balance::balance(plan, known, today, &list, &ahead),
        today: list,
        ahead,
        pauses,
    }
}

/// The list of one day, planned from what was known before it, with what has been done of it since.
pub fn today(plan: &Plan, known: &Known, date: Date) -> Day {
    let mut day = Planner::on_morning(plan, known, date).day(date);
    // Each thing done ticks one activity. What was done and not planned is shown too: it counts as much.
    let mut further = Vec::new();
    for done in ledger::done_on(plan, known, date) {
        match day.activities.iter_mut().find(|a| !a.done && same(&done, a)) {
            Some(activity) => activity.done = true,
            None => further.push(done),
        }
    }
    day.activities.extend(further);
    day
}

/// What was done on a day that has passed.
pub fn past(plan: &Plan, known: &Known, date: Date) -> Day {
    Day {
        date,
        holds: plan.holds(date),
        phase: phases::of(&stretches(plan), date),
        light: plan.tapers(date),
        activities: ledger::done_on(plan, known, date),
    }
}

/// Whether what was done is what was planned: the same activity, or an answer to its item.
fn same(done: &Activity, planned: &Activity) -> bool {
    let answers = |kind| {
        matches!(
            kind,
            ActivityKind::Practise | ActivityKind::Retry | ActivityKind::Again
        )
    };
    done.id == planned.id
        || (answers(done.kind) && answers(planned.kind) && done.item == planned.item)
        || (done.kind == planned.kind && matches!(done.kind, ActivityKind::Cards | ActivityKind::Mock))
}

/// The days after `today`, as if the rest of its list were done.
fn ahead<'a>(plan: &'a Plan, known: &'a Known, today: Date, list: &Day) -> (Vec<Day>, Planner<'a>) {
    let first = if today < plan.start {
        plan.start
    } else {
        next(today)
    };
    let mut planner = if today < plan.start {
        Planner::on_morning(plan, known, plan.start)
    } else {
        let mut planner = Planner::on_morning(plan, known, next(today));
        let open = list.activities.iter().filter(|activity| !activity.done);
        open.for_each(|activity| planner.count(today, activity));
        planner
    };
    let mut days = Vec::new();
    let mut date = first;
    while date < plan.interview {
        let day = planner.day(date);
        day.activities
            .iter()
            .for_each(|activity| planner.count(date, activity));
        days.push(day);
        date = next(date);
    }
    (days, planner)
}

fn pauses(plan: &Plan, known: &Known, today: Date) -> Vec<Pause> {
    let until = today.min(plan.interview);
    let mut pauses = Vec::new();
    let mut date = plan.start;
    while date < until {
        let held = plan.holds(date);
        if held > 0 && ledger::done_on(plan, known, date).is_empty() {
            pauses.push(Pause { date, held });
        }
        date = next(date);
    }
    pauses
}

/// The day after. Plans end some thousands of years before dates do.
fn next(date: Date) -> Date {
    date.saturating_add(1.day())
}

/// `12 Jan`, as it stands in reasons.
fn told(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}
