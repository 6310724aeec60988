//! How the minutes of each phase are shared: done, and as planned ahead.

use domain::{Area, Plan};
use jiff::civil::Date;

use super::ledger::Ledger;
use super::phases::Stretch;
use super::{Day, Known, next, stretches};

/// One phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseBalance {
    /// Its dates and its position in the plan.
    pub stretch: Stretch,
    /// Its areas, largest share first.
    pub areas: Vec<AreaBalance>,
    /// Minutes beside the shares, done and ahead.
    pub beside: u32,
}

/// One area of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaBalance {
    /// The area.
    pub area: Area,
    /// Percent that it should have.
    pub share: u8,
    /// Minutes done.
    pub done: u32,
    /// Minutes planned from here on.
    pub ahead: u32,
}

impl PhaseBalance {
    /// Percent of the shared minutes, done and ahead, that an area has; `None` when there are none.
    pub fn percent(&self, area: Area) -> Option<f64> {
        let minutes = |a: &AreaBalance| f64::from(a.done + a.ahead);
        let total: f64 = self.areas.iter().map(minutes).sum();
        let own = self.areas.iter().find(|a| a.area == area).map(minutes)?;
        (total > 0.0).then(|| 100.0 * own / total)
    }
}

pub(super) fn balance(
    plan: &Plan,
    known: &Known,
    today: Date,
    list: &Day,
    ahead: &[Day],
) -> Vec<PhaseBalance> {
    let stretches = stretches(plan);
    let done = Ledger::before(plan, known, &stretches, next(today));
    let mut planned = Ledger::default();
    let open = list.activities.iter().filter(|a| !a.done).map(|a| (list.date, a));
    let later = ahead
        .iter()
        .flat_map(|day| day.activities.iter().map(|a| (day.date, a)));
    for (date, activity) in open.chain(later) {
        planned.count(plan, known, &stretches, date, activity);
    }
    let minutes = |ledger: &Ledger, at, area| ledger.shared.get(&(at, area)).copied().unwrap_or(0);
    let beside = |ledger: &Ledger, at| ledger.beside.get(&at).copied().unwrap_or(0);
    let of = |(at, stretch): (usize, &Stretch)| {
        let mut areas: Vec<AreaBalance> = plan.phases[stretch.phase]
            .shares
            .iter()
            .filter(|(_, share)| **share > 0)
            .map(|(area, share)| AreaBalance {
                area: *area,
                share: *share,
                done: minutes(&done, at, *area),
                ahead: minutes(&planned, at, *area),
            })
            .collect();
        areas.sort_by_key(|a| (std::cmp::Reverse(a.share), a.area));
        PhaseBalance {
            stretch: *stretch,
            areas,
            beside: beside(&done, at) + beside(&planned, at),
        }
    };
    stretches.iter().enumerate().map(of).collect()
}
