//! Every refusal is a problem that names what is to blame.

use serde_json::{Value, json};

use crate::{Api, ITEM, WEAK, id, submission};

#[tokio::test]
async fn parameters() {
    let api = Api::new().await;
    for (query, field) in [
        ("colour=red", "colour"),
        ("round=sports", "round"),
        ("round=", "round"),
        ("kind=technical&kind=remote", "kind"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=4294967297", "limit"),
        ("done=maybe", "done"),
        ("after=NOT%20AN%20ID", "after"),
    ] {
        api.get(&format!("/api/v1/items?{query}"))
            .await
            .problem(400, "invalid_parameter", Some(field));
    }
    let long = "x".repeat(201);
    api.get(&format!("/api/v1/items?q={long}"))
        .await
        .problem(400, "invalid_parameter", Some("q"));
    for after in [
        "x",
        "1-2",
        "12345-01ARZ3NDEKTSV4RRFFQ69G5FA",
        "-01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "%00",
    ] {
        let path = format!("/api/v1/attempts?after={after}");
        api.get(&path)
            .await
            .problem(400, "invalid_parameter", Some("after"));
    }
    for path in [
        "health",
        "history",
        "export",
        "openapi.json",
        "problems",
        "attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ] {
        api.get(&format!("/api/v1/{path}?x=1"))
            .await
            .problem(400, "invalid_parameter", Some("x"));
    }
}

#[tokio::test]
async fn paths() {
    let api = Api::new().await;
    api.get("/api/v1/items/no-such-item")
        .await
        .problem(404, "item_not_found", None);
    api.get("/api/v1/items/Not%20A%20Slug")
        .await
        .problem(404, "item_not_found", None);
    api.get("/api/v1/items/%FF%FE")
        .await
        .problem(404, "item_not_found", None);
    api.get("/api/v1/attempts/garbage")
        .await
        .problem(404, "attempt_not_found", None);
    api.get("/api/v1/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .await
        .problem(404, "attempt_not_found", None);
    api.get("/api/v1/attempts/garbage/events")
        .await
        .problem(404, "attempt_not_found", None);
    for path in [
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/items",
        "/api/v1/items/",
        "/api/v1/nothing",
    ] {
        api.get(path).await.problem(404, "not_found", None);
    }
    api.get("/favicon-that-is-not.ico")
        .await
        .problem(404, "not_found", None);
    for (method, path) in [
        ("DELETE", "/api/v1/items"),
        ("PATCH", "/api/v1/attempts"),
        ("POST", "/api/v1/health"),
        ("POST", "/"),
        ("BREW", "/api/v1/items"),
    ] {
        let answer = api.send(method, path, &[], "").await;
        answer.problem(405, "method_not_allowed", None);
        assert!(
            answer.header("allow").contains("GET"),
            "{path}: {:?}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn bodies() {
    let api = Api::new().await;
    let send = |kind: &'static str, body: Vec<u8>| {
        let api = &api;
        async move {
            api.send("POST", "/api/v1/attempts", &[("content-type", kind)], body)
                .await
        }
    };
    let good = submission(WEAK).to_string().into_bytes();
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        send(kind, good.clone())
            .await
            .problem(415, "unsupported_media_type", Some("Content-Type"));
    }
    send("Application/JSON; charset=utf-8", good).await.expect(201);
    for bad in [
        "",
        "{",
        "nul",
        "{\"item\": \"\u{1}\"}",
        "{} {}",
        "{\"item\": 1e999}",
        "{\"item\": \"\\ud800\"}",
    ] {
        let answer = send("application/json", bad.into()).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!(
            ["malformed_json", "invalid_field"].contains(&code.as_str()),
            "{bad}: {code}"
        );
    }
    send("application/json", vec![b'"', 0xff, b'"']).await.expect(400);
    send("application/json", "[".repeat(100_000).into())
        .await
        .expect(422);
    send("application/json", vec![b' '; 2 * 1024 * 1024 + 1])
        .await
        .problem(413, "body_too_large", None);
}

#[tokio::test]
async fn fields_of_an_attempt() {
    let api = Api::new().await;
    let text = |text: Value| json!({"type": "text", "text": text});
    let submissions: Vec<(Value, &str)> = vec![
        (json!({}), "submission.type"),
        (json!({"type": "song", "text": "x"}), "submission.type"),
        (json!({"type": "text"}), "submission.text"),
        (text(json!(1)), "submission"),
        (text(json!(" \n")), "submission.text"),
        (text(json!("a\u{0}")), "submission.text"),
        (text(json!("x".repeat(65_537))), "submission.text"),
        (json!({"type": "text", "text": "x", "mood": 1}), "submission.mood"),
    ];
    for (submission, field) in submissions {
        let body = json!({"item": ITEM, "submission": submission});
        api.post("/api/v1/attempts", &body)
            .await
            .problem(422, "invalid_field", Some(field));
    }
    let fields: Vec<(&str, Value)> = vec![
        ("item", json!("NOT A SLUG")),
        ("colour", json!(1)),
        ("seed", json!(-1)),
        ("seed", json!(9_007_199_254_740_992_u64)),
        ("elapsed_ms", json!(86_400_001)),
        ("elapsed_ms", json!("1")),
        ("previous", json!("x")),
    ];
    for (field, value) in fields {
        let mut body = submission(WEAK);
        body[field] = value;
        api.post("/api/v1/attempts", &body)
            .await
            .problem(422, "invalid_field", Some(field));
    }
    api.post("/api/v1/attempts", &json!([]))
        .await
        .problem(422, "invalid_field", Some("body"));
    api.post("/api/v1/attempts", &json!({}))
        .await
        .problem(422, "invalid_field", Some("item"));
    api.post("/api/v1/attempts", &json!({"item": ITEM}))
        .await
        .problem(422, "invalid_field", Some("submission"));
    let unknown = json!({"item": "no-such-item", "submission": {"type": "text", "text": "x"}});
    api.post("/api/v1/attempts", &unknown)
        .await
        .problem(422, "unknown_item", Some("item"));
    let none = api.get("/api/v1/attempts").await.expect(200);
    assert_eq!(none["data"], json!([]), "a refused request leaves nothing");
}

#[tokio::test]
async fn fields_of_a_reply() {
    let api = Api::new().await;
    let attempt = api.attempt("I do not know.").await;
    let path = format!("/api/v1/attempts/{}/replies", id(&attempt));
    let question = &attempt["question"]["id"];
    assert_eq!(
        attempt["question"]["kind"], "choice",
        "the decisive fact is asked first"
    );
    for (reply, field) in [
        (json!({"choice": 1}), "question"),
        (json!({"question": question}), "body"),
        (json!({"question": question, "choice": 1, "pass": true}), "body"),
        (json!({"question": question, "pass": false}), "body"),
        (json!({"question": question, "choice": -1}), "choice"),
        (json!({"question": question, "choice": 99}), "choice"),
        (json!({"question": question, "choice": 1, "extra": 1}), "extra"),
        (json!({"question": question, "number": 1}), "choice"),
        (json!({"question": question, "choices": vec![0; 65]}), "choices"),
        (json!({"question": question, "text": "x".repeat(65_537)}), "text"),
    ] {
        api.post(&path, &reply)
            .await
            .problem(422, "invalid_field", Some(field));
    }
    let gone = "/api/v1/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV/replies";
    api.post(gone, &json!({"question": question, "pass": true}))
        .await
        .problem(404, "attempt_not_found", None);
}

#[tokio::test]
async fn idempotency_keys() {
    let api = Api::new().await;
    let long = "k".repeat(201);
    for key in ["two words", "tab\tbed", "caf\u{e9}", &long] {
        api.post_with_key("/api/v1/attempts", key, &submission(WEAK))
            .await
            .problem(400, "invalid_parameter", Some("Idempotency-Key"));
    }
    let longest = "k".repeat(200);
    api.post_with_key("/api/v1/attempts", &longest, &submission(WEAK))
        .await
        .expect(201);
}

#[tokio::test]
async fn the_codes_are_listed() {
    let api = Api::new().await;
    let list = api.get("/api/v1/problems").await.expect(200);
    let codes = list["data"].as_array().unwrap();
    assert!(
        codes
            .iter()
            .any(|c| c["code"] == "idempotency_key_reused" && c["status"] == 422)
    );
    assert_eq!(codes.len(), server::Code::ALL.len());
}
