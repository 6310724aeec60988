//! What must hold of one fact.

use std::collections::BTreeSet;

use domain::{Check, Fact, Statements};

use crate::Diagnostic;
use crate::pack::Entry;

/// Lints one fact: its own texts, what confirms it, its check, its statements.
/// Its places begin with `prefix`.
pub(super) fn fact(entry: &Entry, prefix: &str, fact: &Fact, found: &mut Vec<Diagnostic>) {
    let place = |field: &str| format!("{prefix}/{}{field}", fact.id);
    let mut report = |field: &str, message: String, cure: &str| {
        found.push(entry.diagnostic(&place(field), message, cure));
    };
    if fact.id.parse::<domain::ItemId>().is_err() {
        report(
            "",
            format!("fact id `{}` is not a slug", fact.id),
            "use lower case and hyphens",
        );
    }
    if !(1..=3).contains(&fact.weight) {
        report(
            "/weight",
            format!("weight {} is not 1, 2 or 3", fact.weight),
            "1 nice, 2 expected, 3 decisive",
        );
    }
    if fact.say.len() < 3 {
        let message = format!("fact `{}` has {} `say` sentences", fact.id, fact.say.len());
        report("", message, "write 3 or more, each a different wording");
    }
    if fact
        .figure
        .as_ref()
        .is_some_and(|f| f.derivation.trim().is_empty())
    {
        let message = "the figure says nothing of where it comes from".to_owned();
        report("", message, "write how the value follows as `derivation`");
    }
    if fact.right.is_empty() && fact.figure.is_none() && fact.set.is_none() {
        let message = format!("nothing can confirm fact `{}`", fact.id);
        report("", message, "write `right` patterns, a `figure` or a `set`");
    }
    if fact.topic.is_empty() {
        let message = format!("fact `{}` has no `topic` pattern", fact.id);
        report("", message, "write what touches the subject, right or wrong");
    }
    for (field, text) in [
        ("/claim", &fact.claim),
        ("/tip", &fact.tip),
        ("/probe", &fact.probe),
    ] {
        if text.trim().len() < 12 {
            report(
                field,
                format!("`{}` of fact `{}` says nothing", &field[1..], fact.id),
                "write a sentence",
            );
        }
    }
    // A mention alone earns little, so whoever knows must be able to show it when asked.
    if fact.must && fact.check.is_none() {
        let message = format!("must-fact `{}` has no check", fact.id);
        report("", message, "write `[fact.check]`");
    }
    if let Some(message) = claim_rule(fact) {
        report(
            "/claim",
            message,
            "one idea a fact: split it, half of it would earn the whole",
        );
    }
    if let Some(check) = &fact.check
        && let Some((message, cure)) = check_rule(check)
    {
        report("/check", format!("check of fact `{}`: {message}", fact.id), cure);
    }
    // A change carries no statements: it is asked of one who has just been heard for ten minutes.
    if let Some((message, cure)) = statements_rule(entry.item.core && prefix == "fact", fact) {
        found.push(entry.diagnostic("section/Statements", message, cure));
    }
}

/// Words of a statement: less is no sentence, more speaks of several things at once.
const STATEMENT_WORDS: std::ops::RangeInclusive<usize> = 4..=45;

/// Fewer of a direction than this are one person's habit of speech.
const MIN_STATEMENTS: usize = 2;

fn statements_rule(core: bool, fact: &Fact) -> Option<(String, &'static str)> {
    let Statements { right, wrong, vague } = &fact.statements;
    let few = right.len() < MIN_STATEMENTS || wrong.len() < MIN_STATEMENTS;
    if few && (core || right.len() + wrong.len() > 0) {
        let message = format!(
            "fact `{}` has {} right and {} wrong statements",
            fact.id,
            right.len(),
            wrong.len()
        );
        let cure = "a lean needs two or more of either, from different speakers";
        return Some((message, cure));
    }
    let length = |text: &&String| STATEMENT_WORDS.contains(&text.split_whitespace().count());
    let odd = right
        .iter()
        .chain(wrong)
        .chain(vague)
        .find(|text| !length(text))?;
    let message = format!("a statement of fact `{}` is no spoken sentence: `{odd}`", fact.id);
    Some((message, "write 4 to 45 words, as somebody would say them"))
}

fn claim_rule(fact: &Fact) -> Option<String> {
    let words = fact.claim.split_whitespace().count();
    let sentences = fact.claim.matches(". ").count() + 1;
    (words > MAX_CLAIM_WORDS || sentences > 1).then(|| {
        format!(
            "the claim of fact `{}` has {words} words in {sentences} sentences",
            fact.id
        )
    })
}

fn check_rule(check: &Check) -> Option<(String, &'static str)> {
    let distinct = |options: Vec<&String>| {
        let n = options.len();
        options.into_iter().collect::<BTreeSet<_>>().len() == n
    };
    match check {
        Check::Choice { right, wrong, .. } => {
            if wrong.len() != 3 {
                return Some((
                    format!("{} wrong options", wrong.len()),
                    "a choice has one right and three wrong",
                ));
            }
            let all = wrong
                .iter()
                .map(|w| &w.option)
                .chain(std::iter::once(right))
                .collect();
            (!distinct(all)).then(|| ("two options are equal".into(), "options must differ"))
        }
        Check::Pick { right, wrong, .. } => {
            if right.is_empty() || wrong.is_empty() || right.len() + wrong.len() < 3 {
                return Some((
                    "too few options".into(),
                    "a pick has right and wrong options, three or more",
                ));
            }
            let all = wrong.iter().map(|w| &w.option).chain(right).collect();
            (!distinct(all)).then(|| ("two options are equal".into(), "options must differ"))
        }
        Check::Number { value, tolerance, .. } => (!value.is_finite() || !(0.0..=1.0).contains(tolerance))
            .then(|| {
                (
                    "value or tolerance out of range".into(),
                    "tolerance is relative, 0 to 1",
                )
            }),
        Check::Order { steps, .. } => (steps.len() < 3 || !distinct(steps.iter().collect())).then(|| {
            (
                "fewer than three steps, or two alike".into(),
                "an order has three or more different steps",
            )
        }),
    }
}

/// A claim that needs more holds two ideas.
const MAX_CLAIM_WORDS: usize = 32;
