//! Speech: how it stands, and what was heard.

use practice::{HeardBy, MAX_RECORDING_S, Speech, SpeechOffer, SpeechState, Transcription};
use serde::Serialize;
use utoipa::ToSchema;

/// How speech stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeechBody {
    /// What can be done now.
    pub state: SpeechStateBody,
    /// Why the model was not fetched; null unless `state` is `failed`.
    pub failure: Option<SpeechFailure>,
    /// The endpoint that recordings are sent to; null when none leaves the machine of this server.
    pub endpoint: Option<HeardByBody>,
    /// What would be fetched; null when there is nothing to fetch.
    pub offer: Option<OfferBody>,
    /// Longest recording that is taken, in seconds.
    pub max_recording_s: u32,
}

/// What can be done now.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeechStateBody {
    /// This server runs without.
    Off,
    /// There is no model yet.
    Missing,
    /// The model is being fetched.
    Fetching,
    /// The model could not be fetched.
    Failed,
    /// Recordings are taken.
    Ready,
}

/// Why the model was not fetched.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeechFailure {
    /// What happened.
    pub reason: String,
    /// What to do.
    pub cure: String,
}

/// What is fetched when somebody agrees.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferBody {
    /// The model.
    pub model: &'static str,
    /// The package that carries it, of the Python Package Index, and its version.
    pub package: String,
    /// The size of the download in bytes.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub download_bytes: u64,
    /// What it takes on the disk, in bytes.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub disk_bytes: u64,
    /// The licence of model and package.
    pub licence: &'static str,
    /// What leaves the machine of this server for it.
    pub sent: &'static str,
}

/// Who hears.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardByBody {
    /// The model's name.
    pub model: String,
    /// Scheme, host and port where the recording went; null for the machine of this server.
    pub sent_to: Option<String>,
}

/// What was said in a recording.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranscriptionBody {
    /// The whole text; empty when nobody speaks.
    pub text: String,
    /// Phrases and sentences, in order of time.
    pub segments: Vec<SegmentBody>,
    /// Words in the text.
    pub words: usize,
    /// Silences of more than two seconds between the first words and the last.
    pub pauses: Vec<SilenceBody>,
    /// The length of the recording.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub duration_ms: u64,
    /// Who heard it.
    pub by: HeardByBody,
}

/// A phrase or sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct SegmentBody {
    /// From the start of the recording.
    pub start_ms: u32,
    /// Not before its start.
    pub end_ms: u32,
    /// What was said.
    pub text: String,
}

/// A silence.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceBody {
    /// From the start of the recording.
    pub start_ms: u32,
    /// Not before its start.
    pub end_ms: u32,
}

impl From<Speech> for SpeechBody {
    fn from(speech: Speech) -> Self {
        let (state, failure) = match speech.state {
            SpeechState::Off => (SpeechStateBody::Off, None),
            SpeechState::Missing => (SpeechStateBody::Missing, None),
            SpeechState::Fetching => (SpeechStateBody::Fetching, None),
            SpeechState::Ready => (SpeechStateBody::Ready, None),
            SpeechState::Failed { reason, cure } => {
                (SpeechStateBody::Failed, Some(SpeechFailure { reason, cure }))
            }
        };
        Self {
            state,
            failure,
            endpoint: speech.endpoint.map(HeardByBody::from),
            offer: speech.offer.map(OfferBody::from),
            max_recording_s: MAX_RECORDING_S,
        }
    }
}

impl From<SpeechOffer> for OfferBody {
    fn from(offer: SpeechOffer) -> Self {
        Self {
            model: offer.model,
            package: format!("{} {}", offer.package, offer.version),
            download_bytes: offer.download_bytes,
            disk_bytes: offer.disk_bytes,
            licence: offer.licence,
            sent: offer.sent,
        }
    }
}

impl From<HeardBy> for HeardByBody {
    fn from(by: HeardBy) -> Self {
        Self {
            model: by.model,
            sent_to: by.sent_to,
        }
    }
}

impl From<Transcription> for TranscriptionBody {
    fn from(heard: Transcription) -> Self {
        Self {
            text: heard.text(),
            words: heard.words(),
            duration_ms: heard.duration_ms,
            by: heard.by.into(),
            pauses: heard
                .pauses
                .into_iter()
                .map(|pause| SilenceBody {
                    start_ms: pause.start_ms,
                    end_ms: pause.end_ms,
                })
                .collect(),
            segments: heard
                .segments
                .into_iter()
                .map(|segment| SegmentBody {
                    start_ms: segment.start_ms,
                    end_ms: segment.end_ms,
                    text: segment.text,
                })
                .collect(),
        }
    }
}

/// A recording as the document describes it: bytes, which are read as they are.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary, max_length = 33_554_432)]
pub struct RecordingBody(#[expect(dead_code, reason = "it is only described")] Vec<u8>);
