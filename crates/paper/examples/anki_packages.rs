//! Writes packages for `tests/anki/check.py`, which has Anki's own library import them: one, and the same notes
//! later with other words, another position and one more.
//!
//! `cargo run --package paper --example anki_packages -- FOLDER`

use paper::anki::{Deck, Note, package};
use paper::text::markdown;

const DAY_MS: i64 = 86_400_000;
const MADE_MS: i64 = 1_763_800_000_000;

fn note(id: &str, front: &str, back: &str, changed_at_ms: i64) -> Note {
    Note {
        id: id.to_owned(),
        front: markdown(front, 1),
        back: markdown(back, 1),
        source: "Rate limiter for a public API".to_owned(),
        tags: vec!["spar".to_owned(), "api contracts".to_owned()],
        created_at_ms: MADE_MS,
        changed_at_ms,
    }
}

fn deck(name: &str, notes: Vec<Note>) -> Deck {
    Deck {
        name: name.to_owned(),
        description: "What your answers left out".to_owned(),
        notes,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: anki_packages FOLDER")?;
    let folder = std::path::Path::new(&folder);
    let limits = note(
        "limits.store",
        "Where does the *count* live?",
        "In one store that all instances share, `<redis>` say.",
        MADE_MS,
    );
    let keys = note(
        "limits.keys",
        "What is counted?",
        "- the key\n- the plan",
        MADE_MS,
    );
    let set = note("set.one", "How do you paginate?", "By **keyset**.", MADE_MS);
    let first = [
        deck("Spar::Missed facts", vec![limits.clone(), keys.clone()]),
        deck("Spar::Set", vec![set.clone()]),
    ];
    std::fs::write(folder.join("first.apkg"), package(&first).await?)?;
    let said_better = note(
        "limits.store",
        "Where does the *count* live?",
        "In a shared store, or each instance allows the limit.",
        MADE_MS + DAY_MS,
    );
    let more = note(
        "limits.late",
        "What does a client see?",
        "429 with `Retry-After`.",
        MADE_MS + DAY_MS,
    );
    let later = [
        deck("Spar::Missed facts", vec![more, keys, said_better]),
        deck("Spar::Set", vec![set]),
    ];
    std::fs::write(folder.join("later.apkg"), package(&later).await?)?;
    Ok(())
}
