//! The second reader over the API: state, verdicts, both scorecards, and what is refused.

use std::time::Duration;

use practice::{Endpoint, Reader};
use scripted::{Server, Step, completion, ok, status, verdicts};
use serde_json::{Value, json};
use server::Config;

use crate::{Api, STRONG, WEAK, id};

const QUOTE: &str = "look at the stampede and think";

fn made() -> String {
    verdicts(&[
        ("single-flight", "made", QUOTE),
        ("jitter", "missing", ""),
        ("stale", "made", "never said by anybody at all"),
    ])
}

async fn api(server: &Server) -> Api {
    let mut endpoint = Endpoint::new(server.base_url(), "test-model");
    endpoint.backoff = Duration::from_millis(1);
    Api::made(&Config::default(), Some(Reader::new(endpoint, 7).unwrap())).await
}

/// The attempt as soon as its reading is no longer under way.
async fn settled(api: &Api, attempt: &Value) -> Value {
    let path = format!("/api/v1/attempts/{}", id(attempt));
    let mut changes = api.practice.changes();
    loop {
        let now = api.get(&path).await.expect(200);
        if now["reading"]["state"] != "reading" {
            return now;
        }
        changes.changed().await.unwrap();
    }
}

#[tokio::test]
async fn off_is_the_default_and_says_so() {
    let api = Api::new().await;
    let attempt = api.attempt(WEAK).await;
    let off = json!({"state": "off", "failure": null, "reader": null, "result": null});
    assert_eq!(attempt["reading"], off);
    let path = format!("/api/v1/attempts/{}/reading", id(&attempt));
    api.post(&path, &Value::Null)
        .await
        .problem(409, "reader_off", None);
    let health = api.get("/api/v1/health").await.expect(200);
    let capability = |c: &&Value| c["name"] == "second reader";
    let second = health["capabilities"]
        .as_array()
        .unwrap()
        .iter()
        .find(capability)
        .unwrap();
    assert_eq!(second["ok"], true);
    assert!(
        second["cure"].as_str().unwrap().contains("SPAR_READER_URL"),
        "{second}"
    );
}

#[tokio::test]
async fn both_gradings_stand_side_by_side() {
    let server = Server::start(vec![Step::Gated(completion(&made()))]).await;
    let api = api(&server).await;
    let graded = api.attempt(WEAK).await;
    assert_eq!(graded["reading"]["state"], "reading");
    assert_eq!(
        graded["reading"]["reader"],
        json!({"model": "test-model", "sent_to": format!("http://127.0.0.1:{}", server.port)})
    );
    assert_eq!(graded["reading"]["result"], Value::Null);
    let path = format!("/api/v1/attempts/{}/reading", id(&graded));
    let again = api.post(&path, &Value::Null).await.expect(202);
    assert_eq!(again, graded, "it is under way already");

    server.gate.add_permits(1);
    let read = settled(&api, &graded).await;
    assert_eq!(read["reading"]["state"], "read");
    assert_eq!(read["scorecard"], graded["scorecard"], "the offline grade stays");
    let result = &read["reading"]["result"];
    let verdict = &result["verdicts"][0];
    assert_eq!(
        (
            &verdict["fact"],
            &verdict["finding"],
            &verdict["from"],
            &verdict["to"],
            &verdict["ruling"]
        ),
        (
            &json!("single-flight"),
            &json!("made"),
            &json!("mentioned"),
            &json!("met"),
            &json!("confirmed")
        )
    );
    let quote = &verdict["quote"];
    let at = |key: &str| usize::try_from(quote[key].as_u64().unwrap()).unwrap();
    assert_eq!(
        (&WEAK[at("start")..at("end")], &quote["text"]),
        (QUOTE, &json!(QUOTE))
    );
    assert_eq!(result["verdicts"][1]["quote"], Value::Null);
    assert_eq!(
        result["dropped"],
        json!([{"fact": "stale", "reason": "not_in_answer"}])
    );
    assert!(result["scorecard"]["score"].as_f64() > read["scorecard"]["score"].as_f64());
    let listed = api.get("/api/v1/attempts").await.expect(200)["data"][0].clone();
    assert_eq!(
        (&listed["score"], &listed["score_merged"]),
        (&read["scorecard"]["score"], &result["scorecard"]["score"])
    );
    let history = api.get("/api/v1/history").await.expect(200);
    assert_eq!(
        history["items"][0]["points"][0]["score_merged"],
        listed["score_merged"]
    );

    // The configured model has said all it has to say.
    assert_eq!(api.post(&path, &Value::Null).await.expect(200), read);
    assert_eq!(server.requests().len(), 1);
    let metrics = String::from_utf8(api.get("/metrics").await.bytes).unwrap();
    for line in [
        "second_reader_circuit 0",
        "second_reader_requests 1",
        "second_reader_failed 0",
    ] {
        assert!(metrics.lines().any(|l| l == line), "`{line}` in {metrics}");
    }
}

#[tokio::test]
async fn a_reader_that_fails_says_why_and_is_asked_again() {
    let server = Server::start(vec![status("401 Unauthorized"), ok(&made())]).await;
    let api = api(&server).await;
    let failed = api.attempt(WEAK).await;
    let failed = settled(&api, &failed).await;
    assert_eq!(failed["reading"]["state"], "failed");
    let failure = &failed["reading"]["failure"];
    assert!(failure["reason"].as_str().unwrap().contains("401"), "{failure}");
    assert_eq!(failure["cure"], "check the key");
    let metrics = String::from_utf8(api.get("/metrics").await.bytes).unwrap();
    assert!(metrics.contains("second_reader_failed 1"), "{metrics}");

    let path = format!("/api/v1/attempts/{}/reading", id(&failed));
    assert_eq!(
        api.post(&path, &Value::Null).await.expect(202)["reading"]["state"],
        "reading"
    );
    let read = settled(&api, &failed).await;
    assert_eq!(read["reading"]["state"], "read");
    assert_eq!(read["scorecard"], failed["scorecard"]);
    api.post(
        "/api/v1/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV/reading",
        &Value::Null,
    )
    .await
    .problem(404, "attempt_not_found", None);
}

#[tokio::test]
async fn a_key_answers_again_without_a_second_reading() {
    let server = Server::start(vec![ok(&made())]).await;
    let api = api(&server).await;
    let body = crate::submission(STRONG);
    let first = api
        .post_with_key("/api/v1/attempts", "k", &body)
        .await
        .expect(201);
    settled(&api, &first).await;
    let again = api
        .post_with_key("/api/v1/attempts", "k", &body)
        .await
        .expect(201);
    assert_eq!(again, first, "as right after it was made: being read");
    assert_eq!(server.requests().len(), 1);
}
