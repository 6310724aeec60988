//! Scenes that show one rule each, with numbers and names of the seed.

use super::walk::Walk;
use crate::Step;

/// What a scene does, and the rule it shows.
pub(super) type Scene = (&'static str, fn(&mut Walk));

pub(super) const BEHAVIOUR: &[Scene] = &[
    (
        "Of the jobs that are ready, the one that was enqueued first is given.",
        in_order,
    ),
    (
        "A job whose lease ran out is given again after its pause, with the next attempt.",
        expiry,
    ),
    (
        "A failed attempt pauses the job for retry_ms, twice as long after each further one.",
        pauses,
    ),
    (
        "After max_attempts failed attempts a job is dead and is never given again.",
        dies_by_failing,
    ),
    (
        "A lease that runs out is a failed attempt: also a job whose workers only crash dies.",
        dies_by_expiry,
    ),
    (
        "Extending a lease makes its deadline visibility_ms from now.",
        extends,
    ),
    (
        "A retried job keeps its place in the order of enqueueing.",
        keeps_place,
    ),
    ("Any sequence of calls is answered by the rules.", walk),
];

pub(super) const EDGES: &[Scene] = &[
    ("In the millisecond of its deadline a lease is over.", boundary),
    ("A pause is over in the millisecond in which it ends.", pauses),
    (
        "With max_attempts 1 the first failure is the last.",
        single_attempt,
    ),
    (
        "Ids and payloads are any text: empty, with line breaks, quotes or other alphabets.",
        odd_texts,
    ),
    (
        "An operation on an id that was never enqueued is answered false.",
        unknown_ids,
    ),
    (
        "Several leases that ran out since the last call are settled at their own times.",
        long_silence,
    ),
];

pub(super) const FAULTS: &[Scene] = &[
    (
        "An id that is known is not taken again, whatever became of its job.",
        duplicate_enqueues,
    ),
    (
        "A repeated acknowledgement is answered like the first.",
        duplicate_acks,
    ),
    (
        "An acknowledgement of an attempt that is over changes nothing.",
        stale_acks,
    ),
    ("A failure that is reported twice counts once.", duplicate_fails),
    ("A line that is no call is no reason to stop.", garbage),
    (
        "Any sequence of repeated and late calls is answered by the rules.",
        faulty_walk,
    ),
];

pub(super) const DURABILITY: &[Scene] = &[
    ("A lease outlives a restart with its deadline.", restart_leases),
    ("What was acknowledged stays done after a restart.", restart_acks),
    (
        "The count of attempts and the pause before a retry outlive a restart.",
        restart_attempts,
    ),
    ("Dead jobs are still dead after a restart.", restart_dead),
    (
        "An extended lease keeps its new deadline after a restart.",
        restart_extend,
    ),
    (
        "Ids that are known before a restart are known after it, and the order stays.",
        restart_ids,
    ),
    (
        "Any sequence of calls and restarts is answered by the rules.",
        durable_walk,
    ),
    (
        "Ids and payloads of any text come back from the data folder as they were.",
        odd_texts,
    ),
];

fn in_order(walk: &mut Walk) {
    let first = walk.seed.within(3, 6);
    walk.fill(first);
    walk.claim();
    walk.claim();
    walk.fill(2);
    walk.drain();
    let mut held = std::mem::take(&mut walk.held);
    walk.seed.shuffle(&mut held);
    for (id, attempt, _) in held {
        walk.tick();
        walk.on("ack", &id, attempt);
    }
    walk.claim();
}

fn expiry(walk: &mut Walk) {
    let (id, until) = leased(walk);
    walk.claim_around(until);
    walk.on("ack", &id, 1);
    walk.claim_around(until + walk.pause(1));
    walk.tick();
    walk.on("ack", &id, 2);
    walk.at(until + walk.visibility * 4);
    walk.claim();
}

fn pauses(walk: &mut Walk) {
    walk.allow(4);
    let (id, _) = leased(walk);
    for attempt in 1..=4 {
        walk.tick();
        walk.on("fail", &id, attempt);
        walk.claim_around(walk.now + walk.pause(attempt));
    }
    walk.dead();
}

fn dies_by_failing(walk: &mut Walk) {
    let id = kill(walk);
    walk.dead();
    walk.fill(1);
    walk.claim();
    walk.on("ack", &id, walk.attempts);
    walk.at(walk.now + walk.pause(walk.attempts + 2));
    walk.claim();
    walk.dead();
}

fn dies_by_expiry(walk: &mut Walk) {
    let (_, mut until) = leased(walk);
    for attempt in 1..walk.attempts {
        walk.claim_around(until + walk.pause(attempt));
        until = walk.now + walk.visibility;
    }
    walk.at(until - 1);
    walk.dead();
    walk.at(until);
    walk.dead();
    walk.at(until + walk.pause(walk.attempts));
    walk.claim();
}

fn extends(walk: &mut Walk) {
    let (id, until) = leased(walk);
    let middle = i64::try_from(walk.seed.within(300, 900)).unwrap_or(300);
    walk.at(until - middle);
    walk.on("extend", &id, 1);
    let extended = walk.now + walk.visibility;
    if walk.restarts {
        walk.restart();
    }
    walk.at(until + walk.pause(1));
    walk.claim();
    walk.claim_around(extended);
    walk.claim_around(extended + walk.pause(1));
}

fn keeps_place(walk: &mut Walk) {
    walk.fill(3);
    let Some((id, attempt)) = walk.claim() else { return };
    walk.tick();
    walk.on("fail", &id, attempt);
    walk.fill(1);
    walk.at(walk.now + walk.pause(1));
    walk.drain();
}

fn walk(walk: &mut Walk) {
    steps(walk, 40, 5);
}

fn boundary(walk: &mut Walk) {
    let (id, until) = leased(walk);
    walk.at(until - 1);
    walk.on("extend", &id, 1);
    let until = walk.now + walk.visibility;
    walk.at(until);
    for op in ["extend", "fail", "ack"] {
        walk.on(op, &id, 1);
    }
    walk.claim_around(until + walk.pause(1));
    walk.at(walk.now + walk.visibility - 1);
    walk.on("ack", &id, 2);
}

fn single_attempt(walk: &mut Walk) {
    walk.allow(1);
    walk.fill(2);
    if let Some((id, _)) = walk.claim() {
        walk.tick();
        walk.on("fail", &id, 1);
    }
    walk.claim();
    walk.dead();
    walk.at(walk.now + walk.visibility);
    walk.dead();
    walk.at(walk.now + walk.pause(6));
    walk.claim();
}

fn odd_texts(walk: &mut Walk) {
    let n = walk.seed.within(10, 99);
    let mut odd = [
        format!("two words {n}"),
        format!("line\nbreak {n}\r\n"),
        format!("\"quoted\", comma, tab\t{n}"),
        format!("Zażółć 日本 \u{1f980} {n}"),
        format!("{{\"id\": {n}}}"),
        format!("back\\slash\\n {n}"),
        "__proto__".to_owned(),
        "constructor".to_owned(),
    ];
    walk.seed.shuffle(&mut odd);
    for (i, id) in odd.iter().enumerate() {
        walk.tick();
        let payload = if i == 0 { "" } else { &odd[i - 1] };
        walk.enqueue_with(id, payload);
    }
    for (i, id) in odd.iter().enumerate() {
        if i % 3 == 0 && walk.restarts {
            walk.restart();
        }
        walk.tick();
        walk.claim();
        if i % 2 == 0 {
            walk.on("ack", id, 1);
        }
    }
    walk.enqueue_with(&odd[2], "again");
    walk.at(walk.now + walk.visibility + walk.pause(1));
    walk.drain();
    walk.dead();
}

fn unknown_ids(walk: &mut Walk) {
    walk.claim();
    walk.dead();
    let id = walk.fill(1).remove(0);
    for op in ["ack", "fail", "extend"] {
        walk.on(op, "nobody", 1);
        // Known, but not given out yet.
        walk.on(op, &id, 0);
        walk.on(op, &id, 1);
    }
    walk.claim();
    for op in ["extend", "fail", "ack"] {
        walk.on(op, &id, 2);
        walk.on(op, &id, -1);
    }
    walk.on("ack", &id, 1);
}

fn long_silence(walk: &mut Walk) {
    walk.fill(4);
    walk.claim();
    walk.at(walk.now + 70);
    walk.claim();
    // Nobody calls while both leases run out; the pause counts from each deadline, not from the next call.
    walk.at(walk.now + walk.visibility + walk.pause(1) - 1);
    walk.claim();
    walk.claim();
    walk.claim();
    walk.at(walk.now + 1);
    walk.claim();
}

fn duplicate_enqueues(walk: &mut Walk) {
    let id = kill(walk);
    walk.enqueue(&id);
    let other = walk.fill(1).remove(0);
    walk.enqueue(&other);
    walk.claim();
    walk.enqueue(&other);
    walk.on("ack", &other, 1);
    walk.enqueue(&other);
    walk.claim();
    walk.dead();
}

fn duplicate_acks(walk: &mut Walk) {
    let ids = walk.fill(2);
    walk.claim();
    for attempt in [1, 1, 2, 0] {
        walk.tick();
        walk.on("ack", &ids[0], attempt);
    }
    walk.on("fail", &ids[0], 1);
    walk.on("extend", &ids[0], 1);
    walk.claim();
    walk.at(walk.now + walk.visibility * 3);
    walk.on("ack", &ids[0], 1);
    walk.drain();
}

fn stale_acks(walk: &mut Walk) {
    walk.allow(3);
    let (id, until) = leased(walk);
    walk.claim_around(until + walk.pause(1));
    for op in ["extend", "fail", "ack"] {
        walk.tick();
        walk.on(op, &id, 1);
    }
    walk.at(walk.now + walk.visibility - 40);
    walk.on("ack", &id, 2);
    walk.on("ack", &id, 1);
    walk.at(walk.now + walk.visibility * 2);
    walk.claim();
}

fn duplicate_fails(walk: &mut Walk) {
    walk.allow(3);
    let (id, _) = leased(walk);
    let failed = walk.now;
    walk.on("fail", &id, 1);
    walk.tick();
    walk.on("fail", &id, 1);
    walk.claim_around(failed + walk.pause(1));
    walk.on("fail", &id, 1);
    walk.on("extend", &id, 2);
    walk.on("fail", &id, 2);
    walk.on("fail", &id, 2);
    walk.claim_around(walk.now + walk.pause(2));
    walk.dead();
}

fn garbage(walk: &mut Walk) {
    let ids = walk.fill(2);
    walk.play
        .unseen(Step::Garbage("{\"id\": 7, \"op\": \"cla".to_owned()));
    walk.claim();
    walk.play.unseen(Step::Garbage("not a call".to_owned()));
    walk.on("ack", &ids[0], 1);
    walk.on("ack", &ids[0], 1);
    walk.claim();
}

fn faulty_walk(walk: &mut Walk) {
    steps(walk, 50, 40);
}

fn restart_leases(walk: &mut Walk) {
    let (_, until) = leased(walk);
    walk.fill(1);
    walk.restart();
    walk.claim();
    walk.claim_around(until);
    walk.restart();
    walk.claim_around(until + walk.pause(1));
}

fn restart_acks(walk: &mut Walk) {
    let ids = walk.fill(3);
    for id in &ids[..2] {
        walk.claim();
        walk.on("ack", id, 1);
    }
    walk.restart();
    walk.on("ack", &ids[0], 1);
    walk.on("ack", &ids[1], 2);
    walk.claim();
    walk.at(walk.now + walk.visibility - 1);
    walk.claim();
}

fn restart_attempts(walk: &mut Walk) {
    walk.allow(3);
    let (id, _) = leased(walk);
    for attempt in 1..=3 {
        walk.tick();
        walk.on("fail", &id, attempt);
        walk.restart();
        walk.claim_around(walk.now + walk.pause(attempt));
        if attempt == 1 {
            walk.restart();
        }
    }
    walk.dead();
}

fn restart_dead(walk: &mut Walk) {
    let id = kill(walk);
    walk.restart();
    walk.dead();
    walk.enqueue(&id);
    walk.on("ack", &id, walk.attempts);
    walk.at(walk.now + walk.pause(walk.attempts + 1));
    walk.claim();
}

fn restart_extend(walk: &mut Walk) {
    extends(walk);
}

fn restart_ids(walk: &mut Walk) {
    let ids = walk.fill(4);
    walk.restart();
    walk.enqueue(walk.ids[1].clone().as_str());
    walk.claim();
    walk.on("fail", &ids[0], 1);
    walk.fill(1);
    walk.restart();
    walk.enqueue(&ids[0]);
    walk.at(walk.now + walk.pause(1));
    walk.drain();
}

fn durable_walk(walk: &mut Walk) {
    steps(walk, 45, 15);
}

fn steps(walk: &mut Walk, count: u32, faulty: u64) {
    walk.fill(3);
    (0..count).for_each(|_| walk.random_step(faulty));
    walk.drain();
    walk.dead();
}

/// Enqueues a job and claims it; gives its id and the deadline.
fn leased(walk: &mut Walk) -> (String, i64) {
    let id = walk.fill(1).remove(0);
    walk.tick();
    walk.claim();
    (id, walk.now + walk.visibility)
}

/// Enqueues a job and lets it fail until it is dead.
fn kill(walk: &mut Walk) -> String {
    let (id, _) = leased(walk);
    for attempt in 1..walk.attempts {
        walk.on("fail", &id, attempt);
        walk.at(walk.now + walk.pause(attempt));
        walk.claim();
    }
    walk.tick();
    walk.on("fail", &id, walk.attempts);
    id
}
