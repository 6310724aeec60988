//! A scripted endpoint on a real socket, for tests: each connection gets the next step, the last step repeats.
//! What a client of an endpoint can meet is told here once, for every crate that has to live with it. Only ever a
//! development dependency.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What a connection gets once its request is read.
#[derive(Clone)]
pub enum Step {
    /// These bytes, then the end of the connection.
    Send(Vec<u8>),
    /// These bytes, then silence.
    Stall(Vec<u8>),
    /// These bytes one by one, with a pause that no read time-out between bytes would notice.
    Trickle(Vec<u8>),
    /// These bytes as soon as the gate lets one through.
    Gated(Vec<u8>),
}

/// What the endpoint was sent.
#[derive(Clone)]
pub struct Request {
    /// Request line and headers.
    pub head: String,
    /// The JSON body; null when it is of another kind.
    pub body: serde_json::Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// The endpoint; it ends when this is dropped.
pub struct Server {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    /// Lets [`Step::Gated`] through.
    pub gate: Arc<Semaphore>,
    /// One permit a request that has come.
    pub arrived: Arc<Semaphore>,
    requests: Arc<Mutex<Vec<Request>>>,
    most_at_once: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Starts on a free port.
    ///
    /// # Panics
    /// There is none.
    pub async fn start(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (gate, arrived) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let most_at_once = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        tasks.spawn({
            let (seen, gate, arrived, most) = (
                Arc::clone(&requests),
                Arc::clone(&gate),
                Arc::clone(&arrived),
                Arc::clone(&most_at_once),
            );
            async move {
                let now = Arc::new(AtomicUsize::new(0));
                let mut connections = JoinSet::new();
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    let (seen, gate, arrived) = (Arc::clone(&seen), Arc::clone(&gate), Arc::clone(&arrived));
                    let (steps, now, most) = (steps.clone(), Arc::clone(&now), Arc::clone(&most));
                    connections.spawn(async move {
                        let Some(request) = receive(&mut stream).await else {
                            return;
                        };
                        let n = {
                            let mut seen = seen.lock().unwrap();
                            seen.push(request);
                            seen.len() - 1
                        };
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        arrived.add_permits(1);
                        perform(&steps[n.min(steps.len() - 1)], &mut stream, &gate).await;
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            }
        });
        Self {
            port,
            gate,
            arrived,
            requests,
            most_at_once,
            _tasks: tasks,
        }
    }

    /// What came so far, in order.
    ///
    /// # Panics
    /// A connection has panicked.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The most requests that were under way at once.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    /// Waits until that many requests have come since the last call.
    ///
    /// # Panics
    /// Never: nobody closes the count.
    pub async fn arrivals(&self, n: u32) {
        self.arrived.acquire_many(n).await.unwrap().forget();
    }

    /// What to configure as base URL.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }
}

async fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse::<usize>()
                .ok()
        })
        .unwrap();
    while bytes.len() < head_end + 4 + length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    let bytes = bytes.split_off(head_end + 4);
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Some(Request { head, body, bytes })
}

/// The client may hang up at any point, so writing may fail.
async fn perform(step: &Step, stream: &mut TcpStream, gate: &Semaphore) {
    match step {
        Step::Send(bytes) => drop(stream.write_all(bytes).await),
        Step::Gated(bytes) => {
            gate.acquire().await.unwrap().forget();
            drop(stream.write_all(bytes).await);
        }
        Step::Stall(bytes) => {
            drop(stream.write_all(bytes).await);
            // Until the client hangs up.
            drop(stream.read(&mut [0]).await);
        }
        Step::Trickle(bytes) => {
            for byte in bytes {
                if stream.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    drop(stream.shutdown().await);
}

/// A whole response with its length.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A chat completion with this content.
pub fn completion(content: &str) -> Vec<u8> {
    let body = serde_json::json!({
        "id": "x", "object": "chat.completion", "model": "renamed-by-the-server",
        "choices": [{ "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": content } }],
    });
    response(
        "200 OK",
        "content-type: application/json\r\n",
        body.to_string().as_bytes(),
    )
}

/// Answers with a chat completion.
pub fn ok(content: &str) -> Step {
    Step::Send(completion(content))
}

/// Answers with a status such as `500 Oops`.
pub fn status(status: &str) -> Step {
    Step::Send(response(status, "", b"{}"))
}

/// The content of a reply with these verdicts: fact, verdict, quote.
pub fn verdicts(entries: &[(&str, &str, &str)]) -> String {
    let entries: Vec<_> = entries
        .iter()
        .map(|(fact, verdict, quote)| {
            serde_json::json!({ "fact": fact, "quote": quote, "why": "because", "verdict": verdict })
        })
        .collect();
    serde_json::json!({ "verdicts": entries }).to_string()
}
