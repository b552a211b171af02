//! Who is calling: a handler that takes one of these is open to such callers only.
//!
//! | extractor | open to | others get |
//! |---|---|---|
//! | [`Signed`] | everyone signed in | 401 |
//! | [`Unnoticed`] | the same, only to know them; the session does not count as used | 401 |
//! | [`May<P>`](May) | those with the permission `P` | 404 |
//! | [`Watching<P>`](Watching) | as `May<P>`; the session does not count as used | 404 |
//! | [`InSession`] | everyone signed in, but not by a personal API token | 403 |
//!
//! A handler without one is public. A session or personal API token comes in an
//! `Authorization: Bearer` header, a session also in the browser's cookie; with the
//! cookie, whatever is no plain read must also carry the session's CSRF token, which
//! another site cannot know. The two realms have cookies of their own; a browser has
//! one of them, or else the practice's counts.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use subtle::ConstantTimeEq;

use super::origin::origin;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::auth::{AuthError, Caller, Carried, Token};
use crate::kernel::permission::Permit;
use crate::kernel::{Origin, Realm};

/// The cookie a browser's session of the chamber's people is carried in. Over TLS its
/// name starts with `__Host-`, so that no other host of the domain can set it.
pub(crate) const SESSION_COOKIE: &str = "munshi_session";
/// The header a browser's changes carry the CSRF token in.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

/// Anyone who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Signed(pub(crate) Caller);

/// Someone with a permission; to others there is nothing here.
#[derive(Debug, Clone)]
pub(crate) struct May<P>(pub(crate) Caller, pub(crate) PhantomData<P>);

/// Anyone who has signed in, for what is done with every request, streams too: it does
/// not keep a session alive, and lets nobody change anything.
#[derive(Debug, Clone)]
pub(crate) struct Unnoticed(pub(crate) Caller);

/// Someone with a permission, for a stream that goes on by itself: a browser opens it
/// again whenever it breaks off, so it does not keep a session alive.
#[derive(Debug, Clone)]
pub(crate) struct Watching<P>(pub(crate) Caller, pub(crate) PhantomData<P>);

/// Someone signed in by a session of their own, which what is done to one's own
/// account needs.
#[derive(Debug, Clone)]
pub(crate) struct InSession(pub(crate) Caller);

/// What a request carries to say who is calling; not yet known to be good.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    token: Token,
    carried: Carried,
    origin: Origin,
}

impl Credentials {
    /// The caller they stand for, with the scope they have now.
    async fn caller(&self, app: &App) -> Result<Caller, Problem> {
        let caller = app.auth.authenticate(&self.token, self.carried, &self.origin).await?;
        caller.ok_or_else(Problem::not_signed_in)
    }

    /// The same for what goes on without them: the session does not count as used.
    pub(super) async fn watcher(&self, app: &App) -> Result<Caller, Problem> {
        let caller = app.auth.authenticate_unused(&self.token, self.carried, &self.origin).await?;
        caller.ok_or_else(Problem::not_signed_in)
    }
}

/// The name of a realm's cookie.
pub(crate) const fn cookie_name(realm: Realm, secure: bool) -> &'static str {
    match (realm, secure) {
        (Realm::Practice, false) => SESSION_COOKIE,
        (Realm::Practice, true) => "__Host-munshi_session",
        (Realm::Portal, false) => "munshi_portal",
        (Realm::Portal, true) => "__Host-munshi_portal",
    }
}

/// The cookies of a request, by name.
pub(super) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(_, value)| !value.is_empty())
}

/// The session token in a browser's cookie, and whose realm's it is.
fn cookie_token(headers: &HeaderMap, secure: bool) -> Option<(Token, Carried)> {
    Realm::ALL.into_iter().find_map(|realm| {
        let (_, value) = cookies(headers).find(|&(name, _)| name == cookie_name(realm, secure))?;
        Some((Token::sent(value), Carried::Cookie(realm)))
    })
}

/// Who looks at a page: the caller the browser's cookie stands for.
pub(crate) async fn cookie_caller(app: &App, parts: &Parts) -> Result<Option<Caller>, AuthError> {
    let secure = app.config.http.secure_cookies();
    let Some((token, carried)) = cookie_token(&parts.headers, secure) else { return Ok(None) };
    let trusted = &app.config.http.trusted_proxies;
    let origin = origin(&parts.headers, &parts.extensions, trusted);
    app.auth.authenticate(&token, carried, &origin).await
}

/// What a request carries: the header's token when there is one, or else the cookie's.
fn carried(headers: &HeaderMap, secure: bool) -> Option<(Token, Carried)> {
    let bearer = headers.get(AUTHORIZATION).and_then(bearer_token);
    bearer.map(|token| (token, Carried::Bearer)).or_else(|| cookie_token(headers, secure))
}

fn bearer_token(value: &HeaderValue) -> Option<Token> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::sent(token.trim()))
}

/// Whether a request may change something: a plain read always, a bearer's always,
/// a browser's when it carries the CSRF token.
fn may_change(method: &Method, carried: Carried, headers: &HeaderMap, csrf: &str) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    match carried {
        Carried::Bearer => true,
        Carried::Cookie(_) => {
            let sent = headers.get(CSRF_HEADER).map_or(&[][..], HeaderValue::as_bytes);
            !csrf.is_empty() && bool::from(sent.ct_eq(csrf.as_bytes()))
        }
    }
}

impl FromRequestParts<App> for Credentials {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = carried(&parts.headers, app.config.http.secure_cookies());
        let (token, carried) = found.ok_or_else(Problem::not_signed_in)?;
        let trusted = &app.config.http.trusted_proxies;
        Ok(Self { token, carried, origin: origin(&parts.headers, &parts.extensions, trusted) })
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let credentials = Credentials::from_request_parts(parts, app).await?;
        let caller = credentials.caller(app).await?;
        if may_change(&parts.method, credentials.carried, &parts.headers, &caller.csrf) {
            Ok(Self(caller))
        } else {
            let words = "reload the page and try again; a change sends the page's token as \
                         `x-csrf-token`";
            Err(Problem::shown(Code::Csrf, words))
        }
    }
}

impl<P: Permit> FromRequestParts<App> for May<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, app).await?;
        if caller.scope.may(P::PERMISSION) {
            Ok(Self(caller, PhantomData))
        } else {
            Err(Problem::hidden())
        }
    }
}

impl FromRequestParts<App> for Unnoticed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let credentials = Credentials::from_request_parts(parts, app).await?;
        Ok(Self(credentials.watcher(app).await?))
    }
}

impl<P: Permit> FromRequestParts<App> for Watching<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Unnoticed(caller) = Unnoticed::from_request_parts(parts, app).await?;
        if caller.scope.may(P::PERMISSION) {
            Ok(Self(caller, PhantomData))
        } else {
            Err(Problem::hidden())
        }
    }
}

impl FromRequestParts<App> for InSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, app).await?;
        caller.in_session()?;
        Ok(Self(caller))
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

    const PRACTICE: Carried = Carried::Cookie(Realm::Practice);

    fn found(pairs: &[(&'static str, &'static str)]) -> Option<(String, Carried)> {
        let (token, carried) = carried(&headers(pairs), false)?;
        Some((token.expose().to_owned(), carried))
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let session = found(&[("cookie", "theme=dark; munshi_session=abc"), ("cookie", "a=b")]);
        assert_eq!(session, Some(("abc".to_owned(), PRACTICE)));
        assert_eq!(found(&[("cookie", "x_munshi_session=abc; munshi_session=")]), None);
    }

    #[test]
    fn each_realm_has_a_cookie_of_its_own() {
        let session = found(&[("cookie", "munshi_portal=abc")]);
        assert_eq!(session, Some(("abc".to_owned(), Carried::Cookie(Realm::Portal))));
        let both = found(&[("cookie", "munshi_portal=abc; munshi_session=xyz")]);
        assert_eq!(both, Some(("xyz".to_owned(), PRACTICE)));
    }

    #[test]
    fn over_tls_only_a_cookie_that_no_other_host_can_set_counts() {
        let plain = headers(&[("cookie", "munshi_session=planted; munshi_portal=planted")]);
        assert!(carried(&plain, true).is_none());
        let host = headers(&[("cookie", "munshi_session=planted; __Host-munshi_session=own")]);
        assert_eq!(carried(&host, true).unwrap().0.expose(), "own");
    }

    #[test]
    fn a_bearer_token_goes_before_the_cookie() {
        let bearer = found(&[("cookie", "munshi_session=abc"), ("authorization", "bearer xyz")]);
        assert_eq!(bearer, Some(("xyz".to_owned(), Carried::Bearer)));
    }

    #[test]
    fn a_proxy_s_own_sign_in_is_no_session() {
        let cookie = found(&[("cookie", "munshi_session=abc"), ("authorization", "Basic eDp5")]);
        assert_eq!(cookie, Some(("abc".to_owned(), PRACTICE)));
        assert_eq!(found(&[("authorization", "Basic eDp5")]), None);
    }

    #[test]
    fn a_browser_changes_nothing_without_the_token() {
        let cookie = PRACTICE;
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
        assert!(!may_change(&Method::POST, PRACTICE, &empty, ""));
        assert!(may_change(&Method::POST, Carried::Bearer, &headers(&[]), ""));
    }
}
