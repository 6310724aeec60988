//! Where there is no Linux there is no sandbox: the same words, none of which can come to be.

use std::convert::Infallible;
use std::fs::File;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Backend, Config, Error, Outcome, Run, Usage};

/// The sandbox, which there cannot be here.
#[derive(Debug)]
pub struct Sandbox(Infallible);

/// A slot, which there cannot be here.
#[derive(Debug)]
pub struct Slot<'a>(Infallible, PhantomData<&'a ()>);

/// A program that runs, which there cannot be here.
#[derive(Debug)]
pub struct Process<'a> {
    /// Its standard input.
    pub stdin: Option<File>,
    /// Its standard output.
    pub stdout: File,
    /// Its standard error.
    pub stderr: File,
    never: Infallible,
    lease: PhantomData<&'a ()>,
}

impl Sandbox {
    /// Says what is needed.
    ///
    /// # Errors
    /// Always [`Error::Elsewhere`].
    pub fn start(_config: Config) -> Result<Self, Error> {
        Err(Error::Elsewhere)
    }

    /// What holds the resources of programs.
    pub fn backend(&self) -> Backend {
        match self.0 {}
    }

    /// What is not held.
    pub fn warnings(&self) -> Vec<String> {
        match self.0 {}
    }

    /// Whether the broker lives.
    pub fn is_alive(&self) -> bool {
        match self.0 {}
    }

    /// The process number of the broker.
    pub fn broker_id(&self) -> Option<u32> {
        match self.0 {}
    }

    /// Runs hostile programs.
    ///
    /// # Errors
    /// None here.
    pub fn self_test(&self) -> Result<(), Error> {
        match self.0 {}
    }

    /// Waits for a slot.
    ///
    /// # Errors
    /// None here.
    pub fn lease(&self) -> Result<Slot<'_>, Error> {
        match self.0 {}
    }
}

impl Slot<'_> {
    /// Starts a program.
    ///
    /// # Errors
    /// None here.
    pub fn spawn(&mut self, _run: &Run<'_>) -> Result<Process<'_>, Error> {
        match self.0 {}
    }
}

impl Process<'_> {
    /// What it uses.
    pub fn usage(&self) -> Usage {
        match self.never {}
    }

    /// Kills it.
    pub fn kill(&self) {
        match self.never {}
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// None here.
    pub fn wait(self) -> Result<Outcome, Error> {
        match self.never {}
    }

    /// Waits for a while.
    ///
    /// # Errors
    /// None here.
    pub fn wait_for(&mut self, _time: Duration) -> Result<Option<Outcome>, Error> {
        match self.never {}
    }
}
