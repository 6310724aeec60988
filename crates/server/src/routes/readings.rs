//! A second reading, asked for.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use practice::ReadingState;

use super::NO_STORE;
use crate::app::{App, now_us};
use crate::extract::{AttemptPath, NoParams, Params};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::AttemptBody;

/// Ask the second reader about an attempt: one that was never read, whose reading failed, or that another
/// model has read. The offline grade stays. Follow the state in `reading` by `GET` or the events. An attempt
/// that the configured model has read already is answered as it is.
#[utoipa::path(post, path = "/attempts/{id}/reading", operation_id = "create_reading", tag = "attempts",
    params(("id" = String, Path, description = "The attempt")), responses(
    (status = 200, body = AttemptBody, description = "The configured model has read it already"),
    (status = 202, body = AttemptBody, description = "It is being read"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "A problem: `reader_off`, `not_readable`"),
    (status = 503, body = Problem, content_type = "application/problem+json",
        description = "A problem: `reader_busy`, `grading_busy`, `store_busy`"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    AttemptPath(id): AttemptPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let view = app.practice().read_again(&id, now_us()).await?;
    let body = Rendered::json(&AttemptBody::from(&view))?;
    let mut response = body.respond(&HeaderMap::new(), NO_STORE);
    if view.second.state == ReadingState::Reading {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    Ok(response)
}
