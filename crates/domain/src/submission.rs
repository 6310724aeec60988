//! What a candidate hands in. A document on disk: change it only by addition.

use serde::{Deserialize, Serialize};

/// Largest answer in bytes. Five spoken minutes are about 900 words or 6 KB; ten times that is
/// already no answer, and bounds what grading can cost.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What the candidate hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Submission {
    /// A typed or spoken answer.
    Text {
        /// The words, exactly as submitted; evidence offsets count its bytes.
        text: String,
    },
    /// A program.
    Source {
        /// Its language.
        lang: crate::Language,
        /// The program under [`crate::Language::file`], and the candidate's own tests under [`TESTS_FILE`].
        files: Vec<ProgramFile>,
    },
}

/// A file of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramFile {
    /// Its name, without folders.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Largest program or test file in bytes: a class of an interview has a hundred lines, this is forty times that.
pub const MAX_PROGRAM_BYTES: usize = 256 * 1024;

/// The file of the candidate's own tests.
pub const TESTS_FILE: &str = "tests.txt";

/// Why a submission is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionError {
    /// Nothing but white space.
    Empty,
    /// Over [`MAX_ANSWER_BYTES`].
    TooLong {
        /// Its size in bytes.
        bytes: usize,
    },
    /// A NUL byte: no text has one, and PostgreSQL cannot store it.
    Nul {
        /// Where, in bytes.
        at: usize,
    },
    /// A file of a program breaks a rule.
    File {
        /// Which.
        path: String,
        /// What must hold.
        rule: String,
    },
}

impl Submission {
    /// Checks the limits that hold for every submission.
    ///
    /// # Errors
    /// Names the rule that was broken.
    pub fn validate(&self) -> Result<(), SubmissionError> {
        match self {
            Self::Text { text } => check_text(text),
            Self::Source { lang, files } => check_files(*lang, files),
        }
    }

    /// Whether it is a program.
    pub fn is_source(&self) -> bool {
        matches!(self, Self::Source { .. })
    }

    /// The text that evidence spans point into: the answer, or the program.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Source { lang, files } => files
                .iter()
                .find(|file| file.path == lang.file())
                .map_or("", |file| &file.text),
        }
    }
}

fn check_text(text: &str) -> Result<(), SubmissionError> {
    if text.len() > MAX_ANSWER_BYTES {
        return Err(SubmissionError::TooLong { bytes: text.len() });
    }
    if let Some(at) = text.find('\0') {
        return Err(SubmissionError::Nul { at });
    }
    if text.trim().is_empty() {
        return Err(SubmissionError::Empty);
    }
    Ok(())
}

fn check_files(lang: crate::Language, files: &[ProgramFile]) -> Result<(), SubmissionError> {
    let refused = |path: &str, rule: String| {
        Err(SubmissionError::File {
            path: path.chars().take(100).collect(),
            rule,
        })
    };
    for (i, file) in files.iter().enumerate() {
        if file.path != lang.file() && file.path != TESTS_FILE {
            let rule = format!(
                "is not a file of the submission: `{}` and `{TESTS_FILE}` are",
                lang.file()
            );
            return refused(&file.path, rule);
        }
        if files[..i].iter().any(|other| other.path == file.path) {
            return refused(&file.path, "is there twice".to_owned());
        }
        if file.text.len() > MAX_PROGRAM_BYTES {
            let rule = format!("has {} bytes, the limit is {MAX_PROGRAM_BYTES}", file.text.len());
            return refused(&file.path, rule);
        }
        if let Some(at) = file.text.find('\0') {
            return refused(&file.path, format!("has a NUL character at byte {at}: remove it"));
        }
    }
    match files.iter().find(|file| file.path == lang.file()) {
        Some(file) if file.text.trim().is_empty() => {
            refused(&file.path, "is empty: write a program first".to_owned())
        }
        Some(_) => Ok(()),
        None => refused(lang.file(), format!("is missing: a program in {lang} has it")),
    }
}

impl std::fmt::Display for SubmissionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("`submission.text` is empty: type or say an answer first"),
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "`submission.text` has {bytes} bytes, the limit is {MAX_ANSWER_BYTES}"
                )
            }
            Self::Nul { at } => write!(f, "`submission.text` has a NUL character at byte {at}: remove it"),
            Self::File { path, rule } => write!(f, "`submission.files`: `{path}` {rule}"),
        }
    }
}

impl std::error::Error for SubmissionError {}
