//! Trial runs of programs, and their drafts.

use practice::{ProgramDraft, Ran, RanCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::program::FileBody;
use super::words::{Language, RunVerdict};

/// A program to try out; nothing of it is kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// Its language.
    pub lang: Language,
    /// The program, and the tests where they are run.
    #[schema(min_items = 1, max_items = 2)]
    pub files: Vec<FileBody>,
    /// What it is run on.
    pub on: RunOn,
}

/// What a program is tried on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunOn {
    /// The examples of the prompt.
    Examples,
    /// The candidate's own tests.
    Tests,
    /// Calls in the notation of own tests, or bytes of input; at most 65,536 bytes.
    Input(String),
}

/// What came of a trial run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunBody {
    /// What the compiler said, where it did not compile.
    #[schema(required)]
    pub compile_error: Option<String>,
    /// Each case or test.
    pub cases: Vec<RunCaseBody>,
}

/// One case of a trial run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunCaseBody {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub verdict: RunVerdict,
    /// What was run.
    pub input: String,
    /// What was expected; empty for input of one's own.
    pub expected: String,
    /// What came, bounded.
    pub got: String,
    /// The rule that was broken, or what went wrong; empty when all is well.
    pub why: String,
    /// What the program wrote to its log, bounded.
    pub log: String,
    /// CPU time in milliseconds.
    pub cpu_ms: u64,
    /// Largest memory in MiB.
    pub memory_mb: u64,
}

/// The unsent program of an item in a language.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramDraftBody {
    /// The item.
    pub item: String,
    /// The language.
    pub lang: Language,
    /// The program and the tests.
    pub files: Vec<FileBody>,
    /// Time spent on it so far, in milliseconds.
    #[schema(required)]
    pub elapsed_ms: Option<i64>,
    /// When it was last put.
    #[schema(format = DateTime)]
    pub updated_at: String,
}

/// The unsent program to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutProgramDraft {
    /// The program and the tests; either may be empty or absent.
    #[schema(max_items = 2)]
    pub files: Vec<FileBody>,
    /// Time spent on it so far, in milliseconds, at most a day.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub elapsed_ms: Option<i64>,
}

impl From<RunOn> for practice::RunOn {
    fn from(on: RunOn) -> Self {
        match on {
            RunOn::Examples => Self::Examples,
            RunOn::Tests => Self::Tests,
            RunOn::Input(text) => Self::Input(text),
        }
    }
}

impl From<Ran> for RunBody {
    fn from(ran: Ran) -> Self {
        let case = |case: RanCase| RunCaseBody {
            name: case.name,
            verdict: case.verdict.into(),
            input: case.input,
            expected: case.expected,
            got: case.got,
            why: case.why,
            log: case.log,
            cpu_ms: case.cpu_ms,
            memory_mb: case.memory_mb,
        };
        Self {
            compile_error: ran.compile_error,
            cases: ran.cases.into_iter().map(case).collect(),
        }
    }
}

impl From<&ProgramDraft> for ProgramDraftBody {
    fn from(draft: &ProgramDraft) -> Self {
        Self {
            item: draft.item.to_string(),
            lang: draft.lang.into(),
            files: draft.files.iter().map(FileBody::from).collect(),
            elapsed_ms: draft.elapsed_ms,
            updated_at: instant(draft.updated_at_us),
        }
    }
}
