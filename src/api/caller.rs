//! Who is calling: a handler that takes one of these is open to such callers only.
//!
//! | extractor | open to | others get |
//! |---|---|---|
//! | [`Signed`] | everyone signed in | 401 |
//! | [`Staffed`] | admins, advocates, staff | clients 404 |
//! | [`Admin`] | admins | everyone else 404 |
//!
//! A handler without one is public. A session comes in an `Authorization: Bearer`
//! header or in the browser's cookie; with the cookie, whatever is no plain read
//! must also carry the session's CSRF token, which another site cannot know.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use subtle::ConstantTimeEq;

use super::problem::{Code, Problem};
use crate::app::App;
use crate::auth::{Caller, SessionKind, Token};
use crate::kernel::Role;

/// The cookie a browser's session is carried in.
pub(crate) const SESSION_COOKIE: &str = "munshi_session";
/// The header a browser's changes carry the CSRF token in.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

/// Anyone who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Signed(pub(crate) Caller);

/// One of the chamber's own people.
#[derive(Debug, Clone)]
pub(crate) struct Staffed(pub(crate) Caller);

/// An admin.
#[derive(Debug, Clone)]
pub(crate) struct Admin(pub(crate) Caller);

/// What a request carries to say who is calling; not yet known to be good.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    token: Token,
    kind: SessionKind,
}

impl Credentials {
    /// The header's token when there is one, or else the cookie's.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let bearer = headers.get(AUTHORIZATION).and_then(bearer_token);
        match bearer {
            Some(token) => Some(Self { token, kind: SessionKind::Bearer }),
            None => cookie_token(headers).map(|token| Self { token, kind: SessionKind::Cookie }),
        }
    }

    /// The caller they stand for, with the scope they have now.
    pub(super) async fn caller(&self, app: &App) -> Result<Caller, Problem> {
        let caller = app.auth.authenticate(&self.token, self.kind).await?;
        caller.ok_or_else(Problem::not_signed_in)
    }
}

/// The session token in a browser's cookie.
pub(crate) fn cookie_token(headers: &HeaderMap) -> Option<Token> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|&(name, value)| name == SESSION_COOKIE && !value.is_empty())
        .map(|(_, value)| Token::sent(value))
}

fn bearer_token(value: &HeaderValue) -> Option<Token> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::sent(token.trim()))
}

/// Whether a request may change something: a plain read always, a bearer's always,
/// a browser's when it carries the CSRF token.
fn may_change(method: &Method, kind: SessionKind, headers: &HeaderMap, csrf: &str) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    match kind {
        SessionKind::Bearer => true,
        SessionKind::Cookie => {
            let sent = headers.get(CSRF_HEADER).map_or(&[][..], HeaderValue::as_bytes);
            !csrf.is_empty() && bool::from(sent.ct_eq(csrf.as_bytes()))
        }
    }
}

impl FromRequestParts<App> for Credentials {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        Self::of(&parts.headers).ok_or_else(Problem::not_signed_in)
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let credentials = Credentials::from_request_parts(parts, app).await?;
        let caller = credentials.caller(app).await?;
        if may_change(&parts.method, credentials.kind, &parts.headers, &caller.csrf) {
            Ok(Self(caller))
        } else {
            let words = "reload the page and try again; a change sends the page's token as \
                         `x-csrf-token`";
            Err(Problem::shown(Code::Csrf, words))
        }
    }
}

impl FromRequestParts<App> for Staffed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, app).await?;
        match caller.scope.role() {
            Role::Admin | Role::Advocate | Role::Staff => Ok(Self(caller)),
            Role::Client => Err(Problem::hidden()),
        }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, app).await?;
        match caller.scope.role() {
            Role::Admin => Ok(Self(caller)),
            Role::Advocate | Role::Staff | Role::Client => Err(Problem::hidden()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for &(name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn carried(pairs: &[(&'static str, &'static str)]) -> Option<(String, SessionKind)> {
        let Credentials { token, kind } = Credentials::of(&headers(pairs))?;
        Some((token.expose().to_owned(), kind))
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let found = carried(&[("cookie", "theme=dark; munshi_session=abc"), ("cookie", "a=b")]);
        assert_eq!(found, Some(("abc".to_owned(), SessionKind::Cookie)));
        assert_eq!(carried(&[("cookie", "x_munshi_session=abc; munshi_session=")]), None);
    }

    #[test]
    fn a_bearer_token_goes_before_the_cookie() {
        let found = carried(&[("cookie", "munshi_session=abc"), ("authorization", "bearer xyz")]);
        assert_eq!(found, Some(("xyz".to_owned(), SessionKind::Bearer)));
    }

    #[test]
    fn a_proxy_s_own_sign_in_is_no_session() {
        let found = carried(&[("cookie", "munshi_session=abc"), ("authorization", "Basic eDp5")]);
        assert_eq!(found, Some(("abc".to_owned(), SessionKind::Cookie)));
        assert_eq!(carried(&[("authorization", "Basic eDp5")]), None);
    }

    #[test]
    fn a_browser_changes_nothing_without_the_token() {
        let cookie = SessionKind::Cookie;
        let (none, wrong, right) =
            (headers(&[]), headers(&[(CSRF_HEADER, "tokem")]), headers(&[(CSRF_HEADER, "token")]));
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!may_change(&method, cookie, &none, "token"), "{method}");
            assert!(!may_change(&method, cookie, &wrong, "token"), "{method}");
            assert!(may_change(&method, cookie, &right, "token"), "{method}");
        }
        assert!(may_change(&Method::GET, cookie, &none, "token"));
        assert!(may_change(&Method::HEAD, cookie, &none, "token"));
    }

    #[test]
    fn a_session_without_a_token_lets_no_browser_change_anything() {
        let empty = headers(&[(CSRF_HEADER, "")]);
        assert!(!may_change(&Method::POST, SessionKind::Cookie, &empty, ""));
        assert!(may_change(&Method::POST, SessionKind::Bearer, &headers(&[]), ""));
    }
}
