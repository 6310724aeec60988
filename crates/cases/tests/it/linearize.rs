//! The search agrees with trying every order.

use cases::{Finding, Timed, linearize, linearize_by_key};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// A call of a register with a queue in it, so that order matters in more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Sets a cell.
    Set { cell: u8, to: u8 },
    /// Reads a cell; what was answered.
    Get { cell: u8, gave: u8 },
    /// Adds one and tells the sum; what was answered.
    Count { gave: u8 },
}

type State = ([u8; 2], u8);

fn apply(state: &State, asked: &Asked, answered: bool) -> Option<State> {
    let (mut cells, mut count) = *state;
    let fits = match *asked {
        Asked::Set { cell, to } => {
            cells[usize::from(cell)] = to;
            true
        }
        Asked::Get { cell, gave } => cells[usize::from(cell)] == gave,
        Asked::Count { gave } => {
            count += 1;
            count == gave
        }
    };
    (fits || !answered).then_some((cells, count))
}

/// A call with whether its answer came: the model must know.
type Known = (Asked, bool);

fn search(calls: &[Timed<Known>], budget: u64) -> Finding {
    linearize(
        ([0; 2], 0),
        calls,
        |state, (asked, answered)| apply(state, asked, *answered),
        budget,
    )
}

/// Tries every order of every choice of calls that holds all that were answered.
fn brute(calls: &[Timed<Known>], made: &mut Vec<usize>, state: State) -> bool {
    let left: Vec<usize> = (0..calls.len()).filter(|i| !made.contains(i)).collect();
    if left.iter().all(|&i| calls[i].ended.is_none()) {
        return true;
    }
    left.iter().any(|&next| {
        let blocked = left.iter().any(|&other| {
            let ended = calls[other].ended.is_some_and(|ended| ended < calls[next].began);
            let earlier = calls[other].client == calls[next].client && other < next;
            ended || earlier
        });
        if blocked {
            return false;
        }
        let (asked, answered) = &calls[next].call;
        let Some(after) = apply(&state, asked, *answered) else {
            return false;
        };
        made.push(next);
        let found = brute(calls, made, after);
        made.pop();
        found
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        (0..2_u8, 1..3_u8).prop_map(|(cell, to)| Asked::Set { cell, to }),
        (0..2_u8, 0..3_u8).prop_map(|(cell, gave)| Asked::Get { cell, gave }),
        (1..4_u8).prop_map(|gave| Asked::Count { gave }),
    ]
}

/// Up to eight calls of up to four clients. Threads give each client's calls one after another; otherwise they
/// may overlap, as pipelined calls do.
fn history(threads: bool) -> impl Strategy<Value = Vec<Timed<Known>>> {
    let one = (0..4_u32, 0..12_u64, 0..8_u64, asked(), 0..8_u8);
    prop::collection::vec(one, 1..=8).prop_map(move |rows| {
        let mut free = [0; 4];
        let mut silent = [false; 4];
        let timed = rows
            .into_iter()
            .filter_map(|(client, began, length, asked, luck)| {
                let slot = &mut free[client as usize];
                let began = if threads { *slot + began / 4 } else { began };
                *slot = began + length + 1;
                let answered = luck > 0;
                // A client that waits for an answer asks nothing more.
                if std::mem::replace(&mut silent[client as usize], !answered) {
                    silent[client as usize] = true;
                    return None;
                }
                Some(Timed {
                    client,
                    began,
                    ended: answered.then_some(began + length),
                    call: (asked, answered),
                })
            });
        timed.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_trying_every_order(calls in prop_oneof![history(true), history(false)]) {
        let expected = brute(&calls, &mut Vec::new(), ([0; 2], 0));
        let found = search(&calls, u64::MAX);
        prop_assert_eq!(found == Finding::Explained, expected);
        prop_assert_ne!(found, Finding::Undecided);
    }

    /// Cells do not touch each other, so each may be searched alone; pipelined calls may be explained more often.
    #[test]
    fn a_search_by_key_finds_the_same_for_threads(threads in any::<bool>(), calls in history(true), piped in history(false)) {
        let of_cells: Vec<_> = if threads { calls } else { piped }
            .into_iter()
            .filter(|timed| !matches!(timed.call.0, Asked::Count { .. }))
            .collect();
        let key = |(asked, _): &Known| match asked {
            Asked::Set { cell, .. } | Asked::Get { cell, .. } => *cell,
            Asked::Count { .. } => 0,
        };
        let by_key = linearize_by_key(
            &([0; 2], 0),
            &of_cells,
            key,
            |state, (asked, answered)| apply(state, asked, *answered),
            u64::MAX,
        );
        let whole = search(&of_cells, u64::MAX);
        if threads || whole == Finding::Explained {
            prop_assert_eq!(by_key == Finding::Explained, whole == Finding::Explained);
        }
    }
}

fn timed(client: u32, began: u64, ended: u64, asked: Asked) -> Timed<Known> {
    Timed {
        client,
        began,
        ended: Some(ended),
        call: (asked, true),
    }
}

#[test]
fn both_kinds_of_history_are_drawn() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut explained = 0;
    for _ in 0..1000 {
        let calls = history(true).new_tree(&mut runner).expect("a history").current();
        explained += u32::from(brute(&calls, &mut Vec::new(), ([0; 2], 0)));
    }
    assert!((100..900).contains(&explained), "{explained} of 1000");
}

#[test]
fn names_the_call_that_fits_nowhere() {
    let calls = [
        timed(0, 0, 1, Asked::Set { cell: 0, to: 1 }),
        timed(1, 2, 3, Asked::Get { cell: 0, gave: 1 }),
        timed(0, 4, 9, Asked::Set { cell: 0, to: 2 }),
        timed(1, 4, 5, Asked::Get { cell: 0, gave: 2 }),
        timed(1, 6, 7, Asked::Get { cell: 0, gave: 1 }),
    ];
    assert_eq!(search(&calls, u64::MAX), Finding::Unexplained { call: 4 });
    assert_eq!(search(&calls[..4], u64::MAX), Finding::Explained);
}

#[test]
fn stops_at_its_budget() {
    // Twelve clients count at once, and the last answer is wrong: without a memory 12! orders.
    let calls: Vec<_> = (0..12_u8)
        .map(|i| {
            timed(
                u32::from(i),
                0,
                1,
                Asked::Count {
                    gave: if i == 11 { 99 } else { i + 1 },
                },
            )
        })
        .collect();
    assert_eq!(search(&calls, 5), Finding::Undecided);
    assert!(matches!(search(&calls, 100_000), Finding::Unexplained { .. }));
}

#[test]
fn a_long_history_without_overlap_costs_one_step_a_call() {
    let calls: Vec<_> = (0..5000_u64)
        .map(|i| {
            timed(
                (i % 3) as u32,
                2 * i,
                2 * i + 1,
                Asked::Set {
                    cell: 0,
                    to: (i % 7) as u8,
                },
            )
        })
        .collect();
    assert_eq!(search(&calls, 5000), Finding::Explained);
}
