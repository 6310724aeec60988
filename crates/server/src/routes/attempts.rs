//! Attempts and replies.

use axum::extract::State;
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use domain::{AttemptId, ItemId};
use practice::{Cursor, NewSubmission, Outcome, Part, attempt_id};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, NO_STORE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{
    AttemptPath, JsonBody, MAX_BODY_BYTES, MAX_PROGRAM_BODY_BYTES, NoParams, Params, SizedJsonBody,
    idempotency,
};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{self, AttemptBody, AttemptEntry, AttemptList, MAX_SAFE_INTEGER, NewAttempt, NewReply};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only of this item.
    #[param(nullable = false, value_type = Option<String>, max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    item: Option<ItemId>,
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, max_length = 64)]
    after: Option<String>,
}

/// The attempts, newest first.
#[utoipa::path(get, path = "/attempts", operation_id = "list_attempts", tag = "attempts", params(ListQuery), responses(
    (status = 200, body = AttemptList),
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
        let page = app
            .practice()
            .attempts(query.item.as_ref(), after.as_ref(), limit)
            .await?;
        let data: Vec<AttemptEntry> = page.entries.iter().map(AttemptEntry::from).collect();
        let last = page
            .entries
            .last()
            .filter(|_| page.more)
            .map(|listed| &listed.entry);
        let next = last.map(|entry| format!("{}-{}", entry.created_at_us, entry.id));
        Rendered::json(&AttemptList { data, next })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Where a page ended: the keys that the list is ordered by, so that inserts and deletes move nothing.
fn parse_cursor(text: &str) -> Result<Cursor, Problem> {
    let parse = || {
        let (time, id) = text.rsplit_once('-')?;
        Some(Cursor {
            created_at_us: time.parse().ok()?,
            id: id.parse().ok()?,
        })
    };
    parse().ok_or_else(|| wrong("after", "is not a cursor of this list: use the `next` of a page"))
}

/// Grade a submission. A program that is not graded within a moment is queued: the answer is 202, and its events or
/// `GET` tell how far it is.
#[utoipa::path(post, path = "/attempts", operation_id = "create_attempt", tag = "attempts",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters")),
    request_body = NewAttempt, responses(
    (status = 201, body = AttemptBody, headers(
        ("Location" = String, description = "The attempt"),
        ("Idempotency-Replayed" = String, description = "`true` when the key was known"),
    )),
    (status = 202, body = AttemptBody, description = "A program, which is being graded or waits for it", headers(
        ("Location" = String, description = "The attempt"),
        ("Idempotency-Replayed" = String, description = "`true` when the key was known"),
    )),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "A problem: `language_missing` or `isolation_too_weak`"),
))]
pub(crate) async fn create(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
    body: SizedJsonBody<NewAttempt, MAX_PROGRAM_BODY_BYTES>,
) -> Result<Response, Problem> {
    let key = idempotency(&headers, &Method::POST, uri.path(), &body.bytes)?;
    let new = body.value;
    match &new.submission {
        wire::NewSubmission::Source { .. } => app.check_isolation()?,
        wire::NewSubmission::Text { .. } if body.bytes.len() > MAX_BODY_BYTES => {
            let detail = format!("the body has more than {MAX_BODY_BYTES} bytes");
            return Err(Problem::new(Code::BodyTooLarge, detail));
        }
        wire::NewSubmission::Text { .. } => {}
    }
    let invalid = |field: &'static str, rule: String| Problem::new(Code::InvalidField, rule).field(field);
    let item: ItemId = new
        .item
        .parse()
        .map_err(|e: domain::ItemIdError| invalid("item", e.to_string()))?;
    let previous = new.previous.as_deref().map(str::parse::<AttemptId>).transpose();
    let previous = previous.map_err(|error| invalid("previous", error.to_string()))?;
    if new.seed.is_some_and(|seed| seed > MAX_SAFE_INTEGER) {
        return Err(invalid("seed", format!("`seed` must be 0 to {MAX_SAFE_INTEGER}")));
    }
    let now_us = now_us();
    let submission = NewSubmission {
        id: attempt_id(now_us),
        item,
        variant: new.variant.unwrap_or_default(),
        part: Part::Question,
        submission: new.submission.into(),
        seed: new.seed.unwrap_or_else(|| practice::random() & MAX_SAFE_INTEGER),
        elapsed_ms: new.elapsed_ms,
        previous,
        key,
    };
    let outcome = app.practice().submit(submission, now_us).await.map_err(in_body)?;
    let location = format!("/api/v1/attempts/{}", outcome.view.attempt.id);
    let status = match outcome.view.grading {
        Some(_) => StatusCode::ACCEPTED,
        None => StatusCode::CREATED,
    };
    let mut response = answer(&outcome, status)?;
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// An unknown item is the path's fault elsewhere; here the body names it.
fn in_body(error: practice::Error) -> Problem {
    match error {
        practice::Error::ItemNotFound { .. } => {
            Problem::new(Code::UnknownItem, error.to_string()).field("item")
        }
        error => error.into(),
    }
}

fn answer(outcome: &Outcome, status: StatusCode) -> Result<Response, Problem> {
    let body = Rendered::json(&AttemptBody::from(&outcome.view))?;
    let mut response = body.respond(&HeaderMap::new(), NO_STORE);
    *response.status_mut() = status;
    if outcome.replayed {
        let name = HeaderName::from_static("idempotency-replayed");
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// One attempt with its scorecard.
#[utoipa::path(get, path = "/attempts/{id}", operation_id = "get_attempt", tag = "attempts",
    params(("id" = String, Path, description = "The attempt")), responses(
    (status = 200, body = AttemptBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    AttemptPath(id): AttemptPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async { Rendered::json(&AttemptBody::from(&app.practice().attempt(&id).await?)) };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Delete an attempt with its replies and keys.
#[utoipa::path(delete, path = "/attempts/{id}", operation_id = "delete_attempt", tag = "attempts",
    params(("id" = String, Path, description = "The attempt")), responses(
    (status = 204, description = "Gone"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    AttemptPath(id): AttemptPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().delete(&id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Answer the interviewer's question.
#[utoipa::path(post, path = "/attempts/{id}/replies", operation_id = "create_reply", tag = "attempts",
    params(("id" = String, Path, description = "The attempt"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters")),
    request_body = NewReply, responses(
    (status = 200, body = AttemptBody, headers(
        ("Idempotency-Replayed" = String, description = "`true` when the key was known"))),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `question_not_pending`"),
))]
pub(crate) async fn reply(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    AttemptPath(id): AttemptPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewReply>,
) -> Result<Response, Problem> {
    let key = idempotency(&headers, &Method::POST, uri.path(), &body.bytes)?;
    let reply = body
        .value
        .into_reply()
        .map_err(|rule| Problem::new(Code::InvalidField, rule).field("body"))?;
    let outcome = app.practice().reply(&id, reply, key, now_us()).await?;
    answer(&outcome, StatusCode::OK)
}
