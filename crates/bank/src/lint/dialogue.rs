//! What must hold of clarifications and of the change.

use std::collections::BTreeSet;

use super::fact;
use crate::Diagnostic;
use crate::pack::Entry;

/// An item that holds anything back holds enough back for a candidate to find.
const MIN_CLARIFICATIONS: usize = 4;

/// Ways to ask besides the first: fewer are one person's wording.
const MIN_WORDINGS: usize = 3;

/// More than these cannot be answered in the few minutes that are left.
const MAX_CHANGE_FACTS: usize = 3;

/// Lints `## Clarifications` and `## Change` where there are any.
pub(super) fn dialogue(entry: &Entry, found: &mut Vec<Diagnostic>) {
    clarifications(entry, found);
    change(entry, found);
}

fn clarifications(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let all = &entry.item.clarifications;
    if all.is_empty() {
        return;
    }
    if all.len() < MIN_CLARIFICATIONS || !all.iter().any(|c| c.needed) {
        let message = format!(
            "{} clarifications, {} needed",
            all.len(),
            all.iter().filter(|c| c.needed).count()
        );
        let cure = "write 4 or more, and mark with `needed = true` what a good candidate asks first";
        found.push(entry.diagnostic("section/Clarifications", message, cure));
    }
    let (mut ids, mut wordings) = (BTreeSet::new(), BTreeSet::new());
    for (i, clarification) in all.iter().enumerate() {
        let mut report = |message: String, cure: &str| {
            found.push(entry.diagnostic(&format!("clarification/{i}"), message, cure));
        };
        let id = &clarification.id;
        if id.parse::<domain::ItemId>().is_err() || !ids.insert(id) {
            report(
                format!("clarification id `{id}` is no slug or taken"),
                "give each its own slug",
            );
        }
        if clarification.also.len() < MIN_WORDINGS {
            let message = format!(
                "clarification `{id}` has {} other wordings",
                clarification.also.len()
            );
            report(message, "write 3 or more in `also`, each in different words");
        }
        if clarification.topic.is_empty() {
            report(
                format!("clarification `{id}` has no `topic`"),
                "write what a question about it must match",
            );
        }
        if clarification.answer.trim().len() < 12 {
            report(
                format!("clarification `{id}` is not answered"),
                "write what the interviewer says",
            );
        }
        for ask in clarification.also.iter().chain([&clarification.ask]) {
            if !ask.trim_end().ends_with('?') {
                report(format!("`{ask}` is no question"), "end it with a question mark");
            }
            if !wordings.insert(ask.to_lowercase()) {
                report(format!("`{ask}` stands twice"), "one wording leads to one answer");
            }
        }
    }
}

fn change(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let Some(change) = &entry.item.change else { return };
    let mut report = |message: String, cure: &str| {
        found.push(entry.diagnostic("section/Change", message, cure));
    };
    if !(1..=MAX_CHANGE_FACTS).contains(&change.facts.len()) || !change.facts.iter().any(|fact| fact.must) {
        let message = format!("the change has {} facts", change.facts.len());
        report(message, "write 1 to 3, at least one of them `must = true`");
    }
    if change.sample.is_empty() {
        report("the change has no sample".into(), "write `### sample`, as spoken");
    }
    for (good, name) in [(true, "good"), (false, "bad")] {
        if !change.proofs.iter().any(|proof| proof.good == good) {
            report(
                format!("the change has no {name} submission"),
                "write `### good: ..` and `### bad: ..`",
            );
        }
    }
    let own = entry.item.facts().iter().map(|fact| &fact.id);
    let ids: BTreeSet<&String> = own.chain(change.facts.iter().map(|fact| &fact.id)).collect();
    if ids.len() < entry.item.facts().len() + change.facts.len() {
        report(
            "a fact of the change has the id of another".into(),
            "give it an id of its own",
        );
    }
    for fact in &change.facts {
        fact::fact(entry, "change/fact", fact, found);
        if fact.must && fact.untrue.is_empty() {
            let message = format!("must-fact `{}` of the change has no `untrue` sentence", fact.id);
            found.push(entry.diagnostic(
                &format!("change/fact/{}", fact.id),
                message,
                "say what people get wrong",
            ));
        }
    }
}
