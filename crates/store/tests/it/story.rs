//! One candidate's evening: attempts, replies, a draft, a look back, out and in again.

use domain::{AttemptState, Submission};
use store::{Added, Draft, Error, Imported, Known, NewAttempt, Revision, Seen, Standing, Store, Transfer};

use crate::{NOON_US, SOURCE, add, attempt, card, choice, item, key, reply};

fn seen(replies: u32) -> Seen {
    Seen {
        replies,
        overrides: 0,
        readings: 0,
    }
}

#[tokio::test]
async fn an_evening_of_practice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();

    let first = attempt("pagination", 1, "I use an offset.");
    let first_key = key("k1", "h1");
    assert_eq!(add(&store, &first, Some(&first_key)).await, Added::Now);
    assert_eq!(store.attempt(&first.id).await.unwrap().as_ref(), Some(&first));

    // The same key answers as the first time, and says whether the request was the same.
    let again = attempt("pagination", 2, "I use an offset.");
    let known = Known {
        attempt: first.id.clone(),
        seen: seen(0),
        same_request: true,
    };
    assert_eq!(
        add(&store, &again, Some(&first_key)).await,
        Added::Before(known.clone())
    );
    assert_eq!(store.known(&first_key).await.unwrap(), Some(known.clone()));
    let other = Known {
        same_request: false,
        ..known
    };
    assert_eq!(
        add(&store, &again, Some(&key("k1", "h2"))).await,
        Added::Before(other)
    );
    assert_eq!(store.attempt(&again.id).await.unwrap(), None);

    // Replies come in order, once each.
    assert_eq!(
        reply(&store, &first, 1, None).await,
        Added::Taken,
        "the first reply is position 0"
    );
    let reply_key = key("k2", "h3");
    assert_eq!(reply(&store, &first, 0, Some(&reply_key)).await, Added::Now);
    assert_eq!(reply(&store, &first, 0, None).await, Added::Taken);
    let known = Known {
        attempt: first.id.clone(),
        seen: seen(1),
        same_request: true,
    };
    assert_eq!(
        reply(&store, &first, 1, Some(&reply_key)).await,
        Added::Before(known)
    );
    assert_eq!(reply(&store, &again, 0, None).await, Added::Gone);
    let read = store.attempt(&first.id).await.unwrap().unwrap();
    assert_eq!(read.replies, [choice(0)]);

    // Deleting takes its keys along.
    assert!(store.delete_attempt(&first.id).await.unwrap());
    assert!(!store.delete_attempt(&first.id).await.unwrap());
    assert_eq!(store.known(&reply_key).await.unwrap(), None);
    store.close().await;
}

#[tokio::test]
async fn a_look_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let first = attempt("pagination", 1, "I use an offset.");
    add(&store, &first, None).await;
    reply(&store, &first, 0, None).await;
    let mut second = attempt("pagination", 3, "I use a cursor on the last key that was seen.");
    second.previous = Some(first.id.clone());
    second.scorecard = Some(card("pagination", second.submission.text(), 4.0));
    add(&store, &second, None).await;
    let mut void = attempt("url-shortener", 4, "Hash it.");
    void.state = AttemptState::Void;
    void.void_reason = Some("the grader stopped".to_owned());
    void.scorecard = None;
    add(&store, &void, None).await;

    let summaries = store.summaries().await.unwrap();
    assert_eq!(summaries.len(), 1, "a void attempt is none");
    let summary = &summaries[0];
    assert_eq!(
        (summary.attempts, summary.first, summary.last),
        (2, Some(75.0), Some(100.0))
    );
    assert_eq!(summary.best, Some(100.0));
    let history = store.history(1).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].attempt, second.id);
    assert_eq!(
        history[0].standing,
        Standing::of(second.scorecard.as_ref().unwrap(), None, &[])
    );

    // Deleting the first leaves the second, which no longer names it.
    store.delete_attempt(&first.id).await.unwrap();
    assert_eq!(store.attempt(&second.id).await.unwrap().unwrap().previous, None);
}

#[tokio::test]
async fn drafts_are_kept_replaced_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let draft = |text: &str| Draft {
        item: item("pagination"),
        text: text.to_owned(),
        elapsed_ms: Some(1000),
        updated_at_us: NOON_US,
    };
    store.put_draft(&draft("One")).await.unwrap();
    store.put_draft(&draft("Two")).await.unwrap();
    assert_eq!(
        store.draft(&item("pagination")).await.unwrap(),
        Some(draft("Two"))
    );
    assert!(store.delete_draft(&item("pagination")).await.unwrap());
    assert!(!store.delete_draft(&item("pagination")).await.unwrap());
    assert_eq!(store.draft(&item("pagination")).await.unwrap(), None);
}

#[tokio::test]
async fn what_goes_out_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let from = Store::open(&folder.path().join("from"), NOON_US).await.unwrap();
    for n in 0..5 {
        let attempt = attempt("pagination", n, "I use a cursor.");
        add(&from, &attempt, None).await;
        reply(&from, &attempt, 0, None).await;
    }
    let records = from.records(None, 100).await.unwrap();
    let revision = from
        .revision(&item("pagination"), "b3:one")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        revision,
        Revision {
            item: item("pagination"),
            revision: "b3:one".to_owned(),
            source: SOURCE.text.to_owned(),
            lexicon: SOURCE.lexicon.to_owned(),
        }
    );
    let standing = |r: &store::Record| {
        r.attempt
            .scorecard
            .as_ref()
            .map(|card| Standing::of(card, None, &[]))
    };
    let transfer = Transfer {
        revisions: vec![revision],
        attempts: records.iter().map(|r| (r.clone(), standing(r))).collect(),
        drafts: Vec::new(),
        ..Transfer::default()
    };
    let to = Store::open(&folder.path().join("to"), NOON_US).await.unwrap();
    let done = to.import(&transfer).await.unwrap();
    assert_eq!(
        done,
        Imported {
            attempts_added: 5,
            ..Imported::default()
        }
    );
    assert_eq!(to.records(None, 100).await.unwrap(), records);
    let again = to.import(&transfer).await.unwrap();
    assert_eq!(
        again,
        Imported {
            attempts_skipped: 5,
            ..Imported::default()
        }
    );
}

#[tokio::test]
async fn a_scorecard_that_breaks_its_rules_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let mut bad = attempt("pagination", 1, "I use a cursor.");
    bad.submission = Submission::Text {
        text: "Other words than the evidence.".to_owned(),
    };
    let result = store
        .add_attempt(NewAttempt {
            attempt: &bad,
            source: SOURCE,
            key: None,
            seed: 0,
        })
        .await;
    assert!(matches!(result, Err(Error::Invariant { .. })), "{result:?}");
    assert_eq!(store.attempt(&bad.id).await.unwrap(), None);
}
