//! `log-stream`: the model obeys the prompt, the cases tell every bug from a right program.

use cases::{Case, Problem, Script, Transcript, Wanted, problem};
use domain::GroupId;

const FULL: &str = include_str!("../../../../bank/code/log-stream/tests-full.txt");
const FIRST: &str = include_str!("../../../../bank/code/log-stream/tests.txt");

fn log_stream() -> &'static Problem {
    problem("log-stream").expect("a problem of the table")
}

fn cases(group: GroupId, seed: u64) -> Vec<Case> {
    (log_stream().generate)(Wanted {
        group,
        count: 14,
        seed,
    })
}

fn judge(case: &Case, output: &str) -> Result<(), Box<cases::Mismatch>> {
    (log_stream().check)(
        case,
        &Transcript::Stdio {
            output: output.into(),
        },
    )
}

fn own(text: &str) -> Case {
    (log_stream().own_input)(text).expect("the notation")
}

#[test]
fn the_model_does_what_the_prompt_says() {
    for (input, output) in [
        ("", "end lines=0 counted=0 duplicate=0 late=0 malformed=0\n"),
        (
            "5 a /x 200 7",
            "end lines=1 counted=0 duplicate=0 late=0 malformed=1\n",
        ),
        (
            "5 a /x 200 7\r\n\n7 b /x 500 9\n",
            "0 /x count=2 errors=1 p50=7 p95=9 p99=9\nend lines=2 counted=2 duplicate=0 late=0 malformed=0\n",
        ),
        (
            "60000 a /x 200 7\n55000 b /x 200 3\n54999 c /x 200 1\n60000 a /y 200 4\n54999 c /x 200 1\n",
            "0 /x count=1 errors=0 p50=3 p95=3 p99=3\n60000 /x count=1 errors=0 p50=7 p95=7 p99=7\n\
             end lines=5 counted=2 duplicate=1 late=2 malformed=0\n",
        ),
    ] {
        assert_eq!(judge(&own(input), output), Ok(()), "{input:?}");
    }
}

#[test]
fn a_wrong_line_is_told_with_its_rule_and_the_line_of_input() {
    let case = own("9000 a /x 200 7\n3999 b /x 200 1\n");
    let right =
        "0 /x count=1 errors=0 p50=7 p95=7 p99=7\nend lines=2 counted=1 duplicate=0 late=1 malformed=0";
    assert_eq!(
        judge(&case, right),
        Ok(()),
        "a missing newline at the very end is no mistake"
    );
    let found = judge(&case, &right.replace("late=1", "late=0")).unwrap_err();
    assert_eq!((found.step, found.input.as_str()), (1, "< 3999 b /x 200 1"));
    assert!(found.rule.contains("late"), "{}", found.rule);
    let found = judge(&case, &right.replace("p99=7", "p99=6")).unwrap_err();
    assert!(
        found.rule.contains("percentile") && found.input == "< 9000 a /x 200 7",
        "{found:?}"
    );
    let found = judge(&case, "").unwrap_err();
    assert_eq!(found.got, "the output ends");
    let found = judge(&case, &format!("{right}\nmore")).unwrap_err();
    assert_eq!((found.step, found.expected.as_str()), (2, "no further line"));
}

#[test]
fn own_tests_catch_every_mutant_some_or_none() {
    let caught = |text: &str| {
        let judged = (log_stream().own_tests)(text).unwrap();
        assert!(
            judged.tests.iter().all(|test| test.wrong.is_none()),
            "{:?}",
            judged.tests
        );
        (
            judged.mutants.iter().filter(|m| m.caught_by.is_some()).count(),
            judged.mutants.len(),
        )
    };
    let (full, all) = caught(FULL);
    let missed = (log_stream().own_tests)(FULL)
        .unwrap()
        .mutants
        .into_iter()
        .find(|m| m.caught_by.is_none());
    assert_eq!(full, all, "{missed:?}");
    let (first, _) = caught(FIRST);
    assert!((1..all / 2).contains(&first), "{first} of {all}");
    assert_eq!(caught("").0, 0);
}

#[test]
fn cases_follow_from_the_seed_and_stay_small() {
    for group in [GroupId::Behaviour, GroupId::Edges, GroupId::Faults] {
        let one = cases(group, 7);
        assert_eq!(one, cases(group, 7));
        assert_ne!(one, cases(group, 8));
        assert_eq!(one.len(), 14);
        for case in &one {
            let Script::Stdio { input } = &case.script else {
                panic!("{}", case.id)
            };
            assert!(input.len() < 320_000, "{}: {}", case.id, input.len());
            // What is shown is a test that holds, unless it was shortened.
            let shown = (log_stream().show)(case);
            if !shown.contains("# and ") && !shown.contains(" bytes)") {
                let judged = (log_stream().own_tests)(&shown).unwrap();
                assert_eq!(judged.tests.len(), 1);
                assert_eq!(judged.tests[0].wrong, None, "{}", case.id);
            }
        }
    }
    let examples = |seed| {
        (log_stream().generate)(Wanted {
            group: GroupId::Examples,
            count: 3,
            seed,
        })
    };
    assert_eq!(examples(1), examples(2));
    assert_eq!(examples(1).len(), 3);
}

#[test]
fn sizes_grow_with_the_size() {
    let length = |case: Case| match case.script {
        Script::Stdio { input } => input.iter().filter(|byte| **byte == b'\n').count(),
        Script::Calls { .. } => 0,
    };
    for &size in &log_stream().scale_sizes[..2] {
        assert_eq!(
            length((log_stream().scale)(size, 3)),
            usize::try_from(size).unwrap()
        );
    }
    let memory = log_stream().memory.unwrap();
    assert_eq!(length(memory(3)), 340_000);
}
