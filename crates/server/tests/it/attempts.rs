//! The main job: submit, read, be questioned, try again, delete.

use serde_json::{Value, json};

use crate::{Api, ITEM, STRONG, WEAK, id, submission};

#[tokio::test]
async fn a_submission_becomes_an_attempt() {
    let api = Api::new().await;
    let answer = api.post("/api/v1/attempts", &submission(STRONG)).await;
    assert!(answer.header("location").starts_with("/api/v1/attempts/"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let location = answer.header("location").to_owned();
    let made = answer.expect(201);
    assert_eq!(location, format!("/api/v1/attempts/{}", id(&made)));
    assert_eq!(
        (&made["item"], &made["state"], &made["current"]),
        (&json!(ITEM), &json!("scored"), &json!(true))
    );
    assert_eq!(made["submission"], json!({"type": "text", "text": STRONG}));
    let card = &made["scorecard"];
    assert_eq!(card["seed"], 7);
    assert_eq!(card["groups"].as_array().unwrap().len(), 6);
    let coverage = &card["groups"][0];
    let (low, score, high) = (
        coverage["low"].as_f64().unwrap(),
        coverage["score"].as_f64().unwrap(),
        coverage["high"].as_f64().unwrap(),
    );
    assert!(
        low <= score && score <= high && score > 50.0,
        "{low} {score} {high}"
    );
    for criterion in coverage["criteria"].as_array().unwrap() {
        assert!(criterion["points"].is_number());
        for span in criterion["evidence"].as_array().unwrap() {
            let (start, end) = (
                span["start"].as_u64().unwrap() as usize,
                span["end"].as_u64().unwrap() as usize,
            );
            assert_eq!(&STRONG[start..end], span["text"].as_str().unwrap());
        }
    }
    assert_eq!(
        api.get(&location).await.expect(200),
        made,
        "reading gives what was answered"
    );
    let list = api.get("/api/v1/attempts").await.expect(200);
    assert_eq!(list["data"][0]["score"], card["score"]);
    assert_eq!(list["data"][0]["coverage"], coverage["score"]);
    assert_eq!(list["next"], Value::Null);
}

#[tokio::test]
async fn a_key_has_one_effect() {
    let api = Api::new().await;
    let first = api
        .post_with_key("/api/v1/attempts", "key-1", &submission(WEAK))
        .await;
    assert_eq!(first.header("idempotency-replayed"), "");
    let first = first.expect(201);
    // A reply in between does not change what the key answers.
    let question = first["question"]["id"].as_str().unwrap();
    let replies = format!("/api/v1/attempts/{}/replies", id(&first));
    api.post(&replies, &json!({"question": question, "pass": true}))
        .await
        .expect(200);
    let again = api
        .post_with_key("/api/v1/attempts", "key-1", &submission(WEAK))
        .await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        again.header("location"),
        format!("/api/v1/attempts/{}", id(&first))
    );
    assert_eq!(again.expect(201), first);
    api.post_with_key("/api/v1/attempts", "key-1", &submission(STRONG))
        .await
        .problem(422, "idempotency_key_reused", Some("Idempotency-Key"));
    api.post_with_key(&replies, "key-1", &json!({"question": question, "pass": true}))
        .await
        .problem(422, "idempotency_key_reused", Some("Idempotency-Key"));
    assert_eq!(
        api.get("/api/v1/attempts").await.expect(200)["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Deleting forgets the key: the request is new again.
    api.delete(&format!("/api/v1/attempts/{}", id(&first)))
        .await
        .expect(204);
    let new = api
        .post_with_key("/api/v1/attempts", "key-1", &submission(WEAK))
        .await
        .expect(201);
    assert_ne!(id(&new), id(&first));
}

#[tokio::test]
async fn racing_requests_with_one_key_make_one_attempt() {
    let api = Api::new().await;
    let body = submission(WEAK);
    let mut requests = Vec::new();
    for _ in 0..8 {
        requests.push(api.post_with_key("/api/v1/attempts", "race", &body));
    }
    let mut ids: Vec<String> = Vec::new();
    for answer in futures_util::future::join_all(requests).await {
        ids.push(id(&answer.expect(201)).to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

/// A reply that fits the kind of the question; which option is right is not known here.
fn reply(question: &Value) -> Value {
    let options = question["options"].as_array().unwrap().len();
    let (key, value) = match question["kind"].as_str().unwrap() {
        "choice" => ("choice", json!(0)),
        "pick" => ("choices", json!([0, 1])),
        "number" => ("number", json!(120.0)),
        "order" => ("order", json!((0..options).collect::<Vec<_>>())),
        _ => ("text", json!("We watch the hit rate on a dashboard.")),
    };
    json!({"question": question["id"], key: value})
}

#[tokio::test]
async fn the_interviewer_asks_until_done() {
    let api = Api::new().await;
    let mut attempt = api.attempt("I do not know what happened there.").await;
    let replies = format!("/api/v1/attempts/{}/replies", id(&attempt));
    let mut kinds = Vec::new();
    while !attempt["question"].is_null() {
        let question = attempt["question"].clone();
        assert_eq!(question["number"], kinds.len() + 1);
        kinds.push(question["kind"].as_str().unwrap().to_owned());
        let before = attempt;
        // Another question than the pending one, another kind, an option that is not there.
        api.post(&replies, &json!({"question": "no-such", "pass": true}))
            .await
            .problem(409, "question_not_pending", Some("question"));
        let other = if question["kind"] == "choice" {
            json!({"order": [0]})
        } else {
            json!({"choice": 0})
        };
        let mut wrong_kind = other.clone();
        wrong_kind["question"] = question["id"].clone();
        api.post(&replies, &wrong_kind).await.expect(422);
        attempt = api.post(&replies, &reply(&question)).await.expect(200);
        let asked = attempt["asked"].as_array().unwrap();
        assert_eq!(asked.len(), kinds.len());
        let last = asked.last().unwrap();
        assert_eq!(last["question"], question);
        assert!(
            !last["explanation"].as_str().unwrap().is_empty() || last["verdict"] == "right",
            "{last}"
        );
        assert_eq!(
            api.get(&format!("/api/v1/attempts/{}", id(&attempt)))
                .await
                .expect(200),
            attempt
        );
        assert_ne!(attempt, before);
        assert!(kinds.len() <= 5);
    }
    assert!(
        kinds.contains(&"choice".to_owned()) && kinds.contains(&"number".to_owned()),
        "{kinds:?}"
    );
    api.post(&replies, &json!({"question": "single-flight", "pass": true}))
        .await
        .problem(409, "question_not_pending", Some("question"));
    // Lists and summaries follow what the replies moved.
    let list = api.get("/api/v1/attempts").await.expect(200);
    assert_eq!(list["data"][0]["score"], attempt["scorecard"]["score"]);
    let item = api.get(&format!("/api/v1/items/{ITEM}")).await.expect(200);
    assert_eq!(
        (&item["attempts"], &item["best"]),
        (&json!(1), &attempt["scorecard"]["score"])
    );
}

#[tokio::test]
async fn a_reply_key_answers_as_the_first_time() {
    let api = Api::new().await;
    let attempt = api.attempt("I do not know.").await;
    let replies = format!("/api/v1/attempts/{}/replies", id(&attempt));
    let body = reply(&attempt["question"]);
    let first = api.post_with_key(&replies, "r1", &body).await.expect(200);
    let next = reply(&first["question"]);
    api.post_with_key(&replies, "r2", &next).await.expect(200);
    let again = api.post_with_key(&replies, "r1", &body).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(200), first);
}

#[tokio::test]
async fn one_of_many_racing_replies_wins_and_counts() {
    let api = Api::new().await;
    for _ in 0..10 {
        let attempt = api.attempt("I do not know.").await;
        let path = format!("/api/v1/attempts/{}", id(&attempt));
        let replies = format!("{path}/replies");
        let bodies: Vec<Value> = (0..4)
            .map(|choice| json!({"question": attempt["question"]["id"], "choice": choice}))
            .collect();
        let answers =
            futures_util::future::join_all(bodies.iter().map(|body| api.post(&replies, body))).await;
        let winner = answers.iter().position(|a| a.status == 200).unwrap();
        assert_eq!(answers.iter().filter(|a| a.status == 409).count(), 3);
        let read = api.get(&path).await.expect(200);
        assert_eq!(
            read["asked"][0]["reply"]["choice"], winner,
            "what is shown is what was kept"
        );
        assert!(answers[winner].json() == read, "the winner was answered with it");
        let list = api.get("/api/v1/attempts?limit=1").await.expect(200);
        assert_eq!(list["data"][0]["score"], read["scorecard"]["score"]);
    }
}

#[tokio::test]
async fn trying_again_shows_the_change() {
    let api = Api::new().await;
    let first = api.attempt(WEAK).await;
    let mut again = submission(STRONG);
    again["previous"] = first["id"].clone();
    let second = api.post("/api/v1/attempts", &again).await.expect(201);
    let change = &second["change"];
    assert_eq!(change["previous"], first["id"]);
    assert!(change["score"].as_f64().unwrap() > 0.0);
    let moved = change["criteria"].as_array().unwrap();
    let jitter = moved.iter().find(|c| c["id"] == "jitter").unwrap();
    assert_eq!(
        (&jitter["from"], &jitter["to"], &jitter["group"]),
        (&json!("missed"), &json!("met"), &json!("coverage"))
    );
    // The earlier one goes: the later one stays, without a name for it.
    api.delete(&format!("/api/v1/attempts/{}", id(&first)))
        .await
        .expect(204);
    let second = api
        .get(&format!("/api/v1/attempts/{}", id(&second)))
        .await
        .expect(200);
    assert_eq!(
        (&second["previous"], &second["change"]),
        (&Value::Null, &Value::Null)
    );
    again["previous"] = first["id"].clone();
    api.post("/api/v1/attempts", &again)
        .await
        .problem(422, "invalid_field", Some("previous"));
}

#[tokio::test]
async fn deleted_is_gone() {
    let api = Api::new().await;
    let attempt = api.attempt(WEAK).await;
    let path = format!("/api/v1/attempts/{}", id(&attempt));
    api.delete(&path).await.expect(204);
    api.get(&path).await.problem(404, "attempt_not_found", None);
    api.delete(&path).await.problem(404, "attempt_not_found", None);
    let history = api.get("/api/v1/history").await.expect(200);
    assert_eq!(history, json!({"items": []}));
}

#[tokio::test]
async fn attempts_page_by_cursor() {
    let api = Api::new().await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(id(&api.attempt(&format!("{WEAK} {n}")).await).to_owned());
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = api
            .get(&format!("/api/v1/attempts?item={ITEM}&limit=3{next}"))
            .await
            .expect(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|a| id(a).to_owned()));
        // A newcomer does not move the pages.
        api.attempt("A newer one that is not on any page.").await;
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    assert_eq!(
        api.get("/api/v1/attempts?item=fixture-second").await.expect(200)["data"],
        json!([])
    );
}

#[tokio::test]
async fn history_tells_an_item_over_time() {
    let api = Api::new().await;
    api.attempt(WEAK).await;
    api.attempt(STRONG).await;
    let history = api.get("/api/v1/history").await.expect(200);
    let item = &history["items"][0];
    assert_eq!((&item["item"], &item["attempts"]), (&json!(ITEM), &json!(2)));
    let points = item["points"].as_array().unwrap();
    assert_eq!(
        (&points[0]["score"], &points[1]["score"]),
        (&item["first"], &item["last"])
    );
    assert_eq!(item["best"], item["last"]);
    let jitter = item["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["id"] == "jitter")
        .unwrap();
    assert_eq!(jitter["statuses"], json!(["missed", "met"]));
}
