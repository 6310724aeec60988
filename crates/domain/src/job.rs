//! The job that the candidate prepares for, as far as they know it.
//!
//! A document on disk: change it only by addition.

use serde::{Deserialize, Serialize};

use crate::{Day, Document, DocumentError, DocumentKind, Level, NoEntry};

/// Longest title or name of a company, in characters.
pub const MAX_JOB_NAME_CHARS: usize = 200;

/// Longest job description or CV, in bytes. The long ones have some 12 KB.
pub const MAX_JOB_TEXT_BYTES: usize = 32 * 1024;

/// Longest notes, in bytes.
pub const MAX_JOB_NOTES_BYTES: usize = 16 * 1024;

crate::item::vocabulary! {
    /// A line of the checklist of a preparation.
    Task {
        /// The description was read line by line, and what is unclear is noted.
        Posting = "posting",
        /// What the company builds, for whom and how it earns its money.
        Company = "company",
        /// Its public API documentation was read, with one choice to praise and one to ask about.
        PublicApi = "public-api",
        /// The two-minute account of the strongest project was said aloud.
        Pitch = "pitch",
        /// Three stories are written and fit into three minutes each.
        Stories = "stories",
        /// The questions of the set were answered, weakest first.
        Questions = "questions",
        /// What the CV claims can be defended in figures.
        Claims = "claims",
        /// One whole loop was run against the clock.
        Loop = "loop",
        /// Questions to ask the interviewer are chosen.
        Asking = "asking",
        /// Who interviews, when, how long, in which tool and language.
        Appointment = "appointment",
        /// Camera, microphone, editor and a second way to dial in were tried.
        Equipment = "equipment",
    }
}

/// A job. Every text may be empty: a set needs only role and level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// As the posting names it, such as `Senior Backend Engineer`.
    pub title: String,
    /// The slug of a role profile, such as `backend`.
    pub role: String,
    /// The level interviewed for.
    pub level: Level,
    /// The company's name.
    pub company: String,
    /// What they build, their public API, their stack: chooses questions as the description does.
    pub company_notes: String,
    /// The pasted description.
    pub description: String,
    /// The candidate's CV; empty when they gave none.
    #[serde(default)]
    pub cv: String,
    /// The day of the interview.
    #[serde(default)]
    pub interview_on: Option<Day>,
    /// The candidate's own notes; they choose nothing.
    #[serde(default)]
    pub notes: String,
    /// What of the checklist is done, in its order.
    #[serde(default)]
    pub done: Vec<Task>,
}

impl Document for Job {
    const KIND: DocumentKind = DocumentKind::Job;
    type Entry = NoEntry;

    fn check(&self) -> Result<(), DocumentError> {
        name("title", &self.title)?;
        check_role(&self.role)?;
        name("company", &self.company)?;
        text("company_notes", &self.company_notes, MAX_JOB_NOTES_BYTES)?;
        text("description", &self.description, MAX_JOB_TEXT_BYTES)?;
        text("cv", &self.cv, MAX_JOB_TEXT_BYTES)?;
        text("notes", &self.notes, MAX_JOB_NOTES_BYTES)?;
        if !self.done.is_sorted_by(|a, b| a < b) {
            let rule = "must name each line of the checklist once, in its order";
            return Err(DocumentError::new("done", rule));
        }
        Ok(())
    }

    fn check_entry(entry: &NoEntry) -> Result<(), DocumentError> {
        match *entry {}
    }
}

/// A role is a slug: profiles come from packs, so which there are is not known here.
pub(crate) fn check_role(role: &str) -> Result<(), DocumentError> {
    role.parse::<crate::ItemId>().map(|_| ()).map_err(|_| {
        let rule = "must be a slug of 1 to 64 lower-case letters, digits and single hyphens";
        DocumentError::new("role", rule)
    })
}

/// One line, not too long.
pub(crate) fn name(field: &str, value: &str) -> Result<(), DocumentError> {
    if value.chars().count() > MAX_JOB_NAME_CHARS {
        let rule = format!("must have at most {MAX_JOB_NAME_CHARS} characters");
        return Err(DocumentError::new(field, rule));
    }
    if value.chars().any(char::is_control) {
        return Err(DocumentError::new(
            field,
            "must be one line without control characters",
        ));
    }
    Ok(())
}

/// A text without control characters other than line ends and tabs, so that no escape makes it six times
/// as long in JSON.
pub(crate) fn text(field: &str, value: &str, limit: usize) -> Result<(), DocumentError> {
    if value.len() > limit {
        let rule = format!("has {} bytes, the limit is {limit}: shorten it", value.len());
        return Err(DocumentError::new(field, rule));
    }
    let bad = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if let Some(found) = value.chars().find(bad) {
        let rule = format!("has the control character U+{:04X}: remove it", u32::from(found));
        return Err(DocumentError::new(field, rule));
    }
    Ok(())
}
