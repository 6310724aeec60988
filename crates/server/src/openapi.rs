//! The routes with their document, which is made where they are: a route without documentation cannot
//! exist. The committed snapshot is `openapi.json`.

use axum::Router;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::{Code, Problem};
use crate::routes::{
    attempts, cards, coach, drafts, events, history, items, jobs, loops, meta, overrides, papers, plan,
    readings, runs, sets, speech, stories, transfer,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Spar",
        description = "Practise backend interviews and get a scorecard in which every point cites evidence. \
            Errors are RFC 9457 problems with a stable `code`. Lists use cursors. Bodies are at most 256 KiB \
            (programs: 2 MiB, import: 64 MiB, recordings: 32 MiB).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    // Either: a server on loopback may run without a token.
    security((), ("token" = []))
)]
struct Base;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let token = token.description(Some(
            "The token that the server was started with, where it was given one",
        ));
        if let Some(components) = &mut document.components {
            components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        }
    }
}

/// The routes and their raw document.
pub(crate) fn routes() -> (Router<App>, Document) {
    let api = OpenApiRouter::new()
        .routes(routes!(items::list))
        .routes(routes!(items::get))
        .routes(routes!(runs::create))
        .routes(routes!(coach::create))
        .routes(routes!(attempts::list, attempts::create))
        .routes(routes!(attempts::get, attempts::delete))
        .routes(routes!(attempts::reply))
        .routes(routes!(papers::attempt))
        .routes(routes!(papers::hiring))
        .routes(routes!(papers::story))
        .routes(routes!(papers::plan))
        .routes(routes!(papers::set))
        .routes(routes!(papers::set_cards))
        .routes(routes!(readings::create))
        .routes(routes!(overrides::put, overrides::delete))
        .routes(routes!(events::events))
        .routes(routes!(drafts::get, drafts::put, drafts::delete))
        .routes(routes!(
            drafts::get_program,
            drafts::put_program,
            drafts::delete_program
        ))
        .routes(routes!(history::get))
        .routes(routes!(jobs::roles))
        .routes(routes!(jobs::list, jobs::create))
        .routes(routes!(jobs::get, jobs::put, jobs::delete))
        .routes(routes!(sets::list, sets::create))
        .routes(routes!(sets::get, sets::delete))
        .routes(routes!(loops::presets))
        .routes(routes!(loops::list, loops::create))
        .routes(routes!(loops::get, loops::delete))
        .routes(routes!(loops::happen))
        .routes(routes!(loops::scorecard))
        .routes(routes!(cards::review))
        .routes(routes!(cards::put_settings))
        .routes(routes!(cards::list))
        .routes(routes!(papers::cards))
        .routes(routes!(cards::get, cards::put, cards::delete))
        .routes(routes!(cards::grade))
        .routes(routes!(cards::undo))
        .routes(routes!(plan::get, plan::put, plan::delete))
        .routes(routes!(plan::today))
        .routes(routes!(plan::days))
        .routes(routes!(plan::done))
        .routes(routes!(plan::check))
        .routes(routes!(plan::calendar))
        .routes(routes!(plan::progress))
        .routes(routes!(stories::list, stories::create))
        .routes(routes!(stories::check))
        .routes(routes!(stories::coverage))
        .routes(routes!(stories::coverage_row))
        .routes(routes!(stories::get, stories::put, stories::delete))
        .routes(routes!(stories::rehearse))
        .routes(routes!(transfer::export))
        .routes(routes!(transfer::import))
        .routes(routes!(transfer::wipe))
        .routes(routes!(speech::get))
        .routes(routes!(speech::fetch))
        .routes(routes!(speech::transcribe))
        .routes(routes!(meta::health))
        .routes(routes!(meta::problems))
        .routes(routes!(meta::openapi));
    OpenApiRouter::with_openapi(Base::openapi())
        .nest("/api/v1", api)
        .routes(routes!(meta::metrics))
        .split_for_parts()
}

/// Adds what holds for every operation, and renders.
pub(crate) fn finish(mut document: Document) -> String {
    for item in document.paths.paths.values_mut() {
        for (operation, reads) in operations(item) {
            document_problems(operation, reads);
        }
    }
    // Plain data with string keys: this cannot fail, and a test reads the result.
    document.to_pretty_json().unwrap_or_default() + "\n"
}

/// The OpenAPI document, as committed and as served.
pub fn document() -> String {
    finish(routes().1)
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let reads = item.get.as_mut().map(|operation| (operation, true));
    let writes = [item.post.as_mut(), item.put.as_mut(), item.delete.as_mut()];
    reads
        .into_iter()
        .chain(writes.into_iter().flatten().map(|operation| (operation, false)))
}

/// Problems that any operation may answer with, and those of every body.
fn document_problems(operation: &mut Operation, reads: bool) {
    use Code::{
        BodyTimeout, BodyTooLarge, ForeignHost, Internal, InvalidField, InvalidParameter, RateLimited,
        StoreBusy, StoreFull, TokenRequired, UnsupportedMediaType,
    };
    let mut codes = vec![
        InvalidParameter,
        TokenRequired,
        ForeignHost,
        RateLimited,
        Internal,
        StoreBusy,
    ];
    if operation.request_body.is_some() {
        codes.extend([BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidField]);
    }
    if !reads {
        codes.push(StoreFull);
    }
    for code in codes {
        let status = code.status();
        let of_status = Code::ALL
            .iter()
            .filter(|other| other.status() == status)
            .map(|other| other.as_str());
        let description = format!("A problem: `{}`", of_status.collect::<Vec<_>>().join("`, `"));
        operation
            .responses
            .responses
            .entry(status.as_u16().to_string())
            .or_insert_with(|| {
                let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
                let response = ResponseBuilder::new().description(description);
                RefOr::T(response.content("application/problem+json", content).build())
            });
    }
}
