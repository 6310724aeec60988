//! A tailored set: the questions chosen for one job, each with the words that chose it.
//!
//! A document on disk: change it only by addition.

use serde::{Deserialize, Serialize};

use crate::job::{check_role, name, text};
use crate::{
    Document, DocumentError, DocumentId, DocumentKind, ItemId, Level, MAX_JOB_NOTES_BYTES,
    MAX_JOB_TEXT_BYTES, NoEntry,
};

/// Version of [`TailoredSet`] on disk.
pub const SET_FORMAT: u32 = 1;

/// Least and most minutes that a set may take.
pub const SET_MINUTES: std::ops::RangeInclusive<u32> = 10..=600;

/// Largest seed: the largest integer that every JSON reader agrees on (2^53 - 1).
pub const MAX_SET_SEED: u64 = 9_007_199_254_740_991;

/// Most of anything that a set lists.
const MAX_LISTED: usize = 200;

crate::item::vocabulary! {
    /// A text that words were found in.
    Source {
        /// The title of the job.
        Title = "title",
        /// The job description.
        Description = "description",
        /// The notes on the company.
        CompanyNotes = "company_notes",
        /// The CV.
        Cv = "cv",
    }
}

crate::item::vocabulary! {
    /// Why a question is in a set, strongest first.
    Because {
        /// The posting demands it.
        Required = "required",
        /// The posting or its title names it: the work, the stack, the product.
        Named = "named",
        /// The posting would like it.
        Wished = "wished",
        /// The notes on the company name it.
        Company = "company",
        /// The CV claims it and the job wants it.
        Claimed = "claimed",
        /// A sentence of the posting means something close to the question.
        Meant = "meant",
        /// The role is asked this.
        Role = "role",
        /// Every loop of the level asks this.
        Level = "level",
    }
}

crate::item::vocabulary! {
    /// What a reader of a set must know of the texts it was made from.
    RemarkKind {
        /// There was no description.
        NoDescription = "no-description",
        /// The description is too short to say much.
        Short = "short",
        /// The description does not look like English.
        Language = "language",
        /// The description is hardly about this field.
        Field = "field",
        /// The time does not hold all that the description demands.
        Time = "time",
        /// The packs have no question on something that the description asks for.
        Uncovered = "uncovered",
    }
}

/// Words of an input, quoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// Which text.
    pub source: Source,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The slice.
    pub text: String,
}

/// One reason for a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What sort of reason.
    pub because: Because,
    /// Id of the term that the words stand for; `None` where no words chose it.
    pub term: Option<String>,
    /// The reason in a sentence.
    pub says: String,
    /// The words; empty only for [`Because::Role`] and [`Because::Level`].
    pub marks: Vec<Mark>,
}

/// A question of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetEntry {
    /// The item.
    pub item: ItemId,
    /// Which variant of it; 0 is the default.
    pub variant: u32,
    /// Minutes to answer it and to be questioned.
    pub minutes: u32,
    /// 1 worth a look, 2 expected, 3 decisive.
    pub weight: u32,
    /// Why it is here, strongest first; at least one.
    pub reasons: Vec<Reason>,
}

/// Something that the CV claims and the job wants: expect to be asked what is behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Id of the term.
    pub term: String,
    /// Its name.
    pub name: String,
    /// What an interviewer would ask.
    pub ask: String,
    /// The words, of CV and job.
    pub marks: Vec<Mark>,
}

/// Something that the job wants and the CV does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Id of the term.
    pub term: String,
    /// Its name.
    pub name: String,
    /// Whether the posting demands it.
    pub required: bool,
    /// What to do about it, in a sentence.
    pub says: String,
    /// The words of the job.
    pub marks: Vec<Mark>,
}

/// What a reader must know, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// What about.
    pub kind: RemarkKind,
    /// The sentence.
    pub says: String,
}

/// The texts that a set was made from. Marks point into them, so the set keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetInputs {
    /// The title of the job.
    pub title: String,
    /// The slug of a role profile.
    pub role: String,
    /// The level.
    pub level: Level,
    /// The company's name.
    pub company: String,
    /// Notes on the company.
    pub company_notes: String,
    /// The job description.
    pub description: String,
    /// The CV; empty when there was none.
    pub cv: String,
    /// Minutes that the set may take.
    pub minutes: u32,
}

/// The questions chosen for one job, most important first. The same inputs, seed and bank give the same set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TailoredSet {
    /// [`SET_FORMAT`].
    pub format: u32,
    /// The job it was made for; `None` when the texts were given directly.
    pub job: Option<DocumentId>,
    /// `b3:` and 32 hex digits of BLAKE3 over the inputs: equal for sets of the same inputs.
    pub digest: String,
    /// What decided between questions of equal worth.
    pub seed: u64,
    /// What it was made from.
    pub inputs: SetInputs,
    /// The questions.
    pub entries: Vec<SetEntry>,
    /// What of the CV will be probed.
    pub claims: Vec<Claim>,
    /// What the CV lacks.
    pub gaps: Vec<Gap>,
    /// What a reader must know.
    pub remarks: Vec<Remark>,
}

impl SetInputs {
    /// What a set of them is called: title and company, else role and level.
    pub fn name(&self) -> String {
        let title = match self.title.trim() {
            "" => format!("{}, {}", capital(&self.role.replace('-', " ")), self.level),
            title => title.to_owned(),
        };
        match self.company.trim() {
            "" => title,
            company => format!("{title}, {company}"),
        }
    }

    /// The text that a mark of `source` points into.
    pub fn text(&self, source: Source) -> &str {
        match source {
            Source::Title => &self.title,
            Source::Description => &self.description,
            Source::CompanyNotes => &self.company_notes,
            Source::Cv => &self.cv,
        }
    }

    /// Whether a set can be made from them.
    ///
    /// # Errors
    /// Names the field and the rule that it breaks.
    pub fn check(&self) -> Result<(), DocumentError> {
        name("title", &self.title)?;
        check_role(&self.role)?;
        name("company", &self.company)?;
        text("company_notes", &self.company_notes, MAX_JOB_NOTES_BYTES)?;
        text("description", &self.description, MAX_JOB_TEXT_BYTES)?;
        text("cv", &self.cv, MAX_JOB_TEXT_BYTES)?;
        if !SET_MINUTES.contains(&self.minutes) {
            let rule = format!("must be {} to {}", SET_MINUTES.start(), SET_MINUTES.end());
            return Err(DocumentError::new("minutes", rule));
        }
        Ok(())
    }

    fn check_marks(&self, field: &str, marks: &[Mark]) -> Result<(), DocumentError> {
        for (at, mark) in marks.iter().enumerate() {
            let slice = self.text(mark.source).get(mark.start..mark.end);
            if slice != Some(mark.text.as_str()) || mark.text.is_empty() {
                let rule = "must be a slice of its source, equal to its text";
                return Err(DocumentError::new(format!("{field}.marks[{at}]"), rule));
            }
        }
        Ok(())
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

impl TailoredSet {
    /// Minutes of all its questions.
    pub fn minutes(&self) -> u32 {
        self.entries
            .iter()
            .fold(0, |sum, entry| sum.saturating_add(entry.minutes))
    }

    fn check_entries(&self) -> Result<(), DocumentError> {
        for (at, entry) in self.entries.iter().enumerate() {
            let broken = |rule: &str| Err(DocumentError::new(format!("entries[{at}]"), rule));
            if self.entries[..at].iter().any(|other| other.item == entry.item) {
                return broken("names an item that the set has already");
            }
            if entry.minutes == 0 || !(1..=3).contains(&entry.weight) {
                return broken("must take a minute or more and weigh 1 to 3");
            }
            if entry.reasons.is_empty() || entry.reasons.len() > MAX_LISTED {
                return broken("must have a reason");
            }
            for (n, reason) in entry.reasons.iter().enumerate() {
                let field = format!("entries[{at}].reasons[{n}]");
                let bare = matches!(reason.because, Because::Role | Because::Level);
                if bare != reason.marks.is_empty() {
                    let rule = "must quote the words that it rests on, and none where no words chose";
                    return Err(DocumentError::new(field, rule));
                }
                self.inputs.check_marks(&field, &reason.marks)?;
            }
        }
        Ok(())
    }
}

impl Document for TailoredSet {
    const KIND: DocumentKind = DocumentKind::Set;
    type Entry = NoEntry;

    fn check(&self) -> Result<(), DocumentError> {
        let broken = |field: &str, rule: String| Err(DocumentError::new(field, rule));
        if self.format != SET_FORMAT {
            return broken("format", format!("must be {SET_FORMAT}"));
        }
        if self.seed > MAX_SET_SEED {
            return broken("seed", format!("must be 0 to {MAX_SET_SEED}"));
        }
        self.inputs
            .check()
            .map_err(|e| DocumentError::new(format!("inputs.{}", e.field), e.rule))?;
        for (field, listed) in [
            ("entries", self.entries.len()),
            ("claims", self.claims.len()),
            ("gaps", self.gaps.len()),
            ("remarks", self.remarks.len()),
        ] {
            if listed > MAX_LISTED {
                return broken(field, format!("must list at most {MAX_LISTED}"));
            }
        }
        if self.minutes() > self.inputs.minutes {
            return broken(
                "entries",
                "must not take more minutes than the set may".to_owned(),
            );
        }
        self.check_entries()?;
        for (at, claim) in self.claims.iter().enumerate() {
            self.inputs.check_marks(&format!("claims[{at}]"), &claim.marks)?;
        }
        for (at, gap) in self.gaps.iter().enumerate() {
            self.inputs.check_marks(&format!("gaps[{at}]"), &gap.marks)?;
        }
        Ok(())
    }

    fn check_entry(entry: &NoEntry) -> Result<(), DocumentError> {
        match *entry {}
    }
}

impl From<&crate::Job> for SetInputs {
    /// What a job says of a set, for the usual time.
    fn from(job: &crate::Job) -> Self {
        Self {
            title: job.title.clone(),
            role: job.role.clone(),
            level: job.level,
            company: job.company.clone(),
            company_notes: job.company_notes.clone(),
            description: job.description.clone(),
            cv: job.cv.clone(),
            minutes: DEFAULT_SET_MINUTES,
        }
    }
}

/// Minutes of a set when nothing else is said: about as many questions as a loop has.
pub const DEFAULT_SET_MINUTES: u32 = 90;
