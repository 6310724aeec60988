//! Programs: the judge, which may be missing here, the attempts that wait for it, trial runs and drafts.
//!
//! The judge starts when somebody asks for it, not with the application: finding languages and testing the sandbox
//! takes longer than most commands. Whatever it cannot do is told with its cure; attempts wait until it can.

mod drafts;
mod grade;
mod run;
mod verify;
mod worker;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use code::Judge;
use domain::{AttemptId, CodeSpec, GroupId, Language};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::{Capability, Error, Practice};

pub use drafts::NewProgramDraft;
pub(crate) use drafts::check as check_draft;
pub(crate) use grade::source_wanted;
pub use run::{NewRun, RunOn};
pub use verify::{ProofLine, verify_programs, verify_tests};

/// Trial runs that may wait, for each that may run: a candidate presses a button and looks.
const RUNS_WAITING_EACH: usize = 4;

/// The judge of a practice with what is under way.
pub(crate) struct Judging {
    config: OnceLock<code::Config>,
    stage: Mutex<Stage>,
    /// Held by whoever starts the judge: a second one waits for the first.
    starting: tokio::sync::Mutex<()>,
    under_way: Mutex<BTreeMap<AttemptId, Moving>>,
    /// Trial runs under way.
    running: Arc<Semaphore>,
    /// Trial runs under way or waiting.
    admitted: Arc<Semaphore>,
    /// Held for reading by whoever runs programs, for writing while compiled ones are deleted: a program must not
    /// seem to fail because its file is gone.
    gate: Arc<tokio::sync::RwLock<()>>,
    /// Names this process in leases.
    name: String,
    /// Told when an attempt was queued.
    queued: tokio::sync::Notify,
    workers: Mutex<JoinSet<()>>,
}

enum Stage {
    Off,
    Starting,
    Ready(Arc<Judge>, code::Status),
    Failed { why: String, cure: String },
}

/// How far grading is, with when that was last told.
struct Moving {
    progress: Progress,
    told: Option<Instant>,
}

/// Whether programs can be run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgeState {
    /// This session was opened without a judge.
    Off,
    /// It is being started.
    Starting,
    /// They can.
    Ready(code::Status),
    /// They cannot.
    Failed {
        /// What is missing.
        why: String,
        /// What to do about it; may be empty.
        cure: String,
    },
}

/// How far the grading of a program is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The program is being compiled.
    pub compiling: bool,
    /// The groups, in the order of the item.
    pub groups: Vec<GroupProgress>,
}

/// How far one group is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupProgress {
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

/// How an attempt that is not graded yet stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grading {
    /// How many wait before it.
    pub ahead: u32,
    /// How often grading was begun.
    pub tries: u32,
    /// Why it has to wait; `None` while nothing is in the way.
    pub reason: Option<String>,
    /// How far it is; `None` while it waits, or when another process grades it.
    pub progress: Option<Progress>,
}

impl Progress {
    /// Nothing is done yet.
    pub fn of(spec: &CodeSpec) -> Self {
        let group = |group: &domain::CaseGroup| GroupProgress {
            id: group.id,
            title: group.title.clone(),
            done: 0,
            of: group.cases,
            failed: 0,
        };
        Self {
            compiling: false,
            groups: spec.groups.iter().map(group).collect(),
        }
    }

    /// Takes in a step of the judge.
    pub fn step(&mut self, step: &code::Progress) {
        match step {
            code::Progress::Compiling => self.compiling = true,
            code::Progress::Group { id, done, of, failed } => {
                self.compiling = false;
                if let Some(group) = self.groups.iter_mut().find(|group| group.id == *id) {
                    (group.done, group.of, group.failed) = (*done, *of, *failed);
                }
            }
        }
    }
}

impl Judging {
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            config: OnceLock::new(),
            stage: Mutex::new(Stage::Off),
            starting: tokio::sync::Mutex::default(),
            under_way: Mutex::default(),
            running: Arc::new(Semaphore::new(slots)),
            admitted: Arc::new(Semaphore::new(slots * (1 + RUNS_WAITING_EACH))),
            gate: Arc::default(),
            name: format!("{:016x}", crate::random()),
            queued: tokio::sync::Notify::new(),
            workers: Mutex::default(),
        }
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        lock(&self.stage)
    }

    pub(crate) fn is_under_way(&self, id: &AttemptId) -> bool {
        lock(&self.under_way).contains_key(id)
    }

    pub(crate) fn progress(&self, id: &AttemptId) -> Option<Progress> {
        lock(&self.under_way)
            .get(id)
            .map(|moving| moving.progress.clone())
    }

    /// Ends the workers; what they were at is theirs no longer, and is given back by the caller.
    pub(crate) async fn stop(&self) -> Vec<AttemptId> {
        let mut workers = std::mem::take(&mut *lock(&self.workers));
        workers.shutdown().await;
        std::mem::take(&mut *lock(&self.under_way)).into_keys().collect()
    }
}

impl Judging {
    /// Deletes compiled programs, which hold the candidate's text, when no program runs.
    pub(crate) async fn forget_programs(&self) {
        let Some(config) = self.config.get() else { return };
        let _alone = self.gate.write().await;
        for folder in ["programs", "stages"].map(|name| config.shelf.join(name)) {
            let deleted = tokio::task::spawn_blocking(move || match std::fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(folder = %folder.display(), %error, "compiled programs are left");
                }
                _ => {}
            });
            let _ = deleted.await;
        }
    }
}

impl Practice {
    /// Says how a judge is started here. Nothing is started yet; the first configuration stays.
    pub fn judge_by(&self, config: code::Config) {
        let _ = self.0.judging.config.set(config);
    }

    /// Starts the judge unless it runs, and says how it stands. Takes up to a second; one that could not be started
    /// is tried again.
    pub async fn start_judge(&self) -> JudgeState {
        let judging = &self.0.judging;
        let Some(config) = judging.config.get().cloned() else {
            return JudgeState::Off;
        };
        let _alone = judging.starting.lock().await;
        if matches!(*judging.stage(), Stage::Ready(..)) {
            return self.judge_state();
        }
        *judging.stage() = Stage::Starting;
        self.changed();
        let started = tokio::task::spawn_blocking(move || {
            let judge = Judge::start(config)?;
            let status = judge.status();
            Ok::<_, code::Error>((judge, status))
        });
        let stage = match started.await {
            Ok(Ok((judge, status))) => Stage::Ready(Arc::new(judge), status),
            Ok(Err(code::Error::Unavailable { why, cure })) => Stage::Failed { why, cure },
            Ok(Err(error)) => Stage::Failed {
                why: error.to_string(),
                cure: String::new(),
            },
            Err(error) => {
                tracing::error!(%error, "the judge could not be started");
                Stage::Failed {
                    why: "starting the judge stopped unexpectedly".to_owned(),
                    cure: "please report this".to_owned(),
                }
            }
        };
        *judging.stage() = stage;
        self.changed();
        self.judge_state()
    }

    /// Whether programs can be run here.
    pub fn judge_state(&self) -> JudgeState {
        match &*self.0.judging.stage() {
            Stage::Off => JudgeState::Off,
            Stage::Starting => JudgeState::Starting,
            Stage::Ready(_, status) => JudgeState::Ready(status.clone()),
            Stage::Failed { why, cure } => JudgeState::Failed {
                why: why.clone(),
                cure: cure.clone(),
            },
        }
    }

    /// The judge, where it is ready.
    ///
    /// # Errors
    /// [`Error::JudgeOff`] with what is missing.
    pub fn judge(&self) -> Result<Arc<Judge>, Error> {
        let off = |why: &str, cure: &str| {
            Err(Error::JudgeOff {
                why: why.to_owned(),
                cure: cure.to_owned(),
            })
        };
        match &*self.0.judging.stage() {
            Stage::Ready(judge, _) => Ok(Arc::clone(judge)),
            Stage::Off => off("this session was opened without", ""),
            Stage::Starting => off("the sandbox is being started", "try again in a second"),
            Stage::Failed { why, cure } => off(why, cure),
        }
    }

    /// Refuses a language whose tools are known to be missing.
    pub(crate) fn check_language(&self, lang: Language) -> Result<(), Error> {
        let Stage::Ready(_, status) = &*self.0.judging.stage() else {
            return Ok(());
        };
        let of = status.languages.iter().find(|of| of.language == lang);
        match of.map(|of| &of.installed) {
            Some(code::Installed::Missing { cure }) => Err(Error::LanguageMissing {
                language: lang,
                cure: cure.clone(),
            }),
            Some(code::Installed::Found { .. }) | None => Ok(()),
        }
    }

    pub(crate) fn judge_capabilities(&self) -> Vec<Capability> {
        let sandbox = |ok, detail: String, cure: String| Capability {
            name: "sandbox",
            ok,
            detail,
            cure: cure.into(),
        };
        match self.judge_state() {
            JudgeState::Off => Vec::new(),
            JudgeState::Starting => vec![sandbox(true, "is being started".to_owned(), String::new())],
            JudgeState::Failed { why, cure } => {
                let detail = format!("programs cannot be run here: {why}");
                vec![sandbox(false, detail, cure)]
            }
            JudgeState::Ready(status) => {
                let mut all = vec![sandbox(
                    status.warnings.is_empty(),
                    status.isolation.clone(),
                    status.warnings.join("; "),
                )];
                all.extend(status.languages.into_iter().map(language));
                all
            }
        }
    }
}

fn language(status: code::LanguageStatus) -> Capability {
    let name = status.language.as_str();
    match status.installed {
        code::Installed::Found { version } => Capability {
            name,
            ok: true,
            detail: version,
            cure: "".into(),
        },
        code::Installed::Missing { cure } => Capability {
            name,
            ok: false,
            detail: format!("{} is not installed", status.language.title()),
            cure: cure.into(),
        },
    }
}

/// No lock here guards more than plain values that are whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
