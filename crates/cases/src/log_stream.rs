//! `log-stream`: a stream of request log lines, summed up by window and route.
//!
//! One answer is right, byte for byte: the model reads the input as the program did, and the first line that
//! differs tells which rule was broken.

mod families;
mod generate;
mod model;

use domain::GroupId;
use model::{BUGS, Fate, Reader, output};

use crate::notation_lines::{self, BrokenLines, first_difference, shown};
use crate::{Case, Mismatch, OwnTests, Problem, Script, TestsError, Transcript};

/// Twice the lines at each step, half of them within the lateness of one another. The smallest takes CPython
/// 8 ms, the largest 130 ms.
const SCALE_SIZES: &[u64] = &[2_000, 4_000, 8_000, 16_000, 32_000];

/// Longest line of output that is quoted, in bytes: the longest right one has some 320.
const MAX_QUOTED_BYTES: usize = 400;

/// The problem.
pub(crate) const PROBLEM: Problem = Problem {
    name: "log-stream",
    generate: generate::cases,
    check,
    scale: generate::scale,
    scale_sizes: SCALE_SIZES,
    memory: Some(generate::memory),
    own_tests,
    own_input,
    show,
};

fn check(case: &Case, transcript: &Transcript) -> Result<(), Box<Mismatch>> {
    let (Script::Stdio { input }, Transcript::Stdio { output: got }) = (&case.script, transcript) else {
        return Err(Box::new(Mismatch {
            step: 0,
            input: String::new(),
            expected: "lines of text".to_owned(),
            got: "answers to calls".to_owned(),
            rule: "The program reads its standard input and writes lines.".to_owned(),
        }));
    };
    let expected = output(input, None);
    let text = String::from_utf8_lossy(got);
    let lines: Vec<&str> = text.lines().collect();
    let Some(at) = first_difference(&expected, &lines) else {
        return Ok(());
    };
    let right = expected.get(at).map(String::as_str);
    let quoted = lines
        .get(at)
        .map(|line| shown(&line.as_bytes()[..line.len().min(MAX_QUOTED_BYTES)]));
    let (rule, line) = explain(input, &expected, &lines, at);
    // What counts is what the cases of these groups are about; the rule of the case is the closer one.
    let closer = matches!(case.group, GroupId::Edges | GroupId::Faults) && COUNTING.contains(&rule);
    Err(Box::new(Mismatch {
        step: at,
        input: line.map_or_else(String::new, |line| format!("< {}", shown(line))),
        expected: right.map_or("no further line".to_owned(), |line| format!("> {line}")),
        got: quoted.map_or("the output ends".to_owned(), |line| format!("> {line}")),
        rule: if closer {
            case.rule.clone()
        } else {
            rule.to_owned()
        },
    }))
}

const NO_ROW: &str = "A window and a route without counted lines have no row.";
const A_ROW: &str = "Each window and route with a counted line has a row.";
const COUNTS_ONCE: &str =
    "A line counts once in the window of its own time: not late, not a duplicate, not malformed.";
const LINES: &str = "`lines` counts every line that is not empty.";
const MALFORMED: &str = "`malformed` counts the lines that are not of the format or are cut off.";
const LATE: &str = "`late` counts the lines that are more than 5,000 ms behind the newest time.";
const DUPLICATE: &str = "`duplicate` counts the lines whose time and id were counted before.";

/// Rules of which lines count.
const COUNTING: [&str; 7] = [NO_ROW, A_ROW, COUNTS_ONCE, LINES, MALFORMED, LATE, DUPLICATE];

/// The rule that the wrong line `at` of the output breaks, and the line of input that shows it best.
fn explain<'a>(
    input: &'a [u8],
    expected: &[String],
    got: &[&str],
    at: usize,
) -> (&'static str, Option<&'a [u8]>) {
    let Some(right) = expected.get(at).map(String::as_str) else {
        return ("After the line `end` nothing is written.", None);
    };
    let Some(&line) = got.get(at) else {
        return (
            "Every window with counted lines is printed, and the line `end` comes last.",
            None,
        );
    };
    let differs = (0..7)
        .find(|&at| field(right, at) != field(line, at))
        .unwrap_or_default();
    if right.starts_with("end ") {
        let first =
            |wanted: fn(&Fate<'_>) -> bool| fates(input).find(|(_, fate)| wanted(fate)).map(|(line, _)| line);
        return match differs {
            0 => (NO_ROW, None),
            1 => (LINES, first(|fate| *fate == Fate::Empty)),
            _ => blame(right, line, first),
        };
    }
    let row = fates(input).filter(|(_, fate)| match fate {
        Fate::Counted { window, route, .. } => {
            right.starts_with(&format!("{window} {} ", String::from_utf8_lossy(route)))
        }
        _ => false,
    });
    let rule = match differs {
        0 | 1 if !expected.iter().any(|other| same_row(other, line)) => NO_ROW,
        0 | 1 if !got.iter().any(|other| same_row(other, right)) => A_ROW,
        0 | 1 => "Rows come by window, then by route in byte order.",
        2 => COUNTS_ONCE,
        3 => "`errors` counts the statuses from 500 to 599.",
        _ => "A percentile is the value at rank ceil(p * n / 100) of the durations in ascending order.",
    };
    (rule, row.last().map(|(line, _)| line))
}

fn field(line: &str, at: usize) -> &str {
    line.split(' ').nth(at).unwrap_or_default()
}

/// Whether two rows are of the same window and route.
fn same_row(one: &str, other: &str) -> bool {
    (0..2).all(|at| field(one, at) == field(other, at))
}

/// Which sort of line was not seen as what it is, by the counts of the line `end`.
fn blame<'a>(
    right: &str,
    got: &str,
    first: impl Fn(fn(&Fate<'_>) -> bool) -> Option<&'a [u8]>,
) -> (&'static str, Option<&'a [u8]>) {
    let count =
        |text: &str, at: usize| -> Option<u64> { text.split(' ').nth(at)?.split_once('=')?.1.parse().ok() };
    let differs = |at: usize| count(right, at) != count(got, at);
    if differs(5) {
        return (MALFORMED, first(|fate| *fate == Fate::Malformed));
    }
    if differs(4) {
        return (LATE, first(|fate| *fate == Fate::Late));
    }
    if differs(3) {
        return (DUPLICATE, first(|fate| *fate == Fate::Duplicate));
    }
    (
        "The last line is `end` with the five counts, in the order of the prompt.",
        None,
    )
}

fn fates(input: &[u8]) -> impl Iterator<Item = (&[u8], Fate<'_>)> {
    let mut reader = Reader::new(None);
    input
        .split_inclusive(|&byte| byte == b'\n')
        .map(move |line| (line.strip_suffix(b"\n").unwrap_or(line), reader.read(line)))
}

fn own_tests(text: &str) -> Result<OwnTests, TestsError> {
    let tests = notation_lines::parse(text)?;
    let broken: Vec<BrokenLines<'_>> = BUGS
        .iter()
        .map(|&(bug, id, title)| BrokenLines {
            id,
            title,
            run: Box::new(move |input| output(input, Some(bug))),
        })
        .collect();
    Ok(notation_lines::judge(
        &tests,
        |input| output(input, None),
        &broken,
    ))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "any text is input; other problems read a notation here"
)]
fn own_input(text: &str) -> Result<Case, TestsError> {
    Ok(Case {
        id: "own-input".to_owned(),
        group: GroupId::Examples,
        rule: "What the program writes for your input.".to_owned(),
        script: Script::Stdio {
            input: text.as_bytes().to_vec(),
        },
    })
}

fn show(case: &Case) -> String {
    match &case.script {
        Script::Stdio { input } => notation_lines::show(&case.id, input, &output(input, None)),
        Script::Calls { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wanted;

    fn hidden(seed: u64) -> Vec<Case> {
        [GroupId::Behaviour, GroupId::Edges, GroupId::Faults]
            .into_iter()
            .flat_map(|group| {
                generate::cases(Wanted {
                    group,
                    count: 7,
                    seed,
                })
            })
            .collect()
    }

    fn passes(case: &Case, bug: Option<model::Bug>) -> bool {
        let Script::Stdio { input } = &case.script else {
            unreachable!("a case of a stream")
        };
        let output = output(input, bug).join("\n").into_bytes();
        check(case, &Transcript::Stdio { output }).is_ok()
    }

    #[test]
    fn the_cases_of_any_seed_refuse_every_bug_and_no_right_program() {
        for seed in 0..40 {
            let cases = hidden(seed);
            assert!(cases.iter().all(|case| passes(case, None)));
            for (bug, id, _) in BUGS {
                assert!(
                    cases.iter().any(|case| !passes(case, Some(bug))),
                    "seed {seed}: {id}"
                );
            }
        }
    }
}
