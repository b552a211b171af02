//! Whether a change comes from a page of ours. This stands before the token each form
//! carries, and also guards forms that have none yet, such as signing in.

use axum::http::header::{AUTHORIZATION, COOKIE, ORIGIN};
use axum::http::request::Parts;

use super::host::Hosts;

/// Whether a request may go on: a plain read, one that no page of another site can have
/// caused, or one that carries its own credentials in a header and no cookie.
pub(super) fn is_ours(request: &Parts, host: Option<&str>, hosts: &Hosts) -> bool {
    let headers = &request.headers;
    let bearer = headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE);
    if request.method.is_safe() || bearer {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    // Older browsers, and programs. A page that keeps its address to itself sends
    // `null`, but such browsers send the header above.
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let same = origin.split_once("://").is_some_and(|(_, from)| host == Some(from));
    same || hosts.is_public(origin)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::config::Config;

    fn ours(method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/cases");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (request, ()) = request.body(()).unwrap().into_parts();
        let config = Config::from_toml("http.public_url = \"https://munshi.example\"").unwrap();
        is_ours(&request, super::super::host::of(&request), &Hosts::of(&config))
    }

    #[test]
    fn what_another_site_sends_changes_nothing() {
        for site in ["cross-site", "same-site", "anything"] {
            assert!(!ours("POST", &[("sec-fetch-site", site)]), "{site}");
            assert!(!ours("DELETE", &[("sec-fetch-site", site)]), "{site}");
            assert!(ours("GET", &[("sec-fetch-site", site)]), "{site}");
        }
        for origin in ["https://evil.example", "null", "https://munshi.example.evil.example", ""] {
            assert!(!ours("POST", &[("origin", origin), ("host", "munshi.example")]), "{origin}");
        }
    }

    #[test]
    fn our_own_pages_and_programs_may() {
        assert!(ours("POST", &[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(ours("POST", &[("sec-fetch-site", "none")]));
        assert!(ours("POST", &[("origin", "https://munshi.example"), ("host", "10.0.0.1")]));
        assert!(ours("POST", &[("origin", "http://localhost:81"), ("host", "localhost:81")]));
        assert!(ours("POST", &[]));
        let bearer = ("authorization", "Bearer x");
        assert!(ours("POST", &[bearer, ("sec-fetch-site", "cross-site")]));
        assert!(!ours("POST", &[bearer, ("cookie", "a=b"), ("sec-fetch-site", "cross-site")]));
    }
}
