//! A card is graded, and the last grade is taken back.

use answer::{Judgement, ReplyError, judge_check};
use domain::{Card, CardEntry, Day, DocumentId, Rating, ReplyBody, Verdict};
use prepare::review::in_force;

use super::CardView;
use crate::{Error, Practice};

/// How a card was graded.
#[derive(Debug, Clone, PartialEq)]
pub enum Graded {
    /// By the candidate.
    ByHand(Rating),
    /// By its check: wrong is again, right in part hard, right good. The candidate may know better.
    ByCheck {
        /// What was answered.
        body: ReplyBody,
        /// The candidate's own rating instead.
        rating: Option<Rating>,
    },
}

/// A review to log.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// The candidate's day.
    pub day: Day,
    /// From question to grade, in milliseconds.
    pub elapsed_ms: u32,
    /// How it was graded.
    pub graded: Graded,
    /// Entries of the log that the candidate has seen; also which order of the options they saw.
    pub seen: usize,
    /// Takes the last review back first: the candidate changes a grade just given.
    pub instead: bool,
}

/// What came of a review.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    /// The card as it stands now.
    pub card: CardView,
    /// The rating that was logged.
    pub rating: Rating,
    /// What its check says; `None` when it was graded by hand.
    pub judgement: Option<Judgement>,
}

impl Practice {
    /// Logs a review, synced to disk before this returns.
    ///
    /// # Errors
    /// There is no such card, the answer does not fit its check, the log has other entries than those seen,
    /// or the store fails.
    pub async fn review_card(&self, id: &DocumentId, new: NewReview, now_us: i64) -> Result<Reviewed, Error> {
        let card = self.card(id).await?;
        self.seen(&card, new.seen)?;
        let (rating, checked, judgement) = self.judged(&card, &new)?;
        let mut entries = Vec::new();
        if new.instead {
            entries.push(undo(&card, new.day)?);
        }
        entries.push(CardEntry::Review {
            rating,
            day: new.day,
            elapsed_ms: new.elapsed_ms,
            checked,
        });
        if card.version == 0 {
            self.put(id, &Card::default(), Some(0), now_us).await?;
        }
        self.log::<Card>(id, new.seen, &entries, now_us).await?;
        Ok(Reviewed {
            card: self.card(id).await?,
            rating,
            judgement,
        })
    }

    /// Takes the last grade of a card back: the log gets an entry that says so.
    ///
    /// # Errors
    /// There is no such card or no grade in force, the log has other entries than those seen, or the store
    /// fails.
    pub async fn undo_review(
        &self,
        id: &DocumentId,
        day: Day,
        seen: usize,
        now_us: i64,
    ) -> Result<CardView, Error> {
        let card = self.card(id).await?;
        self.seen(&card, seen)?;
        let entry = undo(&card, day)?;
        self.log::<Card>(id, seen, &[entry], now_us).await?;
        self.card(id).await
    }

    fn seen(&self, card: &CardView, seen: usize) -> Result<(), Error> {
        if card.entries == seen {
            return Ok(());
        }
        Err(Error::DocumentChanged {
            kind: domain::DocumentKind::Card,
            id: card.id.clone(),
        })
    }

    fn judged(
        &self,
        card: &CardView,
        new: &NewReview,
    ) -> Result<(Rating, Option<bool>, Option<Judgement>), Error> {
        let (body, own) = match &new.graded {
            // A grade that is changed was still checked, or not, as before.
            Graded::ByHand(rating) => {
                let before = card.log.last().filter(|_| new.instead).map(|logged| logged.entry);
                let checked = match before {
                    Some(CardEntry::Review { checked, .. }) => checked,
                    _ => None,
                };
                return Ok((*rating, checked, None));
            }
            Graded::ByCheck { body, rating } => (body, *rating),
        };
        let (_, fact) = self.find_fact(&card.id).ok_or_else(|| Error::DocumentNotFound {
            kind: domain::DocumentKind::Card,
            id: card.id.clone(),
        })?;
        let judgement = judge_check(fact, body, card.entries as u64).map_err(|error| match error {
            ReplyError::Kind { expected } => Error::ReplyKind {
                expected: expected.to_owned(),
            },
            ReplyError::Range { field, rule } => Error::Field { field, rule },
            // A card has one question.
            ReplyError::NotPending { pending } => Error::NotPending { pending },
        })?;
        let by_check = match judgement.verdict {
            Verdict::Right => Rating::Good,
            Verdict::Partly => Rating::Hard,
            Verdict::Wrong | Verdict::Open => Rating::Again,
        };
        let right = judgement.verdict == Verdict::Right;
        Ok((own.unwrap_or(by_check), Some(right), Some(judgement)))
    }
}

/// The entry that takes the last review back.
fn undo(card: &CardView, day: Day) -> Result<CardEntry, Error> {
    if in_force(&card.entries_of()).is_empty() {
        let rule = "has no grade to take back".to_owned();
        return Err(Error::Field { field: "card", rule });
    }
    Ok(CardEntry::Undo { day })
}
