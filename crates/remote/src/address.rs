//! Where an endpoint is: its base URL taken apart, and refused where words would travel in the clear.

use std::net::IpAddr;

use hyper::Uri;

use crate::EndpointError;

/// A base URL taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) https: bool,
    /// Name or address, IPv6 without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As it goes into the `host` header.
    pub(crate) authority: String,
    /// Where to post.
    pub(crate) path: String,
}

impl Address {
    /// Takes the base URL apart; `resource` is what is posted to below it, such as `/chat/completions`.
    pub(crate) fn parse(base_url: &str, resource: &str) -> Result<Self, EndpointError> {
        // The URL itself is left out of the errors: people put secrets into URLs.
        let fault = |rule: &str, cure| {
            Err(EndpointError {
                field: "base_url",
                rule: rule.to_owned(),
                cure,
            })
        };
        const EXAMPLE: &str = "write it like `http://127.0.0.1:11434/v1`";
        let Ok(uri) = base_url.trim().parse::<Uri>() else {
            return fault("is no URL", EXAMPLE);
        };
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return fault("must start with `http://` or `https://`", EXAMPLE),
        };
        let Some(authority) = uri.authority().filter(|a| !a.host().is_empty()) else {
            return fault("names no host", EXAMPLE);
        };
        if authority.as_str().contains('@') {
            return fault("must not hold a name or password", "put the key into `api_key`");
        }
        if uri.query().is_some() {
            return fault("must not have a query", "leave out everything from the `?` on");
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        if !https && !is_private(&host) {
            return fault(
                "would send answers in the clear over a public network",
                "use `https://`; plain http is for this machine and private networks",
            );
        }
        let base = uri.path().trim_end_matches('/');
        if base.ends_with(resource) {
            return fault(
                &format!("must end before `{resource}`"),
                "leave out that last part",
            );
        }
        Ok(Self {
            https,
            host,
            port: authority.port_u16().unwrap_or(if https { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: format!("{base}{resource}"),
        })
    }
}

/// Whether a host lies on this machine or in a private network, as far as its name tells: an address from a
/// private range, a name without dots (as containers have), or one under a suffix that no public zone has.
fn is_private(host: &str) -> bool {
    const SUFFIXES: [&str; 5] = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        Ok(IpAddr::V6(v6)) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
        Err(_) => {
            let host = host.to_ascii_lowercase();
            !host.contains('.') || SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expect: Result<(bool, &str, u16, &str), &str>) {
        let parsed = Address::parse(url, "/chat/completions");
        match (&parsed, expect) {
            (Ok(a), Ok(expect)) => assert_eq!((a.https, a.host.as_str(), a.port, a.path.as_str()), expect),
            (Err(error), Err(rule)) => {
                assert!(error.rule.contains(rule), "{url}: {error}");
                assert!(!error.to_string().contains("hunter2"), "{error}");
            }
            _ => panic!("{url}: {parsed:?}"),
        }
    }

    #[test]
    fn addresses_are_taken_apart_or_refused_with_the_rule() {
        const PATH: &str = "/v1/chat/completions";
        check("http://127.0.0.1:11434/v1", Ok((false, "127.0.0.1", 11434, PATH)));
        check("http://[::1]:8080/v1/", Ok((false, "::1", 8080, PATH)));
        check("http://ollama/v1", Ok((false, "ollama", 80, PATH)));
        check(
            "https://api.example.com",
            Ok((true, "api.example.com", 443, "/chat/completions")),
        );
        check(
            "http://192.168.1.5:8000/v1",
            Ok((false, "192.168.1.5", 8000, PATH)),
        );
        check("http://api.example.com/v1", Err("in the clear"));
        check("http://8.8.8.8/v1", Err("in the clear"));
        check("http://localhost.example.com/v1", Err("in the clear"));
        check("https://me:hunter2@api.example.com/v1", Err("name or password"));
        check("https://api.example.com/v1?key=hunter2", Err("query"));
        check("https://api.example.com/v1/chat/completions", Err("before"));
        check("ftp://127.0.0.1/v1", Err("http://"));
        check("127.0.0.1:11434", Err("http"));
        check("not a url", Err("no URL"));
    }
}
