//! `## Clarifications` and `## Change` of an item file, and a change as an item text of its own.

use std::ops::Range;

use domain::{Change, ChangeProof, Clarification};
use serde::Deserialize;
use toml::Spanned;

use crate::body::{Section, split};
use crate::head::RawFact;
use crate::pack::fenced_head;
use crate::vary::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClarifications {
    clarification: Vec<Spanned<RawClarification>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClarification {
    id: String,
    ask: String,
    also: Vec<String>,
    topic: Vec<String>,
    answer: String,
    #[serde(default)]
    needed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    fact: Vec<Spanned<RawFact>>,
}

/// A change as written, with the places of its parts.
#[derive(Debug)]
pub(crate) struct RawChange {
    say: String,
    /// Where its facts are written.
    pub(crate) facts_at: usize,
    pub(crate) facts: Vec<Spanned<RawFact>>,
    sample: String,
    /// With the offset of each heading.
    pub(crate) proofs: Vec<(usize, ChangeProof)>,
}

const CLARIFY: &str =
    "hold them in one ```toml fence: `[[clarification]]` with id, ask, also, topic and answer";
const CHANGE: &str = "write what the interviewer says, a ```toml fence of `[[fact]]`, then `### sample`, `### good: ..`, \
                      `### bad: ..`";

/// The inside of the first TOML fence in a range, as a range.
fn fence(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let open = text[range.clone()].find("```toml\n")? + range.start + "```toml\n".len();
    let close = text[open..range.end].find("\n```")? + open + 1;
    Some(open..close)
}

fn problem(at: usize, message: impl Into<String>, cure: &'static str) -> Problem {
    Problem {
        at,
        message: message.into(),
        cure,
    }
}

fn toml_problem(at: usize, error: &toml::de::Error, cure: &'static str) -> Problem {
    problem(
        at + error.span().map_or(0, |span| span.start),
        error.message().trim(),
        cure,
    )
}

/// The clarifications in a section, with their places.
pub(crate) fn clarifications(
    text: &str,
    section: Range<usize>,
) -> Result<Vec<(usize, Clarification)>, Problem> {
    let fence = fence(text, &section)
        .ok_or_else(|| problem(section.start, "the clarifications stand in no fence", CLARIFY))?;
    let raw: RawClarifications =
        toml::from_str(&text[fence.clone()]).map_err(|error| toml_problem(fence.start, &error, CLARIFY))?;
    let read = |spanned: Spanned<RawClarification>| {
        let at = fence.start + spanned.span().start;
        let raw = spanned.into_inner();
        let clarification = Clarification {
            id: raw.id,
            ask: raw.ask,
            also: raw.also,
            topic: raw.topic,
            answer: raw.answer,
            needed: raw.needed,
        };
        (at, clarification)
    };
    Ok(raw.clarification.into_iter().map(read).collect())
}

/// The change in a section.
pub(crate) fn change(text: &str, section: &Section<'_>) -> Result<RawChange, Problem> {
    let fence = fence(text, &section.content)
        .ok_or_else(|| problem(section.at, "the facts of the change stand in no fence", CHANGE))?;
    let raw: RawFacts =
        toml::from_str(&text[fence.clone()]).map_err(|error| toml_problem(fence.start, &error, CHANGE))?;
    let say = text[section.content.start..fence.start - "```toml\n".len()].trim();
    if say.is_empty() {
        return Err(problem(section.at, "the change says nothing", CHANGE));
    }
    let mut change = RawChange {
        say: say.to_owned(),
        facts_at: fence.start,
        facts: raw.fact,
        sample: String::new(),
        proofs: Vec::new(),
    };
    for part in split(text, section.content.clone(), "### ") {
        let content = text[part.content.clone()].trim();
        if content.is_empty() {
            return Err(problem(part.at, format!("`{}` is empty", part.heading), CHANGE));
        }
        let (kind, label) = part.heading.split_once(':').unwrap_or((part.heading, ""));
        match kind.trim() {
            "sample" => change.sample = content.to_owned(),
            kind @ ("good" | "bad") => change.proofs.push((
                part.at,
                ChangeProof {
                    label: label.trim().to_owned(),
                    good: kind == "good",
                    text: content.to_owned(),
                },
            )),
            other => return Err(problem(part.at, format!("`{other}` is unknown here"), CHANGE)),
        }
    }
    Ok(change)
}

impl RawChange {
    pub(crate) fn into_change(self) -> Change {
        Change {
            say: self.say,
            facts: self
                .facts
                .into_iter()
                .map(|fact| fact.into_inner().into_fact())
                .collect(),
            sample: self.sample,
            proofs: self.proofs.into_iter().map(|(_, proof)| proof).collect(),
        }
    }
}

/// The change of an item as the text of an item of its own: the same head with the facts of the change, what
/// the interviewer says as the prompt, and the change's sample. Graded and kept like any other text of that
/// item. `None` when the item has no change, or is no item.
///
/// `source` is the text of one variant, see [`crate::vary`].
pub fn change_source(source: &str) -> Option<String> {
    let (head_at, (head_end, body_at)) = fenced_head(source)?;
    let head = &source[head_at..head_end];
    let head = &head[..head.find("[[fact]]").unwrap_or(head.len())];
    let titles = split(source, body_at..source.len(), "# ");
    let title = titles.first()?;
    let sections = split(source, title.content.clone(), "## ");
    let section = sections.iter().find(|section| section.heading == "Change")?;
    let change = change(source, section).ok()?;
    let facts = &source[fence(source, &section.content)?];
    let mut out = String::from("```toml\n");
    for line in head.split_inclusive('\n') {
        // References and statements stay with the question itself, and so does what a core item must have.
        if !line.starts_with("core =") {
            out.push_str(line);
        }
    }
    out.push_str(facts);
    out.push_str(&format!(
        "```\n\n# {}: a requirement changes\n\n{}\n",
        title.heading, change.say
    ));
    for name in crate::body::SECTIONS {
        let content = match name {
            "Sample answer" => change.sample.as_str(),
            _ => {
                let section = sections.iter().find(|section| section.heading == name)?;
                source[section.content.clone()].trim()
            }
        };
        out.push_str(&format!("\n## {name}\n{content}\n"));
    }
    Some(out)
}
