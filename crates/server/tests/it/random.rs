//! What the fuzz draws from.

/// `SplitMix64` (Steele et al. 2014): small, seeded, good enough to choose with.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Values that programs trip over.
pub(crate) const NASTY: [&str; 14] = [
    "",
    " ",
    "\u{0}",
    "null",
    "-1",
    "0",
    "9223372036854775808",
    "1e309",
    "'; DROP TABLE attempt; --",
    "../../etc/passwd",
    "%00%ff",
    "\u{202e}\u{1f469}\u{200d}\u{1f4bb}e\u{301}",
    "[]",
    "true",
];
