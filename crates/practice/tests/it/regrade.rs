//! A human disagrees: both values are kept, and the disagreement is counted.

use domain::{AttemptId, GroupId, Override, OverrideError, Reply, ReplyBody, Ruling, Status};
use practice::{AttemptView, Error, Practice, Store};

use crate::{NOON_US, answer, practice};

const ANSWER: &str = "I let one request rebuild the key and make everybody else wait for that result. \
    Some of it may be stale, I would look at that.";

async fn kept(folder: &tempfile::TempDir) -> (Practice, AttemptView) {
    let practice = practice(Some(Store::open(folder.path(), NOON_US).await.unwrap()));
    let view = practice.submit(answer(ANSWER), NOON_US).await.unwrap().view;
    (practice, view)
}

fn entry(group: GroupId, criterion: &str, ruling: Ruling, reason: &str) -> Override {
    Override {
        group,
        criterion: criterion.to_owned(),
        ruling,
        reason: reason.to_owned(),
        created_at_us: NOON_US + 1,
    }
}

fn fact(id: &str, status: Status) -> Override {
    entry(GroupId::Coverage, id, Ruling::Status(status), "Heard it said.")
}

fn undo(id: &str) -> Override {
    entry(GroupId::Coverage, id, Ruling::Withdrawn(true), "")
}

async fn log_of(practice: &Practice, id: &AttemptId) -> usize {
    practice.attempt(id).await.unwrap().attempt.overrides.len()
}

#[tokio::test]
async fn the_graded_scorecard_stays_and_repeats_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, before) = kept(&folder).await;
    let id = before.attempt.id.clone();
    let first = practice.regrade(&id, fact("jitter", Status::Met)).await.unwrap();
    assert!(first.added);
    let with = first.view.overridden.clone().unwrap();
    assert_eq!(first.view.scorecard, before.scorecard);
    assert_eq!(first.view.attempt.scorecard, before.attempt.scorecard);
    assert!(
        with.score > before.scorecard.as_ref().unwrap().score(),
        "{with:?}"
    );
    let jitter = with.criterion(GroupId::Coverage, "jitter").unwrap();
    assert_eq!(
        (jitter.graded.status, jitter.by_hand.status),
        (Status::Missed, Status::Met)
    );

    // The same at another time says nothing new; another reason does.
    let mut later = fact("jitter", Status::Met);
    later.created_at_us += 60_000_000;
    let again = practice.regrade(&id, later).await.unwrap();
    assert!(!again.added && again.view == first.view);
    let mut reworded = fact("jitter", Status::Met);
    reworded.reason = "The second sentence says it.".to_owned();
    assert!(!practice.regrade(&id, reworded).await.unwrap().added);
    assert_eq!(log_of(&practice, &id).await, 2);

    // Withdrawing brings back what was; there is nothing left to withdraw then.
    let undone = practice.regrade(&id, undo("jitter")).await.unwrap();
    assert_eq!((undone.added, &undone.view.overridden), (false, &None));
    practice.regrade(&id, undo("jitter")).await.unwrap();
    practice.regrade(&id, undo("order")).await.unwrap();
    assert_eq!(log_of(&practice, &id).await, 3);
}

#[tokio::test]
async fn what_cannot_be_overridden_is_refused_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, view) = kept(&folder).await;
    let id = view.attempt.id.clone();
    let refused = async |given: Override| practice.regrade(&id, given).await.unwrap_err();
    assert!(matches!(
        refused(fact("no-such", Status::Met)).await,
        Error::Override(OverrideError::NoCriterion { .. })
    ));
    let graded = view
        .scorecard
        .as_ref()
        .unwrap()
        .group(GroupId::Coverage)
        .unwrap()
        .criteria[0]
        .clone();
    let error = refused(fact(&graded.id, graded.status)).await;
    assert!(
        error.to_string().contains("`status` is what was graded"),
        "{error}"
    );
    let nobody = practice::attempt_id(NOON_US);
    let error = practice
        .regrade(&nobody, fact("jitter", Status::Met))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::AttemptNotFound { .. }), "{error}");
    assert_eq!(log_of(&practice, &id).await, 0);
    // The log has an end.
    for n in 0..domain::MAX_OVERRIDES {
        let mut entry = fact("jitter", Status::Met);
        entry.reason = format!("Reason {n}.");
        practice.regrade(&id, entry).await.unwrap();
    }
    let error = refused(fact("order", Status::Met)).await;
    assert!(matches!(error, Error::NotOverridable { .. }), "{error}");
}

/// What a status is worth is told by `domain` for people and by `answer` for itself; they must agree.
#[tokio::test]
async fn a_status_is_worth_the_same_from_a_human_and_from_the_grader() {
    let practice = practice(None);
    let mut seen = Vec::new();
    for text in [
        ANSWER,
        "Every request that misses recomputes the value itself. The ttl matters.",
        "We add random jitter to the expiry so the keys do not all expire together. Stale copies exist.",
    ] {
        let card = practice
            .submit(answer(text), NOON_US)
            .await
            .unwrap()
            .view
            .scorecard
            .unwrap();
        for group in &card.groups {
            for c in &group.criteria {
                if group.id == GroupId::Coverage {
                    assert_eq!(c.points, domain::round2(c.out_of * c.status.share()), "{c:?}");
                    seen.push(c.status);
                } else {
                    assert_eq!(c.status, Status::of_share(c.points / c.out_of), "{c:?}");
                }
            }
        }
    }
    for status in [
        Status::Met,
        Status::Mentioned,
        Status::Missed,
        Status::Contradicted,
    ] {
        assert!(seen.contains(&status), "{status} is among {seen:?}");
    }
}

#[tokio::test]
async fn a_reply_keeps_the_overrides_and_their_score_follows() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, view) = kept(&folder).await;
    let id = view.attempt.id.clone();
    practice.regrade(&id, fact("order", Status::Met)).await.unwrap();
    let mut view = practice.attempt(&id).await.unwrap();
    while let Some(question) = view.question.clone() {
        let reply = Reply {
            question: question.id,
            body: ReplyBody::Pass(true),
        };
        view = practice.reply(&id, reply, None, NOON_US + 2).await.unwrap().view;
        let listed = practice
            .attempts(None, None, 1)
            .await
            .unwrap()
            .entries
            .remove(0)
            .entry;
        assert_eq!(listed.score, view.scorecard.as_ref().unwrap().score());
        assert_eq!(listed.score_by_hand, view.overridden.as_ref().unwrap().score);
        assert!(listed.score_by_hand > listed.score);
    }
    assert!(!view.asked.is_empty());
}

/// Three attempts, two of them overridden: jitter in both; in the first also a fact downwards, one that was
/// withdrawn again, and the delivery criterion that is named.
async fn disputed(folder: &tempfile::TempDir) -> (Practice, AttemptView, String) {
    let (practice, first) = kept(folder).await;
    let second = practice.submit(answer(ANSWER), NOON_US + 1).await.unwrap().view;
    practice
        .submit(answer("I do not know."), NOON_US + 2)
        .await
        .unwrap();
    let card = first.scorecard.as_ref().unwrap();
    for view in [&first, &second] {
        practice
            .regrade(&view.attempt.id, fact("jitter", Status::Met))
            .await
            .unwrap();
    }
    practice
        .regrade(&first.attempt.id, fact("single-flight", Status::Partial))
        .await
        .unwrap();
    practice
        .regrade(&first.attempt.id, fact("order", Status::Met))
        .await
        .unwrap();
    practice.regrade(&first.attempt.id, undo("order")).await.unwrap();
    let opening = &card.group(GroupId::Structure).unwrap().criteria[0];
    let share = if opening.points > 0.0 { 0 } else { 100 };
    let said = entry(
        GroupId::Structure,
        &opening.id,
        Ruling::Share(share),
        "Read it again.",
    );
    practice.regrade(&first.attempt.id, said).await.unwrap();
    let opening = opening.id.clone();
    (practice, first, opening)
}

#[tokio::test]
async fn the_disagreement_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, first, opening) = disputed(&folder).await;
    let report = practice.disagreement().await.unwrap();
    assert_eq!((report.attempts, report.overridden), (3, 2));
    let coverage = &report.groups[&GroupId::Coverage];
    assert_eq!(
        (
            coverage.tally.graded,
            coverage.tally.overridden,
            coverage.tally.changed
        ),
        (15, 3, 3)
    );
    assert_eq!(coverage.tally.share_changed, Some(0.2));
    // Jitter 0 to 2, twice; single-flight 3 to 1.5.
    assert_eq!(coverage.tally.mean_points, Some(0.83));
    assert_eq!(coverage.confusion[&Status::Missed][&Status::Met], 2);
    assert_eq!(coverage.confusion[&Status::Met][&Status::Partial], 1);
    assert_eq!(coverage.confusion.len(), 2, "what was withdrawn does not count");
    assert_eq!(report.groups[&GroupId::Structure].tally.overridden, 1);
    assert_eq!(report.groups[&GroupId::Conciseness].tally.mean_points, None);
    let top = &report.criteria[0];
    assert_eq!(
        (top.criterion.as_str(), top.tally.overridden, top.tally.graded),
        ("jitter", 2, 3)
    );
    assert_eq!(top.item.as_ref(), Some(&first.attempt.item));
    assert_eq!(report.criteria.len(), 3);
    assert!(
        report
            .criteria
            .iter()
            .any(|c| c.item.is_none() && c.criterion == opening)
    );
}

#[tokio::test]
async fn an_export_is_counted_as_the_store_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, ..) = disputed(&folder).await;
    let report = practice.disagreement().await.unwrap();
    let mut export = practice.export(NOON_US).unwrap();
    let mut document = String::new();
    while let Some(piece) = export.next().await.unwrap() {
        document.push_str(&piece);
    }
    let elsewhere = crate::practice(None);
    assert_eq!(
        elsewhere.disagreement_in(document.as_bytes()).await.unwrap(),
        report
    );
    let lie = document.replace("Heard it said.", " ");
    let error = elsewhere.disagreement_in(lie.as_bytes()).await.unwrap_err();
    assert!(
        error.to_string().contains("overrides[0]") && error.to_string().contains("`reason`"),
        "{error}"
    );
}
