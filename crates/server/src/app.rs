//! The state that handlers share, and the router around them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use practice::{JudgeState, Practice};
use tokio::sync::{Semaphore, watch};

use crate::config::{Config, Limits};
use crate::guard::{self, Guard};
use crate::metrics::Metrics;
use crate::problem::{Code, Problem};
use crate::rendered::{Pages, Rendered};
use crate::{observe, openapi, page};

/// The isolation under which nobody's programs but the user's own are run.
const DEGRADED: &str = "degraded";

/// The state that handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    practice: Practice,
    limits: Limits,
    guard: Guard,
    pages: Pages,
    metrics: Metrics,
    openapi: Rendered,
    streams: Arc<Semaphore>,
    draining: watch::Receiver<bool>,
    beyond_loopback: bool,
}

impl App {
    /// Refuses programs of others where they would not be held well enough. On loopback they are the user's own.
    pub(crate) fn check_isolation(&self) -> Result<(), Problem> {
        match self.practice().judge_state() {
            JudgeState::Ready(status) if self.0.beyond_loopback && status.isolation == DEGRADED => {
                let warnings = status.warnings.join("; ");
                let detail = format!("this server is bound beyond loopback, and {warnings}");
                Err(Problem::new(Code::IsolationTooWeak, detail))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn practice(&self) -> &Practice {
        &self.0.practice
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.0.guard
    }

    pub(crate) fn pages(&self) -> &Pages {
        &self.0.pages
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn openapi(&self) -> &Rendered {
        &self.0.openapi
    }

    pub(crate) fn streams(&self) -> &Arc<Semaphore> {
        &self.0.streams
    }

    /// True as soon as the server shuts down: streams end then.
    pub(crate) fn draining(&self) -> watch::Receiver<bool> {
        self.0.draining.clone()
    }
}

impl FromRef<App> for Practice {
    fn from_ref(app: &App) -> Self {
        app.practice().clone()
    }
}

/// The router as it serves, without the listener: what tests drive.
pub fn router(practice: Practice, config: &Config) -> Router {
    let (_, draining) = watch::channel(false);
    build(practice, config, false, draining).0
}

/// The router and its state; `beyond_loopback` widens which hosts are ours.
pub(crate) fn build(
    practice: Practice,
    config: &Config,
    beyond_loopback: bool,
    draining: watch::Receiver<bool>,
) -> (Router, App) {
    let (routes, document) = openapi::routes();
    let document = openapi::finish(document);
    let app = App(Arc::new(Inner {
        practice,
        limits: config.limits,
        guard: Guard::new(config, beyond_loopback),
        pages: Pages::default(),
        metrics: Metrics::default(),
        openapi: Rendered::new(document.into(), "application/json"),
        streams: Arc::new(Semaphore::new(config.limits.streams)),
        draining,
        beyond_loopback,
    }));
    let router = routes
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), guard::check))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app.clone());
    (router, app)
}

/// Paths that no route takes: the page, or nothing.
async fn fallback(State(_): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(
            Code::NotFound,
            format!("no resource at `{path}`: see `/api/v1/openapi.json`"),
        )
        .into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = method_not_allowed().await;
        refused
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET,HEAD"));
        return refused;
    }
    page::serve(path, request.headers())
}

/// Axum adds the `Allow` header of the route.
async fn method_not_allowed() -> Response {
    let detail = "the `Allow` header names the methods of this path";
    Problem::new(Code::MethodNotAllowed, detail).into_response()
}

/// Now, in microseconds since the Unix epoch. The only clock that results depend on.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
