//! A human's word on single criteria, beside what was graded.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::{Override, Ruling};

use super::NO_STORE;
use crate::app::{App, now_us};
use crate::extract::{CriterionPath, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{AttemptBody, NewOverride};

/// Override the grading of a criterion, or replace the override there is. Both values stay: the scorecard is
/// as graded, `overrides` and `with_overrides` stand beside it. Sending the same again changes nothing.
#[utoipa::path(put, path = "/attempts/{id}/overrides/{group}/{criterion}", operation_id = "put_override", tag = "attempts",
    params(("id" = String, Path, description = "The attempt"),
        ("group" = String, Path, description = "The group, such as `coverage`"),
        ("criterion" = String, Path, description = "The criterion's id within the group")),
    request_body = NewOverride, responses(
    (status = 200, body = AttemptBody, description = "It replaced an override, or was there already"),
    (status = 201, body = AttemptBody, description = "The criterion had no override before"),
    (status = 404, body = Problem, content_type = "application/problem+json",
        description = "A problem: `attempt_not_found`, `criterion_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `not_overridable`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    path: CriterionPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewOverride>,
) -> Result<Response, Problem> {
    let invalid = |rule| Problem::new(Code::InvalidField, rule).field("body");
    let entry = Override {
        group: path.group,
        criterion: path.criterion,
        ruling: body.value.ruling().map_err(invalid)?,
        reason: body.value.reason,
        created_at_us: now_us(),
    };
    let regraded = app.practice().regrade(&path.attempt, entry).await?;
    let body = Rendered::json(&AttemptBody::from(&regraded.view))?;
    let mut response = body.respond(&HeaderMap::new(), NO_STORE);
    if regraded.added {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

/// Withdraw the override of a criterion, if it has one: the graded value stands alone again. The withdrawal
/// and what it withdraws stay in the export.
#[utoipa::path(delete, path = "/attempts/{id}/overrides/{group}/{criterion}", operation_id = "delete_override", tag = "attempts",
    params(("id" = String, Path, description = "The attempt"),
        ("group" = String, Path, description = "The group, such as `coverage`"),
        ("criterion" = String, Path, description = "The criterion's id within the group")), responses(
    (status = 204, description = "None is in force now"),
    (status = 404, body = Problem, content_type = "application/problem+json",
        description = "A problem: `attempt_not_found`, `criterion_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `not_overridable`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    path: CriterionPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let entry = Override {
        group: path.group,
        criterion: path.criterion,
        ruling: Ruling::Withdrawn(true),
        reason: String::new(),
        created_at_us: now_us(),
    };
    app.practice().regrade(&path.attempt, entry).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
