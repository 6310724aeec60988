//! Requests that an attacker would send.

use super::families::Family;
use super::generate::Talk;
use super::message::Request;

pub(super) const SECURITY: [Family; 6] = [
    (
        "ids",
        "A path is compared as it is: nothing in it is decoded, trimmed or resolved.",
        ids,
    ),
    (
        "queries",
        "A parameter is a value of its type or 400, never part of anything else.",
        queries,
    ),
    (
        "guessing",
        "Who guesses an id cannot tell a note of others from none.",
        guessing,
    ),
    ("texts", "A note comes back byte for byte, as plain text.", texts),
    (
        "people",
        "Names and keys are data: no name is special, and two are one only where they are equal.",
        people,
    ),
    (
        "claims",
        "No header makes the request that of another user or method.",
        claims,
    ),
];

fn ids(talk: &mut Talk) {
    let owner = talk.owner;
    talk.post(owner);
    talk.post(owner);
    for path in [
        "/notes/n01",
        "/notes/n+1",
        "/notes/n1 ",
        "/notes/ n1",
        "/notes/n１",
        "/notes/N1",
        "/notes/n1/",
        "/notes/",
        "//notes/n1",
        "/notes//n1",
        "/notes/./n1",
        "/notes/../notes/n1",
        "/notes/%6e1",
        "/notes/n%31",
        "/notes/n1%00",
        "/notes/n1\0",
        "/notes/n1\n",
        "/notes/n1;x",
        "/notes/n1#x",
        "/notes/n1' OR '1'='1",
        "/notes/n1--",
        "/notes/n1.0",
        "/notes/n1e0",
        "/notes/n-1",
        "/notes/n0",
        "/notes/n",
        "/notes/1",
        "/notes/*",
        "/notes/n99999999999999999999",
        "/notes/n999999999999999",
        "/notes/__proto__",
        "/notes/constructor",
        "/NOTES/n1",
        "/notesn1",
        "notes/n1",
        "",
        "/",
        "*",
        "/notes/n1/readers",
        "/notes/n1/readers/",
        "/notes/n1/readers/a/b",
        "/notes/n1/readers/..",
        "/etc/passwd",
        "http://notes/notes/n1",
    ] {
        talk.get(owner, path);
    }
    for name in ["Bob", "b%6fb", "a b", "a.b", "é", "", &"r".repeat(33)] {
        talk.send(Request::new(owner, "PUT", &format!("/notes/n1/readers/{name}")));
    }
    talk.send(Request::new(
        owner,
        "PUT",
        &format!("/notes/n1/readers/{}", "r".repeat(32)),
    ));
    talk.get(owner, "/notes/n1?id=n2");
}

fn queries(talk: &mut Talk) {
    let (owner, stranger) = (talk.owner, talk.stranger);
    talk.post(owner);
    talk.post(stranger);
    talk.post(owner);
    for value in [
        "1' OR '1'='1",
        "1;DROP TABLE notes",
        "1 UNION SELECT *",
        "%31",
        "+1",
        "-1",
        "1e1",
        "0x1",
        "１",
        "1.0",
        "1,2",
        "1\0",
        " 1",
        "NaN",
        "null",
        "[1]",
        "99999999999999999999",
    ] {
        talk.get(owner, &format!("/notes?limit={value}"));
    }
    for value in [
        "n1'--",
        "n%31",
        "n1,n2",
        "n-1",
        "../n1",
        "n1 OR n2",
        "n00",
        "N1",
        "n1234567890123456",
    ] {
        talk.get(owner, &format!("/notes?after={value}"));
    }
    for query in [
        "owner=*",
        &format!("user={stranger}"),
        "__proto__=1",
        "limit[$gt]=0",
        "filter={\"$ne\":1}",
    ] {
        talk.get(owner, &format!("/notes?{query}"));
    }
}

fn guessing(talk: &mut Talk) {
    let (owner, reader, stranger) = (talk.owner, talk.reader, talk.stranger);
    talk.post(owner);
    talk.post(owner);
    talk.share(owner, 2, reader);
    talk.delete(owner, &format!("/notes/n2/readers/{reader}"));
    // n1 is there, n2 was shared once, n3 was never made.
    for id in 1..=3 {
        let path = format!("/notes/n{id}");
        for user in [stranger, reader] {
            talk.get(user, &path);
            talk.send(Request::new(user, "GET", &path).header("If-None-Match", "*"));
            talk.put(user, &path, "\"1\"");
            talk.put(user, &path, "\"9\"");
            talk.send(Request::new(user, "PUT", &path).body("no tag"));
            talk.send(Request::new(user, "DELETE", &path).header("If-Match", "*"));
            talk.share(user, id, user);
            talk.delete(user, &format!("{path}/readers/{user}"));
        }
    }
    // A reader may not pass on what they read.
    talk.share(owner, 1, reader);
    talk.share(reader, 1, stranger);
    talk.get(stranger, "/notes/n1");
    talk.delete(reader, &format!("/notes/n1/readers/{reader}"));
    talk.get(stranger, "/notes?after=n1");
    talk.get(stranger, "/notes");
    talk.get(owner, "/notes/n1");
}

fn texts(talk: &mut Talk) {
    let owner = talk.owner;
    let mut texts = [
        "<script>alert(1)</script>",
        "'); DROP TABLE notes;--",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "%s%n%x %00",
        "\r\nSet-Cookie: admin=1",
        "{\"$ne\":null}",
        "../../etc/passwd",
        "=cmd|' /C calc'!A0",
        "\u{202e}txt.exe",
        "\"\\\" \u{2028} \u{fffd}",
    ];
    talk.seed.shuffle(&mut texts);
    for (at, text) in texts.into_iter().enumerate() {
        talk.send(Request::new(owner, "POST", "/notes").body(text));
        talk.get(owner, &format!("/notes/n{}", at + 1));
    }
}

fn people(talk: &mut Talk) {
    let post = |user: &str, key: &str| {
        Request::new(user, "POST", "/notes")
            .header("Idempotency-Key", key)
            .body("same")
    };
    // Joined by any sign, some of these pairs would be one.
    for (user, key) in [
        ("a:b", "c"),
        ("a", "b:c"),
        ("a|b", "c"),
        ("a", "b|c"),
        ("a/b", "c"),
        ("a", "b/c"),
        ("ab", "c"),
        ("a", "bc"),
        ("a b", "c"),
        ("a", "b c"),
        ("a-b", "c"),
        ("a", "b-c"),
        ("a,b", "c"),
        ("a", "b,c"),
    ] {
        talk.send(post(user, key));
    }
    for user in [
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "admin",
        "root",
        "*",
        "Ann",
        "ann",
        "ann ",
        "null",
        "0",
    ] {
        talk.get(user, "/notes");
        talk.send(post(user, "__proto__"));
        talk.send(post(user, "constructor"));
        talk.get(user, "/notes");
        talk.get(user, "/notes/n1");
    }
    talk.send(Request::new("a", "PUT", "/notes/n2/readers/constructor"));
    talk.get("constructor", "/notes/n2");
    talk.get("toString", "/notes/n2");
}

fn claims(talk: &mut Talk) {
    let (owner, stranger) = (talk.owner, talk.stranger);
    talk.post(owner);
    let get = |user: &str| Request::new(user, "GET", "/notes/n1");
    for name in [
        "X-User",
        "X-Forwarded-User",
        "Authorization",
        "Cookie",
        "user",
        "X-Original-User",
    ] {
        talk.send(get(stranger).header(name, owner));
    }
    talk.send(get("").header("X-User", owner));
    for (name, value) in [
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Original-URL", "/notes/n9"),
        ("X-Rewrite-URL", "/notes"),
        ("X-Role", "admin"),
        ("Content-Length", "0"),
        ("__proto__", "x"),
        ("constructor", "x"),
        ("If-Match", "\"9\""),
    ] {
        talk.send(get(owner).header(name, value));
    }
    talk.send(
        Request::new(stranger, "POST", "/notes")
            .header("Owner", owner)
            .body("owner"),
    );
    talk.get(owner, "/notes");
    talk.get(stranger, "/notes/n2");
}
