//! Why an endpoint cannot be used or gave nothing. None of these holds the key, what was sent or what came
//! back: they are shown and logged.

/// An endpoint that cannot be used as configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {rule}; hint: {cure}")]
pub struct EndpointError {
    /// The setting: `base_url`, `api_key`, `extra_roots_pem`, or one of the caller's own.
    pub field: &'static str,
    /// What does not hold.
    pub rule: String,
    /// What to do.
    pub cure: &'static str,
}
