//! Signing in and out, the first setup, passwords.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::links::told_to_wait;
use super::viewer::{Nothing, sentence};
use super::{Failure, Form, Viewer, cookie, second};
use crate::api::origin::From as CameFrom;
use crate::app::App;
use crate::auth::{AuthError, Entered, NewUser, SessionKind};
use crate::kernel::Role;
use crate::web::entry::{PasswordPage, SetupPage, SignInPage};
use crate::web::page::{Area, Flash, Layout};
use crate::web::parts::Field;

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
    /// Whether they come from choosing a password.
    chosen: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    email: String,
    password: String,
    next: Option<String>,
}

/// Where a sign-in may lead: a place on this site.
pub(super) fn here(next: Option<String>) -> Option<String> {
    next.filter(|next| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains(|c: char| c == '\\' || c.is_control())
    })
}

pub(super) async fn sign_in_page(
    State(app): State<App>,
    viewer: Result<Viewer, Failure>,
    Query(Next { next, chosen }): Query<Next>,
) -> Response {
    if viewer.is_ok() {
        return Redirect::to("/").into_response();
    }
    if let Ok(true) = app.auth.needs_setup().await {
        return Redirect::to("/setup").into_response();
    }
    let mut page = door(&app, Field::default(), None, here(next));
    let text = "Your password is saved. Sign in with it.".to_owned();
    page.layout.flash = chosen.map(|_| Flash { done: true, text });
    page.into_response()
}

fn door(app: &App, email: Field, problem: Option<String>, next: Option<String>) -> SignInPage {
    let layout = Layout::open("Sign in", String::new());
    let provider = app.auth.provider_name().map(str::to_owned);
    let passkeys = app.auth.passkeys_work();
    SignInPage { layout, email, problem, next, client_codes: true, provider, passkeys }
}

pub(super) async fn sign_in(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    axum::Form(form): axum::Form<SignIn>,
) -> Response {
    let next = here(form.next);
    match app.auth.sign_in(&form.email, &form.password, SessionKind::Cookie, &origin).await {
        Ok(entered) => go_on(&app, entered, next.as_deref()),
        Err(error) => {
            let page = door(&app, Field::of(form.email), Some(words(&error)), next);
            match error {
                AuthError::TooManyTries(seconds) => told_to_wait(page, seconds),
                _ => page.into_response(),
            }
        }
    }
}

/// What the door says of a failure: nothing of ours.
fn words(error: &AuthError) -> String {
    match error {
        AuthError::NotRecognised | AuthError::TooManyTries(_) => sentence(&error.to_string()),
        _ => {
            let error = error as &dyn std::error::Error;
            tracing::error!(error, "a sign-in failed");
            "Something went wrong here. Try again in a moment.".to_owned()
        }
    }
}

/// Where a sign-in leads: in, or to the second proof.
pub(super) fn go_on(app: &App, entered: Entered, next: Option<&str>) -> Response {
    match entered {
        Entered::In(opened) => cookie::with_session(app, next.unwrap_or("/"), &opened),
        Entered::Second(pending) => second::ask(app, &pending, next),
    }
}

pub(super) async fn sign_out(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    app.auth.sign_out(&viewer.caller).await.map_err(|error| viewer.failure(error))?;
    Ok(cookie::without_session(&app, viewer.caller.realm))
}

#[derive(Deserialize)]
pub(super) struct Setup {
    organisation: String,
    name: String,
    email: String,
    password: String,
}

pub(super) async fn setup_page(State(app): State<App>) -> Response {
    match app.auth.needs_setup().await {
        Ok(true) => blank_setup().into_response(),
        _ => Redirect::to("/sign-in").into_response(),
    }
}

fn blank_setup() -> SetupPage {
    SetupPage {
        layout: Layout::open("Set up your chamber", String::new()),
        organisation: Field::default(),
        name: Field::default(),
        email: Field::default(),
        password: Field::default(),
        problem: None,
    }
}

pub(super) async fn set_up(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    axum::Form(form): axum::Form<Setup>,
) -> Response {
    let Setup { organisation, name, email, password } = form;
    let admin = NewUser {
        name: name.clone(),
        email: email.clone(),
        role: Role::Admin,
        client: None,
        password: password.clone(),
    };
    match app.auth.set_up(&organisation, admin).await {
        Ok(_) => match app.auth.sign_in(&email, &password, SessionKind::Cookie, &origin).await {
            Ok(entered) => go_on(&app, entered, None),
            Err(_) => Redirect::to("/sign-in").into_response(),
        },
        Err(AuthError::AlreadySetUp) => Redirect::to("/sign-in").into_response(),
        Err(error) => {
            let refused = sentence(&error.to_string());
            let mut page = SetupPage {
                organisation: Field::of(organisation),
                name: Field::of(name),
                email: Field::of(email.clone()),
                ..blank_setup()
            };
            match error {
                AuthError::WeakPassword(_) => page.password = Field::refused("", refused),
                AuthError::Email(_) => page.email = Field::refused(email, refused),
                _ => page.problem = Some(refused),
            }
            page.into_response()
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Passwords {
    current: String,
    password: String,
}

pub(super) async fn password_page(viewer: Viewer) -> PasswordPage {
    password(&viewer, Field::default(), Field::default(), None)
}

fn password(
    viewer: &Viewer,
    current: Field,
    password: Field,
    flash: Option<Flash>,
) -> PasswordPage {
    let layout = viewer.layout("Change password", Area::Elsewhere).with_flash(flash);
    PasswordPage { layout, first_time: false, current, password }
}

pub(super) async fn change_password(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<Passwords>,
) -> Result<Response, Failure> {
    let changed = app.auth.change_password(&viewer.caller, &form.current, &form.password).await;
    Ok(match changed {
        Ok(renewed) => {
            let text = "Your password was changed. Other browsers were signed out.".to_owned();
            let flash = Some(Flash { done: true, text });
            let page = password(&viewer, Field::default(), Field::default(), flash);
            return Ok(cookie::renewed(&app, renewed.cookie.as_ref(), page));
        }
        Err(AuthError::NotRecognised) => {
            let wrong = Field::refused("", "This is not your present password.");
            password(&viewer, wrong, Field::default(), None)
        }
        Err(error @ AuthError::WeakPassword(_)) => {
            let weak = Field::refused("", sentence(&error.to_string()));
            password(&viewer, Field::default(), weak, None)
        }
        Err(error) => return Err(viewer.failure(error)),
    }
    .into_response())
}
