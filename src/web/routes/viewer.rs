//! Who is looking at a page, and what they see when something fails.

use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use crate::api::caller::cookie_caller;
use crate::api::problem::Problem;
use crate::app::App;
use crate::auth::Caller;
use crate::kernel::permission::Permit;
use crate::kernel::{Realm, Role, Scope};
use crate::portal::Language;
use crate::web::errors::ErrorPage;
use crate::web::page::{Area, Layout, Notice, Person};

/// Anyone signed in; others are sent to sign in first.
#[derive(Clone)]
pub(in crate::web) struct Viewer {
    pub(in crate::web) caller: Caller,
    missing: Vec<String>,
    /// The language they read; clients choose it.
    pub(in crate::web) language: Language,
}

/// A viewer with a permission; others find nothing there.
pub(in crate::web) struct Allowed<P>(pub(in crate::web) Viewer, pub(in crate::web) PhantomData<P>);

/// Why a page is not shown.
pub(in crate::web) enum Failure {
    /// Sign in first, then come back here.
    SignIn(String),
    /// The page that says what went wrong.
    Page(Box<ErrorPage>),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(next) if next.starts_with("/portal") => {
                Redirect::to("/portal/sign-in").into_response()
            }
            Self::SignIn(next) if next == "/" => Redirect::to("/sign-in").into_response(),
            Self::SignIn(next) => {
                let query = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("next", &next)
                    .finish();
                Redirect::to(&format!("/sign-in?{query}")).into_response()
            }
            Self::Page(page) => page.into_response(),
        }
    }
}

impl Viewer {
    pub(in crate::web) fn scope(&self) -> &Scope {
        &self.caller.scope
    }

    /// The frame of a page, with what is missing on this machine for admins.
    pub(in crate::web) fn layout(&self, title: impl Into<String>, area: Area) -> Layout {
        let person = Person {
            name: self.caller.user.name.clone(),
            role: self.caller.user.role,
            organisation: self.caller.organisation.clone(),
        };
        let layout = Layout::new(title, area, person, self.caller.csrf.clone());
        let layout = layout.in_language(self.language);
        let tells = self.caller.user.role == Role::Admin && matches!(area, Area::Home);
        let notices = if tells { self.missing.as_slice() } else { &[] };
        layout.with_notices(
            notices.iter().map(|text| Notice { text: text.replace('`', ""), link: None }).collect(),
        )
    }

    /// The page for something that could not be done.
    pub(in crate::web) fn failure(&self, error: impl Into<Problem>) -> Failure {
        let problem = error.into();
        let layout = self.layout("", Area::Elsewhere);
        let (status, _, title) = problem.code.parts();
        Failure::Page(Box::new(match (status, problem.detail) {
            (StatusCode::NOT_FOUND, _) => ErrorPage::not_found(layout),
            (StatusCode::INTERNAL_SERVER_ERROR, _) | (_, None) => ErrorPage::internal(layout, None),
            (_, Some(detail)) => ErrorPage::new(layout, status, title, &sentence(&detail)),
        }))
    }

    /// The page for what is not there, or not open to the viewer.
    pub(in crate::web) fn not_found(&self) -> Failure {
        Failure::Page(Box::new(ErrorPage::not_found(self.layout("", Area::Elsewhere))))
    }

    /// The page for a form whose token is not this session's.
    pub(in crate::web) fn stale(&self) -> Failure {
        Failure::Page(Box::new(ErrorPage::stale(self.layout("", Area::Elsewhere))))
    }

    /// The page that says, in words of the viewer's language, why something was not done.
    pub(in crate::web) fn refused(&self, words: &str) -> Failure {
        Failure::Page(Box::new(ErrorPage::refused(self.layout("", Area::Elsewhere), words)))
    }

    /// Whether a form carries this session's token.
    pub(in crate::web) fn sent(&self, csrf: &str) -> bool {
        bool::from(csrf.as_bytes().ct_eq(self.caller.csrf.as_bytes()))
    }
}

/// An error's words as a sentence: a capital and a full stop.
pub(in crate::web) fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let back = if parts.method.is_safe() { parts.uri.to_string() } else { "/".to_owned() };
        match cookie_caller(app, parts).await {
            Ok(Some(caller)) => {
                // A language that cannot be asked for is no reason to show nothing.
                let language = match caller.realm {
                    Realm::Portal => app.portal.language(&caller.scope).await.unwrap_or_default(),
                    Realm::Practice => Language::English,
                };
                Ok(Self { caller, missing: app.missing.to_vec(), language })
            }
            Ok(None) => Err(Failure::SignIn(back)),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no session could be read"
                );
                let layout = Layout::open("", String::new());
                Err(Failure::Page(Box::new(ErrorPage::internal(layout, None))))
            }
        }
    }
}

impl<P: Permit> FromRequestParts<App> for Allowed<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let viewer = Viewer::from_request_parts(parts, app).await?;
        if viewer.scope().may(P::PERMISSION) {
            Ok(Self(viewer, PhantomData))
        } else {
            Err(viewer.not_found())
        }
    }
}

/// A form of a signed-in viewer, its CSRF token checked.
pub(in crate::web) struct Form<T>(pub(in crate::web) T);

#[derive(serde::Deserialize)]
struct Sent<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, app).await?;
        let request = Request::from_parts(parts, body);
        let layout = || viewer.layout("", Area::Elsewhere);
        let form = axum::Form::<Sent<T>>::from_request(request, app).await.map_err(|error| {
            Failure::Page(Box::new(ErrorPage::bad_request(layout(), &sentence(&error.body_text()))))
        })?;
        let Sent { csrf, fields } = form.0;
        if viewer.sent(&csrf) {
            Ok(Self(fields))
        } else {
            Err(Failure::Page(Box::new(ErrorPage::stale(layout()))))
        }
    }
}

/// A form without fields but the token.
#[derive(serde::Deserialize)]
pub(in crate::web) struct Nothing {}
