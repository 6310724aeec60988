//! The dates of the phases.

use std::cmp::Reverse;

use domain::Plan;
use domain::plan::days_between;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A phase with its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// Position of its phase in the plan.
    pub phase: usize,
}

/// The phases with their dates, in order: the days before the light ones, shared in proportion by largest
/// remainder. A phase that gets no day is left out.
pub fn stretches(plan: &Plan) -> Vec<Stretch> {
    let light = i32::from(plan.pace.taper_days).min(plan.days() - 1).max(0);
    let weights: Vec<u32> = plan.phases.iter().map(|p| p.days.into()).collect();
    let days = shared(u32::try_from(plan.days() - light).unwrap_or(0), &weights);
    let mut first = plan.start;
    let mut stretches = Vec::new();
    for (phase, days) in days.into_iter().enumerate().filter(|(_, days)| *days > 0) {
        let next = first.saturating_add(i64::from(days).days());
        stretches.push(Stretch {
            first,
            last: next.saturating_sub(1.day()),
            phase,
        });
        first = next;
    }
    stretches
}

/// Position of the stretch that holds a date.
pub(super) fn of(stretches: &[Stretch], date: Date) -> Option<usize> {
    stretches.iter().position(|s| s.first <= date && date <= s.last)
}

/// The week of the plan that holds a date, from 0.
pub(super) fn week(plan: &Plan, date: Date) -> i32 {
    days_between(plan.start, date).div_euclid(7)
}

/// `total` in whole parts, in proportion to the weights, by largest remainder; ties go to the first.
fn shared(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().copied().map(u64::from).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: &u32| u64::from(total) * u64::from(*weight);
    // Each part is below `total`.
    let mut parts: Vec<u32> = weights
        .iter()
        .map(|weight| u32::try_from(exact(weight) / sum).unwrap_or(u32::MAX))
        .collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (Reverse(exact(&weights[*at]) % sum), *at));
    let left = total - parts.iter().sum::<u32>();
    for at in order.into_iter().take(left as usize) {
        parts[at] += 1;
    }
    parts
}
