//! The tests that the candidate wrote: run against right and broken implementations, outside of the sandbox,
//! since they are data and not a program.

use cases::{OwnTests, Problem, TestsError};
use domain::{CaseGroup, Criterion, Evidence, ProgramFile, RunVerdict, TESTS_FILE};

use super::grade::Graded;
use super::{card, render};

/// The candidate's tests; none when there is no such file or nothing in it.
pub(super) fn tests(files: &[ProgramFile]) -> Option<&str> {
    let file = files.iter().find(|file| file.path == TESTS_FILE)?;
    (!file.text.trim().is_empty()).then_some(file.text.as_str())
}

/// Grades the tests: a point for each broken implementation that one of them catches.
pub(super) fn grade(problem: &Problem, files: &[ProgramFile], group: &CaseGroup) -> Graded {
    let group = match tests(files).map(problem.own_tests) {
        None => {
            let why = format!("there are no tests: `{TESTS_FILE}` is missing or empty");
            let tip = format!(
                "Write tests into `{TESTS_FILE}`: a line `test` with what it shows, then the calls and \
                 what they must give. Each broken implementation that they catch earns points."
            );
            card::nothing(group, &why, Vec::new(), &tip)
        }
        Some(Err(TestsError { line, message })) => {
            let why = format!("`{TESTS_FILE}` cannot be read: line {line}: {message}");
            let tip = format!("Correct line {line} of `{TESTS_FILE}`: {message}");
            card::nothing(group, &why, Vec::new(), &tip)
        }
        Some(Ok(own)) => card::group(group, criteria(&own)),
    };
    Graded {
        group,
        worst: RunVerdict::Accepted,
        passed: 0,
    }
}

fn criteria(own: &OwnTests) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    let missing = own
        .mutants
        .iter()
        .filter(|mutant| mutant.caught_by.is_none())
        .count();
    for mutant in &own.mutants {
        let criterion = match &mutant.caught_by {
            Some(test) => card::met(
                format!("catches-{}", mutant.id),
                mutant.title.to_owned(),
                format!("caught by the test `{test}`"),
                vec![Evidence::Case {
                    input: format!("test {test}"),
                    expected: String::new(),
                    got: "fails on the broken implementation, passes on a right one".to_owned(),
                    size: "1 test".to_owned(),
                }],
            ),
            // What is broken is told once it is caught: finding it is the task.
            None => {
                let n = 1 + criteria.iter().filter(|c: &&Criterion| c.points == 0.0).count();
                card::missed(
                    format!("uncaught-{n}"),
                    "A broken implementation that no test notices".to_owned(),
                    format!("no test fails on it ({n} of {missing} such)"),
                    Vec::new(),
                    "Write a test for a rule of the prompt that none of yours looks at yet.".to_owned(),
                )
            }
        };
        criteria.push(criterion);
    }
    criteria.extend(own.tests.iter().filter_map(|test| {
        let wrong = test.wrong.as_ref()?;
        let id = format!("wrong-test-line-{}", test.line);
        let evidence = Evidence::Case {
            input: render::cut(&wrong.input),
            expected: render::cut(&wrong.expected),
            got: render::cut(&wrong.got),
            size: "1 test".to_owned(),
        };
        let why = format!(
            "line {}: a right implementation fails this test. {}",
            test.line, wrong.rule
        );
        let tip = format!(
            "Correct the test at line {}: a right implementation fails it.",
            test.line
        );
        Some(Criterion {
            out_of: 0.0,
            ..card::missed(
                id,
                format!("The test `{}` is wrong", test.name),
                why,
                vec![evidence],
                tip,
            )
        })
    }));
    criteria
}
