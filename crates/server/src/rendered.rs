//! Answers kept as bytes: made once, tagged, compressed when first asked for, and served until what they
//! were made from changes.

use std::collections::HashMap;
use std::future::Future;
use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::problem::{Code, Problem};

/// Below this a compressed body saves less than its header costs.
const MIN_GZIP_BYTES: usize = 1024;

/// Bytes of answers kept. A listing has 20 KB and an item 15 KB; when it is full all of it is dropped, as
/// it is at every write anyway.
const KEPT_BYTES: usize = 32 * 1024 * 1024;

/// A body with its tag.
#[derive(Debug)]
pub(crate) struct Rendered {
    body: Bytes,
    content_type: &'static str,
    etag: HeaderValue,
    /// A header of this answer alone.
    also: Option<(HeaderName, HeaderValue)>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Rendered {
    pub(crate) fn new(body: Bytes, content_type: &'static str) -> Self {
        // Weak, since the compressed form has the same tag. Half of a BLAKE3 hash cannot collide by chance.
        let etag = format!("W/\"{}\"", &blake3::hash(&body).to_hex()[..32]);
        let etag = HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("W/\"0\""));
        Self {
            body,
            content_type,
            etag,
            also: None,
            gzip: OnceLock::new(),
        }
    }

    /// The same with a header of its own.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.also = Some((name, value));
        self
    }

    pub(crate) fn json<T: Serialize>(value: &T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer cannot be serialised");
            Problem::new(Code::Internal, "the answer cannot be serialised")
        })?;
        Ok(Self::new(body.into(), "application/json"))
    }

    /// Answers a request: 304 when the client has this body, compressed when it takes that.
    pub(crate) fn respond(&self, request: &HeaderMap, cache_control: &'static str) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if has(request, &self.etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some((name, value)) = &self.also {
            headers.insert(name, value.clone());
        }
        let body = match self.gzipped().filter(|_| takes_gzip(request)) {
            Some(body) => {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                body
            }
            None => &self.body,
        };
        *response.body_mut() = Body::from(body.clone());
        response
    }

    /// The compressed body, where it is smaller.
    fn gzipped(&self) -> Option<&Bytes> {
        let compress = || {
            let compressible =
                self.content_type.starts_with("text/") || COMPRESSIBLE.contains(&self.content_type);
            if !compressible || self.body.len() < MIN_GZIP_BYTES {
                return None;
            }
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&self.body).ok()?;
            let body = encoder.finish().ok()?;
            (body.len() < self.body.len()).then(|| body.into())
        };
        self.gzip.get_or_init(compress).as_ref()
    }
}

const COMPRESSIBLE: [&str; 4] = [
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
    "application/wasm",
];

/// `If-None-Match` by weak comparison.
fn has(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let own = opaque(etag.to_str().unwrap_or_default());
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == own)
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let codings = request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    codings.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && !parts.any(|p| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Answers by path and query, all of one generation of the store.
#[derive(Default)]
pub(crate) struct Pages(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    bytes: usize,
    pages: HashMap<String, Arc<Rendered>>,
}

impl Pages {
    /// The answer kept for `key` at `generation`, or a new one. Only answers are kept, never problems.
    pub(crate) async fn get<F>(
        &self,
        generation: u64,
        key: &str,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<Rendered>, Problem>
    where
        F: Future<Output = Result<Rendered, Problem>>,
    {
        if let Some(page) = self.find(generation, key) {
            return Ok(page);
        }
        let page = Arc::new(make().await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.generation == generation {
            if kept.bytes > KEPT_BYTES {
                kept.pages.clear();
                kept.bytes = 0;
            }
            kept.bytes += page.body.len() + key.len();
            kept.pages.insert(key.to_owned(), Arc::clone(&page));
        }
        Ok(page)
    }

    fn find(&self, generation: u64, key: &str) -> Option<Arc<Rendered>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Generations only rise: an answer made meanwhile for an older one is not kept.
        if kept.generation < generation {
            *kept = Kept {
                generation,
                ..Kept::default()
            };
        }
        (kept.generation == generation)
            .then(|| kept.pages.get(key).cloned())
            .flatten()
    }
}
