//! `kill -9` at random moments under concurrent posts: what was acknowledged is there, once, also when the
//! client repeats its keys. (A killed process loses nothing that it handed to the kernel; that a commit also
//! reaches the disk before it is acknowledged is `synchronous = FULL`, which no test without a plug can show.)
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

/// How often the server is killed; `SPAR_KILLS` overrides.
const KILLS: u64 = 100;
const CLIENTS: u64 = 4;
const SEED: u64 = 20_261_122;

/// What a client sent and, when it was acknowledged, the attempt that it led to.
type Sent = BTreeMap<String, Option<String>>;

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL on Unix: no handler runs, no buffer is flushed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(data: &Path) -> Child {
    spawn_with(data, &[])
}

/// The same with further environment.
fn spawn_with(data: &Path, environment: &[(&str, &str)]) -> Child {
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../practice/tests/pack");
    Command::new(env!("CARGO_BIN_EXE_spar"))
        .args(["serve", "--bind", "127.0.0.1:0", "--data"])
        .arg(data)
        .arg("--bank")
        .arg(pack)
        .env_remove("SPAR_TOKEN")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn start(data: &Path) -> Server {
    start_with(data, &[])
}

pub(crate) fn start_with(data: &Path, environment: &[(&str, &str)]) -> Server {
    let mut child = spawn_with(data, environment);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .rsplit("http://")
        .next()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    assert!(address.starts_with("127.0.0.1:"), "no address in `{line}`");
    Server { child, address }
}

/// One request on a connection of its own; `None` when the server died over it.
pub(crate) fn request(address: &str, line: &str, headers: &str, body: &str) -> Option<(u16, String, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let length = body.len();
    let sent = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         {headers}Connection: close\r\n\r\n{body}"
    );
    stream.write_all(sent.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    // A body that was cut off does not parse: then nothing was acknowledged.
    let body = serde_json::from_str(body).ok()?;
    Some((
        head.split(' ').nth(1)?.parse().ok()?,
        head.to_ascii_lowercase(),
        body,
    ))
}

pub(crate) fn post(address: &str, key: &str) -> Option<(u16, String, Value)> {
    let text = format!("I let one request rebuild the key and the others wait, says {key}.");
    let body = json!({"item": "fixture-stampede", "submission": {"type": "text", "text": text}, "seed": 1});
    request(
        address,
        "POST /api/v1/attempts",
        &format!("Idempotency-Key: {key}\r\n"),
        &body.to_string(),
    )
}

/// Posts until the server is gone.
fn client(address: &str, name: &str, sent: &Mutex<Sent>) {
    for n in 0.. {
        let key = format!("{name}-{n}");
        sent.lock().unwrap().insert(key.clone(), None);
        match post(address, &key) {
            Some((201, _, attempt)) => {
                let id = attempt["id"].as_str().unwrap().to_owned();
                sent.lock().unwrap().insert(key, Some(id));
            }
            Some((503, ..)) => {}
            Some((status, _, body)) => panic!("{status}: {body}"),
            None => return,
        }
    }
}

/// Repeats every key: an acknowledged one must lead to the same attempt, an unacknowledged one to one.
fn repeat(address: &str, sent: &mut Sent) {
    for (key, acknowledged) in sent {
        let (status, head, attempt) = post(address, key).unwrap();
        assert_eq!(status, 201, "{key}: {attempt}");
        let id = attempt["id"].as_str().unwrap().to_owned();
        match acknowledged {
            Some(before) => {
                assert_eq!(*before, id, "{key} led to another attempt");
                assert!(
                    head.contains("idempotency-replayed: true"),
                    "{key} was forgotten: {head}"
                );
            }
            None => *acknowledged = Some(id),
        }
    }
}

fn all_attempts(address: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = String::new();
    loop {
        let (status, _, page) =
            request(address, &format!("GET /api/v1/attempts?limit=100{next}"), "", "").unwrap();
        assert_eq!(status, 200, "{page}");
        ids.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|a| a["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => return ids,
        }
    }
}

/// xorshift64 (Marsaglia 2003).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn no_acknowledged_attempt_is_lost_or_doubled() {
    let kills = std::env::var("SPAR_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut state = SEED;
    let mut expected: Vec<String> = Vec::new();
    let mut last = Sent::new();
    for round in 0..kills {
        let moment = Duration::from_micros(random(&mut state) % 120_000);
        // Every tenth kill falls into the start, where the log of the kill before is read back.
        if round % 10 == 9 {
            let mut child = spawn(folder.path());
            std::thread::sleep(moment);
            child.kill().unwrap();
            child.wait().unwrap();
            continue;
        }
        let server = start(folder.path());
        let address = server.address.clone();
        repeat(&address, &mut last);
        expected.extend(last.into_values().flatten());
        let sent = Mutex::new(Sent::new());
        std::thread::scope(|scope| {
            for n in 0..CLIENTS {
                let (address, sent) = (&address, &sent);
                scope.spawn(move || client(address, &format!("k{round}-{n}"), sent));
            }
            std::thread::sleep(moment);
            drop(server);
        });
        last = sent.into_inner().unwrap();
    }
    let server = start(folder.path());
    repeat(&server.address, &mut last);
    expected.extend(last.into_values().flatten());
    let mut found = all_attempts(&server.address);
    found.sort();
    expected.sort();
    assert!(
        expected.len() > usize::try_from(kills).unwrap(),
        "too few posts to prove anything"
    );
    println!("{} attempts over {kills} kills", found.len());
    assert_eq!(found, expected);
}
