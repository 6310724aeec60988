//! Everything out and in again.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;

use super::NO_STORE;
use crate::app::{App, now_us};
use crate::extract::{ImportBytes, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{ExportDocument, ImportBody, WIPE_WORD, Wipe};

/// Everything that is kept, as one JSON document, streamed.
#[utoipa::path(get, path = "/export", operation_id = "export", tag = "transfer", responses(
    (status = 200, body = ExportDocument),
))]
pub(crate) async fn export(State(app): State<App>, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    let export = app.practice().export(now_us())?;
    // A failure in the middle breaks the connection off: the client must not take a part for the whole.
    let pieces = stream::unfold(Some(export), |export| async {
        let mut export = export?;
        match export.next().await {
            Ok(piece) => piece.map(|piece| (Ok(piece), Some(export))),
            Err(error) => {
                tracing::error!(%error, "an export broke off");
                Some((Err(error), None))
            }
        }
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    let name = HeaderValue::from_static("attachment; filename=\"spar-export.json\"");
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Add what is missing from an export document, all or nothing.
#[utoipa::path(post, path = "/import", operation_id = "import", tag = "transfer",
    request_body = ExportDocument, responses((status = 200, body = ImportBody)))]
pub(crate) async fn import(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    ImportBytes(document): ImportBytes,
) -> Result<Response, Problem> {
    let done = app.practice().import(&document).await?;
    Ok(Rendered::json(&ImportBody::from(done))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Delete everything that is kept: attempts, drafts, documents, and their text from the disk. An export is the
/// only way back.
#[utoipa::path(post, path = "/wipe", operation_id = "wipe", tag = "transfer",
    request_body = Wipe, responses((status = 204, description = "Nothing is left")))]
pub(crate) async fn wipe(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<Wipe>,
) -> Result<Response, Problem> {
    if body.value.confirm != WIPE_WORD {
        let rule = format!("`confirm` must be `{WIPE_WORD}`: this deletes everything and cannot be undone");
        return Err(Problem::new(Code::InvalidField, rule).field("confirm"));
    }
    app.practice().wipe().await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
