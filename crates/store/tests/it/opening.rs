//! Opening: from nothing, again, newer, damaged, impossible.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use store::{Error, FILE_NAME, Fault, Store};

use crate::{NOON_US, add, attempt, key};

async fn raw(folder: &std::path::Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(folder.join(FILE_NAME))
        .connect()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_missing_folder_is_made_and_migrated_once() {
    let folder = tempfile::tempdir().unwrap();
    let nested = folder.path().join("a/b");
    for _ in 0..2 {
        let store = Store::open(&nested, NOON_US).await.unwrap();
        assert_eq!(store.attempts(None, None, 10).await.unwrap(), []);
        store.close().await;
    }
    let mut raw = raw(&nested).await;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            .fetch_all(&mut raw)
            .await
            .unwrap();
    let expected = [
        "attempt",
        "document",
        "draft",
        "entry",
        "idempotency",
        "migration",
        "override",
        "program_draft",
        "reading",
        "reply",
        "revision",
        "standing",
        "waiting",
    ];
    assert_eq!(tables, expected);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut raw)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap().path().join("data");
    Store::open(&folder, NOON_US).await.unwrap();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path(), NOON_US).await.unwrap().close().await;
    let mut raw = raw(folder.path()).await;
    sqlx::query("INSERT INTO migration VALUES (99)")
        .execute(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
    let error = Store::open(folder.path(), NOON_US).await.unwrap_err();
    assert!(matches!(error, Error::NewerSchema { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_store_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    std::fs::write(&path, "words ".repeat(1000)).unwrap();
    let error = Store::open(folder.path(), NOON_US).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Corrupt, "{error}");
    assert!(error.to_string().contains("spar.db`"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "words ".repeat(1000));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("data"), NOON_US).await.unwrap_err();
    assert!(matches!(error, Error::CreateFolder { .. }), "{error}");
    assert!(error.to_string().contains("--data DIR"), "{error}");
}

#[tokio::test]
async fn damaged_rows_are_errors_that_name_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let kept = attempt("pagination", 1, "I use a cursor.");
    add(&store, &kept, None).await;
    let mut raw = raw(folder.path()).await;
    for damage in [
        "UPDATE attempt SET submission = '{\"type\": \"text\", \"text\": \"Forged.\"}'",
        "UPDATE attempt SET scorecard = '{'",
        "UPDATE attempt SET item = 'NOT AN ID'",
    ] {
        sqlx::query("PRAGMA foreign_keys = OFF")
            .execute(&mut raw)
            .await
            .unwrap();
        sqlx::query(damage).execute(&mut raw).await.unwrap();
        let error = store.attempt(&kept.id).await.unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(kept.id.as_str()), "{error}");
    }
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    add(&store, &attempt("pagination", 0, "Words."), Some(&key("k", "h"))).await;
    store.close().await;
    let hour_us = 3_600_000_000;
    let store = Store::open(folder.path(), NOON_US + 23 * hour_us).await.unwrap();
    assert!(store.known(&key("k", "h")).await.unwrap().is_some());
    store.close().await;
    let store = Store::open(folder.path(), NOON_US + 25 * hour_us).await.unwrap();
    assert_eq!(store.known(&key("k", "h")).await.unwrap(), None);
}
