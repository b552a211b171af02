//! Signing in and out, the first setup, passwords.

use axum::extract::{Query, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::viewer::{Nothing, sentence};
use super::{Failure, Form, Viewer};
use crate::api::caller::SESSION_COOKIE;
use crate::app::App;
use crate::auth::{AuthError, NewUser, SessionKind};
use crate::kernel::Role;
use crate::web::entry::{PasswordPage, SetupPage, SignInPage};
use crate::web::page::{Area, Flash, Layout};
use crate::web::parts::Field;

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    email: String,
    password: String,
    next: Option<String>,
}

/// Where a sign-in may lead: a place on this site.
fn here(next: Option<String>) -> Option<String> {
    next.filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'))
}

pub(super) async fn sign_in_page(
    State(app): State<App>,
    viewer: Result<Viewer, Failure>,
    Query(Next { next }): Query<Next>,
) -> Response {
    if viewer.is_ok() {
        return Redirect::to("/").into_response();
    }
    match app.auth.needs_setup().await {
        Ok(true) => Redirect::to("/setup").into_response(),
        _ => door(Field::default(), None, here(next)).into_response(),
    }
}

fn door(email: Field, problem: Option<String>, next: Option<String>) -> SignInPage {
    let layout = Layout::open("Sign in", String::new());
    SignInPage { layout, email, problem, next, client_codes: false }
}

pub(super) async fn sign_in(
    State(app): State<App>,
    axum::Form(form): axum::Form<SignIn>,
) -> Response {
    let next = here(form.next);
    match app.auth.sign_in(&form.email, &form.password, SessionKind::Cookie).await {
        Ok(opened) => {
            let to = next.unwrap_or_else(|| "/".to_owned());
            let age = app.config.http.session_length().as_secs();
            with_cookie(&app, Redirect::to(&to), opened.token.expose(), age)
        }
        Err(error) => {
            let problem = Some(sentence(&error.to_string()));
            door(Field::of(form.email), problem, next).into_response()
        }
    }
}

/// Sets the session's cookie: for this site alone, out of scripts' reach.
fn with_cookie(app: &App, to: Redirect, token: &str, age: u64) -> Response {
    let secure = if app.config.http.secure_cookies() { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    let mut response = to.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

pub(super) async fn sign_out(
    State(app): State<App>,
    viewer: Viewer,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    app.auth.sign_out(&viewer.caller).await.map_err(|error| viewer.failure(error))?;
    Ok(with_cookie(&app, Redirect::to("/sign-in"), "", 0))
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
        Ok(_) => match app.auth.sign_in(&email, &password, SessionKind::Cookie).await {
            Ok(opened) => {
                let age = app.config.http.session_length().as_secs();
                with_cookie(&app, Redirect::to("/"), opened.token.expose(), age)
            }
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
                AuthError::WeakPassword => page.password = Field::refused("", refused),
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
) -> Result<PasswordPage, Failure> {
    let changed = app.auth.change_password(&viewer.caller, &form.current, &form.password).await;
    Ok(match changed {
        Ok(()) => {
            let text = "Your password was changed. Other browsers were signed out.".to_owned();
            password(&viewer, Field::default(), Field::default(), Some(Flash { done: true, text }))
        }
        Err(AuthError::NotRecognised) => {
            let wrong = Field::refused("", "This is not your present password.");
            password(&viewer, wrong, Field::default(), None)
        }
        Err(error @ AuthError::WeakPassword) => {
            let weak = Field::refused("", sentence(&error.to_string()));
            password(&viewer, Field::default(), weak, None)
        }
        Err(error) => return Err(viewer.failure(error)),
    })
}
