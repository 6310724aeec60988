//! The grader measured: on answers that somebody graded, on single statements, on the bank's own references,
//! under questioning by scripted candidates, and under attack.
//!
//! Pure but for the cores it uses: the same bank and seed give the same figures.

mod answers;
mod attacks;
mod axis;
mod candidate;
mod lines;
mod negate;
mod questioning;
mod references;
mod statements;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use answer::{Grader, Header, content_words};
use domain::{GroupId, Interval, Item, ItemId, Scorecard};

use crate::graders::chain;
use crate::{Error, Practice};

pub use answers::Report;
pub use attacks::{Attack, Attacks};
pub use axis::{Axis, LabelBias, Worst};
pub use questioning::{Bluff, Questioned, Questioning};
pub use references::{Against, BankAxis, BankReport, Compared};
pub use statements::{StatementKind, StatementPairs, StatementReport, StatementShares};

/// Measurements that share their graders: preparing one takes longer than grading an answer.
pub struct Evaluation<'a> {
    practice: &'a Practice,
    /// One grader an item, prepared when it is first needed and kept: answers come in any order.
    graders: BTreeMap<ItemId, OnceLock<Result<Arc<Grader>, String>>>,
}

/// An answer graded, with what the baselines see of it.
struct Graded {
    scored: BTreeMap<GroupId, Option<f64>>,
    /// Bounds of coverage; `None` without a rubric.
    interval: Option<Interval>,
    words: f64,
    keywords: f64,
}

impl<'a> Evaluation<'a> {
    /// Nothing is prepared yet.
    pub fn new(practice: &'a Practice) -> Self {
        let items = practice.bank().answer_items();
        Self {
            practice,
            graders: items.map(|item| (item.id.clone(), OnceLock::new())).collect(),
        }
    }

    fn items(&self) -> impl Iterator<Item = &'a Item> {
        self.practice.bank().answer_items()
    }

    fn core_items(&self) -> Vec<&'a Item> {
        self.items().filter(|item| item.core).collect()
    }

    fn grader(&self, item: &Item) -> Result<Arc<Grader>, Error> {
        let rubric = |why: String| Error::Rubric {
            item: item.id.clone(),
            why,
        };
        let slot = self
            .graders
            .get(&item.id)
            .ok_or_else(|| rubric("the item is not of this bank".to_owned()))?;
        let prepare = || {
            let encoder = self.practice.0.graders.encoder().cloned();
            let spec = item.answer().ok_or_else(|| "the item has no rubric".to_owned())?;
            Grader::new(spec, encoder).map(Arc::new).map_err(|e| chain(&e))
        };
        slot.get_or_init(prepare).clone().map_err(rubric)
    }

    fn scorecard(&self, item: &Item, seed: u64, text: &str) -> Result<Scorecard, Error> {
        let header = Header {
            item: item.id.to_string(),
            revision: item.revision.clone(),
            seed,
        };
        let graded = self.grader(item)?.grade(&header, text);
        graded.map_err(|e| Error::Rubric {
            item: item.id.clone(),
            why: chain(&e),
        })
    }

    fn graded(&self, item: &Item, text: &str) -> Result<Graded, Error> {
        let card = self.scorecard(item, 0, text)?;
        let claims: Vec<&str> = item.facts().iter().map(|fact| fact.claim.as_str()).collect();
        let score = |id: &GroupId| (*id, card.group(*id).and_then(domain::Group::score));
        Ok(Graded {
            scored: GroupId::ANSWER.iter().map(score).collect(),
            interval: card.group(GroupId::Coverage).and_then(|g| g.interval),
            words: words(text),
            keywords: overlap(&claims.join(". "), text),
        })
    }

    fn coverage(&self, item: &Item, text: &str) -> Result<f64, Error> {
        Ok(coverage(&self.scorecard(item, 0, text)?))
    }
}

fn coverage(card: &Scorecard) -> f64 {
    let score = card.group(GroupId::Coverage).and_then(domain::Group::score);
    score.unwrap_or(0.0)
}

fn words(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

/// Percent of the distinct stemmed content words of `wanted` that `answer` has.
fn overlap(wanted: &str, answer: &str) -> f64 {
    let (wanted, given) = (content_words(wanted), content_words(answer));
    let found = wanted
        .iter()
        .filter(|word| given.binary_search(word).is_ok())
        .count();
    let share = found as f64 / wanted.len().max(1) as f64;
    domain::round2(100.0 * share)
}

/// `SplitMix64`: scripted candidates and shuffles from a seed.
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn new(seed: u64, salt: &str) -> Self {
        let mix = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        Self(salt.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, mix))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below one, evenly.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `n`, which is not zero.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}
