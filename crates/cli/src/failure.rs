//! What ends a command: somebody's input, or our platform.

use std::process::ExitCode;

use domain::{AttemptId, ItemId};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage or bad input: exit code 2.
    Input(anyhow::Error),
    /// The platform failed: exit code 1.
    Platform(anyhow::Error),
}

impl Failure {
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    pub(crate) fn platform(error: impl Into<anyhow::Error>) -> Self {
        Self::Platform(error.into())
    }

    /// Prints the chain of causes and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (error, code) = match self {
            Self::Input(error) => (error, 2),
            Self::Platform(error) => (error, 1),
        };
        eprintln!("error: {error:#}");
        ExitCode::from(code)
    }
}

impl From<practice::Error> for Failure {
    fn from(error: practice::Error) -> Self {
        use practice::Error as E;
        match error {
            E::Store(_)
            | E::Stopped
            | E::Busy { .. }
            | E::Rubric { .. }
            | E::JudgeOff { .. }
            | E::LanguageMissing { .. }
            | E::Judge { .. } => Self::platform(error),
            _ => Self::input(error),
        }
    }
}

/// An id given by hand.
pub(crate) fn item_id(text: &str) -> Result<ItemId, Failure> {
    text.parse().map_err(Failure::input)
}

/// An id given by hand.
pub(crate) fn attempt_id(text: &str) -> Result<AttemptId, Failure> {
    text.parse().map_err(Failure::input)
}
