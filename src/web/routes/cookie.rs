//! Pages that hand a session over, or take it away.

use axum::response::{IntoResponse, Redirect, Response};

use crate::api::cookie::{no_cookies, session_cookies};
use crate::app::App;
use crate::auth::Opened;
use crate::kernel::Realm;

/// Leads somewhere with a session just opened. The browser is then signed in to its
/// realm alone.
pub(super) fn with_session(app: &App, to: &str, opened: &Opened) -> Response {
    (session_cookies(app, Some(opened)), Redirect::to(to)).into_response()
}

/// Leads to the way into a realm, without a session.
pub(super) fn without_session(app: &App, realm: Realm) -> Response {
    let to = match realm {
        Realm::Practice => "/sign-in",
        Realm::Portal => "/portal/sign-in",
    };
    (no_cookies(app), Redirect::to(to)).into_response()
}

/// Shows a page, with the session as the browser goes on with it after what the viewer
/// may do or how they sign in has changed.
pub(super) fn renewed(app: &App, cookie: Option<&Opened>, page: impl IntoResponse) -> Response {
    (session_cookies(app, cookie), page).into_response()
}
