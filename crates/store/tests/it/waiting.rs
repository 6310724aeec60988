//! Attempts that wait to be graded: taken once, given back, taken over from the dead, kept when an older file is read.

use domain::{AttemptState, Language, ProgramFile, Submission};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use store::{Added, FILE_NAME, Graded, Lease, NewAttempt, ProgramDraft, Store};

use crate::{NOON_US, SOURCE, attempt, card, item};

const SECOND: i64 = 1_000_000;

fn program(text: &str) -> Vec<ProgramFile> {
    vec![ProgramFile {
        path: "main.py".to_owned(),
        text: text.to_owned(),
    }]
}

async fn queued(store: &Store, n: i64) -> domain::Attempt {
    let mut new = attempt("lru-cache", n, "");
    new.state = AttemptState::Queued;
    new.scorecard = None;
    new.submission = Submission::Source {
        lang: Language::Python,
        files: program("print(1)"),
    };
    let added = store.add_attempt(NewAttempt {
        attempt: &new,
        source: SOURCE,
        key: None,
        seed: 40 + u64::try_from(n).unwrap(),
    });
    assert_eq!(added.await.unwrap(), Added::Now);
    new
}

fn lease(by: &str, till_us: i64) -> Lease<'_> {
    Lease { by, till_us }
}

#[tokio::test]
async fn the_oldest_is_taken_once_and_kept_by_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let (first, second) = (queued(&store, 1).await, queued(&store, 2).await);
    let now = NOON_US + 10 * SECOND;
    assert_eq!(store.wait(&second.id).await.unwrap().unwrap().ahead, 1);

    let taken = store.claim(lease("a", now + SECOND), now).await.unwrap().unwrap();
    assert_eq!((&taken.attempt, taken.seed, taken.tries), (&first, 41, 1));
    let other = store.claim(lease("b", now + SECOND), now).await.unwrap().unwrap();
    assert_eq!(other.attempt.id, second.id);
    assert_eq!(store.claim(lease("c", now + SECOND), now).await.unwrap(), None);

    let graded = card("lru-cache", "print(1)", 2.0);
    assert!(
        !store.finish(&first, "b", Graded::Scored(&graded)).await.unwrap(),
        "b does not hold it"
    );
    assert!(store.finish(&first, "a", Graded::Scored(&graded)).await.unwrap());
    let kept = store.attempt(&first.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.state, kept.scorecard.as_ref()),
        (AttemptState::Scored, Some(&graded))
    );
    assert_eq!(store.summaries().await.unwrap()[0].attempts, 1);
    assert_eq!(store.wait(&first.id).await.unwrap(), None);

    assert!(
        store
            .finish(&second, "b", Graded::Void("the judge failed"))
            .await
            .unwrap()
    );
    let void = store.attempt(&second.id).await.unwrap().unwrap();
    assert_eq!(
        (void.state, void.void_reason.as_deref()),
        (AttemptState::Void, Some("the judge failed"))
    );
    assert_eq!(store.waiting().await.unwrap(), 0);
}

#[tokio::test]
async fn what_a_dead_process_held_is_taken_again_and_its_late_word_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let waiting = queued(&store, 1).await;
    let now = NOON_US + 10 * SECOND;
    let till = now + SECOND;
    store.claim(lease("dead", till), now).await.unwrap().unwrap();
    // Another handle, as another process has.
    let store = Store::open(folder.path(), now).await.unwrap();
    assert_eq!(store.claim(lease("next", till), till).await.unwrap(), None);
    assert!(
        store
            .renew(&waiting.id, lease("dead", till + SECOND))
            .await
            .unwrap()
    );
    let later = till + SECOND + 1;
    let again = store
        .claim(lease("next", later + SECOND), later)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (again.attempt.id.clone(), again.seed, again.tries),
        (waiting.id.clone(), 41, 2)
    );
    assert!(
        !store
            .renew(&waiting.id, lease("dead", later + SECOND))
            .await
            .unwrap()
    );
    assert!(
        !store
            .finish(&waiting, "dead", Graded::Void("late"))
            .await
            .unwrap()
    );
    let kept = store.attempt(&waiting.id).await.unwrap().unwrap();
    assert_eq!(kept.state, AttemptState::Queued);
}

#[tokio::test]
async fn what_is_put_back_waits_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let waiting = queued(&store, 1).await;
    let now = NOON_US + 10 * SECOND;
    store.claim(lease("a", now + SECOND), now).await.unwrap().unwrap();
    let ready = now + 5 * SECOND;
    store
        .put_back(&waiting.id, "a", ready, 1, "Go is not installed")
        .await
        .unwrap();
    let wait = store.wait(&waiting.id).await.unwrap().unwrap();
    assert_eq!(
        (wait.reason.as_deref(), wait.leased_till_us, wait.tries),
        (Some("Go is not installed"), None, 1)
    );
    assert_eq!(
        store.claim(lease("a", ready), ready - 1).await.unwrap(),
        None,
        "too early"
    );
    let again = store.claim(lease("a", ready + SECOND), ready).await.unwrap();
    assert_eq!(again.unwrap().tries, 2);
    assert!(store.delete_attempt(&waiting.id).await.unwrap());
    assert_eq!(store.waiting().await.unwrap(), 0, "deleted, it waits no longer");
}

#[tokio::test]
async fn a_program_draft_is_kept_by_language() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let draft = |lang, text: &str| ProgramDraft {
        item: item("lru-cache"),
        lang,
        files: program(text),
        elapsed_ms: Some(5),
        updated_at_us: NOON_US,
    };
    for (lang, text) in [
        (Language::Go, "package main"),
        (Language::Python, "a = 1"),
        (Language::Python, "a = 2"),
    ] {
        store.put_program_draft(&draft(lang, text)).await.unwrap();
    }
    let all = store.program_drafts().await.unwrap();
    assert_eq!(
        all,
        [
            draft(Language::Go, "package main"),
            draft(Language::Python, "a = 2")
        ]
    );
    let id = item("lru-cache");
    assert!(store.delete_program_draft(&id, Some(Language::Go)).await.unwrap());
    assert_eq!(store.program_draft(&id, Language::Go).await.unwrap(), None);
    assert!(store.delete_program_draft(&id, None).await.unwrap());
    assert_eq!(store.program_drafts().await.unwrap(), []);
}

/// A file as the version before programs left it, with an attempt, a reply and a standing.
#[tokio::test]
async fn an_older_file_keeps_all_that_lies_beside_its_attempts() {
    let folder = tempfile::tempdir().unwrap();
    let mut raw = SqliteConnectOptions::new()
        .filename(folder.path().join(FILE_NAME))
        .create_if_missing(true)
        .foreign_keys(true)
        .connect()
        .await
        .unwrap();
    let run = |sql: &'static str| sqlx::raw_sql(sql);
    run("CREATE TABLE migration (version INTEGER PRIMARY KEY) STRICT; INSERT INTO migration VALUES (1), (2), (3), (4)")
        .execute(&mut raw)
        .await
        .unwrap();
    for sql in [
        include_str!("../../migrations/sqlite/0001_attempts.sql"),
        include_str!("../../migrations/sqlite/0002_overrides.sql"),
        include_str!("../../migrations/sqlite/0003_readings.sql"),
        include_str!("../../migrations/sqlite/0004_documents.sql"),
    ] {
        run(sql).execute(&mut raw).await.unwrap();
    }
    run(r#"INSERT INTO revision VALUES ('pagination', 'b3:one', 'text', '');
        INSERT INTO attempt VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'pagination', 'b3:one', 'void', 'why', 5, NULL, NULL,
            '{"type":"text","text":"Keyset."}', NULL);
        INSERT INTO attempt VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAW', 'pagination', 'b3:one', 'void', 'why', 6, NULL,
            '01ARZ3NDEKTSV4RRFFQ69G5FAV', '{"type":"text","text":"Cursors."}', NULL);
        INSERT INTO reply VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 0, '{"question":"q","text":"Yes."}', 7);
        INSERT INTO idempotency (key, request_hash, attempt, created_at)
            VALUES ('k', 'h', '01ARZ3NDEKTSV4RRFFQ69G5FAV', 1795348800000000);"#)
    .execute(&mut raw)
    .await
    .unwrap();
    drop(raw);
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let records = store.records(None, 10).await.unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].attempt.replies.len(), 1, "replies stay");
    assert_eq!(records[1].attempt.previous.as_ref(), Some(&records[0].attempt.id));
    assert!(store.known(&crate::key("k", "h")).await.unwrap().is_some());
    // Foreign keys hold again: what lies beside an attempt goes with it.
    store.delete_attempt(&records[0].attempt.id).await.unwrap();
    let left = store.records(None, 10).await.unwrap();
    assert_eq!((left.len(), &left[0].attempt.previous), (1, &None));
    queued(&store, 1).await;
    assert_eq!(store.waiting().await.unwrap(), 1);
}
