//! Jobs that the candidate prepares for, and the roles that there are.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use domain::{DocumentId, Job};
use practice::Practice;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, NO_STORE, REVALIDATE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{DocumentPath, JsonBody, NoParams, Params};
use crate::problem::{Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{JobBody, JobFields, JobList, PutJob, RoleBody, RoleList};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    pub(super) limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, max_length = 170)]
    pub(super) after: Option<String>,
}

/// Where a page of documents ended: the keys that the list is ordered by.
pub(super) fn parse_cursor(text: &str) -> Result<(i64, DocumentId), Problem> {
    let parse = || {
        let (time, id) = text.split_once('~')?;
        Some((time.parse().ok()?, id.parse().ok()?))
    };
    parse().ok_or_else(|| wrong("after", "is not a cursor of this list: use the `next` of a page"))
}

/// The cursor behind a document.
pub(super) fn cursor(created_at_us: i64, id: &DocumentId) -> String {
    format!("{created_at_us}~{id}")
}

/// The roles that sets can be made for, with what the packs have for each.
#[utoipa::path(get, path = "/roles", operation_id = "list_roles", tag = "jobs", responses(
    (status = 200, body = RoleList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn roles(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async {
        let data = app.practice().roles().iter().map(RoleBody::from).collect();
        Rendered::json(&RoleList { data })
    };
    read(&app, &uri, &headers, REVALIDATE, make).await
}

/// The jobs, newest first.
#[utoipa::path(get, path = "/jobs", operation_id = "list_jobs", tag = "jobs", params(ListQuery), responses(
    (status = 200, body = JobList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    let after = query.after.as_deref().map(parse_cursor).transpose()?;
    let limit = Limit::or_default(query.limit);
    let make = || async {
        let after = after.as_ref().map(|(time, id)| (*time, id));
        let mut held = app.practice().held_page::<Job>(after, limit + 1).await?;
        let more = held.len() > limit as usize;
        held.truncate(limit as usize);
        let last = held.last().filter(|_| more);
        Rendered::json(&JobList {
            next: last.map(|last| cursor(last.created_at_us, &last.id)),
            data: held.iter().map(JobBody::from).collect(),
        })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Keep a new job.
#[utoipa::path(post, path = "/jobs", operation_id = "create_job", tag = "jobs", request_body = JobFields, responses(
    (status = 201, body = JobBody, headers(("Location" = String, description = "The job"))),
))]
pub(crate) async fn create(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<JobFields>,
) -> Result<Response, Problem> {
    let now_us = now_us();
    let id = Practice::document_id(now_us);
    app.practice()
        .put(&id, &Job::from(body.value), Some(0), now_us)
        .await?;
    let mut response = answer(&app, &id).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/jobs/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

async fn answer(app: &App, id: &DocumentId) -> Result<Response, Problem> {
    let held = app.practice().held::<Job>(id).await?;
    Ok(Rendered::json(&JobBody::from(&held))?.respond(&HeaderMap::new(), NO_STORE))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", operation_id = "get_job", tag = "jobs",
    params(("id" = String, Path, description = "The job")), responses(
    (status = 200, body = JobBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let held = app.practice().held::<Job>(&id).await?;
    Ok(Rendered::json(&JobBody::from(&held))?.respond(&headers, NO_STORE))
}

/// Keep a job in place of the version that was read.
#[utoipa::path(put, path = "/jobs/{id}", operation_id = "put_job", tag = "jobs",
    params(("id" = String, Path, description = "The job")), request_body = PutJob, responses(
    (status = 200, body = JobBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<PutJob>,
) -> Result<Response, Problem> {
    let PutJob { job, version } = body.value;
    if version < 1 {
        return Err(super::sets::invalid(
            "version",
            "must be 1 or more: send the one that was read",
        ));
    }
    app.practice()
        .put(&id, &Job::from(job), Some(version), now_us())
        .await?;
    answer(&app, &id).await
}

/// Delete a job and the sets that were made for it: they hold its texts.
#[utoipa::path(delete, path = "/jobs/{id}", operation_id = "delete_job", tag = "jobs",
    params(("id" = String, Path, description = "The job")), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().discard_job(&id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
