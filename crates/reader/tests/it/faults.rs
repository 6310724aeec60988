//! Endpoints that fail: cut, stall, trickle, limit, storm, flood, redirect.

use std::time::{Duration, Instant};

use reader::{Circuit, Endpoint, ReadError};

use crate::{ANSWER, ask, endpoint, good, read, reader};
use scripted::{Server, Step, completion, ok, response, status};

/// Time that a test grants an endpoint that will not answer.
const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_cut_reply_is_asked_for_again() {
    let whole = completion(&good());
    let head_only = whole[..20].to_vec();
    let half = whole[..whole.len() - 30].to_vec();
    let server = Server::start(vec![Step::Send(half), Step::Send(head_only), Step::Send(whole)]).await;
    assert_eq!(read(&server).await.unwrap().verdicts.len(), 4);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_cut_chunked_reply_is_asked_for_again() {
    let body = String::from_utf8(completion(&good())).unwrap();
    let body = body.split_once("\r\n\r\n").unwrap().1.to_owned();
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let (first, second) = body.split_at(body.len() / 2);
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let cut = format!("{head}{}", chunk(first));
    let whole = format!("{head}{}{}0\r\n\r\n", chunk(first), chunk(second));
    let server = Server::start(vec![Step::Send(cut.into_bytes()), Step::Send(whole.into_bytes())]).await;
    assert_eq!(read(&server).await.unwrap().verdicts.len(), 4);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn cut_replies_end_after_the_given_tries() {
    let server = Server::start(vec![Step::Send(Vec::new())]).await;
    assert_eq!(read(&server).await.unwrap_err(), ReadError::Cut);
    assert_eq!(server.requests().len(), 3);
}

/// Who is silent, or slow in whatever way, is given one time-out and no second load.
#[tokio::test]
async fn stalls_and_trickles_end_in_time() {
    let whole = completion(&good());
    let half = whole[..whole.len() / 2].to_vec();
    for step in [Step::Stall(Vec::new()), Step::Stall(half), Step::Trickle(whole)] {
        let server = Server::start(vec![step]).await;
        let mut endpoint = endpoint(&server);
        endpoint.try_timeout = SHORT;
        let began = Instant::now();
        let error = reader(endpoint).read(&ask(ANSWER)).await.unwrap_err();
        assert_eq!(error, ReadError::Timeout { limit_ms: 200 });
        assert!(began.elapsed() >= SHORT && began.elapsed() < Duration::from_secs(5));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn the_deadline_holds_over_all_tries() {
    let server = Server::start(vec![status("503 Service Unavailable"), Step::Stall(Vec::new())]).await;
    let mut endpoint = endpoint(&server);
    endpoint.deadline = SHORT;
    let error = reader(endpoint).read(&ask(ANSWER)).await.unwrap_err();
    assert_eq!(error, ReadError::Deadline { limit_ms: 200 });
    assert_eq!(server.requests().len(), 2);
}

/// An endpoint that accepts and says nothing is left alone too, even where the deadline is shorter than a try.
#[tokio::test]
async fn deadlines_open_the_circuit() {
    let server = Server::start(vec![Step::Stall(Vec::new())]).await;
    let mut endpoint = endpoint(&server);
    endpoint.deadline = Duration::from_millis(50);
    let reader = reader(endpoint);
    for n in 0..5 {
        reader.read(&ask(&format!("{ANSWER} {n}"))).await.unwrap_err();
    }
    assert!(matches!(reader.health().circuit, Circuit::Open { .. }));
}

#[tokio::test]
async fn a_limit_is_waited_out_as_asked() {
    let limited = Step::Send(response("429 Too Many Requests", "retry-after: 1\r\n", b""));
    let server = Server::start(vec![limited, ok(&good())]).await;
    let began = Instant::now();
    assert_eq!(read(&server).await.unwrap().verdicts.len(), 4);
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_limit_that_asks_for_too_much_ends_the_read_at_once() {
    for seconds in [10, 3600, u64::MAX] {
        let head = format!("retry-after: {seconds}\r\n");
        let server = Server::start(vec![Step::Send(response("429 Too Many Requests", &head, b""))]).await;
        let mut endpoint = endpoint(&server);
        endpoint.deadline = Duration::from_secs(5);
        let began = Instant::now();
        let error = reader(endpoint).read(&ask(ANSWER)).await.unwrap_err();
        assert_eq!(
            error,
            ReadError::Limited {
                retry_after_s: Some(seconds)
            }
        );
        assert!(began.elapsed() < Duration::from_secs(4));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn only_what_may_pass_is_tried_again() {
    for (line, requests) in [
        ("408 Request Timeout", 3),
        ("500 Internal Server Error", 3),
        ("502 Bad Gateway", 3),
        ("400 Bad Request", 1),
        ("401 Unauthorized", 1),
        ("404 Not Found", 1),
        ("413 Content Too Large", 1),
    ] {
        let server = Server::start(vec![status(line)]).await;
        let error = read(&server).await.unwrap_err();
        let code: u16 = line[..3].parse().unwrap();
        assert_eq!(
            error,
            ReadError::Status {
                status: code,
                code: None
            }
        );
        assert_eq!(server.requests().len(), requests, "{line}");
    }
}

/// A storm opens the circuit; while it is open nothing is sent; then one request finds the endpoint back.
#[tokio::test]
async fn a_storm_opens_the_circuit_and_one_trial_heals_it() {
    let mut steps = vec![status("500 Internal Server Error"); 5];
    steps.push(ok(&good()));
    let server = Server::start(steps).await;
    let mut endpoint = endpoint(&server);
    endpoint.cooldown = Duration::from_secs(1);
    let reader = reader(endpoint);
    let failed = ReadError::Status {
        status: 500,
        code: None,
    };

    assert_eq!(reader.read(&ask(ANSWER)).await.unwrap_err(), failed);
    assert_eq!(reader.health().circuit, Circuit::Closed);
    assert_eq!(reader.read(&ask(ANSWER)).await.unwrap_err(), failed);
    assert!(matches!(reader.health().circuit, Circuit::Open { .. }));
    assert_eq!(server.requests().len(), 5, "the fifth failure ends the tries");
    let resting = reader.read(&ask(ANSWER)).await.unwrap_err();
    assert!(matches!(resting, ReadError::Resting { .. }), "{resting}");
    assert_eq!(server.requests().len(), 5);

    let bound = Instant::now() + Duration::from_secs(10);
    while reader.health().circuit != Circuit::HalfOpen {
        assert!(Instant::now() < bound);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(reader.read(&ask(ANSWER)).await.unwrap().verdicts.len(), 4);
    assert_eq!(reader.health().circuit, Circuit::Closed);
}

/// Candidates choose the answer, so what depends on it must not shut out the others.
#[tokio::test]
async fn bad_content_does_not_open_the_circuit() {
    let server = Server::start(vec![ok("no JSON"), status("413 Content Too Large")]).await;
    let reader = reader(endpoint(&server));
    for _ in 0..12 {
        reader.read(&ask(ANSWER)).await.unwrap_err();
    }
    assert_eq!(reader.health().circuit, Circuit::Closed);
    assert_eq!(server.requests().len(), 12);
}

#[tokio::test]
async fn retries_stop_when_their_budget_is_spent() {
    let server = Server::start(vec![status("503 Service Unavailable")]).await;
    let mut endpoint = endpoint(&server);
    // So short a rest that every read finds the circuit half-open: only the budget holds the retries.
    endpoint.cooldown = Duration::from_nanos(1);
    let reader = reader(endpoint);
    for n in 0..20 {
        reader.read(&ask(&format!("{ANSWER} {n}"))).await.unwrap_err();
    }
    let health = reader.health();
    assert_eq!(health.requests, 20 + health.retries);
    assert!((5..=7).contains(&health.retries), "{health:?}");
    assert_eq!(health.failed, 20);
}

#[tokio::test]
async fn a_large_body_is_not_read() {
    let body = vec![b' '; 10 << 20];
    let declared = response("200 OK", "", &body);
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.extend_from_slice(&body);
    for step in [declared, endless] {
        let server = Server::start(vec![Step::Send(step)]).await;
        assert_eq!(
            read(&server).await.unwrap_err(),
            ReadError::TooLarge { limit_bytes: 1 << 20 }
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_large_head_is_not_read() {
    let mut head = b"HTTP/1.1 200 OK\r\nx: ".to_vec();
    head.extend(std::iter::repeat_n(b'a', 1 << 20));
    let server = Server::start(vec![Step::Stall(head)]).await;
    assert!(matches!(
        read(&server).await.unwrap_err(),
        ReadError::Reply { .. }
    ));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(vec![ok(&good())]).await;
    let head = format!(
        "location: http://127.0.0.1:{}/v1/chat/completions\r\n",
        elsewhere.port
    );
    let server = Server::start(vec![Step::Send(response("307 Temporary Redirect", &head, b""))]).await;
    let error = read(&server).await.unwrap_err();
    assert_eq!(error, ReadError::Redirected { status: 307 });
    assert!(error.to_string().contains("final address"));
    assert!(elsewhere.requests().is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn nobody_listening_is_said_so() {
    // Bound and let go: nobody answers there now.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut endpoint = Endpoint::new(format!("http://{address}/v1"), "test-model");
    endpoint.backoff = Duration::from_millis(1);
    let error = reader(endpoint).read(&ask(ANSWER)).await.unwrap_err();
    assert!(matches!(error, ReadError::Connect { .. }), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}
