//! What a human says against the grading, beside what was graded.

use domain::{Overridden, Ruling};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::scorecard::band;
use super::words::{Band, GroupId, Status};

/// What a criterion should be: `status` for a fact of coverage, `share` for a criterion of delivery.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverride {
    /// Coverage: met, partial, mentioned, missed or contradicted.
    #[schema(nullable = false)]
    pub status: Option<Status>,
    /// Delivery: how much of the points, in percent.
    #[schema(nullable = false, minimum = 0, maximum = 100)]
    pub share: Option<u32>,
    /// Why: what the new value rests on. Not only white space.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// An override in force: both values of one criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverrideBody {
    /// The group.
    pub group: GroupId,
    /// The criterion's id within the group.
    pub criterion: String,
    /// What was found before: by the grader, with the replies and the second reading applied.
    pub graded: FindingBody,
    /// What the human says.
    pub by_hand: FindingBody,
    /// Delivery: the share of the points that the human gave, in percent; null for coverage.
    #[schema(required)]
    pub share: Option<u8>,
    /// Points possible.
    pub out_of: f64,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// What was found of a criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingBody {
    /// The status.
    pub status: Status,
    /// Its points.
    pub points: f64,
}

/// What the overrides in force make of the scores.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithOverridesBody {
    /// Total, 0 to 100.
    #[schema(required)]
    pub score: Option<f64>,
    /// The word for the score.
    #[schema(required)]
    pub band: Option<Band>,
    /// Every group.
    pub groups: Vec<GroupScoreBody>,
}

/// The score of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupScoreBody {
    /// The group.
    pub id: GroupId,
    /// 0 to 100; null when not assessed.
    #[schema(required)]
    pub score: Option<f64>,
    /// The word for the score.
    #[schema(required)]
    pub band: Option<Band>,
}

impl NewOverride {
    /// The ruling, when exactly one value is given.
    pub(crate) fn ruling(&self) -> Result<Ruling, &'static str> {
        match (self.status, self.share) {
            (Some(status), None) => Ok(Ruling::Status(status.0)),
            // What does not fit a byte is out of bounds all the same, and refused with the others.
            (None, Some(share)) => Ok(Ruling::Share(u8::try_from(share).unwrap_or(u8::MAX))),
            _ => Err("needs exactly one of `status` (for coverage) and `share` (for delivery)"),
        }
    }
}

impl OverrideBody {
    pub(crate) fn all(with: &Overridden) -> Vec<Self> {
        let finding = |finding: domain::Finding| FindingBody {
            status: finding.status.into(),
            points: finding.points,
        };
        let body = |c: &domain::ByHand| Self {
            group: c.group.into(),
            criterion: c.criterion.clone(),
            graded: finding(c.graded),
            by_hand: finding(c.by_hand),
            share: match c.ruling {
                Ruling::Share(percent) => Some(percent),
                Ruling::Status(_) | Ruling::Withdrawn(_) => None,
            },
            out_of: c.out_of,
            reason: c.reason.clone(),
            created_at: instant(c.created_at_us),
        };
        with.criteria.iter().map(body).collect()
    }
}

impl From<&Overridden> for WithOverridesBody {
    fn from(with: &Overridden) -> Self {
        let group = |(id, score): &(domain::GroupId, Option<f64>)| GroupScoreBody {
            id: (*id).into(),
            score: *score,
            band: band(*score),
        };
        Self {
            score: with.score,
            band: band(with.score),
            groups: with.groups.iter().map(group).collect(),
        }
    }
}
