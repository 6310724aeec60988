//! Where things are, and how to talk to whoever started us.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

/// What every step returns: an error is one line that names what is missing, then `hint:` and the cure.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The checkout we work in.
pub(crate) struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder; our logs and stamps lie below it.
    pub(crate) target: PathBuf,
    /// Nobody watches: never ask, show all output as it comes.
    pub(crate) ci: bool,
    /// Install without asking.
    pub(crate) yes: bool,
}

impl Project {
    /// Finds the checkout from what cargo tells us.
    pub(crate) fn find(yes: bool) -> Outcome<Project> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .ok_or("started without cargo; hint: run `cargo xtask` in the checkout")?;
        let root = PathBuf::from(manifest).join("..");
        let root = root
            .canonicalize()
            .map_err(|e| format!("the checkout `{}`: {e}", root.display()))?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
        let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
        Ok(Project {
            target: root.join(target),
            root,
            ci,
            yes,
        })
    }

    /// The release binary.
    pub(crate) fn spar(&self) -> PathBuf {
        self.target.join("release/spar")
    }

    /// A folder of our own for logs, stamps and downloads; made when absent.
    pub(crate) fn scratch(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.target.join("xtask").join(name);
        std::fs::create_dir_all(&folder).map_err(|e| format!("create `{}`: {e}", folder.display()))?;
        Ok(folder)
    }

    /// Asks before something is installed. Without a terminal, in CI and with `--yes` the answer is yes.
    pub(crate) fn agrees(&self, question: &str) -> bool {
        if self.yes || self.ci || !std::io::stdin().is_terminal() {
            return true;
        }
        print!("{question} [Y/n] ");
        let mut answer = String::new();
        let read = std::io::stdout()
            .flush()
            .and_then(|()| std::io::stdin().read_line(&mut answer));
        read.is_ok() && !answer.trim_start().starts_with(['n', 'N'])
    }
}

/// Does one step and prints one line for it: what, the outcome in a word or two, the seconds.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Outcome<String>) -> Outcome {
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f64();
    let said = done.as_deref().unwrap_or("failed");
    println!("  {name:<18} {said:<44} {seconds:>7.1} s");
    done.map(drop)
}
