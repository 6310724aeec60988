//! Which items a loop asks: chosen by slot, level and seed, never twice, and what was not done yet first.

use std::collections::BTreeSet;

use domain::{Item, ItemId, Level};

use crate::preset::{Preset, Slot, StagePlan};

/// What is chosen for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The level.
    pub level: Level,
    /// Seed: another one gives another loop from the same bank.
    pub seed: u64,
    /// Topics that the candidate wants, such as those of a job; items with them come first.
    pub topics: &'a [String],
    /// Items that were attempted: they come last.
    pub done: &'a BTreeSet<ItemId>,
}

/// The items of one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen<'a> {
    /// The plan.
    pub plan: &'static StagePlan,
    /// What is asked, in the order of the slots; fewer than slots where the bank has no more.
    pub items: Vec<&'a Item>,
}

/// Chooses the items of every stage. A slot that no item is left for stays empty.
pub fn choose<'a>(preset: &'static Preset, bank: &[&'a Item], wanted: &Wanted<'_>) -> Vec<Chosen<'a>> {
    let mut used: BTreeSet<&ItemId> = BTreeSet::new();
    let mut stages = Vec::with_capacity(preset.stages.len());
    for plan in preset.stages {
        let mut items = Vec::with_capacity(plan.slots.len());
        for slot in plan.slots {
            let fitting = bank
                .iter()
                .filter(|item| !used.contains(&item.id) && slot.takes(item, wanted.level));
            // Ranks are unique by the id at their end, so the order of the bank does not matter.
            if let Some(item) = fitting.min_by_key(|item| rank(slot, item, wanted)) {
                used.insert(&item.id);
                items.push(*item);
            }
        }
        stages.push(Chosen { plan, items });
    }
    stages
}

impl Slot {
    fn takes(&self, item: &Item, level: Level) -> bool {
        let has = |topic: &&str| item.topics.iter().any(|t| t == topic);
        self.kinds.contains(&item.kind)
            && item.levels.contains(&level)
            && (self.competencies.is_empty() || self.competencies.contains(&item.competency))
            && (self.topics.is_empty() || self.topics.iter().any(has))
            && !self.without.iter().any(has)
    }
}

/// Lower is better.
type Rank<'a> = (bool, usize, bool, usize, u64, &'a ItemId);

/// Not done, of the best kind, core (it carries checks and graded references), wanted topics, then by seed.
fn rank<'a>(slot: &Slot, item: &'a Item, wanted: &Wanted<'_>) -> Rank<'a> {
    let hits = item
        .topics
        .iter()
        .filter(|topic| wanted.topics.contains(topic))
        .count();
    (
        wanted.done.contains(&item.id),
        slot.kinds
            .iter()
            .position(|kind| *kind == item.kind)
            .unwrap_or(usize::MAX),
        !item.core,
        usize::MAX - hits,
        mixed(wanted.seed, item.id.as_str()),
        &item.id,
    )
}

/// Which of its variants an item is put in.
pub fn variant(seed: u64, id: &ItemId, variants: u32) -> u32 {
    let drawn = mixed(seed, id.as_str()) % u64::from(variants.max(1));
    u32::try_from(drawn).unwrap_or(0)
}

/// A number for a seed and a text: FNV-1a (Fowler, Noll, Vo) finished by `SplitMix64` (Steele et al. 2014).
pub fn mixed(seed: u64, text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut z = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
