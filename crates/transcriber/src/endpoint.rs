//! Where the speech endpoint is, and what it may cost.

use std::time::Duration;

use ::remote::{ApiKey, EndpointError, Target};

/// Longest model name: it is shown with each transcript.
const MAX_MODEL_CHARS: usize = 120;

/// An OpenAI-compatible endpoint for `POST {base_url}/audio/transcriptions`: whisper.cpp's server, vLLM,
/// faster-whisper's or a hosted one.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Up to and without `/audio/transcriptions`, e.g. `http://127.0.0.1:8000/v1`. Plain `http` only within
    /// this machine or a private network.
    pub base_url: String,
    /// The model, as the endpoint names it.
    pub model: String,
    /// Sent as bearer token.
    pub api_key: Option<ApiKey>,
    /// Time to reach it, TLS included.
    pub connect_timeout: Duration,
    /// Time for one recording, from the first byte sent to the last received.
    pub timeout: Duration,
}

impl Endpoint {
    /// The endpoint with limits that fit a model on the same machine and five minutes of speech.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: None,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(120),
        }
    }

    /// Checks what no request could repair, but for the address.
    pub(crate) fn validate(&self) -> Result<(), EndpointError> {
        let chars = self.model.chars().count();
        if chars == 0 || chars > MAX_MODEL_CHARS || self.model.chars().any(char::is_control) {
            return Err(EndpointError {
                field: "model",
                rule: format!("must have 1 to {MAX_MODEL_CHARS} characters on one line"),
                cure: "take a name from `GET /models` of the endpoint",
            });
        }
        Ok(())
    }

    pub(crate) fn target(&self) -> Target<'_> {
        Target {
            base_url: &self.base_url,
            resource: "/audio/transcriptions",
            api_key: self.api_key.as_ref(),
            extra_roots_pem: None,
            connect_timeout: self.connect_timeout,
        }
    }
}
