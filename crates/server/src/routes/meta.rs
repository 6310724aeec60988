//! The server about itself.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{NO_STORE, REVALIDATE};
use crate::app::App;
use crate::extract::{NoParams, Params};
use crate::problem::{Code, Problem};
use crate::rendered::Rendered;
use crate::wire::{CapabilityBody, HealthBody};

/// Whether the server can do its work, and what works here.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "meta",
    responses((status = 200, body = HealthBody)))]
pub(crate) async fn health(State(app): State<App>, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    app.practice().generation().await?;
    let capabilities = app
        .practice()
        .capabilities()
        .into_iter()
        .map(CapabilityBody::from)
        .collect();
    let body = HealthBody {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        capabilities,
    };
    Ok(Rendered::json(&body)?.respond(&HeaderMap::new(), NO_STORE))
}

/// The codes that problems may have.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemList {
    data: Vec<ProblemEntry>,
}

/// One code.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemEntry {
    code: Code,
    status: u16,
    title: &'static str,
}

/// What the `code` and `type` of a problem mean.
#[utoipa::path(get, path = "/problems", operation_id = "list_problems", tag = "meta",
    responses((status = 200, body = ProblemList)))]
pub(crate) async fn problems(Params(_): Params<NoParams>) -> Result<Response, Problem> {
    let entry = |code: &Code| ProblemEntry {
        code: *code,
        status: code.status().as_u16(),
        title: code.title(),
    };
    let body = ProblemList {
        data: Code::ALL.iter().map(entry).collect(),
    };
    Ok(Rendered::json(&body)?.respond(&HeaderMap::new(), REVALIDATE))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", tag = "meta", responses(
    (status = 200, body = Object, description = "OpenAPI 3.1"),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn openapi(
    State(app): State<App>,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    Ok(app.openapi().respond(&headers, REVALIDATE))
}

/// The four golden signals.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "meta", responses(
    (status = 200, body = String, content_type = "application/openmetrics-text", description = "OpenMetrics text"),
))]
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let text = app
        .metrics()
        .text(app.practice().load(), app.practice().reader_health())
        .map_err(|error| {
            tracing::error!(%error, "the metrics cannot be written");
            Problem::new(Code::Internal, "the metrics cannot be written")
        })?;
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    Ok(response)
}
