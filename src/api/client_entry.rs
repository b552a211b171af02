//! A client's way in: a code for a mail address or telephone number.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use super::origin::From as CameFrom;
use super::problem::Problem;
use super::sessions::SessionView;
use crate::app::App;
use crate::auth::{CodeAsked, SessionKind, Token};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(ask_for_code)).routes(routes!(open_portal_session))
}

/// Whom to send a code to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeAddress {
    /// The mail address or telephone number the chamber holds of the client.
    #[schema(example = "+91 98765 43210")]
    address: String,
}

/// What the code must come back with.
#[derive(Serialize, ToSchema)]
struct CodeRequest {
    /// What to send with the code.
    request: String,
    /// Until when the code is good.
    expires_at: DateTime<Utc>,
}

/// What a client signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeSignIn {
    /// What asking for the code gave.
    request: String,
    /// The code from the letter.
    #[schema(example = "123456")]
    code: String,
}

/// Ask for a sign-in code
///
/// Sends a code to a client. The answer is the same whether the address is known or
/// not.
#[utoipa::path(post, path = "/api/v1/portal/codes", tag = "portal", security(()),
    request_body = CodeAddress,
    responses((status = 202, description = "A code is on its way, if a client has the address.",
        body = CodeRequest), Problem))]
async fn ask_for_code(
    State(app): State<App>,
    Json(CodeAddress { address }): Json<CodeAddress>,
) -> (StatusCode, Json<CodeRequest>) {
    let CodeAsked { request, expires_at } = app.auth.ask_for_code(&address);
    let request = request.expose().to_owned();
    (StatusCode::ACCEPTED, Json(CodeRequest { request, expires_at }))
}

/// Sign in as a client
///
/// Opens a session of the portal. Whatever was wrong, the answer is the same.
#[utoipa::path(post, path = "/api/v1/portal/session", tag = "portal", security(()),
    request_body = CodeSignIn,
    responses((status = 201, description = "The session.", body = SessionView), Problem))]
async fn open_portal_session(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(CodeSignIn { request, code }): Json<CodeSignIn>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let request = Token::sent(&request);
    let opened = app.auth.enter_by_code(&request, &code, SessionKind::Bearer, &origin).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}
