//! Attempts over time.

use std::collections::BTreeMap;

use practice::ItemHistory;
use serde::Serialize;
use utoipa::ToSchema;

use super::instant;
use super::words::Status;

/// Everything the candidate did, item by item.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryBody {
    /// Items with a scored attempt, in id order.
    pub items: Vec<HistoryItem>,
}

/// What the candidate did of one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryItem {
    /// The item.
    pub item: String,
    /// Its title.
    pub title: String,
    /// How many scored attempts there are.
    pub attempts: u32,
    /// Highest total.
    #[schema(required)]
    pub best: Option<f64>,
    /// Total of the newest.
    #[schema(required)]
    pub last: Option<f64>,
    /// Total of the oldest.
    #[schema(required)]
    pub first: Option<f64>,
    /// The newest 50 attempts, oldest first.
    pub points: Vec<HistoryPoint>,
    /// The coverage criteria over those attempts.
    pub criteria: Vec<HistoryCriterion>,
}

/// One attempt of a history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryPoint {
    /// The attempt.
    pub attempt: String,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Total after replies, as graded.
    #[schema(required)]
    pub score: Option<f64>,
    /// Total with the last second reading merged; null without one.
    #[schema(required)]
    pub score_merged: Option<f64>,
    /// Total with the overrides in force; null without any.
    #[schema(required)]
    pub score_by_hand: Option<f64>,
    /// Coverage after replies.
    #[schema(required)]
    pub coverage: Option<f64>,
}

/// One criterion over the attempts of a history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryCriterion {
    /// The fact.
    pub id: String,
    /// Its statement, as last graded.
    pub title: String,
    /// One status for each point; `not_assessed` where that revision did not have the criterion.
    pub statuses: Vec<Status>,
}

impl From<&ItemHistory> for HistoryItem {
    fn from(history: &ItemHistory) -> Self {
        let point = |point: &practice::Point| HistoryPoint {
            attempt: point.attempt.to_string(),
            created_at: instant(point.created_at_us),
            score: point.standing.score,
            score_merged: point.standing.score_merged,
            score_by_hand: point.standing.score_by_hand,
            coverage: point.standing.coverage,
        };
        let summary = &history.summary;
        Self {
            item: summary.item.to_string(),
            title: history.title.clone(),
            attempts: summary.attempts,
            best: summary.best,
            last: summary.last,
            first: summary.first,
            points: history.points.iter().map(point).collect(),
            criteria: criteria(&history.points),
        }
    }
}

/// Criteria in the order of the newest attempt, then those that only earlier ones had.
fn criteria(points: &[practice::Point]) -> Vec<HistoryCriterion> {
    let mut rows: Vec<HistoryCriterion> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for criterion in points.iter().rev().flat_map(|point| &point.standing.criteria) {
        known.entry(&criterion.id).or_insert_with(|| {
            rows.push(HistoryCriterion {
                id: criterion.id.clone(),
                title: criterion.title.clone(),
                statuses: vec![Status(domain::Status::NotAssessed); points.len()],
            });
            rows.len() - 1
        });
    }
    for (at, point) in points.iter().enumerate() {
        for criterion in &point.standing.criteria {
            rows[known[criterion.id.as_str()]].statuses[at] = Status(criterion.status);
        }
    }
    rows
}
