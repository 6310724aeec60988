//! The languages' tools on this machine: where they are, what the sandbox must show of them, and how to get those
//! that are missing.
//!
//! Tools are asked once, when the judge starts, with short questions that have nothing to do with candidates:
//! version managers put scripts before the real programs, and only the tool knows where its files are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::Language;

use super::{Installed, LanguageStatus};
use crate::Error;

/// Folders that tools, their libraries and the linker come from on every Linux.
const SYSTEM: [&str; 6] = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"];

/// Where Go's own instructions put it.
const GO_BIN: &str = "/usr/local/go/bin";

/// How long a tool may take to say its version. A version manager's script takes a fifth of a second; a machine
/// that is busy with compiling, ten times that.
const ASK_WAIT: Duration = Duration::from_secs(20);

/// A tool that runs or compiles programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The program itself, no link and no version manager's script.
    pub program: PathBuf,
    /// As the tool says it, such as `3.11.2`.
    pub version: String,
    /// Folders and files that it needs beyond the system's.
    binds: Vec<PathBuf>,
}

/// All tools: of each language the tool, or how to install it.
#[derive(Debug, Clone)]
pub struct Toolchains {
    python: Result<Tool, String>,
    node: Result<Tool, String>,
    go: Result<Tool, String>,
    rust: Result<Tool, String>,
    /// What links programs of Rust.
    linker: Option<PathBuf>,
    /// Takes the types off TypeScript; empty when this build has none.
    strip_types: &'static [u8],
}

/// A thread that asks a tool.
type Asking<'a> = std::thread::ScopedJoinHandle<'a, Result<Tool, String>>;

impl Toolchains {
    /// Looks for the tools in folders, the first that suits wins. Runs each tool found with its question.
    pub fn find(path: &[PathBuf], strip_types: &'static [u8]) -> Self {
        let with_go: Vec<PathBuf> = path.iter().cloned().chain([PathBuf::from(GO_BIN)]).collect();
        let linker = candidates(path, "cc").find_map(|cc| cc.canonicalize().ok());
        let rust = || match &linker {
            Some(_) => find(path, "rustc", ask_rust, RUST),
            None => Err("rustc needs a linker: apt-get install gcc".to_owned()),
        };
        // Each question waits for another program; version managers think for a while.
        let (python, node, go, rust) = std::thread::scope(|scope| {
            let python = scope.spawn(|| find(path, "python3", ask_python, PYTHON));
            let node = scope.spawn(|| find(path, "node", ask_node, NODE));
            let go = scope.spawn(|| find(&with_go, "go", ask_go, GO));
            let rust = scope.spawn(rust);
            let asked = |thread: Asking<'_>| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err("it could not be asked".to_owned()))
            };
            (asked(python), asked(node), asked(go), asked(rust))
        });
        Self {
            python,
            node,
            go,
            rust,
            linker,
            strip_types,
        }
    }

    /// The tool of a language.
    ///
    /// # Errors
    /// It is missing; the text says how to install it.
    pub fn tool(&self, language: Language) -> Result<&Tool, &str> {
        let found = match language {
            Language::Python => &self.python,
            Language::Javascript => &self.node,
            Language::Typescript if self.strip_types.is_empty() && self.node.is_ok() => {
                return Err("this build of Spar has no TypeScript in it: build it with `cargo xtask run`");
            }
            Language::Typescript => &self.node,
            Language::Go => &self.go,
            Language::Rust => &self.rust,
        };
        found.as_ref().map_err(String::as_str)
    }

    /// The tool of a language that is to be used.
    pub(super) fn expect(&self, language: Language) -> Result<&Tool, Error> {
        self.tool(language).map_err(|cure| Error::Missing {
            language,
            cure: cure.to_owned(),
        })
    }

    /// Every language with its version or its cure.
    pub fn status(&self) -> Vec<LanguageStatus> {
        let status = |language: &Language| LanguageStatus {
            language: *language,
            installed: match self.tool(*language) {
                Ok(tool) => Installed::Found {
                    version: tool.version.clone(),
                },
                Err(cure) => Installed::Missing {
                    cure: cure.to_owned(),
                },
            },
        };
        Language::ALL.iter().map(status).collect()
    }

    /// What must be seen in the sandbox, read-only and at the same place, for the tools to work.
    pub fn binds(&self) -> Vec<PathBuf> {
        let mut binds: Vec<PathBuf> = SYSTEM
            .iter()
            .map(PathBuf::from)
            .filter(|dir| dir.exists())
            .collect();
        for tool in [&self.python, &self.node, &self.go, &self.rust]
            .into_iter()
            .flatten()
        {
            for bind in &tool.binds {
                if !binds.iter().any(|shown| bind.starts_with(shown)) {
                    binds.push(bind.clone());
                }
            }
        }
        binds
    }

    /// What links programs of Rust.
    pub(super) fn linker(&self) -> Option<&Path> {
        self.linker.as_deref()
    }

    /// The script that takes types off TypeScript.
    pub(super) fn strip_types(&self) -> &'static [u8] {
        self.strip_types
    }
}

/// What is asked of a tool's version: the smallest that will do, why, and how to get it.
struct Need {
    title: &'static str,
    least: [u32; 2],
    why: &'static str,
    cure: &'static str,
}

const PYTHON: Need = Need {
    title: "Python",
    least: [3, 9],
    why: "starters write list[int], which came with it",
    cure: "apt-get install python3",
};

const NODE: Need = Need {
    title: "Node",
    least: [20, 0],
    why: "the shim checks texts with isWellFormed, which came with it",
    cure: "apt-get install nodejs where that is new enough (Debian 13, Ubuntu 25.04), else the archive of \
           https://nodejs.org/en/download, with its bin folder in PATH",
};

const GO: Need = Need {
    title: "Go",
    least: [1, 21],
    why: "candidates expect slices, maps and min of the standard library, and Debian 12 has 1.19",
    cure: "take the archive of https://go.dev/dl and unpack it: tar -C /usr/local -xzf go*.linux-*.tar.gz",
};

const RUST: Need = Need {
    title: "Rust",
    least: [1, 85],
    why: "programs are of edition 2024",
    cure: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
};

impl Need {
    fn missing(&self) -> String {
        let [major, minor] = self.least;
        format!(
            "{} {major}.{minor} or newer ({}): {}",
            self.title, self.why, self.cure
        )
    }

    fn is_met(&self, version: &str) -> bool {
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        [numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)] >= self.least
    }
}

fn find(path: &[PathBuf], name: &str, ask: fn(&Path) -> Option<Tool>, need: Need) -> Result<Tool, String> {
    let mut old = None;
    for program in candidates(path, name) {
        match ask(&program) {
            Some(tool) if need.is_met(&tool.version) => return Ok(tool),
            Some(tool) => old = old.or(Some(tool.version)),
            None => {}
        }
    }
    let missing = need.missing();
    Err(old.map_or(missing.clone(), |old| {
        format!("{old} is too old; needed is {missing}")
    }))
}

fn candidates<'a>(path: &'a [PathBuf], name: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
    let absolute = path.iter().filter(|folder| folder.is_absolute());
    absolute
        .map(move |folder| folder.join(name))
        .filter(|program| program.is_file())
}

fn ask_python(program: &Path) -> Option<Tool> {
    const QUESTION: &str = "import os, platform, sys; \
        base = getattr(sys, '_base_executable', '') or sys.executable; \
        print(platform.python_version(), os.path.realpath(base), sys.base_prefix, sys.base_exec_prefix, sep='\\n')";
    let [version, program, prefix, exec_prefix] = ask(program, &["-I", "-c", QUESTION])?;
    Some(Tool {
        binds: real(&[prefix, exec_prefix, program.clone()]),
        program: program.into(),
        version,
    })
}

fn ask_node(program: &Path) -> Option<Tool> {
    let [version, program] = ask(
        program,
        &["-p", "process.versions.node + '\\n' + process.execPath"],
    )?;
    Some(Tool {
        // Node is one file; the libraries of a distribution's lie with the system's.
        binds: real(std::slice::from_ref(&program)),
        program: program.into(),
        version,
    })
}

fn ask_go(program: &Path) -> Option<Tool> {
    let [version, root] = ask(program, &["env", "GOVERSION", "GOROOT"])?;
    let root = PathBuf::from(root).canonicalize().ok()?;
    let program = root.join("bin/go");
    Some(Tool {
        version: version.trim_start_matches("go").to_owned(),
        program,
        // What of it the sandbox needs is in the kit.
        binds: Vec::new(),
    })
}

fn ask_rust(program: &Path) -> Option<Tool> {
    let [root] = ask(program, &["--print", "sysroot"])?;
    let root = PathBuf::from(root).canonicalize().ok()?;
    let program = root.join("bin/rustc");
    let [words] = ask(&program, &["--version"])?;
    Some(Tool {
        version: words.split(' ').nth(1)?.to_owned(),
        program,
        binds: vec![root],
    })
}

/// Paths with links followed; those that are not there are left out.
fn real(paths: &[String]) -> Vec<PathBuf> {
    paths
        .iter()
        .filter_map(|path| Path::new(path).canonicalize().ok())
        .collect()
}

/// The first lines that a tool prints. `None`: it failed, said too little, or took too long.
fn ask<const N: usize>(program: &Path, args: &[&str]) -> Option<[String; N]> {
    let mut child = Command::new(program)
        .args(args)
        // No toolchain file of the folder that we happen to be in decides which version answers.
        .current_dir("/")
        .env("GOTOOLCHAIN", "local")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let asked = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if asked.elapsed() > ASK_WAIT {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().ok()?;
    let text = output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).ok())??;
    let lines: Vec<String> = text.lines().take(N).map(|line| line.trim().to_owned()).collect();
    lines.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(GO.is_met("1.27.3"));
        assert!(GO.is_met("1.100"));
        assert!(!GO.is_met("1.19.8"));
        assert!(PYTHON.is_met("3.14.0rc1"));
        assert!(!PYTHON.is_met("2.7.18"));
    }

    #[test]
    fn what_is_missing_comes_with_its_cure() {
        let none = Toolchains::find(&[], b"");
        let cure = none.tool(Language::Python).unwrap_err();
        assert!(cure.contains("apt-get install python3"), "{cure}");
        assert!(none.tool(Language::Typescript).is_err());
    }
}
