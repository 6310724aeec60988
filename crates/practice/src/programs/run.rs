//! Trial runs: a program on the examples, on the candidate's tests, or on input of the candidate's own. Nothing of
//! them is kept.

use std::sync::Arc;

use code::{Grading, Ran, Trial};
use domain::{ItemId, Language, ProgramFile, Submission};

use super::JudgeState;
use crate::{Error, Part, Practice};

/// Longest input of one's own, in bytes: a screen of calls has two thousand.
const MAX_INPUT_BYTES: usize = 64 * 1024;

/// What a client that was refused is told to wait, in seconds: a run takes about one.
const RETRY_AFTER_S: u64 = 1;

/// A program to try out.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The item.
    pub item: ItemId,
    /// The language.
    pub lang: Language,
    /// The program, and the tests where they are run.
    pub files: Vec<ProgramFile>,
    /// What it is run on.
    pub on: RunOn,
}

/// What a program is tried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunOn {
    /// The examples of the prompt.
    Examples,
    /// The candidate's own tests.
    Tests,
    /// Input of the candidate's own.
    Input(String),
}

impl Practice {
    /// Runs a program and says what came of each case.
    ///
    /// # Errors
    /// The item is unknown or takes no program, a file or the input breaks a limit, programs or that language cannot
    /// be run here, too much is run at once, or the judge fails.
    pub async fn run(&self, new: NewRun) -> Result<Ran, Error> {
        let instance = self.instance(&new.item, 0, Part::Question)?;
        takes_programs(&instance.item)?;
        let submission = Submission::Source {
            lang: new.lang,
            files: new.files.clone(),
        };
        submission.validate()?;
        if let RunOn::Input(text) = &new.on
            && text.len() > MAX_INPUT_BYTES
        {
            return Err(Error::Field {
                field: "on.input",
                rule: format!("has {} bytes, the limit is {MAX_INPUT_BYTES}", text.len()),
            });
        }
        if matches!(self.judge_state(), JudgeState::Off | JudgeState::Starting) {
            // Waits for the start that is under way, a second at most; without a configuration nothing is started.
            self.start_judge().await;
        }
        let judge = self.judge()?;
        self.check_language(new.lang)?;
        let busy = |_| Error::Busy {
            retry_after_s: RETRY_AFTER_S,
        };
        let judging = &self.0.judging;
        let admitted = Arc::clone(&judging.admitted).try_acquire_owned().map_err(busy)?;
        // The semaphore is never closed.
        let running = Arc::clone(&judging.running).acquire_owned().await;
        let running = running.map_err(|_| Error::Stopped)?;
        let kept = Arc::clone(&judging.gate).read_owned().await;
        let ran = tokio::task::spawn_blocking(move || {
            let _held = (admitted, running, kept);
            let item = &instance.item;
            let Some(spec) = item.code() else {
                return Err(Error::Stopped);
            };
            let grading = Grading {
                item: item.id.as_str(),
                revision: &item.revision,
                seed: 0,
                spec,
                language: new.lang,
                files: &new.files,
            };
            let trial = match &new.on {
                RunOn::Examples => Trial::Examples,
                RunOn::Tests => Trial::Tests,
                RunOn::Input(text) => Trial::Own(text),
            };
            judge.run(&grading, trial).map_err(Error::from)
        });
        ran.await.map_err(|error| {
            tracing::error!(%error, "a trial run stopped");
            Error::Stopped
        })?
    }
}

/// Refuses an item that takes no program.
pub(crate) fn takes_programs(item: &domain::Item) -> Result<&domain::CodeSpec, Error> {
    item.code().ok_or_else(|| Error::Field {
        field: "item",
        rule: format!("must take a program: `{}` asks for an answer", item.id),
    })
}
