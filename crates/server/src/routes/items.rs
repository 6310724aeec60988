//! The bank.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use domain::ItemId;
use practice::{ItemFilter, Part};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Limit, REVALIDATE, read, wrong};
use crate::app::App;
use crate::extract::{ItemPath, Params};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::{Competency, ItemBody, ItemEntry, ItemList, Kind, Level, Round};

/// Longest search.
const MAX_SEARCH_CHARS: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only of this round.
    #[param(nullable = false, inline)]
    round: Option<Round>,
    /// Only of this kind.
    #[param(nullable = false, inline)]
    kind: Option<Kind>,
    /// Only with this topic.
    #[param(nullable = false, max_length = 64)]
    topic: Option<String>,
    /// Only asked at this level.
    #[param(nullable = false, inline)]
    level: Option<Level>,
    /// Only of this competency.
    #[param(nullable = false, inline)]
    competency: Option<Competency>,
    /// Only attempted ones, or only those not yet.
    #[param(nullable = false)]
    done: Option<bool>,
    /// Words that id, title, prompt or topics have, all of them, in any case.
    #[param(nullable = false, max_length = 200)]
    q: Option<String>,
    /// How many at most.
    #[param(nullable = false, value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(nullable = false, value_type = Option<String>, max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    after: Option<ItemId>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetQuery {
    /// With the study material and the rubric.
    #[param(nullable = false)]
    guidance: Option<bool>,
    /// The variant to show; the default without it.
    #[param(nullable = false, minimum = 0, maximum = 47)]
    variant: Option<u32>,
}

/// The bank, in id order.
#[utoipa::path(get, path = "/items", operation_id = "list_items", tag = "items", params(ListQuery), responses(
    (status = 200, body = ItemList),
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
    read(&app, &uri, &headers, REVALIDATE, || list_page(&app, query)).await
}

async fn list_page(app: &App, query: ListQuery) -> Result<Rendered, Problem> {
    let limit = Limit::or_default(query.limit) as usize;
    let filter = ItemFilter {
        round: query.round.map(|w| w.0),
        kind: query.kind.map(|w| w.0),
        topic: query.topic,
        level: query.level.map(|w| w.0),
        competency: query.competency.map(|w| w.0),
        done: query.done,
        words: query.q,
    };
    let page = app.practice().items(&filter, query.after.as_ref(), limit).await?;
    let data: Vec<ItemEntry> = page
        .entries
        .iter()
        .map(|entry| ItemEntry::new(entry.item, entry.summary.as_ref()))
        .collect();
    let last = page.entries.last().filter(|_| page.more);
    Rendered::json(&ItemList {
        data,
        next: last.map(|entry| entry.item.id.to_string()),
    })
}

/// One item.
#[utoipa::path(get, path = "/items/{id}", operation_id = "get_item", tag = "items",
    params(("id" = String, Path, description = "The item"), GetQuery), responses(
    (status = 200, body = ItemBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `item_not_found`"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    ItemPath(id): ItemPath,
    Params(query): Params<GetQuery>,
) -> Result<Response, Problem> {
    let with_guidance = query.guidance.unwrap_or(false);
    let make = || async {
        let practice = app.practice();
        let entry = practice.item(&id).await?;
        let instance = practice.instance(&id, query.variant.unwrap_or_default(), Part::Question);
        let instance = instance.map_err(|error| match error {
            practice::Error::Field { field, rule } => wrong(field, &rule),
            error => error.into(),
        })?;
        Rendered::json(&ItemBody::new(&instance.item, &entry, practice, with_guidance))
    };
    read(&app, &uri, &headers, REVALIDATE, make).await
}
