//! The problem `resilient-client`: timeouts, pauses with jitter and a budget, a circuit breaker, and kept answers
//! to fall back on. The class does no I/O: it is told what happened and answers what to do next.

mod generate;
mod model;
mod scenes;
mod walk;

use crate::notation::{self, Words};
use crate::{Call, Case, Mismatch, OwnTests, Problem, Reply, Script, TestsError, Transcript, replay};

/// The problem.
pub(crate) const PROBLEM: Problem = Problem {
    name: "resilient-client",
    generate: generate::generate,
    check,
    scale: generate::scale,
    scale_sizes: &[250, 500, 1_000, 2_000, 4_000],
    memory: Some(generate::memory),
    own_tests,
    own_input,
    show,
};

const WORDS: Words = Words {
    new: &["policy: Policy"],
    ops: &[
        ("start", &["now_ms: int", "request: str", "key: str"]),
        (
            "outcome",
            &[
                "now_ms: int",
                "request: str",
                "attempt: int",
                "status: int",
                "body: str",
                "jitter: int",
            ],
        ),
        ("tick", &["now_ms: int", "request: str", "jitter: int"]),
    ],
    records: &[(
        "Policy",
        &[
            "timeout_ms: int",
            "max_attempts: int",
            "base_ms: int",
            "cap_ms: int",
            "budget: int",
            "trip_after: int",
            "open_ms: int",
            "stale_ms: int",
        ],
    )],
    durable: false,
};

fn check(case: &Case, transcript: &Transcript) -> Result<(), Box<Mismatch>> {
    let Script::Calls { init, .. } = &case.script else {
        return Ok(());
    };
    replay::exact(case, transcript, &mut model::make(None, init), &rule)
}

/// The rule that a wrong action breaks, where it is plain from the right one.
fn rule(_call: &Call, right: &Reply) -> Option<String> {
    let Reply::Ok(right) = right else { return None };
    let rule = match right["kind"].as_str()? {
        "ignored" => "What concerns no attempt that is under way changes nothing and is answered `ignored`.",
        "rejected" => {
            "An answer that is neither 2xx nor 429 nor 5xx goes to the caller as it is, and is no failure."
        }
        "stale" => {
            "A request that ends without an answer is served the one kept for its key, up to stale_ms old."
        }
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
    use crate::Wanted;

    const TESTS: &str = include_str!("../../../bank/code/resilient-client/tests.txt");
    const TESTS_FULL: &str = include_str!("../../../bank/code/resilient-client/tests-full.txt");
    const GROUPS: [(GroupId, u32); 4] = [
        (GroupId::Examples, 3),
        (GroupId::Behaviour, 22),
        (GroupId::Edges, 16),
        (GroupId::Faults, 12),
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
    fn cases_accept_the_right_client_and_refuse_each_mutation() {
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
            "tick 50 \"r1\" 500 -> {\"at_ms\":250,\"attempt\":2,\"body\":null,\"kind\":\"call\"}\n",
            "tick 250 \"r1\" 750 -> {\"at_ms\":310,\"attempt\":2,\"body\":null,\"kind\":\"wait\"}\n",
            "outcome 160 \"r2\" 3 503 \"\" 500 -> {\"at_ms\":0,\"attempt\":3,\"body\":\"1.08\",\"kind\":\"stale\"}\n",
            "start 201 \"r4\" \"tax\" -> {\"at_ms\":0,\"attempt\":0,\"body\":null,\"kind\":\"failed\"}\n",
            "start 1161 \"r6\" \"tax\" -> {\"at_ms\":0,\"attempt\":0,\"body\":null,\"kind\":\"failed\"}\n",
            "outcome 221 \"r1\" 2 200 \"1.09\" 500 -> {\"at_ms\":0,\"attempt\":0,\"body\":null,\"kind\":\"ignored\"}\n",
        ] {
            assert!(shown.contains(line), "{line} in\n{shown}");
        }
    }

    #[test]
    fn cases_are_bounded() {
        for seed in 0..20 {
            for (group, count) in GROUPS {
                for case in (PROBLEM.generate)(Wanted { group, count, seed }) {
                    let Script::Calls { steps, .. } = &case.script else {
                        panic!("calls")
                    };
                    assert!(
                        (3..120).contains(&steps.len()),
                        "{}: {} steps",
                        case.id,
                        steps.len()
                    );
                }
            }
        }
        let case = (PROBLEM.scale)(4_000, 1);
        let Script::Calls { init, .. } = &case.script else {
            panic!("calls")
        };
        let right = replay::transcript(&case, &mut model::make(None, init));
        assert_eq!(check(&case, &right), Ok(()));
        let Transcript::Calls { steps } = right else {
            panic!("calls")
        };
        let replies: Vec<&Reply> = steps.iter().flatten().map(|answered| &answered.reply).collect();
        let kinds = |of: &str| {
            let of = |reply: &&&Reply| matches!(reply, Reply::Ok(action) if action["kind"] == of);
            replies.iter().filter(of).count()
        };
        assert_eq!(
            (kinds("call"), kinds("wait"), kinds("ok")),
            (12_000, 4_000, 8_000)
        );
    }
}
