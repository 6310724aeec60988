//! Where the second reader is, and what it may cost.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use hyper::Uri;
use hyper::header::HeaderValue;

use crate::EndpointError;

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

/// A secret that neither `Debug` nor any error shows.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes the key as it is.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub(crate) fn is_within(&self, text: &str) -> bool {
        !self.0.is_empty() && text.contains(&self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
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
    pub(crate) fn validate(&self) -> Result<Address, EndpointError> {
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
        Address::parse(&self.base_url)
    }

    /// The value of the `authorization` header.
    pub(crate) fn authorization(&self) -> Result<Option<HeaderValue>, EndpointError> {
        let Some(ApiKey(key)) = &self.api_key else {
            return Ok(None);
        };
        let bearer =
            (!key.trim().is_empty()).then(|| HeaderValue::try_from(format!("Bearer {}", key.trim())));
        match bearer {
            Some(Ok(mut value)) => {
                value.set_sensitive(true);
                Ok(Some(value))
            }
            _ => Err(EndpointError {
                field: "api_key",
                rule: "is empty or has characters that no header can hold".to_owned(),
                cure: "copy the key again, or leave it out for an endpoint without one",
            }),
        }
    }
}

/// A base URL taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) https: bool,
    /// Name or address, IPv6 without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As it goes into the `host` header.
    pub(crate) authority: String,
    /// Where to post.
    pub(crate) path: String,
}

impl Address {
    fn parse(base_url: &str) -> Result<Self, EndpointError> {
        // The URL itself is left out of the errors: people put secrets into URLs.
        let fault = |rule: &str, cure| {
            Err(EndpointError {
                field: "base_url",
                rule: rule.to_owned(),
                cure,
            })
        };
        const EXAMPLE: &str = "write it like `http://127.0.0.1:11434/v1`";
        let Ok(uri) = base_url.trim().parse::<Uri>() else {
            return fault("is no URL", EXAMPLE);
        };
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return fault("must start with `http://` or `https://`", EXAMPLE),
        };
        let Some(authority) = uri.authority().filter(|a| !a.host().is_empty()) else {
            return fault("names no host", EXAMPLE);
        };
        if authority.as_str().contains('@') {
            return fault("must not hold a name or password", "put the key into `api_key`");
        }
        if uri.query().is_some() {
            return fault("must not have a query", "leave out everything from the `?` on");
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        if !https && !is_private(&host) {
            return fault(
                "would send answers in the clear over a public network",
                "use `https://`; plain http is for this machine and private networks",
            );
        }
        let base = uri.path().trim_end_matches('/');
        if base.ends_with("/chat/completions") {
            return fault("must end before `/chat/completions`", "leave out that last part");
        }
        Ok(Self {
            https,
            host,
            port: authority.port_u16().unwrap_or(if https { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: format!("{base}/chat/completions"),
        })
    }
}

/// Whether a host lies on this machine or in a private network, as far as its name tells: an address from a
/// private range, a name without dots (as containers have), or one under a suffix that no public zone has.
fn is_private(host: &str) -> bool {
    const SUFFIXES: [&str; 5] = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        Ok(IpAddr::V6(v6)) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
        Err(_) => {
            let host = host.to_ascii_lowercase();
            !host.contains('.') || SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expect: Result<(bool, &str, u16, &str), &str>) {
        let parsed = Address::parse(url);
        match (&parsed, expect) {
            (Ok(a), Ok(expect)) => assert_eq!((a.https, a.host.as_str(), a.port, a.path.as_str()), expect),
            (Err(error), Err(rule)) => {
                assert!(error.rule.contains(rule), "{url}: {error}");
                assert!(!error.to_string().contains("hunter2"), "{error}");
            }
            _ => panic!("{url}: {parsed:?}"),
        }
    }

    #[test]
    fn addresses_are_taken_apart_or_refused_with_the_rule() {
        const PATH: &str = "/v1/chat/completions";
        check("http://127.0.0.1:11434/v1", Ok((false, "127.0.0.1", 11434, PATH)));
        check("http://[::1]:8080/v1/", Ok((false, "::1", 8080, PATH)));
        check("http://ollama/v1", Ok((false, "ollama", 80, PATH)));
        check(
            "https://api.example.com",
            Ok((true, "api.example.com", 443, "/chat/completions")),
        );
        check(
            "http://192.168.1.5:8000/v1",
            Ok((false, "192.168.1.5", 8000, PATH)),
        );
        check("http://api.example.com/v1", Err("in the clear"));
        check("http://8.8.8.8/v1", Err("in the clear"));
        check("http://localhost.example.com/v1", Err("in the clear"));
        check("https://me:hunter2@api.example.com/v1", Err("name or password"));
        check("https://api.example.com/v1?key=hunter2", Err("query"));
        check("https://api.example.com/v1/chat/completions", Err("before"));
        check("ftp://127.0.0.1/v1", Err("http://"));
        check("127.0.0.1:11434", Err("http"));
        check("not a url", Err("no URL"));
    }

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

    #[test]
    fn a_key_that_no_header_holds_is_refused_and_not_shown() {
        let mut endpoint = Endpoint::new("http://127.0.0.1:1/v1", "m");
        for key in ["", "  ", "hunter2\nx: y"] {
            endpoint.api_key = Some(ApiKey::new(key));
            let error = endpoint.authorization().unwrap_err();
            assert_eq!(error.field, "api_key");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}
