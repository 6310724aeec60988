//! Requests of several clients at once.

use super::families::Family;
use super::generate::Talk;
use super::message::Request;
use super::model::MAX_NOTES;

pub(super) const CONCURRENCY: [Family; 6] = [
    (
        "same-key",
        "One key makes one note, however many requests with it come at once.",
        same_key,
    ),
    (
        "same-tag",
        "Of several replacements of one version one succeeds.",
        same_tag,
    ),
    (
        "last-place",
        "Requests at once do not exceed the quota.",
        last_place,
    ),
    (
        "mixed",
        "The answers are those of some order of the requests, one at a time.",
        mixed,
    ),
    (
        "many-keys",
        "Under load each key makes one note, and the quota holds.",
        many_keys,
    ),
    (
        "many-tags",
        "Under load each version is replaced once.",
        many_tags,
    ),
];

/// How many threads a case has: up to the eight that a search over all orders can take.
fn threads(talk: &Talk) -> usize {
    if talk.round == 0 { 4 } else { 8 }
}

fn same_key(talk: &mut Talk) {
    let owner = talk.owner;
    let (key, text) = (talk.key(), talk.text());
    let request = Request::new(owner, "POST", "/notes")
        .header("Idempotency-Key", &key)
        .body(&text);
    let other = Request::new(owner, "POST", "/notes")
        .header("Idempotency-Key", &key)
        .body("another");
    talk.par(&vec![vec![request.clone()]; threads(talk)]);
    talk.get(owner, "/notes");
    let again = [request.clone(), request.clone(), other, request];
    talk.together(&again);
    talk.get(owner, "/notes");
}

fn same_tag(talk: &mut Talk) {
    let owner = talk.owner;
    talk.post(owner);
    let mut put = |tag: &str| {
        let text = talk.text();
        Request::new(owner, "PUT", "/notes/n1")
            .header("If-Match", tag)
            .body(&text)
    };
    let scripts: Vec<Vec<Request>> = (0..4).map(|_| vec![put("\"1\""), put("\"2\"")]).collect();
    let at_once: Vec<Request> = (0..4).map(|_| put("\"3\"")).collect();
    talk.par(&scripts);
    talk.get(owner, "/notes/n1");
    talk.together(&at_once);
    talk.get(owner, "/notes/n1");
}

fn last_place(talk: &mut Talk) {
    let owner = talk.owner;
    for _ in 0..MAX_NOTES - 2 {
        talk.post(owner);
    }
    let scripts: Vec<Vec<Request>> = (0..threads(talk))
        .map(|_| vec![Request::new(owner, "POST", "/notes").body(&talk.text())])
        .collect();
    talk.par(&scripts);
    talk.get(owner, "/notes");
}

fn mixed(talk: &mut Talk) {
    let (owner, reader) = (talk.owner, talk.reader);
    talk.post(owner);
    let scripts: Vec<Vec<Request>> = (0..4)
        .map(|_| {
            let text = talk.text();
            let path = format!("/notes/n1/readers/{reader}");
            let all = [
                Request::new(owner, "GET", "/notes/n1"),
                Request::new(owner, "PUT", "/notes/n1")
                    .header("If-Match", "*")
                    .body(&text),
                Request::new(owner, "PUT", &path),
                Request::new(owner, "DELETE", &path),
                Request::new(reader, "GET", "/notes/n1"),
                Request::new(owner, "POST", "/notes").body(&text),
                Request::new(owner, "DELETE", "/notes/n2"),
            ];
            (0..4).map(|_| talk.seed.pick(&all).clone()).collect()
        })
        .collect();
    talk.par(&scripts);
    talk.get(owner, "/notes");
    talk.get(owner, "/notes/n1");
}

fn many_keys(talk: &mut Talk) {
    let users = [talk.owner, talk.reader, talk.stranger];
    let keys: Vec<String> = (0..MAX_NOTES + 4).map(|_| talk.key()).collect();
    let post = |user: &str, key: &String| {
        Request::new(user, "POST", "/notes")
            .header("Idempotency-Key", key)
            .body(key)
    };
    let script: Vec<Request> = users
        .iter()
        .flat_map(|user| keys.iter().map(|key| post(user, key)))
        .collect();
    talk.par(&vec![script; 8]);
    for user in users {
        talk.get(user, "/notes");
    }
}

fn many_tags(talk: &mut Talk) {
    let owner = talk.owner;
    talk.post(owner);
    let scripts: Vec<Vec<Request>> = (0..8)
        .map(|_| {
            let put = |version: u64| {
                let text = talk.text();
                Request::new(owner, "PUT", "/notes/n1")
                    .header("If-Match", &format!("\"{version}\""))
                    .body(&text)
            };
            (1..=40).map(put).collect()
        })
        .collect();
    talk.par(&scripts);
    talk.get(owner, "/notes/n1");
}
