//! Recall cards as an Anki package.

use std::collections::BTreeMap;

use domain::{Card, DocumentId};
use paper::anki::{Deck, Note, package};
use paper::text::{Block, inline, markdown, paragraphs, plain};

use super::Printed;
use super::words::reviewed_ms;
use crate::cards::CardView;
use crate::graders::chain;
use crate::{Error, Practice};

/// The deck that all cards come in.
const DECK: &str = "Spar::Missed facts";

impl Practice {
    /// Every card that is not suspended, as an Anki package. A card keeps its id, so that a later package
    /// updates what an earlier one brought; what was studied in Anki stays there.
    ///
    /// # Errors
    /// The store fails, or the machine is busy while an overridden attempt has to be graded anew.
    pub async fn print_cards(&self) -> Result<Printed, Error> {
        let cards = self.cards().await?;
        let kept = self.all_held::<Card>().await?;
        let written: BTreeMap<DocumentId, i64> = kept
            .into_iter()
            .map(|held| (held.id, held.updated_at_us / 1000))
            .collect();
        let notes = cards.iter().filter(|card| !card.kept.suspended);
        let deck = Deck {
            name: DECK.to_owned(),
            description: "Facts that your latest answers left open.".to_owned(),
            notes: notes
                .map(|card| self.note(card, written.get(&card.id).copied()))
                .collect(),
        };
        let bytes = package(&[deck]).await.map_err(|error| {
            tracing::error!(error = chain(&error), "the cards cannot be packed");
            Error::Stopped
        })?;
        Ok(Printed {
            name: "spar-cards.apkg".to_owned(),
            media_type: "application/octet-stream",
            bytes,
        })
    }

    /// `written_ms`: when the candidate last wrote on the card.
    fn note(&self, card: &CardView, written_ms: Option<i64>) -> Note {
        let front = &card.front;
        let mut asked = vec![Block::Paragraph(inline(&front.ask))];
        if !front.options.is_empty() {
            // Shuffled anew for each review here; in a package the words must not change by themselves.
            let mut options = front.options.clone();
            options.sort();
            let items = options
                .iter()
                .map(|option| vec![Block::Paragraph(inline(option))]);
            asked.push(Block::List {
                first: None,
                items: items.collect(),
            });
        }
        if let Some(unit) = &front.unit {
            asked.push(Block::Remark(plain(format!("in {unit}"))));
        }
        let mut answer = Vec::new();
        if !card.right_answer.is_empty() {
            answer.extend(markdown(&card.right_answer, 1));
        }
        answer.push(Block::Paragraph(inline(&card.claim)));
        answer.push(Block::Remark(inline(&card.tip)));
        answer.extend(paragraphs(&card.kept.note));
        // The day of the item's last review counts too: its words may have changed since the attempt.
        let reviewed = self.bank().item(&card.item).map_or(0, reviewed_ms);
        let made = card
            .made_by
            .as_ref()
            .map_or(reviewed, |by| by.created_at_us / 1000);
        Note {
            id: card.id.as_str().to_owned(),
            front: asked,
            back: answer,
            source: card.title.clone(),
            tags: vec!["spar".to_owned(), card.competency.as_str().to_owned()],
            created_at_ms: made,
            changed_at_ms: made.max(reviewed).max(written_ms.unwrap_or_default()),
        }
    }
}
