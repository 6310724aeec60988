//! Recall cards: what the candidate keeps of them. Which facts are cards follows from attempts; a card's
//! document holds only what is the candidate's own, and its log the reviews.

use serde::{Deserialize, Serialize};

use crate::{Day, Document, DocumentError, DocumentKind, NoEntry};

/// Longest note on a card, in characters: a paragraph or two.
pub const MAX_NOTE_CHARS: usize = 2_000;

/// Longest time that one review may say it took: what is longer was a break.
pub const MAX_REVIEW_MS: u32 = 3_600_000;

/// What the candidate keeps of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Not asked until taken back.
    #[serde(default)]
    pub suspended: bool,
    /// The candidate's own words on the back.
    #[serde(default)]
    pub note: String,
}

crate::item::vocabulary! {
    /// How well a card was known, by the candidate or by its check.
    Rating {
        /// Not known, or wrong.
        Again = "again",
        /// Known with effort.
        Hard = "hard",
        /// Known.
        Good = "good",
        /// Known at once.
        Easy = "easy",
    }
}

/// One entry in the log of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CardEntry {
    /// The card was asked and graded.
    Review {
        /// How well it was known.
        rating: Rating,
        /// The candidate's day.
        day: Day,
        /// From question to grade, in milliseconds.
        elapsed_ms: u32,
        /// Whether the card's check was answered right; absent when it was graded by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checked: Option<bool>,
    },
    /// The last review that is in force counts no longer.
    Undo {
        /// The candidate's day.
        day: Day,
    },
}

impl Document for Card {
    const KIND: DocumentKind = DocumentKind::Card;
    type Entry = CardEntry;

    fn check(&self) -> Result<(), DocumentError> {
        let chars = self.note.chars().count();
        if chars > MAX_NOTE_CHARS {
            let rule = format!("has {chars} characters, the limit is {MAX_NOTE_CHARS}");
            return Err(DocumentError::new("note", rule));
        }
        if self.note.contains('\0') {
            return Err(DocumentError::new("note", "has a NUL character: remove it"));
        }
        Ok(())
    }

    fn check_entry(entry: &CardEntry) -> Result<(), DocumentError> {
        match entry {
            CardEntry::Review { elapsed_ms, .. } if *elapsed_ms > MAX_REVIEW_MS => {
                let rule = format!("must be 0 to {MAX_REVIEW_MS}, in milliseconds");
                Err(DocumentError::new("elapsed_ms", rule))
            }
            _ => Ok(()),
        }
    }
}

/// How the candidate reviews. There is one such document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    /// Minutes a day, 1 to 120.
    pub minutes: u32,
    /// Cards asked for the first time on one day, 0 to 50.
    pub new_a_day: u32,
    /// The share of cards that should still be known when they come up, in percent, 70 to 97.
    pub retention: u32,
}

impl Default for ReviewSettings {
    /// Ten minutes are what people keep up (product research, 2.4); 90 % is the default of FSRS.
    fn default() -> Self {
        Self {
            minutes: 10,
            new_a_day: 10,
            retention: 90,
        }
    }
}

impl Document for ReviewSettings {
    const KIND: DocumentKind = DocumentKind::Review;
    type Entry = NoEntry;

    fn check(&self) -> Result<(), DocumentError> {
        let bounds = [
            ("minutes", self.minutes, 1, 120),
            ("new_a_day", self.new_a_day, 0, 50),
            // Below 70 % most cards are forgotten; above 97 % intervals shrink to days for good.
            ("retention", self.retention, 70, 97),
        ];
        let broken = bounds
            .into_iter()
            .find(|(_, value, low, high)| !(low..=high).contains(&value));
        broken.map_or(Ok(()), |(field, _, low, high)| {
            Err(DocumentError::new(field, format!("must be {low} to {high}")))
        })
    }

    fn check_entry(entry: &NoEntry) -> Result<(), DocumentError> {
        match *entry {}
    }
}
