//! Unsent text.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::NO_STORE;
use crate::app::{App, now_us};
use crate::extract::{ItemPath, JsonBody, NoParams, Params};
use crate::problem::{Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{DraftBody, NewDraft};

/// The unsent text of an item.
#[utoipa::path(get, path = "/drafts/{item}", operation_id = "get_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item")), responses(
    (status = 200, body = DraftBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `draft_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let draft = app.practice().draft(&item).await?;
    Ok(Rendered::json(&DraftBody::from(&draft))?.respond(&headers, NO_STORE))
}

/// Keep the unsent text of an item.
#[utoipa::path(put, path = "/drafts/{item}", operation_id = "put_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item")), request_body = NewDraft, responses(
    (status = 200, body = DraftBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewDraft>,
) -> Result<Response, Problem> {
    let NewDraft { text, elapsed_ms } = body.value;
    let draft = app
        .practice()
        .put_draft(&item, text, elapsed_ms, now_us())
        .await?;
    Ok(Rendered::json(&DraftBody::from(&draft))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Delete the unsent text of an item, if there is any.
#[utoipa::path(delete, path = "/drafts/{item}", operation_id = "delete_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item")), responses(
    (status = 204, description = "There is none now"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().delete_draft(&item).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
