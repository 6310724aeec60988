//! Numbers that follow from a seed alone.

/// A stream of numbers: `SplitMix64` (Steele, Lea, Flood 2014), whose whole state is one word.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// The stream of a seed for a purpose, so that two purposes do not share numbers.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the purpose: any hash that is fixed for ever would do.
        let hash = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included. `low` where the range is empty.
    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        // The bias of the remainder is below 2^-40 for the ranges of a case.
        low + self.bits() % span.max(1)
    }

    /// True in `percent` of 100.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.within(0, 99) < percent
    }

    /// One of several.
    ///
    /// # Panics
    /// There is nothing to choose from.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let last = of.len().checked_sub(1).expect("something to choose from");
        &of[usize::try_from(self.within(0, last as u64)).unwrap_or(last)]
    }

    /// Puts a list into an order of its own (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = usize::try_from(self.within(0, i as u64)).unwrap_or(i);
            list.swap(i, j);
        }
    }
}
