//! Making a failing case small: delta debugging (Zeller, Hildebrandt 2002) by leaving out parts.
//!
//! A smaller case counts only when it breaks the same rule. How far it goes is bounded in runs, not in time,
//! so that the same program gets the same case.

use cases::{Case, Script, Step, Transcript};
use domain::RunVerdict;

use super::runner::{CaseRun, Manner, Runner};
use crate::Error;

/// A failing case and its run, as small as could be made with `runs`, which is reduced by what was used.
pub(super) fn minimise(
    runner: &Runner<'_>,
    case: Case,
    run: CaseRun,
    runs: &mut u32,
) -> Result<(Case, CaseRun), Error> {
    let chance = run.judged.again || matches!(run.judged.verdict, RunVerdict::TooSlow | RunVerdict::Idle);
    if chance || overlaps(&case) || run.ended.log.total > QUIET {
        return Ok((case, run));
    }
    let (case, run) = cut_after(runner, case, run);
    let mut parts = parts(&case.script);
    let mut best = (case, run);
    let mut n = 2;
    while parts.len() > 1 && *runs > 0 {
        let size = parts.len().div_ceil(n);
        let mut smaller = None;
        for from in (0..parts.len()).step_by(size) {
            if *runs == 0 {
                break;
            }
            *runs -= 1;
            let to = (from + size).min(parts.len());
            let left = [&parts[..from], &parts[to..]].concat();
            let case = Case {
                script: joined(&best.0.script, &left),
                ..best.0.clone()
            };
            let run = runner.judged(&case, Manner::PLAIN, None)?;
            if same(&run, &best.1) {
                smaller = Some((left, case, run));
                break;
            }
        }
        match smaller {
            Some((left, case, run)) => {
                parts = left;
                best = (case, run);
                n = (n - 1).max(2);
            }
            None if size == 1 => break,
            None => n = (n * 2).min(parts.len()),
        }
    }
    Ok(best)
}

/// A program that logs more than this is slow to run again and again.
const QUIET: u64 = 1024 * 1024;

/// Leaves out what comes after the step that shows the fault; the transcript of a beginning is the beginning
/// of the transcript, so this needs no run.
fn cut_after(runner: &Runner<'_>, case: Case, mut run: CaseRun) -> (Case, CaseRun) {
    let Some(mismatch) = &run.judged.mismatch else {
        return (case, run);
    };
    let (Script::Calls { init, steps }, Transcript::Calls { steps: answers }) =
        (&case.script, &run.ended.transcript)
    else {
        return (case, run);
    };
    let n = mismatch.step.saturating_add(1);
    if n >= steps.len() {
        return (case, run);
    }
    let shorter = Case {
        script: Script::Calls {
            init: init.clone(),
            steps: steps[..n].to_vec(),
        },
        ..case.clone()
    };
    let transcript = Transcript::Calls {
        steps: answers[..n.min(answers.len())].to_vec(),
    };
    match (runner.problem.check)(&shorter, &transcript) {
        Err(other) if other.rule == mismatch.rule => {
            run.judged.mismatch = Some(other);
            run.ended.transcript = transcript;
            (shorter, run)
        }
        _ => (case, run),
    }
}

/// Whether the two runs failed for the same reason.
fn same(a: &CaseRun, b: &CaseRun) -> bool {
    let rule = |run: &CaseRun| run.judged.mismatch.as_ref().map(|mismatch| mismatch.rule.clone());
    a.judged.verdict == b.judged.verdict && a.judged.kind == b.judged.kind && rule(a) == rule(b)
}

/// Whether its outcome may depend on who comes first.
fn overlaps(case: &Case) -> bool {
    match &case.script {
        Script::Calls { steps, .. } => steps
            .iter()
            .any(|step| matches!(step, Step::Together(_) | Step::Par(_))),
        Script::Stdio { .. } => false,
    }
}

/// What can be left out of a case.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Step(Step),
    /// A line with its end.
    Line(Vec<u8>),
}

fn parts(script: &Script) -> Vec<Part> {
    match script {
        Script::Calls { steps, .. } => steps.iter().cloned().map(Part::Step).collect(),
        Script::Stdio { input } => {
            let lines = input.split_inclusive(|b| *b == b'\n');
            lines.map(|line| Part::Line(line.to_vec())).collect()
        }
    }
}

fn joined(like: &Script, parts: &[Part]) -> Script {
    match like {
        Script::Calls { init, .. } => Script::Calls {
            init: init.clone(),
            steps: parts
                .iter()
                .filter_map(|part| match part {
                    Part::Step(step) => Some(step.clone()),
                    Part::Line(_) => None,
                })
                .collect(),
        },
        Script::Stdio { .. } => Script::Stdio {
            input: parts
                .iter()
                .flat_map(|part| match part {
                    Part::Line(line) => line.as_slice(),
                    Part::Step(_) => &[],
                })
                .copied()
                .collect(),
        },
    }
}
