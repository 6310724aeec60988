//! How the server behaves: plain data, read and checked by the caller.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// How the server behaves. [`Config::default`] suits a server on loopback.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Required of every API request when set; required to be set beyond loopback.
    pub token: Option<Token>,
    /// Host names that clients may use besides the loopback names, without port.
    pub hosts: Vec<String>,
    /// Requests a minute that each client address has; unlimited when `None`.
    pub rate_limit: Option<NonZeroU32>,
    /// Bounds of time and number.
    pub limits: Limits,
}

/// Bounds of time and number of the connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A connection that has not sent a whole request head for so long is closed. Also how long an idle
    /// connection is kept: hyper starts this clock when it waits for the next head.
    pub head_timeout: Duration,
    /// A body that has not arrived in this time is answered with 408.
    pub body_timeout: Duration,
    /// The same for an import, which may be 64 MiB over a slow line.
    pub import_timeout: Duration,
    /// Connections at once; more wait in the backlog of the listener. Each costs some 20 KB.
    pub connections: usize,
    /// Event streams at once; each holds its connection for as long as a page is open.
    pub streams: usize,
    /// How long a shut-down waits for requests that are being answered.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(10),
            import_timeout: Duration::from_secs(60),
            connections: 1024,
            streams: 64,
            drain: Duration::from_secs(10),
        }
    }
}

/// A secret that clients show. Never printed.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes the secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Whether `shown` is the secret, in a time that does not depend on where they differ: equality of
    /// BLAKE3 hashes is constant-time, and the hash of a guess says nothing about that of the secret.
    pub(crate) fn is(&self, shown: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(shown.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
