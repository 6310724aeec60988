//! What a language needs before the candidate's program does anything, so that limits and figures are those of
//! the program.

use std::path::Path;
use std::time::Duration;

use domain::{Allowance, CodeLimits, CodeSpec, Language, Mode, Operation, ProgramFile, Signature};

use super::compile::{Artifact, build};
use super::toolchains::Toolchains;
use crate::Error;
use crate::sandbox::{Exit, Limits, Outcome, Run, Sandbox};

/// What the empty program used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// CPU time from start to end; the smallest of some runs.
    pub cpu: Duration,
    /// Peak of memory in bytes; the largest of them.
    pub memory: u64,
}

/// How often the empty program is run: the first run reads the tool's files from the disk.
const RUNS: usize = 4;

/// Room for any empty program on a busy machine; Node has 50 MiB and starts in a tenth of a second.
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(5),
    wall: Duration::from_secs(20),
    memory: 512 << 20,
    processes: 64,
    file: 1 << 20,
    disk: 16 << 20,
    inodes: 256,
    cores: 2.0,
};

/// Runs the empty program of a language and mode. Its figures belong to the tool's version and the machine: once
/// for each start of the judge is enough.
///
/// # Errors
/// The language is missing, or the platform failed.
pub fn measure(
    sandbox: &Sandbox,
    tools: &Toolchains,
    language: Language,
    mode: Mode,
    shelf: &Path,
) -> Result<Baseline, Error> {
    let file = ProgramFile {
        path: language.file().to_owned(),
        text: empty(language, mode).to_owned(),
    };
    let artifact = build(sandbox, tools, &spec(mode), language, &[file], shelf)?
        .map_err(|failure| Error::Judge(format!("the empty program of {language}: {}", failure.message)))?;
    let mut slot = sandbox
        .lease()
        .map_err(|source| Error::Judge(source.to_string()))?;
    let mut baseline = Baseline {
        cpu: Duration::MAX,
        memory: 0,
    };
    for _ in 0..RUNS {
        let outcome = run(&mut slot, &artifact).map_err(|source| Error::Judge(source.to_string()))?;
        if outcome.exit != Exit::Code(0) {
            let why = format!("the empty program of {language} ended with {:?}", outcome.exit);
            return Err(Error::Judge(why));
        }
        baseline.cpu = baseline.cpu.min(outcome.cpu);
        baseline.memory = baseline.memory.max(outcome.memory_peak);
    }
    Ok(baseline)
}

fn run(slot: &mut crate::sandbox::Slot<'_>, artifact: &Artifact) -> Result<Outcome, crate::sandbox::Error> {
    let mut process = slot.spawn(&Run {
        argv: &artifact.argv,
        env: &artifact.env,
        app: Some(&artifact.folder),
        files: &[],
        keep: false,
        take: &[],
        limits: LIMITS,
    })?;
    // The end of the input is the end of the program.
    drop(process.stdin.take());
    process.wait()
}

fn empty(language: Language, mode: Mode) -> &'static str {
    match (language, mode) {
        (Language::Python, Mode::Stdio) => "pass\n",
        (Language::Javascript | Language::Typescript, Mode::Stdio) => ";\n",
        (Language::Go, Mode::Stdio) => "package main\n\nfunc main() {}\n",
        (Language::Rust, Mode::Stdio) => "fn main() {}\n",
        (Language::Python, Mode::Calls) => "class Empty:\n    def rest(self):\n        pass\n",
        (Language::Javascript | Language::Typescript, Mode::Calls) => "export class Empty { rest() {} }\n",
        (Language::Go, Mode::Calls) => {
            "package main\n\ntype Empty struct{}\n\nfunc NewEmpty() *Empty { return &Empty{} }\n\nfunc (e *Empty) Rest() {}\n"
        }
        (Language::Rust, Mode::Calls) => {
            "pub struct Empty;\n\nimpl Empty {\n    pub fn new() -> Self {\n        Self\n    }\n    pub fn rest(&self) {}\n}\n"
        }
    }
}

fn spec(mode: Mode) -> CodeSpec {
    let signature = Signature {
        class: "Empty".to_owned(),
        init: Vec::new(),
        ops: vec![Operation {
            name: "rest".to_owned(),
            params: Vec::new(),
            returns: None,
            doc: String::new(),
        }],
        records: Vec::new(),
        clock: false,
        concurrent: false,
        durable: false,
    };
    CodeSpec {
        mode,
        model: "empty".to_owned(),
        signature: (mode == Mode::Calls).then_some(signature),
        groups: Vec::new(),
        limits: CodeLimits {
            allowance: Allowance {
                cpu_ms: 0,
                memory_mb: 0,
            },
            why: String::new(),
        },
        starters: Vec::new(),
        tests: String::new(),
        proofs: Vec::new(),
    }
}
