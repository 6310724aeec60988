//! Speech to text, by one of two ways: a model on this machine ([`Local`]), or an endpoint that the user has
//! configured ([`Remote`]). What is said goes nowhere by the first, and where the user said by the second.
//!
//! Sound is held in memory while it is transcribed and dropped then: nothing here writes it to a disk, and
//! neither sound nor text is logged. The weights of the model are fetched only when somebody asks for that.

mod endpoint;
mod error;
mod fetch;
mod local;
mod process;
mod remote;
mod weights;

pub use ::remote::{ApiKey, EndpointError};
pub use endpoint::Endpoint;
pub use error::{FetchError, TranscribeError};
pub use local::{Local, Standing};
pub use remote::Remote;
pub use speech::{Pause, Recording, Segment, WavError};
pub use weights::{OFFER, Offer};

/// The way that is configured; there is one at a time.
pub enum Transcriber {
    /// A model on this machine.
    Local(Local),
    /// An endpoint.
    Remote(Remote),
}

/// What was said in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcription {
    /// The length of the recording.
    pub duration_ms: u64,
    /// In order of time; none when nobody speaks.
    pub segments: Vec<Segment>,
    /// Silences of more than two seconds between the first words and the last.
    pub pauses: Vec<Pause>,
    /// Who heard it.
    pub by: By,
}

/// Who hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The model's name.
    pub model: String,
    /// Scheme, host and port where the recording went; `None` for this machine.
    pub sent_to: Option<String>,
}

impl Transcription {
    /// The whole text: the segments with a blank between them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.segments.iter().map(|s| s.text.as_str()).collect();
        texts.join(" ")
    }

    /// Words in the text, as a reader counts them: what stands between blanks.
    pub fn words(&self) -> usize {
        self.segments
            .iter()
            .map(|s| s.text.split_whitespace().count())
            .sum()
    }
}
