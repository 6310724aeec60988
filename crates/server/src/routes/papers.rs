//! Files to be printed or opened elsewhere.

use std::str::FromStr;

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use jiff::civil::Date;
use practice::{Format, Printed, Sheet};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::{NO_STORE, read};
use crate::app::App;
use crate::extract::{AttemptPath, DocumentPath, NoParams, Params};
use crate::problem::Problem;
use crate::rendered::Rendered;

/// In which form a document leaves.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PaperQuery {
    /// `pdf`: pages, tagged and with bookmarks. `markdown`: text with its structure.
    #[serde(default = "pdf", deserialize_with = "one_of")]
    #[param(nullable = false, required = false, value_type = String, pattern = "^(pdf|markdown)$", default = "pdf")]
    pub(crate) format: Format,
    /// The sheets of a PDF.
    #[serde(default, deserialize_with = "one_of")]
    #[param(nullable = false, required = false, value_type = String, pattern = "^(a4|letter)$", default = "a4")]
    pub(crate) sheet: Sheet,
}

/// The day of a plan, and in which form it leaves.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlanPaperQuery {
    /// The candidate's date.
    #[param(value_type = String, format = Date)]
    date: Date,
    /// `pdf`: pages, tagged and with bookmarks. `markdown`: text with its structure.
    #[serde(default = "pdf", deserialize_with = "one_of")]
    #[param(nullable = false, required = false, value_type = String, pattern = "^(pdf|markdown)$", default = "pdf")]
    format: Format,
    /// The sheets of a PDF.
    #[serde(default, deserialize_with = "one_of")]
    #[param(nullable = false, required = false, value_type = String, pattern = "^(a4|letter)$", default = "a4")]
    sheet: Sheet,
}

fn pdf() -> Format {
    Format::Pdf
}

fn one_of<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = String>,
{
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

/// An attempt as a document: the scorecard with its evidence, the answer, and what to say.
#[utoipa::path(get, path = "/attempts/{id}/paper", operation_id = "print_attempt", tag = "attempts",
    params(("id" = String, Path, description = "The attempt"), PaperQuery), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", content(
        (Vec<u8> = "application/pdf"), (String = "text/markdown")),
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `attempt_not_found`"),
))]
pub(crate) async fn attempt(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    AttemptPath(id): AttemptPath,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let printed = app.practice().print_attempt(&id, query.format, query.sheet);
        Ok(rendered(printed.await?))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// The hiring scorecard of a loop as a document: the recommendation, its reasons and its evidence.
#[utoipa::path(get, path = "/loops/{id}/paper", operation_id = "print_loop", tag = "loops",
    params(("id" = String, Path, description = "The loop"), PaperQuery), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", content(
        (Vec<u8> = "application/pdf"), (String = "text/markdown")),
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn hiring(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let printed = app.practice().print_loop(&id, query.format, query.sheet);
        Ok(rendered(printed.await?))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// A tailored set as a document: the questions with their reasons, then what full answers say.
#[utoipa::path(get, path = "/sets/{id}/paper", operation_id = "print_set", tag = "sets",
    params(("id" = String, Path, description = "The set"), PaperQuery), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", content(
        (Vec<u8> = "application/pdf"), (String = "text/markdown")),
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn set(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let printed = app.practice().print_set(&id, query.format, query.sheet);
        Ok(rendered(printed.await?))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// The questions of a tailored set as an Anki package. Another package updates what an earlier one brought.
#[utoipa::path(get, path = "/sets/{id}/cards.apkg", operation_id = "get_set_package", tag = "sets",
    params(("id" = String, Path, description = "The set")), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", body = Vec<u8>,
        content_type = "application/octet-stream",
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn set_cards(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async { Ok(rendered(app.practice().print_set_cards(&id).await?)) };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// A story as a document, its names hidden.
#[utoipa::path(get, path = "/stories/{id}/paper", operation_id = "print_story", tag = "stories",
    params(("id" = String, Path, description = "The story"), PaperQuery), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", content(
        (Vec<u8> = "application/pdf"), (String = "text/markdown")),
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn story(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    DocumentPath(id): DocumentPath,
    Params(query): Params<PaperQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let printed = app.practice().print_story(&id, query.format, query.sheet);
        Ok(rendered(printed.await?))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// The plan as a document: today, the phases with their shares, each day ahead, what is not held, the checklist.
#[utoipa::path(get, path = "/plan/paper", operation_id = "print_plan", tag = "plan", params(PlanPaperQuery), responses(
    (status = 200, description = "The file, named in `Content-Disposition`", content(
        (Vec<u8> = "application/pdf"), (String = "text/markdown")),
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn plan(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<PlanPaperQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let PlanPaperQuery { date, format, sheet } = query;
        let printed = app.practice().print_plan(date, format, sheet);
        Ok(rendered(printed.await?))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Every card that is not suspended as an Anki package. A later one updates what an earlier one brought.
#[utoipa::path(get, path = "/cards.apkg", operation_id = "get_cards_package", tag = "review", responses(
    (status = 200, description = "The file, named in `Content-Disposition`", body = Vec<u8>,
        content_type = "application/octet-stream",
        headers(("Content-Disposition" = String, description = "`attachment` with the name of the file"))),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn cards(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let make = || async { Ok(rendered(app.practice().print_cards().await?)) };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// A file as it is answered.
pub(crate) fn rendered(printed: Printed) -> Rendered {
    let disposition = format!("attachment; filename=\"{}\"", printed.name);
    // The name is letters, digits, hyphens and a dot.
    let disposition = HeaderValue::from_str(&disposition).ok();
    let rendered = Rendered::new(printed.bytes.into(), printed.media_type);
    disposition.into_iter().fold(rendered, |rendered, value| {
        rendered.with(CONTENT_DISPOSITION, value)
    })
}
