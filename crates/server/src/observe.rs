//! The outermost layer of every request: its id, its time, its log line, the headers that every answer
//! has, and the last resort for a handler that panics.

use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::app::App;
use crate::problem::{Code, Problem, empty};

/// Scripts, styles and requests of this origin only and nothing inline; nobody frames the page, and no
/// address leaks to where a link leads.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// Numbers requests from a random start, so that ids of two runs do not meet in a log.
static REQUESTS: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(practice::random() >> 16));

/// The middleware.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _in_flight = app.metrics().request();
    let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = match &matched {
        Some(path) => path.as_str(),
        None if request.uri().path().starts_with("/api") => "unknown",
        None => "page",
    };
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        // The panic hook has logged where.
        tracing::error!(request = id, route, "a handler panicked");
        Problem::new(Code::Internal, "the server failed: see its log").into_response()
    });
    if method == Method::OPTIONS && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = options(response.headers());
    }
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-request-id"), HeaderValue::from(id));
    let (status, took) = (response.status(), started.elapsed());
    app.metrics()
        .answered(name(&method), route, status.as_u16(), took);
    let (status, micros) = (status.as_u16(), took.as_micros());
    match status {
        500.. => tracing::error!(request = id, %method, route, status, micros, "answered"),
        400.. => tracing::info!(request = id, %method, route, status, micros, "answered"),
        _ => tracing::debug!(request = id, %method, route, status, micros, "answered"),
    }
    response
}

/// `OPTIONS` says which methods there are: axum adds `Allow` to a route's answer after this layer. No CORS
/// headers: no other origin may ask.
fn options(refused: &HeaderMap) -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    if let Some(allowed) = refused.get(ALLOW) {
        response.headers_mut().insert(ALLOW, allowed.clone());
    }
    response
}

/// Methods as labels: a client that invents methods must not make new series.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
