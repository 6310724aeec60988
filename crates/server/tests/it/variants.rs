//! An item at a variant: shown, answered, kept, moved to another machine.

use serde_json::{Value, json};

use crate::{Api, id};

const ITEM: &str = "url-shortener";

/// A sentence that is right at one variant and wrong at the other.
const AT_100_MILLION: &str = "A hundred million redirects a day divided by 86,400 is about 1,160 redirects per second. \
                              I take the next number from a sequence and write it in base62.";
const AT_500_MILLION: &str = "Five hundred million redirects a day divided by 86,400 is about 5,800 redirects per second. \
                              I take the next number from a sequence and write it in base62.";

fn answer(text: &str, variant: Option<u32>) -> Value {
    let mut body = json!({"item": ITEM, "seed": 7, "submission": {"type": "text", "text": text}});
    if let Some(variant) = variant {
        body["variant"] = json!(variant);
    }
    body
}

fn rate(attempt: &Value) -> &Value {
    let criteria = attempt["scorecard"]["groups"][0]["criteria"].as_array().unwrap();
    let rate = criteria.iter().find(|c| c["id"] == "redirect-rate");
    &rate.expect("the criterion")["status"]
}

#[tokio::test]
async fn an_item_is_shown_at_each_variant() {
    let api = Api::new().await;
    let path = format!("/api/v1/items/{ITEM}");
    let default = api.get(&path).await.expect(200);
    let zero = api.get(&format!("{path}?variant=0")).await.expect(200);
    let other = api
        .get(&format!("{path}?variant=2&guidance=true"))
        .await
        .expect(200);
    assert_eq!(default, zero);
    assert_eq!(
        default["variant"],
        json!({"number": 0, "title": "100 million redirects a day"})
    );
    assert_eq!(
        other["variant"],
        json!({"number": 2, "title": "500 million redirects a day"})
    );
    assert_eq!(other["variants"], default["variants"]);
    assert_ne!(other["revision"], default["revision"]);
    assert!(
        default["prompt"]
            .as_str()
            .unwrap()
            .contains("and a hundred million redirects a day")
    );
    assert!(
        other["prompt"]
            .as_str()
            .unwrap()
            .contains("and five hundred million redirects a day")
    );
    let sample = other["guidance"]["sample"].as_str().unwrap();
    assert!(
        sample.contains("about 5,790 per second") && sample.contains("20,000 at peak"),
        "{sample}"
    );
    assert!(other["guidance"]["clarifications"].as_array().unwrap().len() >= 4);
    assert!(
        other["guidance"]["change"]["say"]
            .as_str()
            .unwrap()
            .contains("five seconds")
    );
    let plain = api.get("/api/v1/items/slow-query").await.expect(200);
    assert_eq!(
        (&plain["variant"], &plain["variants"]),
        (&Value::Null, &json!([]))
    );
    api.get(&format!("{path}?variant=3"))
        .await
        .problem(400, "invalid_parameter", Some("variant"));
    api.get("/api/v1/items/slow-query?variant=1")
        .await
        .problem(400, "invalid_parameter", Some("variant"));
}

#[tokio::test]
async fn an_answer_is_graded_by_the_figures_of_its_variant() {
    let api = Api::new().await;
    for (text, variant, met) in [
        (AT_100_MILLION, None, true),
        (AT_500_MILLION, Some(2), true),
        (AT_100_MILLION, Some(2), false),
        (AT_500_MILLION, Some(0), false),
    ] {
        let made = api
            .post("/api/v1/attempts", &answer(text, variant))
            .await
            .expect(201);
        assert_eq!(rate(&made) == "met", met, "{variant:?} {made}");
        assert_eq!(made["variant"]["number"], variant.unwrap_or(0));
        assert_eq!(made["current"], true, "each variant is the bank's");
        let read = api
            .get(&format!("/api/v1/attempts/{}", id(&made)))
            .await
            .expect(200);
        assert_eq!(read, made);
    }
    api.post("/api/v1/attempts", &answer(AT_100_MILLION, Some(3)))
        .await
        .problem(422, "invalid_field", Some("variant"));
}

#[tokio::test]
async fn the_variant_travels_with_its_source() {
    let api = Api::new().await;
    let made = api
        .post("/api/v1/attempts", &answer(AT_500_MILLION, Some(2)))
        .await
        .expect(201);
    // Its questions are about the figures that were asked for.
    let question = made["question"]["id"].as_str().unwrap();
    let replies = format!("/api/v1/attempts/{}/replies", id(&made));
    let made = api
        .post(&replies, &json!({"question": question, "pass": true}))
        .await
        .expect(200);
    let document = api.get("/api/v1/export").await.expect(200);
    let source = document["revisions"][0]["source"].as_str().unwrap();
    assert!(source.contains("variant = { number = 2, title = \"500 million redirects a day\" }"));
    assert!(
        !source.contains("[vary]") && !source.contains("{{"),
        "a plain item file"
    );
    let elsewhere = Api::new().await;
    elsewhere.post("/api/v1/import", &document).await.expect(200);
    let read = elsewhere
        .get(&format!("/api/v1/attempts/{}", id(&made)))
        .await
        .expect(200);
    assert_eq!(read, made);
}
