//! Scenes that show one rule each, with numbers and names of the seed.

use super::walk::{Walk, int};
use crate::Step;

/// What a scene does, and the rule it shows.
pub(super) type Scene = (&'static str, fn(&mut Walk));

pub(super) const BEHAVIOUR: &[Scene] = &[
    (
        "A failed attempt is made again after a pause that doubles up to its cap, cut by the jitter.",
        pauses,
    ),
    ("After max_attempts attempts the request ends.", exhausts),
    (
        "An attempt without an outcome at its deadline has failed.",
        times_out,
    ),
    (
        "All requests share one budget: a retry costs 10 points, a success earns 1.",
        budget,
    ),
    (
        "After trip_after failed attempts in a row nothing is let through for open_ms.",
        trips,
    ),
    (
        "When the time of the open breaker is up, one attempt goes through; its success closes the breaker.",
        probes,
    ),
    ("A probe that fails opens the breaker anew.", probe_fails),
    (
        "An answer that is not 2xx, 429 or 5xx goes to the caller as it is; the upstream was alive.",
        rejections,
    ),
    ("A success resets the count of the breaker.", resets),
    (
        "A request that ends without an answer is served the kept one, up to stale_ms old.",
        stale,
    ),
    ("Any sequence of calls is answered by the rules.", walk),
];

pub(super) const EDGES: &[Scene] = &[
    (
        "Statuses 200 to 299 are successes, 429 and 500 to 599 failures, all others rejections.",
        statuses,
    ),
    (
        "A jitter of 0 pauses not at all, of 999 almost fully; the pause is rounded down.",
        jitters,
    ),
    (
        "With max_attempts 1 nothing is retried, and nothing taken from the budget.",
        single_attempt,
    ),
    (
        "A kept answer is served up to stale_ms after it came, in that millisecond too.",
        stale_to_the_millisecond,
    ),
    ("The budget never holds more than at the start.", budget_is_full),
    (
        "A probe without an outcome at its deadline gives its place to another.",
        lost_probe,
    ),
    (
        "A request that pauses when the breaker opens is not tried again while it is open.",
        opens_during_pause,
    ),
    (
        "While the breaker is open, only the outcome of its probe counts.",
        others_while_open,
    ),
];

pub(super) const FAULTS: &[Scene] = &[
    (
        "An outcome that comes at its deadline or later is a failure of the attempt.",
        late_outcome,
    ),
    ("An outcome of an attempt that is over is ignored.", old_outcome),
    ("A repeated outcome is ignored.", repeated_outcome),
    (
        "What concerns no request under way is ignored; a request that runs is not started again.",
        unknown,
    ),
    ("A line that is no call is no reason to stop.", garbage),
    (
        "Any sequence of repeated and late calls is answered by the rules.",
        faulty_walk,
    ),
];

fn pauses(walk: &mut Walk) {
    walk.set(&[("max_attempts", 6), ("budget", 95), ("trip_after", 50)]);
    let (id, mut action) = walk.start("prices");
    for attempt in 1..=5 {
        walk.tick_clock();
        let status = *walk.seed.pick(&[500, 502, 503, 429]);
        action = walk.outcome(&id, attempt, status);
        action = walk.wait_out(&id, &action);
    }
    walk.tick_clock();
    walk.outcome(&id, action.attempt, 200);
    walk.once("prices", 503);
}

fn exhausts(walk: &mut Walk) {
    walk.set(&[("trip_after", 50)]);
    walk.fails("stock", 503);
    walk.once("stock", 200);
    walk.tick_clock();
    walk.fails("stock", 500);
}

fn times_out(walk: &mut Walk) {
    walk.set(&[("trip_after", 3), ("max_attempts", 4)]);
    let (id, call) = walk.start("rates");
    let pause = walk.wait_out(&id, &call);
    let call = walk.wait_out(&id, &pause);
    let pause = walk.wait_out(&id, &call);
    let call = walk.wait_out(&id, &pause);
    walk.at(call.at - 1);
    walk.outcome(&id, 3, 200);
    // Timeouts count for the breaker as other failures do.
    walk.once("rates", 500);
    walk.once("rates", 500);
    let (id, call) = walk.start("rates");
    walk.wait_out(&id, &call);
    walk.once("rates", 200);
}

fn budget(walk: &mut Walk) {
    walk.set(&[("budget", 20), ("trip_after", 90), ("max_attempts", 4)]);
    walk.fails("a", 500);
    walk.fails("b", 500);
    for _ in 0..9 {
        walk.once("c", 200);
    }
    walk.once("d", 503);
    walk.once("c", 200);
    walk.once("d", 503);
    walk.once("d", 503);
}

fn trips(walk: &mut Walk) {
    walk.set(&[("budget", 500), ("max_attempts", 3)]);
    walk.once("menu", 200);
    let opened = walk.trip();
    walk.once("menu", 200);
    walk.once("other", 200);
    walk.at(opened + walk.of("open_ms") - 1);
    walk.once("menu", 200);
    walk.at(opened + walk.of("open_ms"));
    walk.once("menu", 200);
}

fn probes(walk: &mut Walk) {
    walk.set(&[("budget", 500)]);
    let opened = walk.trip();
    walk.at(opened + walk.of("open_ms"));
    let (probe, _) = walk.start("user");
    walk.start("user");
    walk.tick_clock();
    walk.once("account", 200);
    walk.outcome(&probe, 1, 204);
    for _ in 1..walk.of("trip_after") {
        walk.once("account", 500);
    }
    walk.once("account", 200);
}

fn probe_fails(walk: &mut Walk) {
    walk.set(&[("budget", 500)]);
    let opened = walk.trip();
    walk.at(opened + walk.of("open_ms") + 3);
    let again = walk.once("user", 503);
    walk.start("user");
    let reopened = walk.now;
    walk.at(reopened + walk.of("open_ms") - 1);
    walk.start("user");
    walk.at(reopened + walk.of("open_ms"));
    let (probe, call) = walk.start("user");
    walk.wait_out(&probe, &call);
    walk.start("user");
    walk.at(walk.now + walk.of("open_ms") + again.attempt);
    walk.once("user", 200);
    walk.once("user", 200);
}

fn rejections(walk: &mut Walk) {
    walk.set(&[("budget", 500), ("trip_after", 3)]);
    walk.once("doc", 200);
    for status in [404, 400, 409, 422, 404] {
        walk.once("doc", status);
    }
    walk.once("doc", 500);
    walk.once("doc", 500);
    walk.once("doc", 404);
    walk.once("doc", 500);
    walk.once("doc", 500);
    walk.once("doc", 200);
    let opened = walk.trip();
    walk.at(opened + walk.of("open_ms"));
    // Also of a probe.
    walk.once("doc", 403);
    walk.once("doc", 200);
}

fn resets(walk: &mut Walk) {
    walk.set(&[("budget", 500), ("trip_after", 4)]);
    for _ in 0..3 {
        walk.once("cart", 500);
        walk.once("cart", 503);
        walk.once("cart", 429);
        walk.once("cart", 200);
    }
    walk.trip();
    walk.once("cart", 200);
}

fn stale(walk: &mut Walk) {
    walk.set(&[("max_attempts", 2), ("trip_after", 50), ("budget", 500)]);
    walk.once("fx", 200);
    walk.tick_clock();
    walk.once("fx", 201);
    walk.once("tax", 200);
    walk.fails("fx", 503);
    walk.fails("never seen", 503);
    walk.once("fx", 404);
    walk.at(walk.now + walk.of("stale_ms"));
    walk.fails("fx", 500);
    walk.once("tax", 200);
    walk.fails("tax", 429);
}

fn walk(walk: &mut Walk) {
    steps(walk, 60, 8);
}

fn statuses(walk: &mut Walk) {
    walk.set(&[("max_attempts", 2), ("trip_after", 50), ("budget", 900)]);
    let mut odd = [
        199, 200, 299, 300, 304, 400, 428, 429, 430, 499, 500, 599, 600, 100,
    ];
    walk.seed.shuffle(&mut odd);
    for status in odd {
        walk.once(&format!("of {status}"), status);
    }
}

fn jitters(walk: &mut Walk) {
    walk.set(&[("max_attempts", 9), ("trip_after", 50), ("budget", 900)]);
    let (id, mut action) = walk.start("slow");
    for jitter in [0, 1, 999, 500, 333, 998] {
        walk.tick_clock();
        action = walk.outcome_with(&id, action.attempt, (500, ""), jitter);
        walk.at(action.at);
        action = walk.tick(&id);
    }
}

fn single_attempt(walk: &mut Walk) {
    walk.set(&[("max_attempts", 1), ("budget", 10), ("trip_after", 4)]);
    walk.once("x", 500);
    let (id, call) = walk.start("x");
    walk.wait_out(&id, &call);
    walk.once("x", 200);
    walk.once("x", 500);
}

fn stale_to_the_millisecond(walk: &mut Walk) {
    walk.set(&[("max_attempts", 1), ("trip_after", 50)]);
    let (id, _) = walk.start("fx");
    let body = format!("1.08{}", walk.seed.within(1, 9));
    walk.outcome_with(&id, 1, (200, &body), 500);
    let came = walk.now;
    let (first, _) = walk.start("fx");
    walk.at(came + walk.of("stale_ms") - 5);
    let (second, _) = walk.start("fx");
    let (third, _) = walk.start("fx");
    walk.at(came + walk.of("stale_ms"));
    walk.outcome(&second, 1, 503);
    walk.tick(&first);
    walk.at(came + walk.of("stale_ms") + 1);
    walk.outcome(&third, 1, 503);
}

fn budget_is_full(walk: &mut Walk) {
    walk.set(&[("budget", 15), ("trip_after", 50), ("max_attempts", 5)]);
    for _ in 0..12 {
        walk.once("warm", 200);
    }
    walk.fails("cold", 500);
    for _ in 0..4 {
        walk.once("warm", 200);
    }
    walk.once("cold", 500);
    walk.once("warm", 200);
    walk.once("cold", 500);
}

fn lost_probe(walk: &mut Walk) {
    walk.set(&[("budget", 500)]);
    let opened = walk.trip();
    walk.at(opened + walk.of("open_ms"));
    let (lost, call) = walk.start("user");
    walk.at(call.at - 1);
    walk.start("user");
    walk.at(call.at);
    let (second, _) = walk.start("user");
    // The first is no probe any more: what comes of it does not count.
    walk.tick(&lost);
    walk.start("user");
    walk.tick_clock();
    walk.outcome(&second, 1, 200);
    walk.once("user", 200);
}

fn opens_during_pause(walk: &mut Walk) {
    walk.set(&[
        ("budget", 500),
        ("base_ms", 400),
        ("cap_ms", 900),
        ("open_ms", 2_500),
    ]);
    walk.once("menu", 200);
    let (id, _) = walk.start("menu");
    walk.tick_clock();
    let pause = walk.outcome(&id, 1, 503);
    walk.trip();
    walk.wait_out(&id, &pause);
    let (id, _) = walk.start("menu");
    walk.tick(&id);
}

fn others_while_open(walk: &mut Walk) {
    walk.set(&[("budget", 500), ("timeout_ms", 5_000), ("open_ms", 900)]);
    let (early, _) = walk.start("a");
    let (failing, _) = walk.start("b");
    let opened = walk.trip();
    walk.outcome(&early, 1, 200);
    walk.start("c");
    walk.at(opened + 800);
    walk.outcome(&failing, 1, 500);
    walk.at(opened + 900);
    walk.once("c", 200);
    walk.once("c", 200);
}

fn late_outcome(walk: &mut Walk) {
    walk.set(&[("trip_after", 50)]);
    let (id, call) = walk.start("prices");
    walk.at(call.at);
    let pause = walk.outcome(&id, 1, 200);
    let call = walk.wait_out(&id, &pause);
    let late = int(walk.seed.within(1, 90));
    walk.at(call.at + late);
    let pause = walk.outcome(&id, 2, 404);
    walk.wait_out(&id, &pause);
    walk.fails("prices", 500);
}

fn old_outcome(walk: &mut Walk) {
    walk.set(&[("trip_after", 50)]);
    let (id, call) = walk.start("prices");
    let pause = walk.wait_out(&id, &call);
    walk.outcome(&id, 1, 200);
    let call = walk.wait_out(&id, &pause);
    walk.tick_clock();
    walk.outcome(&id, 1, 200);
    walk.outcome(&id, call.attempt + 1, 200);
    walk.outcome(&id, 1, 500);
    walk.outcome(&id, call.attempt, 200);
}

fn repeated_outcome(walk: &mut Walk) {
    walk.set(&[("trip_after", 3), ("budget", 500)]);
    let (id, _) = walk.start("prices");
    walk.tick_clock();
    let pause = walk.outcome(&id, 1, 503);
    for _ in 0..3 {
        walk.outcome(&id, 1, 503);
    }
    walk.wait_out(&id, &pause);
    walk.outcome(&id, 2, 200);
    walk.outcome(&id, 2, 200);
    walk.tick(&id);
    walk.once("prices", 200);
}

fn unknown(walk: &mut Walk) {
    walk.tick("nobody");
    walk.outcome("nobody", 1, 200);
    let (id, _) = walk.start("prices");
    walk.start_as(&id, "other");
    walk.outcome(&id, 0, 200);
    walk.tick_clock();
    walk.outcome(&id, 1, 200);
    walk.tick(&id);
    // An id of a request that is over can come again.
    walk.start_as(&id, "other");
    walk.outcome(&id, 1, 500);
    walk.start_as(&id, "prices");
}

fn garbage(walk: &mut Walk) {
    let (id, _) = walk.start("prices");
    walk.play
        .unseen(Step::Garbage("{\"id\": 7, \"op\": \"outc".to_owned()));
    walk.tick_clock();
    walk.outcome(&id, 1, 200);
    walk.play.unseen(Step::Garbage("not a call".to_owned()));
    walk.fails("prices", 500);
}

fn faulty_walk(walk: &mut Walk) {
    steps(walk, 60, 35);
}

/// Steps at random; `faulty` in 100 are repeated or out of place.
fn steps(walk: &mut Walk, count: u32, faulty: u64) {
    let keys = ["fx", "tax", "menu", "user"];
    // Phases of a healthy and of a failing upstream: a coin for each outcome would seldom trip a breaker.
    let mut sick = false;
    for _ in 0..count {
        walk.tick_clock();
        sick ^= walk.seed.chance(9);
        if walk.seed.chance(faulty) {
            out_of_place(walk);
            continue;
        }
        let open = match walk.open.len() {
            0 => None,
            n => Some(walk.open[usize::try_from(walk.seed.within(0, 99)).unwrap_or(0) % n].clone()),
        };
        match open {
            Some(open) if walk.seed.chance(75) => {
                if open.calling && walk.seed.chance(85) {
                    let failing = if sick { 90 } else { 12 };
                    let status = match walk.seed.within(0, 99) {
                        n if n < failing => *walk.seed.pick(&[500, 502, 503, 504, 429]),
                        n if n < 94 => *walk.seed.pick(&[200, 201, 204]),
                        _ => *walk.seed.pick(&[400, 404, 409]),
                    };
                    walk.outcome(&open.id, open.attempt, status);
                } else {
                    let off = *walk.seed.pick(&[-1, 0, 0, 0, 1]);
                    walk.at(open.until + off);
                    walk.tick(&open.id);
                }
            }
            _ => {
                let key = *walk.seed.pick(&keys);
                walk.start(key);
            }
        }
        if walk.seed.chance(5) {
            walk.at(walk.now + walk.of("open_ms") / 2);
        }
    }
}

fn out_of_place(walk: &mut Walk) {
    let of_over = walk.seed.chance(50);
    let some = if of_over {
        walk.over.last().cloned()
    } else {
        walk.open.first().map(|open| (open.id.clone(), open.attempt))
    };
    let Some((id, attempt)) = some else { return };
    let status = *walk.seed.pick(&[200, 500, 404]);
    match walk.seed.within(0, 3) {
        0 => drop(walk.outcome(&id, attempt - 1, status)),
        1 => drop(walk.outcome(&id, attempt + 1, status)),
        2 if of_over => drop(walk.outcome(&id, attempt, status)),
        2 => drop(walk.start_as(&id, "fx")),
        _ => drop(walk.tick(&id)),
    }
}
