//! Two handles on one file, as `spar try` beside `spar serve`.

use store::{Added, Store};

use crate::{NOON_US, add, attempt, key, reply};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_create_the_same_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let opens = (0..6).map(|_| {
        let path = folder.path().to_owned();
        tokio::spawn(async move { Store::open(&path, NOON_US).await.unwrap() })
    });
    for open in opens.collect::<Vec<_>>() {
        open.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_two_handles_lose_nothing() {
    const EACH: i64 = 40;
    let folder = tempfile::tempdir().unwrap();
    let mut writers = Vec::new();
    for handle in 0..2 {
        let store = Store::open(folder.path(), NOON_US).await.unwrap();
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                add(&store, &attempt("pagination", handle * EACH + n, "Words."), None).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    assert_eq!(
        store.attempts(None, None, 1000).await.unwrap().len(),
        2 * usize::try_from(EACH).unwrap()
    );
    assert_eq!(
        store.summaries().await.unwrap()[0].attempts,
        2 * u32::try_from(EACH).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_has_one_effect_however_many_race_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut racers = Vec::new();
    for n in 0..8 {
        let store = Store::open(folder.path(), NOON_US).await.unwrap();
        racers.push(tokio::spawn(async move {
            add(&store, &attempt("pagination", n, "Words."), Some(&key("k", "h"))).await
        }));
    }
    let mut won = 0;
    for racer in racers {
        won += u32::from(racer.await.unwrap() == Added::Now);
    }
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_once() {
    let folder = tempfile::tempdir().unwrap();
    let asked = attempt("pagination", 1, "Words.");
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    add(&store, &asked, None).await;
    let mut racers = Vec::new();
    for _ in 0..8 {
        let store = Store::open(folder.path(), NOON_US).await.unwrap();
        let asked = asked.clone();
        racers.push(tokio::spawn(async move { reply(&store, &asked, 0, None).await }));
    }
    let mut outcomes = Vec::new();
    for racer in racers {
        outcomes.push(racer.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|o| **o == Added::Now).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| **o == Added::Taken).count(), 7);
}

#[tokio::test]
async fn the_version_moves_with_every_commit_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let here = Store::open(folder.path(), NOON_US).await.unwrap();
    let there = Store::open(folder.path(), NOON_US).await.unwrap();
    let before = here.version().await.unwrap();
    assert_eq!(here.version().await.unwrap(), before);
    add(&there, &attempt("pagination", 1, "Words."), None).await;
    let after = here.version().await.unwrap();
    assert_ne!(after, before);
    add(&here, &attempt("pagination", 2, "Words."), None).await;
    assert_ne!(here.version().await.unwrap(), after);
}
