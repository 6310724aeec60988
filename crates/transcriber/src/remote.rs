//! An endpoint that hears: one request for a recording, and a reply that is not trusted.

use std::sync::atomic::{AtomicBool, Ordering};

use ::remote::{EndpointError, Fault, Received, Wire};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use speech::{Recording, Segment};
use tokio::time::timeout;

use crate::{By, Endpoint, TranscribeError, Transcription};

/// Most segments that are taken: five minutes have about a hundred.
const MAX_SEGMENTS: usize = 2000;
/// Longest text of one segment.
const MAX_SEGMENT_CHARS: usize = 20_000;

/// A speech endpoint.
pub struct Remote {
    endpoint: Endpoint,
    wire: Wire,
    /// Set once the endpoint has refused to give times: some models only give text.
    text_only: AtomicBool,
}

/// What comes back, as far as it is read.
#[derive(Deserialize)]
struct Reply {
    text: String,
    #[serde(default)]
    segments: Option<Vec<ReplySegment>>,
}

/// A segment with its times in seconds.
#[derive(Deserialize)]
struct ReplySegment {
    start: f64,
    end: f64,
    text: String,
}

impl Remote {
    /// The way to an endpoint.
    ///
    /// # Errors
    /// [`EndpointError`] names the setting, the rule and the cure.
    pub fn new(endpoint: Endpoint) -> Result<Remote, EndpointError> {
        endpoint.validate()?;
        Ok(Remote {
            wire: Wire::new(&endpoint.target())?,
            endpoint,
            text_only: AtomicBool::new(false),
        })
    }

    /// Who hears, and where recordings go.
    pub fn by(&self) -> By {
        By {
            model: self.endpoint.model.clone(),
            sent_to: Some(self.wire.origin()),
        }
    }

    /// What is said in a recording. `wav` is the file that it was read from, which is sent as it is; a
    /// recording in which nobody speaks is not sent.
    ///
    /// # Errors
    /// `TranscribeError` with the cure.
    pub async fn transcribe(
        &self,
        wav: &[u8],
        recording: &Recording,
    ) -> Result<Transcription, TranscribeError> {
        let duration_ms = recording.duration_ms();
        let (segments, pauses) = match recording.pauses() {
            None => (Vec::new(), Vec::new()),
            Some(pauses) => (self.ask(wav, duration_ms).await?, pauses),
        };
        Ok(Transcription {
            duration_ms,
            segments,
            pauses,
            by: self.by(),
        })
    }

    async fn ask(&self, wav: &[u8], duration_ms: u64) -> Result<Vec<Segment>, TranscribeError> {
        let tried = timeout(self.endpoint.timeout, async {
            let text_only = self.text_only.load(Ordering::Relaxed);
            let received = self.post(wav, text_only).await?;
            if received.status != 400 || text_only {
                return Ok::<Received, TranscribeError>(received);
            }
            let again = self.post(wav, true).await?;
            self.text_only
                .store((200..300).contains(&again.status), Ordering::Relaxed);
            Ok(again)
        });
        let received = tried.await.map_err(|_| TranscribeError::Timeout {
            limit_s: self.endpoint.timeout.as_secs(),
        })??;
        match received.status {
            200..=299 => segments(&received.body, duration_ms),
            status => Err(TranscribeError::Status { status }),
        }
    }

    async fn post(&self, wav: &[u8], text_only: bool) -> Result<Received, TranscribeError> {
        let form = Form::new(wav, &self.endpoint.model, text_only);
        let sent = self.wire.post(&form.media_type, form.body).await;
        sent.map_err(|fault| match fault {
            Fault::Connect(what) => TranscribeError::Connect { what },
            Fault::Cut => TranscribeError::Cut,
            Fault::TooLarge => TranscribeError::Reply {
                what: "it is too large",
            },
            Fault::NoHttp => TranscribeError::Reply {
                what: "it is not HTTP",
            },
        })
    }
}

/// A body of `multipart/form-data` (RFC 7578).
struct Form {
    media_type: String,
    body: Vec<u8>,
}

impl Form {
    fn new(wav: &[u8], model: &str, text_only: bool) -> Form {
        // Between parts stands what none of them holds: no file holds its own sum.
        let sum = Sha256::digest(wav);
        let boundary: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        let format = if text_only { "json" } else { "verbose_json" };
        let mut body = Vec::with_capacity(wav.len() + 1024);
        for (name, value) in [
            ("model", model),
            ("response_format", format),
            ("language", "en"),
            ("temperature", "0"),
        ] {
            let head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(value.as_bytes());
            body.extend_from_slice(b"\r\n");
        }
        let head = "content-disposition: form-data; name=\"file\"; filename=\"answer.wav\"\r\n\
            content-type: audio/wav\r\n\r\n";
        body.extend_from_slice(format!("--{boundary}\r\n{head}").as_bytes());
        body.extend_from_slice(wav);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        Form {
            media_type: format!("multipart/form-data; boundary={boundary}"),
            body,
        }
    }
}

/// The segments of a reply, within the recording and in order; the whole text as one when it has none.
fn segments(body: &[u8], duration_ms: u64) -> Result<Vec<Segment>, TranscribeError> {
    let wrong = |what| TranscribeError::Reply { what };
    let reply: Reply = serde_json::from_slice(body).map_err(|_| wrong("it is no transcript in JSON"))?;
    let end_ms = u32::try_from(duration_ms).unwrap_or(u32::MAX);
    let parts = reply
        .segments
        .filter(|parts| !parts.is_empty())
        .unwrap_or_else(|| {
            vec![ReplySegment {
                start: 0.0,
                end: f64::from(end_ms) / 1000.0,
                text: reply.text,
            }]
        });
    if parts.len() > MAX_SEGMENTS {
        return Err(wrong("it has too many segments"));
    }
    let mut before = 0;
    let mut segments = Vec::with_capacity(parts.len());
    for part in parts {
        let text = shown(&part.text);
        if text.chars().count() > MAX_SEGMENT_CHARS {
            return Err(wrong("a segment is too long"));
        }
        // A float that is no number becomes 0, one out of range the nearest end.
        let start_ms = ((part.start * 1000.0) as u32).clamp(before, end_ms.max(before));
        let segment = Segment {
            start_ms,
            end_ms: ((part.end * 1000.0) as u32).clamp(start_ms, end_ms.max(start_ms)),
            text,
        };
        before = start_ms;
        if !segment.text.is_empty() {
            segments.push(segment);
        }
    }
    Ok(segments)
}

/// A text on one line: control characters have no place in an answer box.
fn shown(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
