//! One-time links: asking for one, and using the one a letter brought.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use super::origin::From as CameFrom;
use super::problem::Problem;
use crate::app::App;
use crate::auth::Token;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(ask_reset_link))
        .routes(routes!(choose_password))
        .routes(routes!(verify_email))
}

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ForgottenPassword)]
struct ForgottenBody {
    /// The email of the account.
    email: String,
}

/// A password, chosen by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChosenPassword)]
struct ChosenBody {
    /// What the link ends in.
    token: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// A link that proves an email.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VerifiedEmail)]
struct VerifiedBody {
    /// What the link ends in.
    token: String,
}

/// Ask for a link to choose another password
///
/// The answer is the same whether anybody has the email or not.
#[utoipa::path(post, path = "/api/v1/password/link", tag = "sessions", security(()),
    request_body = ForgottenBody,
    responses((status = 202, description = "If there is such an account, a letter is on its way."), Problem))]
async fn ask_reset_link(
    State(app): State<App>,
    CameFrom(origin): CameFrom,
    Json(body): Json<ForgottenBody>,
) -> Result<StatusCode, Problem> {
    app.auth.forgotten(&body.email, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose a password by a link
///
/// The link of an invitation or of a forgotten password. Every session of the account
/// ends; sign in with the password next.
#[utoipa::path(post, path = "/api/v1/password/choose", tag = "sessions", security(()),
    request_body = ChosenBody,
    responses((status = 204, description = "The password is set."), Problem))]
async fn choose_password(
    State(app): State<App>,
    Json(body): Json<ChosenBody>,
) -> Result<StatusCode, Problem> {
    app.auth.choose_password(&Token::sent(&body.token), &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirm an email by a link
#[utoipa::path(post, path = "/api/v1/email/verify", tag = "sessions", security(()),
    request_body = VerifiedBody,
    responses((status = 204, description = "The email is confirmed."), Problem))]
async fn verify_email(
    State(app): State<App>,
    Json(body): Json<VerifiedBody>,
) -> Result<StatusCode, Problem> {
    app.auth.verify_email(&Token::sent(&body.token)).await?;
    Ok(StatusCode::NO_CONTENT)
}
