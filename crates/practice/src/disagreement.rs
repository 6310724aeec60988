//! How often people overruled the grader, by how much and where: what to look at first when it is tuned.

use std::collections::BTreeMap;

use domain::{ByHand, GroupId, ItemId, Overridden, Override, Scorecard, Status, round2};
use serde::Serialize;
use store::Cursor;

use crate::{Error, Practice, import};

/// Attempts read at once.
const PAGE: u32 = 50;

/// How far people and the grader disagree over many attempts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    /// Scored attempts.
    pub attempts: usize,
    /// Those with an override in force.
    pub overridden: usize,
    /// Each group that was graded.
    pub groups: BTreeMap<GroupId, GroupDisagreement>,
    /// Criteria with an override in force, the most often overridden first.
    pub criteria: Vec<Contested>,
    /// How the figures are to be read.
    pub notes: Vec<&'static str>,
}

/// Disagreement on the criteria of one group.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct GroupDisagreement {
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
    /// From the graded status to the human's, with how many; only those that were overridden.
    pub confusion: BTreeMap<Status, BTreeMap<Status, usize>>,
}

/// Disagreement on one criterion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contested {
    /// The item whose fact it is; `None` for a criterion of delivery, which all items share.
    pub item: Option<ItemId>,
    /// Its group.
    pub group: GroupId,
    /// Its id.
    pub criterion: String,
    /// Its statement.
    pub title: String,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Counts over graded criteria.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Tally {
    /// How many were graded.
    pub graded: usize,
    /// How many of them have an override in force.
    pub overridden: usize,
    /// How many of those differ in status or points from what is graded now; replies may have caught up.
    pub changed: usize,
    /// `changed` over `graded`, 0 to 1, four decimals; `None` where nothing was graded.
    pub share_changed: Option<f64>,
    /// Mean of the points that the overrides add, negative where they take away; `None` without any.
    pub mean_points: Option<f64>,
    /// Sum of those points.
    #[serde(skip)]
    points: f64,
}

const NOTES: [&str; 2] = [
    "graded: with the replies to follow-ups applied; of several overrides of a criterion the latest counts, \
     unless it was withdrawn",
    "people override what they notice: a criterion without an override was not confirmed by anybody",
];

impl Practice {
    /// Over everything that is kept.
    ///
    /// # Errors
    /// The store fails.
    pub async fn disagreement(&self) -> Result<Disagreement, Error> {
        let store = self.store()?;
        let mut count = Count::default();
        let mut after: Option<Cursor> = None;
        loop {
            let records = store.records(after.as_ref(), PAGE).await?;
            let Some(last) = records.last().map(|record| &record.attempt) else {
                return Ok(count.report());
            };
            after = Some(Cursor {
                created_at_us: last.created_at_us,
                id: last.id.clone(),
            });
            for attempt in records.iter().map(|record| &record.attempt) {
                // What nobody overrode has to be counted, not examined: replies move no criterion in or out.
                let examined = if attempt.overrides.is_empty() {
                    attempt.scorecard.clone()
                } else {
                    let derived = self.derived(attempt).await?;
                    derived.map(|d| d.examination.scorecard.clone())
                };
                if let Some(card) = examined {
                    count.add(&attempt.item, &card, &attempt.overrides);
                }
            }
        }
    }

    /// Over the attempts of an export document; nothing of it is kept.
    ///
    /// # Errors
    /// The document is not a whole export, or something in it breaks the rules that hold for attempts.
    pub async fn disagreement_in(&self, document: &[u8]) -> Result<Disagreement, Error> {
        let (records, revisions) = import::records(document)?;
        let mut count = Count::default();
        for attempt in records.iter().map(|record| &record.attempt) {
            if let Some(derived) = self.graded(attempt, &revisions).await? {
                count.add(&attempt.item, &derived.examination.scorecard, &attempt.overrides);
            }
        }
        Ok(count.report())
    }
}

/// A criterion over attempts: facts by their item, criteria of delivery over all items.
type Key = (GroupId, Option<ItemId>, String);

/// What has been counted so far.
#[derive(Default)]
struct Count {
    attempts: usize,
    overridden: usize,
    groups: BTreeMap<GroupId, GroupDisagreement>,
    criteria: BTreeMap<Key, (String, Tally)>,
}

impl Count {
    fn add(&mut self, item: &ItemId, card: &Scorecard, log: &[Override]) {
        let with = Overridden::of(card, log);
        self.attempts += 1;
        self.overridden += usize::from(with.is_some());
        for group in card.groups.iter().filter(|group| group.assessed) {
            let of_group = self.groups.entry(group.id).or_default();
            for criterion in &group.criteria {
                let by_hand = with
                    .as_ref()
                    .and_then(|with| with.criterion(group.id, &criterion.id));
                of_group.tally.add(by_hand);
                if let Some(by_hand) = by_hand {
                    let from = of_group.confusion.entry(by_hand.graded.status).or_default();
                    *from.entry(by_hand.by_hand.status).or_default() += 1;
                }
                let item = (group.id == GroupId::Coverage).then(|| item.clone());
                let (title, tally) = self
                    .criteria
                    .entry((group.id, item, criterion.id.clone()))
                    .or_default();
                title.clone_from(&criterion.title);
                tally.add(by_hand);
            }
        }
    }

    fn report(self) -> Disagreement {
        let group = |(id, of_group): (GroupId, GroupDisagreement)| {
            let tally = of_group.tally.closed();
            (id, GroupDisagreement { tally, ..of_group })
        };
        let contested = |((group, item, criterion), (title, tally)): (Key, (String, Tally))| Contested {
            item,
            group,
            criterion,
            title,
            tally: tally.closed(),
        };
        let overridden = self
            .criteria
            .into_iter()
            .filter(|(_, (_, tally))| tally.overridden > 0);
        let mut criteria: Vec<Contested> = overridden.map(contested).collect();
        // Stable: ties stay in the order of group, item and id.
        criteria.sort_by_key(|c| std::cmp::Reverse(c.tally.overridden));
        Disagreement {
            attempts: self.attempts,
            overridden: self.overridden,
            groups: self.groups.into_iter().map(group).collect(),
            criteria,
            notes: NOTES.to_vec(),
        }
    }
}

impl Tally {
    fn add(&mut self, by_hand: Option<&ByHand>) {
        self.graded += 1;
        if let Some(by_hand) = by_hand {
            self.overridden += 1;
            self.changed += usize::from(by_hand.by_hand != by_hand.graded);
            self.points += by_hand.moved();
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of criteria lie far below 2^53")]
    fn closed(self) -> Self {
        let share = |of: usize| (self.changed as f64 / of as f64 * 1e4).round() / 1e4;
        Self {
            share_changed: (self.graded > 0).then(|| share(self.graded)),
            mean_points: (self.overridden > 0).then(|| round2(self.points / self.overridden as f64)),
            ..self
        }
    }
}
