//! Why there is no text, or no model. None of these holds a key, sound or text: they are shown and logged.

use std::path::PathBuf;

/// Why a recording was not transcribed.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// There is no model on this machine.
    #[error("there is no speech model on this machine; hint: {MISSING_CURE}")]
    Missing,
    /// The model's files cannot be read.
    #[error("cannot read `{}` ({source}); hint: see who may read it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The model's files are damaged or of another kind.
    #[error(transparent)]
    Load(#[from] speech::LoadError),
    /// The platform failed.
    #[error(transparent)]
    Speech(#[from] speech::SpeechError),
    /// No connection to the endpoint.
    #[error("the speech endpoint cannot be reached ({what}); hint: start it, or correct the address")]
    Connect {
        /// What the system or TLS said.
        what: String,
    },
    /// The endpoint hung up within its reply.
    #[error("the speech endpoint hung up within its reply; hint: see its log")]
    Cut,
    /// The endpoint took too long.
    #[error(
        "the speech endpoint gave nothing within {limit_s} s; hint: a smaller model, or a faster machine"
    )]
    Timeout {
        /// The limit in seconds.
        limit_s: u64,
    },
    /// The endpoint answered with a status that is no success.
    #[error("the speech endpoint answered {status}; hint: {}", cure(*status))]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// What came back is no transcript.
    #[error(
        "the speech endpoint's reply cannot be used: {what}; hint: see whether it serves `/audio/transcriptions`"
    )]
    Reply {
        /// What is wrong with it.
        what: &'static str,
    },
}

/// What to do without a model.
pub(crate) const MISSING_CURE: &str = "fetch one with `spar speech fetch`, or set `SPAR_SPEECH_MODEL` to a folder with \
    one, or `SPAR_SPEECH_URL` to an endpoint";

fn cure(status: u16) -> &'static str {
    match status {
        300..=399 => "it redirects; configure the final address",
        401 | 403 => "check the key",
        404 => "check the address (it usually ends in /v1) and the model",
        429 => "it limits us; wait and try again",
        _ => "see the log of the endpoint",
    }
}

/// Why the model was not fetched. What was downloaded before stays and is not downloaded again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// pip is not there.
    #[error(
        "pip, which fetches it, is missing; hint: install it (Debian, Ubuntu: `apt install python3-pip`)"
    )]
    NoClient,
    /// pip could not download the package.
    #[error(
        "pip did not get the package ({said}); hint: check the network and the package index, then try again"
    )]
    Download {
        /// pip's own words, one line.
        said: String,
    },
    /// pip did not end.
    #[error("pip did not end within {limit_s} s; hint: try again, or fetch it where the network is faster")]
    Timeout {
        /// The limit in seconds.
        limit_s: u64,
    },
    /// What came is not what we know.
    #[error("`{name}` in the package is not the file we know; hint: report it, and use no other")]
    Wrong {
        /// The file.
        name: &'static str,
    },
    /// Another process is at it.
    #[error("another Spar is fetching it; hint: wait until that is done")]
    UnderWay,
    /// The folder cannot be written.
    #[error("cannot write to `{}` ({said}); hint: see who may write there, and whether the disk is full", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        said: String,
    },
}
