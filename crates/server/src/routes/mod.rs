//! One module a resource. Handlers translate; what happens is in `practice`.

pub(crate) mod attempts;
pub(crate) mod cards;
pub(crate) mod coach;
pub(crate) mod drafts;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod items;
pub(crate) mod jobs;
pub(crate) mod loops;
pub(crate) mod meta;
pub(crate) mod overrides;
pub(crate) mod papers;
pub(crate) mod plan;
pub(crate) mod readings;
pub(crate) mod runs;
pub(crate) mod sets;
pub(crate) mod speech;
pub(crate) mod stories;
pub(crate) mod transfer;

use std::future::Future;

use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::problem::{Code, Problem};
use crate::rendered::Rendered;

/// For answers that hold nothing of the candidate: kept by the browser, asked again each time.
pub(crate) const REVALIDATE: &str = "private, no-cache";

/// For answers with the candidate's words: no copy stays in the browser's cache after a delete.
pub(crate) const NO_STORE: &str = "no-store";

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;

/// Answers a read from what is kept, or makes and keeps it.
pub(crate) async fn read<F>(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    cache_control: &'static str,
    make: impl FnOnce() -> F,
) -> Result<Response, Problem>
where
    F: Future<Output = Result<Rendered, Problem>>,
{
    let generation = app.practice().generation().await?;
    let key = uri
        .path_and_query()
        .map_or("", axum::http::uri::PathAndQuery::as_str);
    let page = app.pages().get(generation, key, make).await?;
    Ok(page.respond(headers, cache_control))
}

/// How many entries a page has: 1 to 100.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Limit(u32);

impl Limit {
    pub(crate) fn or_default(limit: Option<Self>) -> u32 {
        limit.map_or(DEFAULT_LIMIT, |limit| limit.0)
    }
}

impl TryFrom<u32> for Limit {
    type Error = String;

    fn try_from(limit: u32) -> Result<Self, String> {
        let fits = (1..=MAX_LIMIT).contains(&limit);
        fits.then_some(Self(limit))
            .ok_or_else(|| format!("must be 1 to {MAX_LIMIT}"))
    }
}

/// A problem with a parameter whose value is well-formed and wrong.
pub(crate) fn wrong(parameter: &'static str, rule: &str) -> Problem {
    Problem::new(Code::InvalidParameter, format!("`{parameter}` {rule}")).field(parameter)
}
