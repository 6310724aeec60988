//! Every reference answer graded and compared with what it stands for.
//!
//! Held: a sample earns 75 or more and another item's sample 15 or less; good references lie 15 above
//! middling ones, middling ones 15 above empty and wrong ones; hostile ones stay below 15; rambling ones,
//! right but badly told, earn 60 or more. All of coverage, before any follow-up.

use std::sync::Arc;

use answer::{Grader, Header};
use bank::Bank;
use domain::{GroupId, Item, ItemId, ReferenceKind};
use encoder::Encoder;
use serde::Serialize;

use crate::cores;
use crate::graders::chain;

/// Coverage that the item's own sample must reach.
const SAMPLE: f64 = 75.0;
/// Coverage that the sample of another item must not pass: shared vocabulary is not knowledge.
const FOREIGN: f64 = 15.0;
/// Distance between one class of reference and the next.
const APART: f64 = 15.0;
/// Coverage that hostile references must stay below.
const HOSTILE: f64 = 15.0;
/// Coverage that rambling references must reach: told badly is still right.
const RAMBLING: f64 = 60.0;

/// One answer with what it got and what it must get.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyLine {
    /// The item.
    pub item: ItemId,
    /// The answer: `sample`, `sample of <id>`, or the heading of a reference.
    pub subject: String,
    /// Its coverage, 0 to 100; `None` when it could not be graded.
    pub coverage: Option<f64>,
    /// What must hold, with the figure it is held to.
    pub expected: String,
    /// Whether it does.
    pub ok: bool,
}

/// Grades the sample, the sample of the next item and all references of every item that `wanted` picks,
/// on all cores; lines come in item order.
pub fn verify(
    bank: &Bank,
    encoder: Option<&Arc<Encoder>>,
    wanted: impl Fn(&Item) -> bool,
) -> Vec<VerifyLine> {
    let items: Vec<&Item> = bank.items().collect();
    let pairs: Vec<(&Item, &Item)> = items
        .iter()
        .copied()
        .zip(items.iter().copied().cycle().skip(1))
        .filter(|(i, _)| wanted(i))
        .collect();
    cores::map(&pairs, |(item, next)| verify_item(item, next, encoder)).concat()
}

fn verify_item(item: &Item, next: &Item, encoder: Option<&Arc<Encoder>>) -> Vec<VerifyLine> {
    let grader = match Grader::new(&item.spec, encoder.cloned()) {
        Ok(grader) => grader,
        Err(error) => return vec![line(item, "rubric", None, chain(&error), false)],
    };
    let header = Header {
        item: item.id.to_string(),
        revision: item.revision.clone(),
        seed: 0,
    };
    let coverage = |text: &str| {
        let card = grader.grade(&header, text).ok()?;
        card.group(GroupId::Coverage)?.score()
    };
    let own = coverage(&item.spec.sample);
    let mut lines = vec![at_least(item, "sample", own, SAMPLE)];
    if next.id != item.id {
        let foreign = coverage(&next.spec.sample);
        lines.push(at_most(item, &format!("sample of {}", next.id), foreign, FOREIGN));
    }
    let references: Vec<(ReferenceKind, String, Option<f64>)> = item
        .spec
        .references
        .iter()
        .map(|r| (r.kind, format!("{}: {}", r.kind, r.label), coverage(&r.text)))
        .collect();
    let highest = |kinds: &[ReferenceKind]| {
        let of = references.iter().filter(|(kind, _, _)| kinds.contains(kind));
        of.filter_map(|(_, _, coverage)| *coverage).fold(0.0, f64::max)
    };
    let middling = references
        .iter()
        .filter(|(kind, _, _)| *kind == ReferenceKind::Middling);
    let lowest = middling
        .filter_map(|(_, _, coverage)| *coverage)
        .fold(SAMPLE, f64::min);
    for (kind, subject, coverage) in &references {
        lines.push(match kind {
            ReferenceKind::Good => at_least(
                item,
                subject,
                *coverage,
                highest(&[ReferenceKind::Middling]) + APART,
            ),
            ReferenceKind::Middling => {
                let below = highest(&[ReferenceKind::Empty, ReferenceKind::Wrong]);
                at_least(item, subject, *coverage, below + APART)
            }
            ReferenceKind::Rambling => at_least(item, subject, *coverage, RAMBLING),
            ReferenceKind::Hostile => below(item, subject, *coverage, HOSTILE),
            ReferenceKind::Empty | ReferenceKind::Wrong => at_most(item, subject, *coverage, lowest - APART),
        });
    }
    lines
}

fn at_least(item: &Item, subject: &str, coverage: Option<f64>, bound: f64) -> VerifyLine {
    let ok = coverage.is_some_and(|c| c >= bound);
    line(item, subject, coverage, format!("at least {bound:.1}"), ok)
}

fn at_most(item: &Item, subject: &str, coverage: Option<f64>, bound: f64) -> VerifyLine {
    line(
        item,
        subject,
        coverage,
        format!("at most {bound:.1}"),
        coverage.is_some_and(|c| c <= bound),
    )
}

fn below(item: &Item, subject: &str, coverage: Option<f64>, bound: f64) -> VerifyLine {
    line(
        item,
        subject,
        coverage,
        format!("below {bound:.1}"),
        coverage.is_some_and(|c| c < bound),
    )
}

fn line(item: &Item, subject: &str, coverage: Option<f64>, expected: String, ok: bool) -> VerifyLine {
    VerifyLine {
        item: item.id.clone(),
        subject: subject.trim_end_matches([':', ' ']).to_owned(),
        coverage,
        expected,
        ok,
    }
}
