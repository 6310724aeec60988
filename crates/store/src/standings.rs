//! Where attempts stand after their replies: small derived rows that lists, summaries and history
//! read, so that none of them has to grade.

use domain::{AttemptId, GroupId, ItemId, Overridden, Override, Scorecard, Status};
use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction};

use crate::error::Error;
use crate::open::Store;
use crate::rows::{self, get};

/// Where a scored attempt stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Total as graded, 0 to 100.
    pub score: Option<f64>,
    /// Total with the last reading merged; `None` without one.
    pub score_merged: Option<f64>,
    /// Total with the overrides in force; `None` without any.
    pub score_by_hand: Option<f64>,
    /// Coverage as graded, 0 to 100.
    pub coverage: Option<f64>,
    /// The coverage criteria.
    pub criteria: Vec<CriterionStatus>,
}

/// One coverage criterion of a standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionStatus {
    /// The fact.
    pub id: String,
    /// Its statement.
    pub title: String,
    /// What was found of it.
    pub status: Status,
}

impl Standing {
    /// The standing that a scorecard with its replies applied, the same with the last reading merged, and
    /// the log of overrides amount to.
    pub fn of(card: &Scorecard, merged: Option<&Scorecard>, log: &[Override]) -> Self {
        let coverage = card.group(GroupId::Coverage);
        let criteria = coverage.iter().flat_map(|group| &group.criteria);
        Self {
            score: card.score(),
            score_merged: merged.and_then(Scorecard::score),
            score_by_hand: Overridden::of(merged.unwrap_or(card), log).and_then(|with| with.score),
            coverage: coverage.and_then(domain::Group::score),
            criteria: criteria
                .map(|c| CriterionStatus {
                    id: c.id.clone(),
                    title: c.title.clone(),
                    status: c.status,
                })
                .collect(),
        }
    }
}

/// What all scored attempts at one item amount to.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The item.
    pub item: ItemId,
    /// How many scored attempts there are.
    pub attempts: u32,
    /// Highest total.
    pub best: Option<f64>,
    /// Total of the newest.
    pub last: Option<f64>,
    /// Total of the oldest.
    pub first: Option<f64>,
}

/// One scored attempt in the history of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The item.
    pub item: ItemId,
    /// The attempt.
    pub attempt: AttemptId,
    /// Microseconds since the Unix epoch.
    pub created_at_us: i64,
    /// Where it stands.
    pub standing: Standing,
}

impl Store {
    /// The summary of every item that has a scored attempt, in item order.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn summaries(&self) -> Result<Vec<Summary>, Error> {
        let rows = sqlx::query(
            "WITH ranked AS (SELECT a.item, s.score, \
               ROW_NUMBER() OVER (PARTITION BY a.item ORDER BY a.created_at DESC, a.id DESC) AS newest, \
               ROW_NUMBER() OVER (PARTITION BY a.item ORDER BY a.created_at, a.id) AS oldest \
               FROM attempt a JOIN standing s ON s.attempt = a.id) \
             SELECT item, COUNT(*) AS attempts, MAX(score) AS best, \
               MAX(CASE WHEN newest = 1 THEN score END) AS last, \
               MAX(CASE WHEN oldest = 1 THEN score END) AS first \
             FROM ranked GROUP BY item ORDER BY item",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(Error::read("the summaries"))?;
        let decode = |row| {
            let item: String = get(row, "item", || "summary".to_owned())?;
            let name = || format!("summary of `{item}`");
            Ok(Summary {
                item: rows::parse(&item, name)?,
                attempts: rows::count(get(row, "attempts", name)?, name)?,
                best: get(row, "best", name)?,
                last: get(row, "last", name)?,
                first: get(row, "first", name)?,
            })
        };
        rows.iter().map(decode).collect()
    }

    /// The newest `per_item` scored attempts of every item, in item order and oldest first within one.
    ///
    /// # Errors
    /// The file cannot be read, or a row is damaged.
    pub async fn history(&self, per_item: u32) -> Result<Vec<Point>, Error> {
        let rows = sqlx::query(
            "WITH ranked AS (SELECT a.item, a.id, a.created_at, s.score, s.score_merged, s.score_by_hand, s.coverage, \
               s.criteria, \
               ROW_NUMBER() OVER (PARTITION BY a.item ORDER BY a.created_at DESC, a.id DESC) AS newest \
               FROM attempt a JOIN standing s ON s.attempt = a.id) \
             SELECT item, id, created_at, score, score_merged, score_by_hand, coverage, criteria FROM ranked \
             WHERE newest <= $1 ORDER BY item, created_at, id",
        )
        .bind(per_item)
        .fetch_all(&self.readers)
        .await
        .map_err(Error::read("the history"))?;
        let decode = |row| {
            let id: String = get(row, "id", || "standing".to_owned())?;
            let name = || format!("standing of attempt `{id}`");
            Ok(Point {
                item: rows::parse(&get::<String>(row, "item", name)?, name)?,
                attempt: rows::parse(&id, name)?,
                created_at_us: get(row, "created_at", name)?,
                standing: Standing {
                    score: get(row, "score", name)?,
                    score_merged: get(row, "score_merged", name)?,
                    score_by_hand: get(row, "score_by_hand", name)?,
                    coverage: get(row, "coverage", name)?,
                    criteria: rows::document(&get::<String>(row, "criteria", name)?, name)?,
                },
            })
        };
        rows.iter().map(decode).collect()
    }
}

/// Writes the standing of an attempt in the transaction that changes what it derives from.
pub(crate) async fn upsert(
    tx: &mut Transaction<'_, Sqlite>,
    attempt: &AttemptId,
    standing: &Standing,
) -> Result<(), Error> {
    let name = || format!("standing of attempt `{attempt}`");
    sqlx::query(
        "INSERT INTO standing (attempt, score, score_merged, score_by_hand, coverage, criteria) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (attempt) DO UPDATE SET score = excluded.score, score_merged = excluded.score_merged, \
         score_by_hand = excluded.score_by_hand, \
         coverage = excluded.coverage, criteria = excluded.criteria",
    )
    .bind(attempt.as_str())
    .bind(standing.score)
    .bind(standing.score_merged)
    .bind(standing.score_by_hand)
    .bind(standing.coverage)
    .bind(rows::to_json(&standing.criteria, name)?)
    .execute(&mut **tx)
    .await
    .map_err(Error::write(name()))?;
    Ok(())
}
