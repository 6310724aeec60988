//! The same small class in each language gives the same answers over the same lines.

use code::language::shim;
use code::sandbox::Exit;
use domain::{Language, Signature};
use serde_json::{Value, json};

use crate::workshop::{Session, compiled, sandbox};

fn programs() -> [(Language, &'static str); 5] {
    [
        (Language::Python, include_str!("programs/shelf.py")),
        (Language::Javascript, include_str!("programs/shelf.js")),
        (Language::Typescript, include_str!("programs/shelf.ts")),
        (Language::Go, include_str!("programs/shelf.go")),
        (Language::Rust, include_str!("programs/shelf.rs")),
    ]
}

fn signature(concurrent: bool) -> Signature {
    let mut signature: Signature =
        serde_json::from_str(include_str!("programs/shelf.json")).expect("a signature");
    signature.concurrent = concurrent;
    signature
}

fn on_each(concurrent: bool, test: impl Fn(Language, &mut Session<'_>)) {
    for (language, source) in programs() {
        let artifact = compiled(Some(&signature(concurrent)), language, source)
            .unwrap_or_else(|failure| panic!("{language}: {}", failure.message));
        let mut slot = sandbox().lease().expect("a slot");
        let mut session = Session::start(&mut slot, &artifact);
        let made = session.call("init", json!([10]));
        if made != json!({"ok": null}) {
            panic!("{language}: {made}: {:?}", session.ended());
        }
        test(language, &mut session);
        let (outcome, rest, log) = session.ended();
        assert_eq!(
            (outcome.exit, rest.as_str()),
            (Exit::Code(0), ""),
            "{language}: {log}"
        );
    }
}

#[test]
fn values_of_every_type_come_back_alike() {
    let job = json!({"job_id": "j", "attempts": 3, "note": null, "tags": ["a", "ü"]});
    let more = json!({"job_id": "j", "attempts": 4, "note": null, "tags": ["a", "ü"]});
    let nameless = json!({"job_id": "", "attempts": 0, "note": "n", "tags": []});
    let text = "é 😀 \n\"\\ \u{0} \u{7f} \u{2028} <>& \u{ffff}";
    let cases = [
        ("put", json!(["a", 5]), json!(null)),
        ("get", json!(["a"]), json!(5)),
        ("get", json!(["b"]), json!(null)),
        (
            "echo_int",
            json!(["9223372036854775807"]),
            json!("9223372036854775807"),
        ),
        (
            "echo_int",
            json!(["-9223372036854775808"]),
            json!("-9223372036854775808"),
        ),
        ("echo_int", json!(["9007199254740993"]), json!("9007199254740993")),
        (
            "echo_int",
            json!([9_007_199_254_740_991_i64]),
            json!(9_007_199_254_740_991_i64),
        ),
        ("echo_int", json!([0]), json!(0)),
        ("halve", json!([0.1]), json!(0.05)),
        ("halve", json!([3]), json!(1.5)),
        (
            "halve",
            json!([1.797_693_134_862_315_7e308]),
            json!(8.988_465_674_311_579e307),
        ),
        ("join", json!([[text, "", "x"]]), json!(format!("{text}x"))),
        ("maybe", json!([null, true]), json!([null, null])),
        ("maybe", json!([7, true]), json!([7, 7])),
        ("maybe", json!([7, false]), json!([])),
        (
            "counts",
            json!([["b", "a", "b", "__proto__"]]),
            json!({"b": 2, "a": 1, "__proto__": 1}),
        ),
        ("counts", json!([[]]), json!({})),
        ("move_job", json!([job]), more),
        ("move_job", json!([nameless]), json!(null)),
        (
            "all_jobs",
            json!([{"b": job, "a": nameless}]),
            json!([nameless, job]),
        ),
        ("ratio", json!([1, 3]), json!(1.0 / 3.0)),
    ];
    on_each(false, |language, session| {
        for (op, args, expected) in &cases {
            let answer = session.call(op, args.clone());
            let same = match (answer["ok"].as_f64(), expected.as_f64()) {
                (Some(got), Some(expected)) => got == expected,
                _ => answer.get("ok") == Some(expected),
            };
            assert!(same, "{language}: {op}{args} gave {answer}, not {expected}");
        }
    });
}

#[test]
fn what_goes_wrong_in_the_class_is_an_answer_and_it_lives_on() {
    on_each(false, |language, session| {
        assert_eq!(
            session.call("fail", json!(["boom ü"])),
            json!({"err": "boom ü"}),
            "{language}"
        );
        assert_eq!(
            session.call("init", json!([0])),
            json!({"err": "capacity must be positive"}),
            "{language}"
        );
        assert_eq!(
            session.call("nope", json!([])),
            json!({"err": "there is no operation `nope`"}),
            "{language}"
        );
        assert_eq!(
            session.call("get", json!([])),
            json!({"err": "get takes 1 arguments, not 0"}),
            "{language}"
        );
        let infinite = session.call("ratio", json!([1, 0]));
        assert!(
            infinite["err"].as_str().unwrap().ends_with("cannot be an answer"),
            "{language}: {infinite}"
        );
        assert_eq!(
            session.call("echo_int", json!([4])),
            json!({"ok": 4}),
            "{language}"
        );
    });
}

#[test]
fn a_print_is_a_log() {
    for (language, source) in programs() {
        let artifact = compiled(Some(&signature(false)), language, source).unwrap();
        let mut slot = sandbox().lease().unwrap();
        let mut session = Session::start(&mut slot, &artifact);
        session.call("init", json!([1]));
        assert_eq!(
            session.call("log", json!(["{\"id\":1,\"ok\":2}"])),
            json!({"ok": true}),
            "{language}"
        );
        let (_, rest, log) = session.ended();
        assert_eq!(rest, "", "{language}");
        assert!(
            log.lines().any(|line| line == "{\"id\":1,\"ok\":2}"),
            "{language}: {log}"
        );
    }
}

#[test]
fn a_line_that_is_no_call_gets_an_error_and_the_next_is_answered() {
    let deep = [b"[".repeat(100_000), b"\n".to_vec()].concat();
    let lines: [&[u8]; 11] = [
        b"{\"id\":1,\"op\"\n",
        b"nonsense\n",
        b"\n",
        b"\xff\xfe\n",
        b"{\"id\":5,\"op\":\"join\",\"args\":[[\"\xff\"]]}\n",
        b"[]\n",
        b"null\n",
        b"{\"op\":\"get\",\"args\":[\"a\"]}\n",
        b"{\"id\":null,\"op\":\"get\",\"args\":[\"a\"]}\n",
        b"{\"id\":7,\"op\":\"get\"}\n",
        &deep,
    ];
    on_each(true, |language, session| {
        for line in lines {
            session.send_bytes(line);
            let shown = String::from_utf8_lossy(&line[..line.len().min(40)]);
            assert_eq!(
                session.answer(),
                json!({"id": null, "err": "bad line"}),
                "{language}: {shown}"
            );
        }
        assert_eq!(
            session.call("echo_int", json!([4])),
            json!({"ok": 4}),
            "{language}"
        );
    });
}

#[test]
fn clients_wait_for_each_other_and_keep_their_order() {
    on_each(true, |language, session| {
        session.send("{\"id\":1,\"op\":\"wait_for\",\"args\":[\"later\"],\"c\":0}\n");
        session.send("{\"id\":2,\"op\":\"get\",\"args\":[\"later\"],\"c\":0}\n");
        session.send("{\"id\":3,\"op\":\"put\",\"args\":[\"later\",4],\"c\":1}\n");
        let mut answers: Vec<Value> = (0..3).map(|_| session.answer()).collect();
        let first_of_client = answers.iter().position(|answer| answer["id"] == 1);
        assert!(
            first_of_client < answers.iter().position(|answer| answer["id"] == 2),
            "{language}"
        );
        answers.sort_by_key(|answer| answer["id"].as_u64());
        let expected = [
            json!({"id": 1, "ok": 4}),
            json!({"id": 2, "ok": 4}),
            json!({"id": 3, "ok": null}),
        ];
        assert_eq!(answers, expected, "{language}");
        for i in 0..100 {
            session.send(&format!(
                "{{\"id\":{i},\"op\":\"add\",\"args\":[\"n\",1],\"c\":{}}}\n",
                i % 4
            ));
        }
        let sums: Vec<i64> = (0..100).filter_map(|_| session.answer()["ok"].as_i64()).collect();
        assert_eq!((sums.len(), sums.iter().max()), (100, Some(&100)), "{language}");
    });
}

#[test]
fn scripts_for_threads_are_answered_with_stamps() {
    on_each(true, |language, session| {
        let add = json!({"op": "add", "args": ["n", 1]});
        let scripts = json!([vec![&add; 20], vec![&add; 20], [{"op": "fail", "args": ["x"]}], []]);
        let answer = session.call("@par", scripts);
        let threads = answer["ok"]
            .as_array()
            .unwrap_or_else(|| panic!("{language}: {answer}"));
        let lengths: Vec<usize> = threads
            .iter()
            .map(|replies| replies.as_array().unwrap().len())
            .collect();
        assert_eq!(lengths, [20, 20, 1, 0], "{language}");
        assert_eq!(threads[2][0][0], json!({"err": "x"}), "{language}");
        let mut sums: Vec<i64> = threads[..2]
            .iter()
            .flat_map(|t| t.as_array().unwrap())
            .filter_map(|r| r[0]["ok"].as_i64())
            .collect();
        sums.sort_unstable();
        assert_eq!(
            sums,
            (1..=40).collect::<Vec<_>>(),
            "{language}: each add is seen once"
        );
        let mut last = 0;
        for reply in threads[0].as_array().unwrap() {
            let (began, ended) = (reply[1].as_u64().unwrap(), reply[2].as_u64().unwrap());
            assert!(last <= began && began <= ended, "{language}: {reply}");
            last = ended;
        }
        assert_eq!(session.call("get", json!(["n"])), json!({"ok": 40}), "{language}");
    });
}

#[test]
fn every_starter_compiles_and_says_that_it_is_not_written_yet() {
    for concurrent in [false, true] {
        let signature = Signature {
            clock: true,
            durable: true,
            ..signature(concurrent)
        };
        for (language, _) in programs() {
            let starter = shim::starter(
                language,
                &signature,
                "A shelf */ \"\"\" that holds things.\n\nIt is small.",
            );
            let artifact = compiled(Some(&signature), language, &starter)
                .unwrap_or_else(|failure| panic!("{language}: {}\n{starter}", failure.message));
            let mut slot = sandbox().lease().unwrap();
            let mut session = Session::start(&mut slot, &artifact);
            assert_eq!(
                session.call("init", json!(["/data", 1])),
                json!({"ok": null}),
                "{language}"
            );
            let answer = session.call("get", json!([1000, "a"]));
            assert_eq!(answer, json!({"err": "not written yet"}), "{language}");
        }
    }
}

#[test]
fn an_exit_of_the_class_ends_the_program_with_its_code() {
    let exits = [
        (
            Language::Python,
            "import sys\nclass Quit:\n    def go(self):\n        print('bye')\n        sys.exit(7)\n",
        ),
        (
            Language::Javascript,
            "export class Quit { go() { console.log('bye'); process.exit(7); } }",
        ),
        (
            Language::Typescript,
            "export class Quit { go(): void { console.log('bye'); process.exit(7); } }",
        ),
        (
            Language::Go,
            "package main\nimport (\"fmt\"; \"os\")\ntype Quit struct{}\nfunc NewQuit() *Quit { return &Quit{} }\n\
             func (q *Quit) Go() { fmt.Println(\"bye\"); os.Exit(7) }\n",
        ),
        (
            Language::Rust,
            "pub struct Quit;\nimpl Quit {\n pub fn new() -> Self { Self }\n pub fn go(&self) { println!(\"bye\"); \
             std::process::exit(7) }\n}\n",
        ),
    ];
    let signature: Signature = serde_json::from_value(json!({
        "class": "Quit", "op": [{"name": "go", "doc": "Ends."}], "concurrent": true
    }))
    .unwrap();
    for (language, source) in exits {
        let artifact = compiled(Some(&signature), language, source)
            .unwrap_or_else(|failure| panic!("{language}: {}", failure.message));
        for client in ["", ",\"c\":3"] {
            let mut slot = sandbox().lease().unwrap();
            let mut session = Session::start(&mut slot, &artifact);
            session.call("init", json!([]));
            session.send(&format!("{{\"id\":1,\"op\":\"go\",\"args\":[]{client}}}\n"));
            assert_eq!(session.answer(), Value::Null, "{language}");
            let (outcome, _, log) = session.ended();
            assert_eq!(
                (outcome.exit, log.as_str()),
                (Exit::Code(7), "bye\n"),
                "{language}"
            );
        }
    }
}

#[test]
fn a_program_without_the_class_says_so() {
    let artifact = compiled(Some(&signature(false)), Language::Javascript, "class Shelf {}").unwrap();
    let mut slot = sandbox().lease().unwrap();
    let mut session = Session::start(&mut slot, &artifact);
    let answer = session.call("init", json!([1]));
    assert!(
        answer["err"].as_str().unwrap().contains("export class Shelf"),
        "{answer}"
    );
}
