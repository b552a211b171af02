//! One-time links: asking for one, and the pages a letter leads to.
//!
//! A link's page shows what it is for and uses nothing up; the form on it does. These
//! pages send no referrer: their address holds the link.

use axum::extract::{Query, State};
use axum::http::header::{REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::viewer::sentence;
use super::{Failure, Form, Viewer};
use crate::api::origin::From as CameFrom;
use crate::api::problem::Problem;
use crate::app::App;
use crate::auth::{AuthError, LinkKind, Opening, Token};
use crate::web::entry::{
    ChoosePasswordPage, EmailPage, ForgottenPage, LinkGonePage, VerifyEmailPage,
};
use crate::web::errors::ErrorPage;
use crate::web::page::{Area, Flash, Layout};
use crate::web::parts::Field;

/// What a link ends in.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub(super) struct Forgotten {
    email: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    token: String,
    password: String,
}

fn open(title: &str) -> Layout {
    Layout::open(title, String::new())
}

/// A page whose address nobody is told.
fn unreferred(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The page for a link that does not work, or for a failure of ours.
fn failed(error: AuthError) -> Response {
    if matches!(error, AuthError::LinkGone) {
        let page = LinkGonePage { layout: open("The link does not work") };
        return unreferred((StatusCode::GONE, page));
    }
    // Written to the log here; the page says only that it was ours.
    drop(Problem::from(error));
    unreferred(ErrorPage::internal(open(""), None))
}

/// The answer to whoever is to wait.
pub(super) fn told_to_wait(page: impl IntoResponse, seconds: u64) -> Response {
    let mut response = page.into_response();
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

pub(super) async fn forgotten_page() -> ForgottenPage {
    forgotten(Field::default(), false, None)
}

fn forgotten(email: Field, sent: bool, problem: Option<String>) -> ForgottenPage {
    ForgottenPage { layout: open("Forgotten password"), email, sent, problem }
}

pub(super) async fn ask(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    axum::Form(form): axum::Form<Forgotten>,
) -> Response {
    match app.auth.forgotten(&form.email, &origin).await {
        Ok(()) => forgotten(Field::of(form.email.trim()), true, None).into_response(),
        Err(error @ AuthError::TooManyTries(seconds)) => {
            let problem = Some(sentence(&error.to_string()));
            told_to_wait(forgotten(Field::of(form.email), false, problem), seconds)
        }
        Err(error) => failed(error),
    }
}

pub(super) async fn choose_page(State(app): State<App>, Query(link): Query<Link>) -> Response {
    choose(&app, link.token, Field::default()).await
}

async fn choose(app: &App, token: String, password: Field) -> Response {
    let opening = match app.auth.opening(&Token::sent(&token)).await {
        Ok(opening) if opening.kind != LinkKind::Verification => opening,
        Ok(_) => return failed(AuthError::LinkGone),
        Err(error) => return failed(error),
    };
    let Opening { kind, name, email, organisation } = opening;
    let layout = open("Choose a password");
    let invited = kind == LinkKind::Invitation;
    unreferred(ChoosePasswordPage { layout, token, invited, name, email, organisation, password })
}

pub(super) async fn choose_password(
    State(app): State<App>,
    axum::Form(form): axum::Form<Chosen>,
) -> Response {
    match app.auth.choose_password(&Token::sent(&form.token), &form.password).await {
        Ok(_) => unreferred(Redirect::to("/sign-in?chosen=1")),
        Err(error @ AuthError::WeakPassword(_)) => {
            choose(&app, form.token, Field::refused("", sentence(&error.to_string()))).await
        }
        Err(error) => failed(error),
    }
}

pub(super) async fn verify_page(State(app): State<App>, Query(link): Query<Link>) -> Response {
    match app.auth.opening(&Token::sent(&link.token)).await {
        Ok(opening) if opening.kind == LinkKind::Verification => {
            unreferred(verified(link.token, opening.email, false, None))
        }
        Ok(_) => failed(AuthError::LinkGone),
        Err(error) => failed(error),
    }
}

fn verified(token: String, email: String, done: bool, problem: Option<String>) -> VerifyEmailPage {
    VerifyEmailPage { layout: open("Confirm your email"), token, email, done, problem }
}

pub(super) async fn verify(State(app): State<App>, axum::Form(form): axum::Form<Link>) -> Response {
    match app.auth.verify_email(&Token::sent(&form.token)).await {
        Ok(email) => unreferred(verified(String::new(), email, true, None)),
        Err(error @ AuthError::EmailTaken(_)) => {
            let problem = Some(sentence(&error.to_string()));
            unreferred(verified(String::new(), String::new(), false, problem))
        }
        Err(error) => failed(error),
    }
}

#[derive(Deserialize)]
pub(super) struct NewEmail {
    email: String,
    current: String,
}

pub(super) async fn email_page(viewer: Viewer) -> EmailPage {
    email(&viewer, Field::default(), Field::default(), None)
}

fn email(viewer: &Viewer, email: Field, current: Field, flash: Option<Flash>) -> EmailPage {
    let layout = viewer.layout("Change email", Area::Elsewhere).with_flash(flash);
    EmailPage { layout, present: viewer.caller.user.email.clone(), email, current }
}

pub(super) async fn change_email(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<NewEmail>,
) -> Result<EmailPage, Failure> {
    let NewEmail { email: new, current } = form;
    match app.auth.change_email(&viewer.caller, &current, &new).await {
        Ok(()) => {
            let text = format!("A letter with a link is on its way to {}.", new.trim());
            let flash = Some(Flash { done: true, text });
            Ok(email(&viewer, Field::default(), Field::default(), flash))
        }
        Err(AuthError::NotRecognised) => {
            let wrong = Field::refused("", "This is not your password.");
            Ok(email(&viewer, Field::of(new), wrong, None))
        }
        Err(error @ AuthError::Email(_)) => {
            let odd = Field::refused(new, sentence(&error.to_string()));
            Ok(email(&viewer, odd, Field::default(), None))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}
