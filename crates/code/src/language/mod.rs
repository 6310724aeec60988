//! The languages: their tools on this machine, the shims that make lines into calls, and compiling.

pub mod baseline;
pub mod compile;
mod kit;
pub mod shim;
mod toolchains;

use domain::Language;

pub use compile::{Artifact, CompileFailure};
pub use toolchains::{Tool, Toolchains};

/// A language with what there is of it on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageStatus {
    /// The language.
    pub language: Language,
    /// Its version, or how to install it.
    pub installed: Installed,
}

/// Whether a language's tools are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// They are.
    Found {
        /// As the tool says it, such as `3.11.2`.
        version: String,
    },
    /// They are not.
    Missing {
        /// The command or page that installs them.
        cure: String,
    },
}
