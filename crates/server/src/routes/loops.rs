//! Mock loops and their hiring scorecards.

use axum::extract::State;
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use domain::DocumentId;
use practice::{LoopView, NewLoop, Practice};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, NO_STORE, REVALIDATE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{DocumentPath, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{
    LoopBody, LoopEntry, LoopList, LoopPresetBody, LoopPresetList, LoopScorecardBody, MAX_SAFE_INTEGER,
    NewLoopBody, NewLoopEventBody,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, max_length = 200)]
    after: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// Delete its attempts as well; they stay otherwise.
    #[serde(default)]
    #[param(nullable = false, default = false, value_type = Option<bool>)]
    with_attempts: bool,
}

/// The loops to choose from, with their stages, minutes and weights.
#[utoipa::path(get, path = "/loop-presets", operation_id = "list_loop_presets", tag = "loops", responses(
    (status = 200, body = LoopPresetList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn presets(headers: HeaderMap, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    let data = Practice::loop_presets()
        .iter()
        .map(LoopPresetBody::from)
        .collect();
    Ok(Rendered::json(&LoopPresetList { data })?.respond(&headers, REVALIDATE))
}

/// The loops, newest first.
#[utoipa::path(get, path = "/loops", operation_id = "list_loops", tag = "loops", params(ListQuery), responses(
    (status = 200, body = LoopList),
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
        let mut loops = app.practice().loops(after, limit.saturating_add(1)).await?;
        let more = loops.len() > limit as usize;
        loops.truncate(limit as usize);
        let last = loops.last().filter(|_| more);
        let next = last.map(|(held, _)| format!("{}-{}", held.created_at_us, held.id));
        let data = loops
            .iter()
            .map(|(held, state)| LoopEntry::of(held, state))
            .collect();
        Rendered::json(&LoopList { data, next })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Where a page ended: creation and id, which hold no `-` before the id.
fn parse_cursor(text: &str) -> Result<(i64, DocumentId), Problem> {
    let parse = || {
        let (time, id) = text.split_once('-')?;
        Some((time.parse().ok()?, id.parse().ok()?))
    };
    parse().ok_or_else(|| wrong("after", "is not a cursor of this list: use the `next` of a page"))
}

/// Make a loop; it begins with its first event.
#[utoipa::path(post, path = "/loops", operation_id = "create_loop", tag = "loops", request_body = NewLoopBody, responses(
    (status = 201, body = LoopBody, headers(("Location" = String, description = "The loop"))),
))]
pub(crate) async fn create(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<NewLoopBody>,
) -> Result<Response, Problem> {
    let new = body.value;
    if new.seed.is_some_and(|seed| seed > MAX_SAFE_INTEGER) {
        let rule = format!("`seed` must be 0 to {MAX_SAFE_INTEGER}");
        return Err(Problem::new(Code::InvalidField, rule).field("seed"));
    }
    let new = NewLoop {
        preset: new.preset,
        level: new.level.0,
        role: new.role,
        topics: new.topics,
        seed: new.seed.unwrap_or_else(|| practice::random() & MAX_SAFE_INTEGER),
    };
    let view = app.practice().new_loop(new, now_us()).await?;
    let location = format!("/api/v1/loops/{}", view.id);
    let mut response = answer(&view, StatusCode::CREATED)?;
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

fn answer(view: &LoopView, status: StatusCode) -> Result<Response, Problem> {
    let mut response = Rendered::json(&LoopBody::from(view))?.respond(&HeaderMap::new(), NO_STORE);
    *response.status_mut() = status;
    Ok(response)
}

/// One loop as it stands, with all that was said in it.
#[utoipa::path(get, path = "/loops/{id}", operation_id = "get_loop", tag = "loops",
    params(("id" = String, Path, description = "The loop")), responses(
    (status = 200, body = LoopBody),
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
    let make = || async { Rendered::json(&LoopBody::from(&app.practice().interview_loop(&id).await?)) };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Delete a loop with its log. Its attempts stay unless they are to go as well.
#[utoipa::path(delete, path = "/loops/{id}", operation_id = "delete_loop", tag = "loops",
    params(("id" = String, Path, description = "The loop"), DeleteQuery), responses(
    (status = 204, description = "Gone"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(query): Params<DeleteQuery>,
) -> Result<Response, Problem> {
    app.practice().delete_loop(&id, query.with_attempts).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Let something happen in a loop. The interviewer's follow-up questions are answered on the attempt, with
/// `POST /attempts/{id}/replies`.
#[utoipa::path(post, path = "/loops/{id}/events", operation_id = "create_loop_event", tag = "loops",
    params(("id" = String, Path, description = "The loop")), request_body = NewLoopEventBody, responses(
    (status = 200, body = LoopBody, headers(
        ("Idempotency-Replayed" = String, description = "`true` when this event was taken before at this position"))),
    (status = 404, body = Problem, content_type = "application/problem+json",
        description = "A problem: `document_not_found`, `item_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json",
        description = "A problem: `document_changed`, `loop_not_running`, `loop_running`, `loop_ended`, `stage_over`, \
            `already_handed_in`, `not_handed_in`, `loop_full`"),
))]
pub(crate) async fn happen(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewLoopEventBody>,
) -> Result<Response, Problem> {
    let NewLoopEventBody { position, event } = body.value;
    let event = event
        .into_event()
        .map_err(|rule| Problem::new(Code::InvalidField, rule).field("event"))?;
    let happened = app
        .practice()
        .happen(&id, position as usize, event, now_us())
        .await?;
    let mut response = answer(&happened.view, StatusCode::OK)?;
    if happened.replayed {
        let name = HeaderName::from_static("idempotency-replayed");
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The hiring scorecard of a loop, recomputed from its attempts: overrides and later replies count.
#[utoipa::path(get, path = "/loops/{id}/scorecard", operation_id = "get_loop_scorecard", tag = "loops",
    params(("id" = String, Path, description = "The loop")), responses(
    (status = 200, body = LoopScorecardBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn scorecard(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async {
        let (view, card) = app.practice().loop_scorecard(&id).await?;
        Rendered::json(&LoopScorecardBody::of(&view, &card))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}
