//! Out, gone, and back: an export, a wipe that leaves no word in any file, and an import that gives all of it
//! back.

use std::path::Path;

use domain::{Card, CardEntry, Document, Job, Plan, ReviewSettings, Story};
use practice::Practice;
use serde_json::{Value, json};

use crate::{Api, ITEM, NOON_US, STRONG, id, submission};

/// Words that occur nowhere but in what the candidate kept.
const WORDS: [&str; 6] = [
    "quagga-answer",
    "quagga-reply",
    "quagga-reason",
    "quagga-draft",
    "quagga-document",
    "quagga-loop",
];

async fn keep<T: Document>(practice: &Practice, id: &str, body: Value) {
    let body: T = serde_json::from_value(body).unwrap();
    practice
        .put(&id.parse().unwrap(), &body, Some(0), NOON_US)
        .await
        .unwrap();
}

/// Attempts with replies and overrides, a draft, and a document of each kind that has a shape.
async fn lived_in() -> Api {
    let api = Api::new().await;
    let first = api
        .attempt(&format!("I wait for one rebuild. {}", WORDS[0]))
        .await;
    let replies = format!("/api/v1/attempts/{}/replies", id(&first));
    let mut question = first["question"].clone();
    for _ in 0..5 {
        let Some(asked) = question["id"].as_str() else {
            break;
        };
        let reply = if question["kind"] == "probe" {
            json!({"question": asked, "text": format!("One worker rebuilds it. {}", WORDS[1])})
        } else {
            json!({"question": asked, "pass": true})
        };
        question = api.post(&replies, &reply).await.expect(200)["question"].clone();
    }
    let fact = format!("/api/v1/attempts/{}/overrides/coverage/order", id(&first));
    let said = json!({"status": "met", "reason": WORDS[2]});
    assert!(api.put(&fact, &said).await.status.is_success());
    let mut second = submission(STRONG);
    second["previous"] = first["id"].clone();
    api.post("/api/v1/attempts", &second).await.expect(201);
    let draft = json!({"text": WORDS[3], "elapsed_ms": 5});
    api.put("/api/v1/drafts/fixture-second", &draft).await.expect(200);

    let practice = &api.practice;
    let job = json!({"title": WORDS[4], "role": "backend", "level": "mid", "company": "", "company_notes": "",
        "description": "Go and PostgreSQL."});
    keep::<Job>(practice, "job-1", job).await;
    let inputs =
        json!({"title": WORDS[4], "role": "backend", "level": "mid", "description": "Go and PostgreSQL."});
    let set = json!({"inputs": inputs, "seed": 7});
    api.post("/api/v1/sets", &set).await.expect(201);
    keep::<Story>(practice, "story-1", json!({"title": WORDS[4]})).await;
    let card = format!("{ITEM}.single-flight");
    keep::<Card>(practice, &card, json!({"note": WORDS[4]})).await;
    let review: CardEntry = serde_json::from_value(
        json!({"type": "review", "rating": "good", "day": "2026-11-22", "elapsed_ms": 4_000}),
    )
    .unwrap();
    practice
        .log::<Card>(&card.parse().unwrap(), 0, &[review], NOON_US)
        .await
        .unwrap();
    keep::<ReviewSettings>(
        practice,
        "review",
        serde_json::to_value(ReviewSettings::default()).unwrap(),
    )
    .await;
    let plan = domain::Preset::ALL[0].plan(
        "2026-11-22".parse().unwrap(),
        "2027-01-17".parse().unwrap(),
        [60; 7],
    );
    keep::<Plan>(practice, "plan", serde_json::to_value(plan).unwrap()).await;
    lived_loop(&api).await;
    api
}

/// A loop with its attempt, ended.
async fn lived_loop(api: &Api) {
    let new = json!({"preset": "on-site", "level": "senior", "role": WORDS[5], "seed": 3});
    let mut seen = api.post("/api/v1/loops", &new).await.expect(201);
    let text = format!("I would put Redis in front of everything. {}", WORDS[5]);
    for event in [
        json!({"type": "begin"}),
        json!({"type": "say", "elapsed_ms": 60_000, "text": text}),
        json!({"type": "hand_in", "elapsed_ms": 61_000}),
        json!({"type": "end"}),
    ] {
        let happened = json!({"position": seen["position"], "event": event});
        let path = format!("/api/v1/loops/{}/events", id(&seen));
        seen = api.post(&path, &happened).await.expect(200);
    }
}

/// How often the words occur in the files of a folder.
fn traces(folder: &Path) -> usize {
    let mut found = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let said = |word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
        found += WORDS.iter().filter(|word| said(word)).count();
    }
    found
}

async fn exported(api: &Api) -> Value {
    let mut document = api.get("/api/v1/export").await.expect(200);
    assert!(document["exported_at"].take().is_string());
    document
}

/// Every attempt, loop, job and set as it is shown: scores, evidence, questions, reasons; loops with their
/// scorecards.
async fn shown(api: &Api) -> Vec<Value> {
    let mut all = vec![api.get("/api/v1/history").await.expect(200)];
    for of in ["attempts", "loops", "jobs", "sets"] {
        let list = api.get(&format!("/api/v1/{of}?limit=100")).await.expect(200);
        for one in list["data"].as_array().unwrap() {
            let path = format!("/api/v1/{of}/{}", id(one));
            all.push(api.get(&path).await.expect(200));
        }
        all.push(list);
    }
    for of in &all.clone() {
        if of["position"].is_number() {
            let path = format!("/api/v1/loops/{}/scorecard", id(of));
            all.push(api.get(&path).await.expect(200));
        }
    }
    all
}

#[tokio::test]
async fn an_export_gives_back_what_a_wipe_took() {
    let api = lived_in().await;
    let (document, before) = (exported(&api).await, shown(&api).await);
    assert_eq!(document["attempts"].as_array().unwrap().len(), 3);
    let set = before
        .iter()
        .find(|one| one["entries"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(set.is_some(), "{before:?}");
    assert!(before.iter().any(|one| one["rule"] == "loop/1"), "{before:?}");
    let kinds: Vec<&str> = document["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["job", "set", "loop", "story", "plan", "card", "review"]);
    assert!(traces(api.folder.path()) > 0);

    // Not by accident.
    for (body, field) in [
        (json!({}), "confirm"),
        (json!({"confirm": "yes"}), "confirm"),
        (json!({"confirm": true}), "confirm"),
        (json!({"confirm": "delete everything", "really": true}), "really"),
    ] {
        let refused = api.post("/api/v1/wipe", &body).await;
        refused.problem(422, "invalid_field", Some(field));
    }
    assert_eq!(exported(&api).await, document);

    let sure = json!({"confirm": "delete everything"});
    api.post("/api/v1/wipe", &sure).await.expect(204);
    assert_eq!(traces(api.folder.path()), 0);
    let nothing = exported(&api).await;
    for part in ["attempts", "revisions", "drafts", "documents"] {
        assert_eq!(nothing[part], json!([]), "{part}");
    }
    for attempt in document["attempts"].as_array().unwrap() {
        let gone = api.get(&format!("/api/v1/attempts/{}", id(attempt))).await;
        gone.problem(404, "attempt_not_found", None);
    }

    let mut whole = document.clone();
    whole["exported_at"] = json!("2026-11-22T12:00:00Z");
    let done = api.post("/api/v1/import", &whole).await.expect(200);
    let added = |n: u32| json!({"added": n, "skipped": 0});
    assert_eq!(
        done,
        json!({"attempts": added(3), "drafts": added(1), "documents": added(7)})
    );
    assert_eq!(exported(&api).await, document);
    assert_eq!(shown(&api).await, before);
}
