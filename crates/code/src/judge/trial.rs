//! Trial runs: what the candidate tries before handing in. Nothing is scored, so a finding of the clock is told
//! without another look.

use cases::{Case, Mismatch, TestsError, Wanted};
use domain::{RunVerdict, TESTS_FILE};

use super::runner::{CaseRun, Manner, Runner};
use super::{Grading, RanCase, Trial, own, render};
use crate::Error;

/// Runs what was asked for.
pub(super) fn run(
    runner: &Runner<'_>,
    grading: &Grading<'_>,
    trial: Trial<'_>,
) -> Result<Vec<RanCase>, Error> {
    match trial {
        Trial::Examples => examples(runner, grading),
        Trial::Own(text) => match (runner.problem.own_input)(text) {
            Ok(case) => {
                let run = runner.judged(&case, Manner::PLAIN, None)?;
                // There is nothing to compare with: the input is the candidate's, and so is the judgement.
                Ok(vec![ran(runner, "your input".to_owned(), &case, run, false)])
            }
            Err(e) => Ok(vec![unreadable("your input", &e)]),
        },
        Trial::Tests => tests(runner, grading),
    }
}

fn examples(runner: &Runner<'_>, grading: &Grading<'_>) -> Result<Vec<RanCase>, Error> {
    let mut all = Vec::new();
    for group in grading
        .spec
        .groups
        .iter()
        .filter(|group| group.visible && group.cases > 0)
    {
        let cases = (runner.problem.generate)(Wanted {
            group: group.id,
            count: group.cases,
            seed: grading.seed,
        });
        for case in cases {
            let run = runner.judged(&case, Manner::PLAIN, None)?;
            all.push(ran(runner, case.rule.clone(), &case, run, true));
        }
    }
    Ok(all)
}

/// The candidate's tests, one by one: a test that is wrong by itself is told so, the others are run against
/// the candidate's program.
fn tests(runner: &Runner<'_>, grading: &Grading<'_>) -> Result<Vec<RanCase>, Error> {
    let Some(text) = own::tests(grading.files) else {
        let message = format!("`{TESTS_FILE}` is empty: write a test first");
        return Ok(vec![unreadable(TESTS_FILE, &TestsError { line: 1, message })]);
    };
    let own = match (runner.problem.own_tests)(text) {
        Ok(own) => own,
        Err(e) => return Ok(vec![unreadable(TESTS_FILE, &e)]),
    };
    let lines = text.lines().collect::<Vec<_>>();
    let mut all = Vec::new();
    for (i, test) in own.tests.iter().enumerate() {
        let end = own
            .tests
            .get(i + 1)
            .map_or(lines.len(), |next| next.line.saturating_sub(1));
        let begin = test.line.saturating_sub(1).min(end);
        let block = lines[begin..end.min(lines.len())].join("\n");
        if let Some(wrong) = &test.wrong {
            all.push(wrong_test(&test.name, &block, wrong));
            continue;
        }
        all.push(match (runner.problem.own_input)(&block) {
            Ok(case) => {
                let run = runner.judged(&case, Manner::PLAIN, None)?;
                let mut ran = ran(runner, test.name.clone(), &case, run, true);
                ran.input = render::cut(&block);
                ran
            }
            Err(e) => unreadable(&test.name, &e),
        });
    }
    Ok(all)
}

fn ran(runner: &Runner<'_>, name: String, case: &Case, run: CaseRun, compared: bool) -> RanCase {
    let CaseRun { judged, ended } = run;
    let bounds = &runner.bounds;
    let wrong = judged.verdict == RunVerdict::WrongAnswer;
    let (verdict, expected, why) = match judged.mismatch {
        Some(mismatch) if compared => {
            let why = if mismatch.input.is_empty() {
                mismatch.rule.clone()
            } else {
                format!("{}: {}", mismatch.input, mismatch.rule)
            };
            (judged.verdict, mismatch.expected.clone(), why)
        }
        _ if wrong => (RunVerdict::Accepted, String::new(), String::new()),
        _ if judged.detail.is_empty() => (judged.verdict, String::new(), judged.kind),
        _ => (
            judged.verdict,
            String::new(),
            format!("{}: {}", judged.kind, judged.detail),
        ),
    };
    RanCase {
        name,
        verdict,
        input: render::cut(&(runner.problem.show)(case)),
        expected: render::cut(&expected),
        got: render::transcript(&ended.transcript),
        why: render::cut(&why),
        log: render::cut(&ended.log.text()),
        cpu_ms: u64::try_from(super::verdict::own_cpu(&ended, bounds).as_millis()).unwrap_or(u64::MAX),
        memory_mb: super::verdict::own_memory(&ended, bounds) >> 20,
    }
}

/// A test that a right implementation fails.
fn wrong_test(name: &str, block: &str, wrong: &Mismatch) -> RanCase {
    RanCase {
        name: name.to_owned(),
        verdict: RunVerdict::WrongAnswer,
        input: render::cut(block),
        expected: render::cut(&wrong.expected),
        got: String::new(),
        why: format!("the test itself is wrong: {}", wrong.rule),
        log: String::new(),
        cpu_ms: 0,
        memory_mb: 0,
    }
}

fn unreadable(name: &str, e: &TestsError) -> RanCase {
    RanCase {
        name: name.to_owned(),
        verdict: RunVerdict::WrongAnswer,
        input: String::new(),
        expected: String::new(),
        got: String::new(),
        why: e.to_string(),
        log: String::new(),
        cpu_ms: 0,
        memory_mb: 0,
    }
}
