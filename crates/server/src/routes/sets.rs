//! Tailored sets.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use domain::{DEFAULT_SET_MINUTES, DocumentId, Job, SetInputs, TailoredSet};
use practice::{NewSet, Practice};
use serde::Deserialize;
use utoipa::IntoParams;

use super::jobs::{cursor, parse_cursor};
use super::{Limit, NO_STORE, read};
use crate::app::{App, now_us};
use crate::extract::{DocumentPath, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{NewSetBody, SetBody, SetList, SetSummary};

/// Seeds that are drawn when none is given: short enough to be read out.
const DRAWN_SEEDS: u64 = 10_000;

/// A problem with a field of the body whose value is well-formed and wrong.
pub(super) fn invalid(field: &'static str, rule: &str) -> Problem {
    Problem::new(Code::InvalidField, format!("`{field}` {rule}")).field(field)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SetListQuery {
    /// Only those made for this job, all of them on one page.
    #[param(nullable = false, value_type = Option<String>, max_length = 140, pattern = "^[A-Za-z0-9._-]+$")]
    job: Option<DocumentId>,
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, max_length = 170)]
    after: Option<String>,
}

/// The sets, newest first.
#[utoipa::path(get, path = "/sets", operation_id = "list_sets", tag = "sets", params(SetListQuery), responses(
    (status = 200, body = SetList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<SetListQuery>,
) -> Result<Response, Problem> {
    let after = query.after.as_deref().map(parse_cursor).transpose()?;
    let limit = Limit::or_default(query.limit);
    let make = || async {
        if let Some(job) = &query.job {
            let sets = app.practice().sets_of(job).await?;
            let data = sets.iter().map(SetSummary::from).collect();
            return Rendered::json(&SetList { data, next: None });
        }
        let after = after.as_ref().map(|(time, id)| (*time, id));
        let mut held = app.practice().held_page::<TailoredSet>(after, limit + 1).await?;
        let more = held.len() > limit as usize;
        held.truncate(limit as usize);
        let last = held.last().filter(|_| more);
        Rendered::json(&SetList {
            next: last.map(|last| cursor(last.created_at_us, &last.id)),
            data: held.iter().map(SetSummary::from).collect(),
        })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Choose questions for a job, or for texts given here, and keep the set. The same texts, minutes and seed
/// give the same questions.
#[utoipa::path(post, path = "/sets", operation_id = "create_set", tag = "sets", request_body = NewSetBody, responses(
    (status = 201, body = SetBody, headers(("Location" = String, description = "The set"))),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<NewSetBody>,
) -> Result<Response, Problem> {
    let new = body.value;
    let minutes = new.minutes.unwrap_or(DEFAULT_SET_MINUTES);
    let (job, inputs) = match (new.job, new.inputs) {
        (Some(job), None) => {
            let id: DocumentId = job
                .parse()
                .map_err(|error: domain::DocumentIdError| invalid("job", &error.to_string()))?;
            let held = app.practice().held::<Job>(&id).await?;
            let inputs = SetInputs {
                minutes,
                ..SetInputs::from(&held.body)
            };
            (Some(id), inputs)
        }
        (None, Some(inputs)) => (None, inputs.into_inputs(minutes)),
        _ => return Err(invalid("body", "must have either `job` or `inputs`")),
    };
    let seed = new.seed.unwrap_or_else(|| practice::random() % DRAWN_SEEDS);
    let now_us = now_us();
    let id = Practice::document_id(now_us);
    let set = NewSet { job, inputs, seed };
    let view = app.practice().create_set(&id, set, now_us).await?;
    let mut response = Rendered::json(&SetBody::from(&view))?.respond(&HeaderMap::new(), NO_STORE);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/sets/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// One set, with what was done of it.
#[utoipa::path(get, path = "/sets/{id}", operation_id = "get_set", tag = "sets",
    params(("id" = String, Path, description = "The set")), responses(
    (status = 200, body = SetBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async { Rendered::json(&SetBody::from(&app.practice().set(&id).await?)) };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Delete a set; attempts at its questions stay.
#[utoipa::path(delete, path = "/sets/{id}", operation_id = "delete_set", tag = "sets",
    params(("id" = String, Path, description = "The set")), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().discard::<TailoredSet>(&id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
