//! Conversations with the API, from a seed.

use domain::GroupId;

use super::at_once::CONCURRENCY;
use super::families::{BEHAVIOUR, EDGES, Family};
use super::hostile::SECURITY;
use super::message::Request;
use crate::{Call, Case, Script, Seed, Step, Wanted};

/// People who ask. All fit the name of a reader.
pub(super) const USERS: [&str; 8] = ["ann", "bob", "cleo", "dan", "eve-2", "fay", "gus", "hal9"];

const WORDS: [&str; 10] = [
    "milk",
    "call the plumber",
    "Zürich 14:05",
    "42 €",
    "yes & no",
    "a\tb",
    "two\nlines",
    "ok?",
    "#7",
    "\"so\"",
];

/// A conversation that grows.
pub(super) struct Talk {
    pub(super) steps: Vec<Step>,
    pub(super) seed: Seed,
    /// Which case of its family, from 0: later ones are larger.
    pub(super) round: u64,
    /// Three different people: the owner, a reader, a stranger.
    pub(super) owner: &'static str,
    pub(super) reader: &'static str,
    pub(super) stranger: &'static str,
    texts: u64,
}

/// The cases of a group.
pub(super) fn cases(wanted: Wanted) -> Vec<Case> {
    let families: &[Family] = match wanted.group {
        GroupId::Examples => return examples(wanted.count),
        GroupId::Behaviour => &BEHAVIOUR,
        GroupId::Edges => &EDGES,
        GroupId::Security => &SECURITY,
        GroupId::Concurrency => &CONCURRENCY,
        _ => return Vec::new(),
    };
    let mut cases = Vec::new();
    for at in 0..wanted.count as usize {
        let (name, rule, fill) = families[at % families.len()];
        let round = (at / families.len()) as u64;
        let mut talk = Talk::new(
            Seed::new(wanted.seed, &format!("api-handler {name} {round}")),
            round,
        );
        fill(&mut talk);
        cases.push(case(
            &format!("{name}-{}", round + 1),
            wanted.group,
            rule,
            talk.steps,
        ));
    }
    cases
}

impl Talk {
    fn new(mut seed: Seed, round: u64) -> Self {
        let mut users = USERS;
        seed.shuffle(&mut users);
        let [owner, reader, stranger, ..] = users;
        Self {
            steps: Vec::new(),
            seed,
            round,
            owner,
            reader,
            stranger,
            texts: 0,
        }
    }

    /// Sends a request and awaits its answer.
    pub(super) fn send(&mut self, request: Request) {
        self.steps.push(Step::Call(call(0, &request)));
    }

    pub(super) fn get(&mut self, user: &str, path: &str) {
        self.send(Request::new(user, "GET", path));
    }

    pub(super) fn delete(&mut self, user: &str, path: &str) {
        self.send(Request::new(user, "DELETE", path));
    }

    /// Makes a note with a text of its own.
    pub(super) fn post(&mut self, user: &str) {
        let text = self.text();
        self.send(Request::new(user, "POST", "/notes").body(&text));
    }

    pub(super) fn put(&mut self, user: &str, path: &str, tag: &str) {
        let text = self.text();
        self.send(
            Request::new(user, "PUT", path)
                .header("If-Match", tag)
                .body(&text),
        );
    }

    pub(super) fn share(&mut self, owner: &str, note: u64, reader: &str) {
        self.send(Request::new(
            owner,
            "PUT",
            &format!("/notes/n{note}/readers/{reader}"),
        ));
    }

    /// A text that was not there before.
    pub(super) fn text(&mut self) -> String {
        self.texts += 1;
        let word = *self.seed.pick(&WORDS);
        format!("{word} {}", self.texts * 100 + self.seed.within(0, 99))
    }

    /// An idempotency key.
    pub(super) fn key(&mut self) -> String {
        format!(
            "{:08x}-{:04x}",
            self.seed.within(0x1000_0000, 0xffff_ffff),
            self.seed.within(0x1000, 0xffff)
        )
    }

    /// Lets threads go at one moment, each with its requests.
    pub(super) fn par(&mut self, threads: &[Vec<Request>]) {
        let of = |(client, requests): (usize, &Vec<Request>)| {
            requests
                .iter()
                .map(|request| call(client_of(client), request))
                .collect()
        };
        self.steps
            .push(Step::Par(threads.iter().enumerate().map(of).collect()));
    }

    /// Sends requests of several clients at once.
    pub(super) fn together(&mut self, requests: &[Request]) {
        let of = |(client, request): (usize, &Request)| call(client_of(client), request);
        self.steps
            .push(Step::Together(requests.iter().enumerate().map(of).collect()));
    }
}

fn client_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn call(client: u32, request: &Request) -> Call {
    Call {
        client,
        op: "handle".to_owned(),
        args: vec![request.json()],
    }
}

pub(super) fn case(id: &str, group: GroupId, rule: &str, steps: Vec<Step>) -> Case {
    Case {
        id: id.to_owned(),
        group,
        rule: rule.to_owned(),
        script: Script::Calls {
            init: Vec::new(),
            steps,
        },
    }
}

/// The examples of the prompt.
fn examples(count: u32) -> Vec<Case> {
    let post = |user| Request::new(user, "POST", "/notes");
    let put = |tag| Request::new("ann", "PUT", "/notes/n1").header("If-Match", tag);
    let all: [(&str, &str, Vec<Request>); 3] = [
        (
            "a-note",
            "A note is made, read, and replaced by whoever saw its last version.",
            vec![
                post("ann").body("buy milk"),
                Request::new("ann", "GET", "/notes/n1"),
                put("\"1\"").body("buy oat milk"),
                put("\"1\"").body("buy two milk"),
                Request::new("ann", "GET", "/notes/n1").header("If-None-Match", "\"2\""),
                Request::new("ann", "PATCH", "/notes/n1"),
            ],
        ),
        (
            "whose-note",
            "A stranger learns nothing of a note, and a reader may only read it.",
            vec![
                post("ann").body("the code is 4711"),
                Request::new("bob", "GET", "/notes/n1"),
                Request::new("ann", "PUT", "/notes/n1/readers/bob"),
                Request::new("bob", "GET", "/notes/n1"),
                Request::new("bob", "DELETE", "/notes/n1"),
                Request::new("bob", "GET", "/notes?limit=5"),
                Request::new("bob", "GET", "/notes?limit=5;drop"),
            ],
        ),
        (
            "a-retry",
            "A retry with the same key and body gets the first answer and makes no second note.",
            vec![
                post("ann").header("Idempotency-Key", "k-1").body("pay rent"),
                post("ann").header("idempotency-key", "k-1").body("pay rent"),
                post("ann").header("Idempotency-Key", "k-1").body("pay the rent"),
                Request::new("ann", "GET", "/notes"),
            ],
        ),
    ];
    let steps = |requests: Vec<Request>| {
        requests
            .iter()
            .map(|request| Step::Call(call(0, request)))
            .collect()
    };
    all.into_iter()
        .take(count as usize)
        .map(|(id, rule, requests)| case(id, GroupId::Examples, rule, steps(requests)))
        .collect()
}

/// Many people with a few notes each: an answer is made of one note or one list of ten, however many there are.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut talk = Talk::new(Seed::new(seed, "api-handler scale"), 0);
    for i in 0..size / 4 {
        let user = format!("user-{}", i / 8);
        talk.post(&user);
        talk.get(&user, &format!("/notes/n{}", i + 1));
        talk.put(&user, &format!("/notes/n{}", i + 1), "\"1\"");
        talk.get(&user, "/notes?limit=10");
    }
    case(
        "scale",
        GroupId::Scale,
        "The time of a request does not grow with the notes of others.",
        talk.steps,
    )
}
