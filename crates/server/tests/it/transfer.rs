//! Out and in again.

use serde_json::{Value, json};

use crate::{Api, ITEM, STRONG, WEAK, id, submission};

/// Everything a client can read, to compare two servers by.
async fn everything(api: &Api) -> Vec<Value> {
    let list = api.get("/api/v1/attempts?limit=100").await.expect(200);
    let mut all = vec![list.clone()];
    for attempt in list["data"].as_array().unwrap() {
        all.push(
            api.get(&format!("/api/v1/attempts/{}", id(attempt)))
                .await
                .expect(200),
        );
    }
    for path in [
        "/api/v1/history",
        "/api/v1/items?limit=100",
        "/api/v1/drafts/fixture-second",
    ] {
        all.push(api.get(path).await.expect(200));
    }
    all
}

async fn lived_in() -> Api {
    let api = Api::new().await;
    let first = api.attempt(WEAK).await;
    let replies = format!("/api/v1/attempts/{}/replies", id(&first));
    let question = first["question"]["id"].clone();
    api.post(&replies, &json!({"question": question, "choice": 2}))
        .await
        .expect(200);
    let fact = format!("/api/v1/attempts/{}/overrides/coverage/order", id(&first));
    for status in ["partial", "met"] {
        let body = json!({"status": status, "reason": "Said later on."});
        assert!(api.put(&fact, &body).await.status.is_success());
    }
    let mut second = submission(STRONG);
    second["previous"] = first["id"].clone();
    second["elapsed_ms"] = json!(90_000);
    api.post("/api/v1/attempts", &second).await.expect(201);
    api.attempt("Crème brûlée, \u{1f600} and \"quotes\".").await;
    api.put(
        "/api/v1/drafts/fixture-second",
        &json!({"text": "Unsent", "elapsed_ms": 5}),
    )
    .await
    .expect(200);
    api
}

#[tokio::test]
async fn an_export_imported_elsewhere_is_the_same_to_every_reader() {
    let api = lived_in().await;
    let export = api.get("/api/v1/export").await;
    assert!(export.header("content-disposition").contains("attachment"));
    let document = export.expect(200);
    assert_eq!(document["format"], 1);
    assert_eq!(document["attempts"].as_array().unwrap().len(), 3);
    assert_eq!(document["revisions"].as_array().unwrap().len(), 1);

    let fresh = Api::new().await;
    let done = fresh.post("/api/v1/import", &document).await.expect(200);
    assert_eq!(
        done,
        json!({"attempts": {"added": 3, "skipped": 0}, "drafts": {"added": 1, "skipped": 0},
            "documents": {"added": 0, "skipped": 0}})
    );
    assert_eq!(everything(&fresh).await, everything(&api).await);
    let mut again = fresh.get("/api/v1/export").await.expect(200);
    again["exported_at"] = document["exported_at"].clone();
    assert_eq!(again, document);
    let done = fresh.post("/api/v1/import", &document).await.expect(200);
    assert_eq!(
        done,
        json!({"attempts": {"added": 0, "skipped": 3}, "drafts": {"added": 0, "skipped": 1},
            "documents": {"added": 0, "skipped": 0}})
    );
}

type Edit = fn(&mut Value);

#[tokio::test]
async fn an_import_that_lies_is_refused_whole() {
    let api = lived_in().await;
    let document = api.get("/api/v1/export").await.expect(200);
    let fresh = Api::new().await;
    let edits: Vec<(&str, Edit)> = vec![
        ("format", |d| d["format"] = json!(2)),
        ("attempts[1].submission", |d| {
            d["attempts"][1]["submission"]["text"] = json!(" ")
        }),
        ("attempts[0].scorecard", |d| {
            d["attempts"][0]["submission"]["text"] = json!("Other words.")
        }),
        ("attempts[0].scorecard", |d| {
            d["attempts"][0]["scorecard"]["item"] = json!("pagination")
        }),
        ("attempts[2].scorecard", |d| {
            d["attempts"][2]["scorecard"] = Value::Null
        }),
        ("attempts[2].state", |d| {
            d["attempts"][2]["state"] = json!("great")
        }),
        ("attempts[0].void_reason", |d| {
            d["attempts"][0]["void_reason"] = json!("why not")
        }),
        ("attempts[0].id", |d| d["attempts"][0]["id"] = json!("me")),
        ("attempts[0].created_at", |d| {
            d["attempts"][0]["created_at"] = json!("yesterday")
        }),
        ("attempts[1].elapsed_ms", |d| {
            d["attempts"][1]["elapsed_ms"] = json!(-5)
        }),
        ("attempts[0].revision", |d| d["revisions"] = json!([])),
        ("drafts[0]", |d| d["drafts"][0]["elapsed_ms"] = json!(-5)),
        ("attempts[0].overrides[1]", |d| {
            d["attempts"][0]["overrides"][1]["reason"] = json!("")
        }),
        ("attempts[0].overrides[0]", |d| {
            d["attempts"][0]["overrides"][0]["criterion"] = json!("no-such")
        }),
        ("attempts[0].overrides", |d| {
            let entry = d["attempts"][0]["overrides"][0].clone();
            d["attempts"][0]["overrides"] = json!(vec![entry; 501]);
        }),
        ("document", |d| *d = json!("x")),
    ];
    for (field, edit) in edits {
        let mut lie = document.clone();
        edit(&mut lie);
        let answer = fresh.post("/api/v1/import", &lie).await;
        let blamed = answer.json()["field"].as_str().unwrap_or_default().to_owned();
        assert!(
            blamed == field || (field == "document" && blamed == "."),
            "{field}: {}",
            answer.json()
        );
        answer.problem(422, "import_refused", Some(&blamed));
    }
    assert_eq!(fresh.get("/api/v1/attempts").await.expect(200)["data"], json!([]));
    fresh
        .send(
            "POST",
            "/api/v1/import",
            &[("content-type", "application/json")],
            "{",
        )
        .await
        .expect(422);
}

#[tokio::test]
async fn a_document_of_a_version_before_overrides_is_read() {
    let api = lived_in().await;
    let mut document = api.get("/api/v1/export").await.expect(200);
    for attempt in document["attempts"].as_array_mut().unwrap() {
        attempt.as_object_mut().unwrap().remove("overrides").unwrap();
    }
    let fresh = Api::new().await;
    let done = fresh.post("/api/v1/import", &document).await.expect(200);
    assert_eq!(done["attempts"]["added"], 3);
    let listed = fresh.get("/api/v1/attempts").await.expect(200);
    let none = |attempt: &Value| attempt["score_by_hand"].is_null();
    assert!(listed["data"].as_array().unwrap().iter().all(none));
}

#[tokio::test]
async fn a_forged_source_cannot_ask_questions() {
    let api = lived_in().await;
    let mut document = api.get("/api/v1/export").await.expect(200);
    // Another revision, whose claimed hash is not that of its text.
    let forged = "b3:00000000000000000000000000000000";
    document["revisions"][0]["revision"] = json!(forged);
    for attempt in document["attempts"].as_array_mut().unwrap() {
        attempt["revision"] = json!(forged);
        attempt["scorecard"]["revision"] = json!(forged);
    }
    let fresh = Api::new().await;
    fresh.post("/api/v1/import", &document).await.expect(200);
    let list = fresh
        .get(&format!("/api/v1/attempts?item={ITEM}"))
        .await
        .expect(200);
    for attempt in list["data"].as_array().unwrap() {
        let attempt = fresh
            .get(&format!("/api/v1/attempts/{}", id(attempt)))
            .await
            .expect(200);
        assert_eq!(
            (&attempt["question"], &attempt["current"]),
            (&Value::Null, &json!(false))
        );
        let notes = attempt["scorecard"]["notes"].as_array().unwrap();
        let replies = format!("/api/v1/attempts/{}/replies", id(&attempt));
        let reply = json!({"question": "single-flight", "pass": true});
        fresh
            .post(&replies, &reply)
            .await
            .problem(409, "question_not_pending", Some("question"));
        assert!(
            notes
                .iter()
                .any(|n| n.as_str().unwrap().contains("cannot read the item")),
            "{notes:?}"
        );
    }
}
