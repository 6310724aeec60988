//! Recall: the day's queue, and the cards.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use domain::{Card, Day, DocumentId};
use practice::CardView;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, NO_STORE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{DocumentPath, JsonBody, NoParams, Params};
use crate::problem::{Code, Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{
    CardBody, CardList, NewCard, NewCardReview, ReviewBody, ReviewSettingsBody, ReviewedBody, UndoReview,
    seen,
};

/// Longest search.
const MAX_SEARCH_CHARS: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReviewQuery {
    /// The candidate's day; the day in UTC without it.
    #[param(nullable = false, value_type = Option<String>, format = Date)]
    date: Option<Day>,
    /// Minutes in place of the setting.
    #[param(nullable = false, minimum = 1, maximum = 120)]
    minutes: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Words that title, question, fact or note have, all of them, in any case.
    #[param(nullable = false, max_length = 200)]
    q: Option<String>,
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, value_type = Option<String>, max_length = 140, pattern = "^[A-Za-z0-9._-]+$")]
    after: Option<DocumentId>,
}

/// What a day of review holds: cards that are due, then new ones, within the minutes.
#[utoipa::path(get, path = "/review", operation_id = "get_review", tag = "review", params(ReviewQuery), responses(
    (status = 200, body = ReviewBody),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn review(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<ReviewQuery>,
) -> Result<Response, Problem> {
    if query.minutes.is_some_and(|minutes| !(1..=120).contains(&minutes)) {
        return Err(wrong("minutes", "must be 1 to 120"));
    }
    let make = |day| {
        let app = &app;
        move || async move {
            let review = app.practice().review(day, query.minutes).await?;
            Rendered::json(&ReviewBody::from(&review))
        }
    };
    match query.date {
        Some(day) => read(&app, &uri, &headers, NO_STORE, make(day)).await,
        // Which day it is changes without a write: not kept.
        None => Ok(make(Day::utc(now_us()))().await?.respond(&headers, NO_STORE)),
    }
}

/// How the candidate reviews: minutes a day, new cards a day, and how much should be retained.
#[utoipa::path(put, path = "/review/settings", operation_id = "put_review_settings", tag = "review",
    request_body = ReviewSettingsBody, responses((status = 200, body = ReviewSettingsBody)))]
pub(crate) async fn put_settings(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<ReviewSettingsBody>,
) -> Result<Response, Problem> {
    app.practice()
        .put_review_settings(&(&body.value).into(), now_us())
        .await?;
    Ok(Rendered::json(&body.value)?.respond(&HeaderMap::new(), NO_STORE))
}

/// All cards, in id order.
#[utoipa::path(get, path = "/cards", operation_id = "list_cards", tag = "review", params(ListQuery), responses(
    (status = 200, body = CardList),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<ListQuery>,
) -> Result<Response, Problem> {
    if query
        .q
        .as_ref()
        .is_some_and(|q| q.chars().count() > MAX_SEARCH_CHARS)
    {
        return Err(wrong(
            "q",
            &format!("has more than {MAX_SEARCH_CHARS} characters"),
        ));
    }
    let make = || async {
        let words: Vec<String> = query
            .q
            .iter()
            .flat_map(|q| q.split_whitespace())
            .map(str::to_lowercase)
            .collect();
        let cards = app.practice().cards().await?;
        let limit = Limit::or_default(query.limit) as usize;
        let later = cards
            .iter()
            .filter(|card| query.after.as_ref().is_none_or(|after| card.id > *after));
        let mut data: Vec<CardBody> = later
            .filter(|card| has(card, &words))
            .take(limit + 1)
            .map(CardBody::from)
            .collect();
        let more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| more).map(|card| card.id.clone());
        Rendered::json(&CardList { data, next })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

fn has(card: &CardView, words: &[String]) -> bool {
    let text = [
        &card.title,
        &card.prompt,
        &card.claim,
        &card.front.ask,
        &card.kept.note,
    ];
    let text = text.map(|part| part.to_lowercase()).join("\n");
    words.iter().all(|word| text.contains(word))
}

/// One card.
#[utoipa::path(get, path = "/cards/{id}", operation_id = "get_card", tag = "review",
    params(("id" = String, Path, description = "The card")), responses(
    (status = 200, body = CardBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let card = app.practice().card(&id).await?;
    Ok(Rendered::json(&CardBody::from(&card))?.respond(&headers, NO_STORE))
}

/// Keep the note and the suspension of a card.
#[utoipa::path(put, path = "/cards/{id}", operation_id = "put_card", tag = "review",
    params(("id" = String, Path, description = "The card")), request_body = NewCard, responses(
    (status = 200, body = CardBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewCard>,
) -> Result<Response, Problem> {
    let NewCard {
        suspended,
        note,
        version,
    } = body.value;
    let card = app
        .practice()
        .put_card(&id, &Card { suspended, note }, version, now_us())
        .await?;
    Ok(Rendered::json(&CardBody::from(&card))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Delete what is kept of a card: note, suspension and reviews. A fact that the latest attempt misses is a new
/// card then.
#[utoipa::path(delete, path = "/cards/{id}", operation_id = "delete_card", tag = "review",
    params(("id" = String, Path, description = "The card")), responses(
    (status = 204, description = "Nothing is kept of it now"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    app.practice().delete_card(&id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Grade a card: by hand, or by an answer to its check. With `instead` the grade before is taken back.
#[utoipa::path(post, path = "/cards/{id}/reviews", operation_id = "review_card", tag = "review",
    params(("id" = String, Path, description = "The card")), request_body = NewCardReview, responses(
    (status = 201, body = ReviewedBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn grade(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<NewCardReview>,
) -> Result<Response, Problem> {
    let invalid = |rule| Problem::new(Code::InvalidField, rule).field("body");
    let new = body.value.into_review().map_err(invalid)?;
    let reviewed = app.practice().review_card(&id, new, now_us()).await?;
    let mut response = Rendered::json(&ReviewedBody::from(&reviewed))?.respond(&HeaderMap::new(), NO_STORE);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Take the last grade of a card back; the log keeps both.
#[utoipa::path(post, path = "/cards/{id}/undo", operation_id = "undo_review", tag = "review",
    params(("id" = String, Path, description = "The card")), request_body = UndoReview, responses(
    (status = 200, body = CardBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn undo(
    State(app): State<App>,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
    body: JsonBody<UndoReview>,
) -> Result<Response, Problem> {
    let UndoReview { date, seen: entries } = body.value;
    let card = app
        .practice()
        .undo_review(&id, date, seen(entries), now_us())
        .await?;
    Ok(Rendered::json(&CardBody::from(&card))?.respond(&HeaderMap::new(), NO_STORE))
}
