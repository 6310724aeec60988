//! Anki packages (`.apkg`): a zip with a SQLite collection.
//!
//! Written in schema 11, which every Anki since 2.0 reads. What makes a second import update instead of
//! duplicate: the note's GUID, derived from the id that Spar gives it, and its time of change, which has to be
//! later than the one in the collection.

mod collection;
mod html;
mod zip;

use crate::text::Block;
use std::collections::BTreeSet;

/// A deck of notes, each with one card that is new to Anki: its scheduling is Anki's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deck {
    /// Its name, with `::` between a deck and the one below it, such as `Spar::Missed facts`.
    pub name: String,
    /// What Anki shows above it.
    pub description: String,
    /// The notes, in the order in which they are to be learned.
    pub notes: Vec<Note>,
}

/// A note: a question, its answer and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Names the note for ever; a note of the same id replaces it. An id may occur once in a package.
    pub id: String,
    /// The question.
    pub front: Vec<Block>,
    /// The answer.
    pub back: Vec<Block>,
    /// Where it comes from, in one line.
    pub source: String,
    /// Labels; white space in them becomes `-`.
    pub tags: Vec<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// When its words last changed, in milliseconds since the Unix epoch. Anki takes the words of a later
    /// import only if this is later than its own time of change, to the second.
    pub changed_at_ms: i64,
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Two notes of a package share an id.
    #[error("two notes have the id `{0}`; hint: give each note an id of its own")]
    SameId(String),
    /// SQLite failed, in memory.
    #[error("cannot build the Anki collection")]
    Collection(#[from] sqlx::Error),
}

/// The package, `application/apkg`: the same decks give the same bytes.
///
/// # Errors
/// Two notes share an id, or SQLite fails in memory.
pub async fn package(decks: &[Deck]) -> Result<Vec<u8>, Error> {
    let mut ids = BTreeSet::new();
    for note in decks.iter().flat_map(|deck| &deck.notes) {
        if !ids.insert(note.id.as_str()) {
            return Err(Error::SameId(note.id.clone()));
        }
    }
    let collection = collection::build(decks).await?;
    // No pictures or sounds: an empty map of file numbers to names.
    let files: [(&str, &[u8]); 2] = [("collection.anki2", &collection), ("media", b"{}")];
    Ok(zip::archive(&files))
}
