//! The second step of a sign-in: a code, or setting up the factor a role needs.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use super::factors::PasskeyQuestion;
use super::origin::From as CameFrom;
use super::problem::Problem;
use super::sessions::SessionView;
use crate::app::App;
use crate::auth::{Offer, SessionKind, Token, Way};

/// What the API's sign-ins open.
const KIND: SessionKind = SessionKind::Bearer;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(finish_session))
        .routes(routes!(send_session_code))
        .routes(routes!(offer_enrolment))
        .routes(routes!(enrol))
        .routes(routes!(ask_sign_in_passkey))
        .routes(routes!(open_with_passkey))
}

/// The second proof of a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecondProof {
    /// What `POST /api/v1/session` gave.
    pending: String,
    /// The kind of proof; a passkey has an operation of its own.
    way: Way,
    /// The code.
    code: String,
}

/// A device's answer to the question for a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasskeySignIn {
    /// The ceremony it answers.
    ceremony: String,
    /// What the device answered (`WebAuthn`).
    #[schema(value_type = Object)]
    answer: Value,
    /// What `POST /api/v1/session` gave, when a sign-in waits for the passkey.
    pending: Option<String>,
}

/// A sign-in that waits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PendingBody {
    /// What `POST /api/v1/session` gave.
    pending: String,
}

/// A first code of an app just set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Enrolment {
    /// What `POST /api/v1/session` gave.
    pending: String,
    /// The offer, as it came.
    offer: String,
    /// The code the app shows.
    code: String,
}

/// A secret for an authenticator app.
#[derive(Serialize, ToSchema)]
#[schema(as = AppOffer)]
pub(super) struct OfferView {
    /// The secret, for typing it in.
    secret: String,
    /// The address that carries it, for a QR code.
    url: String,
    /// What has to come back with the first code, within a quarter of an hour.
    offer: String,
}

impl From<Offer> for OfferView {
    fn from(offer: Offer) -> Self {
        let Offer { secret, url, sealed } = offer;
        Self { secret, url, offer: sealed }
    }
}

/// A session opened after a factor was set up.
#[derive(Serialize, ToSchema)]
struct EnrolledSession {
    /// The session.
    session: SessionView,
    /// Ten codes that work once each; they are not shown again.
    backup_codes: Vec<String>,
}

/// Finish a sign-in with a code
///
/// After five wrong codes within a quarter of an hour none is taken; the answer does
/// not tell one from the other.
#[utoipa::path(post, path = "/api/v1/session/second", tag = "sessions", security(()),
    request_body = SecondProof,
    responses((status = 201, description = "The session.", body = SessionView), Problem))]
async fn finish_session(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(SecondProof { pending, way, code }): Json<SecondProof>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let opened = app.auth.finish(&Token::sent(&pending), KIND, &origin, way, &code).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

/// Send a code by text message
///
/// At most three an hour.
#[utoipa::path(post, path = "/api/v1/session/second/sms", tag = "sessions", security(()),
    request_body = PendingBody,
    responses((status = 204, description = "It is on its way."), Problem))]
async fn send_session_code(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(PendingBody { pending }): Json<PendingBody>,
) -> Result<StatusCode, Problem> {
    app.auth.send_code(&Token::sent(&pending), KIND, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Start setting up the factor a sign-in waits for
#[utoipa::path(post, path = "/api/v1/session/enrol", tag = "sessions", security(()),
    request_body = PendingBody,
    responses((status = 200, description = "The secret.", body = OfferView), Problem))]
async fn offer_enrolment(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(PendingBody { pending }): Json<PendingBody>,
) -> Result<Json<OfferView>, Problem> {
    let offer = app.auth.offer_enrolment(&Token::sent(&pending), KIND, &origin).await?;
    Ok(Json(offer.into()))
}

/// Set up the factor a sign-in waits for, and finish it
#[utoipa::path(post, path = "/api/v1/session/enrol/app", tag = "sessions", security(()),
    request_body = Enrolment,
    responses((status = 201, description = "The session.", body = EnrolledSession), Problem))]
async fn enrol(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(Enrolment { pending, offer, code }): Json<Enrolment>,
) -> Result<(StatusCode, Json<EnrolledSession>), Problem> {
    let pending = Token::sent(&pending);
    let (opened, backup_codes) = app.auth.enrol(&pending, KIND, &origin, &offer, &code).await?;
    Ok((StatusCode::CREATED, Json(EnrolledSession { session: opened.into(), backup_codes })))
}

/// Ask for a passkey
///
/// The question is for whichever passkey the person chooses, and says nothing of who
/// has one.
#[utoipa::path(post, path = "/api/v1/session/passkey/ask", tag = "sessions", security(()),
    responses((status = 200, description = "The question.", body = PasskeyQuestion), Problem))]
async fn ask_sign_in_passkey(State(app): State<App>) -> Result<Json<PasskeyQuestion>, Problem> {
    Ok(Json(app.auth.ask_for_passkey().await?.into()))
}

/// Sign in with a passkey
///
/// It counts as both proofs. Whatever was wrong, the answer is the same.
#[utoipa::path(post, path = "/api/v1/session/passkey", tag = "sessions", security(()),
    request_body = PasskeySignIn,
    responses((status = 201, description = "The session.", body = SessionView), Problem))]
async fn open_with_passkey(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(PasskeySignIn { ceremony, answer, pending }): Json<PasskeySignIn>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let pending = pending.as_deref().map(Token::sent);
    let ceremony = Token::sent(&ceremony);
    let opened = app.auth.sign_in_with_passkey(&ceremony, answer, KIND, &origin, pending.as_ref());
    Ok((StatusCode::CREATED, Json(opened.await?.into())))
}
