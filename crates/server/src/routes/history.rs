//! Attempts over time.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::{NO_STORE, read};
use crate::app::App;
use crate::extract::{NoParams, Params};
use crate::problem::Problem;
use crate::rendered::Rendered;
use crate::wire::{HistoryBody, HistoryItem};

/// Everything the candidate did, item by item.
#[utoipa::path(get, path = "/history", operation_id = "get_history", tag = "history", responses(
    (status = 200, body = HistoryBody),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async {
        let history = app.practice().history().await?;
        Rendered::json(&HistoryBody {
            items: history.iter().map(HistoryItem::from).collect(),
        })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}
