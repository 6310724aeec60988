//! The page, embedded at build: hashed assets that never change, and one document for every other path.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::rendered::Rendered;

/// The files of `web/dist`, or a placeholder; see `build.rs`.
const FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Vite puts a hash of the content into every name below this.
const HASHED: &str = "assets/";

static PAGE: LazyLock<BTreeMap<&str, Rendered>> = LazyLock::new(|| {
    let render = |&(path, bytes): &(&'static str, &'static [u8])| {
        (path, Rendered::new(Bytes::from_static(bytes), content_type(path)))
    };
    FILES.iter().map(render).collect()
});

/// The file at a path; the document for any path without a dot, since the page routes those itself.
pub(crate) fn serve(path: &str, request: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    let file = PAGE.get_key_value(name).or_else(|| {
        let is_route = !name.rsplit('/').next().unwrap_or_default().contains('.');
        is_route.then(|| PAGE.get_key_value("index.html")).flatten()
    });
    match file {
        Some((name, file)) if name.starts_with(HASHED) => {
            file.respond(request, "public, max-age=31536000, immutable")
        }
        Some((_, file)) => file.respond(request, "no-cache"),
        None => Problem::new(Code::NotFound, format!("no file at `{path}`")).into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_TYPE;

    use super::*;

    #[test]
    fn routes_get_the_document_and_missing_files_do_not() {
        for path in [
            "/",
            "/bank",
            "/items/pagination",
            "/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ] {
            let response = serve(path, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(
                response.headers()[CONTENT_TYPE],
                "text/html; charset=utf-8",
                "{path}"
            );
        }
        assert_eq!(
            serve("/assets/gone-1234.js", &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            serve("/../Cargo.toml", &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND
        );
    }
}
