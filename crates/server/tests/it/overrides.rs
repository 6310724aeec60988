//! A human overrides a criterion: both values, one log, and every refusal.

use serde_json::{Value, json};

use crate::{Api, WEAK, id};

fn path(attempt: &Value, criterion: &str) -> String {
    format!("/api/v1/attempts/{}/overrides/{criterion}", id(attempt))
}

fn met(reason: &str) -> Value {
    json!({"status": "met", "reason": reason})
}

async fn read(api: &Api, attempt: &Value) -> Value {
    api.get(&format!("/api/v1/attempts/{}", id(attempt)))
        .await
        .expect(200)
}

/// A delivery criterion with its share turned round, so that it differs from what was graded.
fn delivery(attempt: &Value) -> (String, Value) {
    let criterion = &attempt["scorecard"]["groups"][1]["criteria"][0];
    let share = if criterion["points"].as_f64().unwrap() > 0.0 {
        0
    } else {
        100
    };
    let name = format!("structure/{}", criterion["id"].as_str().unwrap());
    (name, json!({"share": share, "reason": "I read it aloud."}))
}

#[tokio::test]
async fn an_override_stands_beside_the_grading() {
    let api = Api::new().await;
    let graded = api.attempt(WEAK).await;
    assert_eq!(
        (&graded["overrides"], &graded["with_overrides"]),
        (&json!([]), &Value::Null)
    );
    let jitter = path(&graded, "coverage/jitter");
    let made = api
        .put(&jitter, &met("The expiry is spread, in other words."))
        .await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.expect(201);
    assert_eq!(made["scorecard"], graded["scorecard"], "what was graded stays");
    let shown = &made["overrides"][0];
    assert_eq!(
        (&shown["group"], &shown["criterion"], &shown["reason"]),
        (
            &json!("coverage"),
            &json!("jitter"),
            &json!("The expiry is spread, in other words.")
        )
    );
    assert_eq!(shown["graded"], json!({"status": "missed", "points": 0.0}));
    assert_eq!(shown["by_hand"], json!({"status": "met", "points": 2.0}));
    assert!(shown["created_at"].as_str().unwrap().ends_with('Z'));
    let with = &made["with_overrides"];
    assert!(
        with["score"].as_f64() > graded["scorecard"]["score"].as_f64(),
        "{with}"
    );
    assert_eq!(with["groups"].as_array().unwrap().len(), 6);
    assert_eq!(read(&api, &graded).await, made, "reading gives what was answered");

    // The same again is the same; another value takes its place.
    assert_eq!(
        api.put(&jitter, &met("The expiry is spread, in other words."))
            .await
            .expect(200),
        made
    );
    let partial = json!({"status": "partial", "reason": "Half of it."});
    let replaced = api.put(&jitter, &partial).await.expect(200);
    assert_eq!(replaced["overrides"].as_array().unwrap().len(), 1);
    assert_eq!(
        replaced["overrides"][0]["by_hand"],
        json!({"status": "partial", "points": 1.0})
    );
    let (name, body) = delivery(&graded);
    let both = api.put(&path(&graded, &name), &body).await.expect(201);
    assert_eq!(
        both["overrides"][1]["by_hand"]["points"].as_f64().unwrap() == 0.0,
        body["share"] == 0
    );

    assert_eq!(
        (&both["overrides"][1]["share"], &both["overrides"][0]["share"]),
        (&body["share"], &Value::Null)
    );
}

#[tokio::test]
async fn lists_name_both_scores_until_the_override_is_withdrawn() {
    let api = Api::new().await;
    let graded = api.attempt(WEAK).await;
    let jitter = path(&graded, "coverage/jitter");
    api.put(&jitter, &met("Said.")).await.expect(201);
    let partial = json!({"status": "partial", "reason": "Half of it."});
    api.put(&jitter, &partial).await.expect(200);
    let (name, body) = delivery(&graded);
    let both = api.put(&path(&graded, &name), &body).await.expect(201);
    // Best and last stay as graded.
    let listed = api.get("/api/v1/attempts").await.expect(200)["data"][0].clone();
    assert_eq!(
        (&listed["score"], &listed["score_by_hand"]),
        (&graded["scorecard"]["score"], &both["with_overrides"]["score"])
    );
    let item = api.get("/api/v1/history").await.expect(200)["items"][0].clone();
    assert_eq!(
        item["points"][0]["score_by_hand"],
        both["with_overrides"]["score"]
    );
    assert_eq!(item["best"], graded["scorecard"]["score"]);

    for name in ["coverage/jitter", "coverage/jitter", name.as_str()] {
        assert!(api.delete(&path(&graded, name)).await.expect(204).is_null());
    }
    assert_eq!(read(&api, &graded).await, graded, "as before the first override");
    let log = api.get("/api/v1/export").await.expect(200)["attempts"][0]["overrides"].clone();
    let kinds: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            ["status", "share", "withdrawn"]
                .into_iter()
                .find(|key| e.get(key).is_some())
                .unwrap()
        })
        .collect();
    assert_eq!(
        kinds,
        ["status", "status", "share", "withdrawn", "withdrawn"],
        "nothing is forgotten"
    );
}

#[tokio::test]
async fn a_bad_override_names_the_field_and_keeps_nothing() {
    let api = Api::new().await;
    let graded = api.attempt(WEAK).await;
    let jitter = path(&graded, "coverage/jitter");
    let long = "é".repeat(501);
    for (body, field) in [
        (json!({"status": "met"}), "reason"),
        (json!({"status": "met", "reason": ""}), "reason"),
        (json!({"status": "met", "reason": " \n"}), "reason"),
        (json!({"status": "met", "reason": long}), "reason"),
        (json!({"status": "met", "reason": "a\u{0}b"}), "reason"),
        (json!({"status": "great", "reason": "x"}), "status"),
        (json!({"status": "prompted", "reason": "x"}), "status"),
        (json!({"status": "not_assessed", "reason": "x"}), "status"),
        (json!({"status": "missed", "reason": "as graded"}), "status"),
        (json!({"share": 50, "reason": "x"}), "share"),
        (json!({"reason": "x"}), "body"),
        (json!({"status": "met", "share": 50, "reason": "x"}), "body"),
        (json!({"status": "met", "reason": "x", "points": 2}), "points"),
    ] {
        api.put(&jitter, &body)
            .await
            .problem(422, "invalid_field", Some(field));
    }
    let (name, _) = delivery(&graded);
    for (body, field) in [
        (json!({"status": "met", "reason": "x"}), "status"),
        (json!({"share": 101, "reason": "x"}), "share"),
        (json!({"share": 300, "reason": "x"}), "share"),
        (json!({"share": -1, "reason": "x"}), "share"),
        (json!({"share": 0.5, "reason": "x"}), "share"),
    ] {
        api.put(&path(&graded, &name), &body)
            .await
            .problem(422, "invalid_field", Some(field));
    }
    for criterion in [
        "coverage/no-such",
        "structure/jitter",
        "looks/jitter",
        "coverage/%00",
    ] {
        let path = path(&graded, criterion);
        api.put(&path, &met("x"))
            .await
            .problem(404, "criterion_not_found", None);
        api.delete(&path).await.problem(404, "criterion_not_found", None);
    }
    for attempt in ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "me"] {
        let path = format!("/api/v1/attempts/{attempt}/overrides/coverage/jitter");
        api.put(&path, &met("x"))
            .await
            .problem(404, "attempt_not_found", None);
        api.delete(&path).await.problem(404, "attempt_not_found", None);
    }
    assert_eq!(read(&api, &graded).await, graded);
}

#[tokio::test]
async fn what_was_not_graded_cannot_be_overridden() {
    let api = Api::new().await;
    let made = api.attempt(WEAK).await;
    let (name, body) = delivery(&made);
    let mut document = api.get("/api/v1/export").await.expect(200);
    document["attempts"][0]["scorecard"]["groups"][1]["assessed"] = json!(false);
    let mut void = document["attempts"][0].clone();
    void["id"] = json!("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    (void["state"], void["scorecard"], void["void_reason"]) =
        (json!("void"), Value::Null, json!("it stopped"));
    document["attempts"].as_array_mut().unwrap().push(void.clone());
    let fresh = Api::new().await;
    fresh.post("/api/v1/import", &document).await.expect(200);
    let refused = fresh.put(&path(&made, &name), &body).await;
    assert!(
        refused.json()["detail"]
            .as_str()
            .unwrap()
            .contains("`structure` was not assessed")
    );
    refused.problem(409, "not_overridable", None);
    fresh
        .put(&path(&void, "coverage/jitter"), &met("x"))
        .await
        .problem(409, "not_overridable", None);
}

#[tokio::test]
async fn a_key_answers_as_the_first_time_whatever_was_overridden_since() {
    let api = Api::new().await;
    let body = crate::submission(WEAK);
    let first = api
        .post_with_key("/api/v1/attempts", "k1", &body)
        .await
        .expect(201);
    let jitter = path(&first, "coverage/jitter");
    api.put(&jitter, &met("One.")).await.expect(201);
    let replies = format!("/api/v1/attempts/{}/replies", id(&first));
    let pass = json!({"question": first["question"]["id"], "pass": true});
    let replied = api.post_with_key(&replies, "k2", &pass).await.expect(200);
    assert_eq!(replied["overrides"].as_array().unwrap().len(), 1);
    api.delete(&jitter).await.expect(204);
    assert_eq!(
        api.post_with_key(&replies, "k2", &pass).await.expect(200),
        replied
    );
    assert_eq!(
        api.post_with_key("/api/v1/attempts", "k1", &body)
            .await
            .expect(201),
        first
    );
}

#[tokio::test]
async fn racing_overrides_and_replies_are_all_kept() {
    let api = Api::new().await;
    let made = api.attempt("I do not know.").await;
    let question = made["question"]["id"].as_str().unwrap();
    let replies = format!("/api/v1/attempts/{}/replies", id(&made));
    let pass = json!({"question": question, "pass": true});
    let paths: Vec<String> = ["single-flight", "jitter", "stale", "order"]
        .iter()
        .map(|fact| path(&made, &format!("coverage/{fact}")))
        .collect();
    let body = met("All at once.");
    let overrides = futures_util::future::join_all(paths.iter().map(|path| api.put(path, &body)));
    let (overrides, reply) = tokio::join!(overrides, api.post(&replies, &pass));
    assert!(overrides.iter().all(|answer| answer.status == 201));
    reply.expect(200);
    let after = read(&api, &made).await;
    assert_eq!(after["overrides"].as_array().unwrap().len(), 4);
    assert_eq!(after["asked"].as_array().unwrap().len(), 1);
    let listed = api.get("/api/v1/attempts").await.expect(200);
    assert_eq!(
        listed["data"][0]["score_by_hand"],
        after["with_overrides"]["score"]
    );
}
