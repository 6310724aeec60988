//! Compiling: from a submission to what can be run, in the sandbox, once for each content.
//!
//! A program that does not compile is a [`CompileFailure`], with what its compiler said; whatever it does to the
//! compiler, it is no error.

mod messages;
mod recipe;
mod shelf;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{CodeSpec, Language, ProgramFile};

pub use messages::of_program as readable_log;
use recipe::Recipe;
use shelf::Shelf;
pub(super) use shelf::Stage;

use super::kit;
use super::toolchains::Toolchains;
use crate::Error;
use crate::sandbox::{Exit, Limits, Outcome, Run, Sandbox, Stop, TakeOut};

/// A program that can be run: with `folder` as `/app`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its files, on the host.
    pub folder: PathBuf,
    /// The command inside the sandbox.
    pub argv: Vec<String>,
    /// Its whole environment.
    pub env: Vec<(String, String)>,
    /// What it was written in.
    pub language: Language,
}

impl Artifact {
    /// The environment for a run that may use so many bytes of memory in all: Go and Node collect garbage by how
    /// much memory the machine has, and would be stopped with a heap that is garbage for the most part. Go aims
    /// below the limit; Node gives up at its own, so that it is the limit of the run that is met first.
    pub fn env_within(&self, memory: u64) -> Vec<(String, String)> {
        let told = match self.language {
            Language::Go => Some(("GOMEMLIMIT", (memory / 10 * 9).to_string())),
            Language::Javascript | Language::Typescript => {
                Some(("NODE_OPTIONS", format!("--max-old-space-size={}", memory >> 20)))
            }
            Language::Python | Language::Rust => None,
        };
        let told = told.map(|(name, value)| (name.to_owned(), value));
        self.env.iter().cloned().chain(told).collect()
    }
}

/// A program did not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileFailure {
    /// What the compiler said, bounded and free of the machine's paths.
    pub message: String,
}

/// What a compiler may use. Of an interview's program Rust needs two seconds and 200 MiB; the rest is for a busy
/// machine. The link step of Go writes the largest file, of three MiB.
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(10),
    wall: Duration::from_secs(25),
    memory: 1 << 30,
    processes: 64,
    file: 64 << 20,
    disk: 256 << 20,
    inodes: 4096,
    cores: 2.0,
};

/// Largest file of an artifact.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Compiles a program, or takes it from the shelf.
///
/// # Errors
/// The tools are missing, or the platform failed: never the program.
pub fn build(
    sandbox: &Sandbox,
    tools: &Toolchains,
    spec: &CodeSpec,
    language: Language,
    files: &[ProgramFile],
    shelf: &Path,
) -> Result<Result<Artifact, CompileFailure>, Error> {
    let failed = |source: std::io::Error| Error::Judge(format!("the shelf of programs: {source}"));
    let recipe = Recipe::new(tools, spec, language, files)?;
    let artifact = |folder| Artifact {
        folder,
        argv: recipe.run.clone(),
        env: environment(),
        language,
    };
    let kit = kit::ready(tools, language, shelf)?;
    let shelf = Shelf::open(shelf).map_err(failed)?;
    let key = recipe.key(tools.expect(language)?, language);
    if let Some(folder) = shelf.get(&key) {
        return Ok(Ok(artifact(folder)));
    }
    let stage = shelf.stage().map_err(failed)?;
    if let Err(failure) = compile(sandbox, tools, &recipe, kit.as_deref(), &stage)? {
        return Ok(Err(failure));
    }
    for (name, text) in &recipe.kept {
        fs::write(stage.folder.join(name), text).map_err(failed)?;
    }
    Ok(Ok(artifact(shelf.put(&stage, &key).map_err(failed)?)))
}

/// Makes what compiling a language needs besides its tools, if it is not on the shelf yet. [`build`] does so too;
/// for Go the first time takes half a minute, which is better spent before anybody waits.
///
/// # Errors
/// As [`build`].
pub fn prepare(tools: &Toolchains, language: Language, shelf: &Path) -> Result<(), Error> {
    kit::ready(tools, language, shelf).map(drop)
}

/// Nothing of ours; what a compiler and a program cannot do without.
fn environment() -> Vec<(String, String)> {
    let pairs = [
        ("PATH", "/usr/bin:/bin"),
        ("HOME", "/w"),
        ("TMPDIR", "/tmp"),
        ("LANG", "C.UTF-8"),
        ("TZ", "UTC"),
        // The order of sets is the same in each run.
        ("PYTHONHASHSEED", "0"),
    ];
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn compile(
    sandbox: &Sandbox,
    tools: &Toolchains,
    recipe: &Recipe,
    kit: Option<&Path>,
    stage: &Stage,
) -> Result<Result<(), CompileFailure>, Error> {
    let failed = |source: &dyn std::error::Error| Error::Judge(format!("compiling: {source}"));
    let take: Vec<TakeOut> = recipe
        .made
        .iter()
        .map(|name| TakeOut {
            from: (*name).to_owned(),
            to: stage.folder.join(name),
            max_bytes: MAX_FILE_BYTES,
        })
        .collect();
    let mut slot = sandbox.lease().map_err(|source| failed(&source))?;
    let run = Run {
        argv: &recipe.argv,
        env: &environment(),
        app: kit,
        files: &recipe.files,
        keep: false,
        take: &take,
        limits: LIMITS,
    };
    let mut process = slot.spawn(&run).map_err(|source| failed(&source))?;
    drop(process.stdin.take());
    let streams = [&process.stderr, &process.stdout].map(fs::File::try_clone);
    let [errors, output] = streams;
    let (errors, output) = (errors.map_err(|e| failed(&e))?, output.map_err(|e| failed(&e))?);
    let (outcome, said) = std::thread::scope(|scope| {
        let readers = [errors, output].map(|stream| scope.spawn(|| drained(stream)));
        let outcome = process.wait();
        let said = readers.map(|reader| reader.join().unwrap_or_default());
        (outcome, said)
    });
    let outcome = outcome.map_err(|source| failed(&source))?;
    let missing = outcome.taken.iter().position(Result::is_err);
    if outcome.exit == Exit::Code(0) && outcome.stop.is_none() && missing.is_none() {
        return Ok(Ok(()));
    }
    let said = messages::of_compiler(&said.concat(), &tools.binds());
    let caller = if said.contains("shim.") { CALLER } else { "" };
    let why = why(&outcome);
    let parts = [why.as_str(), &said, caller];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Err(CompileFailure {
        message: parts.join("\n\n"),
    }))
}

/// Said where a message is about the shim, which the candidate did not write.
const CALLER: &str = "What is said of `shim` is about the judge's calls of your class: they fit the starter, so compare \
                      names, parameters and results with it.";

/// What the compiler could not say itself.
fn why(outcome: &Outcome) -> String {
    match (outcome.stop, outcome.exit) {
        (Some(Stop::Cpu | Stop::Killed), _) => {
            format!(
                "The compiler needed more than {} s of CPU time and was stopped.",
                LIMITS.cpu.as_secs()
            )
        }
        (Some(Stop::Wall), _) => format!(
            "The compiler took more than {} s and was stopped.",
            LIMITS.wall.as_secs()
        ),
        (Some(Stop::Memory), _) => {
            format!(
                "The compiler needed more than {} MiB of memory and was stopped.",
                LIMITS.memory >> 20
            )
        }
        (None, Exit::Signal(signal)) => format!("The compiler was ended by signal {signal}."),
        (None, Exit::Code(0)) => format!(
            "The compiler made no program, or one of more than {} MiB.",
            MAX_FILE_BYTES >> 20
        ),
        (None, Exit::Code(_)) => String::new(),
    }
}

/// Reads a stream to its end and keeps its head and tail.
fn drained(mut stream: fs::File) -> Vec<u8> {
    let mut head = Vec::new();
    let mut tail: std::collections::VecDeque<u8> = std::collections::VecDeque::new();
    let mut chunk = [0; 1 << 14];
    let mut cut = false;
    loop {
        let read = match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let room = messages::HEAD_BYTES - head.len();
        let (first, rest) = chunk[..read].split_at(read.min(room));
        head.extend_from_slice(first);
        tail.extend(rest);
        let over = tail.len().saturating_sub(messages::TAIL_BYTES);
        tail.drain(..over);
        cut |= over > 0;
    }
    if cut {
        head.extend_from_slice(b"\n[cut]\n");
    }
    head.extend(tail);
    head
}
