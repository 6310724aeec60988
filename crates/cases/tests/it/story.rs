//! What the tests of problems share.

use std::path::PathBuf;

use cases::{Answered, Case, OwnTests, Problem, Reply, Script, Step, Transcript};
use serde_json::Value;

/// A file of an item of the bank.
pub fn bank(item: &str, file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../bank/code");
    let path = folder.join(item).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The tests in the first `text` block of a prompt.
pub fn worked_example(item: &str) -> String {
    let text = bank(item, "item.md");
    let from = text.split("```text\n").nth(1).expect("a worked example");
    from.split("```").next().expect("its end").to_owned()
}

/// Runs a file of own tests, in which no test may be wrong.
pub fn right_tests(problem: &Problem, text: &str) -> OwnTests {
    let own = (problem.own_tests)(text).expect("the notation");
    assert!(!own.tests.is_empty());
    for test in &own.tests {
        assert!(test.wrong.is_none(), "{test:?}");
    }
    own
}

/// Slugs of the mutants that were caught.
pub fn caught(own: &OwnTests) -> Vec<&'static str> {
    let caught = own.mutants.iter().filter(|mutant| mutant.caught_by.is_some());
    caught.map(|mutant| mutant.id).collect()
}

/// Answers the calls of a case one by one, in the order written; threads end one after another, but all begin
/// at once.
pub fn answered(case: &Case, mut answer: impl FnMut(usize, &str, &[Value]) -> Value) -> Transcript {
    let Script::Calls { steps, .. } = &case.script else {
        panic!("a case of calls");
    };
    let mut clock = 0;
    let mut step_of = |index: usize, step: &Step| {
        let calls = match step {
            Step::Call(call) => vec![call],
            Step::Together(calls) => calls.iter().collect(),
            Step::Par(scripts) => scripts.iter().flatten().collect(),
            Step::Restart | Step::Garbage(_) => Vec::new(),
        };
        let began = clock + 1;
        let answered = calls.into_iter().map(|call| {
            clock += 2;
            Answered {
                call: call.clone(),
                reply: Reply::Ok(answer(index, &call.op, &call.args)),
                began: if matches!(step, Step::Call(_)) {
                    clock
                } else {
                    began
                },
                ended: clock + 1,
            }
        });
        let answered = answered.collect();
        clock += 2;
        answered
    };
    let steps = steps.iter().enumerate().map(|(i, step)| step_of(i, step));
    Transcript::Calls {
        steps: steps.collect(),
    }
}

/// Bytes of a case's calls on the wire, about.
pub fn bytes(case: &Case) -> usize {
    let Script::Calls { steps, .. } = &case.script else {
        return 0;
    };
    let calls = steps.iter().flat_map(|step| match step {
        Step::Call(call) => vec![call],
        Step::Together(calls) => calls.iter().collect(),
        Step::Par(scripts) => scripts.iter().flatten().collect(),
        Step::Restart | Step::Garbage(_) => Vec::new(),
    });
    let args = calls.flat_map(|call| &call.args);
    args.map(|arg| arg.as_str().map_or(8, str::len) + 8).sum()
}
