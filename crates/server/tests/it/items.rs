//! The bank.

use serde_json::{Value, json};

use crate::{Api, ITEM, STRONG, WEAK};

#[tokio::test]
async fn the_bank_pages_in_id_order() {
    let api = Api::new().await;
    let all: Vec<String> = api
        .practice
        .bank()
        .items()
        .map(|item| item.id.to_string())
        .collect();
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = api.get(&format!("/api/v1/items?limit=7{next}")).await.expect(200);
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
}

async fn ids(api: &Api, query: &str) -> Vec<String> {
    let page = api
        .get(&format!("/api/v1/items?limit=100&topic=fixture&{query}"))
        .await
        .expect(200);
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn filters_narrow_and_combine() {
    let api = Api::new().await;
    let both = ["fixture-second", "fixture-stampede"];
    assert_eq!(
        ids(
            &api,
            "kind=technical&level=mid&round=answer&competency=failure-resilience"
        )
        .await,
        both
    );
    assert!(ids(&api, "kind=remote").await.is_empty());
    assert!(ids(&api, "level=junior").await.is_empty());
    assert_eq!(ids(&api, "q=ANOTHER%20fixture").await, ["fixture-second"]);
    assert_eq!(
        ids(&api, "q=expires%20peak").await,
        both,
        "the prompt is searched"
    );
    assert_eq!(ids(&api, "done=false").await, both);
    api.attempt(WEAK).await;
    assert_eq!(ids(&api, "done=true").await, ["fixture-stampede"]);
    assert_eq!(ids(&api, "done=false").await, ["fixture-second"]);
}

#[tokio::test]
async fn an_item_shows_its_guidance_only_when_asked() {
    let api = Api::new().await;
    let plain = api.get(&format!("/api/v1/items/{ITEM}")).await.expect(200);
    assert_eq!(plain["guidance"], Value::Null);
    assert!(plain["prompt_html"].as_str().unwrap().starts_with("<p>You cache"));
    let full = api
        .get(&format!("/api/v1/items/{ITEM}?guidance=true"))
        .await
        .expect(200);
    let guidance = &full["guidance"];
    assert_eq!(
        guidance["why_asked_html"],
        "<p>It shows <strong>whether</strong> a candidate has met load.</p>\n"
    );
    assert_eq!(guidance["rubric"][0]["id"], "single-flight");
    assert_eq!(guidance["misconceptions"].as_array().unwrap().len(), 1);
    for hidden in ["right", "wrong", "topic", "check"] {
        assert!(
            guidance["rubric"][0].get(hidden).is_none(),
            "patterns and checks stay inside"
        );
    }
}

#[tokio::test]
async fn summaries_follow_writes_at_once() {
    let api = Api::new().await;
    let path = format!("/api/v1/items/{ITEM}");
    assert_eq!(api.get(&path).await.expect(200)["attempts"], 0);
    let first = api.attempt(STRONG).await;
    let second = api.attempt(WEAK).await;
    let item = api.get(&path).await.expect(200);
    assert_eq!(item["attempts"], 2);
    assert_eq!(
        (&item["best"], &item["last"]),
        (&first["scorecard"]["score"], &second["scorecard"]["score"])
    );
    let listed = api.get("/api/v1/items?topic=fixture").await.expect(200);
    assert_eq!(listed["data"][1]["best"], item["best"]);
}

#[tokio::test]
async fn unchanged_items_are_not_sent_again() {
    let api = Api::new().await;
    for path in [
        format!("/api/v1/items/{ITEM}"),
        "/api/v1/items".to_owned(),
        "/api/v1/openapi.json".to_owned(),
    ] {
        let first = api.get(&path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "private, no-cache");
        for sent in [
            tag.clone(),
            format!("\"other\", {tag}"),
            tag[2..].to_owned(),
            "*".to_owned(),
        ] {
            let again = api.send("GET", &path, &[("if-none-match", &sent)], "").await;
            assert_eq!(
                (again.status.as_u16(), again.bytes.len()),
                (304, 0),
                "{path} {sent}"
            );
            assert_eq!(again.header("etag"), tag);
        }
        assert_eq!(
            api.send("GET", &path, &[("if-none-match", "\"other\"")], "")
                .await
                .status,
            200
        );
    }
    let path = format!("/api/v1/items/{ITEM}");
    let tag = api.get(&path).await.header("etag").to_owned();
    api.attempt(WEAK).await;
    assert_eq!(
        api.send("GET", &path, &[("if-none-match", &tag)], "")
            .await
            .status,
        200,
        "an attempt changes it"
    );
}

#[tokio::test]
async fn answers_are_compressed_for_who_takes_it() {
    let api = Api::new().await;
    let path = "/api/v1/items?limit=100";
    let plain = api.get(path).await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = api
        .send("GET", path, &[("accept-encoding", "br, gzip;q=0.8")], "")
        .await;
    assert_eq!(
        (packed.header("content-encoding"), packed.header("vary")),
        ("gzip", "Accept-Encoding")
    );
    assert!(packed.bytes.len() * 2 < plain.bytes.len());
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(&packed.bytes[..]),
        &mut unpacked,
    )
    .unwrap();
    assert_eq!(unpacked, plain.bytes);
    let refused = api
        .send("GET", path, &[("accept-encoding", "gzip;q=0")], "")
        .await;
    assert_eq!(refused.header("content-encoding"), "");
}

#[tokio::test]
async fn head_and_options_say_what_get_would() {
    let api = Api::new().await;
    let path = format!("/api/v1/items/{ITEM}");
    let get = api.get(&path).await;
    let head = api.send("HEAD", &path, &[], "").await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    assert_eq!(head.header("etag"), get.header("etag"));
    assert_eq!(head.header("content-length"), get.bytes.len().to_string());
    for (path, allowed) in [
        ("/api/v1/items", "GET,HEAD"),
        ("/api/v1/attempts", "GET,HEAD,POST"),
        ("/", "GET,HEAD"),
    ] {
        let options = api.send("OPTIONS", path, &[], "").await;
        assert_eq!(
            (options.status.as_u16(), options.header("allow")),
            (204, allowed),
            "{path}"
        );
        assert_eq!(options.header("access-control-allow-origin"), "");
    }
    let none = json!({"data": []});
    assert_eq!(
        api.get("/api/v1/items?topic=no-such").await.expect(200)["data"],
        none["data"]
    );
}
