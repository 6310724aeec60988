//! Grading a program.
//!
//! A program is built, spoken to in the sandbox case by case (`session`), and what came of each run is judged
//! here, outside of its process (`verdict`). Groups become criteria with evidence (`grade`, `card`).
//!
//! Nothing that a program does is an error. Nothing of a hidden case may reach a scorecard: `card` is the only
//! place that turns cases into words.

mod card;
mod grade;
mod minimise;
mod own;
mod pipes;
mod render;
mod runner;
mod scale;
mod session;
mod starved;
mod trial;
mod verdict;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use cases::Problem;
use domain::{CodeSpec, Evidence, GroupId, Language, Mode, ProgramFile, RunVerdict, Scorecard};

use crate::language::baseline::{self, Baseline};
use crate::language::{Artifact, Toolchains, compile};
use crate::sandbox::{self, Backend, Sandbox};
use crate::{Error, LanguageStatus};
use grade::Bench;
use runner::Runner;
use verdict::Bounds;
use wire::Wire;

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

/// Version of the grader: scores of different versions are not compared.
const SCORER: &str = "code/1";

/// At most so many cases of a grading are run at once: more would only wait for cores.
const BESIDE: usize = 2;

/// The judge: one for a process.
#[derive(Debug)]
pub struct Judge {
    sandbox: Sandbox,
    toolchains: Toolchains,
    shelf: PathBuf,
    /// Held for reading by every run, for writing by one that must be alone.
    gate: RwLock<()>,
    /// How many cases of a grading are run at once.
    beside: usize,
    /// What languages need by themselves, measured when first asked for.
    baselines: Mutex<BTreeMap<(Language, Mode), Baseline>>,
}

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
        let toolchains = Toolchains::find(&config.path, config.strip_types);
        let sandbox = Sandbox::start(sandbox::Config {
            program: config.broker,
            slots: config.slots,
            binds: toolchains.binds(),
            backend: config.degraded.then_some(Backend::Degraded),
            dropped: None,
        })
        .map_err(unavailable)?;
        sandbox.self_test().map_err(unavailable)?;
        Ok(Self {
            sandbox,
            toolchains,
            shelf: config.shelf,
            gate: RwLock::new(()),
            beside: config.slots.clamp(1, BESIDE),
            baselines: Mutex::default(),
        })
    }

    /// What works here.
    pub fn status(&self) -> Status {
        Status {
            isolation: self.isolation().to_owned(),
            warnings: self.sandbox.warnings(),
            languages: self.toolchains.status(),
        }
    }

    /// Makes what compiling needs and measures what languages need by themselves, for those that are installed.
    /// It takes half a minute the first time: for a thread of its own, before anybody waits.
    ///
    /// # Errors
    /// The first fault; what failed is made again when it is needed.
    pub fn warm(&self) -> Result<(), Error> {
        let installed = |language: &&Language| self.toolchains.tool(**language).is_ok();
        for language in Language::ALL.iter().filter(installed) {
            // Not while a baseline is measured, which keeps all other programs waiting.
            compile::prepare(&self.toolchains, *language, &self.shelf)?;
            for mode in Mode::ALL {
                self.baseline(*language, *mode)?;
            }
        }
        Ok(())
    }

    fn isolation(&self) -> &'static str {
        match self.sandbox.backend() {
            Backend::V2 => "v2",
            Backend::Hybrid => "hybrid",
            Backend::Degraded => "degraded",
        }
    }

    /// Grades a program. The scorecard is the same for the same input, but for measured figures.
    ///
    /// # Errors
    /// The platform failed: never the program.
    pub fn grade(&self, grading: &Grading<'_>, progress: &dyn Fn(Progress)) -> Result<Scorecard, Error> {
        let problem = known(grading.spec)?;
        let scorer = format!("{SCORER}+{}", self.isolation());
        progress(Progress::Compiling);
        let built = match self.build(grading.spec, grading.language, grading.files)? {
            Ok(built) => built,
            Err(said) => {
                let groups = not_compiled(grading.spec, &said);
                let notes = self.sandbox.warnings();
                let verdict = RunVerdict::CompileError;
                return Ok(Bench::scorecard(grading, scorer, groups, verdict, notes));
            }
        };
        let reference = self.reference(grading)?;
        let mut bench = Bench {
            grading,
            problem,
            runner: self.runner(problem, grading.spec, &built),
            reference: reference
                .as_ref()
                .map(|built| self.runner(problem, grading.spec, built)),
            smaller: smaller_cases(grading.language),
            beside: self.beside,
            progress,
        };
        let (groups, verdict) = bench.grade()?;
        let notes = self.sandbox.warnings();
        Ok(Bench::scorecard(grading, scorer, groups, verdict, notes))
    }

    /// Runs a program on the examples, on input of the candidate's own, or on the candidate's tests.
    ///
    /// # Errors
    /// As [`Judge::grade`]; an input that is not in the notation is a case with a reason, no error.
    pub fn run(&self, grading: &Grading<'_>, trial: Trial<'_>) -> Result<Ran, Error> {
        let problem = known(grading.spec)?;
        match self.build(grading.spec, grading.language, grading.files)? {
            Ok(built) => {
                let runner = self.runner(problem, grading.spec, &built);
                let cases = trial::run(&runner, grading, trial)?;
                Ok(Ran {
                    compile_error: None,
                    cases,
                })
            }
            Err(said) => Ok(Ran {
                compile_error: Some(said),
                cases: Vec::new(),
            }),
        }
    }

    /// A program ready to be run, or what the compiler said.
    fn build(
        &self,
        spec: &CodeSpec,
        language: Language,
        files: &[ProgramFile],
    ) -> Result<Result<Built, String>, Error> {
        let built = compile::build(
            &self.sandbox,
            &self.toolchains,
            spec,
            language,
            files,
            &self.shelf,
        )?;
        Ok(match built {
            Ok(artifact) => {
                let baseline = self.baseline(language, spec.mode)?;
                Ok(Built { artifact, baseline })
            }
            Err(failure) => Err(failure.message),
        })
    }

    /// What a language needs by itself. Whoever asks first measures, and the others wait for it.
    fn baseline(&self, language: Language, mode: Mode) -> Result<Baseline, Error> {
        let mut known = self.baselines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(baseline) = known.get(&(language, mode)) {
            return Ok(*baseline);
        }
        let _alone = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let baseline = baseline::measure(&self.sandbox, &self.toolchains, language, mode, &self.shelf)?;
        known.insert((language, mode), baseline);
        Ok(baseline)
    }

    /// The accepted program of the language, where scale is scored.
    fn reference(&self, grading: &Grading<'_>) -> Result<Option<Built>, Error> {
        let scaled = grading.spec.groups.iter().any(|group| group.id == GroupId::Scale);
        let accepted = |proof: &&domain::Proof| {
            proof.verdict == RunVerdict::Accepted && proof.language == grading.language
        };
        let proofs = || grading.spec.proofs.iter().filter(accepted);
        let named = proofs().find(|proof| proof.path.starts_with("accepted/reference."));
        let Some(proof) = named.or_else(|| proofs().next()).filter(|_| scaled) else {
            return Ok(None);
        };
        let files = [ProgramFile {
            path: grading.language.file().to_owned(),
            text: proof.source.clone(),
        }];
        match self.build(grading.spec, grading.language, &files)? {
            Ok(built) => Ok(Some(built)),
            Err(said) => Err(Error::Judge(format!(
                "the reference `{}` does not compile: {said}",
                proof.path
            ))),
        }
    }

    fn runner<'a>(&'a self, problem: &'static Problem, spec: &'a CodeSpec, built: &'a Built) -> Runner<'a> {
        let allowance = spec.limits.allowance;
        let signature = match spec.mode {
            Mode::Calls => spec.signature.as_ref(),
            Mode::Stdio => None,
        };
        Runner {
            sandbox: &self.sandbox,
            gate: &self.gate,
            problem,
            wire: signature.map(|signature| Wire { signature }),
            argv: &built.artifact.argv,
            env: &built.artifact.env,
            app: &built.artifact.folder,
            bounds: Bounds {
                cpu: Duration::from_millis(allowance.cpu_ms),
                memory: allowance.memory_mb << 20,
                start_cpu: built.baseline.cpu,
                start_memory: built.baseline.memory,
            },
            spent: Mutex::default(),
            known_idle: AtomicBool::new(false),
        }
    }
}

/// A program with what its language needs before it does anything.
struct Built {
    artifact: Artifact,
    baseline: Baseline,
}

fn known(spec: &CodeSpec) -> Result<&'static Problem, Error> {
    cases::problem(&spec.model).ok_or_else(|| Error::UnknownProblem(spec.model.clone()))
}

fn unavailable(e: sandbox::Error) -> Error {
    Error::Unavailable {
        why: e.to_string(),
        cure: "the code round needs Linux 5.13 or later with user namespaces or root: run Spar there, or in \
               a virtual machine or container that allows them"
            .to_owned(),
    }
}

/// Runs that making cases smaller may take in all: about three seconds of what starting the language takes.
fn smaller_cases(language: Language) -> u32 {
    match language {
        Language::Go | Language::Rust => 240,
        Language::Python => 150,
        Language::Javascript | Language::Typescript => 48,
    }
}

/// The groups of a program that does not compile.
fn not_compiled(spec: &CodeSpec, said: &str) -> Vec<domain::Group> {
    let first = said
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let tip = format!("Make it compile: {first}");
    let of = |(i, group): (usize, &domain::CaseGroup)| {
        let evidence = Evidence::Case {
            input: String::new(),
            expected: String::new(),
            got: render::cut(said),
            size: String::new(),
        };
        // Once is enough.
        let evidence = if i == 0 { vec![evidence] } else { Vec::new() };
        card::nothing(group, "it does not compile", evidence, &tip)
    };
    spec.groups.iter().enumerate().map(of).collect()
}

/// What the editor starts with in a language: the item's own starter, or one made from the signature.
pub fn starter(spec: &CodeSpec, language: Language) -> String {
    let own = spec.starters.iter().find(|(of, _)| *of == language);
    let made = || {
        spec.signature
            .as_ref()
            .map(|signature| crate::language::shim::starter(language, signature, ""))
    };
    own.map(|(_, text)| text.clone())
        .or_else(made)
        .unwrap_or_default()
}
