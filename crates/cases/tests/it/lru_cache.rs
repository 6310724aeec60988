//! The cache: its tests, and what threads can do wrong.

use cases::{Case, Wanted, problem};
use domain::GroupId;
use serde_json::{Value, json};

use crate::story::{answered, bank, bytes, caught, right_tests, worked_example};

const ITEM: &str = "lru-cache";

fn cases_of(group: GroupId, count: u32, seed: u64) -> Vec<Case> {
    let cache = problem(ITEM).expect("the problem");
    (cache.generate)(Wanted { group, count, seed })
}

/// A list, the least recently used first, looked through on every call.
struct Plain {
    capacity: usize,
    entries: Vec<(String, String, i64)>,
}

impl Plain {
    fn of(case: &Case) -> Self {
        let cases::Script::Calls { init, .. } = &case.script else {
            panic!("a case of calls");
        };
        let capacity = init[0].as_u64().expect("a capacity") as usize;
        Self {
            capacity,
            entries: Vec::new(),
        }
    }

    fn answer(&mut self, op: &str, args: &[Value]) -> Value {
        let now = args[0].as_i64().expect("a time");
        self.entries.retain(|(_, _, end)| *end > now);
        let key = args.get(1).and_then(Value::as_str).unwrap_or_default();
        let at = self.entries.iter().position(|(k, _, _)| k == key);
        match op {
            "size" => json!(self.entries.len()),
            "delete" => json!(at.map(|at| self.entries.remove(at)).is_some()),
            "get" => at.map_or(Value::Null, |at| {
                let entry = self.entries.remove(at);
                self.entries.push(entry.clone());
                json!(entry.1)
            }),
            _ => {
                at.map(|at| self.entries.remove(at));
                let end = args[3].as_i64().map_or(i64::MAX, |ttl| now + ttl);
                if end > now && self.capacity > 0 {
                    if self.entries.len() == self.capacity {
                        self.entries.remove(0);
                    }
                    let value = args[2].as_str().expect("a value");
                    self.entries.push((key.to_owned(), value.to_owned(), end));
                }
                Value::Null
            }
        }
    }
}

/// Whether the check accepts a cache whose answers are changed on their way.
fn accepted(case: &Case, change: impl Fn(usize, &str, &[Value], Value) -> Value) -> bool {
    let mut cache = Plain::of(case);
    let transcript = answered(case, |step, op, args| {
        let answer = cache.answer(op, args);
        change(step, op, args, answer)
    });
    (problem(ITEM).expect("the problem").check)(case, &transcript).is_ok()
}

#[test]
fn the_full_tests_catch_every_mutant_and_the_first_example_some() {
    let cache = problem(ITEM).expect("the problem");
    let full = right_tests(cache, &bank(ITEM, "tests-full.txt"));
    assert!((8..=12).contains(&full.mutants.len()));
    assert_eq!(caught(&full).len(), full.mutants.len(), "{:?}", caught(&full));
    let first = caught(&right_tests(cache, &bank(ITEM, "tests.txt"))).len();
    assert!((1..=4).contains(&first), "{first}");
    assert!(caught(&(cache.own_tests)("").expect("no tests")).is_empty());
}

#[test]
fn the_worked_example_is_right() {
    right_tests(problem(ITEM).expect("the problem"), &worked_example(ITEM));
}

#[test]
fn a_list_looked_through_on_every_call_is_accepted() {
    for seed in 0..3 {
        let groups = [
            (GroupId::Examples, 3),
            (GroupId::Behaviour, 18),
            (GroupId::Edges, 6),
            (GroupId::Concurrency, 10),
        ];
        for case in groups
            .into_iter()
            .flat_map(|(group, count)| cases_of(group, count, seed))
        {
            assert!(
                accepted(&case, |_, _, _, answer| answer),
                "{} of seed {seed}",
                case.id
            );
        }
    }
}

#[test]
fn what_threads_break_is_seen() {
    let cases = cases_of(GroupId::Concurrency, 5, 7);
    let case = |id: &str| cases.iter().find(|case| case.id == id).expect("the case");
    let lost = |_: usize, op: &str, args: &[Value], answer: Value| {
        let last = args
            .get(1)
            .and_then(Value::as_str)
            .is_some_and(|key| key.ends_with("-1-2-17"));
        if op == "get" && last { Value::Null } else { answer }
    };
    assert!(!accepted(case("all-kept-1"), lost), "an entry is lost");
    let foreign = |_: usize, op: &str, _: &[Value], answer: Value| {
        if op == "get" && !answer.is_null() {
            json!("nobody put this")
        } else {
            answer
        }
    };
    assert!(!accepted(case("crowded-1"), foreign), "a value of another key");
    let one_more = |_: usize, op: &str, _: &[Value], answer: Value| match op {
        "size" => json!(answer.as_u64().unwrap_or(0) + 1),
        _ => answer,
    };
    assert!(!accepted(case("crowded-1"), one_more), "more than fits");
    let twice =
        |_: usize, op: &str, _: &[Value], answer: Value| if op == "delete" { json!(true) } else { answer };
    assert!(
        !accepted(case("deleted-once-1"), twice),
        "an entry is removed twice"
    );
    let never =
        |_: usize, op: &str, _: &[Value], answer: Value| if op == "delete" { json!(false) } else { answer };
    assert!(
        !accepted(case("deleted-once-1"), never),
        "an entry is removed by nobody"
    );
    for id in ["explained-1", "pipelined-1"] {
        let empty = |step: usize, op: &str, _: &[Value], answer: Value| match (step, op) {
            (1, "size") => json!(99),
            (1, "get") => json!("nobody put this"),
            _ => answer,
        };
        assert!(!accepted(case(id), empty), "{id}: no order explains it");
    }
}

#[test]
fn measured_cases_are_bounded() {
    let cache = problem(ITEM).expect("the problem");
    let memory = cache.memory.expect("a case of memory")(1);
    assert!(bytes(&memory) < 100 << 20, "{}", bytes(&memory));
    let largest = cache.scale_sizes.last().expect("sizes");
    assert!(bytes(&(cache.scale)(*largest, 1)) < 4 << 20);
    assert!(accepted(
        &(cache.scale)(cache.scale_sizes[0], 1),
        |_, _, _, answer| answer
    ));
}
