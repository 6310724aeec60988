//! A loop over HTTP: what it shows and hides, what it refuses by which code, and its scorecard.

use serde_json::{Value, json};

use crate::{Answer, Api, id};

async fn made(api: &Api) -> Value {
    let new = json!({"preset": "on-site", "level": "senior", "role": "backend", "seed": 3});
    api.post("/api/v1/loops", &new).await.expect(201)
}

/// Sends an event at the position of the loop as it was last seen.
async fn send(api: &Api, seen: &Value, event: Value) -> Answer {
    let path = format!("/api/v1/loops/{}/events", id(seen));
    api.post(&path, &json!({"position": seen["position"], "event": event}))
        .await
}

fn acts(seen: &Value) -> Vec<&str> {
    seen["may"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| act.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_loop_from_its_first_word_to_its_scorecard() {
    let api = Api::new().await;
    let seen = made(&api).await;
    assert_eq!(
        (seen["phase"].as_str(), seen["position"].as_u64()),
        (Some("ready"), Some(0))
    );
    assert_eq!(acts(&seen), ["begin", "end"]);
    assert_eq!(
        seen["stages"][0]["questions"][0]["prompt"],
        Value::Null,
        "no question before it is put"
    );
    assert!(
        seen["stages"][1]["stands_in"]
            .as_str()
            .unwrap()
            .contains("not simulated")
    );
    let seen = send(&api, &seen, json!({"type": "begin"})).await.expect(200);
    let stage = &seen["stages"][0];
    assert!(stage["questions"][0]["prompt"].is_string() && stage["questions"][1]["prompt"].is_null());
    assert_eq!(stage["lines"][0]["who"], "interviewer");
    let ask = json!({"type": "ask", "elapsed_ms": 9_000, "text": "What colour is the office?"});
    let seen = send(&api, &seen, ask).await.expect(200);
    let lines = seen["stages"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["act"], "decline");
    let text = "I would look at the plan of the query first and add an index on the column that is searched.";
    let say = json!({"type": "say", "elapsed_ms": 60_000, "text": text});
    let said = send(&api, &seen, say.clone()).await.expect(200);
    // The answer was lost, so the client sends it again: nothing happens twice.
    let again = send(&api, &seen, say).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(200)["position"], said["position"]);
    send(&api, &seen, json!({"type": "hand_in", "elapsed_ms": 61_000}))
        .await
        .problem(409, "document_changed", None);
    let handed = send(&api, &said, json!({"type": "hand_in", "elapsed_ms": 61_000}))
        .await
        .expect(200);
    let attempt = handed["stages"][0]["questions"][0]["attempt"].as_str().unwrap();
    let view = api.get(&format!("/api/v1/attempts/{attempt}")).await.expect(200);
    assert_eq!(view["submission"]["text"], text);
    assert_eq!(handed["pending"]["attempt"], attempt);
    assert_eq!(handed["pending"]["question"], view["question"]);
    let reply = json!({"question": view["question"]["id"], "pass": true});
    api.post(&format!("/api/v1/attempts/{attempt}/replies"), &reply)
        .await
        .expect(200);
    let ended = send(&api, &handed, json!({"type": "end"})).await.expect(200);
    assert_eq!(ended["phase"], "ended");
    assert_eq!(acts(&ended), [""; 0]);
    let card = api
        .get(&format!("/api/v1/loops/{}/scorecard", id(&ended)))
        .await
        .expect(200);
    assert_eq!(
        card["recommendation"],
        Value::Null,
        "one question of three stages recommends nothing"
    );
    assert!(card["reasons"][0].as_str().unwrap().contains("assessed"));
    assert_eq!(card["competencies"].as_array().unwrap().len(), 7);
    let list = api.get("/api/v1/loops").await.expect(200);
    assert_eq!(list["data"][0]["id"], ended["id"]);
    assert_eq!(list["data"][0]["phase"], "ended");
    api.delete(&format!("/api/v1/loops/{}?with_attempts=true", id(&ended)))
        .await
        .expect(204);
    api.get(&format!("/api/v1/attempts/{attempt}"))
        .await
        .problem(404, "attempt_not_found", None);
    api.get(&format!("/api/v1/loops/{}", id(&ended)))
        .await
        .problem(404, "document_not_found", None);
}

#[tokio::test]
async fn what_cannot_happen_has_a_code() {
    let api = Api::new().await;
    let ready = made(&api).await;
    let say = |ms: u64| json!({"type": "say", "elapsed_ms": ms, "text": "A word."});
    send(&api, &ready, say(1))
        .await
        .problem(409, "loop_not_running", None);
    let begun = send(&api, &ready, json!({"type": "begin"})).await.expect(200);
    send(&api, &begun, json!({"type": "begin"}))
        .await
        .problem(409, "loop_running", None);
    send(&api, &begun, json!({"type": "next", "elapsed_ms": 1}))
        .await
        .problem(409, "not_handed_in", None);
    let said = send(&api, &begun, say(5_000)).await.expect(200);
    send(&api, &said, say(4_999))
        .await
        .problem(422, "invalid_field", Some("event.elapsed_ms"));
    let both = json!({"type": "ask", "elapsed_ms": 6_000, "text": "Why?", "clarification": "why"});
    send(&api, &said, both)
        .await
        .problem(422, "invalid_field", Some("event"));
    let handed = send(&api, &said, json!({"type": "hand_in", "elapsed_ms": 6_000}))
        .await
        .expect(200);
    send(&api, &handed, say(7_000))
        .await
        .problem(409, "already_handed_in", None);
    let minutes = ready["stages"][0]["limit_ms"].as_u64().unwrap();
    let over = json!({"type": "pulse", "elapsed_ms": minutes, "words": 0});
    let over = send(&api, &handed, over).await.expect(200);
    assert_eq!(over["stages"][0]["phase"], "time_over");
    send(&api, &over, say(minutes))
        .await
        .problem(409, "stage_over", None);
    let next = json!({"type": "next", "elapsed_ms": minutes});
    let left = send(&api, &over, next).await.expect(200);
    assert_eq!(left["stages"][0]["questions"][1]["phase"], "out_of_time");
    let ended = send(&api, &left, json!({"type": "end"})).await.expect(200);
    send(&api, &ended, json!({"type": "begin"}))
        .await
        .problem(409, "loop_ended", None);
    let unknown = json!({"preset": "a-year", "level": "senior"});
    api.post("/api/v1/loops", &unknown)
        .await
        .problem(422, "invalid_field", Some("preset"));
}

#[tokio::test]
async fn the_presets_say_their_minutes_and_what_is_ours() {
    let api = Api::new().await;
    let presets = api.get("/api/v1/loop-presets").await.expect(200);
    let full = &presets["data"][0];
    assert_eq!(full["stages"].as_array().unwrap().len(), 6);
    assert!(full["note"].as_str().unwrap().contains("our choice"));
    let minutes: u64 = full["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["minutes"].as_u64().unwrap())
        .sum();
    assert_eq!(full["minutes"], minutes);
    for preset in presets["data"].as_array().unwrap() {
        let new = json!({"preset": preset["id"], "level": "junior", "seed": 1});
        let made = api.post("/api/v1/loops", &new).await.expect(201);
        assert_eq!(
            made["stages"].as_array().unwrap().len(),
            preset["stages"].as_array().unwrap().len()
        );
    }
}
