//! Keyset pages do not repeat or skip while others write.

use store::{Cursor, Store};

use crate::{NOON_US, add, attempt, item};

#[tokio::test]
async fn pages_are_stable_under_inserts_and_deletes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut expected = Vec::new();
    for n in 0..25 {
        let mut attempt = attempt(
            ["pagination", "url-shortener"][usize::from(n % 2 == 1)],
            n,
            "Words.",
        );
        // Pairs share their instant: the id breaks the tie.
        attempt.created_at_us = NOON_US + n / 2;
        add(&store, &attempt, None).await;
        expected.push((attempt.created_at_us, attempt.id));
    }
    expected.sort();
    expected.reverse();

    let mut seen = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = store.attempts(None, after.as_ref(), 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(Cursor {
            created_at_us: last.created_at_us,
            id: last.id.clone(),
        });
        seen.extend(page.iter().map(|e| (e.created_at_us, e.id.clone())));
        // A newer attempt arrives, and the last one seen is deleted: neither moves the next page.
        add(
            &store,
            &attempt("pagination", 100 + i64::try_from(seen.len()).unwrap(), "New."),
            None,
        )
        .await;
        store.delete_attempt(&last.id).await.unwrap();
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn one_item_lists_only_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    for n in 0..6 {
        add(
            &store,
            &attempt(
                ["pagination", "url-shortener"][usize::from(n % 2 == 1)],
                n,
                "Words.",
            ),
            None,
        )
        .await;
    }
    let page = store.attempts(Some(&item("pagination")), None, 2).await.unwrap();
    assert_eq!(page.len(), 2);
    assert!(
        page.iter()
            .all(|e| e.item == item("pagination") && e.score == Some(50.0))
    );
    let after = Cursor {
        created_at_us: page[1].created_at_us,
        id: page[1].id.clone(),
    };
    assert_eq!(
        store
            .attempts(Some(&item("pagination")), Some(&after), 9)
            .await
            .unwrap()
            .len(),
        1
    );
}
