//! Consent and its wordings.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::caller::{May, Signed};
use super::super::extract::{Json, Path};
use super::super::problem::Problem;
use super::Begun;
use crate::app::App;
use crate::kernel::permission::permit::ProtectData;
use crate::kernel::{ClientId, ConsentId, UserId, WordingId};
use crate::privacy::{Consent, Given, How, Wording};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_wordings, add_wording))
        .routes(routes!(list_consents, record_consent))
        .routes(routes!(withdraw_consent))
}

/// A wording of what clients are asked to consent to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wording)]
struct WordingView {
    /// Its id.
    id: WordingId,
    /// Its language, as a tag.
    language: String,
    /// Which one of its language, from 1.
    number: i64,
    /// Word for word.
    text: String,
    /// From when it is asked.
    valid_from: DateTime<Utc>,
}

impl From<Wording> for WordingView {
    fn from(wording: Wording) -> Self {
        let Wording { id, language, number, text, valid_from } = wording;
        Self { id, language, number, text, valid_from }
    }
}

/// A wording to be asked from now on.
#[derive(Debug, Deserialize, ToSchema)]
struct NewWording {
    /// Its language, as a tag: `en`, `hi`.
    language: String,
    /// Word for word.
    text: String,
}

/// List consent wordings
///
/// For everybody who is signed in; clients are asked about the newest.
#[utoipa::path(get, path = "/api/v1/consent-wordings", tag = "privacy",
    responses((status = 200, description = "The wordings, newest first.", body = [WordingView]), Problem))]
async fn list_wordings(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Json<Vec<WordingView>>, Problem> {
    let wordings = app.privacy.wordings(&caller.scope).await?;
    Ok(Json(wordings.into_iter().map(Into::into).collect()))
}

/// Put a consent wording in force
///
/// Earlier ones stay as they are, with those who agreed to them. For admins.
#[utoipa::path(post, path = "/api/v1/consent-wordings", tag = "privacy", request_body = NewWording,
    responses((status = 201, description = "It is asked from now on.", body = Begun), Problem))]
async fn add_wording(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Json(new): Json<NewWording>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let id = app.privacy.add_wording(&caller.scope, &new.language, &new.text).await?;
    Ok((StatusCode::CREATED, Json(Begun { id: id.uuid() })))
}

/// A client's consent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
struct ConsentView {
    /// Its id.
    id: ConsentId,
    /// The client.
    client_id: ClientId,
    /// How the client is called.
    client_name: String,
    /// The wording.
    wording_id: WordingId,
    /// Its language.
    language: String,
    /// Which one of its language.
    number: i64,
    /// How it was given.
    how: String,
    /// When.
    given_at: DateTime<Utc>,
    /// Who recorded it.
    recorded_by: UserId,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        let Consent {
            id,
            client_id,
            client_name,
            wording_id,
            language,
            number,
            how,
            given_at,
            recorded_by,
            withdrawn_at,
        } = consent;
        Self {
            id,
            client_id,
            client_name,
            wording_id,
            language,
            number,
            how,
            given_at,
            recorded_by,
            withdrawn_at,
        }
    }
}

/// Consent to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
struct NewConsent {
    /// By which client; clients name themselves.
    client_id: ClientId,
    /// To which wording.
    wording_id: WordingId,
    /// How; clients say `portal`.
    how: How,
}

/// List consents
///
/// All for admins, their own for clients.
#[utoipa::path(get, path = "/api/v1/consents", tag = "privacy",
    responses((status = 200, description = "The consents, newest first.", body = [ConsentView]), Problem))]
async fn list_consents(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Json<Vec<ConsentView>>, Problem> {
    let consents = app.privacy.consents(&caller.scope).await?;
    Ok(Json(consents.into_iter().map(Into::into).collect()))
}

/// Record consent
///
/// For admins, and for clients in their own name.
#[utoipa::path(post, path = "/api/v1/consents", tag = "privacy", request_body = NewConsent,
    responses((status = 201, description = "It is recorded.", body = Begun), Problem))]
async fn record_consent(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(new): Json<NewConsent>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let given = Given { client: new.client_id, wording: new.wording_id, how: new.how };
    let id = app.privacy.consent(&caller.scope, given).await?;
    Ok((StatusCode::CREATED, Json(Begun { id: id.uuid() })))
}

/// Withdraw consent
///
/// For admins, and for clients their own.
#[utoipa::path(post, path = "/api/v1/consents/{id}/withdraw", tag = "privacy",
    params(("id" = Uuid, Path, description = "The consent.")),
    responses((status = 204, description = "It is withdrawn."), Problem))]
async fn withdraw_consent(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ConsentId>,
) -> Result<StatusCode, Problem> {
    app.privacy.withdraw(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
