//! What must hold of items that take a program.

use std::collections::BTreeSet;

use domain::{CodeSpec, GroupId, Language, Mode, Param, RunVerdict, Signature, Type};

use crate::Diagnostic;
use crate::pack::Entry;
use crate::program::REFERENCE;

/// Wrong programs that an item needs: fewer do not show that its checks see what candidates get wrong.
const MIN_WRONG: usize = 10;

/// Longest CPU time of one case in milliseconds: an attempt with some dozens of cases ends within half a minute.
const MAX_CPU_MS: u64 = 10_000;

/// Most memory of one case in MiB, so that two at once fit into a small machine.
const MAX_MEMORY_MB: u64 = 512;

/// Most generated cases of a group.
const MAX_CASES: u32 = 200;

/// Lints what is particular to a program.
pub(super) fn program(entry: &Entry, spec: &CodeSpec, found: &mut Vec<Diagnostic>) {
    groups(entry, spec, found);
    proofs(entry, spec, found);
    let mut report = |part: &str, message: String, cure: &str| {
        found.push(entry.diagnostic(part, message, cure));
    };
    let limits = &spec.limits;
    let within = (1..=MAX_CPU_MS).contains(&limits.allowance.cpu_ms)
        && (1..=MAX_MEMORY_MB).contains(&limits.allowance.memory_mb);
    if !within || limits.why.trim().is_empty() {
        let message = format!(
            "limits of {} ms and {} MiB, or without `why`",
            limits.allowance.cpu_ms, limits.allowance.memory_mb
        );
        let cure = "allow up to 10,000 ms and 512 MiB, and say why";
        report("limits", message, cure);
    }
    for section in ["Clarifications", "Change", "References", "Statements"] {
        if entry.places.contains_key(&format!("section/{section}")) {
            let message = format!("section `{section}` is for answers");
            report(
                &format!("section/{section}"),
                message,
                "drop it: programs are proved by `submissions/`",
            );
        }
    }
    if spec.tests.trim().is_empty() || entry.full_tests.trim().is_empty() {
        let message = "`tests.txt` or `tests-full.txt` is missing or empty".to_owned();
        let cure = "write an example of own tests, and tests that find every broken implementation";
        report("id", message, cure);
    }
    match (spec.mode, &spec.signature) {
        (Mode::Calls, Some(signature)) => {
            for fault in signature_faults(signature) {
                report("signature", fault, "see docs/bank-format.md");
            }
        }
        (Mode::Stdio, None) => {
            if spec.starters.len() < Language::ALL.len() {
                let message = format!(
                    "{} starters for {} languages",
                    spec.starters.len(),
                    Language::ALL.len()
                );
                report("id", message, "write `starters/main.<ext>` for each language");
            }
        }
        (Mode::Calls, None) => report(
            "id",
            "mode `calls` without `[signature]`".to_owned(),
            "say what the class looks like",
        ),
        (Mode::Stdio, Some(_)) => report(
            "signature",
            "mode `stdio` with `[signature]`".to_owned(),
            "drop it: the program reads lines",
        ),
    }
}

fn groups(entry: &Entry, spec: &CodeSpec, found: &mut Vec<Diagnostic>) {
    let mut ids = BTreeSet::new();
    for group in &spec.groups {
        let mut report = |message: String, cure: &str| {
            found.push(entry.diagnostic(&format!("group/{}", group.id), message, cure));
        };
        if !ids.insert(group.id) {
            report(format!("group `{}` stands twice", group.id), "merge them");
        }
        if GroupId::ANSWER.contains(&group.id) {
            report(
                format!("group `{}` is for answers", group.id),
                "name a group of programs",
            );
        }
        if group.weight == 0 || group.title.trim().is_empty() || group.why.trim().is_empty() {
            report(
                format!("group `{}` has no weight, title or reason", group.id),
                "fill it in",
            );
        }
        if group.cases > MAX_CASES {
            report(
                format!("{} cases, at most {MAX_CASES} are generated", group.cases),
                "lower it",
            );
        }
    }
    let weight: u32 = spec.groups.iter().map(|group| group.weight).sum();
    if weight != 100 {
        let message = format!("the weights of the groups sum to {weight}");
        found.push(entry.diagnostic("id", message, "make it 100"));
    }
    for (id, cure) in [
        (GroupId::Examples, "show some cases"),
        (GroupId::OwnTests, "grade the candidate's tests"),
    ] {
        if !ids.contains(&id) {
            found.push(entry.diagnostic("id", format!("no group `{id}`"), cure));
        }
    }
}

fn proofs(entry: &Entry, spec: &CodeSpec, found: &mut Vec<Diagnostic>) {
    for language in Language::ALL {
        let here = |path: &str| {
            path.strip_prefix(REFERENCE)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        if !spec
            .proofs
            .iter()
            .any(|p| p.language == *language && here(&p.path))
        {
            let message = format!("no accepted reference in {}", language.title());
            let extension = language.file().trim_start_matches("main");
            let cure = format!("write `submissions/{REFERENCE}{extension}`");
            found.push(entry.diagnostic("id", message, cure));
        }
    }
    let wrong = spec
        .proofs
        .iter()
        .filter(|p| p.verdict != RunVerdict::Accepted)
        .count();
    if wrong < MIN_WRONG {
        let message = format!("{wrong} wrong programs");
        let cure = "file 10 or more under what must come of them";
        found.push(entry.diagnostic("id", message, cure));
    }
}

/// What is wrong with a signature, in sentences.
fn signature_faults(signature: &Signature) -> Vec<String> {
    let mut faults = Vec::new();
    let camel = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    if !camel(&signature.class) {
        faults.push(format!("class `{}` is not UpperCamelCase", signature.class));
    }
    if signature.ops.is_empty() {
        faults.push("no operation".to_owned());
    }
    let mut names = BTreeSet::new();
    let records: BTreeSet<&str> = signature.records.iter().map(|r| r.name.as_str()).collect();
    params("init", &signature.init, &records, &mut faults);
    for op in &signature.ops {
        if !snake(&op.name) || !names.insert(&op.name) {
            faults.push(format!("operation `{}` is not snake_case, or taken", op.name));
        }
        if op.doc.trim().is_empty() {
            faults.push(format!("operation `{}` has no `doc`", op.name));
        }
        params(&op.name, &op.params, &records, &mut faults);
        if let Some(ty) = &op.returns {
            known(&op.name, ty, &records, &mut faults);
        }
    }
    for record in &signature.records {
        if !camel(&record.name) {
            faults.push(format!("record `{}` is not UpperCamelCase", record.name));
        }
        params(&record.name, &record.fields, &records, &mut faults);
    }
    faults
}

fn params(of: &str, params: &[Param], records: &BTreeSet<&str>, faults: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for param in params {
        if !snake(&param.name) || !names.insert(&param.name) {
            faults.push(format!(
                "`{}` of `{of}` is not snake_case, or there twice",
                param.name
            ));
        }
        known(of, &param.ty, records, faults);
    }
}

fn known(of: &str, ty: &Type, records: &BTreeSet<&str>, faults: &mut Vec<String>) {
    match ty {
        Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => known(of, inner, records, faults),
        Type::Record(name) if !records.contains(name.as_str()) => {
            faults.push(format!("`{of}` names the record `{name}`, which there is not"));
        }
        Type::Record(_) | Type::Int | Type::Float | Type::Str | Type::Bool => {}
    }
}

fn snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
