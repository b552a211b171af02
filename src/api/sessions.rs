//! Sessions: signing in and out, and who one is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{InSession, Signed};
use super::extract::{Json, Path};
use super::origin::From as CameFrom;
use super::problem::Problem;
use crate::app::App;
use crate::auth::{
    Caller, Device, Entered, Opened, Pending, SessionKind, Token, User, Way, agent_in_words,
    place_in_words,
};
use crate::kernel::{Origin, Realm, Role, SessionId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(open_session, show_session, close_session))
        .routes(routes!(refresh_session))
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_session))
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

/// A session as just opened or refreshed.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// The access token: what to send as `Authorization: Bearer …`. It is not shown
    /// again.
    token: String,
    /// When it ends: in ten minutes.
    expires_at: DateTime<Utc>,
    /// What `POST /api/v1/session/refresh` takes for the next two tokens, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// When signing in anew is needed, however often it is refreshed.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_at: Option<DateTime<Utc>>,
}

impl From<Opened> for SessionView {
    fn from(opened: Opened) -> Self {
        let Opened { token, expires_at, refresh, realm: _, device: _ } = opened;
        let (refresh_token, refresh_expires_at) =
            refresh.map(|next| (next.token.expose().to_owned(), next.expires_at)).unzip();
        Self { token: token.expose().to_owned(), expires_at, refresh_token, refresh_expires_at }
    }
}

/// What one refreshes a session with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refreshing {
    /// The refresh token given last.
    refresh_token: String,
}

/// Somewhere the caller is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Device)]
struct DeviceView {
    /// The session.
    id: SessionId,
    /// Whether it is the one the request was made in.
    this: bool,
    /// The browser and system, in words.
    #[schema(example = "Firefox on Windows")]
    device: String,
    /// Whether it is a program that uses the API.
    program: bool,
    /// The address it was last used from.
    address: String,
    /// Where that is, in words.
    #[schema(example = "the local network")]
    place: &'static str,
    /// When it signed in.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: DateTime<Utc>,
    /// When it ends however much it is used.
    expires_at: DateTime<Utc>,
}

impl DeviceView {
    fn of(device: Device, own: SessionId, origin: &Origin) -> Self {
        let Device { id, kind, agent, address, created_at, last_used_at, expires_at } = device;
        Self {
            id,
            this: id == own,
            device: agent_in_words(&agent),
            program: kind == "bearer",
            place: place_in_words(&address, origin.address),
            address,
            created_at,
            last_used_at,
            expires_at,
        }
    }
}

/// A sign-in that waits for a second proof.
#[derive(Serialize, ToSchema)]
#[schema(as = PendingSession)]
struct PendingView {
    /// What stands for the sign-in so far.
    pending: String,
    /// When it can no longer be finished.
    expires_at: DateTime<Utc>,
    /// The proofs that are taken.
    ways: Vec<Way>,
    /// Whether there is none yet, and one must be set up to go on.
    enrol: bool,
}

impl From<Pending> for PendingView {
    fn from(pending: Pending) -> Self {
        let Pending { token, expires_at, ways, enrol } = pending;
        Self { pending: token.expose().to_owned(), expires_at, ways, enrol }
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
    /// The realm they are signed in to.
    realm: Realm,
}

impl From<Caller> for CallerView {
    fn from(caller: Caller) -> Self {
        let Caller { user, organisation, realm, scope: _, session: _, csrf: _, token: _ } = caller;
        let User { id: user_id, name, email, role, .. } = user;
        Self { user_id, name, email, role, organisation, realm }
    }
}

/// Sign in
///
/// Opens a session. Whatever was wrong, the answer is the same.
#[utoipa::path(post, path = "/api/v1/session", tag = "sessions", security(()),
    request_body = SignIn,
    responses((status = 201, description = "The session.", body = SessionView),
        (status = 202, description = "A second proof is asked for.", body = PendingView),
        Problem))]
async fn open_session(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(SignIn { email, password }): Json<SignIn>,
) -> Result<Response, Problem> {
    Ok(match app.auth.sign_in(&email, &password, SessionKind::Bearer, &origin).await? {
        Entered::In(opened) => {
            (StatusCode::CREATED, Json(SessionView::from(opened))).into_response()
        }
        Entered::Second(pending) => {
            (StatusCode::ACCEPTED, Json(PendingView::from(pending))).into_response()
        }
    })
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
/// Ends the session the request was made in. For everyone signed in with a session.
#[utoipa::path(delete, path = "/api/v1/session", tag = "sessions",
    responses((status = 204, description = "Signed out."), Problem))]
async fn close_session(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<StatusCode, Problem> {
    app.auth.sign_out(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refresh a session
///
/// Takes the refresh token given last and gives a new access token and the next
/// refresh token. Each is good once: one that is sent a second time ends the session,
/// because someone else may hold it.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "sessions", security(()),
    request_body = Refreshing,
    responses((status = 201, description = "The next tokens.", body = SessionView), Problem))]
async fn refresh_session(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(Refreshing { refresh_token }): Json<Refreshing>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let opened = app.auth.refresh(&Token::sent(&refresh_token), &origin).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

/// List where you are signed in
///
/// Most recently used first. For everyone signed in with a session.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 200, description = "The sessions.", body = [DeviceView]), Problem))]
async fn list_sessions(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    InSession(caller): InSession,
) -> Result<Json<Vec<DeviceView>>, Problem> {
    let devices = app.auth.devices(&caller).await?;
    let view = |device| DeviceView::of(device, caller.session, &origin);
    Ok(Json(devices.into_iter().map(view).collect()))
}

/// Sign out everywhere else
///
/// Ends all of your sessions but the one the request was made in. For everyone signed
/// in with a session.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 204, description = "Signed out elsewhere."), Problem))]
async fn end_other_sessions(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<StatusCode, Problem> {
    app.auth.end_other_devices(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out one device
///
/// Ends one of your sessions. For everyone signed in with a session.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = 204, description = "Signed out there."), Problem))]
async fn end_session(
    State(app): State<App>,
    InSession(caller): InSession,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    app.auth.end_device(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
