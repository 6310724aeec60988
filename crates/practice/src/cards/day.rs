//! What a day of review holds.

use domain::{CardEntry, Day, DocumentId, ReviewSettings};
use prepare::review::{Candidate, Counts, Pace, in_force, queue};

use super::CardView;
use crate::{Error, Practice};

/// A day of review.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewDay {
    /// The candidate's day.
    pub day: Day,
    /// The settings, with the minutes asked for.
    pub settings: ReviewSettings,
    /// What to ask, in order.
    pub cards: Vec<CardView>,
    /// How many cards of each sort.
    pub counts: Counts,
    /// Estimates and what was spent.
    pub pace: Pace,
    /// What comes tomorrow when the rest of today is done.
    pub tomorrow: Tomorrow,
    /// All cards, suspended ones too.
    pub total: usize,
    /// The card whose last grade would be taken back.
    pub last: Option<DocumentId>,
}

/// What comes tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tomorrow {
    /// Cards that are due then, those that wait today included, up to what the minutes hold.
    pub due: u32,
    /// Cards begun then.
    pub new: u32,
}

impl Practice {
    /// The queue of a day, with `minutes` in place of the setting where given.
    ///
    /// # Errors
    /// `minutes` is out of its bounds, or as with [`Practice::cards`].
    pub async fn review(&self, day: Day, minutes: Option<u32>) -> Result<ReviewDay, Error> {
        use domain::Document as _;
        let mut settings = self.review_settings().await?;
        settings.minutes = minutes.unwrap_or(settings.minutes);
        settings.check().map_err(Error::Document)?;
        let all = self.cards().await?;
        let logs: Vec<Vec<CardEntry>> = all.iter().map(CardView::entries_of).collect();
        let pace = Pace::of(logs.iter().map(Vec::as_slice), day);
        let asked: Vec<Candidate<'_>> = all
            .iter()
            .filter(|card| !card.kept.suspended)
            .map(|card| Candidate {
                id: card.id.as_str(),
                weight: card.weight,
                schedule: card.schedule,
            })
            .collect();
        let today = queue(&asked, day, &settings, &pace);
        let tomorrow = tomorrow(&asked, &today.cards, day, &settings, &pace);
        let find = |id: &&str| all.iter().find(|card| card.id.as_str() == *id).cloned();
        Ok(ReviewDay {
            day,
            settings,
            cards: today.cards.iter().filter_map(find).collect(),
            counts: today.counts,
            pace,
            tomorrow,
            total: all.len(),
            last: last_graded(&all),
        })
    }
}

/// What is left for the next day once today's cards are done: they come back later than that, or are known.
fn tomorrow(
    all: &[Candidate<'_>],
    today: &[&str],
    day: Day,
    settings: &ReviewSettings,
    pace: &Pace,
) -> Tomorrow {
    let rest: Vec<Candidate<'_>> = all
        .iter()
        .filter(|card| !today.contains(&card.id))
        .cloned()
        .collect();
    let fresh = Pace {
        spent_today: 0.0,
        graded_today: 0,
        ..*pace
    };
    let counts = queue(&rest, day.plus(1), settings, &fresh).counts;
    Tomorrow {
        due: counts.due,
        new: counts.new,
    }
}

/// The card that was graded last, where that grade is still in force.
fn last_graded(cards: &[CardView]) -> Option<DocumentId> {
    let graded = cards
        .iter()
        .filter(|card| !in_force(&card.entries_of()).is_empty());
    let graded = graded.filter_map(|card| {
        let last = card.log.last()?;
        let review = matches!(last.entry, CardEntry::Review { .. });
        review.then_some((last.created_at_us, &card.id))
    });
    graded.max().map(|(_, id)| id.clone())
}
