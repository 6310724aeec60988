//! What follows from the criteria of a scorecard: shares, bounds, the one fix. The same sums as in the
//! offline grader, which this crate must not see.

use domain::{Criterion, Fix, Interval, Scorecard, Status, round2};

/// The share of its weight that a status earns.
pub(crate) fn share(status: Status) -> f64 {
    match status {
        Status::Met => 1.0,
        Status::Partial => 0.5,
        Status::Mentioned => 0.25,
        Status::Prompted => 0.4,
        Status::Contradicted => -0.5,
        Status::Missed | Status::NotAssessed => 0.0,
    }
}

/// Points when each mention earns this share of its weight.
pub(crate) fn points(criteria: &[Criterion], mention: f64) -> f64 {
    let points = criteria.iter().map(|c| match c.status {
        Status::Mentioned => mention * c.out_of,
        _ => c.points,
    });
    points.sum()
}

pub(crate) fn out_of(criteria: &[Criterion]) -> f64 {
    criteria.iter().map(|c| c.out_of).sum()
}

/// Coverage between what is confirmed and what holds if every mention is taken as right.
pub(crate) fn interval(criteria: &[Criterion]) -> Interval {
    let out_of = out_of(criteria);
    let bound = |mention: f64| {
        if out_of > 0.0 {
            round2((100.0 * points(criteria, mention) / out_of).clamp(0.0, 100.0))
        } else {
            0.0
        }
    };
    Interval {
        low: bound(0.0),
        high: bound(1.0),
    }
}

/// The change worth most points of the total.
pub(crate) fn next(scorecard: &Scorecard) -> Option<Fix> {
    let assessed = || scorecard.groups.iter().filter(|g| g.assessed);
    let total: f64 = assessed().map(|g| f64::from(g.weight)).sum();
    let mut best: Option<Fix> = None;
    for group in assessed().filter(|_| total > 0.0) {
        let out_of = out_of(&group.criteria);
        for c in group
            .criteria
            .iter()
            .filter(|c| !c.tip.is_empty() && out_of > 0.0)
        {
            let worth = round2(100.0 * f64::from(group.weight) / total * (c.out_of - c.points) / out_of);
            if worth > best.as_ref().map_or(0.0, |fix| fix.worth) {
                best = Some(Fix {
                    change: c.tip.clone(),
                    criterion: c.id.clone(),
                    worth,
                });
            }
        }
    }
    best
}
