//! A cache of bounded size with lifetimes, used by several threads.

use serde_json::Value;

use crate::history::{self, Asked};
use crate::linearize::{BUDGET, linearize};
use crate::notation::{self, Words};
use crate::replay::{self, Event, Subject, same};
use crate::{Case, Mismatch, OwnTests, Problem, Reply, Script, TestsError, Transcript};

mod cases;
mod crossing;
mod crowd;
mod examples;
mod load;
mod model;

use model::{BUGS, Bug, Cache};

/// The problem `lru-cache`.
pub(crate) const PROBLEM: Problem = Problem {
    name: "lru-cache",
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
    new: &["capacity: int"],
    ops: &[
        ("put", &["now_ms: int", "key: str", "value: str", "ttl_ms: int?"]),
        ("get", &["now_ms: int", "key: str"]),
        ("delete", &["now_ms: int", "key: str"]),
        ("size", &["now_ms: int"]),
    ],
    records: &[],
    durable: false,
};

/// Calls that overlap are searched for an order up to this many; beyond it invariants are checked.
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
    let mut cache = Cache::new(init, bug(mutation));
    Box::new(move |event| match event {
        Event::Call(call) => Reply::Ok(cache.answer(call)),
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
    if !history::overlaps(steps) {
        let mut cache = Cache::new(init, None);
        return history::same_answers(&history, &case.rule, |call| cache.answer(call));
    }
    history::no_errors(&history, &case.rule)?;
    if history.len() > SEARCHED {
        return crowd::check(&history, init);
    }
    let start = Cache::new(init, None);
    let finding = linearize(start, &history, |cache, asked| step(cache, asked), BUDGET);
    history::explained(&history, finding, ONE_BY_ONE)
}

fn step(cache: &Cache, asked: &Asked<'_>) -> Option<Cache> {
    let mut after = cache.clone();
    let answer = after.answer(asked.call);
    let fits = match asked.reply {
        Some(Reply::Ok(value)) => same(value, &answer),
        Some(Reply::Err(_)) => false,
        None => true,
    };
    fits.then(|| after.settled())
}

#[cfg(test)]
mod tests {
    use domain::GroupId;

    use super::*;

    #[test]
    fn generated_cases_tell_right_from_broken() {
        let groups = [
            (GroupId::Examples, 3),
            (GroupId::Behaviour, 18),
            (GroupId::Edges, 6),
            (GroupId::Concurrency, 10),
        ];
        replay::prove(&PROBLEM, &groups, &mutations(), &subject);
    }
}
