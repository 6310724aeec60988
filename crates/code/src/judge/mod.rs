//! Grading a program.

use std::path::PathBuf;

use domain::{CodeSpec, GroupId, Language, ProgramFile, RunVerdict, Scorecard};

use crate::{Error, LanguageStatus};

/// What the judge needs to start. It reads no environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// The program that serves `broker` as its first argument: this one.
    pub broker: PathBuf,
    /// Folder for compiled programs; made if absent. Bounded; may be deleted at any time while stopped.
    pub shelf: PathBuf,
    /// Where languages' tools are looked for, in order: the folders of `PATH` and others the caller knows.
    pub path: Vec<PathBuf>,
    /// The JavaScript that takes types off TypeScript, run by Node in the sandbox; empty: TypeScript is missing.
    pub strip_types: &'static [u8],
    /// How many programs may run at once.
    pub slots: usize,
    /// Forces the weakest isolation, for tests of what is said of it.
    pub degraded: bool,
}

/// The judge: one for a process.
#[derive(Debug)]
pub struct Judge {}

/// What works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How programs are held, such as `hybrid cgroups`.
    pub isolation: String,
    /// What is not held, in plain sentences; empty with full isolation.
    pub warnings: Vec<String>,
    /// Every language.
    pub languages: Vec<LanguageStatus>,
}

/// What is graded.
#[derive(Debug, Clone, Copy)]
pub struct Grading<'a> {
    /// The item, for the scorecard.
    pub item: &'a str,
    /// Its revision.
    pub revision: &'a str,
    /// From which the hidden cases follow.
    pub seed: u64,
    /// What to grade by.
    pub spec: &'a CodeSpec,
    /// The language.
    pub language: Language,
    /// The program, and the candidate's tests.
    pub files: &'a [ProgramFile],
}

/// How far grading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The program is being compiled.
    Compiling,
    /// A group has begun or moved.
    Group {
        /// Which.
        id: GroupId,
        /// Cases done.
        done: u32,
        /// Cases in all.
        of: u32,
        /// Cases failed so far.
        failed: u32,
    },
}

/// What a trial run is made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial<'a> {
    /// The examples of the prompt.
    Examples,
    /// The candidate's own input, in the notation of own tests, or bytes.
    Own(&'a str),
    /// The candidate's own tests (in [`domain::TESTS_FILE`] of the files) against the candidate's own program.
    Tests,
}

/// What came of a trial run. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// What the compiler said, where it did not compile.
    pub compile_error: Option<String>,
    /// Each case or test.
    pub cases: Vec<RanCase>,
}

/// One case of a trial run.
#[derive(Debug, Clone, PartialEq)]
pub struct RanCase {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub verdict: RunVerdict,
    /// What was run.
    pub input: String,
    /// What was expected; empty for an input of the candidate's own.
    pub expected: String,
    /// What came: answers or standard output, bounded.
    pub got: String,
    /// The rule that was broken, or what went wrong; empty when all is well.
    pub why: String,
    /// What the program wrote to its log (standard error, and `print` in mode calls), bounded.
    pub log: String,
    /// CPU time in milliseconds.
    pub cpu_ms: u64,
    /// Largest memory in MiB.
    pub memory_mb: u64,
}

impl Judge {
    /// Starts the broker, probes the isolation, tests it with hostile programs, and finds the languages.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the cure where programs cannot be held here.
    pub fn start(config: Config) -> Result<Self, Error> {
        let _ = config;
        Err(Error::Unavailable {
            why: "no sandbox yet".to_owned(),
            cure: String::new(),
        })
    }

    /// What works here.
    pub fn status(&self) -> Status {
        Status {
            isolation: String::new(),
            warnings: Vec::new(),
            languages: Vec::new(),
        }
    }

    /// Grades a program. The scorecard is the same for the same input, but for measured figures.
    ///
    /// # Errors
    /// The platform failed: never the program.
    pub fn grade(&self, grading: &Grading<'_>, progress: &dyn Fn(Progress)) -> Result<Scorecard, Error> {
        let _ = progress;
        Err(Error::UnknownProblem(grading.spec.model.clone()))
    }

    /// Runs a program on the examples, on input of the candidate's own, or on the candidate's tests.
    ///
    /// # Errors
    /// As [`Judge::grade`]; an input that is not in the notation is a case with a reason, no error.
    pub fn run(&self, grading: &Grading<'_>, trial: Trial<'_>) -> Result<Ran, Error> {
        let _ = trial;
        Err(Error::UnknownProblem(grading.spec.model.clone()))
    }
}

/// What the editor starts with in a language: the item's own starter, or one made from the signature.
pub fn starter(spec: &CodeSpec, language: Language) -> String {
    let own = spec.starters.iter().find(|(of, _)| *of == language);
    own.map(|(_, text)| text.clone()).unwrap_or_default()
}
