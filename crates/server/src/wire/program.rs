//! Programs: what an item asks for, and how far grading is.

use domain::{CodeSpec, Item, Operation, Param, ProgramFile, Type};
use practice::{Installed, JudgeState, JudgeStatus, Practice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{GroupId, Language, Mode};

/// What an item that takes a program asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramBody {
    /// How the program is spoken to.
    pub mode: Mode,
    /// The class that is written; null for a program that reads lines.
    #[schema(required)]
    pub class: Option<ClassBody>,
    /// What is scored, in the order shown.
    pub groups: Vec<CaseGroupBody>,
    /// What one run may use.
    pub limits: ProgramLimits,
    /// Every language, with what there is of it on this machine.
    pub languages: Vec<LanguageBody>,
    /// The name of the file of own tests.
    pub tests_file: &'static str,
    /// The example of own tests that the editor starts with.
    pub tests: String,
    /// Whether programs can be run here.
    pub judge: JudgeBody,
    /// A full solution in each language, when the study material is asked for with `guidance=true`; empty without.
    pub references: Vec<ReferenceBody>,
}

/// The class that is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassBody {
    /// Its name.
    pub name: String,
    /// What it is made with, such as `capacity: int`.
    pub init: String,
    /// What it can do.
    pub operations: Vec<OperationBody>,
    /// Record types that parameters and results name.
    pub records: Vec<RecordBody>,
    /// The first argument of each call is the time, `now_ms`.
    pub clock: bool,
    /// Calls of several clients come at once.
    pub concurrent: bool,
    /// It is made with the path of a folder whose files outlive a crash.
    pub durable: bool,
}

/// An operation of the class.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationBody {
    /// Its name in snake case.
    pub name: String,
    /// Such as `get(now_ms: int, key: str) -> str?`.
    pub signature: String,
    /// What it does.
    pub doc: String,
}

/// A record type.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordBody {
    /// Its name.
    pub name: String,
    /// Its fields, such as `method: str, path: str`.
    pub fields: String,
}

/// A scored part of an item that takes a program.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseGroupBody {
    /// What it tests.
    pub id: GroupId,
    /// Heading.
    pub title: String,
    /// Share in the total, in percent.
    pub weight: u32,
    /// Its cases are shown; of the others only the rule and the size of the smallest failing one.
    pub visible: bool,
    /// What an interviewer looks for with it.
    pub why: String,
}

/// What one run may use.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramLimits {
    /// CPU time of one case in milliseconds, beyond what starting the language takes.
    pub cpu_ms: u64,
    /// Memory in MiB, beyond what the language itself needs.
    pub memory_mb: u64,
    /// Why these.
    pub why: String,
}

/// A language with what there is of it on this machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageBody {
    /// Its id, as in `lang`.
    pub id: Language,
    /// Its name.
    pub title: &'static str,
    /// The file that is written, such as `main.py`.
    pub file: &'static str,
    /// What the editor starts with.
    pub starter: String,
    /// Whether programs in it can be run; null while that is not known yet.
    #[schema(required)]
    pub installed: Option<bool>,
    /// Its version, where it is installed.
    #[schema(required)]
    pub version: Option<String>,
    /// How to install it, where it is missing; empty otherwise.
    pub cure: String,
}

/// Whether programs can be run here.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgeBody {
    /// Where it stands.
    pub state: JudgeStateBody,
    /// How programs are held, such as `hybrid cgroups`; empty unless `ready`.
    pub isolation: String,
    /// What is not held, in plain sentences; empty with full isolation.
    pub warnings: Vec<String>,
    /// What is missing, when `unavailable`; empty otherwise.
    pub why: String,
    /// What to do about it; may be empty.
    pub cure: String,
}

/// Where the judge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JudgeStateBody {
    /// Programs are run.
    Ready,
    /// Programs are taken and wait.
    Starting,
    /// Programs are taken and wait until what is missing is there.
    Unavailable,
}

/// A full solution.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferenceBody {
    /// Its language.
    pub lang: Language,
    /// The program.
    pub text: String,
}

/// A file of a program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileBody {
    /// The `file` of the language, or `tests.txt`.
    #[schema(max_length = 64)]
    pub path: String,
    /// Its text, at most 262,144 bytes.
    #[schema(max_length = 262_144)]
    pub text: String,
}

/// How a program that is not graded yet stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct GradingBody {
    /// How many wait before it.
    pub ahead: u32,
    /// How often grading was begun.
    pub tries: u32,
    /// Why it has to wait; null while nothing is in the way.
    #[schema(required)]
    pub reason: Option<String>,
    /// The program is being compiled.
    pub compiling: bool,
    /// How far each group is; empty while it waits.
    pub groups: Vec<GroupProgressBody>,
}

/// How far one group is.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupProgressBody {
    /// Which.
    pub id: GroupId,
    /// Its heading.
    pub title: String,
    /// Cases done.
    pub done: u32,
    /// Cases in all, as far as known.
    pub of: u32,
    /// Cases failed so far.
    pub failed: u32,
}

impl ProgramBody {
    /// What `item` asks for, with what there is here; `None` when it takes an answer.
    pub fn new(item: &Item, practice: &Practice, with_references: bool) -> Option<Self> {
        let spec = item.code()?;
        let judge = practice.judge_state();
        let group = |group: &domain::CaseGroup| CaseGroupBody {
            id: group.id.into(),
            title: group.title.clone(),
            weight: group.weight,
            visible: group.visible,
            why: group.why.clone(),
        };
        Some(Self {
            mode: spec.mode.into(),
            class: spec.signature.as_ref().map(ClassBody::from),
            groups: spec.groups.iter().map(group).collect(),
            limits: ProgramLimits {
                cpu_ms: spec.limits.allowance.cpu_ms,
                memory_mb: spec.limits.allowance.memory_mb,
                why: spec.limits.why.clone(),
            },
            languages: domain::Language::ALL
                .iter()
                .map(|language| LanguageBody::new(*language, spec, &judge))
                .collect(),
            tests_file: domain::TESTS_FILE,
            tests: spec.tests.clone(),
            judge: JudgeBody::from(&judge),
            references: if with_references {
                references(spec)
            } else {
                Vec::new()
            },
        })
    }
}

fn references(spec: &CodeSpec) -> Vec<ReferenceBody> {
    let full = spec.references();
    full.map(|proof| ReferenceBody {
        lang: proof.language.into(),
        text: proof.source.clone(),
    })
    .collect()
}

impl LanguageBody {
    fn new(language: domain::Language, spec: &CodeSpec, judge: &JudgeState) -> Self {
        let status = match judge {
            JudgeState::Ready(JudgeStatus { languages, .. }) => {
                languages.iter().find(|of| of.language == language)
            }
            _ => None,
        };
        let (installed, version, cure) = match status.map(|status| status.installed.clone()) {
            Some(Installed::Found { version }) => (Some(true), Some(version), String::new()),
            Some(Installed::Missing { cure }) => (Some(false), None, cure),
            None => (None, None, String::new()),
        };
        Self {
            id: language.into(),
            title: language.title(),
            file: language.file(),
            starter: practice::starter(spec, language),
            installed,
            version,
            cure,
        }
    }
}

impl From<&JudgeState> for JudgeBody {
    fn from(state: &JudgeState) -> Self {
        let body = |state| Self {
            state,
            isolation: String::new(),
            warnings: Vec::new(),
            why: String::new(),
            cure: String::new(),
        };
        match state {
            JudgeState::Ready(status) => Self {
                isolation: status.isolation.clone(),
                warnings: status.warnings.clone(),
                ..body(JudgeStateBody::Ready)
            },
            JudgeState::Starting => body(JudgeStateBody::Starting),
            JudgeState::Off => Self {
                why: "this session was opened without".to_owned(),
                ..body(JudgeStateBody::Unavailable)
            },
            JudgeState::Failed { why, cure } => Self {
                why: why.clone(),
                cure: cure.clone(),
                ..body(JudgeStateBody::Unavailable)
            },
        }
    }
}

impl From<&domain::Signature> for ClassBody {
    fn from(signature: &domain::Signature) -> Self {
        let operation = |op: &Operation| OperationBody {
            name: op.name.clone(),
            signature: operation(op, signature.clock),
            doc: op.doc.clone(),
        };
        let record = |record: &domain::Record| RecordBody {
            name: record.name.clone(),
            fields: params(&record.fields),
        };
        Self {
            name: signature.class.clone(),
            init: params(&signature.init),
            operations: signature.ops.iter().map(operation).collect(),
            records: signature.records.iter().map(record).collect(),
            clock: signature.clock,
            concurrent: signature.concurrent,
            durable: signature.durable,
        }
    }
}

fn operation(op: &Operation, clock: bool) -> String {
    let time = match (clock, op.params.is_empty()) {
        (false, _) => "",
        (true, true) => "now_ms: int",
        (true, false) => "now_ms: int, ",
    };
    let returns = op
        .returns
        .as_ref()
        .map(|ty| format!(" -> {}", written(ty)))
        .unwrap_or_default();
    format!("{}({time}{}){returns}", op.name, params(&op.params))
}

fn params(params: &[Param]) -> String {
    let param = |param: &Param| format!("{}: {}", param.name, written(&param.ty));
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}

/// A type as item files write it.
fn written(ty: &Type) -> String {
    match ty {
        Type::Int => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Str => "str".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Optional(inner) => format!("{}?", written(inner)),
        Type::List(inner) => format!("[{}]", written(inner)),
        Type::Map(inner) => format!("{{{}}}", written(inner)),
        Type::Record(name) => name.clone(),
    }
}

impl From<FileBody> for ProgramFile {
    fn from(file: FileBody) -> Self {
        let FileBody { path, text } = file;
        Self { path, text }
    }
}

impl From<&ProgramFile> for FileBody {
    fn from(file: &ProgramFile) -> Self {
        Self {
            path: file.path.clone(),
            text: file.text.clone(),
        }
    }
}

impl From<&practice::Grading> for GradingBody {
    fn from(grading: &practice::Grading) -> Self {
        let progress = grading.progress.clone().unwrap_or_default();
        let group = |group: practice::GroupProgress| GroupProgressBody {
            id: group.id.into(),
            title: group.title,
            done: group.done,
            of: group.of,
            failed: group.failed,
        };
        Self {
            ahead: grading.ahead,
            tries: grading.tries,
            reason: grading.reason.clone(),
            compiling: progress.compiling,
            groups: progress.groups.into_iter().map(group).collect(),
        }
    }
}
