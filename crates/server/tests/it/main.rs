//! The real router over a real SQLite file, and the real server over real sockets.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod attempts;
mod coach;
mod document;
mod drafts;
mod erasure;
mod fuzz;
mod guards;
mod items;
mod loops;
mod overrides;
mod papers;
mod plan;
mod problems;
mod programs;
mod random;
mod reached;
mod readings;
mod sets;
mod sockets;
mod speech;
mod transfer;
mod variants;

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use practice::{Limits, Practice, Reader, Store, load};
use serde_json::{Value, json};
use server::Config;
use tempfile::TempDir;
use tower::ServiceExt;

/// A fixed instant for opening stores: 2026-11-22 12:00 UTC. Attempts carry the real time.
const NOON_US: i64 = 1_795_348_800_000_000;

const ITEM: &str = "fixture-stampede";
const WEAK: &str = "I would look at the stampede and think about what to recompute.";
const STRONG: &str = "I let one request rebuild the key and make everybody else wait for that result. \
    Readers get the stale value while one worker refreshes it. We add random jitter to the expiry. \
    We write the database first and then invalidate the cache entry.";

/// A server in this process with its own data folder.
struct Api {
    router: Router,
    practice: Practice,
    folder: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body, when the status is as expected.
    fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Asserts a problem with this status, code and field.
    fn problem(&self, status: u16, code: &str, field: Option<&str>) {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(body["status"], status);
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["type"], format!("/api/v1/problems#{code}"));
        assert!(!body["title"].as_str().unwrap().is_empty() && !body["detail"].as_str().unwrap().is_empty());
        assert_eq!(body.get("field").and_then(Value::as_str), field, "{body}");
    }
}

fn pack() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../practice/tests/pack")
}

async fn practice(folder: &TempDir) -> Practice {
    practice_with(folder, None).await
}

async fn practice_with(folder: &TempDir, reader: Option<Reader>) -> Practice {
    let store = Store::open(folder.path(), NOON_US).await.unwrap();
    let limits = Limits {
        gradings: 2,
        waiting: 64,
    };
    Practice::with_reader(load(&[pack()]).unwrap(), None, Some(store), limits, reader)
}

impl Api {
    async fn new() -> Self {
        Self::with(&Config::default()).await
    }

    async fn with(config: &Config) -> Self {
        Self::made(config, None).await
    }

    async fn made(config: &Config, reader: Option<Reader>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let practice = practice_with(&folder, reader).await;
        Self {
            router: server::router(practice.clone(), config),
            practice,
            folder,
        }
    }

    /// Sends a request as a local program would: with a loopback host and nothing else.
    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:7777");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body.into()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], "").await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(
            "PUT",
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    async fn post_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.send("POST", path, &headers, body.to_string()).await
    }

    async fn attempt(&self, text: &str) -> Value {
        self.post("/api/v1/attempts", &submission(text)).await.expect(201)
    }
}

fn submission(text: &str) -> Value {
    json!({"item": ITEM, "submission": {"type": "text", "text": text}, "seed": 7})
}

fn id(attempt: &Value) -> &str {
    attempt["id"].as_str().unwrap()
}
