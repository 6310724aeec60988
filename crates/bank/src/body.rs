//! The Markdown body of an item file: title, prompt and the fixed sections.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::{Clarification, Misconception, Reference, ReferenceKind, Statements};

use crate::dialogue::{self, RawChange};
use crate::head::RawGrades;
use crate::vary::Problem;

/// Sections of every item, in order; those of [`OPTIONAL`] may follow.
pub(crate) const SECTIONS: [&str; 5] = [
    "Why it is asked",
    "The detail that separates levels",
    "Sample answer",
    "Misconceptions",
    "Follow-ups",
];
const CLARIFICATIONS: &str = "Clarifications";
const CHANGE: &str = "Change";
const REFERENCES: &str = "References";
const STATEMENTS: &str = "Statements";
const OPTIONAL: [&str; 4] = [CLARIFICATIONS, CHANGE, REFERENCES, STATEMENTS];

/// A body taken apart.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) title: String,
    pub(crate) prompt: String,
    pub(crate) why_asked: String,
    pub(crate) separates_levels: String,
    pub(crate) sample: String,
    pub(crate) misconceptions: Vec<Misconception>,
    pub(crate) follow_ups: Vec<String>,
    /// With the offset of each.
    pub(crate) clarifications: Vec<(usize, Clarification)>,
    pub(crate) change: Option<RawChange>,
    /// With the offset of each heading.
    pub(crate) references: Vec<(usize, Reference)>,
    /// By the id of their fact.
    pub(crate) statements: BTreeMap<String, Statements>,
    /// Offsets of the sections that were found, by name.
    pub(crate) places: Vec<(&'static str, usize)>,
}

/// A heading with the range of the text below it.
pub(crate) struct Section<'a> {
    pub(crate) heading: &'a str,
    pub(crate) at: usize,
    pub(crate) content: Range<usize>,
}

/// Takes the body apart; it starts at byte `from` of the file's `text`.
pub(crate) fn parse(text: &str, from: usize) -> (Body, Vec<Problem>) {
    let mut body = Body::default();
    let mut found = Vec::new();
    let mut report = |at: usize, message: String, cure: &'static str| {
        found.push(Problem { at, message, cure });
    };
    let titles = split(text, from..text.len(), "# ");
    let [title] = titles.as_slice() else {
        let message = format!("{} titles (`# ...`) after the head, expected one", titles.len());
        report(
            from,
            message,
            "start the body with one `# Title`, then the prompt",
        );
        return (body, found);
    };
    body.title = title.heading.to_owned();
    let sections = split(text, title.content.clone(), "## ");
    let prompt_end = sections.first().map_or(title.content.end, |s| s.at);
    body.prompt = text[title.content.start..prompt_end].trim().to_owned();
    if body.prompt.is_empty() {
        report(
            title.at,
            "the prompt is empty".into(),
            "put the question to the candidate under the title",
        );
    }
    let mut expected = SECTIONS.into_iter().chain(OPTIONAL);
    for section in &sections {
        match expected.by_ref().find(|name| *name == section.heading) {
            Some(name) => {
                body.places.push((name, section.at));
                fill(&mut body, name, text, section, &mut report);
            }
            None => {
                let message = format!(
                    "section `{}` is unknown, doubled or out of order",
                    section.heading
                );
                report(
                    section.at,
                    message,
                    "sections and their order are fixed: see docs/bank-format.md",
                );
            }
        }
    }
    for name in SECTIONS {
        if !body.places.iter().any(|(found, _)| *found == name) {
            report(
                title.at,
                format!("section `## {name}` is missing"),
                "add it, in the order of the format",
            );
        }
    }
    (body, found)
}

fn fill(
    body: &mut Body,
    name: &str,
    text: &str,
    section: &Section<'_>,
    report: &mut impl FnMut(usize, String, &'static str),
) {
    let content = text[section.content.clone()].trim();
    if content.is_empty() {
        report(
            section.at,
            format!("section `{name}` is empty"),
            "write it or drop the item",
        );
    }
    match name {
        "Why it is asked" => body.why_asked = content.to_owned(),
        "The detail that separates levels" => body.separates_levels = content.to_owned(),
        "Sample answer" => body.sample = content.to_owned(),
        "Follow-ups" => body.follow_ups = bullets(content),
        "Misconceptions" => {
            for bullet in bullets(content) {
                match bullet.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
                    Some((claim, correction)) => body.misconceptions.push(Misconception {
                        claim: claim.trim().to_owned(),
                        correction: correction.trim().to_owned(),
                    }),
                    None => report(
                        section.at,
                        format!("misconception without a bold claim: `{}`", head_of(&bullet)),
                        "write `- **What people believe.** Why it does not hold.`",
                    ),
                }
            }
        }
        CLARIFICATIONS => match dialogue::clarifications(text, section.content.clone()) {
            Ok(clarifications) => body.clarifications = clarifications,
            Err(problem) => report(problem.at, problem.message, problem.cure),
        },
        CHANGE => match dialogue::change(text, section) {
            Ok(change) => body.change = Some(change),
            Err(problem) => report(problem.at, problem.message, problem.cure),
        },
        STATEMENTS => match self::statements(content) {
            Ok(statements) => body.statements = statements,
            Err((message, cure)) => report(section.at, message, cure),
        },
        _ => {
            for reference in split(text, section.content.clone(), "### ") {
                match self::reference(text, &reference) {
                    Ok(parsed) => body.references.push((reference.at, parsed)),
                    Err((message, cure)) => report(reference.at, message, cure),
                }
            }
        }
    }
}

fn statements(content: &str) -> Result<BTreeMap<String, Statements>, (String, &'static str)> {
    let fence = "hold them in one ```toml fence: `[fact-id]`, then `right`, `wrong` and `vague`";
    let fenced = content
        .split_once("```toml\n")
        .and_then(|(_, inner)| inner.split_once("\n```"));
    let (inner, _) = fenced.ok_or_else(|| ("the statements stand in no fence".to_owned(), fence))?;
    toml::from_str(inner).map_err(|e| (format!("statements: {}", e.message()), fence))
}

fn reference(text: &str, section: &Section<'_>) -> Result<Reference, (String, &'static str)> {
    let (kind, label) = section.heading.split_once(':').unwrap_or((section.heading, ""));
    let kind: ReferenceKind = kind
        .trim()
        .parse()
        .map_err(|e: String| (format!("reference kind: {e}"), "write `### good: its voice`"))?;
    let content = text[section.content.clone()].trim_start();
    let fence = "a reference starts with a ```toml fence of its grades";
    let inner = content
        .strip_prefix("```toml\n")
        .ok_or_else(|| (format!("reference `{}` has no grades", section.heading), fence))?;
    let (grades, answer) = inner
        .split_once("\n```")
        .ok_or_else(|| ("the grades fence is not closed".to_owned(), fence))?;
    let raw: RawGrades = toml::from_str(grades)
        .map_err(|e| (format!("grades of `{}`: {}", section.heading, e.message()), fence))?;
    if raw.why.trim().is_empty() {
        return Err((
            format!("grades of `{}` have no reason", section.heading),
            "say why in `why`",
        ));
    }
    let answer = answer.trim();
    if answer.is_empty() {
        return Err((
            format!("reference `{}` is empty", section.heading),
            "write the answer below the fence",
        ));
    }
    Ok(Reference {
        kind,
        label: label.trim().to_owned(),
        grades: raw.grades(),
        second: raw.second,
        text: answer.to_owned(),
    })
}

/// Splits `range` of `text` at the headings of one level, outside code fences.
pub(crate) fn split<'a>(text: &'a str, range: Range<usize>, marker: &str) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut fenced = false;
    let mut at = range.start;
    for line in text[range.clone()].split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if let (false, Some(heading)) = (fenced, line.strip_prefix(marker)) {
            if let Some(last) = sections.last_mut() {
                last.content.end = at;
            }
            sections.push(Section {
                heading: heading.trim(),
                at,
                content: at + line.len()..range.end,
            });
        }
        at += line.len();
    }
    sections
}

/// The items of a bullet list; continuation lines join their bullet.
fn bullets(content: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in content.lines() {
        match (
            line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")),
            items.last_mut(),
        ) {
            (Some(item), _) => items.push(item.trim().to_owned()),
            (None, Some(last)) if !line.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => {}
        }
    }
    items
}

fn head_of(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(second: &str) -> Result<Reference, String> {
        let text = format!(
            "### middling: hesitant\n```toml\ncoverage = 50\nstructure = 40\nspecificity = 30\n\
             quantification = 20\nconciseness = 10\nremote_readiness = 0\n{second}why = \"half of it\"\n```\n\
             I would retry, I think.\n"
        );
        let sections = split(&text, 0..text.len(), "### ");
        reference(&text, &sections[0]).map_err(|(message, _)| message)
    }

    #[test]
    fn a_second_grading_is_optional_and_whole() {
        assert_eq!(parsed("").unwrap().second, None);
        let six = "second = { coverage = 44, structure = 41, specificity = 31, quantification = 21, \
                   conciseness = 11, remote_readiness = 1 }\n";
        let reference = parsed(six).unwrap();
        let second = reference.second.unwrap();
        assert_eq!((second.coverage, second.remote_readiness), (44.0, 1.0));
        assert_eq!(reference.grades.coverage, 50.0, "the first grading stays apart");
        let some = parsed("second = { coverage = 44 }\n").unwrap_err();
        assert!(
            some.contains("middling: hesitant") && some.contains("structure"),
            "{some}"
        );
        let unknown = parsed(&six.replace("structure", "charm")).unwrap_err();
        assert!(unknown.contains("charm"), "{unknown}");
    }
}
