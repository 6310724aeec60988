//! Unsent text.

use serde_json::json;

use crate::{Api, ITEM};

#[tokio::test]
async fn a_draft_is_kept_replaced_and_deleted() {
    let api = Api::new().await;
    let path = format!("/api/v1/drafts/{ITEM}");
    api.get(&path).await.problem(404, "draft_not_found", None);
    api.put(&path, &json!({"text": "One", "elapsed_ms": 1000}))
        .await
        .expect(200);
    let put = api.put(&path, &json!({"text": "Two"})).await.expect(200);
    assert_eq!(
        (&put["item"], &put["text"], &put["elapsed_ms"]),
        (&json!(ITEM), &json!("Two"), &json!(null))
    );
    assert!(put["updated_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(api.get(&path).await.expect(200), put);
    api.delete(&path).await.expect(204);
    api.delete(&path).await.expect(204);
    api.get(&path).await.problem(404, "draft_not_found", None);
}

#[tokio::test]
async fn drafts_have_the_limits_of_answers() {
    let api = Api::new().await;
    let path = format!("/api/v1/drafts/{ITEM}");
    api.put("/api/v1/drafts/no-such-item", &json!({"text": "x"}))
        .await
        .problem(404, "item_not_found", None);
    api.put(&path, &json!({"text": "x".repeat(65_537)}))
        .await
        .problem(422, "invalid_field", Some("text"));
    api.put(&path, &json!({"text": "a\u{0}b"}))
        .await
        .problem(422, "invalid_field", Some("text"));
    api.put(&path, &json!({"text": "x", "elapsed_ms": -1}))
        .await
        .problem(422, "invalid_field", Some("elapsed_ms"));
    api.put(&path, &json!({"text": "", "elapsed_ms": null}))
        .await
        .expect(200);
}
