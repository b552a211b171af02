//! Second factors and passkeys of the caller's own account. Every change needs a
//! proof within the last ten minutes that it is the caller, in a session of theirs; it
//! ends their other sessions and renews this one. A browser gets its next cookie with
//! the answer; an API client refreshes.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::InSession;
use super::cookie::session_cookies;
use super::extract::{Json, Path};
use super::problem::Problem;
use super::second::OfferView;
use crate::app::App;
use crate::auth::{Factors, PasskeyAsked, PasskeyInfo, Proof, Renewed, Token, Way};
use crate::kernel::PasskeyId;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_factors))
        .routes(routes!(prove))
        .routes(routes!(offer_app, remove_app))
        .routes(routes!(accept_app))
        .routes(routes!(make_backup_codes))
        .routes(routes!(add_phone, remove_phone))
        .routes(routes!(verify_phone))
        .routes(routes!(ask_for_passkey))
        .routes(routes!(add_passkey))
        .routes(routes!(remove_passkey))
}

/// What the caller signs in with beside the password.
#[derive(Serialize, ToSchema)]
#[schema(as = Factors)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page or the answer says")]
struct FactorsView {
    /// Whether an authenticator app is set up.
    app: bool,
    /// The passkeys.
    passkeys: Vec<PasskeyView>,
    /// The end of the telephone number codes can go to.
    phone: Option<String>,
    /// How many backup codes are left.
    backup_codes: i64,
    /// Whether the caller's role must have a factor.
    required: bool,
    /// Whether changes can be made now without another proof.
    proven: bool,
    /// Whether passkeys work at the address of this service.
    passkeys_work: bool,
    /// Whether text messages can be sent.
    sms_works: bool,
}

impl From<Factors> for FactorsView {
    fn from(factors: Factors) -> Self {
        let Factors {
            app,
            passkeys,
            phone,
            backup_codes,
            required,
            proven,
            passkeys_work,
            sms_works,
        } = factors;
        let passkeys = passkeys.into_iter().map(PasskeyView::from).collect();
        Self { app, passkeys, phone, backup_codes, required, proven, passkeys_work, sms_works }
    }
}

/// A passkey.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkey)]
struct PasskeyView {
    /// Its id.
    id: PasskeyId,
    /// What its owner calls it.
    name: String,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it was last used to sign in.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<PasskeyInfo> for PasskeyView {
    fn from(passkey: PasskeyInfo) -> Self {
        let PasskeyInfo { id, name, created_at, last_used_at } = passkey;
        Self { id, name, created_at, last_used_at }
    }
}

/// A proof that it is the caller.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Proof)]
enum ProofBody {
    /// Their password.
    #[schema(format = Password)]
    Password(String),
    /// A code.
    Code {
        /// The kind of code.
        way: Way,
        /// The code itself.
        code: String,
    },
}

/// A first code of an offered app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptedApp {
    /// The offer, as it came.
    offer: String,
    /// The code the app shows.
    code: String,
}

/// Codes that work once each; not shown again, and none where there were some before.
#[derive(Serialize, ToSchema)]
struct BackupCodes {
    /// The codes.
    backup_codes: Vec<String>,
}

/// What changed how one signs in: an answer with the browser's next cookie.
fn changed(app: &App, Renewed { value: (), cookie }: &Renewed<()>) -> (StatusCode, HeaderMap) {
    (StatusCode::NO_CONTENT, session_cookies(app, cookie.as_ref()))
}

/// The same with backup codes.
type Codes = (StatusCode, HeaderMap, Json<BackupCodes>);

fn with_codes(app: &App, renewed: Renewed<Vec<String>>) -> Codes {
    let Renewed { value: backup_codes, cookie } = renewed;
    let cookies = session_cookies(app, cookie.as_ref());
    (StatusCode::CREATED, cookies, Json(BackupCodes { backup_codes }))
}

/// A telephone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneBody {
    /// Its number with the country's code.
    #[schema(example = "+91 98765 43210")]
    number: String,
}

/// A code sent to a telephone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneCode {
    /// The code.
    code: String,
}

/// A question for a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyQuestion {
    /// What has to come back with the answer.
    ceremony: String,
    /// What the browser hands to the device (`WebAuthn`).
    #[schema(value_type = Object)]
    options: Value,
}

impl From<PasskeyAsked> for PasskeyQuestion {
    fn from(asked: PasskeyAsked) -> Self {
        let PasskeyAsked { ceremony, options } = asked;
        Self { ceremony: ceremony.expose().to_owned(), options }
    }
}

/// A passkey as a device made it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPasskey {
    /// The ceremony it answers.
    ceremony: String,
    /// What its owner calls it.
    name: String,
    /// What the device answered (`WebAuthn`).
    #[schema(value_type = Object)]
    answer: Value,
}

/// What I sign in with
///
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/account/factors", tag = "factors",
    responses((status = 200, description = "The factors.", body = FactorsView), Problem))]
async fn show_factors(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Json<FactorsView>, Problem> {
    Ok(Json(app.auth.factors(&caller).await?.into()))
}

/// Prove that it is me
///
/// Good for ten minutes of changes to how one signs in.
#[utoipa::path(post, path = "/api/v1/account/proof", tag = "factors", request_body = ProofBody,
    responses((status = 204, description = "Proven."), Problem))]
async fn prove(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(body): Json<ProofBody>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let proof = match body {
        ProofBody::Password(password) => Proof::Password(password),
        ProofBody::Code { way, code } => Proof::Code(way, code),
    };
    Ok(changed(&app, &app.auth.prove(&caller, proof).await?))
}

/// Start setting up an authenticator app
#[utoipa::path(post, path = "/api/v1/account/factors/app", tag = "factors",
    responses((status = 200, description = "The secret.", body = OfferView), Problem))]
async fn offer_app(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Json<OfferView>, Problem> {
    Ok(Json(app.auth.offer_app(&caller).await?.into()))
}

/// Confirm the authenticator app with its first code
#[utoipa::path(post, path = "/api/v1/account/factors/app/confirm", tag = "factors",
    request_body = AcceptedApp,
    responses((status = 201, description = "It is set up.", body = BackupCodes), Problem))]
async fn accept_app(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(AcceptedApp { offer, code }): Json<AcceptedApp>,
) -> Result<Codes, Problem> {
    Ok(with_codes(&app, app.auth.accept_app(&caller, &offer, &code).await?))
}

/// Remove the authenticator app
#[utoipa::path(delete, path = "/api/v1/account/factors/app", tag = "factors",
    responses((status = 204, description = "Removed."), Problem))]
async fn remove_app(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<(StatusCode, HeaderMap), Problem> {
    Ok(changed(&app, &app.auth.remove_app(&caller).await?))
}

/// Make the backup codes anew
#[utoipa::path(post, path = "/api/v1/account/factors/backup-codes", tag = "factors",
    responses((status = 201, description = "The codes.", body = BackupCodes), Problem))]
async fn make_backup_codes(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Codes, Problem> {
    Ok(with_codes(&app, app.auth.make_backup_codes(&caller).await?))
}

/// Name a telephone that codes can be sent to
///
/// A code goes to it, with which it is confirmed.
#[utoipa::path(put, path = "/api/v1/account/factors/phone", tag = "factors",
    request_body = PhoneBody,
    responses((status = 204, description = "A code is on its way."), Problem))]
async fn add_phone(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(PhoneBody { number }): Json<PhoneBody>,
) -> Result<StatusCode, Problem> {
    app.auth.add_phone(&caller, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirm the telephone
#[utoipa::path(post, path = "/api/v1/account/factors/phone/confirm", tag = "factors",
    request_body = PhoneCode,
    responses((status = 204, description = "Confirmed."), Problem))]
async fn verify_phone(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(PhoneCode { code }): Json<PhoneCode>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    Ok(changed(&app, &app.auth.verify_phone(&caller, &code).await?))
}

/// Remove the telephone
#[utoipa::path(delete, path = "/api/v1/account/factors/phone", tag = "factors",
    responses((status = 204, description = "Removed."), Problem))]
async fn remove_phone(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<(StatusCode, HeaderMap), Problem> {
    Ok(changed(&app, &app.auth.remove_phone(&caller).await?))
}

/// Start adding a passkey
#[utoipa::path(post, path = "/api/v1/account/passkeys/ask", tag = "factors",
    responses((status = 200, description = "The question.", body = PasskeyQuestion), Problem))]
async fn ask_for_passkey(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Json<PasskeyQuestion>, Problem> {
    Ok(Json(app.auth.ask_for_new_passkey(&caller).await?.into()))
}

/// Add the passkey a device made
#[utoipa::path(post, path = "/api/v1/account/passkeys", tag = "factors",
    request_body = NewPasskey,
    responses((status = 201, description = "It is added.", body = BackupCodes), Problem))]
async fn add_passkey(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(NewPasskey { ceremony, name, answer }): Json<NewPasskey>,
) -> Result<Codes, Problem> {
    let ceremony = Token::sent(&ceremony);
    Ok(with_codes(&app, app.auth.add_passkey(&caller, &ceremony, &name, answer).await?))
}

/// Remove a passkey
#[utoipa::path(delete, path = "/api/v1/account/passkeys/{id}", tag = "factors",
    params(("id" = Uuid, Path, description = "The passkey.")),
    responses((status = 204, description = "Removed."), Problem))]
async fn remove_passkey(
    State(app): State<App>,
    InSession(caller): InSession,
    Path(id): Path<PasskeyId>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    Ok(changed(&app, &app.auth.remove_passkey(&caller, id).await?))
}
