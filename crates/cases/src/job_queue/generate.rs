//! The cases: scenes that show one rule each, with numbers and names of the seed, and walks at random.

use domain::GroupId;
use serde_json::{Value, json};

use super::races;
use super::scenes::{BEHAVIOUR, DURABILITY, EDGES, FAULTS};
use super::walk::Walk;
use crate::{Call, Case, Script, Seed, Step, Wanted};

/// The cases of a group.
pub(super) fn generate(wanted: Wanted) -> Vec<Case> {
    let (name, scenes) = match wanted.group {
        GroupId::Examples => return examples(wanted.count),
        GroupId::Concurrency => return races::generate(wanted),
        GroupId::Edges => ("edge", EDGES),
        GroupId::Faults => ("fault", FAULTS),
        GroupId::Durability => ("restart", DURABILITY),
        _ => ("plain", BEHAVIOUR),
    };
    let case = |n: u32| {
        let (rule, scene) = scenes[n as usize % scenes.len()];
        let mut walk = Walk::new(Seed::new(wanted.seed, &format!("job-queue {name} {n}")));
        walk.restarts = wanted.group == GroupId::Durability;
        scene(&mut walk);
        walk.case(format!("{name}-{}", n + 1), wanted.group, rule)
    };
    (0..wanted.count).map(case).collect()
}

/// A case whose work grows as `size` does: that many jobs are enqueued, given out and acknowledged.
pub(super) fn scale(size: u64, seed: u64) -> Case {
    let mut seed = Seed::new(seed, "job-queue scale");
    let (visibility, mark) = (seed.within(40_000, 60_000), seed.within(100, 999));
    let id = |n: u64| format!("order-{mark}-{n}");
    let call = |op: &str, args: Vec<Value>| Call {
        client: 0,
        op: op.to_owned(),
        args,
    };
    let enqueue = |n: u64| {
        call(
            "enqueue",
            vec![json!(1), json!(id(n)), json!(format!("send {n}"))],
        )
    };
    let work = |n: u64| {
        let ack = call("ack", vec![json!(3), json!(id(n)), json!(1)]);
        [call("claim", vec![json!(2)]), ack]
    };
    let calls: Vec<Call> = (0..size).map(enqueue).chain((0..size).flat_map(work)).collect();
    // Chunks, so that neither side holds all of it in a pipe.
    let mut steps: Vec<Step> = calls
        .chunks(100)
        .map(|chunk| Step::Together(chunk.to_vec()))
        .collect();
    steps.push(Step::Call(call("claim", vec![json!(4)])));
    Case {
        id: format!("scale-{size}"),
        group: GroupId::Scale,
        rule: "With n jobs in the queue, a call costs no more than the logarithm of n.".to_owned(),
        script: Script::Calls {
            init: vec![json!(visibility), json!(3), json!(500)],
            steps,
        },
    }
}

const EXAMPLES: [(&str, &str); 3] = [
    (
        "A job is given to one worker, and done when that one acknowledges it.",
        "new 30000 3 1000\nenqueue 0 \"mail-1\" \"to ada\"\nenqueue 5 \"mail-2\" \"to lin\"\nenqueue 9 \"mail-1\" \"to ada\"\n\
         claim 10\nclaim 11\nclaim 12\nack 20 \"mail-1\" 1\nack 21 \"mail-1\" 1\nack 22 \"mail-9\" 1\n",
    ),
    (
        "A lease that runs out is a failed attempt: the job comes back after its pause.",
        "new 30000 3 1000\nenqueue 0 \"mail-1\" \"to ada\"\nclaim 100\nclaim 30099\nack 30100 \"mail-1\" 1\nclaim 31099\n\
         claim 31100\nrestart\nfail 31500 \"mail-1\" 2\nclaim 33499\nclaim 33500\nfail 33600 \"mail-1\" 3\ndead 33600\n",
    ),
    (
        "What was answered outlives a restart.",
        "new 30000 3 1000\nenqueue 0 \"mail-1\" \"to ada\"\nenqueue 1 \"mail-2\" \"to lin\"\nclaim 2\nack 3 \"mail-1\" 1\nclaim 4\n\
         restart\nenqueue 5 \"mail-1\" \"to ada\"\nclaim 30003\nclaim 31004\n",
    ),
];

fn examples(count: u32) -> Vec<Case> {
    let case = |(n, (rule, text)): (usize, &(&str, &str))| {
        let mut case = super::own_input(text).expect("the examples are in the notation");
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
