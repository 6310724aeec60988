//! The cases: scenes by group, the examples of the prompt, and the cases of scale and memory.

use domain::GroupId;
use serde_json::{Value, json};

use super::scenes::{BEHAVIOUR, EDGES, FAULTS};
use super::walk::Walk;
use crate::{Call, Case, Script, Seed, Step, Wanted};

/// The cases of a group.
pub(super) fn generate(wanted: Wanted) -> Vec<Case> {
    let (name, scenes) = match wanted.group {
        GroupId::Examples => return examples(wanted.count),
        GroupId::Edges => ("edge", EDGES),
        GroupId::Faults => ("fault", FAULTS),
        _ => ("plain", BEHAVIOUR),
    };
    let case = |n: u32| {
        let (rule, scene) = scenes[n as usize % scenes.len()];
        let mut walk = Walk::new(Seed::new(wanted.seed, &format!("resilient-client {name} {n}")));
        scene(&mut walk);
        walk.case(format!("{name}-{}", n + 1), wanted.group, rule)
    };
    (0..wanted.count).map(case).collect()
}

/// A case whose work grows as `size` does: so many answers are kept, then so many requests are under way at
/// once, of which each fails, pauses and succeeds.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut seed = Seed::new(seed, "resilient-client scale");
    let mark = seed.within(100, 999);
    let policy = json!({
        "timeout_ms": 900_000, "max_attempts": 3, "base_ms": 40, "cap_ms": 300, "budget": 40_000_000,
        "trip_after": 40_000_000, "open_ms": 1_000, "stale_ms": 900_000,
    });
    let id = |n: u64| format!("req-{mark}-{n}");
    let start = |n: u64, now: u64| {
        call(
            "start",
            vec![json!(now), json!(id(n)), json!(format!("item {n}"))],
        )
    };
    let outcome = |n: u64, attempt: u64, status: u64, now: u64| {
        let answer = vec![
            json!(attempt),
            json!(status),
            json!(format!("stock {n}")),
            json!(n % 1_000),
        ];
        call("outcome", [vec![json!(now), json!(id(n))], answer].concat())
    };
    let kept = (0..size).flat_map(|n| [start(n, 1), outcome(n, 1, 200, 2)]);
    let starts = (0..size).map(|n| start(n, 5));
    let fail = (0..size).map(|n| outcome(n, 1, 503, 9));
    let ticks = (0..size).map(|n| call("tick", vec![json!(80), json!(id(n)), json!(n % 1_000)]));
    let succeed = (0..size).map(|n| outcome(n, 2, 200, 91));
    let calls = kept
        .chain(starts)
        .chain(fail)
        .chain(ticks)
        .chain(succeed)
        .collect();
    case(
        format!("scale-{size}"),
        GroupId::Scale,
        "With n requests under way and n answers kept, a call costs no more than the logarithm of n.",
        policy,
        calls,
    )
}

/// A case that shows what is held: requests end, and kept answers grow too old to be served.
pub(super) fn memory(seed: u64) -> Case {
    let mut seed = Seed::new(seed, "resilient-client memory");
    let mark = seed.within(100, 999);
    let policy = json!({
        "timeout_ms": 400, "max_attempts": 3, "base_ms": 40, "cap_ms": 300, "budget": 50, "trip_after": 5,
        "open_ms": 1_000, "stale_ms": 2_000,
    });
    let mut calls = Vec::new();
    for n in 0..MEMORY_REQUESTS {
        let (now, id) = (1_000 + n * 10, format!("req-{mark}-{n}"));
        // The key is what is long: a body would travel back with each answer.
        let key = format!("page {mark} {n} {}", "x".repeat(MEMORY_KEY));
        calls.push(call("start", vec![json!(now), json!(id), json!(key)]));
        let answer = vec![json!(1), json!(200), json!(format!("body {n}")), json!(500)];
        calls.push(call(
            "outcome",
            [vec![json!(now + 5), json!(id)], answer].concat(),
        ));
    }
    case(
        "memory".to_owned(),
        GroupId::Memory,
        "Requests that are over and answers too old to be served are not held.",
        policy,
        calls,
    )
}

/// With [`MEMORY_KEY`], 47 MiB of keys, of which those of 200 answers, less than one MiB, are young enough.
const MEMORY_REQUESTS: u64 = 12_000;
const MEMORY_KEY: usize = 4_096;

fn case(id: String, group: GroupId, rule: &str, policy: Value, calls: Vec<Call>) -> Case {
    // Chunks, so that neither side holds all of it in a pipe.
    let steps = calls
        .chunks(100)
        .map(|chunk| Step::Together(chunk.to_vec()))
        .collect();
    Case {
        id,
        group,
        rule: rule.to_owned(),
        script: Script::Calls {
            init: vec![policy],
            steps,
        },
    }
}

fn call(op: &str, args: Vec<Value>) -> Call {
    Call {
        client: 0,
        op: op.to_owned(),
        args,
    }
}

const POLICY: &str = "new {\"timeout_ms\":200,\"max_attempts\":3,\"base_ms\":40,\"cap_ms\":100,\"budget\":20,\
                      \"trip_after\":3,\"open_ms\":1000,\"stale_ms\":5000}\n";

const EXAMPLES: [(&str, &str); 3] = [
    (
        "A failed attempt is made again after a pause cut by the jitter.",
        "start 0 \"r1\" \"fx\"\noutcome 30 \"r1\" 1 503 \"\" 500\ntick 49 \"r1\" 500\ntick 50 \"r1\" 500\ntick 250 \"r1\" 750\n\
         tick 310 \"r1\" 500\noutcome 340 \"r1\" 3 200 \"1.08\" 500\n",
    ),
    (
        "After trip_after failed attempts in a row the breaker opens, and what is kept is served.",
        "start 0 \"r1\" \"fx\"\noutcome 20 \"r1\" 1 200 \"1.08\" 500\nstart 100 \"r2\" \"fx\"\noutcome 110 \"r2\" 1 500 \"\" 500\n\
         tick 130 \"r2\" 500\noutcome 140 \"r2\" 2 502 \"\" 100\ntick 148 \"r2\" 100\noutcome 160 \"r2\" 3 503 \"\" 500\n\
         start 200 \"r3\" \"fx\"\nstart 201 \"r4\" \"tax\"\nstart 1160 \"r5\" \"tax\"\nstart 1161 \"r6\" \"tax\"\n\
         outcome 1180 \"r5\" 1 404 \"no such tax\" 500\nstart 1181 \"r7\" \"tax\"\n",
    ),
    (
        "An answer at its deadline or to an attempt that is over does not count.",
        "start 0 \"r1\" \"fx\"\noutcome 200 \"r1\" 1 200 \"1.08\" 250\ntick 210 \"r1\" 500\noutcome 215 \"r1\" 1 200 \"1.08\" 500\n\
         outcome 220 \"r1\" 2 200 \"1.09\" 500\noutcome 221 \"r1\" 2 200 \"1.09\" 500\n",
    ),
];

fn examples(count: u32) -> Vec<Case> {
    let case = |(n, (rule, text)): (usize, &(&str, &str))| {
        let text = format!("{POLICY}{text}");
        let mut case = super::own_input(&text).expect("the examples are in the notation");
        case.id = format!("example-{}", n + 1);
        case.group = GroupId::Examples;
        (*rule).clone_into(&mut case.rule);
        case
    };
    EXAMPLES
        .iter()
        .enumerate()
        .take(count as usize)
        .map(case)
        .collect()
}
