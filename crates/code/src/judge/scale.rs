//! How the time grows with the size, and what is held in memory.
//!
//! Time is CPU time, less that of the program that is asked nothing, beside that of the accepted program of
//! the same language in the same minute. Told apart are n and n squared; n and n log n cannot be, since
//! caches move a slope by more than a logarithm does.

use std::time::Duration;

use cases::{Case, Script};
use domain::{CaseGroup, Criterion, Evidence, RunVerdict};

use super::grade::{Bench, Graded};
use super::runner::{CaseRun, Manner, Runner};
use super::{card, render, verdict};
use crate::Error;

/// A slope that exceeds the reference's by this on log-log axes is that of another kind of algorithm: measured
/// slopes of n and n log n lie within 0.15 of each other, those of n squared 0.7 above.
const STEEPER: f64 = 0.4;

/// From the smallest to the largest size the time must grow so many times as much as the reference's.
const GROWTH: f64 = 4.0;

/// A first look that stays below these needs no second.
const CLEAR: (f64, f64) = (0.25, 2.5);

/// How often each size is measured where the first look was not clear; the least counts.
const LOOKS: usize = 3;

/// Times below this are not told apart from nothing.
const LEAST: Duration = Duration::from_micros(500);

/// Calls under way while time is measured, so that the journeys of lines do not hide the work.
const AHEAD: usize = 64;

/// A size with the least CPU times seen.
struct Point {
    size: u64,
    own: Duration,
    reference: Option<Duration>,
}

/// How much steeper than the reference, and how many times the growth.
struct Comparison {
    own: f64,
    reference: f64,
    growth: f64,
}

/// Grades a group of scale: one criterion.
pub(super) fn grade(bench: &mut Bench<'_>, group: &CaseGroup) -> Result<Graded, Error> {
    let problem = bench.problem;
    let sizes = problem.scale_sizes;
    let seed = bench.grading.seed;
    let of = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    let rule = sizes
        .first()
        .map_or_else(|| group.why.clone(), |size| (problem.scale)(*size, seed).rule);
    bench.tell(group, 0, of, 0);
    let Some(empty) = sizes.first().map(|size| emptied((problem.scale)(*size, seed))) else {
        return Ok(graded(group, Vec::new(), RunVerdict::Accepted, 0));
    };
    let empty_own = least_empty(&bench.runner, &empty)?;
    let empty_reference = bench
        .reference
        .as_ref()
        .map(|r| least_empty(r, &empty))
        .transpose()?;
    let mut points: Vec<Point> = Vec::new();
    for look in 0..LOOKS {
        for (i, size) in sizes.iter().enumerate() {
            let case = (problem.scale)(*size, seed);
            let run = bench.runner.case(&case, MANNER)?;
            if run.judged.verdict != RunVerdict::Accepted {
                bench.tell(group, of, of, 1);
                return Ok(failed(bench, group, rule, *size, &case, &run));
            }
            let own = run.ended.cpu.saturating_sub(empty_own);
            let reference = match (&bench.reference, empty_reference) {
                (Some(reference), Some(empty)) => measure(reference, &case, empty)?,
                _ => None,
            };
            note(&mut points, i, *size, own, reference);
            bench.tell(group, u32::try_from(i + 1).unwrap_or(of).min(of), of, 0);
        }
        let first = look == 0;
        if first && compare(&points).is_none_or(|c| c.own - c.reference < CLEAR.0 || c.growth < CLEAR.1) {
            break;
        }
    }
    let worse = compare(&points).filter(|c| c.own - c.reference >= STEEPER && c.growth >= GROWTH);
    bench.tell(group, of, of, u32::from(worse.is_some()));
    let evidence = figures(&points);
    let criterion = match worse {
        Some(_) => card::missed(
            card::id(&rule, &[]),
            rule.clone(),
            "the time grows about as the square of the size, or faster, where the reference's grows with the \
             size"
                .to_owned(),
            evidence,
            card::tip(RunVerdict::TooSlow, &rule),
        ),
        None => {
            let why = "the time grows no faster than the reference's, and all answers are right";
            card::met(card::id(&rule, &[]), rule, why.to_owned(), evidence)
        }
    };
    let verdict = if worse.is_some() {
        RunVerdict::TooSlow
    } else {
        RunVerdict::Accepted
    };
    Ok(graded(group, vec![criterion], verdict, sizes.len()))
}

const MANNER: Manner = Manner {
    cores: 2.0,
    ahead: AHEAD,
    patience: 1,
};

/// A case of memory is large, and it is not its time that is asked.
const PATIENT: Manner = Manner {
    patience: 3,
    ..MANNER
};

fn graded(group: &CaseGroup, criteria: Vec<Criterion>, worst: RunVerdict, passed: usize) -> Graded {
    Graded {
        group: card::group(group, criteria),
        worst,
        passed,
    }
}

/// A size at which the answers were wrong or a limit was met.
fn failed(
    bench: &Bench<'_>,
    group: &CaseGroup,
    rule: String,
    size: u64,
    case: &Case,
    run: &CaseRun,
) -> Graded {
    // The cases of this group are large; none is shown.
    let evidence = card::failing(bench.problem, case, run, false);
    let why = format!("at size {size}: {}", run.judged.kind);
    let verdict = run.judged.verdict;
    let tip = card::tip(verdict, &rule);
    let criterion = card::missed(card::id(&rule, &[]), rule, why, vec![evidence], tip);
    graded(group, vec![criterion], verdict, 0)
}

/// The same problem with nothing asked.
fn emptied(case: Case) -> Script {
    match case.script {
        Script::Stdio { .. } => Script::Stdio { input: Vec::new() },
        Script::Calls { init, .. } => Script::Calls {
            init,
            steps: Vec::new(),
        },
    }
}

fn least_empty(runner: &Runner<'_>, empty: &Script) -> Result<Duration, Error> {
    let mut least = Duration::MAX;
    for _ in 0..LOOKS {
        least = least.min(runner.once(empty, MANNER, None)?.cpu);
    }
    Ok(least)
}

/// The time of the reference; none when it did not get through, which says nothing of the candidate.
fn measure(reference: &Runner<'_>, case: &Case, empty: Duration) -> Result<Option<Duration>, Error> {
    let run = reference.case(case, MANNER)?;
    if run.judged.verdict != RunVerdict::Accepted {
        tracing::warn!(kind = %run.judged.kind, "the reference did not get through a measurement");
        return Ok(None);
    }
    Ok(Some(run.ended.cpu.saturating_sub(empty)))
}

fn note(points: &mut Vec<Point>, i: usize, size: u64, own: Duration, reference: Option<Duration>) {
    match points.get_mut(i) {
        Some(point) => {
            point.own = point.own.min(own);
            point.reference = match (point.reference, reference) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        None => points.push(Point { size, own, reference }),
    }
}

/// Compares the growth of the two; none where the reference was not measured at all sizes.
fn compare(points: &[Point]) -> Option<Comparison> {
    let (first, last) = (points.first()?, points.last()?);
    let of = |time: Duration| time.max(LEAST).as_secs_f64();
    let reference = points
        .iter()
        .map(|p| Some((p.size, of(p.reference?))))
        .collect::<Option<Vec<_>>>()?;
    let own = points.iter().map(|p| (p.size, of(p.own))).collect::<Vec<_>>();
    let growth_own = of(last.own) / of(first.own);
    let growth_reference = of(last.reference?) / of(first.reference?);
    // A program that is faster than the reference at every size is not too slow, however it grows.
    if last.own < last.reference? {
        return None;
    }
    Some(Comparison {
        own: slope(&own),
        reference: slope(&reference),
        growth: growth_own / growth_reference,
    })
}

/// The slope of a line through the points on log-log axes, by least squares.
fn slope(points: &[(u64, f64)]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let logs = points
        .iter()
        .map(|(size, time)| ((*size as f64).ln(), time.ln()))
        .collect::<Vec<_>>();
    #[expect(clippy::cast_precision_loss, reason = "a handful of sizes")]
    let n = logs.len() as f64;
    let mean_x = logs.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_y = logs.iter().map(|p| p.1).sum::<f64>() / n;
    let covariance: f64 = logs.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    let variance: f64 = logs.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    if variance > 0.0 {
        covariance / variance
    } else {
        0.0
    }
}

fn figures(points: &[Point]) -> Vec<Evidence> {
    let figure = |name: String, value: f64, unit: &str, limit: Option<f64>| Evidence::Figure {
        name,
        value: domain::round2(value),
        unit: unit.to_owned(),
        limit: limit.map(domain::round2),
    };
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let mut evidence = Vec::new();
    if let Some(c) = compare(points) {
        let limit = Some(c.reference + STEEPER);
        evidence.push(figure("growth".to_owned(), c.own, "exponent of the size", limit));
    }
    for point in points {
        evidence.push(figure(
            format!("time at size {}", point.size),
            ms(point.own),
            "ms",
            None,
        ));
        if let Some(time) = point.reference {
            let name = format!("reference at size {}", point.size);
            evidence.push(figure(name, ms(time), "ms", None));
        }
    }
    evidence
}

/// Grades a group of memory: one criterion.
pub(super) fn memory(bench: &mut Bench<'_>, group: &CaseGroup) -> Result<Graded, Error> {
    let Some(make) = bench.problem.memory else {
        return Ok(Graded {
            group: domain::Group {
                assessed: false,
                ..card::group(group, Vec::new())
            },
            worst: RunVerdict::Accepted,
            passed: 0,
        });
    };
    let case = make(bench.grading.seed);
    bench.tell(group, 0, 1, 0);
    let run = bench.runner.case(&case, PATIENT)?;
    let right = run.judged.verdict == RunVerdict::Accepted;
    bench.tell(group, 1, 1, u32::from(!right));
    let rule = case.rule.clone();
    let mib = |bytes: u64| f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) / 1024.0;
    let peak = Evidence::Figure {
        name: "largest memory of the program's own".to_owned(),
        value: domain::round2(mib(verdict::own_memory(&run.ended, &bench.runner.bounds))),
        unit: "MiB".to_owned(),
        limit: Some(mib(bench.runner.bounds.memory)),
    };
    let id = card::id(&rule, &[]);
    let criterion = if right {
        let why = "it stays within its memory, and all answers are right";
        card::met(id, rule, why.to_owned(), vec![peak])
    } else {
        let why = format!("with {}: {}", render::size(&case), run.judged.kind);
        let tip = card::tip(run.judged.verdict, &rule);
        card::missed(id, rule, why, vec![peak], tip)
    };
    Ok(graded(
        group,
        vec![criterion],
        run.judged.verdict,
        usize::from(right),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(own: fn(f64) -> f64, reference: fn(f64) -> f64) -> Vec<Point> {
        let ms = |value: f64| Duration::from_secs_f64(value / 1000.0);
        [1000_u32, 2000, 4000, 8000, 16000]
            .map(|size| {
                let n = f64::from(size) / 1000.0;
                Point {
                    size: size.into(),
                    own: ms(own(n)),
                    reference: Some(ms(reference(n))),
                }
            })
            .into()
    }

    fn steeper(own: fn(f64) -> f64) -> bool {
        compare(&points(own, |n| 5.0 * n))
            .is_some_and(|c| c.own - c.reference >= STEEPER && c.growth >= GROWTH)
    }

    #[test]
    fn squares_are_told_from_lines_and_logarithms_are_not() {
        assert!(steeper(|n| 5.0 * n * n));
        assert!(steeper(|n| 5.0 * n + 2.0 * n * n));
        assert!(!steeper(|n| 40.0 * n), "a constant factor is no growth");
        assert!(!steeper(|n| 5.0 * n * (10.0 + n.log2())));
        assert!(
            !steeper(|n| 0.1 * n * n),
            "faster than the reference at every size"
        );
    }
}
