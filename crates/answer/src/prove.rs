//! Proves a rubric on its own sentences: what is said right must be confirmed, what is said wrong must
//! be caught. Part of `spar bank check`.

use domain::{AnswerSpec, Clarification, Lexicon};

use crate::clarify::Clarifier;
use crate::find::Search;
use crate::rubric::Rubric;
use crate::text::Text;

/// A sentence of the rubric that its own patterns misread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The part of the item, such as `fact/shared-store/say/0`.
    pub part: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub cure: String,
}

/// Compiles the patterns and reads every `say` and `untrue` sentence with them.
pub fn prove(spec: &AnswerSpec) -> Vec<Finding> {
    let rubric = match Rubric::new(spec, None) {
        Ok(rubric) => rubric,
        Err(crate::SpecError::Pattern { part, error }) => {
            let cure = "see \u{201c}Patterns\u{201d} in docs/bank-format.md".to_owned();
            return vec![Finding {
                part,
                message: error.to_string(),
                cure,
            }];
        }
        Err(crate::SpecError::Encode(_)) => return Vec::new(),
    };
    let mut found = Vec::new();
    for fact in &spec.facts {
        for (i, say) in fact.say.iter().enumerate() {
            let mut report = |message: String, cure: &str| {
                found.push(Finding {
                    part: format!("fact/{}/say/{i}", fact.id),
                    message,
                    cure: cure.to_owned(),
                });
            };
            if !reads(&rubric, say).rights.contains(&fact.id) {
                let message = format!("no `right` pattern of `{}` confirms `{say}`", fact.id);
                report(message, "widen a pattern or add one; watch negation scopes");
            }
            if let Some((wrong, pattern)) = reads(&rubric, say).wrongs.first() {
                let message = format!("a `wrong` pattern of `{wrong}` {pattern} fires on the right `{say}`");
                report(message, "tighten the pattern with `^8`, `>` or `!`");
            }
        }
        for (i, untrue) in fact.untrue.iter().enumerate() {
            let mut report = |message: String, cure: &str| {
                found.push(Finding {
                    part: format!("fact/{}/untrue/{i}", fact.id),
                    message,
                    cure: cure.to_owned(),
                });
            };
            let read = reads(&rubric, untrue);
            if !read.wrongs.iter().any(|(id, _)| *id == fact.id) {
                let message = format!("no `wrong` pattern of `{}` catches `{untrue}`", fact.id);
                report(
                    message,
                    "add the form; a sentence that warns or reports does not assert",
                );
            }
            if read.rights.contains(&fact.id) {
                let message = format!("a `right` pattern of `{}` confirms the false `{untrue}`", fact.id);
                report(
                    message,
                    "narrow the pattern: it must only fit the right direction",
                );
            }
        }
    }
    found
}

/// Compiles the patterns of clarifications and asks each in all its wordings, without an encoder: each must
/// lead to its own answer.
pub fn prove_clarifications(clarifications: &[Clarification], lexicon: &Lexicon) -> Vec<Finding> {
    let clarifier = match Clarifier::new(clarifications, lexicon, None) {
        Ok(clarifier) => clarifier,
        Err(crate::SpecError::Pattern { part, error }) => {
            let cure = "see \u{201c}Patterns\u{201d} in docs/bank-format.md".to_owned();
            let message = error.to_string();
            return vec![Finding { part, message, cure }];
        }
        Err(crate::SpecError::Encode(_)) => return Vec::new(),
    };
    let mut found = Vec::new();
    for (i, clarification) in clarifications.iter().enumerate() {
        for ask in clarification.also.iter().chain([&clarification.ask]) {
            let asked = clarifier.clarify(ask).ok().flatten();
            let message = match asked {
                Some(asked) if asked.id == clarification.id => continue,
                Some(asked) => format!("`{ask}` leads to `{}`", asked.id),
                None => format!("`{ask}` leads nowhere"),
            };
            found.push(Finding {
                part: format!("clarification/{i}"),
                message,
                cure: "widen or narrow `topic`, or ask in other words".to_owned(),
            });
        }
    }
    found
}

/// Facts that a sentence confirms, and those it contradicts with the pattern that fired.
struct Reading {
    rights: Vec<String>,
    wrongs: Vec<(String, String)>,
}

fn reads(rubric: &Rubric, sentence: &str) -> Reading {
    let text = Text::new(sentence);
    let read = rubric.vocabulary.read(&text);
    let kept = vec![true; text.sentences.len()];
    let search = Search {
        text: &text,
        read,
        kept: &kept,
        recalls: None,
        likenesses: None,
    };
    let mut reading = Reading {
        rights: Vec::new(),
        wrongs: Vec::new(),
    };
    for fact in &rubric.facts {
        if let Some(found) = (0..text.sentences.len()).find_map(|at| fact.asserted_wrong(&search, at)) {
            reading.wrongs.push((fact.fact.id.clone(), search.quote(&found)));
        }
        if fact.confirms(&search) {
            reading.rights.push(fact.fact.id.clone());
        }
    }
    reading
}
