//! Jobs, and the sets that are chosen for them.

use serde_json::{Value, json};

use crate::{Api, submission};

const POSTING: &str = "Requirements\n- Idempotency and retries are second nature to you\n- PostgreSQL, transactions \
    and isolation levels\n- Kafka and event-driven services\nWhat we offer\n- Redis-branded socks\n";

fn job() -> Value {
    json!({"title": "Backend engineer, payments", "role": "backend", "level": "senior", "company": "Shopmoney",
        "description": POSTING, "cv": "Ran Kafka for two years.", "interview_on": "2026-12-18"})
}

async fn kept(api: &Api, body: &Value) -> Value {
    api.post("/api/v1/jobs", body).await.expect(201)
}

fn path(collection: &str, of: &Value) -> String {
    format!("/api/v1/{collection}/{}", crate::id(of))
}

async fn ids(api: &Api, query: &str) -> Vec<String> {
    let list = api.get(&format!("/api/v1/{query}")).await.expect(200);
    let data = list["data"].as_array().unwrap();
    data.iter().map(|one| crate::id(one).to_owned()).collect()
}

/// What a choice consists of: everything but where and when it is kept.
fn choice(set: &Value) -> String {
    let mut set = set.clone();
    for own in ["id", "job", "created_at"] {
        set[own] = Value::Null;
    }
    set.to_string()
}

#[tokio::test]
async fn a_job_is_kept_replaced_by_version_and_deleted_with_its_sets() {
    let api = Api::new().await;
    assert_eq!(ids(&api, "jobs").await, [""; 0]);
    let answer = api.post("/api/v1/jobs", &job()).await;
    let location = answer.header("location").to_owned();
    let made = answer.expect(201);
    assert_eq!((location, &made["version"]), (path("jobs", &made), &json!(1)));
    let mut all = job();
    for (field, value) in [
        ("company_notes", json!("")),
        ("notes", json!("")),
        ("done", json!([])),
    ] {
        all[field] = value;
    }
    assert_eq!(made["job"], all);
    assert_eq!(api.get(&path("jobs", &made)).await.expect(200), made);

    all["done"] = json!(["equipment"]);
    let change = json!({"job": all, "version": 1});
    let changed = api.put(&path("jobs", &made), &change).await.expect(200);
    assert_eq!((&changed["version"], &changed["job"]), (&json!(2), &all));
    // What another writer has read is not the last version any more.
    let late = api.put(&path("jobs", &made), &change).await;
    late.problem(409, "document_changed", None);

    let other = kept(&api, &job()).await;
    let listed = ids(&api, "jobs?limit=1").await;
    assert_eq!(listed, [crate::id(&other)], "newest first");
    let next = api.get("/api/v1/jobs?limit=1").await.expect(200)["next"].clone();
    let after = format!("jobs?limit=1&after={}", next.as_str().unwrap());
    assert_eq!(ids(&api, &after).await, [crate::id(&made)]);

    // Its sets hold its texts and go with it; those of another job stay.
    for of in [&made, &other] {
        let new = json!({"job": of["id"], "seed": 1});
        api.post("/api/v1/sets", &new).await.expect(201);
    }
    let of_other = format!("sets?job={}", crate::id(&other));
    let left = ids(&api, &of_other).await;
    assert_eq!((left.len(), ids(&api, "sets").await.len()), (1, 2));
    api.delete(&path("jobs", &made)).await.expect(204);
    assert_eq!(ids(&api, "sets").await, left);
    let gone = api.get(&path("jobs", &made)).await;
    gone.problem(404, "document_not_found", None);
    let again = api.delete(&path("jobs", &made)).await;
    again.problem(404, "document_not_found", None);
    let late = api.put(&path("jobs", &made), &change).await;
    late.problem(404, "document_not_found", None);
}

#[tokio::test]
async fn a_set_quotes_the_words_that_chose_it_and_the_same_seed_gives_the_same_bytes() {
    let api = Api::new().await;
    let job = kept(&api, &job()).await;
    let new = json!({"job": job["id"], "seed": 3, "minutes": 60});
    let answer = api.post("/api/v1/sets", &new).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let location = answer.header("location").to_owned();
    let set = answer.expect(201);
    assert_eq!(location, path("sets", &set));
    assert_eq!(api.get(&location).await.expect(200), set);
    assert!(set["minutes"].as_u64().unwrap() <= 60);

    let entries = set["entries"].as_array().unwrap();
    let chosen = |item: &str| entries.iter().find(|entry| entry["item"] == item);
    let first = &chosen("idempotent-payments").unwrap_or_else(|| panic!("{set}"))["reasons"][0];
    assert_eq!(
        (&first["because"], &first["term"]),
        (&json!("required"), &json!("idempotency"))
    );
    let mut quoted = Vec::new();
    for mark in entries
        .iter()
        .flat_map(|entry| entry["reasons"].as_array().unwrap())
        .flat_map(|reason| reason["marks"].as_array().unwrap())
        .filter(|mark| mark["source"] == "description")
    {
        let at = |end: &str| usize::try_from(mark[end].as_u64().unwrap()).unwrap();
        assert_eq!(&POSTING[at("start")..at("end")], mark["text"]);
        quoted.push(mark["text"].as_str().unwrap());
    }
    assert!(
        quoted.contains(&"Idempotency") && !quoted.contains(&"Redis"),
        "{quoted:?}"
    );
    assert_eq!(set["claims"][0]["term"], "kafka");
    assert!(
        set["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|gap| gap["term"] == "postgresql")
    );

    // The same texts, minutes and seed: the same choice, by the job or by the texts, here or elsewhere.
    let again = api.post("/api/v1/sets", &new).await.expect(201);
    let mut inputs = job["job"].clone();
    for own in ["notes", "interview_on", "done"] {
        inputs.as_object_mut().unwrap().remove(own);
    }
    let texts = json!({"inputs": inputs, "seed": 3, "minutes": 60});
    let elsewhere = Api::new().await;
    let other = elsewhere.post("/api/v1/sets", &texts).await.expect(201);
    assert_eq!(choice(&set), choice(&again));
    assert_eq!(choice(&set), choice(&other));
    assert_eq!(other["job"], Value::Null);
    let seeds = (0..8).map(|seed| json!({"inputs": inputs, "seed": seed, "minutes": 60}));
    let mut items = std::collections::BTreeSet::new();
    for new in seeds {
        items.insert(elsewhere.post("/api/v1/sets", &new).await.expect(201)["entries"].to_string());
    }
    assert!(items.len() > 1, "another seed, another choice");
}

#[tokio::test]
async fn a_set_shows_what_was_done_of_it_since_and_keeps_its_attempts_when_deleted() {
    let api = Api::new().await;
    let inputs =
        json!({"role": "backend", "level": "mid", "description": "We need caching: Redis and Memcached."});
    let new = json!({"inputs": inputs, "seed": 0, "minutes": 60});
    let attempt = async |set: &Value| {
        let mut new = submission(crate::STRONG);
        new["item"] = set["entries"][0]["item"].clone();
        api.post("/api/v1/attempts", &new).await.expect(201)
    };
    let earlier = api.post("/api/v1/sets", &new).await.expect(201);
    attempt(&earlier).await;
    let set = api.post("/api/v1/sets", &new).await.expect(201);
    let first = &set["entries"][0];
    assert_eq!((&first["done"], &first["attempts"]), (&Value::Null, &json!(1)));
    let attempt = attempt(&set).await;
    let seen = api.get(&path("sets", &set)).await.expect(200)["entries"][0].clone();
    assert_eq!((&seen["item"], &seen["attempts"]), (&first["item"], &json!(2)));
    assert_eq!(seen["done"]["attempt"], attempt["id"]);
    assert_eq!(seen["done"]["score"], attempt["scorecard"]["score"]);

    api.delete(&path("sets", &set)).await.expect(204);
    let gone = api.get(&path("sets", &set)).await;
    gone.problem(404, "document_not_found", None);
    api.get(&path("attempts", &attempt)).await.expect(200);
}

#[tokio::test]
async fn wrong_input_names_its_field() {
    let api = Api::new().await;
    let with = |field: &str, value: Value| {
        let mut body = job();
        body[field] = value;
        body
    };
    for (field, value) in [
        ("title", json!("two\nlines")),
        ("title", json!("x".repeat(201))),
        ("role", json!("Back end")),
        ("level", json!("principal")),
        ("description", json!("x".repeat(32_769))),
        ("cv", json!("a\u{1}b")),
        ("interview_on", json!("soon")),
        ("surprise", json!(1)),
    ] {
        let answer = api.post("/api/v1/jobs", &with(field, value)).await;
        let at = answer.json()["field"].as_str().unwrap_or_default().to_owned();
        assert_eq!(answer.status, 422, "{field}: {}", answer.json());
        assert!(at.ends_with(field), "{field}: {}", answer.json());
    }
    assert_eq!(ids(&api, "jobs").await, [""; 0]);
    let made = kept(&api, &job()).await;
    let unread = json!({"job": job(), "version": 0});
    let answer = api.put(&path("jobs", &made), &unread).await;
    answer.problem(422, "invalid_field", Some("version"));

    let inputs = json!({"role": "backend", "level": "mid"});
    for (new, field) in [
        (json!({}), "body"),
        (json!({"job": made["id"], "inputs": inputs}), "body"),
        (json!({"job": "no job"}), "job"),
        (json!({"inputs": {"role": "pilot", "level": "mid"}}), "role"),
        (json!({"inputs": inputs, "minutes": 9}), "minutes"),
        (
            json!({"inputs": inputs, "seed": 9_007_199_254_740_992_i64}),
            "seed",
        ),
    ] {
        let answer = api.post("/api/v1/sets", &new).await;
        answer.problem(422, "invalid_field", Some(field));
    }
    let unknown = api
        .post("/api/v1/sets", &json!({"job": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}))
        .await;
    unknown.problem(404, "document_not_found", None);
    assert_eq!(ids(&api, "sets").await, [""; 0]);
    for list in ["jobs", "sets"] {
        let answer = api.get(&format!("/api/v1/{list}?after=yesterday")).await;
        answer.problem(400, "invalid_parameter", Some("after"));
    }
}
