//! Personal API tokens: what lets a program act for a person.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::InSession;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::auth::{ApiToken, NewApiToken};
use crate::kernel::{ApiTokenId, TokenScope};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_tokens, make_token)).routes(routes!(revoke_token))
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
struct TokenBody {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for; at least one.
    #[schema(min_items = 1)]
    scopes: Vec<TokenScope>,
    /// How long it lasts, in days.
    #[schema(minimum = 1, maximum = 365)]
    days: u32,
}

/// A personal API token.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiToken)]
struct TokenView {
    /// Its id.
    id: ApiTokenId,
    /// What it is called.
    name: String,
    /// What it is for.
    scopes: Vec<TokenScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    /// From which address.
    last_address: Option<String>,
}

impl From<ApiToken> for TokenView {
    fn from(token: ApiToken) -> Self {
        let ApiToken { id, name, scopes, created_at, expires_at, last_used_at, last_address } =
            token;
        Self { id, name, scopes, created_at, expires_at, last_used_at, last_address }
    }
}

/// A personal API token as just made.
#[derive(Serialize, ToSchema)]
struct MadeApiToken {
    /// What to send as `Authorization: Bearer …`; it is not shown again.
    secret: String,
    /// What there is to know of it.
    token: TokenView,
}

/// List your API tokens
///
/// Newest first. For everyone signed in with a session.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "sessions",
    responses((status = 200, description = "The tokens.", body = [TokenView]), Problem))]
async fn list_tokens(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Json<Vec<TokenView>>, Problem> {
    let tokens = app.auth.tokens(&caller).await?;
    Ok(Json(tokens.into_iter().map(TokenView::from).collect()))
}

/// Make an API token
///
/// With it a program does in your name what its scopes name and you may do. For the
/// chamber's own people, signed in with a session.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "sessions", request_body = TokenBody,
    responses((status = 201, description = "The token.", body = MadeApiToken), Problem))]
async fn make_token(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(TokenBody { name, scopes, days }): Json<TokenBody>,
) -> Result<(StatusCode, Json<MadeApiToken>), Problem> {
    let new = NewApiToken { name, scopes, days };
    let (token, secret) = app.auth.make_token(&caller, new).await?;
    let made = MadeApiToken { secret: secret.expose().to_owned(), token: token.into() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revoke an API token
///
/// Programs that use it stop at once. For everyone signed in with a session.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "sessions",
    params(("id" = Uuid, Path, description = "The token.")),
    responses((status = 204, description = "Revoked."), Problem))]
async fn revoke_token(
    State(app): State<App>,
    InSession(caller): InSession,
    Path(id): Path<ApiTokenId>,
) -> Result<StatusCode, Problem> {
    app.auth.revoke_token(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
