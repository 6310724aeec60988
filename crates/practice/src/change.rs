//! What a second try changed.

use std::collections::BTreeMap;

use domain::{Attempt, AttemptId, Criterion, GroupId, Scorecard, Status, round2};

/// The difference of two answers to one item. Both are taken alone, before any follow-up: what the
/// interviewer drew out of the candidate last time is no merit or fault of the new words.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The earlier attempt.
    pub previous: AttemptId,
    /// Change of the total in points of 100; `None` when either was void.
    pub score: Option<f64>,
    /// Criteria whose finding or points differ, in the order of the scorecard.
    pub criteria: Vec<Moved>,
}

/// A criterion that moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Its group.
    pub group: GroupId,
    /// Its id.
    pub id: String,
    /// Its statement.
    pub title: String,
    /// What was found before.
    pub from: Status,
    /// What was found now.
    pub to: Status,
    /// Change in its points.
    pub points: f64,
}

impl Change {
    /// From `before` to `after`.
    pub(crate) fn between(before: &Attempt, after: &Attempt) -> Self {
        let cards = before.scorecard.as_ref().zip(after.scorecard.as_ref());
        let scores = cards.and_then(|(old, new)| old.score().zip(new.score()));
        Self {
            previous: before.id.clone(),
            score: scores.map(|(old, new)| round2(new - old)),
            criteria: cards.map(|(old, new)| moved(old, new)).unwrap_or_default(),
        }
    }
}

/// Criteria that only one of the two has (another revision) are left out: they cannot be compared.
fn moved(old: &Scorecard, new: &Scorecard) -> Vec<Moved> {
    let criteria = |card: &Scorecard| -> Vec<(GroupId, Criterion)> {
        let of = |group: &domain::Group| {
            group
                .criteria
                .iter()
                .map(|c| (group.id, c.clone()))
                .collect::<Vec<_>>()
        };
        card.groups.iter().flat_map(of).collect()
    };
    let before: BTreeMap<_, _> = criteria(old)
        .into_iter()
        .map(|(g, c)| ((g, c.id.clone()), c))
        .collect();
    let compare = |(group, now): (GroupId, Criterion)| {
        let then = before.get(&(group, now.id.clone()))?;
        let points = round2(now.points - then.points);
        (then.status != now.status || points != 0.0).then_some(Moved {
            group,
            id: now.id,
            title: now.title,
            from: then.status,
            to: now.status,
            points,
        })
    };
    criteria(new).into_iter().filter_map(compare).collect()
}
