//! Readings in exports and imports: complete, and believed in nothing.

use domain::{AttemptId, Status};
use practice::{AttemptView, Practice, Ruling};
use scripted::{Server, ok};

use crate::NOON_US;
use crate::reading::{made, of_fact, open, read_through, submitted, with_reader};

#[tokio::test]
async fn readings_go_out_and_come_back_and_are_believed_in_nothing() {
    let server = Server::start(vec![ok(&made())]).await;
    let folder = tempfile::tempdir().unwrap();
    let practice = with_reader(open(&folder).await, &server);
    let graded = submitted(&practice).await;
    let read = read_through(&practice, graded).await;
    let id = read.attempt.id.clone();
    let document = exported(&practice).await;
    assert!(document.contains("test-model") && document.contains("\"sent_to\":\"http://127.0.0.1:"));

    let back = imported(&document, &id).await;
    assert_eq!(
        (&back.second.read, &back.scorecard),
        (&read.second.read, &read.scorecard)
    );

    // Somebody who edits the file moves nothing without a quote that is there.
    let end = read.attempt.submission.text().len();
    let place = &read.second.read.as_ref().unwrap().kept.reading.verdicts[0]
        .quote
        .clone()
        .unwrap();
    let quote = format!("\"quote\":{{\"start\":{},\"end\":{}}}", place.start, place.end);
    assert!(document.contains(&quote));
    for edited in [
        String::new(),
        format!("\"quote\":{{\"start\":0,\"end\":{}}}", end + 50),
    ] {
        let (from, to) = if edited.is_empty() {
            (format!("{quote},"), edited)
        } else {
            (quote.clone(), edited)
        };
        let back = imported(&document.replace(&from, &to), &id).await;
        assert_eq!(
            of_fact(&back),
            (Status::Mentioned, Status::Mentioned, Ruling::Unquoted)
        );
    }
    let newer = document.replace("\"reading\":{\"format\":1", "\"reading\":{\"format\":2");
    assert_ne!(newer, document);
    let folder = tempfile::tempdir().unwrap();
    let error = crate::practice(open(&folder).await)
        .import(newer.as_bytes())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("attempts[0].readings[0].reading.format"),
        "{error}"
    );
}

async fn exported(practice: &Practice) -> String {
    let mut export = practice.export(NOON_US).unwrap();
    let mut document = String::new();
    while let Some(piece) = export.next().await.unwrap() {
        document.push_str(&piece);
    }
    document
}

async fn imported(document: &str, id: &AttemptId) -> AttemptView {
    let folder = tempfile::tempdir().unwrap();
    let practice = crate::practice(open(&folder).await);
    practice.import(document.as_bytes()).await.unwrap();
    practice.attempt(id).await.unwrap()
}
