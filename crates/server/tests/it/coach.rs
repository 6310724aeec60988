//! The coach over HTTP.

use serde_json::{Value, json};

use crate::{Api, ITEM, STRONG};

const PATH: &str = "/api/v1/items/fixture-stampede/coach";

fn ids(coaching: &Value) -> Vec<&str> {
    let nudges = coaching["nudges"].as_array().unwrap();
    nudges.iter().map(|nudge| nudge["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_answer_is_listened_to_and_not_kept() {
    let api = Api::new().await;
    let first = api.post(PATH, &json!({"text": ""})).await;
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!(ids(&first.expect(200)).len(), 1, "how to begin");

    let beside = "I would like to talk about that with everybody before we go on. ".repeat(5);
    let open = api.post(PATH, &json!({"text": beside})).await.expect(200);
    let again = api.post(PATH, &json!({"text": beside})).await.expect(200);
    assert_eq!(open, again);
    let (facts, made) = (&open["heard"]["facts"], &open["heard"]["made"]);
    assert!(facts.as_u64().unwrap() > 0 && made == 0, "{open}");
    let asked = ids(&open);
    assert_eq!(asked.len(), 2, "{open}");
    let dismissed = api
        .post(PATH, &json!({"text": beside, "dismissed": asked}))
        .await
        .expect(200);
    assert!(
        ids(&dismissed).iter().all(|id| !asked.contains(id)),
        "{dismissed}"
    );

    let good = api.post(PATH, &json!({"text": STRONG})).await.expect(200);
    assert!(good["heard"]["made"].as_u64().unwrap() >= 3, "{good}");

    assert_eq!(api.get("/api/v1/attempts").await.expect(200)["data"], json!([]));
    let draft = format!("/api/v1/drafts/{ITEM}");
    api.get(&draft).await.problem(404, "draft_not_found", None);
}

#[tokio::test]
async fn a_span_is_the_words_it_names() {
    let api = Api::new().await;
    let text = "Grüße. Um, we, you know, basically did, um, what I mean, uh, is usual. ".repeat(2);
    let timeline = json!([{"elapsed_ms": 0, "words": 0}, {"elapsed_ms": 20_000, "words": 30}]);
    let body = json!({"text": text, "spoken": true, "timeline": timeline});
    let delivery = &api.post(PATH, &body).await.expect(200)["delivery"];
    assert_eq!(delivery["words_a_minute"], 90);
    assert_eq!(delivery["nudge"]["kind"], "fillers", "{delivery}");
    let span = &delivery["nudge"]["because"]["span"];
    let byte = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
    assert_eq!(span["text"], text[byte("start")..byte("end")]);
}

#[tokio::test]
async fn the_coach_is_off_in_a_loop_and_names_what_is_wrong() {
    let api = Api::new().await;
    let in_loop = json!({"text": STRONG, "loop": "monday"});
    api.post(PATH, &in_loop).await.problem(409, "coach_off", None);
    api.post("/api/v1/items/no-such-item/coach", &json!({"text": ""}))
        .await
        .problem(404, "item_not_found", None);
    let points = |points: &[(u64, u32)]| -> Value {
        let point = |(elapsed_ms, words): &(u64, u32)| json!({"elapsed_ms": elapsed_ms, "words": words});
        points.iter().map(point).collect()
    };
    for (field, body) in [
        ("text", json!({})),
        ("text", json!({"text": "x".repeat(65_537)})),
        (
            "timeline",
            json!({"text": "", "timeline": points(&[(5, 0), (4, 0)])}),
        ),
        (
            "timeline",
            json!({"text": "", "timeline": points(&[(86_400_001, 0)])}),
        ),
        (
            "timeline",
            json!({"text": "", "timeline": points(&vec![(1, 1); 901])}),
        ),
        ("dismissed", json!({"text": "", "dismissed": ["x".repeat(129)]})),
    ] {
        api.post(PATH, &body)
            .await
            .problem(422, "invalid_field", Some(field));
    }
}
