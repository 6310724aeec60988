//! The notation of own tests of problems that are spoken to by calls.
//!
//! ```text
//! test evicts the least recently used     # a comment
//! new 2
//! put 0 "a" "1"
//! get 1 "a" -> "1"
//! get 2 "b" -> null
//! restart
//! get 3 "x" -> error not_found
//! http 4 {"method":"GET"} ~> {"status":404}
//! ```
//!
//! Arguments and expectations are JSON. `->` wants the whole value, `~>` of records only the fields that are
//! written. The same notation is input for a trial run and the print of a case; there a line may start with
//! `|` (sent at once with the `|` lines next to it) or `||` (the same, by real threads), `@1` names the client,
//! and `garbage` sends the rest of its line as it is.

use std::fmt::Write as _;

use domain::GroupId;
use serde_json::Value;

mod read;

use read::{Block, Expected, What, lines_of, missing_new, wrong};

use crate::replay::{Event, Subject, same};
use crate::{Call, Case, Mismatch, Mutant, OwnTest, OwnTests, Reply, Script, Step, TestsError};

/// What can be written for a problem. Parameters are written `name: type`, types as in a signature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// What `new` takes.
    pub(crate) new: &'static [&'static str],
    /// Operations by name with what they take, the time first where there is a clock.
    pub(crate) ops: &'static [(&'static str, &'static [&'static str])],
    /// Records by name with their fields. A record that is not listed may be any object.
    pub(crate) records: &'static [(&'static str, &'static [&'static str])],
    /// Whether there is `restart`.
    pub(crate) durable: bool,
}

/// Makes a model: right for `None`, else broken as the mutation of that slug says.
pub(crate) type Make<'a> = &'a dyn Fn(Option<&'static str>, &[Value]) -> Subject;

/// Tests in a file: with a dozen mutants and short tests, milliseconds of work.
const MAX_TESTS: usize = 200;
/// Characters of a value that are shown in a mismatch.
const MAX_SHOWN: usize = 400;

/// Reads a file of tests and runs them against the right model and each mutation (slug and title).
pub(crate) fn own_tests(
    text: &str,
    words: &Words,
    mutations: &[(&'static str, &'static str)],
    make: Make<'_>,
) -> Result<OwnTests, TestsError> {
    let tests = tests_of(text, words)?;
    let checked: Vec<OwnTest> = tests
        .iter()
        .map(|test| OwnTest {
            name: test.name.clone(),
            line: test.line,
            wrong: first_failure(test, &mut make(None, &test.init)),
        })
        .collect();
    let mutants = mutations
        .iter()
        .map(|&(id, title)| Mutant {
            id,
            title,
            caught_by: tests
                .iter()
                .zip(&checked)
                .filter(|(_, checked)| checked.wrong.is_none())
                .find(|(test, _)| first_failure(test, &mut make(Some(id), &test.init)).is_some())
                .map(|(test, _)| test.name.clone()),
        })
        .collect();
    Ok(OwnTests {
        tests: checked,
        mutants,
    })
}

/// Reads calls for a trial run: one `new` and what follows. Expectations are read and forgotten.
pub(crate) fn own_input(text: &str, words: &Words) -> Result<Case, TestsError> {
    let lines = lines_of(text, words)?;
    let mut init = None;
    let mut steps = Vec::new();
    for line in lines {
        match (line.what, &init) {
            (What::Test(_), _) => {}
            (What::New(values), None) => init = Some(values),
            (What::New(_), Some(_)) => {
                return Err(wrong(
                    line.number,
                    "a second `new`: a trial run is of one program; keep one test",
                ));
            }
            (_, None) => return Err(missing_new(line.number, words)),
            (What::Call { call, .. }, _) => push(&mut steps, line.block, call),
            (What::Restart, _) => steps.push(Step::Restart),
            (What::Garbage(text), _) => steps.push(Step::Garbage(text)),
        }
    }
    let init = init.ok_or_else(|| missing_new(1, words))?;
    Ok(Case {
        id: "own-input".to_owned(),
        group: GroupId::OwnTests,
        rule: "What you gave it yourself.".to_owned(),
        script: Script::Calls { init, steps },
    })
}

/// A case in the notation, with the answers that are known (by step and call).
pub(crate) fn print(case: &Case, answers: &[Vec<Option<Reply>>]) -> String {
    let Script::Calls { init, steps } = &case.script else {
        return String::new();
    };
    let mut text = String::from("new");
    for value in init {
        let _ = write!(text, " {value}");
    }
    text.push('\n');
    for (i, step) in steps.iter().enumerate() {
        let answer = |n: usize| {
            answers
                .get(i)
                .and_then(|step| step.get(n))
                .and_then(Option::as_ref)
        };
        match step {
            Step::Call(call) => line(&mut text, "", call, answer(0)),
            Step::Together(calls) => {
                let each = calls.iter().enumerate();
                each.for_each(|(n, call)| line(&mut text, "| ", call, answer(n)));
            }
            Step::Par(threads) => {
                for (thread, calls) in threads.iter().enumerate() {
                    let mark = format!("|| @{thread} ");
                    calls.iter().for_each(|call| line(&mut text, &mark, call, None));
                }
            }
            Step::Restart => text.push_str("restart\n"),
            Step::Garbage(garbage) => {
                let _ = writeln!(text, "garbage {garbage}");
            }
        }
    }
    text
}

/// A call as it is written, such as `@2 get 5 "a"`; long values are cut.
pub(crate) fn call_text(call: &Call) -> String {
    let mut text = String::new();
    if call.client != 0 {
        let _ = write!(text, "@{} ", call.client);
    }
    text.push_str(&call.op);
    for arg in &call.args {
        let _ = write!(text, " {}", brief(arg));
    }
    text
}

/// A reply as it is expected, such as `"1"` or `error not_found`; long ones are cut.
pub(crate) fn reply_text(reply: &Reply) -> String {
    match reply {
        Reply::Ok(value) => brief(value),
        Reply::Err(text) => format!("error {}", error_text(text)),
    }
}

struct Test {
    name: String,
    line: usize,
    init: Vec<Value>,
    steps: Vec<(usize, What)>,
}

fn first_failure(test: &Test, subject: &mut Subject) -> Option<Mismatch> {
    for (step, what) in test.steps.iter().map(|(_, what)| what).enumerate() {
        let What::Call { call, expected } = what else {
            subject(Event::Restart);
            continue;
        };
        let reply = subject(Event::Call(call));
        let Some(expected) = expected else { continue };
        if !expected.allows(&reply) {
            return Some(Mismatch {
                step,
                input: call_text(call),
                expected: reply_text(&reply),
                got: expected.text(),
                rule: format!(
                    "Line {}: a right implementation answers {} here.",
                    test.steps[step].0,
                    reply_text(&reply)
                ),
            });
        }
    }
    None
}

impl Expected {
    fn allows(&self, reply: &Reply) -> bool {
        match (self, reply) {
            (Self::Whole(wanted), Reply::Ok(got)) => same(wanted, got),
            (Self::Part(wanted), Reply::Ok(got)) => part(wanted, got),
            (Self::Error(wanted), Reply::Err(got)) => {
                wanted.as_ref().is_none_or(|wanted| wanted.trim() == got.trim())
            }
            _ => false,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Whole(value) | Self::Part(value) => brief(value),
            Self::Error(None) => "error".to_owned(),
            Self::Error(Some(text)) => format!("error {}", error_text(text)),
        }
    }
}

/// Whether `got` has what `wanted` says; fields of objects that are not written may be anything.
fn part(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => wanted
            .iter()
            .all(|(key, wanted)| got.get(key).is_some_and(|got| part(wanted, got))),
        (Value::Array(wanted), Value::Array(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| part(wanted, got))
        }
        _ => same(wanted, got),
    }
}

fn tests_of(text: &str, words: &Words) -> Result<Vec<Test>, TestsError> {
    let mut tests: Vec<Test> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for line in lines_of(text, words)? {
        let number = line.number;
        if line.block != Block::None {
            return Err(wrong(
                number,
                "own tests make one call after another: take the `|` away",
            ));
        }
        match (line.what, open.take()) {
            (What::Test(_), Some(_)) => return Err(missing_new(number, words)),
            (What::Test(name), None) => {
                if tests.iter().any(|test| test.name == name) {
                    return Err(wrong(
                        number,
                        &format!("a second test `{name}`: give it a name of its own"),
                    ));
                }
                if tests.len() == MAX_TESTS {
                    return Err(wrong(
                        number,
                        &format!("more than {MAX_TESTS} tests: keep the best"),
                    ));
                }
                open = Some((name, number));
            }
            (What::New(init), Some((name, line))) => tests.push(Test {
                name,
                line,
                init,
                steps: Vec::new(),
            }),
            (_, Some(_)) => return Err(missing_new(number, words)),
            (What::New(_), None) => {
                return Err(wrong(
                    number,
                    "start a test with a line `test what it shows` above this one",
                ));
            }
            (What::Garbage(_), None) => {
                return Err(wrong(
                    number,
                    "`garbage` is for the judge: a test makes calls only",
                ));
            }
            (what, None) => match tests.last_mut() {
                Some(test) => test.steps.push((number, what)),
                None => {
                    return Err(wrong(
                        number,
                        "start with a line `test what it shows`, then `new`",
                    ));
                }
            },
        }
    }
    match open {
        Some((_, number)) => Err(missing_new(number, words)),
        None => Ok(tests),
    }
}

fn push(steps: &mut Vec<Step>, block: Block, call: Call) {
    match (block, steps.last_mut()) {
        (Block::None, _) => steps.push(Step::Call(call)),
        (Block::Together, Some(Step::Together(calls))) => calls.push(call),
        (Block::Together, _) => steps.push(Step::Together(vec![call])),
        (Block::Par, Some(Step::Par(threads))) => {
            let same =
                |calls: &&mut Vec<Call>| calls.first().is_some_and(|first| first.client == call.client);
            match threads.iter_mut().find(same) {
                Some(calls) => calls.push(call),
                None => threads.push(vec![call]),
            }
        }
        (Block::Par, _) => steps.push(Step::Par(vec![vec![call]])),
    }
}

fn line(text: &mut String, block: &str, call: &Call, reply: Option<&Reply>) {
    text.push_str(block);
    if call.client != 0 && !block.contains('@') {
        let _ = write!(text, "@{} ", call.client);
    }
    text.push_str(&call.op);
    for arg in &call.args {
        let _ = write!(text, " {arg}");
    }
    match reply {
        Some(Reply::Ok(value)) => writeln!(text, " -> {value}"),
        Some(Reply::Err(error)) => writeln!(text, " -> error {}", error_text(error)),
        None => writeln!(text),
    }
    .expect("a String takes any text");
}

fn error_text(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !text.is_empty() && text.chars().all(word) {
        text.to_owned()
    } else {
        brief(&Value::from(text))
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}... ({} bytes)", &text[..at], text.len()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WORDS: Words = Words {
        new: &["capacity: int"],
        ops: &[
            ("put", &["now_ms: int", "key: str", "value: str?"]),
            ("get", &["now_ms: int", "key: str"]),
            ("send", &["mail: Mail"]),
        ],
        records: &[("Mail", &["to: str", "copies: [str]"])],
        durable: true,
    };
    const MUTATIONS: [(&str, &str); 2] = [("forgets", "Forgets all."), ("louder", "Answers in capitals.")];

    /// A register that knows the last value.
    fn make(mutation: Option<&'static str>, _init: &[Value]) -> Subject {
        let mut last = Value::Null;
        Box::new(move |event| {
            let Event::Call(call) = event else {
                return Reply::Ok(Value::Null);
            };
            if call.op == "put" {
                last = call.args[2].clone();
            }
            match mutation {
                Some("forgets") => Reply::Ok(Value::Null),
                Some("louder") => Reply::Ok(json!(last.as_str().unwrap_or("").to_uppercase())),
                _ if call.args[1] == json!("") => Reply::Err("empty key".to_owned()),
                _ => Reply::Ok(last.clone()),
            }
        })
    }

    fn run(text: &str) -> Result<OwnTests, String> {
        own_tests(text, &WORDS, &MUTATIONS, &make).map_err(|e| e.to_string())
    }

    #[test]
    fn tests_catch_mutants_and_wrong_tests_do_not() {
        let text = "# two\ntest keeps # why\nnew 2\nput 0 \"a # b\" \"x\"\nget 1 \"a\" -> \"x\" # so\n\
                    \ntest errs\nnew 1\nget 0 \"\" -> error \"empty key\"\nget 0 \"\" -> error\n\
                    test is wrong\nnew 1\nrestart\nput 0 \"a\" \"X\"\nget 0 \"a\" -> \"x\"\n";
        let own = run(text).unwrap();
        assert_eq!(
            own.tests
                .iter()
                .map(|test| test.wrong.is_some())
                .collect::<Vec<_>>(),
            [false, false, true]
        );
        let wrong = own.tests[2].wrong.as_ref().unwrap();
        assert_eq!((wrong.step, wrong.expected.as_str()), (2, "\"X\""), "{wrong:?}");
        assert!(wrong.rule.contains("Line 15"), "{wrong:?}");
        assert_eq!(own.mutants[0].caught_by.as_deref(), Some("keeps"));
        assert_eq!(own.mutants[1].caught_by.as_deref(), Some("keeps"));
        let none = run("").unwrap();
        assert!(none.tests.is_empty() && none.mutants.iter().all(|mutant| mutant.caught_by.is_none()));
    }

    #[test]
    fn part_of_a_record_can_be_expected() {
        let got = json!({"status": 404, "body": {"a": 1, "b": 2}});
        assert!(part(&json!({"body": {"b": 2.0}}), &got));
        assert!(!part(&json!({"body": {"c": 2}}), &got));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_cure() {
        for (text, line, says) in [
            ("put 0 \"a\" \"b\"", 1, "test what it shows"),
            ("test a\nput 0 \"a\" \"b\"", 2, "`new <capacity>` is missing"),
            (
                "test a\nnew 1\nputt 0",
                3,
                "use put, get, send, test, new, restart",
            ),
            (
                "test a\nnew 1\nput 0 \"a\"",
                3,
                "takes now_ms: int, key: str, value: str?; 2 given",
            ),
            ("test a\nnew 1\nget \"0\" \"a\"", 3, "whole number"),
            ("test a\nnew 1\nget 0 a", 3, "double quotes"),
            ("test a\nnew 1\nget 0 \"a\" ->", 3, "nothing is expected"),
            ("test a\nnew 1\nget 0 \"a\" -> 1 2", 3, "one value"),
            (
                "test a\nnew 1\nsend {\"to\":\"a\"}",
                3,
                "lacks the field `copies`",
            ),
            (
                "test a\nnew 1\nsend {\"to\":\"a\",\"copies\":[1]}",
                3,
                "double quotes",
            ),
            ("test a\nnew 1\nget 9007199254740993 \"a\"", 3, "2^53"),
            ("test a\nnew 1\n\ntest a\nnew 1", 4, "name of its own"),
            ("test a", 1, "is missing"),
            ("test a\nnew 1\n| get 0 \"a\"", 3, "one call after another"),
        ] {
            let error = own_tests(text, &WORDS, &MUTATIONS, &make).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_printed_case_reads_back() {
        let text = "new 2\nput 0 \"a\" null\n@1 get 1 \"a\"\n| get 1 \"a\"\n| @1 get 2 \"b\"\nrestart\n\
                    || @0 get 1 \"a\"\n|| @0 get 2 \"a\"\n|| @1 get 3 \"b\"\ngarbage {\"id\n";
        let case = own_input(text, &WORDS).unwrap();
        assert_eq!(print(&case, &[]), text);
        let Script::Calls { steps, .. } = &case.script else {
            panic!("calls")
        };
        assert!(matches!(&steps[2], Step::Together(calls) if calls.len() == 2));
        assert!(matches!(&steps[4], Step::Par(threads) if threads[0].len() == 2 && threads[1].len() == 1));
        let answers = crate::replay::answers(&case, &mut make(None, &[]));
        assert!(print(&case, &answers).starts_with("new 2\nput 0 \"a\" null -> null\n"));
    }
}
