//! The second proof of a sign-in, and signing in with a passkey.
//!
//! A sign-in that waits is carried in a cookie of its own. Its forms carry a token
//! made from the cookie's, as there is no session yet to have one.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::cookie;
use super::viewer::sentence;
use crate::api::origin::From as CameFrom;
use crate::api::problem::Problem;
use crate::app::App;
use crate::auth::{AuthError, Offer, Pending, SessionKind, Token, Way};
use crate::web::errors::ErrorPage;
use crate::web::page::Layout;
use crate::web::parts::Field;
use crate::web::security::{AppPage, CodesPage, SecondPage};

/// The cookie a sign-in that waits is carried in.
const PENDING: &str = "munshi_pending";
/// How long a browser keeps it, in seconds.
const AGE: u32 = 600;
/// What the pages' sign-ins open.
const KIND: SessionKind = SessionKind::Cookie;

/// Leads to the page that asks for the second proof.
pub(super) fn ask(app: &App, pending: &Pending, next: Option<&str>) -> Response {
    let page = if pending.enrol { "/sign-in/enrol" } else { "/sign-in/second" };
    let mut response = Redirect::to(&with_next(page, next)).into_response();
    set_cookie(app, &mut response, PENDING, pending.token.expose(), AGE);
    response
}

fn with_next(page: &str, next: Option<&str>) -> String {
    let Some(next) = next else { return page.to_owned() };
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{page}?{query}")
}

/// Sets a cookie of the way in; an age of zero removes it.
pub(super) fn set_cookie(app: &App, response: &mut Response, name: &str, value: &str, age: u32) {
    let secure = if app.config.http.secure_cookies() { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// A cookie of the way in.
pub(super) fn cookie_of(headers: &HeaderMap, wanted: &str) -> Option<Token> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|&(name, value)| name == wanted && !value.is_empty())
        .map(|(_, value)| Token::sent(value))
}

/// The token forms of a waiting sign-in carry.
fn csrf_of(pending: &Token) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form {}", pending.expose())))
}

/// The waiting sign-in of a browser, for a form that carries its token.
fn sent(headers: &HeaderMap, csrf: &str) -> Result<Token, Box<Response>> {
    let pending = cookie_of(headers, PENDING).ok_or_else(|| Box::new(begin_again()))?;
    if bool::from(csrf.as_bytes().ct_eq(csrf_of(&pending).as_bytes())) {
        Ok(pending)
    } else {
        Err(Box::new(ErrorPage::stale(Layout::open("", String::new())).into_response()))
    }
}

fn begin_again() -> Response {
    Redirect::to("/sign-in").into_response()
}

#[derive(Deserialize)]
pub(super) struct Asked {
    next: Option<String>,
    way: Option<Way>,
    #[serde(default)]
    sent: bool,
}

pub(super) async fn page(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(token) = cookie_of(&headers, PENDING) else { return begin_again() };
    let Ok(pending) = app.auth.pending(&token, KIND, &origin).await else { return begin_again() };
    if pending.enrol {
        return Redirect::to(&with_next("/sign-in/enrol", asked.next.as_deref())).into_response();
    }
    shown(&pending, asked.way, asked.sent, Field::default(), asked.next).into_response()
}

fn shown(
    pending: &Pending,
    way: Option<Way>,
    sent: bool,
    code: Field,
    next: Option<String>,
) -> SecondPage {
    let first = pending.ways.first().copied();
    let way = way.filter(|way| pending.ways.contains(way)).or(first).unwrap_or(Way::BackupCode);
    let words = |way: &Way| match way {
        Way::App => Some(("app", "Use the authenticator app")),
        Way::Sms => Some(("sms", "Send a code to my telephone")),
        Way::BackupCode => Some(("backup_code", "Use a backup code")),
        Way::Passkey => None,
    };
    SecondPage {
        layout: Layout::open("Second step", csrf_of(&pending.token)),
        way: way.as_str(),
        others: pending.ways.iter().filter(|other| **other != way).filter_map(words).collect(),
        passkey: pending.ways.contains(&Way::Passkey),
        sent,
        code,
        next,
    }
}

#[derive(Deserialize)]
pub(super) struct Proof {
    #[serde(default)]
    csrf: String,
    way: Way,
    code: String,
    next: Option<String>,
}

pub(super) async fn prove(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    axum::Form(form): axum::Form<Proof>,
) -> Response {
    let token = match sent(&headers, &form.csrf) {
        Ok(token) => token,
        Err(refused) => return *refused,
    };
    let next = super::entry::here(form.next);
    match app.auth.finish(&token, KIND, &origin, form.way, &form.code).await {
        Ok(opened) => {
            let mut response = cookie::with_session(&app, next.as_deref().unwrap_or("/"), &opened);
            set_cookie(&app, &mut response, PENDING, "", 0);
            response
        }
        Err(error) => again(&app, &token, &origin, (form.way, true), next, error).await,
    }
}

/// The page again, with what was wrong; from the start when the sign-in is over.
async fn again(
    app: &App,
    token: &Token,
    origin: &crate::kernel::Origin,
    (way, sent): (Way, bool),
    next: Option<String>,
    error: AuthError,
) -> Response {
    match app.auth.pending(token, KIND, origin).await {
        Ok(pending) => {
            let problem = Problem::from(error).detail.unwrap_or_default();
            let code = Field::refused("", sentence(&problem));
            shown(&pending, Some(way), sent, code, next).into_response()
        }
        Err(_) => begin_again(),
    }
}

#[derive(Deserialize)]
pub(super) struct Sms {
    #[serde(default)]
    csrf: String,
    next: Option<String>,
}

pub(super) async fn send_code(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    axum::Form(form): axum::Form<Sms>,
) -> Response {
    let token = match sent(&headers, &form.csrf) {
        Ok(token) => token,
        Err(refused) => return *refused,
    };
    let next = super::entry::here(form.next);
    match app.auth.send_code(&token, KIND, &origin).await {
        Ok(()) => {
            let page = with_next("/sign-in/second", next.as_deref());
            let mark = if next.is_some() { '&' } else { '?' };
            Redirect::to(&format!("{page}{mark}way=sms&sent=true")).into_response()
        }
        Err(error) => again(&app, &token, &origin, (Way::Sms, false), next, error).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Enrol {
    next: Option<String>,
}

pub(super) async fn enrol_page(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    Query(Enrol { next }): Query<Enrol>,
) -> Response {
    let Some(token) = cookie_of(&headers, PENDING) else { return begin_again() };
    match app.auth.offer_enrolment(&token, KIND, &origin).await {
        Ok(offer) => enrolment(&token, &offer, Field::default(), next).into_response(),
        Err(_) => begin_again(),
    }
}

fn enrolment(token: &Token, offer: &Offer, code: Field, next: Option<String>) -> AppPage {
    AppPage {
        layout: Layout::open("Set up a second factor", csrf_of(token)),
        enrol: true,
        picture: offer.picture(),
        secret: offer.secret.clone(),
        offer: offer.sealed.clone(),
        code,
        next,
    }
}

#[derive(Deserialize)]
pub(super) struct Enrolled {
    #[serde(default)]
    csrf: String,
    offer: String,
    code: String,
    next: Option<String>,
}

pub(super) async fn enrol(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    axum::Form(form): axum::Form<Enrolled>,
) -> Response {
    let token = match sent(&headers, &form.csrf) {
        Ok(token) => token,
        Err(refused) => return *refused,
    };
    let next = super::entry::here(form.next);
    match app.auth.enrol(&token, KIND, &origin, &form.offer, &form.code).await {
        Ok((opened, codes)) => {
            let layout = Layout::open("Backup codes", String::new());
            let next = next.unwrap_or_else(|| "/".to_owned());
            let mut response = CodesPage { layout, codes, next }.into_response();
            let session = cookie::with_session(&app, "/", &opened);
            for cookie in session.headers().get_all(SET_COOKIE) {
                response.headers_mut().append(SET_COOKIE, cookie.clone());
            }
            set_cookie(&app, &mut response, PENDING, "", 0);
            response
        }
        Err(AuthError::WrongCode) => {
            // The same secret again: the app has it already.
            match app.auth.offer_again(&token, KIND, &origin, &form.offer).await {
                Ok(offer) => {
                    let code = Field::refused("", "That code is not right. Try the next one.");
                    enrolment(&token, &offer, code, next).into_response()
                }
                Err(_) => begin_again(),
            }
        }
        Err(_) => begin_again(),
    }
}

/// A question for a passkey.
#[derive(Serialize)]
pub(super) struct Question {
    ceremony: String,
    options: Value,
}

pub(super) async fn ask_passkey(State(app): State<App>) -> Result<Json<Question>, Problem> {
    let asked = app.auth.ask_for_passkey().await?;
    Ok(Json(Question { ceremony: asked.ceremony.expose().to_owned(), options: asked.options }))
}

#[derive(Deserialize)]
pub(super) struct Given {
    ceremony: String,
    answer: Value,
    next: Option<String>,
}

/// Where the script goes once signed in.
#[derive(Serialize)]
struct Entered {
    to: String,
}

pub(super) async fn passkey(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    Json(Given { ceremony, answer, next }): Json<Given>,
) -> Result<Response, Problem> {
    let ceremony = Token::sent(&ceremony);
    let pending = cookie_of(&headers, PENDING);
    let opened =
        app.auth.sign_in_with_passkey(&ceremony, answer, KIND, &origin, pending.as_ref()).await?;
    let to = super::entry::here(next).unwrap_or_else(|| "/".to_owned());
    let mut response = Json(Entered { to }).into_response();
    let session = cookie::with_session(&app, "/", &opened);
    for cookie in session.headers().get_all(SET_COOKIE) {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    set_cookie(&app, &mut response, PENDING, "", 0);
    Ok(response)
}
