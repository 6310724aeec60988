//! Who may ask, and the headers that every answer has.

use std::num::NonZeroU32;

use server::{Config, Token};

use crate::{Api, WEAK, submission};

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let api = Api::new().await;
    for path in [
        "/",
        "/bank",
        "/api/v1/items",
        "/api/v1/nothing",
        "/gone.js",
        "/metrics",
    ] {
        let answer = api.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains("script-src"),
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(!answer.header("permissions-policy").is_empty() && !answer.header("x-request-id").is_empty());
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert_eq!(answer.header("server"), "");
    }
}

#[tokio::test]
async fn foreign_hosts_are_refused() {
    let api = Api::new().await;
    for host in [
        "evil.example",
        "localhost.evil.example",
        "10.0.0.1:7777",
        "127.0.0.1.nip.io",
        "[fe80::1]",
        "@localhost",
    ] {
        for path in ["/", "/api/v1/items", "/metrics"] {
            let answer = api.send("GET", path, &[("host", host)], "").await;
            answer.problem(403, "foreign_host", Some("Host"));
        }
    }
    api.send("GET", "/api/v1/items", &[("host", "")], "")
        .await
        .problem(403, "foreign_host", Some("Host"));
    let twice = [("host", "localhost"), ("host", "evil.example")];
    api.send("GET", "/api/v1/items", &twice, "")
        .await
        .problem(403, "foreign_host", Some("Host"));
    let absolute = "http://evil.example/api/v1/items";
    api.send("GET", absolute, &[("host", "localhost")], "")
        .await
        .problem(403, "foreign_host", Some("Host"));
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:7777"] {
        assert_eq!(
            api.send("GET", "/api/v1/items", &[("host", host)], "")
                .await
                .status,
            200,
            "{host}"
        );
    }
}

#[tokio::test]
async fn named_hosts_are_ours() {
    let api = Api::with(&Config {
        hosts: vec!["spar.test".to_owned()],
        ..Config::default()
    })
    .await;
    let own = [("host", "spar.test:7777"), ("origin", "http://spar.test:7777")];
    assert_eq!(api.send("GET", "/api/v1/items", &own, "").await.status, 200);
}

#[tokio::test]
async fn foreign_origins_are_refused() {
    let api = Api::new().await;
    let body = submission(WEAK).to_string();
    let host = ("host", "127.0.0.1:7777");
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:8888",
        "http://localhost:7777",
        "http://127.0.0.1:7777.evil.example",
        "ftp://127.0.0.1:7777",
        "file://",
    ] {
        let headers = [host, ("origin", origin), ("content-type", "application/json")];
        let answer = api.send("POST", "/api/v1/attempts", &headers, body.clone()).await;
        answer.problem(403, "foreign_origin", Some("Origin"));
        let answer = api
            .send("DELETE", "/api/v1/attempts/x", &[host, ("origin", origin)], "")
            .await;
        answer.problem(403, "foreign_origin", Some("Origin"));
    }
    let own = [
        host,
        ("origin", "http://127.0.0.1:7777"),
        ("content-type", "application/json"),
    ];
    api.send("POST", "/api/v1/attempts", &own, body).await.expect(201);
    for site in ["cross-site", "same-site", "nonsense"] {
        let answer = api
            .send("GET", "/api/v1/export", &[("sec-fetch-site", site)], "")
            .await;
        answer.problem(403, "foreign_origin", Some("Sec-Fetch-Site"));
        let image = [("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")];
        assert_eq!(api.send("GET", "/", &image, "").await.status, 403);
        let link = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate")];
        assert_eq!(
            api.send("GET", "/items/pagination", &link, "").await.status,
            200,
            "a link opens the page"
        );
        assert_eq!(
            api.send("GET", "/api/v1/export", &link, "").await.status,
            403,
            "and nothing else"
        );
    }
    for site in ["same-origin", "none"] {
        assert_eq!(
            api.send("GET", "/api/v1/items", &[("sec-fetch-site", site)], "")
                .await
                .status,
            200
        );
    }
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let api = Api::with(&Config {
        token: Some(Token::new("sesame")),
        ..Config::default()
    })
    .await;
    for shown in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer sesam",
        "Bearer sesame2",
        "Basic sesame",
        "sesame",
    ] {
        for path in [
            "/api/v1/items",
            "/api/v1/health",
            "/api/v1/export",
            "/api/v1/nothing",
            "/metrics",
        ] {
            let answer = api.send("GET", path, &[("authorization", shown)], "").await;
            answer.problem(401, "token_required", Some("Authorization"));
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    for shown in ["Bearer sesame", "bearer  sesame"] {
        assert_eq!(
            api.send("GET", "/api/v1/items", &[("authorization", shown)], "")
                .await
                .status,
            200
        );
    }
    assert_eq!(
        api.get("/").await.status,
        200,
        "the page itself has nothing to hide"
    );
    assert_eq!(format!("{:?}", Token::new("sesame")), "Token(..)");
}

#[tokio::test]
async fn the_rate_is_limited_where_that_was_asked_for() {
    let api = Api::with(&Config {
        rate_limit: NonZeroU32::new(5),
        ..Config::default()
    })
    .await;
    for left in (0..5).rev() {
        let answer = api.get("/api/v1/items").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=5;w=60");
        assert!(
            answer
                .header("ratelimit")
                .starts_with(&format!("\"default\";r={left};t="))
        );
    }
    let refused = api.get("/api/v1/items").await;
    refused.problem(429, "rate_limited", None);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    assert!(refused.header("ratelimit").starts_with("\"default\";r=0;"));
    assert_eq!(api.get("/").await.status, 200, "the page is not counted");
}

#[tokio::test]
async fn health_and_metrics_tell_how_it_goes() {
    let api = Api::new().await;
    let health = api.get("/api/v1/health").await.expect(200);
    assert_eq!(health["status"], "ok");
    let of = |name: &str| {
        health["capabilities"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(of("store")["ok"], true);
    assert_eq!(of("encoder")["ok"], false);
    assert!(
        of("encoder")["cure"]
            .as_str()
            .unwrap()
            .contains("cargo xtask setup")
    );
    api.attempt(WEAK).await;
    api.get("/api/v1/items/no-such-item").await;
    let metrics = api.get("/metrics").await;
    assert!(
        metrics
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = String::from_utf8(metrics.bytes).unwrap();
    for line in [
        "http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/attempts\",status=\"201\"} 1",
        "http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/items/{id}\",status=\"404\"} 1",
        "http_requests_in_flight 1",
        "grading_slots_taken 0",
        "grading_slots 66",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
