//! Attempts over time, item by item, and drafts.

use domain::ItemId;
use store::{Draft, Point, Summary};

use crate::items::rubric;
use crate::submit::check_elapsed;
use crate::{Error, Practice};

/// Attempts of one item that its history shows: enough for a curve, and it bounds the page however
/// long somebody practises. Counts, best and first cover all of them.
const POINTS_PER_ITEM: u32 = 50;

/// What the candidate did of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemHistory {
    /// Title of the item.
    pub title: String,
    /// All scored attempts summed up.
    pub summary: Summary,
    /// The newest scored attempts, oldest first.
    pub points: Vec<Point>,
}

impl Practice {
    /// Every item with a scored attempt, in id order.
    ///
    /// # Errors
    /// The store fails.
    pub async fn history(&self) -> Result<Vec<ItemHistory>, Error> {
        let mut points = self
            .store()?
            .history(POINTS_PER_ITEM)
            .await?
            .into_iter()
            .peekable();
        let summaries = self.summaries().await?;
        let mut items = Vec::with_capacity(summaries.len());
        for summary in summaries.values() {
            let mut own = Vec::new();
            // Both lists are in item order; an item that only one of them has was written in between.
            while let Some(point) = points.next_if(|point| point.item <= summary.item) {
                if point.item == summary.item {
                    own.push(point);
                }
            }
            items.push(ItemHistory {
                title: self.title(&summary.item),
                summary: summary.clone(),
                points: own,
            });
        }
        Ok(items)
    }

    /// The unsent text of an item.
    ///
    /// # Errors
    /// The item has none, or the store fails.
    pub async fn draft(&self, item: &ItemId) -> Result<Draft, Error> {
        let draft = self.store()?.draft(item).await?;
        draft.ok_or_else(|| Error::DraftNotFound { item: item.clone() })
    }

    /// Keeps the unsent text of an item.
    ///
    /// # Errors
    /// The item is unknown, the text is too long, or the store fails.
    pub async fn put_draft(
        &self,
        item: &ItemId,
        text: String,
        elapsed_ms: Option<i64>,
        now_us: i64,
    ) -> Result<Draft, Error> {
        self.find_item(item)?;
        check_elapsed(elapsed_ms)?;
        let limit = domain::MAX_ANSWER_BYTES;
        if text.len() > limit {
            let rule = format!("has {} bytes, the limit is {limit}", text.len());
            return Err(Error::Field { field: "text", rule });
        }
        if text.contains('\0') {
            let rule = "has a NUL character: remove it".to_owned();
            return Err(Error::Field { field: "text", rule });
        }
        let draft = Draft {
            item: item.clone(),
            text,
            elapsed_ms,
            updated_at_us: now_us,
        };
        self.store()?.put_draft(&draft).await?;
        self.warm(item);
        Ok(draft)
    }

    /// Prepares the grader while the candidate still types: half a second that the first answer to an item
    /// would otherwise take longer. Gives way when the machine is busy.
    fn warm(&self, id: &ItemId) {
        let Some(item) = self.bank().item(id) else { return };
        if item.answer().is_none() || !self.0.graders.is_cold(id, &item.revision) {
            return;
        }
        let (practice, id) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let inner = practice.clone();
            let prepare = move || {
                let item = inner.find_item(&id)?;
                inner.0.graders.get(&id, &item.revision, rubric(item)?).map(drop)
            };
            // Whatever is wrong is told when an answer is graded.
            let _ = practice.0.slots.run(prepare).await;
        });
    }

    /// Deletes what is unsent of an item, programs in all languages included; it may have none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn delete_draft(&self, item: &ItemId) -> Result<(), Error> {
        let store = self.store()?;
        store.delete_draft(item).await?;
        store.delete_program_draft(item, None).await?;
        Ok(())
    }
}
