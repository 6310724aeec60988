//! Unsent text.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::NO_STORE;
use crate::app::{App, now_us};
use crate::extract::{
    ItemPath, JsonBody, MAX_PROGRAM_BODY_BYTES, NoParams, Params, ProgramDraftPath, SizedJsonBody,
};
use crate::problem::{Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{DraftBody, Language, NewDraft, ProgramDraftBody, PutProgramDraft};

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

/// Delete what is unsent of an item, if there is anything: text, and programs in all languages.
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

/// The unsent program of an item in a language.
#[utoipa::path(get, path = "/drafts/{item}/{lang}", operation_id = "get_program_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item"), ("lang" = Language, Path, description = "The language")),
    responses(
    (status = 200, body = ProgramDraftBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `draft_not_found`"),
))]
pub(crate) async fn get_program(
    State(app): State<App>,
    headers: HeaderMap,
    ProgramDraftPath { item, lang }: ProgramDraftPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let draft = app.practice().program_draft(&item, lang).await?;
    Ok(Rendered::json(&ProgramDraftBody::from(&draft))?.respond(&headers, NO_STORE))
}

/// Keep the unsent program of an item in a language.
#[utoipa::path(put, path = "/drafts/{item}/{lang}", operation_id = "put_program_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item"), ("lang" = Language, Path, description = "The language")),
    request_body = PutProgramDraft, responses(
    (status = 200, body = ProgramDraftBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
))]
pub(crate) async fn put_program(
    State(app): State<App>,
    ProgramDraftPath { item, lang }: ProgramDraftPath,
    Params(_): Params<NoParams>,
    body: SizedJsonBody<PutProgramDraft, MAX_PROGRAM_BODY_BYTES>,
) -> Result<Response, Problem> {
    let PutProgramDraft { files, elapsed_ms } = body.value;
    let new = practice::NewProgramDraft {
        item,
        lang,
        files: files.into_iter().map(Into::into).collect(),
        elapsed_ms,
    };
    let draft = app.practice().put_program_draft(new, now_us()).await?;
    Ok(Rendered::json(&ProgramDraftBody::from(&draft))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Delete the unsent program of an item in a language, if there is any.
#[utoipa::path(delete, path = "/drafts/{item}/{lang}", operation_id = "delete_program_draft", tag = "drafts",
    params(("item" = String, Path, description = "The item"), ("lang" = Language, Path, description = "The language")),
    responses(
    (status = 204, description = "There is none now"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
))]
pub(crate) async fn delete_program(
    State(app): State<App>,
    ProgramDraftPath { item, lang }: ProgramDraftPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().delete_program_draft(&item, lang).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
