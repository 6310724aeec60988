//! The second reader from the command line: off by default, shown beside the grade, its key in nothing.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::{Duration, Instant};

use scripted::{Server, Step, ok, status, verdicts};
use serde_json::{Value, json};

use crate::durability::{request, start_with};
use crate::spar::{Run, Spar};

const ITEM: &str = "public-api-rate-limiter";
const ANSWER: &str = "I use a token bucket for each API key: it refills at a steady rate and the size is the burst. \
    Over the limit the client gets a 429 with Retry-After.";
const KEY: &str = "sk-hunter2-hunter2";

/// Runs beside a scripted endpoint, which needs a runtime of its own.
fn beside<T>(steps: Vec<Step>, run: impl FnOnce(&Server) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(Server::start(steps));
    run(&server)
}

fn made(fact: &str) -> String {
    verdicts(&[
        (fact, "wrong", "it refills at a steady rate"),
        ("no-such-fact", "made", "it refills at a steady rate"),
    ])
}

fn run(spar: &Spar, server: &Server, args: &[&str]) -> Run {
    let key = spar.file("key", KEY);
    let url = server.base_url();
    let mut all = args.to_vec();
    all.extend(["--reader-url", &url, "--reader-model", "test-model"]);
    all.extend(["--reader-key-file", key.to_str().unwrap()]);
    spar.run_with(&all, ANSWER)
}

/// A fact that is met offline, so that a reader's `wrong` moves it.
fn met(spar: &Spar) -> String {
    let card = spar
        .run_with(&["try", ITEM, "-", "--no-save", "--json"], ANSWER)
        .json();
    let facts = card["groups"][0]["criteria"].as_array().unwrap();
    let fact = facts.iter().find(|c| {
        c["status"] == "met"
            && c["evidence"][0]["text"]
                .as_str()
                .is_some_and(|text| text.contains("refills"))
    });
    fact.unwrap_or_else(|| panic!("{facts:#?}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn try_shows_both_gradings_and_history_keeps_them() {
    let spar = Spar::new();
    let fact = met(&spar);
    let alone = spar
        .run_with(&["try", ITEM, "-", "--no-save", "--json"], ANSWER)
        .json();
    assert!(alone.get("reading").is_none(), "off by default");
    beside(vec![ok(&made(&fact))], |server| {
        let shown = run(&spar, server, &["try", ITEM, "-"]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        for part in [
            "Second reading",
            "test-model",
            "offline",
            "met -> partial",
            "(disputed)",
            "because",
            "unknown fact",
        ] {
            assert!(shown.stdout.contains(part), "`{part}` in {}", shown.stdout);
        }
        let to = format!("http://127.0.0.1:{}", server.port);
        assert!(shown.stderr.contains(&to), "it says to where: {}", shown.stderr);
        assert!(
            server.requests()[0].head.contains(&format!("Bearer {KEY}")),
            "the endpoint gets its key"
        );
        assert!(!format!("{}{}", shown.stdout, shown.stderr).contains("hunter2"));

        let id = spar.run(&["history", "--json"]).json()[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let kept = spar.run(&["history", &id, "--json"]).json();
        assert_eq!(
            kept["scorecard"]["groups"], alone["groups"],
            "the offline grade is the same"
        );
        assert_eq!(kept["reading"]["state"], "read");
        assert!(spar.run(&["history", &id]).stdout.contains("Second reading"));
        assert!(spar.run(&["history"]).stdout.contains(" read "));
        let export = spar.run(&["export"]).stdout;
        assert!(export.contains("test-model") && !export.contains("hunter2"));

        let unsaved = run(&spar, server, &["try", ITEM, "-", "--no-save", "--json"]).json();
        assert_eq!(unsaved["groups"], alone["groups"]);
        assert_eq!(
            unsaved["reading"]["result"]["verdicts"],
            kept["reading"]["result"]["verdicts"]
        );
    });
}

#[test]
fn a_reader_that_fails_leaves_the_grade_and_says_why() {
    let spar = Spar::new();
    beside(vec![status("401 Unauthorized")], |server| {
        let shown = run(&spar, server, &["try", ITEM, "-"]);
        assert_eq!(shown.code, 0, "the grade stands: {}", shown.stderr);
        let words = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["of 100", "the grade above stands", "401", "check the key"] {
            assert!(words.contains(part), "`{part}` in {words}");
        }
        assert!(!format!("{}{}", shown.stdout, shown.stderr).contains("hunter2"));
    });
}

#[test]
fn settings_name_themselves_and_doctor_tells_the_state() {
    let spar = Spar::new();
    for (args, named) in [
        (vec!["--reader-url", "http://127.0.0.1:1/v1"], "--reader-model"),
        (vec!["--reader-model", "m"], "--reader-url"),
        (
            vec!["--reader-url", "http://example.com/v1", "--reader-model", "m"],
            "https",
        ),
        (
            vec!["--reader-url", "nonsense", "--reader-model", "m"],
            "--reader-url",
        ),
    ] {
        let mut all = vec!["try", ITEM, "-"];
        all.extend(args);
        let refused = spar.run_with(&all, ANSWER);
        assert_eq!(refused.code, 2, "{all:?}");
        assert!(
            refused.stderr.contains(named) && refused.stderr.contains("hint"),
            "{}",
            refused.stderr
        );
    }
    let off = spar.run(&["doctor"]).stdout;
    assert!(
        off.contains("no answer leaves this machine") && off.contains("SPAR_READER_URL"),
        "{off}"
    );
    let on = spar
        .command()
        .args(["doctor"])
        .envs([
            ("SPAR_READER_URL", "http://127.0.0.1:1/v1"),
            ("SPAR_READER_MODEL", "test-model"),
            ("SPAR_READER_KEY", KEY),
        ])
        .output()
        .unwrap();
    let on = String::from_utf8(on.stdout).unwrap();
    assert!(on.contains("test-model at http://127.0.0.1:1"), "{on}");
    assert!(!on.contains("hunter2"));
}

#[test]
fn a_server_killed_in_mid_reading_has_the_attempt_and_reads_it_when_asked() {
    let spar = Spar::new();
    let reply = verdicts(&[("single-flight", "missing", "")]);
    beside(
        vec![Step::Stall(b"HTTP/1.1 200 OK\r\n".to_vec()), ok(&reply)],
        |endpoint| {
            let url = endpoint.base_url();
            let environment = [
                ("SPAR_READER_URL", url.as_str()),
                ("SPAR_READER_MODEL", "test-model"),
            ];
            let server = start_with(&spar.data(), &environment);
            let (code, _, graded) = crate::durability::post(&server.address, "k").unwrap();
            assert_eq!((code, &graded["reading"]["state"]), (201, &json!("reading")));
            let path = format!("/api/v1/attempts/{}", graded["id"].as_str().unwrap());
            wait(|| !endpoint.requests().is_empty());
            drop(server);

            let server = start_with(&spar.data(), &environment);
            let get = || {
                request(&server.address, &format!("GET {path}"), "", "")
                    .unwrap()
                    .2
            };
            let back = get();
            assert_eq!(back["scorecard"], graded["scorecard"]);
            assert_eq!(
                back["reading"]["state"], "unread",
                "nothing hangs on what is gone"
            );
            let asked = request(&server.address, &format!("POST {path}/reading"), "", "").unwrap();
            assert_eq!(asked.0, 202);
            let mut read = Value::Null;
            wait(|| {
                read = get();
                read["reading"]["state"] != "reading"
            });
            assert_eq!(read["reading"]["state"], "read");
            assert_eq!(read["scorecard"], graded["scorecard"]);
        },
    );
}

fn wait(mut until: impl FnMut() -> bool) {
    let started = Instant::now();
    while !until() {
        assert!(started.elapsed() < Duration::from_secs(20), "it takes too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}
