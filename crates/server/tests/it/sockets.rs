//! What only shows over a real socket: time-outs, caps, streams and the end.

use std::net::SocketAddr;
use std::time::Duration;

use practice::{Endpoint, Reader};
use scripted::{Step, completion, response};
use serde_json::{Value, json};
use server::{Config, Limits, Token};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{WEAK, id, practice, practice_with, submission};

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), server::Error>>,
    folder: TempDir,
}

fn quick() -> Limits {
    Limits {
        head_timeout: Duration::from_millis(400),
        body_timeout: Duration::from_millis(300),
        drain: Duration::from_secs(2),
        ..Limits::default()
    }
}

async fn start(limits: Limits) -> Running {
    start_with(limits, None).await
}

async fn start_with(limits: Limits, reader: Option<Reader>) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let practice = practice_with(&folder, reader).await;
    let config = Config {
        limits,
        ..Config::default()
    };
    let listener = server::listen("127.0.0.1:0".parse().unwrap(), &config)
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server::serve(listener, practice, config, async {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop: Some(stop),
        server,
        folder,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn head(&self, line: &str, more: &str) -> String {
        format!("{line} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", self.address)
    }

    /// Sends bytes and reads to the end of the connection.
    async fn talk(&self, sent: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(sent.as_bytes()).await.unwrap();
        read_all(&mut stream).await
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let more = format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n",
            body.len()
        );
        let answer = self
            .talk(&(self.head(&format!("POST {path}"), &more) + &body))
            .await;
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is a way to end, too.
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_slow_body_is_answered_with_408() {
    let server = start(quick()).await;
    let head = server.head(
        "POST /api/v1/attempts",
        "Content-Type: application/json\r\nContent-Length: 100\r\n",
    );
    let answer = server.talk(&(head + "{\"item\"")).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"body_timeout\""), "{answer}");
}

#[tokio::test]
async fn a_slow_head_is_cut_off() {
    let server = start(quick()).await;
    let mut stream = server.connect().await;
    let started = tokio::time::Instant::now();
    for byte in "GET /api/v1/items HTTP/1.1\r\nHost: localhost\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyy".bytes() {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        if started.elapsed() > Duration::from_secs(1) {
            break;
        }
    }
    let answer = read_all(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_large_body_is_refused_by_its_announcement_and_by_its_bytes() {
    let server = start(quick()).await;
    let kind = "Content-Type: application/json\r\n";
    let announced = server.head(
        "POST /api/v1/attempts",
        &format!("{kind}Content-Length: 3000000\r\n"),
    );
    let answer = server.talk(&announced).await;
    assert!(
        answer.starts_with("HTTP/1.1 413 "),
        "refused before a byte of it was read: {answer}"
    );

    let chunked = server.head(
        "POST /api/v1/attempts",
        &format!("{kind}Transfer-Encoding: chunked\r\n"),
    );
    let mut stream = server.connect().await;
    stream.write_all(chunked.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    for _ in 0..40 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let answer = read_all(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn garbage_and_huge_heads_do_no_harm() {
    let server = start(quick()).await;
    for garbage in [
        "\0\0\0\0\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\r\n\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = server.talk(garbage).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1."),
            "{garbage:?}: {answer}"
        );
    }
    let huge = server.head("GET /api/v1/items", &format!("X: {}\r\n", "y".repeat(100_000)));
    let answer = server.talk(&huge).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    let answer = server.talk("GET /api/v1/items HTTP/1.0\r\n\r\n").await;
    assert!(answer.contains("403"), "no host, no answer: {answer}");
    let fine = server
        .talk(&server.head("GET /api/v1/health", "Connection: close\r\n"))
        .await;
    assert!(fine.starts_with("HTTP/1.1 200 "), "{fine}");
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_their_turn() {
    let server = start(Limits {
        connections: 2,
        ..Limits::default()
    })
    .await;
    let (first, second) = (server.connect().await, server.connect().await);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut third = server.connect().await;
    let request = server.head("GET /api/v1/health", "Connection: close\r\n");
    third.write_all(request.as_bytes()).await.unwrap();
    let mut byte = [0];
    let early = tokio::time::timeout(Duration::from_millis(300), third.read(&mut byte)).await;
    assert!(early.is_err(), "served beyond the cap");
    drop((first, second));
    assert!(read_all(&mut third).await.contains("TTP/1.1 200"));
}

/// The data of the next event.
async fn event(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Value> {
    loop {
        let mut line = String::new();
        let read = tokio::time::timeout(Duration::from_secs(5), lines.read_line(&mut line))
            .await
            .expect("an event");
        // The end of the connection, or of the chunked body.
        if read.unwrap_or(0) == 0 || line == "0\r\n" {
            return None;
        }
        if let Some(data) = line.strip_prefix("data: ") {
            return Some(serde_json::from_str(data).unwrap());
        }
    }
}

#[tokio::test]
async fn events_tell_of_every_reply_and_override_and_end_with_the_attempt() {
    let server = start(Limits {
        streams: 1,
        ..Limits::default()
    })
    .await;
    let attempt = server.post("/api/v1/attempts", &submission(WEAK)).await;
    let path = format!("/api/v1/attempts/{}", id(&attempt));
    let mut stream = server.connect().await;
    let head = server.head(&format!("GET {path}/events"), "Accept: text/event-stream\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream);
    assert_eq!(event(&mut lines).await.unwrap(), attempt);

    let busy = server
        .talk(&server.head(&format!("GET {path}/events"), "Connection: close\r\n"))
        .await;
    assert!(
        busy.starts_with("HTTP/1.1 503 ") && busy.contains("streams_busy") && busy.contains("retry-after"),
        "{busy}"
    );

    let reply = json!({"question": attempt["question"]["id"], "pass": true});
    let replied = server.post(&format!("{path}/replies"), &reply).await;
    assert_eq!(event(&mut lines).await.unwrap(), replied);
    let body = r#"{"status": "met", "reason": "Said."}"#;
    let more = format!(
        "Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let put = server.head(&format!("PUT {path}/overrides/coverage/jitter"), &more);
    let made = server.talk(&format!("{put}{body}")).await;
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let told = event(&mut lines).await.unwrap();
    assert_eq!(told["overrides"][0]["criterion"], "jitter");
    server
        .talk(&server.head(&format!("DELETE {path}"), "Connection: close\r\n"))
        .await;
    assert_eq!(event(&mut lines).await, None);
}

#[tokio::test]
async fn events_tell_of_a_reading_that_fails_and_of_one_that_comes() {
    let verdict = scripted::verdicts(&[("jitter", "missing", "")]);
    let endpoint = scripted::Server::start(vec![
        Step::Gated(response("401 Unauthorized", "", b"{}")),
        Step::Gated(completion(&verdict)),
    ])
    .await;
    let reader = Reader::new(Endpoint::new(endpoint.base_url(), "test-model"), 7).unwrap();
    let server = start_with(Limits::default(), Some(reader)).await;
    let attempt = server.post("/api/v1/attempts", &submission(WEAK)).await;
    let path = format!("/api/v1/attempts/{}", id(&attempt));
    let mut stream = server.connect().await;
    let head = server.head(&format!("GET {path}/events"), "Accept: text/event-stream\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream);
    let mut states = vec![event(&mut lines).await.unwrap()["reading"]["state"].clone()];
    endpoint.gate.add_permits(1);
    states.push(event(&mut lines).await.unwrap()["reading"]["state"].clone());
    server.post(&format!("{path}/reading"), &Value::Null).await;
    states.push(event(&mut lines).await.unwrap()["reading"]["state"].clone());
    endpoint.gate.add_permits(1);
    let last = event(&mut lines).await.unwrap();
    states.push(last["reading"]["state"].clone());
    assert_eq!(states, ["reading", "failed", "reading", "read"]);
    assert_eq!(last["scorecard"], attempt["scorecard"]);
}

/// `spar practice` beside `spar serve`: both on one folder, the page follows.
#[tokio::test]
async fn writes_of_another_process_are_seen() {
    let server = start(Limits::default()).await;
    let attempt = server.post("/api/v1/attempts", &submission(WEAK)).await;
    let mut stream = server.connect().await;
    let head = server.head(&format!("GET /api/v1/attempts/{}/events", id(&attempt)), "");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream);
    event(&mut lines).await.unwrap();

    let other = practice(&server.folder).await;
    let attempt_id = id(&attempt).parse().unwrap();
    let question = attempt["question"]["id"].as_str().unwrap().to_owned();
    let reply = domain::Reply {
        question,
        body: domain::ReplyBody::Pass(true),
    };
    other
        .reply(&attempt_id, reply, None, crate::NOON_US)
        .await
        .unwrap();
    let told = event(&mut lines).await.unwrap();
    assert_eq!(told["asked"][0]["reply"]["pass"], true);
    other.delete(&attempt_id).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let head = server.head("GET /api/v1/items/fixture-stampede", "Connection: close\r\n");
    assert!(server.talk(&head).await.contains("\"attempts\":0"));
}

#[tokio::test]
async fn stopping_ends_streams_and_idle_connections_and_frees_the_port() {
    let mut server = start(Limits::default()).await;
    let attempt = server.post("/api/v1/attempts", &submission(WEAK)).await;
    let idle = server.connect().await;
    let mut stream = server.connect().await;
    let head = server.head(&format!("GET /api/v1/attempts/{}/events", id(&attempt)), "");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream);
    event(&mut lines).await.unwrap();
    server.stop.take().unwrap().send(()).unwrap();
    assert_eq!(event(&mut lines).await, None);
    tokio::time::timeout(Duration::from_secs(5), &mut server.server)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    drop(idle);
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_end() {
    let mut server = start(Limits::default()).await;
    let body = submission(WEAK).to_string();
    let more = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    let mut stream = server.connect().await;
    let (now, later) = body.split_at(20);
    stream
        .write_all((server.head("POST /api/v1/attempts", &more) + now).as_bytes())
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.take().unwrap().send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(later.as_bytes()).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), server.server)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn beyond_loopback_a_token_is_demanded() {
    let everywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let error = server::listen(everywhere, &Config::default()).await.unwrap_err();
    assert!(matches!(error, server::Error::NoToken { .. }), "{error}");
    let config = Config {
        token: Some(Token::new("sesame")),
        ..Config::default()
    };
    server::listen(everywhere, &config).await.unwrap();
    // A listener that was opened elsewhere is refused as well.
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind(everywhere).await.unwrap();
    let served = server::serve(
        listener,
        practice(&folder).await,
        Config::default(),
        std::future::pending(),
    )
    .await;
    assert!(matches!(served, Err(server::Error::NoToken { .. })));
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let server = start(Limits::default()).await;
    let error = server::listen(server.address, &Config::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&server.address.to_string()), "{error}");
}
