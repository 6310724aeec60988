//! A human's word against the grader's: overrides lie beside a scorecard and never change it.
//!
//! They form a log: the latest entry of a criterion counts, a withdrawal is an entry too, and nothing is
//! ever taken out of it. What the human's values amount to is derived by [`Overridden::of`] and stands
//! beside what was graded. Evidence or nothing holds here as well: what a human gives rests on their reason.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Criterion, GroupId, Scorecard, Status, round2};

/// Longest reason, in characters: a paragraph.
pub const MAX_REASON_CHARS: usize = 500;

/// Most entries in the log of one attempt, withdrawals included: each of some forty criteria a dozen
/// times. It bounds what an attempt can grow to.
pub const MAX_OVERRIDES: usize = 500;

/// One entry of the log: what a human says of one criterion. A document on disk: change it only by addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The group of the criterion.
    pub group: GroupId,
    /// [`Criterion::id`] within that group.
    pub criterion: String,
    /// What it should be.
    #[serde(flatten)]
    pub ruling: Ruling,
    /// Why, in 1 to [`MAX_REASON_CHARS`] characters; a withdrawal may leave it empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When, in microseconds since the Unix epoch, given by the caller.
    pub created_at_us: i64,
}

/// What a human says a criterion should be; exactly one of these keys is present in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Coverage: one of [`Ruling::STATUSES`].
    Status(Status),
    /// Delivery: how much of the points, in percent, 0 to 100.
    Share(u8),
    /// The override before it no longer counts: the graded finding stands alone again. Only `true`.
    Withdrawn(bool),
}

impl Ruling {
    /// What a human can say of a fact. The others are not theirs to give: `prompted` is for what the
    /// interviewer drew out, `not_assessed` for what nobody looked at.
    pub const STATUSES: [Status; 5] = [
        Status::Met,
        Status::Partial,
        Status::Mentioned,
        Status::Missed,
        Status::Contradicted,
    ];

    /// What a criterion amounts to under this ruling; `None` for a withdrawal.
    fn finding(self, criterion: &Criterion) -> Option<Finding> {
        let (status, share) = match self {
            Self::Status(status) => (status, status.share()),
            Self::Share(percent) => {
                let share = f64::from(percent) / 100.0;
                (Status::of_share(share), share)
            }
            Self::Withdrawn(_) => return None,
        };
        Some(Finding {
            status,
            points: round2(criterion.out_of * share),
        })
    }
}

impl Status {
    /// The word for a share of the points of a delivery criterion, 0 to 1.
    pub fn of_share(share: f64) -> Self {
        match share {
            s if s >= 0.75 => Self::Met,
            s if s >= 0.25 => Self::Partial,
            _ => Self::Missed,
        }
    }
}

/// What was found of a criterion, by a grader or a human.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The status.
    pub status: Status,
    /// Its points.
    pub points: f64,
}

impl Finding {
    fn graded(criterion: &Criterion) -> Self {
        Self {
            status: criterion.status,
            points: criterion.points,
        }
    }
}

/// One criterion with both values.
#[derive(Debug, Clone, PartialEq)]
pub struct ByHand {
    /// Its group.
    pub group: GroupId,
    /// Its id.
    pub criterion: String,
    /// Its statement.
    pub title: String,
    /// Points possible.
    pub out_of: f64,
    /// What the grader found.
    pub graded: Finding,
    /// What the human says.
    pub by_hand: Finding,
    /// How they said it.
    pub ruling: Ruling,
    /// The human's reason: what their points rest on.
    pub reason: String,
    /// When, in microseconds since the Unix epoch.
    pub created_at_us: i64,
}

impl ByHand {
    /// Points that the human's value adds; negative when it takes some away.
    pub fn moved(&self) -> f64 {
        round2(self.by_hand.points - self.graded.points)
    }
}

/// What the overrides in force make of a scorecard. It stands beside the graded one, never in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Overridden {
    /// Total with the human's values, 0 to 100; `None` when no group is assessed.
    pub score: Option<f64>,
    /// Score of each group with the human's values, in the order of the scorecard.
    pub groups: Vec<(GroupId, Option<f64>)>,
    /// The overridden criteria, in the order of the scorecard.
    pub criteria: Vec<ByHand>,
}

impl Overridden {
    /// Applies the log to `card`; `None` when no override is in force.
    pub fn of(card: &Scorecard, log: &[Override]) -> Option<Self> {
        let latest: BTreeMap<(GroupId, &str), &Override> = log
            .iter()
            .map(|entry| ((entry.group, entry.criterion.as_str()), entry))
            .collect();
        let mut with = card.clone();
        let mut criteria = Vec::new();
        for group in &mut with.groups {
            for criterion in &mut group.criteria {
                let entry = latest.get(&(group.id, criterion.id.as_str()));
                let Some((entry, by_hand)) = entry.and_then(|e| Some((e, e.ruling.finding(criterion)?)))
                else {
                    continue;
                };
                criteria.push(ByHand {
                    group: group.id,
                    criterion: criterion.id.clone(),
                    title: criterion.title.clone(),
                    out_of: criterion.out_of,
                    graded: Finding::graded(criterion),
                    by_hand,
                    ruling: entry.ruling,
                    reason: entry.reason.clone(),
                    created_at_us: entry.created_at_us,
                });
                criterion.points = by_hand.points;
            }
        }
        (!criteria.is_empty()).then(|| Self {
            score: with.score(),
            groups: with.groups.iter().map(|g| (g.id, g.score())).collect(),
            criteria,
        })
    }

    /// The override in force on a criterion.
    pub fn criterion(&self, group: GroupId, id: &str) -> Option<&ByHand> {
        self.criteria
            .iter()
            .find(|c| c.group == group && c.criterion == id)
    }

    /// The score of a group with the human's values; `None` when it is not assessed.
    pub fn group(&self, id: GroupId) -> Option<f64> {
        self.groups
            .iter()
            .find(|(g, _)| *g == id)
            .and_then(|(_, score)| *score)
    }
}

/// Why an override is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverrideError {
    /// The scorecard has no such criterion.
    NoCriterion {
        /// The group that was named.
        group: GroupId,
        /// The criterion that was named.
        criterion: String,
    },
    /// Its group was not assessed: there is no finding to disagree with.
    NotAssessed {
        /// The group.
        group: GroupId,
    },
    /// A value outside its bounds.
    Field {
        /// The field.
        field: &'static str,
        /// What must hold.
        rule: String,
    },
}

impl Override {
    /// Checks what holds of every override of a criterion of `card`.
    ///
    /// # Errors
    /// Names the rule that was broken.
    pub fn check(&self, card: &Scorecard) -> Result<(), OverrideError> {
        let missing = || OverrideError::NoCriterion {
            group: self.group,
            criterion: self.criterion.clone(),
        };
        let group = card.group(self.group).ok_or_else(missing)?;
        if !group.criteria.iter().any(|c| c.id == self.criterion) {
            return Err(missing());
        }
        if !group.assessed {
            return Err(OverrideError::NotAssessed { group: self.group });
        }
        self.check_ruling()?;
        self.check_reason()
    }

    fn check_ruling(&self) -> Result<(), OverrideError> {
        let coverage = self.group == GroupId::Coverage;
        let (field, rule) = match self.ruling {
            Ruling::Status(status) if coverage && Ruling::STATUSES.contains(&status) => return Ok(()),
            Ruling::Share(0..=100) if !coverage => return Ok(()),
            Ruling::Withdrawn(true) => return Ok(()),
            Ruling::Status(_) if coverage => ("status", statuses()),
            Ruling::Status(_) => (
                "status",
                format!(
                    "is for facts of coverage; say how much of its points a criterion of {} should \
                     have, with `share`, in percent",
                    self.group
                ),
            ),
            Ruling::Share(_) if coverage => (
                "share",
                format!(
                    "is for criteria of delivery; say what a fact should be, with `status`, which {}",
                    statuses()
                ),
            ),
            Ruling::Share(_) => ("share", "must be 0 to 100, in percent".to_owned()),
            Ruling::Withdrawn(false) => ("withdrawn", "can only be `true`".to_owned()),
        };
        Err(OverrideError::Field { field, rule })
    }

    fn check_reason(&self) -> Result<(), OverrideError> {
        let chars = self.reason.chars().count();
        let rule = if chars > MAX_REASON_CHARS {
            format!("has {chars} characters, the limit is {MAX_REASON_CHARS}")
        } else if self.reason.contains('\0') {
            "has a NUL character: remove it".to_owned()
        } else if self.reason.trim().is_empty() && !matches!(self.ruling, Ruling::Withdrawn(_)) {
            format!(
                "is empty: say why in 1 to {MAX_REASON_CHARS} characters, it is what the new value rests on"
            )
        } else {
            return Ok(());
        };
        Err(OverrideError::Field {
            field: "reason",
            rule,
        })
    }
}

fn statuses() -> String {
    format!(
        "must be one of {}",
        Ruling::STATUSES.map(Status::as_str).join(", ")
    )
}

impl fmt::Display for OverrideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCriterion { group, criterion } => {
                // A name that does not exist is echoed in part: it can be of any length.
                let name: String = criterion.chars().take(64).collect();
                write!(f, "the scorecard has no criterion `{name}` in `{group}`")
            }
            Self::NotAssessed { group } => write!(
                f,
                "`{group}` was not assessed: only what was graded can be overridden"
            ),
            Self::Field { field, rule } => write!(f, "`{field}` {rule}"),
        }
    }
}

impl std::error::Error for OverrideError {}

#[cfg(test)]
mod tests;
