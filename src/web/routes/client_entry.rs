//! A client's way in: an address first, then the code or link sent to it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Failure, Viewer, cookie};
use crate::api::origin::From as CameFrom;
use crate::app::App;
use crate::auth::{AuthError, Opened, SessionKind, Token};
use crate::kernel::Realm;
use crate::portal::Language;
use crate::web::entry::{CodePage, LinkPage};
use crate::web::errors::ErrorPage;
use crate::web::page::Layout;
use crate::web::parts::Field;
use crate::web::portal::words::Speak;

/// The language of somebody on the way in: as the address says, or else their browser.
pub(super) struct Spoken(Language);

impl<S: Send + Sync> FromRequestParts<S> for Spoken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        let chosen = fields.find(|(name, _)| name == "lang");
        let chosen = chosen.and_then(|(_, value)| value.parse().ok());
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = || Language::accepted(header.unwrap_or_default());
        Ok(Self(chosen.unwrap_or_else(accepted)))
    }
}

fn layout(language: Language) -> Layout {
    Layout::open(language.words().sign_in_title, String::new()).in_language(language)
}

/// The page that asks for an address.
pub(super) async fn page(Spoken(language): Spoken, viewer: Result<Viewer, Failure>) -> Response {
    if viewer.is_ok_and(|viewer| viewer.caller.realm == Realm::Portal) {
        return Redirect::to("/portal").into_response();
    }
    let address = Field::default();
    let layout = layout(language);
    CodePage { layout, address, request: None, code: Field::default() }.into_response()
}

#[derive(Deserialize)]
pub(super) struct Asking {
    address: String,
}

/// Sends a code, if a client has the address; the page is the same in any case.
pub(super) async fn ask(
    State(app): State<App>,
    Spoken(language): Spoken,
    axum::Form(Asking { address }): axum::Form<Asking>,
) -> CodePage {
    let asked = app.auth.ask_for_code(&address);
    let request = Some(asked.request.expose().to_owned());
    let address = Field::of(address.trim());
    CodePage { layout: layout(language), address, request, code: Field::default() }
}

#[derive(Deserialize)]
pub(super) struct Answer {
    address: String,
    request: String,
    code: String,
}

/// Signs in with a code.
pub(super) async fn enter_by_code(
    State(app): State<App>,
    Spoken(language): Spoken,
    CameFrom(origin): CameFrom,
    axum::Form(Answer { address, request, code }): axum::Form<Answer>,
) -> Response {
    let sent = Token::sent(&request);
    let entered = app.auth.enter_by_code(&sent, &code, SessionKind::Cookie, &origin).await;
    arrive(&app, language, entered, |refused| {
        let (address, request) = (Field::of(address), Some(request));
        let code = Field::refused("", refused);
        CodePage { layout: layout(language), address, request, code }.into_response()
    })
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

/// Shows a button: a program that looks into mail opens links, but presses nothing.
pub(super) async fn link_page(
    Spoken(language): Spoken,
    Query(Link { token }): Query<Link>,
) -> LinkPage {
    LinkPage { layout: layout(language), token, problem: None }
}

/// Signs in with a link.
pub(super) async fn enter_by_link(
    State(app): State<App>,
    Spoken(language): Spoken,
    CameFrom(origin): CameFrom,
    axum::Form(Link { token }): axum::Form<Link>,
) -> Response {
    let sent = Token::sent(&token);
    let entered = app.auth.enter_by_link(&sent, SessionKind::Cookie, &origin).await;
    arrive(&app, language, entered, |refused| {
        let (layout, problem) = (layout(language), Some(refused));
        LinkPage { layout, token: String::new(), problem }.into_response()
    })
}

fn arrive(
    app: &App,
    language: Language,
    entered: Result<Opened, AuthError>,
    refuse: impl FnOnce(String) -> Response,
) -> Response {
    match entered {
        Ok(opened) => cookie::with_session(app, "/portal", &opened),
        Err(AuthError::CodeRefused) => refuse(language.words().code_refused.to_owned()),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a client could not be signed in");
            ErrorPage::internal(layout(language), None).into_response()
        }
    }
}
