//! The plan as a document: today, the phases with their shares, each day ahead, what is not held, the checklist.

use domain::plan::days_between;
use domain::{ActivityKind, Area, Plan};
use jiff::civil::Date;
use paper::text::{Block, Column, Span, Table, bold, plain};
use paper::{Booklet, Sheet};
use prepare::plan::{Activity, Check, Day, Dropped, PhaseBalance};

use super::words::{counted, heading, sentence, whole, written};
use super::{Format, Printed};
use crate::{Error, Planned, Practice};

/// To be ticked with a pen.
const OPEN: &str = "☐";

impl Practice {
    /// The plan as it stands on `date`, the candidate's own, as a file.
    ///
    /// # Errors
    /// There is no plan, the machine is busy, or the store fails.
    pub async fn print_plan(&self, date: Date, format: Format, sheet: Sheet) -> Result<Printed, Error> {
        let planned = self.planned_to_leave(date).await?;
        let stem = format!("plan-{date}");
        self.printed(booklet(&planned, date), format, sheet, date, &stem)
            .await
    }
}

fn booklet(planned: &Planned, date: Date) -> Booklet {
    let plan = &planned.plan.body;
    let mut blocks = Vec::new();
    today(&mut blocks, planned);
    blocks.push(heading(1, "The phases"));
    let phases = planned.outlook.balance.iter();
    blocks.push(Block::Table(table(
        &[
            ("Phase", false),
            ("Days", false),
            ("Shares of its minutes", false),
        ],
        phases.map(|phase| shares(plan, phase)).collect(),
    )));
    ahead(&mut blocks, planned);
    dropped(&mut blocks, &planned.outlook.dropped);
    if !planned.checks.is_empty() {
        blocks.push(heading(1, "Checklist"));
        blocks.push(Block::Table(table(
            &[("Done", false), ("What has to be at hand", false)],
            planned.checks.iter().map(check).collect(),
        )));
    }
    let title = format!("Until the interview on {}", written(plan.interview));
    Booklet {
        sort: "Plan".to_owned(),
        facts: vec![
            format!("as of {}", written(date)),
            until(days_between(date, plan.interview)),
            plan.level.to_string(),
        ],
        blocks,
        foot: "Spar · Plan".to_owned(),
        title,
    }
}

fn until(days: i32) -> String {
    match days {
        ..0 => "the interview is over".to_owned(),
        0 => "the interview is today".to_owned(),
        1 => "the interview is tomorrow".to_owned(),
        n => format!("{n} days left"),
    }
}

/// The list of the day, with the reason for each line.
fn today(blocks: &mut Vec<Block>, planned: &Planned) {
    let (plan, day) = (&planned.plan.body, &planned.outlook.today);
    let date = day.date.strftime("%A %-d %B");
    blocks.push(heading(1, &format!("Today, {date}")));
    if day.activities.is_empty() {
        let why = if day.date >= plan.interview {
            "Nothing is planned: the plan has ended.".to_owned()
        } else if day.date < plan.start {
            format!("The plan begins on {}.", written(plan.start))
        } else {
            free(day).to_owned()
        };
        let why = why.trim_end_matches('.');
        blocks.push(Block::Paragraph(plain(format!("{why}:"))));
    } else {
        let light = if day.light { " A light day." } else { "" };
        // What was done beside the list is no part of what the day was to hold.
        let listed = day.activities.iter().filter(|a| !a.why.is_empty());
        let minutes: u16 = listed.map(|a| a.minutes).sum();
        blocks.push(Block::Paragraph(plain(format!(
            "{minutes} of {} minutes.{light}",
            day.holds
        ))));
        blocks.push(Block::Table(table(
            &[("Done", false), ("What to do", false), ("Minutes", true)],
            day.activities.iter().map(listed_row).collect(),
        )));
    }
    if let Some(last) = planned.outlook.pauses.last() {
        blocks.push(Block::Remark(plain(format!(
            "{} passed without practice; the last was {}. The days ahead are planned anew, none of them fuller.",
            counted(planned.outlook.pauses.len(), "day"),
            told(last.date)
        ))));
    }
}

fn listed_row(activity: &Activity) -> Vec<Vec<Span>> {
    let mut what = bold(titled(activity));
    if !activity.why.is_empty() {
        what.extend(plain(format!("\n{}", activity.why)));
    }
    vec![ticked(activity.done), what, plain(activity.minutes.to_string())]
}

fn titled(activity: &Activity) -> String {
    let again = if activity.kind == ActivityKind::Retry {
        ", again"
    } else {
        ""
    };
    format!("{}{again}", activity.title)
}

fn check(check: &Check) -> Vec<Vec<Span>> {
    let by = check.by.as_ref().map_or(String::new(), |by| format!(" ({by})"));
    vec![ticked(check.done), plain(format!("{}{by}", check.title))]
}

fn ticked(done: bool) -> Vec<Span> {
    plain(if done { "yes" } else { OPEN })
}

/// A phase with its dates and how its minutes are shared, done and ahead; as it was set where there are none.
fn shares(plan: &Plan, balance: &PhaseBalance) -> Vec<Vec<Span>> {
    let stretch = balance.stretch;
    let share = |area: Area, set: u8| {
        let percent = balance.percent(area).unwrap_or_else(|| f64::from(set));
        format!("{} {} %", name(area), whole(percent))
    };
    let shares = balance.areas.iter().map(|of| share(of.area, of.share));
    vec![
        plain(phase(plan, stretch.phase)),
        plain(format!("{} to {}", told(stretch.first), told(stretch.last))),
        plain(sentence(&shares.collect::<Vec<_>>().join(", "))),
    ]
}

fn phase(plan: &Plan, at: usize) -> &str {
    plan.phases.get(at).map_or("", |phase| &phase.title)
}

/// The days ahead, a table for each phase, the light days at the end.
fn ahead(blocks: &mut Vec<Block>, planned: &Planned) {
    let (plan, outlook) = (&planned.plan.body, &planned.outlook);
    blocks.push(heading(1, "The days ahead"));
    for days in outlook.ahead.chunk_by(|a, b| a.phase == b.phase) {
        let title = days.first().and_then(|day| day.phase);
        let title = title.and_then(|at| outlook.stretches.get(at));
        let title = title.map_or("The light days before the interview", |stretch| {
            phase(plan, stretch.phase)
        });
        blocks.push(heading(2, title));
        blocks.push(Block::Table(table(
            &[("Day", false), ("What to do", false), ("Minutes", true)],
            days.iter().map(row).collect(),
        )));
    }
    let interview = plan.interview.strftime("%A %-d %B");
    blocks.push(Block::Paragraph(
        [bold("Interview"), plain(format!(" on {interview}."))].concat(),
    ));
}

fn row(day: &Day) -> Vec<Vec<Span>> {
    let titles: Vec<String> = day.activities.iter().map(titled).collect();
    let (what, minutes) = if titles.is_empty() {
        (free(day).to_owned(), String::new())
    } else {
        (titles.join("\n"), day.minutes().to_string())
    };
    // A day and its date stay in one line.
    let date = told(day.date).replace(' ', "\u{a0}");
    vec![plain(date), plain(what), plain(minutes)]
}

fn free(day: &Day) -> &'static str {
    if day.holds == 0 { "A day off." } else { "Free." }
}

/// What the days ahead do not hold; the same reason is said once.
fn dropped(blocks: &mut Vec<Block>, dropped: &[Dropped]) {
    if dropped.is_empty() {
        return;
    }
    blocks.push(heading(1, "Not held by the days ahead"));
    let mut reasons: Vec<(&str, Vec<Vec<Block>>)> = Vec::new();
    for it in dropped {
        let said = plain(format!("{}, {}", it.title, name(it.area)));
        let item = vec![Block::Paragraph(said)];
        match reasons.iter_mut().find(|(why, _)| *why == it.why) {
            Some((_, items)) => items.push(item),
            None => reasons.push((&it.why, vec![item])),
        }
    }
    for (why, items) in reasons {
        blocks.push(Block::Paragraph(plain(why)));
        blocks.push(Block::List { first: None, items });
    }
}

fn table(columns: &[(&str, bool)], rows: Vec<Vec<Vec<Span>>>) -> Table {
    let column = |(title, figures): &(&str, bool)| Column {
        title: plain(*title),
        figures: *figures,
    };
    Table {
        columns: columns.iter().map(column).collect(),
        rows,
    }
}

fn name(area: Area) -> String {
    area.as_str().replace('-', " ")
}

/// `Mon 23 Nov`.
fn told(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}
