//! The limiter: its tests, and what threads can do wrong.

use std::collections::BTreeMap;

use cases::{Case, Script, Wanted, problem};
use domain::GroupId;
use serde_json::{Value, json};

use crate::story::{answered, bank, bytes, caught, right_tests, worked_example};

const ITEM: &str = "rate-limiter";

fn cases_of(group: GroupId, count: u32, seed: u64) -> Vec<Case> {
    let limiter = problem(ITEM).expect("the problem");
    (limiter.generate)(Wanted { group, count, seed })
}

/// A limiter that keeps each allowed request for ever and counts anew on each call: a bucket's level follows
/// from all that was taken.
struct Plain {
    sliding: bool,
    limit: i128,
    window: i128,
    latest: i128,
    taken: BTreeMap<String, Vec<(i128, i128)>>,
}

impl Plain {
    fn of(case: &Case) -> Self {
        let Script::Calls { init, .. } = &case.script else {
            panic!("a case of calls");
        };
        let number = |place: usize| i128::from(init[place].as_i64().expect("a number"));
        Self {
            sliding: init[0] == json!("sliding_window"),
            limit: number(1),
            window: number(2),
            latest: 0,
            taken: BTreeMap::new(),
        }
    }

    /// What the key has at a time, in parts of which `window` are a unit.
    fn parts(&self, key: &str, now: i128) -> i128 {
        let taken = self.taken.get(key).map_or(&[][..], Vec::as_slice);
        let full = self.limit * self.window;
        if self.sliding {
            let counts = taken.iter().filter(|(at, _)| now < at + self.window);
            return full - counts.map(|(_, cost)| cost * self.window).sum::<i128>();
        }
        let mut level = (0, full);
        for (at, cost) in taken {
            let filled = (level.1 + (at - level.0) * self.limit).min(full);
            level = (*at, filled - cost * self.window);
        }
        (level.1 + (now - level.0) * self.limit).min(full)
    }

    fn answer(&mut self, args: &[Value]) -> Value {
        let number = |place: usize| i128::from(args[place].as_i64().expect("a number"));
        let key = args[1].as_str().expect("a key");
        let cost = number(2);
        self.latest = self.latest.max(number(0));
        let now = self.latest;
        let fits = |at: i128| cost * self.window <= self.parts(key, at);
        let allowed = cost >= 0 && fits(now);
        let retry = match allowed {
            true => json!(0),
            false if cost < 0 || cost > self.limit => Value::Null,
            // The first moment that fits: what the key has never shrinks while nobody takes.
            false => {
                let (mut no, mut yes) = (0, self.window);
                while yes - no > 1 {
                    let middle = (no + yes) / 2;
                    if fits(now + middle) {
                        yes = middle
                    } else {
                        no = middle
                    }
                }
                json!(yes as i64)
            }
        };
        if allowed {
            self.taken.entry(key.to_owned()).or_default().push((now, cost));
        }
        let remaining = self.parts(key, now).div_euclid(self.window) as i64;
        json!({ "allowed": allowed, "remaining": remaining, "retry_after_ms": retry })
    }
}

fn accepted(case: &Case, change: impl Fn(&[Value], Value) -> Value) -> bool {
    let mut limiter = Plain::of(case);
    let transcript = answered(case, |_, _, args| {
        let answer = limiter.answer(args);
        change(args, answer)
    });
    (problem(ITEM).expect("the problem").check)(case, &transcript).is_ok()
}

#[test]
fn the_full_tests_catch_every_mutant_and_the_first_example_some() {
    let limiter = problem(ITEM).expect("the problem");
    let full = right_tests(limiter, &bank(ITEM, "tests-full.txt"));
    assert!((8..=12).contains(&full.mutants.len()));
    assert_eq!(caught(&full).len(), full.mutants.len(), "{:?}", caught(&full));
    let first = caught(&right_tests(limiter, &bank(ITEM, "tests.txt"))).len();
    assert!((1..=4).contains(&first), "{first}");
    assert!(caught(&(limiter.own_tests)("").expect("no tests")).is_empty());
}

#[test]
fn the_worked_example_is_right() {
    right_tests(problem(ITEM).expect("the problem"), &worked_example(ITEM));
}

#[test]
fn a_limiter_that_counts_anew_on_each_call_is_accepted() {
    for seed in 0..10 {
        let groups = [
            (GroupId::Examples, 3),
            (GroupId::Behaviour, 16),
            (GroupId::Edges, 14),
        ];
        for case in groups
            .into_iter()
            .flat_map(|(group, count)| cases_of(group, count, seed))
        {
            assert!(accepted(&case, |_, answer| answer), "{} of seed {seed}", case.id);
        }
    }
}

#[test]
fn one_too_many_among_threads_is_seen() {
    let cases = cases_of(GroupId::Concurrency, 5, 7);
    for case in &cases {
        assert!(accepted(case, |_, answer| answer), "{}", case.id);
        // One thread too many is let through at the moment of the last unit.
        let one_more = |args: &[Value], answer: Value| {
            let short = answer["allowed"] == json!(false) && args[2] == json!(1);
            if short {
                json!({ "allowed": true, "remaining": 0, "retry_after_ms": 0 })
            } else {
                answer
            }
        };
        assert!(!accepted(case, one_more), "{}", case.id);
    }
}

#[test]
fn measured_cases_are_bounded() {
    let limiter = problem(ITEM).expect("the problem");
    let memory = limiter.memory.expect("a case of memory")(1);
    assert!(bytes(&memory) < 60 << 20, "{}", bytes(&memory));
    let largest = limiter.scale_sizes.last().expect("sizes");
    assert!(bytes(&(limiter.scale)(*largest, 1)) < 4 << 20);
}
