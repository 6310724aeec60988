//! Stories: the records, their checks, tellings, and which question each answers.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use domain::{DocumentId, Rehearsal, Story};
use practice::{Held, Practice};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, NO_STORE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{DocumentPath, ItemPath, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{
    CoverageBody, CoverageRowBody, NewRehearsal, PutStory, RehearsalBody, StoryBody, StoryCheckBody,
    StoryFields, StoryFindingBody, StoryList,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, value_type = Option<String>, max_length = 140, pattern = "^[A-Za-z0-9._-]+$")]
    after: Option<DocumentId>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetQuery {
    /// With the names of the story hidden, for whatever leaves.
    #[param(nullable = false)]
    hide_names: Option<bool>,
}

/// The stories, newest first.
#[utoipa::path(get, path = "/stories", operation_id = "list_stories", tag = "stories", params(ListQuery), responses(
    (status = 200, body = StoryList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    let limit = Limit::or_default(query.limit);
    let make =
        || async {
            let after =
                match &query.after {
                    Some(id) => Some(app.practice().held::<Story>(id).await.map_err(
                        |error| match error {
                            practice::Error::DocumentNotFound { .. } => {
                                wrong("after", "names no story: begin again")
                            }
                            other => other.into(),
                        },
                    )?),
                    None => None,
                };
            let after = after.as_ref().map(|held| (held.created_at_us, &held.id));
            let mut page = app.practice().held_page::<Story>(after, limit + 1).await?;
            let more = page.len() > limit as usize;
            page.truncate(limit as usize);
            let next = page.last().filter(|_| more).map(|held| held.id.to_string());
            Rendered::json(&StoryList {
                data: page.iter().map(StoryBody::from).collect(),
                next,
            })
        };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Keep a new story. Parts may be empty; it needs a title.
#[utoipa::path(post, path = "/stories", operation_id = "create_story", tag = "stories", request_body = StoryFields, responses(
    (status = 201, body = StoryBody, headers(("Location" = String, description = "The story"))),
))]
pub(crate) async fn create(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<StoryFields>,
) -> Result<Response, Problem> {
    let now = now_us();
    let id = Practice::document_id(now);
    app.practice()
        .put::<Story>(&id, &body.value.into(), Some(0), now)
        .await?;
    let mut response = kept(&app, &id, &HeaderMap::new()).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/stories/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// One story.
#[utoipa::path(get, path = "/stories/{id}", operation_id = "get_story", tag = "stories",
    params(("id" = String, Path, description = "The story"), GetQuery), responses(
    (status = 200, body = StoryBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(query): Params<GetQuery>,
) -> Result<Response, Problem> {
    if query.hide_names != Some(true) {
        return kept(&app, &id, &headers).await;
    }
    let held = app.practice().held::<Story>(&id).await?;
    let hidden = Held {
        body: practice::without_names(&held.body),
        ..held
    };
    Ok(Rendered::json(&StoryBody::from(&hidden))?.respond(&headers, NO_STORE))
}

/// Write a story in place of the version that was seen.
#[utoipa::path(put, path = "/stories/{id}", operation_id = "put_story", tag = "stories",
    params(("id" = String, Path, description = "The story")), request_body = PutStory, responses(
    (status = 200, body = StoryBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<PutStory>,
) -> Result<Response, Problem> {
    let PutStory { version, story } = body.value;
    if version < 1 {
        return Err(Problem::new(
            Code::InvalidField,
            "`version` must be 1 or more: that of the story as read",
        )
        .field("version"));
    }
    app.practice()
        .put::<Story>(&id, &story.into(), Some(version), now_us())
        .await?;
    kept(&app, &id, &HeaderMap::new()).await
}

/// Delete a story with its rehearsals.
#[utoipa::path(delete, path = "/stories/{id}", operation_id = "delete_story", tag = "stories",
    params(("id" = String, Path, description = "The story")), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().delete_story(&id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Look at a story as it is being written; nothing is kept.
#[utoipa::path(post, path = "/stories/check", operation_id = "check_story", tag = "stories", request_body = StoryFields, responses(
    (status = 200, body = StoryCheckBody),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "A problem: `grading_busy`, `store_busy`"),
))]
pub(crate) async fn check(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<StoryFields>,
) -> Result<Response, Problem> {
    let findings = app.practice().check_story(body.value.into()).await?;
    let findings = findings.iter().map(StoryFindingBody::from).collect();
    Ok(Rendered::json(&StoryCheckBody { findings })?.respond(&HeaderMap::new(), NO_STORE))
}

/// Set a telling beside the story. Its figures are logged, its words are not kept.
#[utoipa::path(post, path = "/stories/{id}/rehearsals", operation_id = "rehearse_story", tag = "stories",
    params(("id" = String, Path, description = "The story")), request_body = NewRehearsal, responses(
    (status = 201, body = RehearsalBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "A problem: `grading_busy`, `store_busy`"),
))]
pub(crate) async fn rehearse(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewRehearsal>,
) -> Result<Response, Problem> {
    let new = body.value;
    let attempt = new.attempt.map(|id| id.parse()).transpose();
    let attempt = attempt
        .map_err(|e: domain::IdError| Problem::new(Code::InvalidField, e.to_string()).field("attempt"))?;
    let found = app.practice().rehearse_story(&id, new.text).await?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let entry = Rehearsal {
        limit_ms: new.limit_ms,
        elapsed_ms: new.elapsed_ms,
        words: count(found.words),
        told: count(found.sentences.iter().filter(|s| s.told).count()),
        of: count(found.sentences.len()),
        attempt,
    };
    let position = app.practice().logged::<Story>(&id).await?.len();
    app.practice()
        .log::<Story>(&id, position, &[entry], now_us())
        .await?;
    let body = Rendered::json(&RehearsalBody::new(&found, new.elapsed_ms))?;
    let mut response = body.respond(&HeaderMap::new(), NO_STORE);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Which story answers which question, as far as it is graded. Rows without cells are to be asked for.
#[utoipa::path(get, path = "/stories/coverage", operation_id = "get_coverage", tag = "stories", responses(
    (status = 200, body = CoverageBody),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn coverage(
    State(app): State<App>,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    // Grading a row is no write: what is kept by generation would not show it.
    let map = app.practice().coverage_map().await?;
    Ok(Rendered::json(&CoverageBody::from(&map))?.respond(&headers, NO_STORE))
}

/// Grade every story against one question, on the grading slots.
#[utoipa::path(get, path = "/stories/coverage/{item}", operation_id = "get_coverage_row", tag = "stories",
    params(("item" = String, Path, description = "The question")), responses(
    (status = 200, body = CoverageRowBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "A problem: `grading_busy`, `store_busy`"),
))]
pub(crate) async fn coverage_row(
    State(app): State<App>,
    headers: HeaderMap,
    ItemPath(item): ItemPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let row = app.practice().coverage_row(&item).await?;
    Ok(Rendered::json(&CoverageRowBody::from(&row))?.respond(&headers, NO_STORE))
}

async fn kept(app: &App, id: &DocumentId, headers: &HeaderMap) -> Result<Response, Problem> {
    let held = app.practice().held::<Story>(id).await?;
    Ok(Rendered::json(&StoryBody::from(&held))?.respond(headers, NO_STORE))
}
