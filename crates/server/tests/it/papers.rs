//! Documents to print.

use serde_json::{Value, json};

use crate::{Api, ITEM, WEAK, id};

const ANSWER: &str =
    "I let one request rebuild the key and the others wait for it.\n\nReaders get *stale* data | so what.";

async fn asked(api: &Api) -> Value {
    let attempt = api.attempt(ANSWER).await;
    let question = attempt["question"]["id"].clone();
    let reply = json!({"question": question, "pass": true});
    let replies = format!("/api/v1/attempts/{}/replies", id(&attempt));
    api.post(&replies, &reply).await.expect(200)
}

#[tokio::test]
async fn an_attempt_prints_with_what_it_says() {
    let api = Api::new().await;
    let attempt = asked(&api).await;
    let path = format!("/api/v1/attempts/{}/paper", id(&attempt));
    let markdown = api.get(&format!("{path}?format=markdown")).await;
    assert_eq!(markdown.status, 200);
    assert_eq!(markdown.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(markdown.header("cache-control"), "no-store");
    let day = &attempt["created_at"].as_str().unwrap()[..10];
    assert_eq!(
        markdown.header("content-disposition"),
        format!("attachment; filename=\"spar-scorecard-{ITEM}-{day}.md\"")
    );
    let text = String::from_utf8(markdown.bytes).unwrap();
    let card = &attempt["scorecard"];
    assert!(text.starts_with(&format!("# {}\n", attempt["title"].as_str().unwrap())));
    let score = format!("{:.0} of 100 after one question", card["score"].as_f64().unwrap());
    for part in [
        score.as_str(),
        "> I let one request rebuild the key and the others wait for it.",
        "> Readers get \\*stale\\* data | so what.",
        "## The question",
        "## The one fix first",
        "## The interviewer asked",
        "*You:* I do not know.",
        "## What a full answer also says",
        id(&attempt),
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    for group in card["groups"].as_array().unwrap() {
        for criterion in group["criteria"].as_array().unwrap() {
            let title = criterion["title"].as_str().unwrap().replace('*', "\\*");
            assert!(text.contains(&format!("**{title}**")), "{title} in {text}");
        }
    }
}

#[tokio::test]
async fn a_pdf_is_the_same_until_the_attempt_changes() {
    let api = Api::new().await;
    let attempt = api.attempt(WEAK).await;
    let path = format!("/api/v1/attempts/{}/paper", id(&attempt));
    let pdf = api.get(&path).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.header("content-disposition").ends_with(".pdf\""));
    assert!(pdf.bytes.starts_with(b"%PDF-1.7") && pdf.bytes.trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(api.get(&path).await.bytes, pdf.bytes);
    let tag = pdf.header("etag").to_owned();
    let again = api.send("GET", &path, &[("if-none-match", &tag)], "").await;
    assert_eq!(again.status, 304);
    let letter = api.get(&format!("{path}?sheet=letter&format=pdf")).await;
    assert_ne!(letter.bytes, pdf.bytes);

    let replies = format!("/api/v1/attempts/{}/replies", id(&attempt));
    let reply = json!({"question": attempt["question"]["id"], "pass": true});
    api.post(&replies, &reply).await.expect(200);
    assert_ne!(api.get(&path).await.bytes, pdf.bytes);
}

#[tokio::test]
async fn what_cannot_be_printed_is_said() {
    let api = Api::new().await;
    let attempt = api.attempt(WEAK).await;
    let path = format!("/api/v1/attempts/{}/paper", id(&attempt));
    for (query, field) in [
        ("format=docx", "format"),
        ("sheet=a5", "sheet"),
        ("size=a4", "size"),
    ] {
        let answer = api.get(&format!("{path}?{query}")).await;
        answer.problem(400, "invalid_parameter", Some(field));
    }
    api.get("/api/v1/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV/paper")
        .await
        .problem(404, "attempt_not_found", None);
}

#[tokio::test]
async fn a_set_prints_with_its_reasons_before_the_answers_and_leaves_as_a_package() {
    let api = Api::new().await;
    let inputs = json!({"title": "Payments engineer", "company": "Shopmoney", "role": "backend", "level": "senior",
        "description": "Requirements\n- Idempotency and PostgreSQL\n", "cv": "I keep ledgers."});
    let new = json!({"inputs": inputs, "seed": 1, "minutes": 60});
    let set = api.post("/api/v1/sets", &new).await.expect(201);
    let path = format!("/api/v1/sets/{}", id(&set));
    let markdown = api.get(&format!("{path}/paper?format=markdown")).await;
    assert_eq!(markdown.status, 200);
    assert_eq!(markdown.header("cache-control"), "no-store");
    let name = format!(
        "spar-set-payments-engineer-shopmoney-{}",
        &set["created_at"].as_str().unwrap()[..10]
    );
    assert_eq!(
        markdown.header("content-disposition"),
        format!("attachment; filename=\"{name}.md\"")
    );
    let text = String::from_utf8(markdown.bytes).unwrap();
    assert!(text.starts_with("# Payments engineer, Shopmoney\n"), "{text}");
    // Whoever practises from it must not meet an answer before its part.
    let (asked, answers) = text.split_once("## What full answers say").unwrap();
    let claim = "The client sends a unique idempotency key with the payment";
    let entries = set["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["item"] == "idempotent-payments"));
    assert!(!asked.contains(claim) && answers.contains(claim), "{text}");
    for (at, entry) in entries.iter().enumerate() {
        let title = format!("{}. {}", at + 1, entry["title"].as_str().unwrap());
        assert!(asked.contains(&title) && answers.contains(&title), "{title}");
        for reason in entry["reasons"].as_array().unwrap() {
            assert!(
                asked.contains(reason["says"].as_str().unwrap()),
                "{reason} in {asked}"
            );
        }
    }
    for part in [
        "What your CV does not show",
        "**PostgreSQL** (demanded)",
        set["digest"].as_str().unwrap(),
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }

    let pdf = api.get(&format!("{path}/paper")).await;
    assert!(pdf.bytes.starts_with(b"%PDF-1.7") && pdf.header("content-disposition").contains(&name));
    let package = api.get(&format!("{path}/cards.apkg")).await;
    assert!(package.bytes.starts_with(b"PK\x03\x04"));
    assert!(package.header("content-disposition").ends_with(".apkg\""));
    // What was done of it is not printed.
    let mut done = crate::submission(WEAK);
    done["item"] = entries[0]["item"].clone();
    api.post("/api/v1/attempts", &done).await.expect(201);
    assert_eq!(api.get(&format!("{path}/paper")).await.bytes, pdf.bytes);
    let again = api.get(&format!("{path}/cards.apkg")).await;
    assert_eq!(again.bytes, package.bytes);
    for file in ["paper", "cards.apkg"] {
        let gone = api
            .get(&format!("/api/v1/sets/01ARZ3NDEKTSV4RRFFQ69G5FAV/{file}"))
            .await;
        gone.problem(404, "document_not_found", None);
    }
}

#[tokio::test]
async fn a_story_and_a_plan_print() {
    let api = Api::new().await;
    let story = json!({"title": "The Acme outage", "situation": "Acme was down.", "task": "", "action": "",
        "result": "", "lesson": "", "when": "", "role": "", "competencies": [], "tags": [], "figures": [],
        "names": ["acme"]});
    let story = api.post("/api/v1/stories", &story).await.expect(201);
    let plan = json!({"version": 0, "start": "2026-11-23", "interview": "2027-01-18",
        "minutes": [60, 60, 60, 60, 60, 0, 0]});
    api.put("/api/v1/plan", &plan).await.expect(200);
    let story = format!("/api/v1/stories/{}/paper?sheet=letter", id(&story));
    let plan = "/api/v1/plan/paper?date=2026-11-23".to_owned();
    for (path, name, says) in [
        (&story, "spar-story-the-name-outage", "[name] was down."),
        (&plan, "spar-plan-2026-11-23", "Today, Monday 23 November"),
    ] {
        let markdown = api.get(&format!("{path}&format=markdown")).await;
        assert_eq!(markdown.header("cache-control"), "no-store");
        let disposition = format!("attachment; filename=\"{name}.md\"");
        assert_eq!(markdown.header("content-disposition"), disposition);
        let text = String::from_utf8(markdown.bytes).unwrap().replace('\\', "");
        assert!(text.contains(says) && !text.contains("Acme"), "{text}");
        let pdf = api.get(path).await;
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
        let tag = pdf.header("etag").to_owned();
        let again = api.send("GET", path, &[("if-none-match", &tag)], "").await;
        assert_eq!(again.status, 304);
        let wrong = api.get(&format!("{path}&format=docx")).await;
        wrong.problem(400, "invalid_parameter", Some("format"));
    }
    let undated = api.get("/api/v1/plan/paper").await;
    undated.problem(400, "invalid_parameter", Some("date"));
    api.delete("/api/v1/plan").await.expect(204);
    api.get(&plan).await.problem(404, "document_not_found", None);
    let gone = api.get("/api/v1/stories/none/paper").await;
    gone.problem(404, "document_not_found", None);
}

#[tokio::test]
async fn cards_leave_as_a_package_without_the_suspended() {
    let api = Api::new().await;
    api.attempt(WEAK).await;
    let listed = api.get("/api/v1/cards").await.expect(200);
    let card = listed["data"][0]["id"].as_str().unwrap().to_owned();
    let package = api.get("/api/v1/cards.apkg").await;
    assert_eq!(package.status, 200);
    assert_eq!(
        package.header("content-disposition"),
        "attachment; filename=\"spar-cards.apkg\""
    );
    assert!(package.bytes.starts_with(b"PK\x03\x04"));
    // What is shuffled for each review is not shuffled here.
    assert_eq!(api.get("/api/v1/cards.apkg").await.bytes, package.bytes);
    let suspended = json!({"suspended": true, "note": "", "version": 0});
    let put = api.put(&format!("/api/v1/cards/{card}"), &suspended).await;
    assert!(put.status.is_success(), "{}", put.json());
    assert_ne!(api.get("/api/v1/cards.apkg").await.bytes, package.bytes);
}
