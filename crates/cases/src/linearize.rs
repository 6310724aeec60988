//! Whether a history of overlapping calls could have come from a program that made them one at a time.
//!
//! The search of Wing and Gong with the memory that Lowe added: clients make their calls in order, so how far
//! each client has come, together with the state of the model, says everything about the rest. A pair that was
//! seen before is not searched again. The problem is NP-complete, so the work is bounded by a budget; what is
//! not decided within it is not held against the candidate.

use std::collections::{BTreeMap, BTreeSet};

/// A call as the search sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed<C> {
    /// Whose call it is; the calls of one client are made in the order of the list.
    pub client: u32,
    /// When it was sent.
    pub began: u64,
    /// When its answer had come. `None` for a call without an answer: it may have been made, or not.
    pub ended: Option<u64>,
    /// What was asked and answered; the model knows what it means.
    pub call: C,
}

/// What the search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// There is an order of the calls, one at a time, that respects time and gives each answer.
    Explained,
    /// There is none.
    Unexplained {
        /// Index of a call that fits nowhere: the first to end after the longest order that does.
        call: usize,
    },
    /// The budget was used up.
    Undecided,
}

/// Steps of the model that one search may make: a fraction of a second for the models of this crate.
pub const BUDGET: u64 = 400_000;

/// Searches for an order of `calls` in which each answer is right.
///
/// `apply` makes one call in a state: it gives the state after it, or `None` where the answer is not what the
/// model gives in this state. For a call without an answer it must not look for one.
///
/// One call is before another when it ended before the other began, or when both are of one client and it
/// stands before it in the list. `budget` is the number of times that `apply` may be used.
pub fn linearize<S, C>(
    start: S,
    calls: &[Timed<C>],
    mut apply: impl FnMut(&S, &C) -> Option<S>,
    budget: u64,
) -> Finding
where
    S: Clone + Ord,
{
    let lanes = Lanes::of(calls);
    let mut seen = BTreeSet::new();
    let mut stack = vec![Node::new(start, vec![0; lanes.calls.len()])];
    let mut spent = 0;
    // The place where most calls had found theirs.
    let mut deepest = vec![0; lanes.calls.len()];
    while let Some(node) = stack.last_mut() {
        if lanes.answered_all(calls, &node.at) {
            return Finding::Explained;
        }
        if sum(&node.at) > sum(&deepest) {
            deepest.clone_from(&node.at);
        }
        let Some(lane) = lanes.next(calls, node) else {
            stack.pop();
            continue;
        };
        if spent == budget {
            return Finding::Undecided;
        }
        spent += 1;
        let call = &calls[lanes.calls[lane][node.at[lane]]];
        if let Some(state) = apply(&node.state, &call.call) {
            let mut at = node.at.clone();
            at[lane] += 1;
            if seen.insert((at.clone(), state.clone())) {
                stack.push(Node::new(state, at));
            }
        }
    }
    Finding::Unexplained {
        call: lanes.first_to_end(calls, &deepest),
    }
}

/// [`linearize`] for calls that do not touch each other where their keys differ: a history is explained when
/// the part of each key is (Herlihy and Wing call it locality), which makes the search small. The budget is
/// that of each key.
///
/// Where calls of one client overlap, as those sent at once do, their order is not carried from key to key: the
/// search then explains a little more than [`linearize`] does, and never less.
pub fn linearize_by_key<S, C, K>(
    start: &S,
    calls: &[Timed<C>],
    key: impl Fn(&C) -> K,
    mut apply: impl FnMut(&S, &C) -> Option<S>,
    budget: u64,
) -> Finding
where
    S: Clone + Ord,
    C: Clone,
    K: Ord,
{
    let mut parts: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (index, timed) in calls.iter().enumerate() {
        parts.entry(key(&timed.call)).or_default().push(index);
    }
    let mut undecided = false;
    for indices in parts.into_values() {
        let part: Vec<_> = indices.iter().map(|&index| calls[index].clone()).collect();
        match linearize(start.clone(), &part, &mut apply, budget) {
            Finding::Explained => {}
            Finding::Undecided => undecided = true,
            Finding::Unexplained { call } => {
                return Finding::Unexplained { call: indices[call] };
            }
        }
    }
    if undecided {
        Finding::Undecided
    } else {
        Finding::Explained
    }
}

/// A point of the search: how many calls each lane has made, the state after them, and which lane to try next.
struct Node<S> {
    state: S,
    at: Vec<usize>,
    tried: usize,
}

impl<S> Node<S> {
    fn new(state: S, at: Vec<usize>) -> Self {
        Self { state, at, tried: 0 }
    }
}

/// The calls by client, in the order of each.
struct Lanes {
    calls: Vec<Vec<usize>>,
    /// For each place of a lane, the first end of the calls from there on.
    ends: Vec<Vec<u64>>,
}

impl Lanes {
    fn of<C>(calls: &[Timed<C>]) -> Self {
        let mut by_client: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, timed) in calls.iter().enumerate() {
            by_client.entry(timed.client).or_default().push(index);
        }
        let calls_of: Vec<Vec<usize>> = by_client.into_values().collect();
        let ends = calls_of.iter().map(|lane| {
            let mut ends = vec![u64::MAX; lane.len() + 1];
            for (place, &index) in lane.iter().enumerate().rev() {
                ends[place] = ends[place + 1].min(calls[index].ended.unwrap_or(u64::MAX));
            }
            ends
        });
        Self {
            ends: ends.collect(),
            calls: calls_of,
        }
    }

    /// The next lane whose call may come first of what is left: no other call that is left ended before it
    /// began.
    fn next<C, S>(&self, calls: &[Timed<C>], node: &mut Node<S>) -> Option<usize> {
        let first_end = self.first_end(&node.at);
        while node.tried < self.calls.len() {
            let lane = node.tried;
            node.tried += 1;
            if let Some(&index) = self.calls[lane].get(node.at[lane])
                && calls[index].began <= first_end
            {
                return Some(lane);
            }
        }
        None
    }

    fn first_end(&self, at: &[usize]) -> u64 {
        let ends = self.ends.iter().zip(at).map(|(ends, &place)| ends[place]);
        ends.min().unwrap_or(u64::MAX)
    }

    fn answered_all<C>(&self, calls: &[Timed<C>], at: &[usize]) -> bool {
        let mut left = self
            .calls
            .iter()
            .zip(at)
            .flat_map(|(lane, &place)| &lane[place..]);
        left.all(|&index| calls[index].ended.is_none())
    }

    fn first_to_end<C>(&self, calls: &[Timed<C>], at: &[usize]) -> usize {
        let left = self
            .calls
            .iter()
            .zip(at)
            .flat_map(|(lane, &place)| &lane[place..]);
        let first = left.min_by_key(|&&index| calls[index].ended.unwrap_or(u64::MAX));
        first.copied().unwrap_or(0)
    }
}

fn sum(at: &[usize]) -> usize {
    at.iter().sum()
}
