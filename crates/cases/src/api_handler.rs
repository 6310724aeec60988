//! `api-handler`: a small HTTP API for notes, requests as data.
//!
//! Requests that come one after another have one right answer each. Those at once are explained by an order of
//! the model's, or, where they are too many for a search, held to what every order keeps.

mod families;
mod generate;
mod load;
mod message;
mod model;

use message::{Request, Response};
use model::{Api, BUGS};
use serde_json::Value;

use crate::history::{Asked, explained, history, mismatch};
use crate::notation::{self, Words};
use crate::replay::{self, Event, Subject};
use crate::{
    BUDGET, Case, Mismatch, OwnTests, Problem, Reply, Script, Step, TestsError, Timed, Transcript, linearize,
};

/// Twice the calls at each step; the smallest takes CPython some 20 ms.
const SCALE_SIZES: &[u64] = &[1_000, 2_000, 4_000, 8_000, 16_000];

/// Most calls of a history that is searched for an order: more may exceed the budget.
const MAX_SEARCHED: usize = 40;

const WORDS: Words = Words {
    new: &[],
    ops: &[("handle", &["request: Request"])],
    records: &[(
        "Request",
        &[
            "method: str",
            "path: str",
            "user: str?",
            "headers: {str}?",
            "body: str?",
        ],
    )],
    durable: false,
};

/// The problem.
pub(crate) const PROBLEM: Problem = Problem {
    name: "api-handler",
    generate: generate::cases,
    check,
    scale: generate::scale,
    scale_sizes: SCALE_SIZES,
    memory: None,
    own_tests,
    own_input,
    show,
};

fn check(case: &Case, transcript: &Transcript) -> Result<(), Box<Mismatch>> {
    let (Script::Calls { steps, .. }, Transcript::Calls { steps: answered }) = (&case.script, transcript)
    else {
        return Err(Box::new(Mismatch {
            step: 0,
            input: String::new(),
            expected: "answers to calls".to_owned(),
            got: "lines of text".to_owned(),
            rule: "The program answers calls of `handle`.".to_owned(),
        }));
    };
    let history = history(steps, answered);
    for Timed { call: asked, .. } in &history {
        if let Some(reply) = asked.reply.filter(|reply| response(reply).is_none()) {
            let expected = "a response with status, headers and body".to_owned();
            let failed = matches!(reply, Reply::Err(_));
            let rule = if failed {
                "`handle` answers every request and raises nothing."
            } else {
                "`handle` gives a response."
            };
            return Err(mismatch(asked, expected, rule));
        }
    }
    if !steps
        .iter()
        .any(|step| matches!(step, Step::Par(_) | Step::Together(_)))
    {
        return exact(&history, &case.rule);
    }
    if history.len() > MAX_SEARCHED {
        return load::check(&history, &case.rule);
    }
    let apply = |api: &Api, asked: &Asked<'_>| {
        let mut api = api.clone();
        let right = api.handle(&request(asked));
        let agrees = asked
            .reply
            .is_none_or(|reply| response(reply).is_some_and(|got| right.agrees(&got)));
        agrees.then_some(api)
    };
    explained(
        &history,
        linearize(Api::new(None), &history, apply, BUDGET),
        &case.rule,
    )
}

/// Compares the answers with those of the model.
fn exact(history: &[Timed<Asked<'_>>], rule: &str) -> Result<(), Box<Mismatch>> {
    let mut api = Api::new(None);
    for Timed { call: asked, .. } in history {
        let Some(got) = asked.reply.and_then(response) else {
            return Ok(());
        };
        let asks = request(asked);
        let right = api.handle(&asks);
        if !right.agrees(&got) {
            let rule = broken_rule(&asks, &right, &got).unwrap_or(rule);
            return Err(mismatch(asked, right.json().to_string(), rule));
        }
    }
    Ok(())
}

fn request(asked: &Asked<'_>) -> Request {
    Request::of(asked.call.args.first().unwrap_or(&Value::Null))
}

fn response(reply: &Reply) -> Option<Response> {
    match reply {
        Reply::Ok(value) => Response::read(value),
        Reply::Err(_) => None,
    }
}

/// The rule that a wrong answer breaks, where it is a more particular one than that of the case.
fn broken_rule(asks: &Request, right: &Response, got: &Response) -> Option<&'static str> {
    if right.status == got.status {
        let header = |name: &str| right.headers.keys().any(|given| given == name);
        return Some(match () {
            () if right.body != got.body => {
                "The body is the note as it was sent, the ids of the list, or empty."
            }
            () if right.status == 405 => "405 names the methods of the path in `Allow`.",
            () if header("Location") => "201 has the path of the note in `Location` and its tag in `ETag`.",
            () if header("Content-Type") => {
                "Text comes with `Content-Type: text/plain; charset=utf-8` and `X-Content-Type-Options: nosniff`."
            }
            () => "The headers of an answer are those of the prompt.",
        });
    }
    Some(match (right.status, got.status) {
        (401, _) => "Without a user the answer is 401, before anything else is looked at.",
        (404, 403 | 405 | 412 | 428 | 413 | 400) => {
            "A note that the user may not read is 404, like one that is not there, before anything else is told of it."
        }
        (404, 200..=299 | 304) => {
            "A path that is no resource, and a note that the user may not read, are 404."
        }
        (405, _) => "A method that the path does not have is 405, before the note is looked for.",
        (403, _) => "A reader may read; changing, deleting and sharing are the owner's.",
        (413, _) => "More than 1,000 bytes of UTF-8 in the body are 413.",
        (400, _) if asks.method == "GET" => {
            "A parameter of the list that is not allowed, or comes twice, is 400."
        }
        (400, _) => "An empty body, one with NUL, and a key that is empty or longer than 64 bytes are 400.",
        (428, _) => "A PUT without If-Match is 428.",
        (412, _) => "An If-Match that does not name the version is 412; tags are compared strongly.",
        (422, _) => "A known key with another body is 422.",
        (409, _) => "An owner has at most 10 notes; one more is 409.",
        (304, _) => "An If-None-Match that names the version is 304; tags are compared weakly.",
        (201, 409) => "A retry gets its first answer, and a 409 is not stored.",
        _ => return None,
    })
}

fn make(mutation: Option<&'static str>, _init: &[Value]) -> Subject {
    let bug = BUGS
        .iter()
        .find(|(_, id, _)| Some(*id) == mutation)
        .map(|(bug, ..)| *bug);
    let mut api = Api::new(bug);
    Box::new(move |event| match event {
        Event::Call(call) => {
            let request = Request::of(call.args.first().unwrap_or(&Value::Null));
            Reply::Ok(api.handle(&request).json())
        }
        Event::Restart => Reply::Ok(Value::Null),
    })
}

fn own_tests(text: &str) -> Result<OwnTests, TestsError> {
    notation::own_tests(text, &WORDS, &BUGS.map(|(_, id, title)| (id, title)), &make)
}

/// Fields that were left out are sent as empty ones.
fn own_input(text: &str) -> Result<Case, TestsError> {
    let case = notation::own_input(text, &WORDS)?;
    Ok(each_request(&case, &|request| request.json()))
}

fn show(case: &Case) -> String {
    let answers = replay::answers(case, &mut make(None, &[]));
    notation::print(&each_request(case, &|request| request.brief()), &answers)
}

/// The case with each request written anew.
fn each_request(case: &Case, write: &dyn Fn(&Request) -> Value) -> Case {
    let mut case = case.clone();
    if let Script::Calls { steps, .. } = &mut case.script {
        let calls = steps.iter_mut().flat_map(|step| match step {
            Step::Call(call) => vec![call],
            Step::Together(calls) => calls.iter_mut().collect(),
            Step::Par(threads) => threads.iter_mut().flatten().collect(),
            Step::Restart | Step::Garbage(_) => Vec::new(),
        });
        for arg in calls.flat_map(|call| &mut call.args) {
            *arg = write(&Request::of(arg));
        }
    }
    case
}

#[cfg(test)]
mod tests {
    use domain::GroupId;

    use super::*;

    #[test]
    fn cases_refuse_every_bug_and_no_right_program() {
        let groups = [
            (GroupId::Behaviour, 7),
            (GroupId::Edges, 7),
            (GroupId::Security, 6),
            (GroupId::Concurrency, 6),
        ];
        replay::prove(&PROBLEM, &groups, &BUGS.map(|(_, id, title)| (id, title)), &make);
    }

    fn concurrent(name: &str) -> (Case, Vec<Vec<crate::Answered>>) {
        let wanted = crate::Wanted {
            group: GroupId::Concurrency,
            count: 6,
            seed: 5,
        };
        let case = generate::cases(wanted)
            .into_iter()
            .find(|case| case.id == format!("{name}-1"))
            .unwrap();
        let Transcript::Calls { steps } = replay::transcript(&case, &mut make(None, &[])) else {
            unreachable!()
        };
        (case, steps)
    }

    /// Judges the answers of the right model with the answer of one request at once, the `nth` of `status`,
    /// made another.
    fn spoilt(name: &str, status: i64, nth: usize, other: &Response) -> Result<(), Box<Mismatch>> {
        let (case, mut steps) = concurrent(name);
        let is = |answered: &&mut crate::Answered| answered_value(answered)["status"] == status;
        let overlapping = steps.iter_mut().find(|step| step.len() > 1).unwrap();
        // Requests at once overlap.
        overlapping.iter_mut().for_each(|answered| answered.began = 0);
        let answered = overlapping.iter_mut().filter(is).nth(nth).unwrap();
        answered.reply = Reply::Ok(other.json());
        check(&case, &Transcript::Calls { steps })
    }

    fn answered_value(answered: &crate::Answered) -> Value {
        match &answered.reply {
            Reply::Ok(value) => value.clone(),
            Reply::Err(_) => Value::Null,
        }
    }

    #[test]
    fn what_no_order_of_the_requests_gives_is_refused() {
        let made = |path: &str| Response::of(201).with("ETag", "\"1\"").with("Location", path);
        let put = |tag: &str| Response::of(204).with("ETag", tag);
        assert!(
            spoilt("same-key", 201, 1, &made("/notes/n2")).is_err(),
            "two notes under one key"
        );
        assert!(
            spoilt("same-tag", 412, 0, &put("\"2\"")).is_err(),
            "one version replaced twice"
        );
        assert!(
            spoilt("last-place", 409, 0, &made("/notes/n11")).is_err(),
            "an eleventh note"
        );
        assert!(
            spoilt("many-keys", 409, 3, &made("/notes/n99")).is_err(),
            "an eleventh note under load"
        );
        assert!(
            spoilt("many-keys", 201, 30, &made("/notes/n99")).is_err(),
            "a second note under load"
        );
        assert!(
            spoilt("many-keys", 201, 3, &Response::of(409)).is_err(),
            "a retry that was refused"
        );
        assert!(
            spoilt("many-tags", 412, 5, &put("\"7\"")).is_err(),
            "a version replaced twice under load"
        );
        assert!(
            spoilt("many-tags", 204, 5, &Response::of(412)).is_err(),
            "a version that is missing"
        );
        assert!(spoilt("mixed", 204, 0, &Response::of(500)).is_err(), "a crash");
        assert!(
            spoilt("same-key", 201, 1, &made("/notes/n1")).is_ok(),
            "the right answer"
        );
    }

    #[test]
    fn an_answer_that_is_none_is_told_as_such() {
        let (case, mut steps) = concurrent("many-keys");
        steps[0][2].reply = Reply::Err("KeyError".to_owned());
        let found = check(&case, &Transcript::Calls { steps: steps.clone() }).unwrap_err();
        assert!(found.rule.contains("raises nothing"), "{found:?}");
        steps[0][2].reply = Reply::Ok(serde_json::json!({"status": "201"}));
        assert!(check(&case, &Transcript::Calls { steps }).is_err());
    }
}
