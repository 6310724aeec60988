//! Everything that can be said of packs without grading: parse, lint, and the proof of each rubric on
//! its own sentences.

use answer::ProofFinding;
use domain::AnswerSpec;

use crate::pack::{self, ROLES_FILE, TERMS_FILE};
use crate::{Finding, Loaded};

/// All findings, in order of pack, file and line; empty when the packs are sound.
pub fn check(loaded: &Loaded) -> Vec<Finding> {
    let mut findings = loaded.findings.clone();
    let mut lint = bank::lint(&loaded.bank);
    for item in loaded.bank.answer_items() {
        let mut report = |prefix: &str, found: Vec<ProofFinding>| {
            let place = |f: ProofFinding| {
                loaded
                    .bank
                    .diagnostic(&item.id, &format!("{prefix}{}", f.part), f.message, f.cure)
            };
            // What holds at one variant mostly holds at all: said once.
            for diagnostic in found.into_iter().map(place) {
                if !lint.contains(&diagnostic) {
                    lint.push(diagnostic);
                }
            }
        };
        let Some(AnswerSpec { lexicon, .. }) = item.answer() else {
            continue;
        };
        report("", answer::prove_clarifications(&item.clarifications, lexicon));
        for variant in 0..item.variant_count() {
            let instance = loaded.bank.instance(&item.id, variant);
            if let Some(spec) = instance.as_ref().and_then(|i| i.item.answer()) {
                report("", answer::prove(spec));
            }
            let change = loaded.bank.change(&item.id, variant);
            if let Some(spec) = change.as_ref().and_then(|i| i.item.answer()) {
                report("change/", answer::prove(spec));
            }
        }
    }
    for item in loaded.bank.items() {
        if let Some(spec) = item.code()
            && cases::problem(&spec.model).is_none()
        {
            let known: Vec<&str> = cases::PROBLEMS.iter().map(|problem| problem.name).collect();
            let message = format!("the problem `{}` is not known to this version", spec.model);
            let cure = format!("`model` is one of {}", known.join(", "));
            lint.push(loaded.bank.diagnostic(&item.id, "model", message, cure));
        }
    }
    let items: Vec<_> = loaded.bank.answer_items().collect();
    for fault in prepare::set::lint(&loaded.terms, &loaded.roles, &items) {
        let path = if fault.in_roles { ROLES_FILE } else { TERMS_FILE };
        lint.push(pack::placed(path, &fault.near, fault.message, fault.cure));
    }
    lint.sort();
    findings.extend(lint.into_iter().map(|diagnostic| Finding {
        pack: None,
        diagnostic,
    }));
    findings
}
