//! Every program of the bank run and compared with the folder it lies in, and the tests that ship with items.

use bank::Bank;
use code::Judge;
use domain::{Item, ItemId, ProgramFile, Proof, RunVerdict, TESTS_FILE};
use serde::Serialize;

use super::grade;
use crate::cores;

/// One program or file of tests with what came of it and what must.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProofLine {
    /// The item.
    pub item: ItemId,
    /// The file, below the folder of the item.
    pub subject: String,
    /// What must come of it.
    pub expected: String,
    /// What came of it.
    pub got: String,
    /// Its total, 0 to 100, where it was graded.
    pub score: Option<f64>,
    /// Which run it was, from 1.
    pub run: u32,
    /// Whether it is as it must be.
    pub ok: bool,
}

/// Grades every program of the items that `wanted` picks, `times` over, `slots` at once. Accepted ones hand in the
/// full tests. Blocks; `each` is told of every line as it comes.
pub fn verify_programs(
    bank: &Bank,
    judge: &Judge,
    wanted: impl Fn(&Item) -> bool,
    times: u32,
    each: impl Fn(&ProofLine) + Sync,
) -> Vec<ProofLine> {
    let items = bank
        .items()
        .filter(|item| wanted(item))
        .filter_map(|item| Some((item, item.code()?)));
    let of = |(item, spec): (_, &'_ domain::CodeSpec)| -> Vec<(&Item, Proof)> {
        spec.proofs.iter().map(|proof| (item, proof.clone())).collect()
    };
    let proofs: Vec<(&Item, Proof)> = items.flat_map(of).collect();
    let runs: Vec<(u32, &Item, &Proof)> = (1..=times)
        .flat_map(|run| proofs.iter().map(move |(item, proof)| (run, *item, proof)))
        .collect();
    cores::map(&runs, |(run, item, proof)| {
        let line = proved(bank, judge, *run, item, proof);
        each(&line);
        line
    })
}

fn proved(bank: &Bank, judge: &Judge, run: u32, item: &Item, proof: &Proof) -> ProofLine {
    let file = |path: &str, text: &str| ProgramFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut files = vec![file(proof.language.file(), &proof.source)];
    if proof.verdict == RunVerdict::Accepted {
        files.push(file(TESTS_FILE, bank.full_tests(&item.id)));
    }
    // Another seed for each run: what holds for one set of hidden cases must hold for all.
    let graded = grade::grade(judge, item, u64::from(run), (proof.language, &files), &|_| {});
    let (got, score, ok) = match &graded {
        Ok(card) => (
            card.verdict.map_or("no verdict", RunVerdict::as_str).to_owned(),
            card.score(),
            card.verdict == Some(proof.verdict),
        ),
        Err(error) => (error.to_string(), None, false),
    };
    ProofLine {
        item: item.id.clone(),
        subject: format!("submissions/{}", proof.path),
        expected: proof.verdict.to_string(),
        got,
        score,
        run,
        ok,
    }
}

/// Runs the tests that ship with the items that `wanted` picks against their right and broken implementations: the
/// full ones find every broken one, the example some, and neither says anything wrong.
pub fn verify_tests(bank: &Bank, wanted: impl Fn(&Item) -> bool) -> Vec<ProofLine> {
    let mut lines = Vec::new();
    for item in bank.items().filter(|item| wanted(item)) {
        let Some(spec) = item.code() else { continue };
        for (subject, text, all) in [
            ("tests.txt", spec.tests.as_str(), false),
            ("tests-full.txt", bank.full_tests(&item.id), true),
        ] {
            let (got, ok) = tested(&spec.model, text, all);
            lines.push(ProofLine {
                item: item.id.clone(),
                subject: subject.to_owned(),
                expected: if all { "finds all" } else { "finds some" }.to_owned(),
                got,
                score: None,
                run: 1,
                ok,
            });
        }
    }
    lines
}

fn tested(model: &str, text: &str, all: bool) -> (String, bool) {
    let Some(problem) = cases::problem(model) else {
        return (format!("the problem `{model}` is not known"), false);
    };
    let tests = match (problem.own_tests)(text) {
        Ok(tests) => tests,
        Err(error) => return (error.to_string(), false),
    };
    if let Some(wrong) = tests.tests.iter().find(|test| test.wrong.is_some()) {
        let got = format!(
            "line {}: a right implementation fails `{}`",
            wrong.line, wrong.name
        );
        return (got, false);
    }
    let caught = tests.mutants.iter().filter(|m| m.caught_by.is_some()).count();
    let missed: Vec<&str> = tests
        .mutants
        .iter()
        .filter(|m| m.caught_by.is_none())
        .map(|m| m.id)
        .collect();
    let got = match missed.as_slice() {
        [] => format!("finds all {caught}"),
        missed => format!(
            "finds {caught} of {}, not {}",
            tests.mutants.len(),
            missed.join(", ")
        ),
    };
    (got, caught > 0 && missed.is_empty() == all)
}
