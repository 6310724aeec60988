//! Stories are kept, checked, told and mapped; a name that is hidden does not leave.

use domain::{DocumentId, Rehearsal, Story};
use practice::{Error, Practice, Store, without_names};

use crate::{NOON_US, item, practice};

fn story() -> Story {
    Story {
        title: "The Acme checkout".to_owned(),
        situation: "Acme's checkout timed out for one in fifty orders.".to_owned(),
        action: "I read the slow query log at ACME Pay and moved one report to a replica.".to_owned(),
        result: "Timeouts fell from 2 percent to 0.1 percent.".to_owned(),
        figures: vec!["2 percent at Acme".to_owned()],
        names: vec!["Acme Pay".to_owned(), "acme".to_owned()],
        ..Story::default()
    }
}

async fn open(folder: &tempfile::TempDir) -> Practice {
    practice(Some(Store::open(folder.path(), NOON_US).await.unwrap()))
}

async fn kept(practice: &Practice) -> DocumentId {
    let id = Practice::document_id(NOON_US);
    practice.put(&id, &story(), Some(0), NOON_US).await.unwrap();
    id
}

#[tokio::test]
async fn names_are_hidden_wherever_they_stand() {
    let hidden = without_names(&story());
    assert_eq!(hidden.title, "The [name] checkout");
    assert_eq!(
        hidden.situation,
        "[name]'s checkout timed out for one in fifty orders."
    );
    assert!(
        hidden.action.contains("at [name] and"),
        "the longer name goes whole: {}",
        hidden.action
    );
    let json = serde_json::to_string(&hidden).unwrap().to_lowercase();
    assert!(!json.contains("acme"), "{json}");
}

#[tokio::test]
async fn a_story_is_kept_with_its_rehearsals_and_a_broken_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let untitled = Story {
        title: " ".to_owned(),
        ..story()
    };
    let refused = practice
        .put(&Practice::document_id(NOON_US), &untitled, Some(0), NOON_US)
        .await;
    assert!(matches!(refused, Err(Error::Document(e)) if e.field == "title"));
    // While it is written it may have no title yet.
    let findings = practice.check_story(untitled).await.unwrap();
    assert!(findings.iter().any(|f| f.rule == "missing") && findings.iter().any(|f| f.rule == "name"));

    let id = kept(&practice).await;
    let stale = practice.put(&id, &story(), Some(7), NOON_US).await;
    assert!(matches!(stale, Err(Error::DocumentChanged { .. })));
    let told = practice
        .rehearse_story(&id, "The checkout timed out for one in fifty orders.".to_owned())
        .await
        .unwrap();
    assert!(told.sentences[0].told && !told.sentences[1].told, "{told:?}");
    let entry = Rehearsal {
        limit_ms: 120_000,
        elapsed_ms: 90_000,
        words: 9,
        told: 1,
        of: 3,
        attempt: None,
    };
    practice
        .log::<Story>(&id, 0, std::slice::from_ref(&entry), NOON_US)
        .await
        .unwrap();

    let mut exported = String::new();
    let mut export = practice.export(NOON_US).unwrap();
    while let Some(piece) = export.next().await.unwrap() {
        exported.push_str(&piece);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(&elsewhere).await;
    other.import(exported.as_bytes()).await.unwrap();
    assert_eq!(other.held::<Story>(&id).await.unwrap().body, story());
    assert_eq!(other.logged::<Story>(&id).await.unwrap()[0].entry, entry);
    let broken = exported.replace("\"told\":1", "\"told\":9");
    assert!(
        other.import(broken.as_bytes()).await.is_err(),
        "told more than there is"
    );
}

#[tokio::test]
async fn the_map_is_filled_row_by_row_and_follows_the_story() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let id = kept(&practice).await;
    let map = practice.coverage_map().await.unwrap();
    assert!(
        map.rows.len() >= 10 && map.rows.iter().all(|row| row.cells.is_none()),
        "nothing is graded unasked"
    );
    let question = item("production-incident");
    let row = practice.coverage_row(&question).await.unwrap();
    let cell = row.cells.unwrap()[0].clone();
    assert!(
        cell.coverage < 40.0 && cell.missing().count() > 3 && row.best.is_none(),
        "{cell:?}"
    );

    // A fuller version is graded anew, and its row is empty until then.
    let fuller = Story {
        action: practice.bank().item(&question).unwrap().guidance.sample.clone(),
        ..story()
    };
    practice.put(&id, &fuller, Some(1), NOON_US).await.unwrap();
    let map = practice.coverage_map().await.unwrap();
    assert!(map.rows.iter().all(|row| row.cells.is_none()));
    let row = practice.coverage_row(&question).await.unwrap();
    assert!(row.cells.unwrap()[0].coverage > cell.coverage + 20.0 && row.best == Some(0));
    let map = practice.coverage_map().await.unwrap();
    assert_eq!(map.stories[0].best_for, 1);
    let technical = practice.coverage_row(&item("fixture-stampede")).await;
    assert!(
        matches!(technical, Err(Error::ItemNotFound { .. })),
        "it asks for no story"
    );

    practice.delete_story(&id).await.unwrap();
    assert!(practice.coverage_map().await.unwrap().stories.is_empty());
}
