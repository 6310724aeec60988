//! Documents beside attempts: versions, logs, paging, and gone when deleted.

use domain::{DocumentId, DocumentKind};
use store::{KeptDocument, KeptEntry, Store, Transfer, Written};

use crate::{NOON_US, add, attempt};

const STORY: DocumentKind = DocumentKind::Story;

fn id(text: &str) -> DocumentId {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_writer_that_has_not_seen_the_last_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let put = async |body: &str, seen, at| store.put_document(STORY, &id("a"), body, seen, at).await.unwrap();
    assert_eq!(
        put("{\"n\":1}", Some(1), 0).await,
        Written::Stale(0),
        "there is none"
    );
    assert_eq!(put("{\"n\":1}", Some(0), 1).await, Written::Now(1));
    assert_eq!(
        put("{\"n\":2}", Some(0), 2).await,
        Written::Stale(1),
        "it is there"
    );
    assert_eq!(put("{\"n\":2}", Some(1), 3).await, Written::Now(2));
    assert_eq!(put("{\"n\":3}", None, 4).await, Written::Now(3));
    let kept = store.document(STORY, &id("a")).await.unwrap().unwrap();
    assert_eq!((kept.body.as_str(), kept.version), ("{\"n\":3}", 3));
    assert_eq!((kept.created_at_us, kept.updated_at_us), (1, 4));
    let other = store.document(DocumentKind::Plan, &id("a")).await.unwrap();
    assert_eq!(other, None, "ids are names within a kind");
}

#[tokio::test]
async fn a_log_grows_at_its_end_only_and_goes_with_its_document() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let append = async |at, bodies: &[&str]| {
        let bodies: Vec<String> = bodies.iter().map(|&b| b.to_owned()).collect();
        store
            .append_entries(STORY, &id("a"), at, &bodies, NOON_US + at)
            .await
            .unwrap()
    };
    assert_eq!(append(0, &["1"]).await, Written::Gone);
    store
        .put_document(STORY, &id("a"), "{}", None, NOON_US)
        .await
        .unwrap();
    assert_eq!(append(0, &["1", "2"]).await, Written::Now(0));
    assert_eq!(append(1, &["again"]).await, Written::Stale(2));
    assert_eq!(append(2, &["3"]).await, Written::Now(2));
    let bodies = async || -> Vec<String> {
        let log = store.entries(STORY, &id("a")).await.unwrap();
        log.into_iter().map(|e| e.body).collect()
    };
    assert_eq!(bodies().await, ["1", "2", "3"]);
    assert!(store.delete_document(STORY, &id("a")).await.unwrap());
    assert!(!store.delete_document(STORY, &id("a")).await.unwrap());
    assert!(bodies().await.is_empty());
}

#[tokio::test]
async fn pages_of_documents_meet_without_gap_or_repeat() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    for n in 0..7 {
        // Pairs share their instant: the id decides between them.
        let at = NOON_US + n / 2;
        let name = id(&format!("s{n}"));
        store.put_document(STORY, &name, "{}", None, at).await.unwrap();
    }
    let mut seen: Vec<String> = Vec::new();
    let mut after: Option<(i64, DocumentId)> = None;
    loop {
        let page = store
            .documents(STORY, after.as_ref().map(|(at, id)| (*at, id)), 3)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.created_at_us, last.id.clone()));
        seen.extend(page.iter().map(|d| d.id.to_string()));
    }
    assert_eq!(seen, ["s6", "s5", "s4", "s3", "s2", "s1", "s0"]);
}

#[tokio::test]
async fn an_import_adds_what_is_missing_and_a_wipe_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let document = KeptDocument {
        kind: STORY,
        id: id("a"),
        version: 4,
        body: "{\"title\":\"the words to forget\"}".to_owned(),
        created_at_us: 1,
        updated_at_us: 2,
    };
    let entry = KeptEntry {
        body: "1".to_owned(),
        created_at_us: 3,
    };
    let transfer = Transfer {
        documents: vec![(document.clone(), vec![entry.clone()])],
        ..Transfer::default()
    };
    let done = store.import(&transfer).await.unwrap();
    assert_eq!((done.documents_added, done.documents_skipped), (1, 0));
    let again = store.import(&transfer).await.unwrap();
    assert_eq!((again.documents_added, again.documents_skipped), (0, 1));
    assert_eq!(store.document(STORY, &id("a")).await.unwrap(), Some(document));
    assert_eq!(store.entries(STORY, &id("a")).await.unwrap(), [entry]);
    add(&store, &attempt("pagination", 1, "I use a cursor."), None).await;
    store.wipe().await.unwrap();
    assert!(store.documents(STORY, None, 10).await.unwrap().is_empty());
    assert!(store.attempts(None, None, 10).await.unwrap().is_empty());
    store.close().await;
    let file = std::fs::read(folder.path().join("spar.db")).unwrap();
    for words in [&b"the words to forget"[..], b"I use a cursor."] {
        assert!(!file.windows(words.len()).any(|w| w == words));
    }
}
