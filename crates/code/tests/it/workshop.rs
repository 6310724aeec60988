//! What tests of languages stand on: the tools of this machine, a sandbox that shows them, a shelf, and a program
//! that is spoken to line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::Duration;

use code::language::Toolchains;
use code::language::compile::{Artifact, CompileFailure, build};
use code::sandbox::{Config, Limits, Outcome, Process, Run, Sandbox, Slot};
use domain::{Allowance, CodeLimits, CodeSpec, Language, Mode, ProgramFile, Signature};
use serde_json::{Value, json};

use crate::sandbox::stage;

/// What a program of these tests may use. Node alone has 50 MiB; races are run for a second or two.
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(10),
    wall: Duration::from_secs(40),
    memory: 512 << 20,
    processes: 64,
    ..stage::LIMITS
};

/// The tools, from `PATH`, and Go from where the tests fetch it.
pub(crate) fn tools() -> &'static Toolchains {
    static TOOLS: OnceLock<Toolchains> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let mut path: Vec<PathBuf> =
            std::env::split_paths(&std::env::var_os("PATH").expect("a PATH")).collect();
        let go = std::env::var_os("SPAR_GO").map(PathBuf::from);
        path.extend(go.as_deref().and_then(Path::parent).map(Path::to_owned));
        path.push(root().join("toolchains/go/bin"));
        let strip = root().join("web/dist-judge/strip.js");
        let strip = std::fs::read(&strip)
            .unwrap_or_else(|why| panic!("{}: {why}; `cargo xtask test` builds it", strip.display()));
        Toolchains::find(&path, strip.leak())
    })
}

/// A sandbox that shows the tools.
pub(crate) fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        let config = Config {
            binds: tools().binds(),
            ..stage::config(2)
        };
        Sandbox::start(config).expect("the sandbox starts")
    })
}

/// The shelf, kept between runs of the tests: Go's kit takes half a minute.
pub(crate) fn shelf() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("shelf")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the judge is told of an item that has only this.
pub(crate) fn spec(signature: Option<Signature>) -> CodeSpec {
    CodeSpec {
        mode: if signature.is_some() {
            Mode::Calls
        } else {
            Mode::Stdio
        },
        model: "shelf".to_owned(),
        signature,
        groups: Vec::new(),
        limits: CodeLimits {
            allowance: Allowance {
                cpu_ms: 1000,
                memory_mb: 64,
            },
            why: String::new(),
        },
        starters: Vec::new(),
        tests: String::new(),
        proofs: Vec::new(),
    }
}

/// Compiles a program; no program is a fault of the platform.
pub(crate) fn compiled(
    signature: Option<&Signature>,
    language: Language,
    source: &str,
) -> Result<Artifact, CompileFailure> {
    let file = ProgramFile {
        path: language.file().to_owned(),
        text: source.to_owned(),
    };
    build(
        sandbox(),
        tools(),
        &spec(signature.cloned()),
        language,
        &[file],
        &shelf(),
    )
    .unwrap_or_else(|fault| panic!("{language}: {fault}"))
}

/// Runs a program of mode stdio to its end.
pub(crate) fn ran(artifact: &Artifact, input: &str) -> (Outcome, String, String) {
    let mut slot = sandbox().lease().expect("a slot");
    let mut session = Session::start(&mut slot, artifact);
    session.send(input);
    session.ended()
}

/// A program that runs, spoken to line by line.
pub(crate) struct Session<'a> {
    process: Process<'a>,
    input: Option<File>,
    answers: BufReader<File>,
    log: JoinHandle<String>,
    calls: u64,
}

impl<'a> Session<'a> {
    pub(crate) fn start(slot: &'a mut Slot<'_>, artifact: &Artifact) -> Self {
        let run = Run {
            argv: &artifact.argv,
            env: &artifact.env,
            app: Some(&artifact.folder),
            files: &[],
            keep: false,
            take: &[],
            limits: LIMITS,
        };
        let mut process = slot.spawn(&run).expect("the slot takes a run");
        let mut errors = process.stderr.try_clone().expect("a descriptor");
        let log = std::thread::spawn(move || {
            let mut log = Vec::new();
            errors.read_to_end(&mut log).expect("the log can be read");
            String::from_utf8_lossy(&log).into_owned()
        });
        Self {
            input: process.stdin.take(),
            answers: BufReader::new(process.stdout.try_clone().expect("a descriptor")),
            process,
            log,
            calls: 0,
        }
    }

    pub(crate) fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        // A program that is gone is seen by its silence.
        let _ = self.input.as_mut().expect("the input is open").write_all(bytes);
    }

    /// The next answer; `null` when the program has ended.
    pub(crate) fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer is text");
        if line.is_empty() {
            Value::Null
        } else {
            line.parse().unwrap_or_else(|why| panic!("{why}: {line}"))
        }
    }

    /// Makes a call and gives its answer without the id.
    pub(crate) fn call(&mut self, op: &str, args: Value) -> Value {
        self.calls += 1;
        // As large as the ids of the judge.
        let id = (1 << 52) + self.calls;
        self.send(&format!("{}\n", json!({"id": id, "op": op, "args": args})));
        let mut answer = self.answer();
        let answered = answer.as_object_mut().and_then(|answer| answer.remove("id"));
        if !answer.is_null() {
            assert_eq!(answered, Some(json!(id)), "the answer to {op} has its id");
        }
        answer
    }

    /// Closes the input and waits for the end: the outcome, the rest of the output, and the log.
    pub(crate) fn ended(mut self) -> (Outcome, String, String) {
        drop(self.input.take());
        let mut rest = String::new();
        self.answers.read_to_string(&mut rest).expect("the rest is text");
        let outcome = self
            .process
            .wait()
            .expect("no program is a fault of the platform");
        (outcome, rest, self.log.join().expect("the log was read"))
    }
}
