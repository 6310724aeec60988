//! The problem `job-queue`: leases, retries, dead jobs, duplicates, workers at once, and a data folder that
//! outlives `kill -9`.

mod generate;
mod model;
mod races;
mod scenes;
mod walk;

use serde_json::Value;

use crate::notation::{self, Words};
use crate::{Call, Case, Mismatch, OwnTests, Problem, Reply, Script, TestsError, Transcript, replay};

/// The problem.
pub(crate) const PROBLEM: Problem = Problem {
    name: "job-queue",
    generate: generate::generate,
    check,
    scale: generate::scale,
    scale_sizes: &[250, 500, 1_000, 2_000, 4_000],
    memory: None,
    own_tests,
    own_input,
    show,
};

const WORDS: Words = Words {
    new: &["visibility_ms: int", "max_attempts: int", "retry_ms: int"],
    ops: &[
        ("enqueue", &["now_ms: int", "id: str", "payload: str"]),
        ("claim", &["now_ms: int"]),
        ("ack", &["now_ms: int", "id: str", "attempt: int"]),
        ("fail", &["now_ms: int", "id: str", "attempt: int"]),
        ("extend", &["now_ms: int", "id: str", "attempt: int"]),
        ("dead", &["now_ms: int"]),
    ],
    records: &[],
    durable: true,
};

fn check(case: &Case, transcript: &Transcript) -> Result<(), Box<Mismatch>> {
    let (Script::Calls { init, steps }, Transcript::Calls { steps: came }) = (&case.script, transcript)
    else {
        return Ok(());
    };
    if steps.iter().any(replay::races) {
        return races::check(case, init, came);
    }
    replay::exact(case, transcript, &mut model::make(None, init), &rule)
}

/// The rule that a wrong answer to a call breaks, where it is plain from the right answer.
fn rule(call: &Call, right: &Reply) -> Option<String> {
    let Reply::Ok(right) = right else { return None };
    let rule = match (call.op.as_str(), right) {
        ("enqueue", Value::Bool(false)) => {
            "An id that is known is not taken again, whether its job is ready, leased, done or dead."
        }
        ("claim", Value::Null) => "A job that is leased, pausing, done or dead is not given out.",
        ("claim", _) => {
            "Of the ready jobs the one that was enqueued first is given, with the number of this attempt."
        }
        ("ack", Value::Bool(true)) => {
            "An acknowledgement is taken while the lease of that attempt holds, and repeated ones of it are too."
        }
        ("ack" | "fail" | "extend", Value::Bool(false)) => {
            "Only the attempt whose lease holds now can be acknowledged, failed or extended."
        }
        ("dead", _) => "After max_attempts failed or expired attempts, and not before, a job is dead.",
        _ => return None,
    };
    Some(rule.to_owned())
}

fn own_tests(text: &str) -> Result<OwnTests, TestsError> {
    notation::own_tests(text, &WORDS, &model::MUTATIONS, &model::make)
}

fn own_input(text: &str) -> Result<Case, TestsError> {
    notation::own_input(text, &WORDS)
}

fn show(case: &Case) -> String {
    let Script::Calls { init, .. } = &case.script else {
        return String::new();
    };
    notation::print(case, &replay::answers(case, &mut model::make(None, init)))
}

#[cfg(test)]
mod tests {
    use domain::GroupId;

    use super::*;
    use crate::{Step, Wanted};

    const TESTS: &str = include_str!("../../../bank/code/job-queue/tests.txt");
    const TESTS_FULL: &str = include_str!("../../../bank/code/job-queue/tests-full.txt");
    const GROUPS: [(GroupId, u32); 5] = [
        (GroupId::Examples, 3),
        (GroupId::Behaviour, 16),
        (GroupId::Edges, 8),
        (GroupId::Faults, 8),
        (GroupId::Durability, 12),
    ];

    fn caught(text: &str) -> usize {
        let own = own_tests(text).unwrap();
        for test in &own.tests {
            assert_eq!(test.wrong, None, "{}", test.name);
        }
        own.mutants
            .iter()
            .filter(|mutant| mutant.caught_by.is_some())
            .count()
    }

    #[test]
    fn cases_accept_the_right_queue_and_refuse_each_mutation() {
        replay::prove(&PROBLEM, &GROUPS, &model::MUTATIONS, &model::make);
    }

    #[test]
    fn own_tests_can_catch_every_mutant_and_the_starting_point_some() {
        let own = own_tests(TESTS_FULL).unwrap();
        let escaped: Vec<_> = own
            .mutants
            .iter()
            .filter(|m| m.caught_by.is_none())
            .map(|m| m.id)
            .collect();
        assert!(escaped.is_empty(), "{escaped:?}");
        assert_eq!(caught(TESTS_FULL), model::MUTATIONS.len());
        assert_eq!(caught(""), 0);
        assert!((1..6).contains(&caught(TESTS)), "{}", caught(TESTS));
    }

    #[test]
    fn examples_show_what_the_prompt_says() {
        let cases = (PROBLEM.generate)(Wanted {
            group: GroupId::Examples,
            count: 3,
            seed: 9,
        });
        let shown = cases.iter().map(show).collect::<Vec<_>>().join("\n");
        for line in [
            "claim 30099 -> null\nack 30100 \"mail-1\" 1 -> false\nclaim 31099 -> null\n",
            "claim 33500 -> {\"attempt\":3,\"id\":\"mail-1\",\"payload\":\"to ada\"}\n",
            "dead 33600 -> [\"mail-1\"]",
            "restart\nenqueue 5 \"mail-1\" \"to ada\" -> false\nclaim 30003 -> null\n",
        ] {
            assert!(shown.contains(line), "{line} in\n{shown}");
        }
    }

    #[test]
    fn cases_are_bounded() {
        for seed in 0..20 {
            for (group, count) in GROUPS.into_iter().chain([(GroupId::Concurrency, 10)]) {
                for case in (PROBLEM.generate)(Wanted { group, count, seed }) {
                    let Script::Calls { steps, .. } = &case.script else {
                        panic!("calls")
                    };
                    assert!(
                        (3..200).contains(&steps.len()),
                        "{}: {} steps",
                        case.id,
                        steps.len()
                    );
                }
            }
        }
        let case = (PROBLEM.scale)(4_000, 1);
        let right = replay::transcript(
            &case,
            &mut model::make(None, &[50_000.into(), 3.into(), 500.into()]),
        );
        assert_eq!(check(&case, &right), Ok(()));
        let Transcript::Calls { steps } = right else {
            panic!("calls")
        };
        let last = steps.iter().flatten().nth(11_999).unwrap();
        assert_eq!(
            (last.call.op.as_str(), &last.reply),
            ("ack", &Reply::Ok(Value::Bool(true)))
        );
    }

    /// A race, answered by a right queue in an order of the seed, and what a broken one may answer.
    fn raced(case: &Case, seed: u64, spoil: &dyn Fn(&Call, &mut Reply)) -> Result<(), Box<Mismatch>> {
        let Script::Calls { init, steps } = &case.script else {
            panic!("calls")
        };
        let mut subject = model::make(None, init);
        let mut seed = crate::Seed::new(seed, "order");
        let mut clock = 0;
        let mut came = Vec::new();
        for step in steps {
            let calls: Vec<Call> = match step {
                Step::Call(call) => vec![call.clone()],
                Step::Together(calls) => calls.clone(),
                Step::Par(threads) => threads.concat(),
                Step::Restart | Step::Garbage(_) => Vec::new(),
            };
            let mut answers: Vec<Option<crate::Answered>> = vec![None; calls.len()];
            loop {
                let open: Vec<usize> = (0..calls.len()).filter(|&i| answers[i].is_none()).collect();
                if open.is_empty() {
                    break;
                }
                // The clients' calls in any order, those of one client in theirs.
                let client = calls[*seed.pick(&open)].client;
                let first = open.into_iter().find(|&i| calls[i].client == client).unwrap();
                clock += 1;
                let mut reply = subject(crate::replay::Event::Call(&calls[first]));
                spoil(&calls[first], &mut reply);
                let call = calls[first].clone();
                let began = if calls.len() > 1 {
                    clock - (clock - 1).min(2)
                } else {
                    clock
                };
                answers[first] = Some(crate::Answered {
                    call,
                    reply,
                    began,
                    ended: clock,
                });
            }
            clock += 5;
            came.push(answers.into_iter().flatten().collect());
        }
        check(case, &Transcript::Calls { steps: came })
    }

    #[test]
    fn races_accept_any_order_and_refuse_what_none_gives() {
        for seed in 0..30 {
            for case in (PROBLEM.generate)(Wanted {
                group: GroupId::Concurrency,
                count: 5,
                seed,
            }) {
                let right = raced(&case, seed, &|_, _| {});
                assert_eq!(right, Ok(()), "{}", show(&case));
                let all_true = |call: &Call, reply: &mut Reply| {
                    if matches!(call.op.as_str(), "fail" | "enqueue") {
                        *reply = Reply::Ok(Value::Bool(true));
                    }
                };
                let twice = |call: &Call, reply: &mut Reply| {
                    if call.op == "claim" && *reply == Reply::Ok(Value::Null) {
                        *reply = Reply::Ok(serde_json::json!({"id": "img-1", "payload": "x", "attempt": 1}));
                    }
                };
                let refused = |spoil: &dyn Fn(&Call, &mut Reply)| raced(&case, seed, spoil).is_err();
                assert!(refused(&all_true) || refused(&twice), "{}", show(&case));
            }
        }
    }
}
