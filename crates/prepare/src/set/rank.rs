//! What each item of the bank is worth to a job, and the terms that say so.

use domain::{Item, Level};

use super::Likeness;
use super::find::{Found, Wanted};
use super::roles::{Role, Roles, Theme};
use super::terms::{Term, Terms};

/// What an item gets for its place in the core of its level: less than any demand, more than nothing.
const CORE: f64 = 1.2;

/// How much less each next place of the core gets.
const CORE_STEP: f64 = 0.04;

/// What an item outside the core gets.
const OTHER: f64 = 0.4;

/// What a role's own terms add for each step of strength.
const OF_ROLE: f64 = 0.25;

/// Left of the worth of an item that the level is not asked.
const OTHER_LEVEL: f64 = 0.3;

/// What a sentence of the same meaning adds at most: less than a word that is demanded.
const MEANING: f64 = 1.0;

/// Largest share that chance has: it decides between neighbours, not against a demand.
const CHANCE: f64 = 0.5;

/// An item that may be chosen.
#[derive(Debug, Clone)]
pub(crate) struct Ranked<'a> {
    /// The item.
    pub(crate) item: &'a Item,
    /// Its theme.
    pub(crate) theme: Theme,
    /// Index of each wanted term that leads here, with its strength of 1 to 3.
    pub(crate) terms: Vec<(usize, u32)>,
    /// The sentence that means something close to it.
    pub(crate) meant: Option<&'a Likeness>,
    /// The strongest term of the role that leads here.
    pub(crate) of_role: Option<(&'a str, u32)>,
    /// Whether it is in the core of the level.
    pub(crate) core: bool,
    /// What it is worth before any word was read, with what chance adds.
    pub(crate) base: f64,
    /// Left of all worth: 1, less when the level is not asked this.
    pub(crate) factor: f64,
    /// Minutes with questioning.
    pub(crate) minutes: u32,
}

/// What ranking stands on.
pub(crate) struct Scales<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) roles: &'a Roles,
    pub(crate) role: &'a Role,
    pub(crate) level: Level,
    pub(crate) seed: u64,
}

/// Ranks the items that a set may have.
pub(crate) fn rank<'a>(
    items: &[&'a Item],
    found: &Found<'_>,
    likenesses: &'a [Likeness],
    scales: &Scales<'a>,
) -> Vec<Ranked<'a>> {
    let questioning = scales.roles.level(scales.level).questioning;
    let ranked = |item: &&'a Item| {
        let theme = scales.roles.theme(item)?;
        let core = scales
            .role
            .core
            .get(&scales.level)
            .and_then(|core| core.iter().position(|id| id == item.id.as_str()));
        let of_role = scales
            .role
            .terms
            .iter()
            .filter_map(|id| scales.terms.term(id))
            .map(|term| (term.name.as_str(), strength(term, item, scales.terms)))
            .filter(|(_, strength)| *strength > 0)
            .max_by_key(|(_, strength)| *strength);
        let place = |at: usize| CORE - CORE_STEP * f64::from(u8::try_from(at).unwrap_or(u8::MAX));
        let favour = scales.role.favours.get(&item.competency).copied().unwrap_or(1.0);
        let base = core.map_or(OTHER, |at| place(at).max(OTHER)) * favour
            + of_role.map_or(0.0, |(_, strength)| OF_ROLE * f64::from(strength));
        Some(Ranked {
            item,
            theme,
            terms: leading(item, &found.wanted, scales.terms),
            meant: likenesses
                .iter()
                .filter(|likeness| likeness.item == item.id)
                .max_by(|a, b| a.similarity.total_cmp(&b.similarity)),
            of_role,
            core: core.is_some(),
            base: base + CHANCE * chance(scales.seed, item.id.as_str()),
            factor: if item.levels.contains(&scales.level) {
                1.0
            } else {
                OTHER_LEVEL
            },
            minutes: item.minutes + questioning,
        })
    };
    items.iter().filter_map(ranked).collect()
}

fn leading(item: &Item, wanted: &[Wanted<'_>], terms: &Terms) -> Vec<(usize, u32)> {
    wanted
        .iter()
        .enumerate()
        .map(|(at, wanted)| (at, strength(wanted.term, item, terms)))
        .filter(|(_, strength)| *strength > 0)
        .collect()
}

/// How close an item is to a term: as the terms say; by a topic that both have, 2, when the item is one that
/// the terms do not know, such as one of a pack.
pub(crate) fn strength(term: &Term, item: &Item, terms: &Terms) -> u32 {
    if let Some(strength) = term.items.get(item.id.as_str()) {
        return *strength;
    }
    let shared = |topic: &String| *topic == term.id || term.topics.contains(topic);
    if !terms.knows(item.id.as_str()) && item.topics.iter().any(shared) {
        2
    } else {
        0
    }
}

impl Ranked<'_> {
    /// What it is worth when `covered` says how much of each wanted term the chosen ones cover already: a term
    /// that was asked about twice is worth a third.
    pub(crate) fn worth(&self, wanted: &[Wanted<'_>], covered: &[f64]) -> f64 {
        let words: f64 = self
            .terms
            .iter()
            .map(|(at, strength)| wanted[*at].worth * f64::from(*strength) / 3.0 / (1.0 + covered[*at]))
            .sum();
        let meaning = self.meant.map_or(0.0, |likeness| MEANING * likeness.excess());
        (self.base + words + meaning) * self.factor
    }
}

/// A number from 0 up to 1 that depends on seed and name alone.
pub(crate) fn chance(seed: u64, name: &str) -> f64 {
    // The upper 53 bits: as many as a double holds.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let numerator = (mixed(seed, name) >> 11) as f64;
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let denominator = (1_u64 << 53) as f64;
    numerator / denominator
}

/// 64 bits that depend on seed and name alone: FNV-1a, then the finaliser of `SplitMix64`.
pub(crate) fn mixed(seed: u64, name: &str) -> u64 {
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut z = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
