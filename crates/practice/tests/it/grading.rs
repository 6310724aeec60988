//! Submitting with and without a store, and the bound on gradings.

use domain::{AttemptState, GroupId};
use practice::{Error, Limits, Practice, Store, attempt_id, load};

use crate::{NOON_US, answer, fixture, item, practice};

const GOOD: &str = "I let one request rebuild the key and make everybody else wait for that result. \
    We add random jitter to the expiry so the keys do not all expire together.";

#[tokio::test]
async fn without_a_store_an_answer_is_graded_and_nothing_kept() {
    let practice = practice(None);
    let outcome = practice.submit(answer(GOOD), NOON_US).await.unwrap();
    let view = outcome.view;
    assert_eq!(view.attempt.state, AttemptState::Scored);
    assert!(view.current);
    let card = view.scorecard.unwrap();
    assert!(card.group(GroupId::Coverage).unwrap().score().unwrap() > 30.0);
    assert!(view.question.is_some(), "must-facts were missed");
    assert!(matches!(
        practice.attempt(&view.attempt.id).await,
        Err(Error::NoStore)
    ));
}

#[tokio::test]
async fn the_same_answer_gets_the_same_scorecard_to_the_byte() {
    let practice = practice(None);
    let mut cards = Vec::new();
    for _ in 0..5 {
        let view = practice.submit(answer(GOOD), NOON_US).await.unwrap().view;
        cards.push(serde_json::to_string(&view.scorecard).unwrap());
    }
    cards.dedup();
    assert_eq!(cards.len(), 1);
}

#[tokio::test]
async fn limits_name_the_field() {
    let practice = practice(None);
    let mut empty = answer(" \n ");
    assert!(matches!(
        practice.submit(empty.clone(), NOON_US).await,
        Err(Error::Submission(_))
    ));
    empty.item = item("no-such-item");
    assert!(matches!(
        practice.submit(empty, NOON_US).await,
        Err(Error::ItemNotFound { .. })
    ));
    let mut late = answer(GOOD);
    late.elapsed_ms = Some(-1);
    let error = practice.submit(late, NOON_US).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Field {
                field: "elapsed_ms",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn previous_must_be_a_kept_attempt_at_the_same_item() {
    let folder = tempfile::tempdir().unwrap();
    let practice = practice(Some(Store::open(folder.path(), NOON_US).await.unwrap()));
    let mut orphan = answer(GOOD);
    orphan.previous = Some(attempt_id(NOON_US));
    let error = practice.submit(orphan, NOON_US).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Field {
                field: "previous",
                ..
            }
        ),
        "{error}"
    );

    let first = practice
        .submit(answer("I do not know much about caches."), NOON_US)
        .await
        .unwrap()
        .view;
    let mut other = answer(GOOD);
    other.item = item("fixture-second");
    other.previous = Some(first.attempt.id.clone());
    assert!(practice.submit(other, NOON_US).await.is_err());

    let mut second = answer(GOOD);
    second.previous = Some(first.attempt.id.clone());
    let view = practice.submit(second, NOON_US + 1).await.unwrap().view;
    let change = view.change.unwrap();
    assert_eq!(change.previous, first.attempt.id);
    assert!(change.score.unwrap() > 0.0);
    assert!(
        change.criteria.iter().any(|c| c.id == "jitter" && c.points > 0.0),
        "{change:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_the_room_is_refused_and_the_room_comes_back() {
    let limits = Limits {
        gradings: 1,
        waiting: 1,
    };
    let practice = Practice::new(load(&[fixture()]).unwrap(), None, None, limits);
    let long = GOOD.repeat(300);
    let jobs: Vec<_> = (0..12)
        .map(|_| {
            let (practice, long) = (practice.clone(), long.clone());
            tokio::spawn(async move { practice.submit(answer(&long), NOON_US).await })
        })
        .collect();
    let (mut done, mut busy) = (0, 0);
    for job in jobs {
        match job.await.unwrap() {
            Ok(_) => done += 1,
            Err(Error::Busy { retry_after_s: 1.. }) => busy += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(done >= 2 && busy >= 1, "{done} done, {busy} refused");
    assert_eq!(practice.load().taken, 0);
    practice.submit(answer(GOOD), NOON_US).await.unwrap();
}

#[tokio::test]
async fn a_kept_attempt_outlives_its_item() {
    let folder = tempfile::tempdir().unwrap();
    let id = {
        let practice = practice(Some(Store::open(folder.path(), NOON_US).await.unwrap()));
        let view = practice
            .submit(answer("Every request rebuilds it."), NOON_US)
            .await
            .unwrap()
            .view;
        practice.close().await;
        (view.attempt.id, view.question)
    };
    // The shipped bank alone: the item is gone, its source was kept with the attempt.
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let practice = Practice::new(
        load(&[]).unwrap(),
        None,
        Some(store),
        Limits {
            gradings: 1,
            waiting: 1,
        },
    );
    let view = practice.attempt(&id.0).await.unwrap();
    assert!(!view.current);
    assert_eq!(view.title, "fixture-stampede");
    assert_eq!(view.question, id.1, "the interviewer asks as before");
    let text = view.attempt.submission.text();
    assert_eq!(text, "Every request rebuilds it.");
}
