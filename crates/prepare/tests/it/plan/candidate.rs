//! Candidates: which days they practise, how long they can, and how well they answer.

use std::collections::BTreeMap;

use domain::{ActivityKind, ItemId, Plan, PlanEntry, Status};
use jiff::ToSpan as _;
use jiff::civil::Date;
use prepare::plan::{Day, Known, Outlook, Tried, outlook};

use super::bank;

/// Somebody who lives through a plan.
pub(super) struct Candidate {
    pub(super) plan: Plan,
    /// Whether they practise on the day of that number.
    pub(super) practises: fn(i32) -> bool,
    /// What is found of a fact, by the item's number, the fact's, and how often the item was answered before.
    pub(super) answers: fn(usize, usize, usize) -> Status,
    /// The interview moves to another date on the day of that number.
    pub(super) moved: Option<(i32, Date)>,
}

/// What came of it.
pub(super) struct Lived {
    /// The plan as it was in the end.
    pub(super) plan: Plan,
    /// How the plan stood on each day.
    pub(super) outlooks: Vec<Outlook>,
    pub(super) known: Known,
}

pub(super) fn always(_: i32) -> bool {
    true
}

pub(super) fn perfect(_: usize, _: usize, _: usize) -> Status {
    Status::Met
}

/// Misses a needed fact of every other item twice, of every sixth four times, and some of the rest for good.
pub(super) fn failing(item: usize, point: usize, before: usize) -> Status {
    let misses = match (item % 6, point) {
        (0, 0) => 4,
        (2 | 4, 1) => 2,
        (_, 3) => 99,
        _ => 0,
    };
    match (before < misses, point) {
        (false, _) => Status::Met,
        (true, 1) => Status::Contradicted,
        (true, 3) => Status::Mentioned,
        (true, _) => Status::Missed,
    }
}

impl Candidate {
    pub(super) fn live(&self) -> Lived {
        let mut plan = self.plan.clone();
        let mut known = Known {
            materials: bank(),
            ..Known::default()
        };
        let number: BTreeMap<ItemId, usize> = known
            .materials
            .iter()
            .enumerate()
            .map(|(n, m)| (m.id.clone(), n))
            .collect();
        let mut outlooks = Vec::new();
        for n in 0.. {
            if let Some((_, interview)) = self.moved.filter(|(day, _)| *day == n) {
                plan.interview = interview;
            }
            let date = plan.start.saturating_add(i64::from(n).days());
            if date >= plan.interview {
                break;
            }
            let seen = outlook(&plan, &known, date);
            if (self.practises)(n) {
                self.practise(&mut known, &number, &seen.today);
            }
            outlooks.push(seen);
        }
        Lived {
            plan,
            outlooks,
            known,
        }
    }

    /// Does the whole list: items are answered, the rest is ticked.
    fn practise(&self, known: &mut Known, number: &BTreeMap<ItemId, usize>, day: &Day) {
        for activity in &day.activities {
            let answered = matches!(
                activity.kind,
                ActivityKind::Practise | ActivityKind::Retry | ActivityKind::Again
            );
            let Some(item) = activity.item.as_ref().filter(|_| answered) else {
                known.log.push(PlanEntry::Done {
                    date: day.date,
                    activity: activity.id.clone(),
                    kind: activity.kind,
                    area: activity.area,
                    beside: activity.beside,
                    minutes: activity.minutes,
                });
                continue;
            };
            let before = known.tried.iter().filter(|tried| tried.item == *item).count();
            let fact = |point: usize| {
                (
                    format!("point-{point}"),
                    (self.answers)(number[item], point, before),
                )
            };
            known.tried.push(Tried {
                attempt: format!("{:026}", known.tried.len()).parse().unwrap(),
                item: item.clone(),
                date: day.date,
                facts: (0..5).map(fact).collect(),
            });
        }
    }
}

impl Lived {
    /// Every list of a day, as it was worked through or passed by.
    pub(super) fn days(&self) -> impl Iterator<Item = &Day> {
        self.outlooks.iter().map(|outlook| &outlook.today)
    }
}
