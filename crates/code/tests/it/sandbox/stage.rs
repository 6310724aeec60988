//! What tests of the sandbox stand on: a sandbox, programs, and a run with its streams read.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use code::sandbox::{Backend, Config, Control, Limits, Outcome, Run, Sandbox, Slot, TakeOut, system_binds};

/// Bytes of a stream that are read before the run is killed.
pub(crate) const STREAM: usize = 1 << 20;

/// Limits that an honest program never meets, and a hostile one soon.
pub(crate) const LIMITS: Limits = Limits {
    cpu: Duration::from_millis(1000),
    wall: Duration::from_millis(3000),
    memory: 64 << 20,
    processes: 32,
    file: 8 << 20,
    disk: 16 << 20,
    inodes: 256,
    cores: 2.0,
};

/// A run with what it wrote.
#[derive(Debug)]
pub(crate) struct Ran {
    pub outcome: Outcome,
    pub out: String,
    pub err: String,
    /// A stream was longer than [`STREAM`].
    pub flooded: bool,
    /// Until everything was dead, as the judge saw it.
    pub elapsed: Duration,
}

/// What a test wants of a run, beside the defaults.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    pub input: &'a [u8],
    pub app: Option<&'a Path>,
    pub files: &'a [(String, Vec<u8>)],
    pub keep: bool,
    pub take: &'a [TakeOut],
    pub limits: Limits,
    /// Standard input stays open although nothing more comes.
    pub open: bool,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self {
            input: b"",
            app: None,
            files: &[],
            keep: false,
            take: &[],
            limits: LIMITS,
            open: false,
        }
    }
}

/// The broker that is built with this workspace.
pub(crate) fn program() -> PathBuf {
    let own = std::env::current_exe().expect("this test has a path");
    let path = own
        .parent()
        .and_then(Path::parent)
        .expect("tests lie two folders deep")
        .join("broker");
    assert!(
        path.exists(),
        "{} is missing: build it with `cargo build -p broker`",
        path.display()
    );
    path
}

pub(crate) fn config(slots: usize) -> Config {
    Config {
        program: program(),
        slots,
        binds: system_binds(),
        backend: None,
        dropped: None,
    }
}

/// A sandbox of the test's own.
pub(crate) fn start(slots: usize) -> Sandbox {
    Sandbox::start(config(slots)).expect("the sandbox starts")
}

/// A sandbox without one of its measures.
pub(crate) fn without(control: Control) -> Sandbox {
    Sandbox::start(Config {
        dropped: Some(control),
        ..config(1)
    })
    .expect("the sandbox starts")
}

/// A sandbox without control groups.
pub(crate) fn degraded() -> Sandbox {
    Sandbox::start(Config {
        backend: Some(Backend::Degraded),
        ..config(1)
    })
    .expect("the sandbox starts")
}

/// A folder with the C programs of the tests, each compiled from its source.
pub(crate) fn programs() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/abuse");
        for entry in std::fs::read_dir(sources).expect("the sources").flatten() {
            let source = entry.path();
            if source.extension().is_some_and(|end| end == "c") {
                let to = folder.path().join(source.file_stem().expect("a name"));
                let built = std::process::Command::new("cc")
                    .args(["-O1", "-w", "-pthread", "-o"])
                    .arg(to)
                    .arg(&source)
                    .status();
                assert!(
                    built.expect("a C compiler").success(),
                    "{} compiles",
                    source.display()
                );
            }
        }
        folder
    });
    folder.path()
}

/// Runs a program as a judge would: streams read with a cap, killed beyond it.
pub(crate) fn run(slot: &mut Slot<'_>, argv: &[&str], wish: &Wish<'_>) -> Ran {
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let env = [("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
    let began = std::time::Instant::now();
    let mut process = slot
        .spawn(&Run {
            argv: &argv,
            env: &env,
            app: wish.app,
            files: wish.files,
            keep: wish.keep,
            take: wish.take,
            limits: wish.limits,
        })
        .expect("the slot takes a run");
    let mut stdin = process.stdin.take();
    let held = if wish.open {
        stdin
            .as_ref()
            .map(|stdin| stdin.try_clone().expect("a descriptor"))
    } else {
        None
    };
    let (out, err) = (
        process.stdout.try_clone().expect("a descriptor"),
        process.stderr.try_clone().expect("a descriptor"),
    );
    let ((out, err), flooded) = {
        let process = &process;
        let read = |stream: std::fs::File| {
            let mut bytes = Vec::new();
            stream
                .take(STREAM as u64)
                .read_to_end(&mut bytes)
                .expect("a stream can be read");
            let flooded = bytes.len() == STREAM;
            if flooded {
                process.kill();
            }
            (String::from_utf8_lossy(&bytes).into_owned(), flooded)
        };
        std::thread::scope(|scope| {
            let outs = scope.spawn(move || read(out));
            let errs = scope.spawn(move || read(err));
            // A program that reads nothing must not hold the test up.
            if let Some(mut stdin) = stdin.take() {
                scope.spawn(move || stdin.write_all(wish.input).unwrap_or_default());
            }
            let ((out, long_out), (err, long_err)) =
                (outs.join().expect("a reader"), errs.join().expect("a reader"));
            ((out, err), long_out || long_err)
        })
    };
    drop(held);
    let outcome = process.wait().expect("no program is a fault of the platform");
    Ran {
        outcome,
        out,
        err,
        flooded,
        elapsed: began.elapsed(),
    }
}

/// Runs a program of [`programs`] with its arguments.
pub(crate) fn hostile(slot: &mut Slot<'_>, words: &[&str], wish: &Wish<'_>) -> Ran {
    let path = format!("/app/{}", words[0]);
    let argv: Vec<&str> = [path.as_str()]
        .into_iter()
        .chain(words[1..].iter().copied())
        .collect();
    run(
        slot,
        &argv,
        &Wish {
            app: Some(programs()),
            ..wish.clone()
        },
    )
}
