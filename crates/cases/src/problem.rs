//! The problems: a row of functions each.

use domain::GroupId;

use crate::{Case, Mismatch, Transcript};

/// A problem that programs are judged on.
#[derive(Debug, Clone, Copy)]
pub struct Problem {
    /// The name that items of the bank give as `model`.
    pub name: &'static str,
    /// The cases of a group. The examples of the prompt do not depend on the seed.
    pub generate: fn(Wanted) -> Vec<Case>,
    /// Whether a transcript is that of a right program; else the first thing that is wrong. It may have fewer
    /// steps than the case: what there is, is judged.
    pub check: fn(&Case, &Transcript) -> Result<(), Box<Mismatch>>,
    /// A case of a size, for measuring how the time grows: its work is meant to grow as the size does.
    pub scale: fn(size: u64, seed: u64) -> Case,
    /// Sizes to measure at, ascending; the smallest takes the reference a few milliseconds, each is double the
    /// one before.
    pub scale_sizes: &'static [u64],
    /// A case that shows how much memory is held: [`crate::Case`] and how much a frugal program needs is the
    /// item's limit. None where memory is not scored.
    pub memory: Option<fn(seed: u64) -> Case>,
    /// Reads the candidate's own tests and runs them against the model and its broken variants.
    pub own_tests: fn(text: &str) -> Result<OwnTests, TestsError>,
    /// Input of the candidate's own for a trial run: calls in the notation of tests, without expectations
    /// (where there are some, they are ignored), or bytes as they are.
    pub own_input: fn(text: &str) -> Result<Case, TestsError>,
    /// A case in the notation of own tests, with the answers of the model where they are fixed.
    pub show: fn(&Case) -> String,
}

/// What cases are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of which group.
    pub group: GroupId,
    /// How many.
    pub count: u32,
    /// From which seed.
    pub seed: u64,
}

/// What came of the candidate's own tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTests {
    /// Each test.
    pub tests: Vec<OwnTest>,
    /// Each broken implementation.
    pub mutants: Vec<Mutant>,
}

/// A test that the candidate wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTest {
    /// Its name.
    pub name: String,
    /// Line of the file it starts at, from 1.
    pub line: usize,
    /// What is wrong with it: a right implementation fails it. Such a test catches nothing.
    pub wrong: Option<Mismatch>,
}

/// A broken implementation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Slug.
    pub id: &'static str,
    /// What is broken, as one sentence; shown once it has been caught.
    pub title: &'static str,
    /// The first test that it fails and a right implementation passes.
    pub caught_by: Option<String>,
}

/// A text that is not in the notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestsError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and how to write it.
    pub message: String,
}

/// All problems.
pub const PROBLEMS: &[Problem] = &[
    crate::api_handler::PROBLEM,
    crate::job_queue::PROBLEM,
    crate::log_stream::PROBLEM,
    crate::lru_cache::PROBLEM,
    crate::rate_limiter::PROBLEM,
    crate::resilient_client::PROBLEM,
];

/// The problem of that name.
pub fn problem(name: &str) -> Option<&'static Problem> {
    PROBLEMS.iter().find(|problem| problem.name == name)
}

impl std::fmt::Display for TestsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TestsError {}
