//! Cards follow the attempts: what was not confirmed is asked again, and goes when its attempt goes.

use domain::{
    Card, Day, Document, DocumentId, GroupId, Override, Rating, Reply, ReplyBody, ReviewSettings, Ruling,
    Status, Verdict,
};
use practice::{CardView, Error, Graded, NewReview, Practice, Store};

use crate::{NOON_US, answer, practice};

const DAY_US: i64 = 86_400_000_000;

/// Confirms one fact, mentions none of the others.
const ONE: &str = "We add random jitter to the expiry so the keys do not all expire together.";

async fn open(folder: &tempfile::TempDir) -> Practice {
    practice(Some(Store::open(folder.path(), NOON_US).await.unwrap()))
}

fn day(n: u32) -> Day {
    Day::utc(NOON_US).plus(n)
}

fn id(fact: &str) -> DocumentId {
    format!("fixture-stampede.{fact}").parse().unwrap()
}

async fn facts(practice: &Practice) -> Vec<String> {
    let cards = practice.cards().await.unwrap();
    cards.iter().map(|card| card.front.id.clone()).collect()
}

fn by_hand(card: &CardView, rating: Rating, n: u32) -> NewReview {
    NewReview {
        day: day(n),
        elapsed_ms: 9_000,
        graded: Graded::ByHand(rating),
        seen: card.entries,
        instead: false,
    }
}

async fn grade(practice: &Practice, fact: &str, rating: Rating, n: u32) -> CardView {
    let card = practice.card(&id(fact)).await.unwrap();
    let now = NOON_US + i64::from(n) * DAY_US;
    practice
        .review_card(&id(fact), by_hand(&card, rating, n), now)
        .await
        .unwrap()
        .card
}

#[tokio::test]
async fn what_the_latest_attempt_did_not_confirm_is_a_card() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    assert_eq!(facts(&practice).await, [""; 0]);
    let first = practice.submit(answer(ONE), NOON_US).await.unwrap().view;
    assert_eq!(
        facts(&practice).await,
        ["measure", "order", "single-flight", "stale"]
    );
    let card = practice.card(&id("single-flight")).await.unwrap();
    assert_eq!(card.made_by.as_ref().unwrap().attempt, first.attempt.id);
    assert_eq!(card.front.ask, "Which of these protects the database?");
    assert_eq!(card.right_answer, "One caller recomputes and the others wait.");
    assert!(card.claim.starts_with("One request recomputes"), "{card:?}");

    // A reply that settles a fact takes its card away, one that fails makes none.
    let question = first.question.unwrap();
    let right = question
        .options
        .iter()
        .position(|o| o.starts_with("One caller"))
        .unwrap();
    let reply = Reply {
        question: question.id.clone(),
        body: ReplyBody::Choice(u32::try_from(right).unwrap()),
    };
    practice
        .reply(&first.attempt.id, reply, None, NOON_US)
        .await
        .unwrap();
    assert_eq!(
        facts(&practice).await,
        ["measure", "order", "stale"],
        "prompted is no card"
    );

    // A human's word counts like the grader's.
    let says = |ruling| Override {
        group: GroupId::Coverage,
        criterion: "stale".to_owned(),
        ruling,
        reason: "I said so in other words.".to_owned(),
        created_at_us: NOON_US,
    };
    practice
        .regrade(&first.attempt.id, says(Ruling::Status(Status::Met)))
        .await
        .unwrap();
    assert_eq!(facts(&practice).await, ["measure", "order"]);
    practice
        .regrade(&first.attempt.id, says(Ruling::Withdrawn(true)))
        .await
        .unwrap();
    assert_eq!(facts(&practice).await, ["measure", "order", "stale"]);

    // The next attempt decides anew, with its words on the back.
    let text = "Readers would maybe see something stale. We watch the hit rate and the load on the database.";
    let second = practice.submit(answer(text), NOON_US + 1).await.unwrap().view;
    let now = facts(&practice).await;
    assert!(
        now.contains(&"jitter".to_owned()) && !now.contains(&"measure".to_owned()),
        "{now:?}"
    );
    let stale = practice.card(&id("stale")).await.unwrap().made_by.unwrap();
    assert_eq!(
        (stale.status, &stale.attempt),
        (Status::Mentioned, &second.attempt.id)
    );
    assert!(stale.said.iter().any(|said| said.contains("stale")), "{stale:?}");
}

#[tokio::test]
async fn cards_go_with_their_attempts_unless_they_are_the_candidates_own() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let attempt = practice
        .submit(answer(ONE), NOON_US)
        .await
        .unwrap()
        .view
        .attempt
        .id;
    grade(&practice, "order", Rating::Good, 0).await;
    let note = Card {
        suspended: false,
        note: "ask Ana".to_owned(),
    };
    practice.put_card(&id("stale"), &note, 0, NOON_US).await.unwrap();
    practice
        .put_card(
            &id("measure"),
            &Card {
                suspended: true,
                ..Card::default()
            },
            0,
            NOON_US,
        )
        .await
        .unwrap();
    practice
        .put_card(&id("measure"), &Card::default(), 1, NOON_US)
        .await
        .unwrap();
    assert!(matches!(
        practice.put_card(&id("stale"), &note, 0, NOON_US).await,
        Err(Error::DocumentChanged { .. })
    ));

    practice.delete(&attempt).await.unwrap();
    assert_eq!(
        facts(&practice).await,
        ["order", "stale"],
        "reviewed and noted ones stay, the others are gone"
    );
    let kept = practice.card(&id("order")).await.unwrap();
    assert_eq!((kept.made_by, kept.schedule.unwrap().reviews), (None, 1));
    for fact in ["order", "stale"] {
        practice.delete_card(&id(fact)).await.unwrap();
    }
    assert_eq!(facts(&practice).await, [""; 0]);
    assert!(matches!(
        practice.delete_card(&id("order")).await,
        Err(Error::DocumentNotFound { .. })
    ));
}

#[tokio::test]
async fn a_check_grades_and_the_candidate_may_know_better() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    practice
        .submit(answer("I would look at the cache."), NOON_US)
        .await
        .unwrap();
    let card = practice.card(&id("single-flight")).await.unwrap();
    let wrong = card
        .front
        .options
        .iter()
        .position(|o| o.starts_with("A longer"))
        .unwrap();
    let body = ReplyBody::Choice(u32::try_from(wrong).unwrap());
    let by_check = |card: &CardView, body: ReplyBody| NewReview {
        graded: Graded::ByCheck { body, rating: None },
        ..by_hand(card, Rating::Good, 0)
    };
    let misfit = by_check(&card, ReplyBody::Number(4.0));
    assert!(matches!(
        practice.review_card(&card.id, misfit, NOON_US).await,
        Err(Error::ReplyKind { .. })
    ));
    let failed = practice
        .review_card(&card.id, by_check(&card, body), NOON_US)
        .await
        .unwrap();
    let judged = failed.judgement.unwrap();
    assert_eq!((failed.rating, judged.verdict), (Rating::Again, Verdict::Wrong));
    assert_eq!(judged.explanation, "It only makes the stampede rarer.");
    assert_eq!(failed.card.schedule.unwrap().due, day(0), "once more today");

    // What was seen is stale now: another window graded it.
    let stale = practice
        .review_card(&card.id, by_hand(&card, Rating::Good, 0), NOON_US)
        .await;
    assert!(matches!(stale, Err(Error::DocumentChanged { .. })));
    let hard = NewReview {
        instead: true,
        ..by_hand(&failed.card, Rating::Hard, 0)
    };
    let changed = practice.review_card(&card.id, hard, NOON_US).await.unwrap().card;
    let schedule = changed.schedule.unwrap();
    assert_eq!(
        (schedule.reviews, changed.entries),
        (1, 3),
        "the log keeps both and the undo"
    );
    assert!(schedule.due > day(0));

    let undone = practice
        .undo_review(&card.id, day(0), changed.entries, NOON_US)
        .await
        .unwrap();
    assert_eq!((undone.schedule, undone.entries), (None, 4));
    let nothing = practice.undo_review(&card.id, day(0), 4, NOON_US).await;
    assert!(matches!(nothing, Err(Error::Field { .. })), "{nothing:?}");
}

#[tokio::test]
async fn the_day_holds_what_is_due_and_the_schedule_survives_export_and_import() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    practice.submit(answer(ONE), NOON_US).await.unwrap();
    let settings = ReviewSettings {
        new_a_day: 2,
        ..ReviewSettings::default()
    };
    practice.put_review_settings(&settings, NOON_US).await.unwrap();
    let first = practice.review(day(0), None).await.unwrap();
    assert_eq!(
        (first.counts.new, first.counts.new_waiting, first.total),
        (2, 2, 4)
    );
    assert_eq!(first.cards[0].front.id, "single-flight", "the weightiest first");
    assert_eq!((first.tomorrow.due, first.tomorrow.new), (0, 2));
    grade(&practice, "single-flight", Rating::Good, 0).await;
    grade(&practice, "stale", Rating::Easy, 0).await;
    let done = practice.review(day(0), None).await.unwrap();
    assert_eq!(
        (done.cards.len(), done.pace.graded_today, done.last),
        (0, 2, Some(id("stale")))
    );
    let later = practice.review(day(2), None).await.unwrap();
    assert_eq!((later.counts.due, later.counts.new), (1, 2));
    let suspended = Card {
        suspended: true,
        ..Card::default()
    };
    practice
        .put_card(&id("single-flight"), &suspended, 1, NOON_US)
        .await
        .unwrap();
    assert_eq!(practice.review(day(2), None).await.unwrap().counts.due, 0);
    assert!(practice.review(day(2), Some(0)).await.is_err());

    let before: Vec<_> = practice
        .cards()
        .await
        .unwrap()
        .into_iter()
        .map(|c| (c.id, c.schedule, c.kept))
        .collect();
    let mut exported = String::new();
    let mut export = practice.export(NOON_US).unwrap();
    while let Some(piece) = export.next().await.unwrap() {
        exported.push_str(&piece);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(&elsewhere).await;
    other.import(exported.as_bytes()).await.unwrap();
    let after: Vec<_> = other
        .cards()
        .await
        .unwrap()
        .into_iter()
        .map(|c| (c.id, c.schedule, c.kept))
        .collect();
    assert_eq!(before, after);
    assert_eq!(other.review_settings().await.unwrap(), settings);

    // What breaks a rule is refused by name.
    let broken = exported.replace(r#""rating":"easy""#, r#""rating":"superb""#);
    let error = other.import(broken.as_bytes()).await.unwrap_err().to_string();
    assert!(
        error.contains("entries[0]") && error.contains("superb"),
        "{error}"
    );
    assert!(
        ReviewSettings {
            retention: 99,
            ..settings
        }
        .check()
        .is_err()
    );
}
