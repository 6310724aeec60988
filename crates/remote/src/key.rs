//! The secret that an endpoint asks for.

use std::fmt;

use hyper::header::HeaderValue;

use crate::EndpointError;

/// A secret that neither `Debug` nor any error shows.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes the key as it is.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The value of the `authorization` header.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, EndpointError> {
        let key = self.0.trim();
        let bearer = (!key.is_empty()).then(|| HeaderValue::try_from(format!("Bearer {key}")));
        match bearer {
            Some(Ok(mut value)) => {
                value.set_sensitive(true);
                Ok(value)
            }
            _ => Err(EndpointError {
                field: "api_key",
                rule: "is empty or has characters that no header can hold".to_owned(),
                cure: "copy the key again, or leave it out for an endpoint without one",
            }),
        }
    }

    /// Whether a text that came back holds the key, so that it is not shown.
    pub fn is_within(&self, text: &str) -> bool {
        !self.0.is_empty() && text.contains(&self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_header_holds_is_refused_and_not_shown() {
        for key in ["", "  ", "hunter2\nx: y"] {
            let error = ApiKey::new(key).authorization().unwrap_err();
            assert_eq!(error.field, "api_key");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
        let value = ApiKey::new(" hunter2 ").authorization().unwrap();
        assert_eq!(value.to_str().unwrap(), "Bearer hunter2");
        assert!(!format!("{value:?}").contains("hunter2"));
    }
}
