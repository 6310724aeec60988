//! `api-handler`: the model obeys the prompt, own tests catch what is broken.

use cases::{Answered, Call, Case, Mismatch, Problem, Reply, Script, Step, Transcript, Wanted, problem};
use domain::GroupId;
use serde_json::{Value, json};

const FULL: &str = include_str!("../../../../bank/code/api-handler/tests-full.txt");
const FIRST: &str = include_str!("../../../../bank/code/api-handler/tests.txt");

fn api() -> &'static Problem {
    problem("api-handler").expect("a problem of the table")
}

/// Judges answers to the requests that the notation says.
fn judge(requests: &str, answers: &[Value]) -> Result<(), Box<Mismatch>> {
    let case = (api().own_input)(&format!("new\n{requests}")).expect("the notation");
    let Script::Calls { steps, .. } = &case.script else {
        panic!("calls")
    };
    let answered = |(step, answer): (&Step, &Value)| {
        let Step::Call(call) = step else {
            panic!("one call")
        };
        vec![Answered {
            call: call.clone(),
            reply: Reply::Ok(answer.clone()),
            began: 0,
            ended: 1,
        }]
    };
    let steps = steps.iter().zip(answers).map(answered).collect();
    (api().check)(&case, &Transcript::Calls { steps })
}

fn answer(status: u16, headers: Value, body: &str) -> Value {
    json!({"status": status, "headers": headers, "body": body})
}

const STORY: &str = r#"
handle {"method": "POST", "path": "/notes", "user": "ann", "body": "buy milk"}
handle {"method": "PATCH", "path": "/notes/n1", "user": "ann"}
handle {"method": "GET", "path": "/notes/n1?x=1", "user": "ann"}
handle {"method": "PUT", "path": "/notes/n1", "user": "ann", "body": "oat", "headers": {"if-match": "\"1\""}}
handle {"method": "GET", "path": "/notes", "user": "bob"}
handle {"method": "GET", "path": "/notes/n1", "user": "bob"}
"#;

fn story() -> Vec<Value> {
    let text = json!({"content-type": "text/plain; charset=utf-8", "X-CONTENT-TYPE-OPTIONS": "nosniff"});
    let mut note = text.clone();
    note["ETag"] = json!("\"1\"");
    vec![
        answer(
            201,
            json!({"Location": "/notes/n1", "ETag": "\"1\"", "X-Extra": "free"}),
            "",
        ),
        answer(405, json!({"Allow": "PUT,GET, DELETE"}), ""),
        answer(200, note, "buy milk"),
        answer(204, json!({"etag": "\"2\""}), ""),
        answer(200, text, ""),
        answer(404, json!({}), ""),
    ]
}

#[test]
fn the_model_does_what_the_prompt_says() {
    assert_eq!(judge(STORY, &story()), Ok(()));
    // What there is, is judged.
    assert_eq!(judge(STORY, &story()[..3]), Ok(()));
}

#[test]
fn each_difference_is_refused_with_its_rule() {
    for (at, other, rule) in [
        (0, answer(200, json!({}), ""), ""),
        (0, answer(201, json!({"Location": "/notes/n1"}), ""), "Location"),
        (1, answer(405, json!({"Allow": "PUT, GET"}), ""), "Allow"),
        (1, answer(404, json!({}), ""), "405"),
        (2, answer(200, json!({"ETag": "\"1\""}), "buy milk"), "nosniff"),
        (3, answer(204, json!({"etag": "\"1\""}), ""), "headers"),
        (
            4,
            answer(
                200,
                json!({"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}),
                "n1\n",
            ),
            "ids of the list",
        ),
        (5, answer(403, json!({}), ""), "may not read"),
        (5, answer(404, json!({}), "no note n1"), "empty"),
        (5, answer(404, json!({"ETag": "\"2\""}), ""), "headers"),
        (5, json!({"status": 404}), "response"),
    ] {
        let mut answers = story();
        answers[at] = other;
        let found = judge(STORY, &answers).unwrap_err();
        assert_eq!(found.step, at);
        assert!(found.rule.contains(rule), "{at}: {}", found.rule);
    }
}

#[test]
fn own_tests_catch_every_mutant_some_or_none() {
    let caught = |text: &str| {
        let judged = (api().own_tests)(text).unwrap();
        assert!(
            judged.tests.iter().all(|test| test.wrong.is_none()),
            "{:?}",
            judged.tests
        );
        let missed: Vec<_> = judged
            .mutants
            .iter()
            .filter(|m| m.caught_by.is_none())
            .map(|m| m.id)
            .collect();
        (missed, judged.mutants.len())
    };
    let (missed, all) = caught(FULL);
    assert_eq!(missed, Vec::<&str>::new());
    let (missed, _) = caught(FIRST);
    assert!((all / 2..all).contains(&missed.len()), "{missed:?}");
    assert_eq!(caught("").0.len(), all);
}

#[test]
fn fields_that_are_left_out_are_sent_empty_and_not_shown() {
    let case = (api().own_input)("new\nhandle {\"method\": \"GET\", \"path\": \"/notes\"}").unwrap();
    let Script::Calls { steps, .. } = &case.script else {
        panic!("calls")
    };
    let whole = json!({"method": "GET", "path": "/notes", "user": "", "headers": {}, "body": ""});
    assert_eq!(
        steps[0],
        Step::Call(Call {
            client: 0,
            op: "handle".into(),
            args: vec![whole]
        })
    );
    let shown = (api().show)(&case);
    assert!(
        shown.contains(r#"handle {"method":"GET","path":"/notes"} -> {"body":"","headers":{},"status":401}"#),
        "{shown}"
    );
    let typo = (api().own_input)("new\nhandle {\"method\": \"GET\", \"path\": \"/notes\", \"usr\": \"a\"}")
        .unwrap_err();
    assert!(typo.message.contains("`usr`"), "{typo}");
}

#[test]
fn cases_are_bounded_and_what_is_shown_is_a_test_that_holds() {
    for group in [
        GroupId::Examples,
        GroupId::Behaviour,
        GroupId::Edges,
        GroupId::Security,
        GroupId::Concurrency,
    ] {
        let cases: Vec<Case> = (api().generate)(Wanted {
            group,
            count: 21,
            seed: 4,
        });
        assert_eq!(cases.len(), if group == GroupId::Examples { 3 } else { 21 });
        for case in cases {
            let Script::Calls { steps, .. } = &case.script else {
                panic!("calls")
            };
            assert!(steps.len() < 120, "{}: {}", case.id, steps.len());
            if group != GroupId::Concurrency {
                let judged =
                    (api().own_tests)(&format!("test {}\n{}", case.id, (api().show)(&case))).unwrap();
                assert_eq!(judged.tests[0].wrong, None, "{}", case.id);
            }
        }
    }
}
