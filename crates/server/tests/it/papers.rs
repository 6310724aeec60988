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
