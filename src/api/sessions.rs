//! Sessions: signing in and out, and who one is.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Signed;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::auth::{Caller, Opened, SessionKind};
use crate::kernel::{Role, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(open_session, show_session, close_session))
}

/// What one signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The email of the account.
    email: String,
    /// Its password.
    #[schema(format = Password)]
    password: String,
}

/// A session as just opened.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionView {
    /// What to send as `Authorization: Bearer …`; it is not shown again.
    token: String,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

impl From<Opened> for SessionView {
    fn from(opened: Opened) -> Self {
        let Opened { token, expires_at } = opened;
        Self { token: token.expose().to_owned(), expires_at }
    }
}

/// Who is calling.
#[derive(Serialize, ToSchema)]
#[schema(as = Caller)]
struct CallerView {
    /// The account.
    user_id: UserId,
    /// How they are called.
    name: String,
    /// What they sign in with.
    email: String,
    /// What they are in the chamber.
    role: Role,
    /// The organisation's name.
    organisation: String,
}

impl From<Caller> for CallerView {
    fn from(caller: Caller) -> Self {
        let Caller { user, organisation, scope: _, session: _, csrf: _ } = caller;
        Self { user_id: user.id, name: user.name, email: user.email, role: user.role, organisation }
    }
}

/// Sign in
///
/// Opens a session. Whatever was wrong, the answer is the same.
#[utoipa::path(post, path = "/api/v1/session", tag = "sessions", security(()),
    request_body = SignIn,
    responses((status = 201, description = "The session.", body = SessionView), Problem))]
async fn open_session(
    State(app): State<App>,
    Json(SignIn { email, password }): Json<SignIn>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let opened = app.auth.sign_in(&email, &password, SessionKind::Bearer).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

/// Who am I
///
/// For everyone signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "sessions",
    responses((status = 200, description = "The caller.", body = CallerView), Problem))]
async fn show_session(Signed(caller): Signed) -> Json<CallerView> {
    Json(caller.into())
}

/// Sign out
///
/// Ends the session the request was made in. For everyone signed in.
#[utoipa::path(delete, path = "/api/v1/session", tag = "sessions",
    responses((status = 204, description = "Signed out."), Problem))]
async fn close_session(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<StatusCode, Problem> {
    app.auth.sign_out(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
