//! Writes one file of each format for `tests/readers/check.py`, which has others' libraries read them: two Anki
//! packages, the second with one note changed and one more; a calendar; a booklet as PDF and as Markdown.
//!
//! `cargo run --package paper --example samples -- FOLDER`

use std::fmt::Write as _;

use jiff::civil::date;
use paper::anki::{Deck, Note, package};
use paper::calendar::{Calendar, Event, When};
use paper::text::markdown;
use paper::{Booklet, Sheet};

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
    let folder = std::env::args().nth(1).ok_or("usage: samples FOLDER")?;
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
    std::fs::write(
        folder.join("plan.ics"),
        calendar().to_ics(jiff::Timestamp::UNIX_EPOCH),
    )?;
    let booklet = booklet();
    for sheet in Sheet::ALL {
        let pdf = booklet.to_pdf(*sheet, date(2026, 11, 22))?;
        std::fs::write(folder.join(format!("{}.pdf", sheet.as_str())), pdf)?;
    }
    std::fs::write(folder.join("booklet.md"), booklet.to_markdown())?;
    Ok(())
}

fn calendar() -> Calendar {
    let event = |uid: &str, when| Event {
        uid: uid.to_owned(),
        sequence: 2,
        when,
        summary: "Queues; stories, 日本語 and \\ ".repeat(5),
        description: "First line\nSecond, line".to_owned(),
        categories: vec!["Spar".to_owned(), "a, b".to_owned()],
        url: "http://127.0.0.1:7777/".to_owned(),
    };
    Calendar {
        name: "Interview practice".to_owned(),
        description: "Eight weeks".to_owned(),
        events: vec![
            event("day-1", When::Day(date(2026, 12, 31))),
            event(
                "day-2",
                When::At {
                    start: date(2027, 1, 1).at(19, 0, 0, 0),
                    minutes: 90,
                },
            ),
        ],
    }
}

/// Everything that a booklet can hold, over several pages.
fn booklet() -> Booklet {
    let mut source = String::from(
        "# How it was scored\n\nA **token bucket** or a *sliding window* holds the average rate; `SET x = x - n` \
         is enough. Naïve café, Łódź, Ελλάδα, 日.\n\nThree things:\n\n- one\n- two\n  - nested\n\n1. First\n\n   \
         More of it.\n2. Second\n\n> What was said.\n\n```\nSELECT id\n  FROM orders;\n```\n\n## Table\n\n\
         | Fact | Found | Points |\n|---|---|---:|\n",
    );
    for n in 1..=60 {
        // Writing into a string does not fail.
        let _ = writeln!(
            source,
            "| Fact number {n}, with words enough that it needs a second line of its cell, as most of them do, if not all | met | {n}.0 |"
        );
    }
    source.push_str("\n# Last\n\n---\n\nThe end.\n");
    Booklet {
        sort: "Scorecard".to_owned(),
        title: "Rate limiter for a public API".to_owned(),
        facts: vec!["22 November 2026".to_owned(), "technical".to_owned()],
        blocks: markdown(&source, 1),
        foot: "Spar".to_owned(),
    }
}
