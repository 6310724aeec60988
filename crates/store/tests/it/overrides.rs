//! A human's word beside an attempt: kept in order, counted in the standing, out and in again, gone with it.

use domain::{Attempt, GroupId, Override, Ruling, Status};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use store::{Added, FILE_NAME, Imported, NewOverride, Seen, Standing, Store, Transfer};

use crate::{NOON_US, add, attempt, item, key, reply};

fn entry(ruling: Ruling, reason: &str, n: i64) -> Override {
    Override {
        group: GroupId::Coverage,
        criterion: "shared-store".to_owned(),
        ruling,
        reason: reason.to_owned(),
        created_at_us: NOON_US + n,
    }
}

fn met(n: i64) -> Override {
    entry(Ruling::Status(Status::Met), "It says so in as many words.", n)
}

/// Adds to the log as the application does: with the standing that follows.
async fn overrule(store: &Store, attempt: &mut Attempt, entry: Override) -> Added {
    let seen = Seen::of(attempt);
    attempt.overrides.push(entry);
    let standing = Standing::of(attempt.scorecard.as_ref().unwrap(), None, &attempt.overrides);
    let new = NewOverride {
        attempt: &attempt.id,
        seen,
        entry: attempt.overrides.last().unwrap(),
        standing: &standing,
    };
    store.add_override(new).await.unwrap()
}

#[tokio::test]
async fn both_scores_are_listed_and_every_entry_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&store, &one, None).await;
    let scores = async |store: &Store| {
        let listed = store.attempts(None, None, 10).await.unwrap();
        let past = store.history(10).await.unwrap();
        assert_eq!(listed[0].score_by_hand, past[0].standing.score_by_hand);
        (listed[0].score, listed[0].score_by_hand)
    };
    assert_eq!(scores(&store).await, (Some(50.0), None));
    assert_eq!(overrule(&store, &mut one, met(1)).await, Added::Now);
    assert_eq!(scores(&store).await, (Some(50.0), Some(100.0)));
    assert_eq!(store.summaries().await.unwrap()[0].best, Some(50.0), "as graded");
    let changed = entry(
        Ruling::Status(Status::Missed),
        "On second thought it does not.",
        2,
    );
    assert_eq!(overrule(&store, &mut one, changed).await, Added::Now);
    assert_eq!(scores(&store).await, (Some(50.0), Some(0.0)));
    assert_eq!(
        overrule(&store, &mut one, entry(Ruling::Withdrawn(true), "", 3)).await,
        Added::Now
    );
    assert_eq!(scores(&store).await, (Some(50.0), None));
    let read = store.attempt(&one.id).await.unwrap().unwrap();
    assert_eq!(read, one, "three entries in order, and the scorecard as graded");
}

#[tokio::test]
async fn what_was_derived_from_an_older_view_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&store, &one, None).await;
    let mut old = one.clone();
    assert_eq!(overrule(&store, &mut one, met(1)).await, Added::Now);
    assert_eq!(overrule(&store, &mut old.clone(), met(2)).await, Added::Taken);
    assert_eq!(
        reply(&store, &old, 0, None).await,
        Added::Taken,
        "its standing lacks the override"
    );
    let after_reply = key("k", "h");
    assert_eq!(reply(&store, &one, 0, Some(&after_reply)).await, Added::Now);
    assert_eq!(
        store.known(&after_reply).await.unwrap().unwrap().seen,
        Seen {
            replies: 1,
            overrides: 1,
            readings: 0,
        }
    );
    assert_eq!(
        overrule(&store, &mut one, met(3)).await,
        Added::Taken,
        "its standing lacks the reply"
    );
    store.delete_attempt(&one.id).await.unwrap();
    assert_eq!(overrule(&store, &mut old, met(4)).await, Added::Gone);
}

#[tokio::test]
async fn overrides_go_out_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let from = Store::open(&folder.path().join("from"), NOON_US).await.unwrap();
    let mut one = attempt("pagination", 1, "I use a cursor.");
    add(&from, &one, None).await;
    overrule(&from, &mut one, met(1)).await;
    overrule(&from, &mut one, entry(Ruling::Withdrawn(true), "", 2)).await;
    overrule(&from, &mut one, met(3)).await;
    let records = from.records(None, 100).await.unwrap();
    assert_eq!(records[0].attempt, one);
    let standing = Standing::of(one.scorecard.as_ref().unwrap(), None, &one.overrides);
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
async fn a_store_of_the_first_schema_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let one = attempt("pagination", 1, "I use a cursor.");
    let made = key("k", "h");
    add(&store, &one, Some(&made)).await;
    store.close().await;
    // As the first version left it.
    let mut raw = SqliteConnectOptions::new()
        .filename(folder.path().join(FILE_NAME))
        .connect()
        .await
        .unwrap();
    for undo in [
        "DROP TABLE program_draft",
        "DROP TABLE waiting",
        "DROP TABLE entry",
        "DROP TABLE document",
        "DROP TABLE reading",
        "ALTER TABLE standing DROP COLUMN score_merged",
        "ALTER TABLE idempotency DROP COLUMN readings",
        "DROP TABLE override",
        "ALTER TABLE standing DROP COLUMN score_by_hand",
        "ALTER TABLE idempotency DROP COLUMN overrides",
        "DELETE FROM migration WHERE version > 1",
    ] {
        sqlx::query(undo).execute(&mut raw).await.unwrap();
    }
    raw.close().await.unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    assert_eq!(store.attempt(&one.id).await.unwrap().as_ref(), Some(&one));
    let listed = &store.attempts(None, None, 1).await.unwrap()[0];
    assert_eq!((listed.score, listed.score_by_hand), (Some(50.0), None));
    assert_eq!(
        store.known(&made).await.unwrap().unwrap().seen,
        Seen {
            replies: 0,
            overrides: 0,
            readings: 0,
        }
    );
}
