//! A rate limiter with two algorithms, many keys, and several threads.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::history::{self, Asked, mismatch, text};
use crate::linearize::{BUDGET, linearize_by_key};
use crate::notation::{self, Words};
use crate::replay::{self, Event, Subject, same};
use crate::{Case, Mismatch, OwnTests, Problem, Reply, Script, TestsError, Timed, Transcript};

mod cases;
mod crossing;
mod examples;
mod load;
mod model;

use model::{BUGS, Bug, Limiter};

/// The problem `rate-limiter`.
pub(crate) const PROBLEM: Problem = Problem {
    name: "rate-limiter",
    generate: cases::generate,
    check,
    scale: load::scale,
    scale_sizes: &[1000, 2000, 4000, 8000, 16_000],
    memory: Some(load::memory),
    own_tests,
    own_input: |text| notation::own_input(text, &WORDS),
    show,
};

const WORDS: Words = Words {
    new: &["algorithm: str", "limit: int", "window_ms: int"],
    ops: &[("allow", &["now_ms: int", "key: str", "cost: int"])],
    records: &[],
    durable: false,
};

/// Calls that overlap are searched for an order up to this many; beyond it they are counted.
const SEARCHED: usize = 60;

const ONE_BY_ONE: &str = "Calls at once answer as if they had been made one at a time, in some order.";

fn mutations() -> Vec<(&'static str, &'static str)> {
    BUGS.iter().map(|&(_, id, title)| (id, title)).collect()
}

fn bug(id: Option<&str>) -> Option<Bug> {
    let named = BUGS.iter().find(|(_, name, _)| Some(*name) == id);
    named.map(|&(bug, _, _)| bug)
}

fn subject(mutation: Option<&'static str>, init: &[Value]) -> Subject {
    let mut limiter = Limiter::new(init, bug(mutation));
    Box::new(move |event| match event {
        Event::Call(call) => Reply::Ok(limiter.answer(call)),
        Event::Restart => Reply::Ok(Value::Null),
    })
}

fn own_tests(text: &str) -> Result<OwnTests, TestsError> {
    notation::own_tests(text, &WORDS, &mutations(), &subject)
}

fn show(case: &Case) -> String {
    match &case.script {
        Script::Calls { init, steps } if !history::overlaps(steps) => {
            notation::print(case, &replay::answers(case, &mut subject(None, init)))
        }
        // Calls at once have no fixed answers, and what follows them depends on theirs.
        _ => notation::print(case, &[]),
    }
}

fn check(case: &Case, transcript: &Transcript) -> Result<(), Box<Mismatch>> {
    let (Script::Calls { init, steps }, Transcript::Calls { steps: answered }) = (&case.script, transcript)
    else {
        return Ok(());
    };
    let history = history::history(steps, answered);
    let mut limiter = Limiter::new(init, None);
    if !history::overlaps(steps) {
        return history::same_answers(&history, &case.rule, |call| limiter.answer(call));
    }
    history::no_errors(&history, &case.rule)?;
    if history.len() > SEARCHED {
        return same_counts(&history, &case.rule, limiter);
    }
    let key = |asked: &Asked<'_>| text(asked.call, 1).to_owned();
    let finding = linearize_by_key(&limiter, &history, key, step, BUDGET);
    history::explained(&history, finding, ONE_BY_ONE)
}

fn step(limiter: &Limiter, asked: &Asked<'_>) -> Option<Limiter> {
    let mut after = limiter.clone();
    let answer = after.answer(asked.call);
    let fits = match asked.reply {
        Some(Reply::Ok(value)) => same(value, &answer),
        Some(Reply::Err(_)) => false,
        None => true,
    };
    fits.then_some(after)
}

/// The calls of one step carry one time, and those of a key one cost: whatever their order, the answers to the
/// key are the same ones, only given to other calls.
fn same_counts(history: &[Timed<Asked<'_>>], rule: &str, mut limiter: Limiter) -> Result<(), Box<Mismatch>> {
    for calls in history.chunk_by(|a, b| a.call.step == b.call.step) {
        let mut left: BTreeMap<(&str, Decision), usize> = BTreeMap::new();
        for Timed { call: asked, .. } in calls {
            let answer = decision(&limiter.answer(asked.call));
            if let Some(answer) = answer {
                *left.entry((text(asked.call, 1), answer)).or_default() += 1;
            }
        }
        for Timed { call: asked, .. } in calls {
            let Some(Reply::Ok(got)) = asked.reply else {
                continue;
            };
            let key = text(asked.call, 1);
            let answer = decision(got).and_then(|answer| left.get_mut(&(key, answer)));
            match answer {
                Some(count) if *count > 0 => *count -= 1,
                _ => return Err(mismatch(asked, one_of(key, &left), rule)),
            }
        }
    }
    Ok(())
}

/// Whether it was allowed, what remains, and when to retry.
type Decision = (bool, i64, Option<i64>);

fn decision(value: &Value) -> Option<Decision> {
    let fields = value.as_object().filter(|fields| fields.len() == 3)?;
    // JavaScript and Python may write a whole number with a point.
    let whole = |value: &Value| {
        let float = value.as_f64().filter(|float| float.fract() == 0.0);
        value.as_i64().or(float.map(|float| float as i64))
    };
    let retry = match fields.get("retry_after_ms")? {
        Value::Null => None,
        some => Some(whole(some)?),
    };
    let remaining = whole(fields.get("remaining")?)?;
    Some((fields.get("allowed")?.as_bool()?, remaining, retry))
}

/// What calls of a key may still be answered.
fn one_of(key: &str, left: &BTreeMap<(&str, Decision), usize>) -> String {
    let mut left = left.iter().filter(|((of, _), count)| *of == key && **count > 0);
    match left.next() {
        Some(((_, (allowed, remaining, retry)), _)) => {
            let answer = json!({ "allowed": allowed, "remaining": remaining, "retry_after_ms": retry });
            format!("an answer that no other of the calls at once got, such as {answer}")
        }
        None => "no more answers than calls".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::GroupId;

    use super::*;

    #[test]
    fn generated_cases_tell_right_from_broken() {
        let groups = [
            (GroupId::Examples, 3),
            (GroupId::Behaviour, 16),
            (GroupId::Edges, 14),
            (GroupId::Concurrency, 10),
        ];
        replay::prove(&PROBLEM, &groups, &mutations(), &subject);
    }
}
