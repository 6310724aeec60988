//! Who may ask: our own page and local programs, and beyond loopback those who show the token.
//!
//! A page of another site can make a browser send requests to loopback. It cannot read our answers, but it
//! must not have effects either, and DNS rebinding would let it read: hence the checks of `Host` (is the
//! name ours?), `Origin` and `Sec-Fetch-Site` (did our page send it?) on every request.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::config::{Config, Token};
use crate::problem::{Code, Problem};
use crate::rate::RateLimiter;

/// The address a connection came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) IpAddr);

/// What is asked of every request.
pub(crate) struct Guard {
    token: Option<Token>,
    hosts: Vec<String>,
    beyond_loopback: bool,
    rate: Option<RateLimiter>,
}

impl Guard {
    pub(crate) fn new(config: &Config, beyond_loopback: bool) -> Self {
        Self {
            token: config.token.clone(),
            hosts: config
                .hosts
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            beyond_loopback,
            rate: config.rate_limit.map(RateLimiter::new),
        }
    }

    fn check(&self, request: &Request) -> Result<(), Problem> {
        let headers = request.headers();
        let host = self.own_host(request)?;
        check_origin(headers, host)?;
        check_site(request)?;
        if is_api(request.uri().path()) {
            self.check_token(headers)?;
        }
        Ok(())
    }

    /// The host that the client asked for, when it is ours.
    fn own_host<'a>(&self, request: &'a Request) -> Result<&'a str, Problem> {
        let mut hosts = request.headers().get_all(HOST).iter();
        let header = hosts.next().and_then(|host| host.to_str().ok());
        let foreign = |host: &str| {
            let detail =
                format!("the host `{host}` is not this server's: start it with `--host NAME` to add one");
            Problem::new(Code::ForeignHost, detail).field("Host")
        };
        let target = request.uri().authority().map(axum::http::uri::Authority::as_str);
        match (header.or(target), hosts.next()) {
            (Some(host), None)
                if self.is_own(host) && target.is_none_or(|t| t.eq_ignore_ascii_case(host)) =>
            {
                Ok(host)
            }
            (host, _) => Err(foreign(host.unwrap_or_default())),
        }
    }

    fn is_own(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        if name == "localhost" || self.hosts.contains(&name) {
            return true;
        }
        let literal = name.trim_start_matches('[').trim_end_matches(']');
        // An address cannot be rebound: beyond loopback, whoever reached us by one meant us.
        literal
            .parse::<IpAddr>()
            .is_ok_and(|address| self.beyond_loopback || address.is_loopback())
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let shown = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| {
                let (scheme, shown) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| shown.trim())
            });
        if shown.is_some_and(|shown| token.is(shown)) {
            return Ok(());
        }
        let detail = "send `Authorization: Bearer TOKEN` with the token that the server was started with";
        Err(Problem::new(Code::TokenRequired, detail).field("Authorization"))
    }
}

/// The middleware.
pub(crate) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let guard = app.guard();
    if let Err(problem) = guard.check(&request) {
        let challenge = problem.code() == Code::TokenRequired;
        let mut response = problem.into_response();
        if challenge {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        return response;
    }
    let Some(rate) = guard.rate.as_ref().filter(|_| is_api(request.uri().path())) else {
        return next.run(request).await;
    };
    let client = request
        .extensions()
        .get::<Client>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |client| client.0);
    let quota = rate.take(client);
    let mut response = match quota.retry_after_s {
        None => next.run(request).await,
        Some(seconds) => {
            let detail = format!("try again in {seconds} s");
            Problem::new(Code::RateLimited, detail)
                .retry_after(seconds)
                .into_response()
        }
    };
    quota.describe(response.headers_mut());
    response
}

/// The page's files carry nothing of the candidate, and a browser cannot show a token to fetch them.
fn is_api(path: &str) -> bool {
    path == "/metrics" || path == "/api" || path.starts_with("/api/")
}

/// A request that a page sent must come from our own: the origin's host and port are those asked for.
fn check_origin(headers: &HeaderMap, host: &str) -> Result<(), Problem> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let Some(origin) = origins.next() else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    if origins.next().is_none() && authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host)) {
        return Ok(());
    }
    let detail = format!("the origin `{origin}` is not this server's");
    Err(Problem::new(Code::ForeignOrigin, detail).field("Origin"))
}

/// What browsers say of requests without `Origin`, such as images and links. A link from anywhere may open
/// the page; nothing else of another site gets through.
fn check_site(request: &Request) -> Result<(), Problem> {
    let value = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    let opens_page = value("sec-fetch-mode") == Some(b"navigate")
        && request.method() == Method::GET
        && !is_api(request.uri().path());
    match value("sec-fetch-site") {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) if opens_page => Ok(()),
        Some(_) => {
            let detail = "the request was sent by a page of another site";
            Err(Problem::new(Code::ForeignOrigin, detail).field("Sec-Fetch-Site"))
        }
    }
}

fn without_port(host: &str) -> &str {
    let end_of_literal = host.rfind(']').map_or(0, |at| at + 1);
    match host[end_of_literal..].find(':') {
        Some(at) => &host[..end_of_literal + at],
        None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(host: &str, config: &Config, beyond: bool) -> bool {
        Guard::new(config, beyond).is_own(host)
    }

    #[test]
    fn loopback_names_are_ours_and_no_others() {
        let config = Config::default();
        for host in [
            "localhost",
            "LOCALHOST:7777",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]",
            "[::1]:7777",
        ] {
            assert!(own(host, &config, false), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "10.0.0.5",
            "[fe80::1]:80",
            "127.0.0.1.nip.io",
        ] {
            assert!(!own(host, &config, false), "{host}");
        }
    }

    #[test]
    fn beyond_loopback_addresses_and_named_hosts_are_ours() {
        let config = Config {
            hosts: vec!["Spar.Example".to_owned()],
            ..Config::default()
        };
        for host in [
            "spar.example",
            "SPAR.example:8443",
            "10.0.0.5:7777",
            "[fe80::1]:80",
        ] {
            assert!(own(host, &config, true), "{host}");
        }
        assert!(!own("rebound.example", &config, true));
    }
}
