//! A story: what the candidate did, as situation, task, action and result, told in two or three minutes.

use serde::{Deserialize, Serialize};

use crate::{AttemptId, Competency, Document, DocumentError, DocumentKind};

/// Longest part of a story, in characters: five spoken minutes are about 5,000.
pub const MAX_PART_CHARS: usize = 4_000;

/// Longest title, role, date, tag, figure or name, in characters.
pub const MAX_LINE_CHARS: usize = 200;

/// Most tags, figures or names.
pub const MAX_LINES: usize = 20;

/// Longest rehearsal, in milliseconds: an hour is no rehearsal of three minutes.
pub const MAX_REHEARSAL_MS: u32 = 3_600_000;

/// A STAR record. Every part may still be empty: it is written over several days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Story {
    /// What the candidate calls it.
    pub title: String,
    /// Where it happened and what was wrong.
    pub situation: String,
    /// What the candidate had to do.
    pub task: String,
    /// What they did themselves.
    pub action: String,
    /// What came of it.
    pub result: String,
    /// What they would do again, or otherwise.
    pub lesson: String,
    /// When it was, in their own words.
    pub when: String,
    /// Who they were in it.
    pub role: String,
    /// What it shows.
    pub competencies: Vec<Competency>,
    /// Their own words to find it by.
    pub tags: Vec<String>,
    /// Facts and figures to have at hand, one a line.
    pub figures: Vec<String>,
    /// Names to hide whenever the story leaves: employers, customers, people.
    pub names: Vec<String>,
}

crate::item::vocabulary! {
    /// A part of a story, in the order of telling.
    StoryPart {
        /// Where it happened and what was wrong.
        Situation = "situation",
        /// What the candidate had to do.
        Task = "task",
        /// What they did themselves.
        Action = "action",
        /// What came of it.
        Result = "result",
        /// What they would do again, or otherwise.
        Lesson = "lesson",
    }
}

/// A story told aloud or typed against the clock. The words are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The time set, in milliseconds.
    pub limit_ms: u32,
    /// The time taken, in milliseconds.
    pub elapsed_ms: u32,
    /// Words told.
    pub words: u32,
    /// Sentences of the record that were told.
    pub told: u32,
    /// All sentences of the record.
    pub of: u32,
    /// The attempt that it was handed in as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptId>,
}

impl Story {
    /// The words of a part.
    pub fn part(&self, part: StoryPart) -> &str {
        match part {
            StoryPart::Situation => &self.situation,
            StoryPart::Task => &self.task,
            StoryPart::Action => &self.action,
            StoryPart::Result => &self.result,
            StoryPart::Lesson => &self.lesson,
        }
    }

    /// The story as it is told: the parts that are there, a paragraph each.
    pub fn told(&self) -> String {
        let parts = StoryPart::ALL.iter().map(|part| self.part(*part).trim());
        parts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}

impl Document for Story {
    const KIND: DocumentKind = DocumentKind::Story;
    type Entry = Rehearsal;

    fn check(&self) -> Result<(), DocumentError> {
        if self.title.trim().is_empty() {
            return Err(DocumentError::new("title", "is empty: give the story a name"));
        }
        for (field, text) in [("title", &self.title), ("when", &self.when), ("role", &self.role)] {
            check_text(field, text, MAX_LINE_CHARS)?;
        }
        for part in StoryPart::ALL {
            check_text(part.as_str(), self.part(*part), MAX_PART_CHARS)?;
        }
        for (field, lines) in [
            ("tags", &self.tags),
            ("figures", &self.figures),
            ("names", &self.names),
        ] {
            if lines.len() > MAX_LINES {
                let rule = format!("has {} entries, the limit is {MAX_LINES}", lines.len());
                return Err(DocumentError::new(field, rule));
            }
            for (at, line) in lines.iter().enumerate() {
                let field = format!("{field}[{at}]");
                if line.trim().is_empty() {
                    return Err(DocumentError::new(field, "is empty: leave it out"));
                }
                check_text(&field, line, MAX_LINE_CHARS)?;
            }
        }
        let twice = |at: usize| self.competencies[..at].contains(&self.competencies[at]);
        match (0..self.competencies.len()).find(|at| twice(*at)) {
            Some(at) => Err(DocumentError::new(
                format!("competencies[{at}]"),
                "is there already: name each once",
            )),
            None => Ok(()),
        }
    }

    fn check_entry(entry: &Rehearsal) -> Result<(), DocumentError> {
        let times = [("limit_ms", entry.limit_ms), ("elapsed_ms", entry.elapsed_ms)];
        if let Some((field, _)) = times.into_iter().find(|(_, ms)| *ms > MAX_REHEARSAL_MS) {
            let rule = format!("must be 0 to {MAX_REHEARSAL_MS}, in milliseconds");
            return Err(DocumentError::new(field, rule));
        }
        if entry.told > entry.of {
            return Err(DocumentError::new("told", "must not be more than `of`"));
        }
        Ok(())
    }
}

fn check_text(field: &str, text: &str, limit: usize) -> Result<(), DocumentError> {
    let chars = text.chars().count();
    if chars > limit {
        let rule = format!("has {chars} characters, the limit is {limit}");
        return Err(DocumentError::new(field, rule));
    }
    if text.contains('\0') {
        return Err(DocumentError::new(field, "has a NUL character: remove it"));
    }
    Ok(())
}
