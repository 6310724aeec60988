//! The application over the fixture pack and real files; the encoder is left out so that these are quick.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod cards;
mod eval;
mod grading;
mod loops;
mod measure;
mod pack;
mod printed;
mod reading;
mod reading_transfer;
mod regrade;
mod statements;
mod stories;
mod verify;

use std::path::PathBuf;

use domain::{ItemId, Submission};
use practice::{Limits, NewSubmission, Part, Practice, Store, attempt_id, load};

/// A fixed instant: 2026-11-22 12:00 UTC.
const NOON_US: i64 = 1_795_348_800_000_000;

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pack")
}

fn item(id: &str) -> ItemId {
    id.parse().unwrap()
}

fn practice(store: Option<Store>) -> Practice {
    let loaded = load(&[fixture()]).unwrap();
    Practice::new(
        loaded,
        None,
        store,
        Limits {
            gradings: 2,
            waiting: 16,
        },
    )
}

fn answer(text: &str) -> NewSubmission {
    NewSubmission {
        variant: 0,
        part: Part::Question,
        id: attempt_id(NOON_US),
        item: item("fixture-stampede"),
        submission: Submission::Text {
            text: text.to_owned(),
        },
        seed: 7,
        elapsed_ms: Some(60_000),
        previous: None,
        key: None,
    }
}
