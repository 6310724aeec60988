//! Everything that can be said of packs without grading: parse, lint, and the proof of each rubric on
//! its own sentences.

use crate::{Finding, Loaded};

/// All findings, in order of pack, file and line; empty when the packs are sound.
pub fn check(loaded: &Loaded) -> Vec<Finding> {
    let mut findings = loaded.findings.clone();
    let mut lint = bank::lint(&loaded.bank);
    for item in loaded.bank.items() {
        let proofs = answer::prove(&item.spec).into_iter();
        lint.extend(proofs.map(|f| loaded.bank.diagnostic(&item.id, &f.part, f.message, f.cure)));
    }
    lint.sort();
    findings.extend(lint.into_iter().map(|diagnostic| Finding {
        pack: None,
        diagnostic,
    }));
    findings
}
