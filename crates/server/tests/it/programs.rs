//! Programs over HTTP, on a server that cannot run any: what is taken waits, and says why.

use serde_json::{Value, json};

use crate::{Api, id};

const CODE: &str = "lru-cache";
const PROGRAM: &str = "class LruCache:\n    pass\n";

fn source(text: &str) -> Value {
    json!({
        "item": CODE,
        "submission": {"type": "source", "lang": "python", "files": [{"path": "main.py", "text": text}]},
        "seed": 7,
    })
}

#[tokio::test]
async fn an_item_says_what_it_asks_for() {
    let api = Api::new().await;
    let item = api.get(&format!("/api/v1/items/{CODE}")).await.expect(200);
    let program = &item["program"];
    assert_eq!(
        (&item["round"], &program["mode"]),
        (&json!("code"), &json!("calls"))
    );
    assert_eq!(program["class"]["name"], "LruCache");
    let get = program["class"]["operations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|op| op["name"] == "get");
    assert_eq!(get.unwrap()["signature"], "get(now_ms: int, key: str) -> str?");
    let weights = program["groups"].as_array().unwrap().iter();
    assert_eq!(weights.map(|g| g["weight"].as_u64().unwrap()).sum::<u64>(), 100);
    let languages = program["languages"].as_array().unwrap();
    assert_eq!(languages.len(), 5);
    for language in languages {
        assert!(
            language["starter"].as_str().unwrap().contains("LruCache"),
            "{language}"
        );
        assert_eq!(language["installed"], json!(null), "nobody has looked yet");
    }
    assert_eq!(program["judge"]["state"], "unavailable");
    assert!(program["tests"].as_str().unwrap().contains("test "));
    assert_eq!(program["references"], json!([]), "folded away");
    let open = api.get(&format!("/api/v1/items/{CODE}?guidance=true")).await;
    let open = open.expect(200);
    assert_eq!(open["program"]["references"].as_array().unwrap().len(), 5);
    let answer = api.get("/api/v1/items/pagination").await.expect(200);
    assert_eq!(answer["program"], json!(null));
}

#[tokio::test]
async fn a_program_waits_where_none_can_be_run() {
    let api = Api::new().await;
    let sent = api
        .post_with_key("/api/v1/attempts", "k1", &source(PROGRAM))
        .await;
    let location = sent.header("location").to_owned();
    let attempt = sent.expect(202);
    assert_eq!(location, format!("/api/v1/attempts/{}", id(&attempt)));
    assert_eq!(
        (&attempt["state"], &attempt["round"], &attempt["scorecard"]),
        (&json!("queued"), &json!("code"), &json!(null))
    );
    let reason = attempt["grading"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("programs cannot be run here"), "{reason}");
    assert_eq!(attempt["submission"]["files"][0]["text"], PROGRAM);

    let again = api
        .post_with_key("/api/v1/attempts", "k1", &source(PROGRAM))
        .await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(id(&again.expect(202)), id(&attempt));
    api.post_with_key("/api/v1/attempts", "k1", &source("x = 1"))
        .await
        .problem(422, "idempotency_key_reused", Some("Idempotency-Key"));

    let list = api.get("/api/v1/attempts").await.expect(200);
    assert_eq!(
        (&list["data"][0]["state"], &list["data"][0]["score"]),
        (&json!("queued"), &json!(null))
    );
    let path = format!("/api/v1/attempts/{}", id(&attempt));
    assert_eq!(api.get(&path).await.expect(200)["grading"]["ahead"], json!(0));
    api.post(&format!("{path}/replies"), &json!({"question": "x", "text": "y"}))
        .await
        .problem(409, "question_not_pending", Some("question"));
    api.post(&format!("{path}/reading"), &json!({}))
        .await
        .problem(409, "reader_off", None);
    api.delete(&path).await.expect(204);
    api.get(&path).await.problem(404, "attempt_not_found", None);
}

#[tokio::test]
async fn what_waits_leaves_with_an_export_and_comes_back() {
    let api = Api::new().await;
    let attempt = api.post("/api/v1/attempts", &source(PROGRAM)).await.expect(202);
    let draft = json!({"files": [{"path": "main.go", "text": "package main"}]});
    let put = api.put("/api/v1/drafts/lru-cache/go", &draft).await.expect(200);
    let document = api.get("/api/v1/export").await;
    let other = Api::new().await;
    let headers = [("content-type", "application/json")];
    let done = other
        .send("POST", "/api/v1/import", &headers, document.bytes)
        .await
        .expect(200);
    assert_eq!(
        (&done["attempts"]["added"], &done["drafts"]["added"]),
        (&json!(1), &json!(1)),
        "{done}"
    );
    let path = format!("/api/v1/attempts/{}", id(&attempt));
    let there = other.get(&path).await.expect(200);
    assert_eq!(
        (&there["state"], &there["submission"]),
        (&json!("queued"), &attempt["submission"])
    );
    let there = other.get("/api/v1/drafts/lru-cache/go").await.expect(200);
    assert_eq!(there["files"], put["files"]);
}

#[tokio::test]
async fn submissions_have_the_kind_and_limits_of_their_item() {
    let api = Api::new().await;
    let post = |body: Value| {
        let api = &api;
        async move { api.post("/api/v1/attempts", &body).await }
    };
    let text = json!({"item": CODE, "submission": {"type": "text", "text": "A map."}});
    post(text)
        .await
        .problem(422, "invalid_field", Some("submission.type"));
    let mut answer = source(PROGRAM);
    answer["item"] = json!("pagination");
    post(answer)
        .await
        .problem(422, "invalid_field", Some("submission.type"));
    for files in [
        json!([]),
        json!([{"path": "main.py", "text": "  \n"}]),
        json!([{"path": "other.py", "text": "x"}]),
        json!([{"path": "main.py", "text": "x"}, {"path": "main.py", "text": "y"}]),
        json!([{"path": "main.py", "text": "x".repeat(262_145)}]),
        json!([{"path": "main.py", "text": "a\u{0}"}]),
    ] {
        let mut body = source(PROGRAM);
        body["submission"]["files"] = files;
        post(body)
            .await
            .problem(422, "invalid_field", Some("submission.files"));
    }
    // The larger bodies that programs may have are not for answers.
    let long = json!({"item": "pagination", "submission": {"type": "text", "text": "x".repeat(300_000)}});
    post(long).await.problem(413, "body_too_large", None);
    let large = source(&"x = 1 # long\n".repeat(20_000));
    post(large).await.expect(202);
}

#[tokio::test]
async fn trial_runs_say_what_is_missing() {
    let api = Api::new().await;
    let run =
        |on: Value| json!({"lang": "python", "files": [{"path": "main.py", "text": PROGRAM}], "on": on});
    let path = format!("/api/v1/items/{CODE}/runs");
    for on in [
        json!("examples"),
        json!("tests"),
        json!({"input": "new 2\nput 0 \"a\" \"1\"\n"}),
    ] {
        api.post(&path, &run(on))
            .await
            .problem(409, "judge_unavailable", None);
    }
    api.post(&path, &run(json!({"input": "x".repeat(65_537)})))
        .await
        .problem(422, "invalid_field", Some("on.input"));
    api.post("/api/v1/items/pagination/runs", &run(json!("examples")))
        .await
        .problem(422, "invalid_field", Some("item"));
    api.post("/api/v1/items/no-such-item/runs", &run(json!("examples")))
        .await
        .problem(404, "item_not_found", None);
}

#[tokio::test]
async fn drafts_are_kept_by_language_and_deleted() {
    let api = Api::new().await;
    let path = "/api/v1/drafts/lru-cache/python";
    api.get(path).await.problem(404, "draft_not_found", None);
    let files = json!([{"path": "main.py", "text": "a = 1"}, {"path": "tests.txt", "text": ""}]);
    let put = api
        .put(path, &json!({"files": files, "elapsed_ms": 1000}))
        .await
        .expect(200);
    assert_eq!((&put["lang"], &put["files"]), (&json!("python"), &files));
    assert_eq!(api.get(path).await.expect(200), put);
    api.get("/api/v1/drafts/lru-cache/rust")
        .await
        .problem(404, "draft_not_found", None);
    api.get("/api/v1/drafts/lru-cache/cobol")
        .await
        .problem(404, "draft_not_found", None);
    api.put(path, &json!({"files": [{"path": "main.go", "text": ""}]}))
        .await
        .problem(422, "invalid_field", Some("files"));
    api.put("/api/v1/drafts/pagination/python", &json!({"files": []}))
        .await
        .problem(422, "invalid_field", Some("item"));
    api.delete("/api/v1/drafts/lru-cache").await.expect(204);
    api.get(path).await.problem(404, "draft_not_found", None);
}
