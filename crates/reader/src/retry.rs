//! When to try again: exponential backoff with full jitter, under a budget over all reads. Pure: the seed is
//! an argument, and the waiting is done elsewhere.

use std::time::Duration;

/// Longest wait of our own choosing.
const LONGEST: Duration = Duration::from_secs(8);

/// Longest wait that an endpoint may ask for: beyond it, giving up now is kinder than holding the page.
const LONGEST_ASKED: Duration = Duration::from_secs(30);

/// Thousandths of a retry that each read earns: retries add about a tenth to the load, however many fail.
const EARNED: u32 = 100;
const COST: u32 = 1000;

/// What may be saved up, and what there is at the start: a handful of retries after a quiet time.
const SAVED: u32 = 5 * COST;

#[derive(Debug)]
pub(crate) struct Retries {
    base: Duration,
    saved: u32,
    state: u64,
}

impl Retries {
    pub(crate) fn new(base: Duration, seed: u64) -> Self {
        Self {
            base,
            saved: SAVED,
            state: seed,
        }
    }

    /// A read begins.
    pub(crate) fn earn(&mut self) {
        self.saved = (self.saved + EARNED).min(SAVED);
    }

    /// How long to wait before retry `n`, counted from 0; `None` when there is to be none, because the
    /// budget is spent or the endpoint asks for more than we wait.
    pub(crate) fn wait(&mut self, n: u32, asked: Option<Duration>) -> Option<Duration> {
        if self.saved < COST || asked.is_some_and(|asked| asked > LONGEST_ASKED) {
            return None;
        }
        self.saved -= COST;
        let ceiling = self.base.saturating_mul(1 << n.min(16)).min(LONGEST);
        let share = (self.random() >> 11) as f64 / (1u64 << 53) as f64;
        let own = ceiling.mul_f64(share);
        // What was asked for is a floor; the jitter on top keeps clients from coming back together.
        Some(asked.map_or(own, |asked| asked + own))
    }

    /// `SplitMix64` (Steele, Lea and Flood 2014).
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_millis(200);

    #[test]
    fn waits_fill_the_range_up_to_a_doubling_ceiling() {
        for n in 0..8 {
            let ceiling = (BASE * (1 << n)).min(LONGEST);
            let waits: Vec<_> = (0..200)
                .map(|seed| Retries::new(BASE, seed).wait(n, None).unwrap())
                .collect();
            assert!(waits.iter().all(|wait| *wait <= ceiling));
            assert!(
                waits.iter().any(|wait| *wait < ceiling / 4),
                "full jitter reaches low"
            );
            assert!(waits.iter().any(|wait| *wait > ceiling * 3 / 4), "and high");
        }
    }

    #[test]
    fn the_same_seed_waits_the_same() {
        let waits = |seed| {
            let mut retries = Retries::new(BASE, seed);
            (0..5).map(|n| retries.wait(n, None)).collect::<Vec<_>>()
        };
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
    }

    #[test]
    fn what_the_endpoint_asks_for_is_a_floor_with_a_bound() {
        let second = Duration::from_secs(1);
        assert!(Retries::new(BASE, 1).wait(0, Some(second)).unwrap() >= second);
        assert_eq!(
            Retries::new(BASE, 1).wait(0, Some(Duration::from_secs(3600))),
            None
        );
        assert!(Retries::new(BASE, 1).wait(u32::MAX, None).unwrap() <= LONGEST);
    }

    #[test]
    fn retries_are_a_tenth_of_the_reads_in_the_long_run() {
        let mut retries = Retries::new(BASE, 1);
        let granted = (0..1000)
            .filter(|_| {
                retries.earn();
                retries.wait(0, None).is_some()
            })
            .count();
        assert!((100..=106).contains(&granted), "{granted} of 1000");
    }
}
