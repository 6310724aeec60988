//! The options of a check as they are shown: shuffled by seed, with where each of them comes from.

use domain::{Check, Fact};

/// Where an option comes from: right or not, and its place in the authored order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) right: bool,
    pub(crate) at: usize,
}

/// The options of a fact's check in the order shown: a permutation by seed and fact.
pub(crate) fn shuffled(fact: &Fact, seed: u64) -> Vec<(Slot, String)> {
    let slot = |right: bool| move |(at, text): (usize, &String)| (Slot { right, at }, text.clone());
    let mut options: Vec<(Slot, String)> = match &fact.check {
        Some(Check::Choice { right, wrong, .. }) => {
            let wrong = wrong.iter().map(|w| &w.option).enumerate().map(slot(false));
            std::iter::once((0, right)).map(slot(true)).chain(wrong).collect()
        }
        Some(Check::Pick { right, wrong, .. }) => {
            let wrong = wrong.iter().map(|w| &w.option).enumerate().map(slot(false));
            right.iter().enumerate().map(slot(true)).chain(wrong).collect()
        }
        Some(Check::Order { steps, .. }) => steps.iter().enumerate().map(slot(true)).collect(),
        Some(Check::Number { .. }) | None => Vec::new(),
    };
    let salt = fact
        .id
        .bytes()
        .fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut state = salt;
    // Fisher-Yates; an order question never shows the right order, or it would answer itself.
    for i in (1..options.len()).rev() {
        options.swap(i, (split_mix(&mut state) % (i as u64 + 1)) as usize);
    }
    let sorted = options.windows(2).all(|w| w[0].0.at < w[1].0.at);
    if matches!(fact.check, Some(Check::Order { .. })) && sorted {
        options.rotate_left(1);
    }
    options
}

/// `SplitMix64` (Steele, Lea and Flood 2014): enough to shuffle a handful of options by seed.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
