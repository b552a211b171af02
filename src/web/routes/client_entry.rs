//! A client's way in: an address first, then the code or link sent to it.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::viewer::sentence;
use super::{Failure, Viewer, cookie};
use crate::api::origin::From as CameFrom;
use crate::app::App;
use crate::auth::{AuthError, Opened, SessionKind, Token};
use crate::kernel::Realm;
use crate::web::entry::{CodePage, LinkPage};
use crate::web::errors::ErrorPage;
use crate::web::page::Layout;
use crate::web::parts::Field;

fn layout() -> Layout {
    Layout::open("Client sign-in", String::new())
}

/// The page that asks for an address.
pub(super) async fn page(viewer: Result<Viewer, Failure>) -> Response {
    if viewer.is_ok_and(|viewer| viewer.caller.realm == Realm::Portal) {
        return Redirect::to("/portal").into_response();
    }
    let address = Field::default();
    CodePage { layout: layout(), address, request: None, code: Field::default() }.into_response()
}

#[derive(Deserialize)]
pub(super) struct Asking {
    address: String,
}

/// Sends a code, if a client has the address; the page is the same in any case.
pub(super) async fn ask(
    State(app): State<App>,
    axum::Form(Asking { address }): axum::Form<Asking>,
) -> CodePage {
    let asked = app.auth.ask_for_code(&address);
    let request = Some(asked.request.expose().to_owned());
    let address = Field::of(address.trim());
    CodePage { layout: layout(), address, request, code: Field::default() }
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
    CameFrom(origin): CameFrom,
    axum::Form(Answer { address, request, code }): axum::Form<Answer>,
) -> Response {
    let sent = Token::sent(&request);
    let entered = app.auth.enter_by_code(&sent, &code, SessionKind::Cookie, &origin).await;
    arrive(&app, entered, |refused| {
        let (address, request) = (Field::of(address), Some(request));
        let code = Field::refused("", refused);
        CodePage { layout: layout(), address, request, code }.into_response()
    })
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

/// Shows a button: a program that looks into mail opens links, but presses nothing.
pub(super) async fn link_page(Query(Link { token }): Query<Link>) -> LinkPage {
    LinkPage { layout: layout(), token, problem: None }
}

/// Signs in with a link.
pub(super) async fn enter_by_link(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    axum::Form(Link { token }): axum::Form<Link>,
) -> Response {
    let sent = Token::sent(&token);
    let entered = app.auth.enter_by_link(&sent, SessionKind::Cookie, &origin).await;
    arrive(&app, entered, |refused| {
        LinkPage { layout: layout(), token: String::new(), problem: Some(refused) }.into_response()
    })
}

fn arrive(
    app: &App,
    entered: Result<Opened, AuthError>,
    refuse: impl FnOnce(String) -> Response,
) -> Response {
    match entered {
        Ok(opened) => cookie::with_session(app, "/portal", &opened),
        Err(error @ AuthError::CodeRefused) => refuse(sentence(&error.to_string())),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a client could not be signed in");
            ErrorPage::internal(layout(), None).into_response()
        }
    }
}
