//! The coach: what is still missing in an answer that is being written.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::NO_STORE;
use crate::app::App;
use crate::extract::{ItemPath, JsonBody, NoParams, Params};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::{CoachingBody, NewCoaching};

/// Hear what is still missing in an answer so far, as it is being written. Nothing is kept: the same body
/// gets the same answer. For practice: a graded loop does not ask, and one that does is refused.
#[utoipa::path(post, path = "/items/{id}/coach", operation_id = "coach", tag = "items",
    params(("id" = String, Path, description = "The item")), request_body = NewCoaching, responses(
    (status = 200, body = CoachingBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `coach_off`"),
    (status = 503, body = Problem, content_type = "application/problem+json",
        description = "A problem: `grading_busy`, `store_busy`"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewCoaching>,
) -> Result<Response, Problem> {
    let so_far = body.value.of(item);
    let text = so_far.text.clone();
    let coaching = app.practice().coach(so_far).await?;
    Ok(Rendered::json(&CoachingBody::new(&coaching, &text))?.respond(&HeaderMap::new(), NO_STORE))
}
