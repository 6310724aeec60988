//! Where the second reader is, and what it may cost.

use std::time::Duration;

use remote::{ApiKey, EndpointError, Target};

/// Longest model name: it is shown and stored with each reading.
const MAX_MODEL_CHARS: usize = 120;

/// An OpenAI-compatible endpoint: Ollama, llama.cpp's server, vLLM or a hosted one.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Up to and without `/chat/completions`, e.g. `http://127.0.0.1:11434/v1`. Plain `http` only within this
    /// machine or a private network.
    pub base_url: String,
    /// The model, as the endpoint names it.
    pub model: String,
    /// Sent as bearer token.
    pub api_key: Option<ApiKey>,
    /// Certificates in PEM that are trusted besides those of the machine, for an authority of one's own.
    pub extra_roots_pem: Option<String>,
    /// Time to reach it, TLS included.
    pub connect_timeout: Duration,
    /// Time for one try, from the first byte to the last. A model on a CPU writes some ten tokens a second.
    pub try_timeout: Duration,
    /// Time for a read: all tries, waits between them, and the queue before them.
    pub deadline: Duration,
    /// Tokens that the reply may take.
    pub max_tokens: u32,
    /// Tries of one read, the first included.
    pub tries: u32,
    /// Ceiling of the wait before the first retry; it doubles with each.
    pub backoff: Duration,
    /// How long the endpoint is left alone after a run of failures.
    pub cooldown: Duration,
    /// Requests under way at once. A local model gets slower with each.
    pub concurrency: usize,
    /// Readings kept in memory.
    pub cached: usize,
}

impl Endpoint {
    /// The endpoint with limits that fit a small model on the same machine.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: None,
            extra_roots_pem: None,
            connect_timeout: Duration::from_secs(3),
            try_timeout: Duration::from_secs(120),
            deadline: Duration::from_secs(180),
            max_tokens: 4096,
            tries: 3,
            backoff: Duration::from_millis(500),
            cooldown: Duration::from_secs(30),
            concurrency: 2,
            cached: 256,
        }
    }

    /// Checks what no request could repair.
    pub(crate) fn validate(&self) -> Result<(), EndpointError> {
        let fault = |field, rule: &str, cure| {
            Err(EndpointError {
                field,
                rule: rule.to_owned(),
                cure,
            })
        };
        let chars = self.model.chars().count();
        if chars == 0 || chars > MAX_MODEL_CHARS || self.model.chars().any(char::is_control) {
            return fault(
                "model",
                &format!("must have 1 to {MAX_MODEL_CHARS} characters on one line"),
                "take a name from `GET /models` of the endpoint",
            );
        }
        let times = [
            ("connect_timeout", self.connect_timeout),
            ("try_timeout", self.try_timeout),
            ("deadline", self.deadline),
        ];
        for (field, time) in times {
            if time.is_zero() || time > Duration::from_secs(3600) {
                return fault(
                    field,
                    "must be above 0 and at most one hour",
                    "leave it out for the default",
                );
            }
        }
        let counts = [
            ("max_tokens", u64::from(self.max_tokens), 64, 65_536),
            ("tries", u64::from(self.tries), 1, 10),
            ("concurrency", self.concurrency as u64, 1, 64),
            ("cached", self.cached as u64, 1, 100_000),
        ];
        for (field, count, least, most) in counts {
            if !(least..=most).contains(&count) {
                return fault(
                    field,
                    &format!("is {count}, it must be {least} to {most}"),
                    "leave it out for the default",
                );
            }
        }
        Ok(())
    }

    /// Where to post.
    pub(crate) fn target(&self) -> Target<'_> {
        Target {
            base_url: &self.base_url,
            resource: "/chat/completions",
            api_key: self.api_key.as_ref(),
            extra_roots_pem: self.extra_roots_pem.as_deref(),
            connect_timeout: self.connect_timeout,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_name_their_field() {
        let with = |change: &dyn Fn(&mut Endpoint)| {
            let mut endpoint = Endpoint::new("http://127.0.0.1:1/v1", "m");
            change(&mut endpoint);
            endpoint.validate().map_err(|error| error.field)
        };
        assert!(with(&|_| ()).is_ok());
        assert_eq!(with(&|e| e.model = String::new()).unwrap_err(), "model");
        assert_eq!(with(&|e| e.model = "a\nb".to_owned()).unwrap_err(), "model");
        assert_eq!(with(&|e| e.tries = 0).unwrap_err(), "tries");
        assert_eq!(with(&|e| e.concurrency = 0).unwrap_err(), "concurrency");
        assert_eq!(with(&|e| e.deadline = Duration::ZERO).unwrap_err(), "deadline");
        assert_eq!(with(&|e| e.max_tokens = 1).unwrap_err(), "max_tokens");
    }
}
