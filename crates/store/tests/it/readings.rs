//! Readings beside attempts.

use domain::{Attempt, KeptReading};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use store::{Added, Error, FILE_NAME, Imported, NewReading, Seen, Standing, Store, Transfer};

use crate::{NOON_US, add, attempt, card, item, kept, key, reply};

/// Adds a reading to the attempt as the caller has it, with a merged score of its own, and to the caller's copy.
async fn read(store: &Store, attempt: &mut Attempt, reading: KeptReading) -> Added {
    let merged = card(attempt.item.as_str(), attempt.submission.text(), 4.0);
    let new = NewReading {
        attempt: &attempt.id,
        seen: Seen::of(attempt),
        reading: &reading,
        standing: &Standing::of(
            attempt.scorecard.as_ref().unwrap(),
            Some(&merged),
            &attempt.overrides,
        ),
    };
    let added = store.add_reading(new).await.unwrap();
    if added == Added::Now {
        attempt.readings.push(reading);
    }
    added
}

#[tokio::test]
async fn a_reading_lies_beside_the_attempt_and_its_score_beside_the_graded_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&store, &one, Some(&key("k", "h"))).await;
    let before = store.attempts(None, None, 1).await.unwrap().remove(0);
    assert_eq!(before.score_merged, None);

    let old = one.clone();
    assert_eq!(read(&store, &mut one, kept("first")).await, Added::Now);
    assert_eq!(read(&store, &mut one, kept("second")).await, Added::Now);
    assert_eq!(store.attempt(&one.id).await.unwrap().as_ref(), Some(&one));
    let after = store.attempts(None, None, 1).await.unwrap().remove(0);
    assert_eq!(after.score, before.score, "the graded score stays");
    let merged = card("pagination", one.submission.text(), 4.0).score();
    assert!(merged.is_some() && merged != before.score);
    assert_eq!(after.score_merged, merged);
    assert_eq!(store.history(10).await.unwrap()[0].standing.score_merged, merged);

    // Whoever has not seen the readings cannot write what they would derive without them.
    assert_eq!(reply(&store, &old, 0, None).await, Added::Taken);
    assert_eq!(read(&store, &mut old.clone(), kept("third")).await, Added::Taken);
    let made = store.known(&key("k", "h")).await.unwrap().unwrap();
    assert_eq!(made.seen.readings, 0, "the key answers as the first time");

    store.delete_attempt(&one.id).await.unwrap();
    assert_eq!(read(&store, &mut one, kept("late")).await, Added::Gone);
}

#[tokio::test]
async fn readings_go_out_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let from = Store::open(&folder.path().join("from"), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&from, &one, None).await;
    read(&from, &mut one, kept("first")).await;
    read(&from, &mut one, kept("second")).await;
    let records = from.records(None, 100).await.unwrap();
    assert_eq!(records[0].attempt, one);

    let merged = card(one.item.as_str(), one.submission.text(), 4.0);
    let standing = Standing::of(one.scorecard.as_ref().unwrap(), Some(&merged), &[]);
    let revision = from.revision(&item("pagination"), "b3:one").await.unwrap();
    let transfer = Transfer {
        revisions: revision.into_iter().collect(),
        attempts: vec![(records[0].clone(), Some(standing))],
        drafts: Vec::new(),
        ..Transfer::default()
    };
    let to = Store::open(&folder.path().join("to"), NOON_US).await.unwrap();
    let expected = Imported {
        attempts_added: 1,
        ..Imported::default()
    };
    assert_eq!(to.import(&transfer).await.unwrap(), expected);
    assert_eq!(to.records(None, 100).await.unwrap(), records);
    assert_eq!(
        to.attempts(None, None, 1).await.unwrap(),
        from.attempts(None, None, 1).await.unwrap()
    );
}

#[tokio::test]
async fn a_reading_of_a_later_version_is_named_and_not_guessed_at() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&store, &one, None).await;
    read(&store, &mut one, kept("first")).await;
    let mut raw = SqliteConnectOptions::new()
        .filename(folder.path().join(FILE_NAME))
        .connect()
        .await
        .unwrap();
    sqlx::query("UPDATE reading SET body = replace(body, '\"format\":1', '\"format\":2')")
        .execute(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
    let error = store.attempt(&one.id).await.unwrap_err();
    assert!(
        matches!(&error, Error::Damaged { row, why }
        if row.contains(one.id.as_str()) && why.contains("format 2")),
        "{error}"
    );
}
