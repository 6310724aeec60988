//! Trial runs of programs. Nothing of them is kept.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::NO_STORE;
use crate::app::App;
use crate::extract::{ItemPath, MAX_PROGRAM_BODY_BYTES, NoParams, Params, SizedJsonBody};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::{NewRun, RunBody};

/// Run a program on the examples, on its tests, or on input of your own; nothing is kept.
#[utoipa::path(post, path = "/items/{id}/runs", operation_id = "create_run", tag = "items",
    params(("id" = String, Path, description = "The item")), request_body = NewRun, responses(
    (status = 200, body = RunBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "A problem: `judge_unavailable`, `language_missing` or `isolation_too_weak`"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
    body: SizedJsonBody<NewRun, MAX_PROGRAM_BODY_BYTES>,
) -> Result<Response, Problem> {
    app.check_isolation()?;
    let NewRun { lang, files, on } = body.value;
    let run = practice::NewRun {
        item,
        lang: lang.0,
        files: files.into_iter().map(Into::into).collect(),
        on: on.into(),
    };
    let ran = app.practice().run(run).await?;
    Ok(Rendered::json(&RunBody::from(ran))?.respond(&HeaderMap::new(), NO_STORE))
}
