//! Every reference answer graded and compared with what it stands for.
//!
//! Held: a sample earns 75 or more and another item's sample 15 or less; good references lie 15 above
//! middling ones, middling ones 15 above empty and wrong ones; hostile ones stay below 15; rambling ones,
//! right but badly told, earn 60 or more. The sample of each variant earns 75 or more at that variant, and
//! the default one at most half of the points for figures that differ there. Of a change, its sample and good
//! submissions earn 75 or more and the bad ones 25 or less. All of coverage, before any follow-up.

use std::sync::Arc;

use answer::{Grader, Header};
use bank::Bank;
use domain::{Fact, GroupId, Item, ItemId, ReferenceKind};
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

/// Share of the points for figures that differ at a variant, which the default sample must not pass: the point
/// made in words with another figure is half of it.
const OTHER_FIGURES: f64 = 50.0;
/// Coverage that a bad submission to a change must not pass.
const BAD_AT_CHANGE: f64 = 25.0;

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
    let items: Vec<&Item> = bank.answer_items().collect();
    let pairs: Vec<(&Item, &Item)> = items
        .iter()
        .copied()
        .zip(items.iter().copied().cycle().skip(1))
        .filter(|(i, _)| wanted(i))
        .collect();
    cores::map(&pairs, |(item, next)| {
        let mut lines = verify_item(item, next, encoder);
        lines.extend(verify_variants(bank, item, encoder));
        lines.extend(verify_change(bank, item, encoder));
        lines
    })
    .concat()
}

/// Grades the sample of each variant at it, and the default sample on the figures that differ there.
fn verify_variants(bank: &Bank, item: &Item, encoder: Option<&Arc<Encoder>>) -> Vec<VerifyLine> {
    let mut lines = Vec::new();
    for variant in item.variants.iter().skip(1) {
        let subject = format!("sample, variant {}", variant.number);
        let instance = bank.instance(&item.id, variant.number);
        let here = instance.map(|instance| instance.item);
        let spec = here.as_ref().and_then(Item::answer);
        let (Some(here), Some(spec)) = (&here, spec) else {
            lines.push(line(item, &subject, None, "an item".to_owned(), false));
            continue;
        };
        let grader = match Grader::new(spec, encoder.cloned()) {
            Ok(grader) => grader,
            Err(error) => {
                lines.push(line(item, &subject, None, chain(&error), false));
                continue;
            }
        };
        let grade = |text: &str| grader.grade(&header(here), text).ok();
        let own = grade(&here.guidance.sample).and_then(|card| card.group(GroupId::Coverage)?.score());
        lines.push(at_least(item, &subject, own, SAMPLE));
        let differ = figures_that_differ(item.facts(), here.facts());
        if differ.is_empty() {
            continue;
        }
        let share = grade(&item.guidance.sample).and_then(|card| {
            let criteria = &card.group(GroupId::Coverage)?.criteria;
            let those = || criteria.iter().filter(|c| differ.contains(&c.id.as_str()));
            let points: f64 = those().map(|c| c.points.max(0.0)).sum();
            Some(100.0 * points / those().map(|c| c.out_of).sum::<f64>())
        });
        let subject = format!("default sample on the figures of variant {}", variant.number);
        lines.push(at_most(item, &subject, share, OTHER_FIGURES));
    }
    lines
}

/// Facts whose figure, or whose ranges of numbers, are not the same in both.
fn figures_that_differ<'a>(default: &[Fact], here: &'a [Fact]) -> Vec<&'a str> {
    let ranges = |fact: &Fact| -> Vec<String> {
        let words = fact.right.iter().flat_map(|p| p.split([' ', '|', '_']));
        let ranges = words.filter(|word| word.contains(".."));
        ranges.map(str::to_owned).collect()
    };
    let values = |fact: &Fact| fact.figure.as_ref().map(|f| f.values.clone());
    let differs = |fact: &&Fact| {
        let same = |other: &&Fact| values(other) == values(fact) && ranges(other) == ranges(fact);
        let other = default.iter().find(|other| other.id == fact.id);
        other.is_some_and(|other| !same(&other))
    };
    here.iter().filter(differs).map(|fact| fact.id.as_str()).collect()
}

/// Grades the submissions to the change of an item, at each variant that has a change of its own.
fn verify_change(bank: &Bank, item: &Item, encoder: Option<&Arc<Encoder>>) -> Vec<VerifyLine> {
    let mut lines = Vec::new();
    let mut seen: Vec<domain::Change> = Vec::new();
    for number in 0..item.variant_count() {
        let question = bank.instance(&item.id, number).and_then(|i| i.item.change);
        let Some(change) = question.filter(|change| !seen.contains(change)) else {
            continue;
        };
        let at = if number == 0 {
            String::new()
        } else {
            format!(", variant {number}")
        };
        let subject = |name: &str| format!("change{at}: {name}");
        let asked = bank.change(&item.id, number).map(|instance| instance.item);
        let grader = asked
            .as_ref()
            .and_then(Item::answer)
            .map(|spec| Grader::new(spec, encoder.cloned()));
        match (&asked, grader) {
            (Some(asked), Some(Ok(grader))) => {
                let coverage = |text: &str| {
                    let card = grader.grade(&header(asked), text).ok()?;
                    card.group(GroupId::Coverage)?.score()
                };
                lines.push(at_least(
                    item,
                    &subject("sample"),
                    coverage(&change.sample),
                    SAMPLE,
                ));
                for proof in &change.proofs {
                    let (kind, got) = (if proof.good { "good" } else { "bad" }, coverage(&proof.text));
                    let subject = subject(&format!("{kind}: {}", proof.label));
                    lines.push(match proof.good {
                        true => at_least(item, &subject, got, SAMPLE),
                        false => at_most(item, &subject, got, BAD_AT_CHANGE),
                    });
                }
            }
            (_, Some(Err(error))) => lines.push(line(item, &subject("rubric"), None, chain(&error), false)),
            _ => lines.push(line(item, &subject("text"), None, "an item".to_owned(), false)),
        }
        seen.push(change);
    }
    lines
}

fn header(item: &Item) -> Header {
    Header {
        item: item.id.to_string(),
        revision: item.revision.clone(),
        seed: 0,
    }
}

fn verify_item(item: &Item, next: &Item, encoder: Option<&Arc<Encoder>>) -> Vec<VerifyLine> {
    let Some(spec) = item.answer() else {
        return Vec::new();
    };
    let grader = match Grader::new(spec, encoder.cloned()) {
        Ok(grader) => grader,
        Err(error) => return vec![line(item, "rubric", None, chain(&error), false)],
    };
    let coverage = |text: &str| {
        let card = grader.grade(&header(item), text).ok()?;
        card.group(GroupId::Coverage)?.score()
    };
    let own = coverage(&item.guidance.sample);
    let mut lines = vec![at_least(item, "sample", own, SAMPLE)];
    if next.id != item.id {
        let foreign = coverage(&next.guidance.sample);
        lines.push(at_most(item, &format!("sample of {}", next.id), foreign, FOREIGN));
    }
    let references: Vec<(ReferenceKind, String, Option<f64>)> = item
        .references()
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
