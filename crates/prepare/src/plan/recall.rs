//! What stays of each item: which facts were missed and not met since, and when they come back.

use std::collections::BTreeMap;

use domain::{ItemId, Plan, Status};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Known, Material, Missed, Tried};

/// What stays of one item.
#[derive(Debug, Clone, Default)]
pub(super) struct Recall {
    /// The last day on which it was answered.
    pub(super) last: Option<Date>,
    /// Facts that are not met, worst first.
    pub(super) open: Vec<Missed>,
    /// When the facts that every answer needs come back.
    pub(super) due: Option<Date>,
    /// Days until they come back again, should nothing be measured in between.
    pub(super) gap: u8,
}

/// What stays of every item that was answered before `until`.
pub(super) fn recall(plan: &Plan, known: &Known, until: Date) -> BTreeMap<ItemId, Recall> {
    let mut tries: BTreeMap<&ItemId, Vec<&Tried>> = BTreeMap::new();
    for tried in known.tried.iter().filter(|tried| tried.date < until) {
        tries.entry(&tried.item).or_default().push(tried);
    }
    let own = |m: &Material| {
        tries
            .get(&m.id)
            .map(|tries| (m.id.clone(), of_item(plan, m, tries)))
    };
    known.materials.iter().filter_map(own).collect()
}

fn of_item(plan: &Plan, material: &Material, tries: &[&Tried]) -> Recall {
    let mut recall = Recall {
        last: tries.last().map(|tried| tried.date),
        ..Recall::default()
    };
    for point in &material.points {
        let Some((tried, status, misses)) = standing(&point.id, tries) else {
            continue;
        };
        let must = point.must && point.level <= plan.level;
        if must && misses > 0 {
            let step = usize::min(misses, plan.pace.retry_days.len()) - 1;
            let gap = plan.pace.retry_days[step];
            let due = tried.date.saturating_add(i64::from(gap).days());
            if recall.due.is_none_or(|before| due < before) {
                (recall.due, recall.gap) = (Some(due), gap);
            }
        }
        if misses > 0 || status != Status::Met {
            recall.open.push(Missed {
                id: point.id.clone(),
                claim: point.claim.clone(),
                must,
                status,
                date: tried.date,
                attempt: tried.attempt.clone(),
            });
        }
    }
    recall.open.sort_by_key(|open| (!open.must, rank(open.status)));
    recall
}

/// The last try that assessed a fact, what it found, and on how many days the fact was not met since it was
/// first missed; 0 when it was not missed since it was last met.
fn standing<'a>(fact: &str, tries: &[&'a Tried]) -> Option<(&'a Tried, Status, usize)> {
    let mut last: Option<(&Tried, Status)> = None;
    let mut misses = 0;
    let mut counted: Option<Date> = None;
    for tried in tries {
        let found = tried.facts.iter().find(|(id, _)| id == fact);
        let Some((_, status)) = found.filter(|(_, status)| *status != Status::NotAssessed) else {
            continue;
        };
        last = Some((tried, *status));
        match status {
            Status::Met => (misses, counted) = (0, None),
            // Several tries of one day are one: the next day shows whether it stayed.
            _ if counted == Some(tried.date) => {}
            Status::Missed | Status::Contradicted => (misses, counted) = (misses + 1, Some(tried.date)),
            _ if misses > 0 => (misses, counted) = (misses + 1, Some(tried.date)),
            _ => {}
        }
    }
    last.map(|(tried, status)| (tried, status, misses))
}

/// Worst first.
pub(super) fn rank(status: Status) -> u8 {
    match status {
        Status::Contradicted => 0,
        Status::Missed => 1,
        Status::Prompted => 2,
        Status::Mentioned => 3,
        Status::Partial => 4,
        Status::NotAssessed => 5,
        Status::Met => 6,
    }
}
