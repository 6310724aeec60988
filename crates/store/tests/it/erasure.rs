//! Delete means gone: the words are in no file of the folder afterwards.

use std::path::Path;

use domain::{GroupId, ItemId, Override, Ruling, Status};
use store::{Added, Draft, NewOverride, NewReading, Seen, Standing, Store};

use crate::{NOON_US, add, attempt, item, kept, key, reply};

const SECRET: &str = "the-colour-of-my-first-production-incident";

fn traces(folder: &Path, needle: &str) -> usize {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files
        .map(|bytes| {
            bytes
                .windows(needle.len())
                .filter(|w| *w == needle.as_bytes())
                .count()
        })
        .sum()
}

#[tokio::test]
async fn a_deleted_attempt_leaves_no_trace_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    // Long enough for overflow pages, and with neighbours that stay.
    let text = format!("{SECRET} ").repeat(500);
    let secret = attempt("pagination", 50, &text);
    for n in 0..10 {
        add(&store, &attempt("pagination", n, "Words that stay."), None).await;
    }
    add(&store, &secret, Some(&key("secret-key-of-mine", "h"))).await;
    reply(&store, &secret, 0, None).await;
    let entry = Override {
        group: GroupId::Coverage,
        criterion: "shared-store".to_owned(),
        ruling: Ruling::Status(Status::Met),
        reason: "a-reason-of-my-own".to_owned(),
        created_at_us: NOON_US,
    };
    let new = NewOverride {
        attempt: &secret.id,
        seen: Seen {
            replies: 1,
            overrides: 0,
            readings: 0,
        },
        entry: &entry,
        standing: &Standing::of(
            secret.scorecard.as_ref().unwrap(),
            None,
            std::slice::from_ref(&entry),
        ),
    };
    store.add_override(new).await.unwrap();
    let kept = kept("what-a-stranger-said");
    let new = NewReading {
        attempt: &secret.id,
        seen: Seen {
            replies: 1,
            overrides: 1,
            readings: 0,
        },
        reading: &kept,
        standing: &Standing::of(
            secret.scorecard.as_ref().unwrap(),
            None,
            std::slice::from_ref(&entry),
        ),
    };
    assert_eq!(store.add_reading(new).await.unwrap(), Added::Now);
    assert!(traces(folder.path(), "what-a-stranger-said") > 0);
    assert!(traces(folder.path(), SECRET) > 0 && traces(folder.path(), "a-reason-of-my-own") > 0);

    store.delete_attempt(&secret.id).await.unwrap();
    assert_eq!(traces(folder.path(), SECRET), 0);
    assert_eq!(traces(folder.path(), "secret-key-of-mine"), 0);
    assert_eq!(traces(folder.path(), "a-reason-of-my-own"), 0);
    assert_eq!(traces(folder.path(), "what-a-stranger-said"), 0);
    assert!(traces(folder.path(), "Words that stay.") > 0);
}

#[tokio::test]
async fn a_deleted_draft_leaves_no_trace_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let id: ItemId = item("pagination");
    for length in [1, 400, 30] {
        let text = SECRET.repeat(length);
        let draft = Draft {
            item: id.clone(),
            text,
            elapsed_ms: None,
            updated_at_us: NOON_US,
        };
        store.put_draft(&draft).await.unwrap();
    }
    store.delete_draft(&id).await.unwrap();
    assert_eq!(traces(folder.path(), SECRET), 0);
}

#[tokio::test]
async fn the_text_of_a_revision_goes_with_its_last_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let (one, two) = (
        attempt("pagination", 1, "Words."),
        attempt("pagination", 2, "Words."),
    );
    add(&store, &one, None).await;
    add(&store, &two, None).await;
    store.delete_attempt(&one.id).await.unwrap();
    assert!(
        store
            .revision(&item("pagination"), "b3:one")
            .await
            .unwrap()
            .is_some()
    );
    store.delete_attempt(&two.id).await.unwrap();
    assert!(
        store
            .revision(&item("pagination"), "b3:one")
            .await
            .unwrap()
            .is_none()
    );
}
