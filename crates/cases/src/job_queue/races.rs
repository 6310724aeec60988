//! Workers at once: scripts whose calls race, and what must hold of their answers.
//!
//! Each script is made so that a right queue can give its answers in one order only, up to calls that do not
//! touch each other. That order can be read from the answers; the model must then give the same ones. Short
//! scripts with all kinds of calls are searched for an order.

use std::collections::BTreeMap;

use domain::GroupId;
use serde_json::{Value, json};

use super::model::Model;
use super::walk::Walk;
use crate::replay::{races, same_reply};
use crate::{
    Answered, BUDGET, Call, Case, Finding, Mismatch, Reply, Script, Seed, Step, Timed, Wanted, linearize,
    notation,
};

/// With scripts of some dozen calls each: a thread that starts late, by a slice of the scheduler, must still
/// meet the others.
const THREADS: u32 = 4;
/// Calls at once up to which an order is searched for; more are judged by the order that their answers tell.
const SEARCHED: usize = 8;

type Scene = (&'static str, fn(&mut Walk));

const SCENES: &[Scene] = &[
    (
        "However many workers claim at once, each job is given to one of them.",
        claims,
    ),
    (
        "Of racing acknowledgements and failures of one attempt, only one is taken.",
        ack_against_fail,
    ),
    (
        "An id that several producers enqueue at once is taken once.",
        enqueues,
    ),
    (
        "Calls at once are answered as if they had been made one after another.",
        mixed,
    ),
    (
        "An acknowledgement that several threads repeat is answered alike to all.",
        acks,
    ),
];

/// Cases of the group of concurrency.
pub(super) fn generate(wanted: Wanted) -> Vec<Case> {
    let case = |n: u32| {
        let (rule, scene) = SCENES[n as usize % SCENES.len()];
        let mut walk = Walk::new(Seed::new(wanted.seed, &format!("job-queue race {n}")));
        scene(&mut walk);
        walk.case(format!("race-{}", n + 1), GroupId::Concurrency, rule)
    };
    (0..wanted.count).map(case).collect()
}

/// Judges a case with calls at once.
pub(super) fn check(case: &Case, init: &[Value], came: &[Vec<Answered>]) -> Result<(), Box<Mismatch>> {
    let Script::Calls { steps, .. } = &case.script else {
        return Ok(());
    };
    if steps
        .iter()
        .filter(|step| races(step))
        .map(calls_of)
        .sum::<usize>()
        <= SEARCHED
    {
        return search(case, init, came);
    }
    let mut model = Model::new(None, init);
    // Place of each id in the line.
    let mut line: BTreeMap<String, usize> = BTreeMap::new();
    for (step, (asked, answered)) in steps.iter().zip(came).enumerate() {
        let mut answered: Vec<&Answered> = answered.iter().collect();
        if races(asked) {
            if answered.len() < calls_of(asked) {
                // The program ended in the middle; what was done of the rest is not known.
                return Ok(());
            }
            claims_keep_order(case, step, &answered, &line)?;
            order(&mut answered, &line);
        }
        for answered in answered {
            let expected = model.call(&answered.call);
            if !same_reply(&expected, &answered.reply) {
                return Err(mismatch(case, step, answered, notation::reply_text(&expected)));
            }
            if answered.call.op == "enqueue" && answered.reply == Reply::Ok(json!(true)) {
                let place = line.len();
                line.insert(text(&answered.call.args, 1), place);
            }
        }
    }
    Ok(())
}

fn claims(walk: &mut Walk) {
    let jobs = walk.seed.within(50, 70);
    walk.fill(jobs);
    walk.tick();
    let each = jobs / u64::from(THREADS) + 2;
    let claim = |client| call(client, "claim", vec![json!(walk.now)]);
    let threads = (0..THREADS).map(|client| (0..each).map(|_| claim(client)).collect());
    let step = Step::Par(threads.collect());
    walk.play.unseen(step);
    walk.restart();
    walk.claim_blind();
    let later = walk.now + walk.visibility + walk.pause(1);
    walk.at(later);
    (0..=jobs).for_each(|_| walk.claim_blind());
}

fn acks(walk: &mut Walk) {
    let ids = claimed(walk, 25, 35);
    let ack = |client, id: &String| call(client, "ack", vec![json!(walk.now), json!(id), json!(1)]);
    let threads = (0..THREADS).map(|client| ids.iter().map(|id| ack(client, id)).collect());
    let step = Step::Par(threads.collect());
    walk.play.unseen(step);
    walk.restart();
    let later = walk.now + walk.visibility + walk.pause(1);
    walk.at(later);
    walk.claim_blind();
}

fn enqueues(walk: &mut Walk) {
    let jobs = walk.seed.within(120, 160);
    let mark = walk.seed.within(100, 999);
    let enqueue = |client: u32, n: u64| {
        let payload = format!("from producer {client}");
        call(
            client,
            "enqueue",
            vec![
                json!(walk.now),
                json!(format!("upload-{mark}-{n}")),
                json!(payload),
            ],
        )
    };
    let threads = (0..THREADS).map(|client| (0..jobs).map(|n| enqueue(client, n)).collect());
    let step = Step::Par(threads.collect());
    walk.play.unseen(step);
    walk.restart();
    (0..jobs.min(20)).for_each(|_| walk.claim_blind());
}

fn ack_against_fail(walk: &mut Walk) {
    let ids = claimed(walk, 40, 55);
    let on = |client, op: &str, id: &String| call(client, op, vec![json!(walk.now), json!(id), json!(1)]);
    let threads = [(0, "ack"), (1, "fail"), (2, "extend"), (3, "fail")];
    let script = |(client, op)| ids.iter().map(|id| on(client, op, id)).collect();
    let step = Step::Par(threads.into_iter().map(script).collect());
    walk.play.unseen(step);
    walk.restart();
    let later = walk.now + walk.pause(1);
    walk.at(later);
    (0..=ids.len()).for_each(|_| walk.claim_blind());
}

fn mixed(walk: &mut Walk) {
    let ids = claimed(walk, 2, 2);
    walk.fill(1);
    walk.tick();
    let now = json!(walk.now);
    let on = |client, op: &str, id: &String| call(client, op, vec![now.clone(), json!(id), json!(1)]);
    let claim = |client| call(client, "claim", vec![now.clone()]);
    let enqueue = |client, id: &str| call(client, "enqueue", vec![now.clone(), json!(id), json!("raced")]);
    let fresh = format!("late-{}", walk.seed.within(100, 999));
    let mut calls = vec![
        vec![enqueue(0, &fresh), claim(0)],
        vec![on(1, "ack", &ids[0]), claim(1)],
        vec![on(2, "fail", &ids[0]), on(2, "fail", &ids[1])],
        vec![on(3, "ack", &ids[1]), enqueue(3, &fresh)],
    ];
    walk.seed.shuffle(&mut calls);
    for (client, calls) in (0..).zip(&mut calls) {
        calls.iter_mut().for_each(|call| call.client = client);
    }
    walk.play.unseen(Step::Together(calls.concat()));
    let later = walk.now + walk.pause(1);
    walk.at(later);
    (0..3).for_each(|_| walk.claim_blind());
}

/// Enqueues jobs and claims them all; gives their ids.
fn claimed(walk: &mut Walk, low: u64, high: u64) -> Vec<String> {
    let jobs = walk.seed.within(low, high);
    let ids = walk.fill(jobs);
    walk.tick();
    walk.drain();
    walk.tick();
    ids
}

/// Whether a history has an order, for scripts with all kinds of calls.
fn search(case: &Case, init: &[Value], came: &[Vec<Answered>]) -> Result<(), Box<Mismatch>> {
    let all: Vec<(usize, &Answered)> = came
        .iter()
        .enumerate()
        .flat_map(|(step, answered)| answered.iter().map(move |answered| (step, answered)))
        .collect();
    let calls: Vec<Timed<&Answered>> = all
        .iter()
        .map(|(_, answered)| Timed {
            client: answered.call.client,
            began: answered.began,
            ended: Some(answered.ended),
            call: *answered,
        })
        .collect();
    let apply = |state: &Model, answered: &&Answered| {
        let mut after = state.clone();
        same_reply(&after.call(&answered.call), &answered.reply).then_some(after)
    };
    match linearize(Model::new(None, init), &calls, apply, BUDGET) {
        Finding::Explained | Finding::Undecided => Ok(()),
        Finding::Unexplained { call } => {
            let (step, answered) = all[call];
            let expected = "an answer that some order of the calls, one after another, gives".to_owned();
            Err(mismatch(case, step, answered, expected))
        }
    }
}

/// Puts calls that were made at once into the order that their answers tell.
fn order(answered: &mut [&Answered], line: &BTreeMap<String, usize>) {
    let mut nth: BTreeMap<u32, usize> = BTreeMap::new();
    let mut rank: Vec<(usize, &Answered)> = answered
        .iter()
        .map(|answered| {
            let nth = nth.entry(answered.call.client).or_default();
            *nth += 1;
            let taken = answered.reply == Reply::Ok(json!(true));
            let rank = match answered.call.op.as_str() {
                // First come, first served.
                "claim" => place(answered, line),
                // All producers go through the ids in one order, so that the nth id is the nth in line.
                "enqueue" => *nth * 2 + usize::from(!taken),
                // An extension that was taken came before what ended the lease, all that was not came after.
                "extend" if taken => 0,
                _ if taken => 1,
                _ => 2,
            };
            (rank, *answered)
        })
        .collect();
    rank.sort_by_key(|(rank, _)| *rank);
    for (slot, (_, ranked)) in answered.iter_mut().zip(rank) {
        *slot = ranked;
    }
}

/// Of claims, whether one that ended before another began was served before it.
fn claims_keep_order(
    case: &Case,
    step: usize,
    answered: &[&Answered],
    line: &BTreeMap<String, usize>,
) -> Result<(), Box<Mismatch>> {
    let claims: Vec<(usize, &Answered)> = answered
        .iter()
        .filter(|answered| answered.call.op == "claim")
        .map(|answered| (place(answered, line), *answered))
        .collect();
    for (i, (served, first)) in claims.iter().enumerate() {
        let of_one = |other: &Answered| other.call.client == first.call.client;
        let after = |(j, (_, other)): &(usize, &(usize, &Answered))| {
            first.ended < other.began || (*j > i && of_one(other))
        };
        let earlier = claims
            .iter()
            .enumerate()
            .filter(after)
            .find(|(_, (place, _))| place < served);
        if let Some((_, (_, other))) = earlier {
            let expected = format!(
                "a job enqueued after that of an earlier claim, {}",
                notation::reply_text(&first.reply)
            );
            return Err(mismatch(case, step, other, expected));
        }
    }
    Ok(())
}

/// The place in line of the job that a claim gave; the end for nothing.
fn place(answered: &Answered, line: &BTreeMap<String, usize>) -> usize {
    match &answered.reply {
        Reply::Ok(job) => job["id"]
            .as_str()
            .and_then(|id| line.get(id))
            .copied()
            .unwrap_or(usize::MAX),
        Reply::Err(_) => usize::MAX,
    }
}

fn calls_of(step: &Step) -> usize {
    match step {
        Step::Call(_) => 1,
        Step::Together(calls) => calls.len(),
        Step::Par(threads) => threads.iter().map(Vec::len).sum(),
        Step::Restart | Step::Garbage(_) => 0,
    }
}

fn call(client: u32, op: &str, args: Vec<Value>) -> Call {
    let op = op.to_owned();
    Call { client, op, args }
}

fn text(args: &[Value], i: usize) -> String {
    args.get(i).and_then(Value::as_str).unwrap_or("").to_owned()
}

fn mismatch(case: &Case, step: usize, answered: &Answered, expected: String) -> Box<Mismatch> {
    Box::new(Mismatch {
        step,
        input: notation::call_text(&answered.call),
        expected,
        got: notation::reply_text(&answered.reply),
        rule: case.rule.clone(),
    })
}
