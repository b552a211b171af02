//! Signing in with the firm's provider.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::entry;
use super::second::{cookie_of, set_cookie};
use super::viewer::sentence;
use crate::api::origin::From as CameFrom;
use crate::api::problem::Problem;
use crate::app::App;
use crate::auth::{AuthError, ProviderBack};
use crate::web::errors::ErrorPage;
use crate::web::page::Layout;

/// The cookie that ties what comes back to this browser.
const BINDING: &str = "munshi_provider";
/// How long a browser keeps it, in seconds.
const AGE: u32 = 600;

#[derive(Deserialize)]
pub(super) struct Start {
    next: Option<String>,
}

pub(super) async fn start(State(app): State<App>, Query(Start { next }): Query<Start>) -> Response {
    match app.auth.start_with_provider(entry::here(next)).await {
        Ok(started) => {
            let mut response = Redirect::to(&started.url).into_response();
            set_cookie(&app, &mut response, BINDING, started.binding.expose(), AGE);
            response
        }
        Err(error) => refused(error),
    }
}

#[derive(Deserialize)]
pub(super) struct Returned {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

pub(super) async fn back(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    Query(Returned { state, code, iss }): Query<Returned>,
) -> Response {
    let back = ProviderBack { state, code, issuer: iss };
    let binding = cookie_of(&headers, BINDING);
    let mut response = match app.auth.finish_with_provider(back, binding.as_ref(), &origin).await {
        Ok((entered, next)) => entry::go_on(&app, entered, next.as_deref()),
        Err(error) => refused(error),
    };
    set_cookie(&app, &mut response, BINDING, "", 0);
    response
}

/// The page that says why, with the way back to signing in.
fn refused(error: AuthError) -> Response {
    let problem = Problem::from(error);
    let (status, _, title) = problem.code.parts();
    let layout = Layout::open(title, String::new());
    match problem.detail {
        Some(words) => ErrorPage::new(layout, status, title, &sentence(&words)).into_response(),
        None => ErrorPage::internal(layout, None).into_response(),
    }
}
