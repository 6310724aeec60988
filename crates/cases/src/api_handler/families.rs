//! The sorts of ordinary conversations: each shows a rule.

use super::generate::Talk;
use super::message::Request;
use super::model::{MAX_KEY_BYTES, MAX_NOTE_BYTES, MAX_NOTES};

/// A name, the rule that it shows, and what makes the conversation.
pub(super) type Family = (&'static str, &'static str, fn(&mut Talk));

pub(super) const BEHAVIOUR: [Family; 7] = [
    (
        "notes",
        "A note is made with 201, Location and ETag, and is read and listed as it was sent.",
        notes,
    ),
    (
        "versions",
        "A PUT needs the tag of the last version and makes the next one.",
        versions,
    ),
    (
        "fresh",
        "A read whose tag is known is answered by 304 and the tag alone.",
        fresh,
    ),
    (
        "deleted",
        "A deleted note is gone, and its id is not given again.",
        deleted,
    ),
    (
        "shared",
        "A reader reads, the owner alone changes, and a removed reader is a stranger again.",
        shared,
    ),
    (
        "retries",
        "The same user, key and body get the first answer again; another body gets 422.",
        retries,
    ),
    (
        "quota",
        "The eleventh note of an owner is refused by 409 until one is deleted.",
        quota,
    ),
];

pub(super) const EDGES: [Family; 7] = [
    (
        "methods",
        "A method that the path does not have is 405 with Allow.",
        methods,
    ),
    ("size", "A body has at most 1,000 bytes of UTF-8.", size),
    (
        "body",
        "A note is not empty and has no NUL; everything else is text.",
        body,
    ),
    (
        "paging",
        "`limit` and `after` page through the list, and what is not allowed there is 400.",
        paging,
    ),
    (
        "tags",
        "If-Match compares strongly, If-None-Match weakly, both take lists and `*`.",
        tags,
    ),
    ("order", "The checks come in the order of the prompt.", order),
    (
        "keys",
        "A key has 1 to 64 bytes, and names of headers are found in any spelling.",
        keys,
    ),
];

fn notes(talk: &mut Talk) {
    let (owner, other) = (talk.owner, talk.stranger);
    talk.post(owner);
    talk.get(owner, "/notes/n1");
    talk.post(other);
    for _ in 0..=talk.round {
        talk.post(owner);
    }
    talk.get(owner, "/notes");
    talk.get(other, "/notes");
    talk.get(other, "/notes/n2");
    talk.get(owner, "/notes/n999");
}

fn versions(talk: &mut Talk) {
    let owner = talk.owner;
    talk.post(owner);
    talk.put(owner, "/notes/n1", "\"1\"");
    talk.put(owner, "/notes/n1", "\"1\"");
    let text = talk.text();
    talk.send(Request::new(owner, "PUT", "/notes/n1").body(&text));
    talk.get(owner, "/notes/n1");
    for version in 2..4 + talk.round {
        // The same text is a new version too.
        let tag = format!("\"{version}\"");
        talk.send(
            Request::new(owner, "PUT", "/notes/n1")
                .header("If-Match", &tag)
                .body("the same"),
        );
    }
    talk.get(owner, "/notes/n1");
    talk.put(owner, "/notes/n1", "*");
    talk.get(owner, "/notes/n1");
}

fn fresh(talk: &mut Talk) {
    let owner = talk.owner;
    let read = |tag: &str| Request::new(owner, "GET", "/notes/n1").header("If-None-Match", tag);
    talk.post(owner);
    talk.send(read("\"1\""));
    talk.put(owner, "/notes/n1", "\"1\"");
    talk.send(read("\"1\""));
    talk.send(read("\"2\""));
    talk.send(read("\"1\", \"2\""));
    talk.send(read("*"));
    talk.send(Request::new(owner, "GET", "/notes/n1").header("If-Match", "\"9\""));
}

fn deleted(talk: &mut Talk) {
    let owner = talk.owner;
    for _ in 0..2 + talk.round {
        talk.post(owner);
    }
    let last = format!("/notes/n{}", 2 + talk.round);
    talk.send(Request::new(owner, "DELETE", &last).header("If-Match", "\"2\""));
    talk.send(Request::new(owner, "DELETE", &last).header("If-Match", "\"1\""));
    talk.delete(owner, &last);
    talk.get(owner, &last);
    talk.put(owner, &last, "\"1\"");
    talk.delete(owner, "/notes/n1");
    talk.post(owner);
    talk.get(owner, "/notes");
}

fn shared(talk: &mut Talk) {
    let (owner, reader, stranger) = (talk.owner, talk.reader, talk.stranger);
    talk.post(stranger);
    talk.post(owner);
    talk.post(owner);
    talk.get(reader, "/notes/n2");
    talk.share(owner, 2, reader);
    talk.share(owner, 2, reader);
    talk.get(reader, "/notes/n2");
    talk.get(reader, "/notes");
    talk.put(reader, "/notes/n2", "\"1\"");
    talk.delete(reader, "/notes/n2");
    talk.share(reader, 2, stranger);
    talk.share(stranger, 2, stranger);
    talk.get(stranger, "/notes/n2");
    talk.delete(owner, &format!("/notes/n2/readers/{stranger}"));
    talk.delete(owner, &format!("/notes/n2/readers/{reader}"));
    talk.get(reader, "/notes/n2");
    talk.get(reader, "/notes");
    talk.get(owner, "/notes/n2");
}

fn retries(talk: &mut Talk) {
    let (owner, other) = (talk.owner, talk.stranger);
    let (key, text) = (talk.key(), talk.text());
    let post = |user: &str, text: &str| {
        Request::new(user, "POST", "/notes")
            .header("Idempotency-Key", &key)
            .body(text)
    };
    talk.send(post(owner, &text));
    talk.post(owner);
    talk.send(post(owner, &text));
    talk.send(post(owner, "another text"));
    talk.send(post(other, "mine"));
    talk.get(owner, "/notes");
    // The retry still gets its answer when the note has moved on.
    talk.put(owner, "/notes/n1", "\"1\"");
    talk.send(post(owner, &text));
    talk.delete(owner, "/notes/n1");
    talk.send(post(owner, &text));
    talk.get(owner, "/notes");
    talk.get(other, "/notes/n3");
}

fn quota(talk: &mut Talk) {
    let (owner, other) = (talk.owner, talk.stranger);
    let (first, late) = (talk.key(), talk.key());
    let post = |key: &str| {
        Request::new(owner, "POST", "/notes")
            .header("Idempotency-Key", key)
            .body("kept")
    };
    talk.send(post(&first));
    for _ in 1..MAX_NOTES {
        talk.post(owner);
    }
    talk.post(owner);
    talk.send(post(&late));
    talk.send(post(&first));
    talk.post(other);
    let gone = talk.seed.within(2, 10);
    talk.delete(owner, &format!("/notes/n{gone}"));
    talk.send(post(&late));
    talk.post(owner);
    talk.get(owner, "/notes?limit=100");
}

fn methods(talk: &mut Talk) {
    let (owner, reader) = (talk.owner, talk.reader);
    talk.post(owner);
    for path in ["/notes", "/notes/n1", &format!("/notes/n1/readers/{reader}")] {
        for method in ["HEAD", "OPTIONS", "PATCH", "get", "TRACE"] {
            talk.send(Request::new(owner, method, path));
        }
    }
    talk.put(owner, "/notes", "*");
    talk.delete(owner, "/notes");
    talk.send(Request::new(owner, "POST", "/notes/n1").body("x"));
    talk.get(owner, &format!("/notes/n1/readers/{reader}"));
    talk.get(owner, "/notes/n1");
}

fn size(talk: &mut Talk) {
    let owner = talk.owner;
    let post = |text: &str| Request::new(owner, "POST", "/notes").body(text);
    let wide = talk.seed.pick(&["€", "क", "中"]).repeat(MAX_NOTE_BYTES / 3);
    talk.send(post(&"x".repeat(MAX_NOTE_BYTES)));
    talk.send(post(&"x".repeat(MAX_NOTE_BYTES + 1)));
    talk.send(post(&format!("{wide}y")));
    talk.send(post(&format!("{wide}yz")));
    talk.send(post(&"🦀".repeat(MAX_NOTE_BYTES / 4)));
    talk.send(post(&"🦀".repeat(MAX_NOTE_BYTES / 4 + 1)));
    talk.send(post(&"é".repeat(600 + usize::try_from(talk.round).unwrap_or(0))));
    let put = |text: &str| {
        Request::new(owner, "PUT", "/notes/n1")
            .header("If-Match", "\"1\"")
            .body(text)
    };
    talk.send(put(&format!("{wide}yz")));
    talk.send(put(&format!("{wide}y")));
    talk.get(owner, "/notes/n1");
    talk.get(owner, "/notes");
}

fn body(talk: &mut Talk) {
    let owner = talk.owner;
    let odd = [
        "",
        "a\0b",
        "\0",
        " ",
        "\n",
        " a ",
        "\u{feff}x",
        "\u{1}",
        "0",
        "null",
        "a\r\nb\r\n",
    ];
    for text in odd {
        talk.send(Request::new(owner, "POST", "/notes").body(text));
    }
    for id in 1..=8 {
        talk.get(owner, &format!("/notes/n{id}"));
    }
    let put = Request::new(owner, "PUT", "/notes/n1").header("If-Match", "\"1\"");
    talk.send(put.clone());
    talk.send(put.clone().body("\0"));
    talk.send(put.body("fine"));
}

fn paging(talk: &mut Talk) {
    let (owner, reader) = (talk.owner, talk.reader);
    for i in 1..=9_u64 {
        talk.post(if i.is_multiple_of(3) { reader } else { owner });
    }
    for query in [
        "limit=1",
        "limit=3&after=n2",
        "after=n4",
        "after=n3",
        "after=n9",
        "after=n100",
        "limit=100",
        "limit=002",
        "",
        "page=2",
        "limit=2&x=limit",
        "Limit=1",
        "after=n1&&limit=1",
    ] {
        talk.get(owner, &format!("/notes?{query}"));
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=",
        "limit",
        "limit=0100",
        "limit=1&limit=1",
        "after=n0",
        "after=3",
        "after=",
        "after=n1&after=n2",
    ] {
        talk.get(owner, &format!("/notes?{query}"));
    }
    talk.get(owner, "/notes/n1?limit=0");
    talk.send(Request::new(owner, "POST", "/notes?limit=0").body("not a list"));
}

fn tags(talk: &mut Talk) {
    let owner = talk.owner;
    talk.post(owner);
    for tag in [
        "W/\"1\"",
        "\"0\"",
        "1",
        "\"01\"",
        "\"1",
        "",
        "\"2\", W/\"1\"",
        "\"11\"",
        "'1'",
        "w/\"1\"",
    ] {
        talk.put(owner, "/notes/n1", tag);
    }
    for tag in ["\"7\", \"1\"", "\"2\",\"9\"", " \"3\" ", "\"4\" , \"5\"", " * "] {
        talk.put(owner, "/notes/n1", tag);
    }
    let read = |tag: &str| Request::new(owner, "GET", "/notes/n1").header("If-None-Match", tag);
    for tag in [
        "W/\"6\"",
        "\"6\"",
        "6",
        "\"5\", W/\"6\"",
        "\"5\"",
        "",
        "w/\"6\"",
        "\"66\"",
    ] {
        talk.send(read(tag));
    }
    talk.send(Request::new(owner, "DELETE", "/notes/n1").header("If-Match", "W/\"6\""));
    talk.send(Request::new(owner, "DELETE", "/notes/n1").header("If-Match", "\"1\",\"6\""));
}

fn order(talk: &mut Talk) {
    let (owner, reader, stranger) = (talk.owner, talk.reader, talk.stranger);
    let large = "x".repeat(MAX_NOTE_BYTES + 1);
    let put = |user: &str| Request::new(user, "PUT", "/notes/n1");
    talk.post(owner);
    talk.share(owner, 1, reader);
    talk.get("", "/nowhere");
    talk.send(Request::new("", "PATCH", "/notes"));
    talk.send(Request::new(owner, "PATCH", "/nowhere"));
    talk.send(Request::new(owner, "PATCH", "/notes/n77"));
    talk.send(put(stranger));
    talk.send(put(stranger).body(&large));
    talk.send(put(stranger).header("If-Match", "\"1\"").body("mine"));
    talk.send(put(reader).body(&large));
    talk.send(put(reader).header("If-Match", "\"9\"").body("mine"));
    talk.send(Request::new(reader, "DELETE", "/notes/n1").header("If-Match", "\"9\""));
    talk.send(put(owner).body(&large));
    talk.send(put(owner));
    talk.send(put(owner).header("If-Match", "\"9\""));
    talk.send(put(owner).header("If-Match", "\"9\"").body(&large));
    let post = |key: &str, text: &str| {
        Request::new(owner, "POST", "/notes")
            .header("Idempotency-Key", key)
            .body(text)
    };
    talk.send(post("", &large));
    talk.send(post("k", "one"));
    talk.send(post("k", &large));
    talk.send(post("k", ""));
    talk.get(owner, "/notes");
}

fn keys(talk: &mut Talk) {
    let owner = talk.owner;
    let letter = *talk.seed.pick(&["k", "7", "-"]);
    let post = |name: &str, key: &str, text: &str| {
        Request::new(owner, "POST", "/notes").header(name, key).body(text)
    };
    for key in [
        "",
        &letter.repeat(MAX_KEY_BYTES),
        &letter.repeat(MAX_KEY_BYTES + 1),
        &"é".repeat(33),
    ] {
        talk.send(post("Idempotency-Key", key, "limits"));
    }
    for name in [
        "idempotency-key",
        "IDEMPOTENCY-KEY",
        "Idempotency-key",
        "iDempotency-kEy",
    ] {
        talk.send(post(name, "one", "spelling"));
    }
    talk.send(post("Idempotency-Key", "ONE", "spelling"));
    for name in ["if-match", "IF-MATCH"] {
        talk.send(
            Request::new(owner, "PUT", "/notes/n1")
                .header(name, "\"1\"")
                .body("again"),
        );
    }
    talk.send(Request::new(owner, "GET", "/notes/n1").header("if-none-match", "\"2\""));
    talk.send(Request::new(owner, "DELETE", "/notes/n1").header("if-match", "\"1\""));
    talk.get(owner, "/notes");
}
