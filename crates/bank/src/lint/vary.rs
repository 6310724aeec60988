//! What must hold of an item at each of its variants.

use std::collections::BTreeSet;

use domain::{Check, Item};

use super::sums::{near, sums};
use super::{fact, facts};
use crate::Diagnostic;
use crate::pack::Entry;
use crate::vary::Plan;

/// Lints what the variants of an item add to its default.
pub(super) fn vary(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let item = &entry.item;
    if item.variants.is_empty() {
        if item.variant.is_some() {
            let message = "`variant` is written when a file with `[vary]` is filled in, not by hand";
            found.push(entry.diagnostic("id", message, "drop the line"));
        }
        return;
    }
    let at_default: BTreeSet<Diagnostic> = of(entry).into_iter().collect();
    for variant in &item.variants {
        let mut here = Vec::new();
        match entry.at(variant.number, &mut here) {
            Some(instance) => {
                here.extend(of(&instance));
                here.extend(recomputed(entry, &instance));
            }
            None if here.is_empty() => {
                here.push(entry.diagnostic("id", "is no item", "see docs/bank-format.md"))
            }
            None => {}
        }
        let here = here
            .into_iter()
            .filter(|diagnostic| !at_default.contains(diagnostic));
        found.extend(here.map(|diagnostic| Diagnostic {
            message: format!(
                "variant {} ({}): {}",
                variant.number, variant.title, diagnostic.message
            ),
            ..diagnostic
        }));
    }
    unused(entry, found);
    let titles: BTreeSet<&str> = item.variants.iter().map(|v| v.title.as_str()).collect();
    if titles.len() < item.variants.len() || titles.contains("") {
        let message = "two variants have the same title, or one has none";
        found.push(entry.diagnostic("id", message, "give each choice words of its own in `say`"));
    }
}

/// Findings on the facts of an item at one variant.
fn of(entry: &Entry) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    facts(entry, &mut found);
    for fact in entry.item.facts() {
        fact::fact(entry, "fact", fact, &mut found);
    }
    for fact in entry.item.change.iter().flat_map(|change| &change.facts) {
        fact::fact(entry, "change/fact", fact, &mut found);
    }
    found
}

/// Figures and number checks whose written sum does not come to their value at this variant.
fn recomputed(entry: &Entry, instance: &Entry) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (prefix, fact) in every_fact(&instance.item) {
        let part = format!("{prefix}/{}", fact.id);
        let mut report = |message: String| {
            let cure = "write the sum that gives the value, with placeholders: `{{n|words}} / 86,400 = {{n / 86400|about}}`";
            found.push(entry.diagnostic(&part, message, cure));
        };
        let changed = |texts: &[&String]| texts.iter().any(|text| !entry.source.contains(text.as_str()));
        if let Some(figure) = &fact.figure {
            let done = sums(&figure.derivation);
            if let Some(sum) = done.iter().find(|sum| !sum.holds()) {
                report(format!(
                    "the derivation says {}, its sum comes to {}",
                    sum.says, sum.comes_to
                ));
            }
            let value = |v: &f64| done.iter().any(|sum| near(sum.comes_to, *v, figure.tolerance));
            if !figure.values.iter().all(|v| v.is_finite() && *v > 0.0) {
                report("a value of the figure is not above zero".into());
            } else if changed(&[&figure.derivation]) && !figure.values.iter().any(value) {
                report(format!("no sum of the derivation comes to {:?}", figure.values));
            }
        }
        if let Some(Check::Number {
            ask,
            value,
            tolerance,
            why,
            ..
        }) = &fact.check
        {
            // The sum stands in the reason, or in the derivation of the fact's own figure.
            let derivation = fact
                .figure
                .as_ref()
                .map_or("", |figure| figure.derivation.as_str());
            let done: Vec<_> = sums(why).into_iter().chain(sums(derivation)).collect();
            if let Some(sum) = done.iter().find(|sum| !sum.holds()) {
                report(format!(
                    "the check says {}, its sum comes to {}",
                    sum.says, sum.comes_to
                ));
            }
            if *value <= 0.0 {
                report(format!("the check's value is {value}"));
            } else if changed(&[ask, why]) && !done.iter().any(|sum| near(sum.comes_to, *value, *tolerance)) {
                report(format!("no sum in the check's `why` comes to {value}"));
            }
        }
    }
    found
}

fn every_fact(item: &Item) -> impl Iterator<Item = (&'static str, &domain::Fact)> {
    let change = item.change.iter().flat_map(|change| &change.facts);
    let own = item.facts().iter().map(|fact| ("fact", fact));
    own.chain(change.map(|fact| ("change/fact", fact)))
}

/// Names of `[vary]` that nothing rests on at any variant.
fn unused(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let Ok(plan) = Plan::read(&entry.text) else { return };
    let used = (0..plan.count())
        .filter_map(|n| plan.fill(n).ok())
        .flat_map(|filled| filled.used);
    for (at, name) in plan.unused(&used.collect()) {
        let message = format!("`{name}` of `[vary]` is used nowhere");
        let cure = "put a placeholder where it makes a difference, or drop it";
        found.push(Diagnostic::at(&entry.path, &entry.text, at, message, cure));
    }
}
