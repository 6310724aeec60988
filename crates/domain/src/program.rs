//! Programs: the languages, what the judge says of a run, and what it needs of a code item.

use serde::{Deserialize, Serialize};

use crate::GroupId;

crate::item::vocabulary! {
    /// A language that a candidate may write in.
    Language {
        /// Python 3, as `CPython` runs it.
        Python = "python",
        /// JavaScript on Node.
        Javascript = "javascript",
        /// TypeScript on Node; types are taken off, not checked.
        Typescript = "typescript",
        /// Go.
        Go = "go",
        /// Rust.
        Rust = "rust",
    }
}

impl Language {
    /// The file that the candidate writes.
    pub fn file(self) -> &'static str {
        match self {
            Self::Python => "main.py",
            Self::Javascript => "main.js",
            Self::Typescript => "main.ts",
            Self::Go => "main.go",
            Self::Rust => "main.rs",
        }
    }

    /// The language that a file name ends in.
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let of = |language: &&Self| language.file().ends_with(&format!(".{extension}"));
        Self::ALL.iter().find(of).copied()
    }

    /// The name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Javascript => "JavaScript",
            Self::Typescript => "TypeScript",
            Self::Go => "Go",
            Self::Rust => "Rust",
        }
    }
}

crate::item::vocabulary! {
    /// How a program is spoken to.
    Mode {
        /// Bytes in, bytes out.
        Stdio = "stdio",
        /// Calls as JSON lines; a generated shim makes them calls of the candidate's class.
        Calls = "calls",
    }
}

crate::item::vocabulary! {
    /// What came of running a program, as folders of the bank and scorecards spell it.
    RunVerdict {
        /// Every answer right, within the limits.
        Accepted = "accepted",
        /// An answer is wrong.
        WrongAnswer = "wrong_answer",
        /// What came back is no answer: no JSON, an unknown id, a line too many.
        ProtocolError = "protocol_error",
        /// It ended by itself before it had answered: an exit code or a signal.
        Crashes = "crashes",
        /// It needed more CPU time than allowed, or its time grows faster than that of the reference.
        TooSlow = "too_slow",
        /// It neither answered nor computed: it waits or sleeps.
        Idle = "idle",
        /// It needed more memory than allowed.
        TooMuchMemory = "too_much_memory",
        /// It wrote more than allowed.
        TooMuchOutput = "too_much_output",
        /// It did not compile.
        CompileError = "compile_error",
    }
}

/// What the judge needs of a code item.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeSpec {
    /// How the program is spoken to.
    pub mode: Mode,
    /// Names the problem in the crate `cases`: its generator, its model and its checks.
    pub model: String,
    /// What the candidate's class looks like; `None` in mode [`Mode::Stdio`].
    pub signature: Option<Signature>,
    /// What is scored, in the order shown.
    pub groups: Vec<CaseGroup>,
    /// What one run may use.
    pub limits: CodeLimits,
    /// What the editor starts with, by language, where it is not made from the signature.
    pub starters: Vec<(Language, String)>,
    /// The example of own tests that the editor starts with.
    pub tests: String,
    /// Programs filed under what must come of them.
    pub proofs: Vec<Proof>,
}

impl CodeSpec {
    /// The full solutions, one in each language: those under `accepted/reference.`.
    pub fn references(&self) -> impl Iterator<Item = &Proof> {
        let full = |proof: &&Proof| proof.path.starts_with("accepted/reference.");
        self.proofs.iter().filter(full)
    }
}

/// The class that the candidate writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Its name in `UpperCamelCase`.
    pub class: String,
    /// What it is made with.
    #[serde(default)]
    pub init: Vec<Param>,
    /// What it can do.
    #[serde(rename = "op")]
    pub ops: Vec<Operation>,
    /// Record types that parameters and results name.
    #[serde(default, rename = "record")]
    pub records: Vec<Record>,
    /// The first argument of each call is the time, `now_ms`, in milliseconds of a clock that the judge turns.
    #[serde(default)]
    pub clock: bool,
    /// Calls of several clients come at once: the class must be safe for threads.
    #[serde(default)]
    pub concurrent: bool,
    /// The class is made with the path of a folder whose files outlive `kill -9`; it is the first argument.
    #[serde(default)]
    pub durable: bool,
}

/// An operation of the class.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name in `snake_case`; shims spell it as their language does.
    pub name: String,
    /// What it takes, after the time where the signature has a clock.
    #[serde(default)]
    pub params: Vec<Param>,
    /// What it gives; nothing when absent.
    #[serde(default)]
    pub returns: Option<Type>,
    /// One sentence for the starter.
    pub doc: String,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// In `snake_case`.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
}

/// A record type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// In `UpperCamelCase`.
    pub name: String,
    /// Its fields, in order.
    pub fields: Vec<Param>,
}

/// The type of a value. In item files it is a text: `int`, `float`, `str`, `bool`, `T?`, `[T]`, `{T}` (a
/// map from text) or the name of a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Type {
    /// A whole number of 64 bits.
    Int,
    /// A number of double precision.
    Float,
    /// UTF-8 text.
    Str,
    /// True or false.
    Bool,
    /// A value or nothing.
    Optional(Box<Type>),
    /// Values in order.
    List(Box<Type>),
    /// From text to values.
    Map(Box<Type>),
    /// A record of the signature.
    Record(String),
}

impl std::str::FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let within = |open, close| text.strip_prefix(open).and_then(|t| t.strip_suffix(close));
        if let Some(inner) = text.strip_suffix('?') {
            return Ok(Self::Optional(Box::new(inner.parse()?)));
        }
        if let Some(inner) = within('[', ']') {
            return Ok(Self::List(Box::new(inner.parse()?)));
        }
        if let Some(inner) = within('{', '}') {
            return Ok(Self::Map(Box::new(inner.parse()?)));
        }
        let name = text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_alphanumeric());
        match text {
            "int" => Ok(Self::Int),
            "float" => Ok(Self::Float),
            "str" => Ok(Self::Str),
            "bool" => Ok(Self::Bool),
            _ if name => Ok(Self::Record(text.to_owned())),
            _ => Err(format!(
                "`{text}` is not a type: use int, float, str, bool, T?, [T], {{T}} or the name of a record"
            )),
        }
    }
}

impl TryFrom<String> for Type {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A scored part of a code item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseGroup {
    /// What it tests.
    pub id: GroupId,
    /// Heading.
    pub title: String,
    /// Share in the total, in percent.
    pub weight: u32,
    /// The candidate sees its cases; of the others only the rule and the size of the smallest failing one.
    #[serde(default)]
    pub visible: bool,
    /// How many cases are generated.
    #[serde(default)]
    pub cases: u32,
    /// Why it is there: what an interviewer looks for with it.
    pub why: String,
}

/// What one run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// CPU time of one case, all threads, in milliseconds, beyond what starting the language takes.
    pub cpu_ms: u64,
    /// Memory in MiB, beyond what the language itself needs.
    pub memory_mb: u64,
}

/// The limits of an item with their reason.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeLimits {
    /// What one run may use.
    #[serde(flatten)]
    pub allowance: Allowance,
    /// Why these, for the candidate.
    pub why: String,
}

/// A program of the bank with what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Below the item's `submissions/`, such as `wrong_answer/evicts-oldest.py`.
    pub path: String,
    /// Its language.
    pub language: Language,
    /// The worst verdict over all groups that it must get.
    pub verdict: RunVerdict,
    /// The program.
    pub source: String,
}
