//! What the days ahead do not hold, said rather than piled up.

use domain::{ActivityKind, Area, ItemId, Plan};

use super::chance::worth;
use super::day::Planner;
use super::{Known, Material, Pause, next};

/// Something that the plan would hold and the days ahead do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What it is: the title of an item, or so many of a quota.
    pub title: String,
    /// Its item.
    pub item: Option<ItemId>,
    /// What it would have counted as.
    pub area: Area,
    /// Why, as a sentence.
    pub why: String,
}

/// What the planner, at the end of the plan, did not get to; most wanted first.
pub(super) fn dropped(plan: &Plan, known: &Known, end: &Planner<'_>, pauses: &[Pause]) -> Vec<Dropped> {
    let now = unreached(end);
    if now.is_empty() {
        return now;
    }
    let fresh = Known {
        materials: known.materials.clone(),
        tried: known
            .tried
            .iter()
            .filter(|t| t.date < plan.start)
            .cloned()
            .collect(),
        stories: known.stories.clone(),
        ..Known::default()
    };
    let at_first = unreached(&from_the_start(plan, &fresh));
    let minutes: u32 = pauses.iter().map(|pause| u32::from(pause.held)).sum();
    let why = |dropped: &Dropped| {
        if at_first
            .iter()
            .any(|d| d.title == dropped.title && d.item == dropped.item)
        {
            "The days until the interview do not hold it: what is worth more goes first.".to_owned()
        } else if pauses.is_empty() {
            "It made room for what came back.".to_owned()
        } else {
            let days = if pauses.len() == 1 {
                "1 day".to_owned()
            } else {
                format!("{} days", pauses.len())
            };
            format!(
                "It made room: {days} passed without practice, {minutes} minutes in all, and no later day holds more for it."
            )
        }
    };
    now.into_iter().map(|d| Dropped { why: why(&d), ..d }).collect()
}

/// A plan that runs as it was made.
fn from_the_start<'a>(plan: &'a Plan, known: &'a Known) -> Planner<'a> {
    let mut planner = Planner::on_morning(plan, known, plan.start);
    let mut date = plan.start;
    while date < plan.interview {
        let day = planner.day(date);
        day.activities
            .iter()
            .for_each(|activity| planner.count(date, activity));
        date = next(date);
    }
    planner
}

fn unreached(end: &Planner<'_>) -> Vec<Dropped> {
    let plan = end.plan;
    let mut items: Vec<&Material> = end.known.materials.iter().filter(|m| missing(end, m)).collect();
    items.sort_by_key(|m| (!end.recall.contains_key(&m.id), worth(plan, m), m.id.clone()));
    let item = |m: &Material| Dropped {
        title: m.title.clone(),
        item: Some(m.id.clone()),
        area: m.area,
        why: String::new(),
    };
    quotas(end)
        .into_iter()
        .chain(items.into_iter().map(item))
        .collect()
}

/// Whether an item was never answered, or comes back and has no day left for it.
fn missing(end: &Planner<'_>, m: &Material) -> bool {
    match end.recall.get(&m.id) {
        None => !end.ledger.touched.contains_key(&m.id),
        Some(recall) => recall
            .due
            .is_some_and(|due| due < end.plan.interview && !end.plan.tapers(due)),
    }
}

fn quotas(end: &Planner<'_>) -> Vec<Dropped> {
    let plan = end.plan;
    let count = |kind: ActivityKind| end.ledger.count.get(&kind).copied().unwrap_or(0);
    let shared = |area: Area| {
        plan.phases
            .iter()
            .any(|p| p.shares.get(&area).is_some_and(|s| *s > 0))
    };
    let weeks = |area: Area| weeks(end, area);
    let all = [
        (
            ActivityKind::Mock,
            Area::Mocks,
            u32::from(plan.quotas.mocks),
            "mocks",
        ),
        (
            ActivityKind::Problem,
            Area::Coding,
            u32::from(plan.quotas.problems_a_week) * weeks(Area::Coding),
            "programs",
        ),
        (
            ActivityKind::Chapter,
            Area::Fundamentals,
            u32::from(plan.quotas.chapters_a_week) * weeks(Area::Fundamentals),
            "chapters",
        ),
        (
            ActivityKind::Sketch,
            Area::Design,
            if shared(Area::Design) {
                plan.quotas.sketches.into()
            } else {
                0
            },
            "systems drawn",
        ),
    ];
    let short = all
        .into_iter()
        .filter(|(kind, _, wanted, _)| count(*kind) < *wanted);
    short
        .map(|(kind, area, wanted, name)| Dropped {
            title: format!("{} of {wanted} {name}", wanted - count(kind)),
            item: None,
            area,
            why: String::new(),
        })
        .collect()
}

/// Whole weeks in which an area has a share.
fn weeks(end: &Planner<'_>, area: Area) -> u32 {
    let has = |phase: usize| end.plan.phases[phase].shares.get(&area).is_some_and(|s| *s > 0);
    let days: i32 = end
        .stretches
        .iter()
        .filter(|s| has(s.phase))
        .map(|s| domain::plan::days_between(s.first, s.last) + 1)
        .sum();
    u32::try_from(days / 7).unwrap_or(0)
}
