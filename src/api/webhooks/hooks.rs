//! Webhooks: making, changing, switching and trying them.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::events::{EventKind, Made, NewWebhook, Webhook};
use crate::kernel::permission::permit::ManageWebhooks;
use crate::kernel::{EventId, WebhookId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_webhooks, add_webhook))
        .routes(routes!(show_webhook, change_webhook, remove_webhook))
        .routes(routes!(rotate_webhook_secret))
        .routes(routes!(switch_webhook))
        .routes(routes!(test_webhook))
}

/// Another system that is told of events.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
struct WebhookView {
    /// Its id.
    id: WebhookId,
    /// How it is called.
    name: String,
    /// Where it is.
    url: String,
    /// What it is told of, such as `case.created`.
    kinds: Vec<&'static str>,
    /// Whether it is told.
    active: bool,
    /// Until when the secret before the present one signs too.
    former_until: Option<DateTime<Utc>>,
    /// Who made it.
    made_by: String,
    /// When.
    made_at: DateTime<Utc>,
    /// How many deliveries wait, of those you may know of.
    waiting: i64,
    /// How many were given up, of those you may know of.
    dead: i64,
}

impl From<Webhook> for WebhookView {
    fn from(hook: Webhook) -> Self {
        let Webhook { id, name, url, kinds, active, former_until, made_by, made_at, waiting, dead } =
            hook;
        let kinds = kinds.into_iter().map(EventKind::as_str).collect();
        Self { id, name, url, kinds, active, former_until, made_by, made_at, waiting, dead }
    }
}

/// A webhook to be made, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhook)]
struct WebhookBody {
    /// How it is called.
    #[schema(max_length = 100)]
    name: String,
    /// Where it is: an `https://` address that leads into no private network, unless the
    /// settings name its host.
    #[schema(example = "https://accounts.example.in/munshi")]
    url: String,
    /// What it is told of, such as `case.created`.
    #[schema(example = json!(["case.created", "invoice.issued"]))]
    kinds: Vec<String>,
}

impl WebhookBody {
    fn webhook(self) -> Result<NewWebhook, Problem> {
        let Self { name, url, kinds } = self;
        let kinds: Result<Vec<EventKind>, String> =
            kinds.iter().map(|kind| kind.parse::<EventKind>()).collect();
        let kinds = kinds.map_err(|words| Problem::shown(Code::BadRequest, &words))?;
        Ok(NewWebhook { name, url, kinds })
    }
}

/// A webhook's secret, shown this once.
#[derive(Serialize, ToSchema)]
struct WebhookSecret {
    /// The webhook.
    id: WebhookId,
    /// What its receiver checks signatures with.
    secret: String,
}

impl From<Made> for WebhookSecret {
    fn from(made: Made) -> Self {
        Self { id: made.id, secret: made.secret.expose_secret().to_owned() }
    }
}

/// Whether a webhook is told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookSwitch {
    /// Whether it is told from now on.
    active: bool,
}

/// An event a webhook is tried with.
#[derive(Serialize, ToSchema)]
struct WebhookTest {
    /// Its id, as the receiver gets it.
    event_id: EventId,
}

/// List the webhooks
///
/// In the order they were made; their secrets are not told again. For admins.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks",
    responses((status = 200, description = "The webhooks.", body = [WebhookView]), Problem))]
async fn list_webhooks(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
) -> Result<Json<Vec<WebhookView>>, Problem> {
    let hooks = app.events.webhooks(&caller.scope).await?;
    Ok(Json(hooks.into_iter().map(WebhookView::from).collect()))
}

/// Make a webhook
///
/// It is told of what happens from now on. The answer holds its secret, which is never
/// shown again. For admins.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = WebhookBody,
    responses((status = 201, description = "It is made.", body = WebhookSecret), Problem))]
async fn add_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Json(body): Json<WebhookBody>,
) -> Result<(StatusCode, Json<WebhookSecret>), Problem> {
    let made = app.events.add_webhook(&caller.scope, body.webhook()?).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Show a webhook
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "The webhook.", body = WebhookView), Problem))]
async fn show_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
) -> Result<Json<WebhookView>, Problem> {
    Ok(Json(app.events.webhook(&caller.scope, id).await?.into()))
}

/// Change a webhook
///
/// Its name, address and kinds; what waits goes to the new address. For admins.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")), request_body = WebhookBody,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Json(body): Json<WebhookBody>,
) -> Result<StatusCode, Problem> {
    app.events.change_webhook(&caller.scope, id, body.webhook()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a webhook
///
/// With what it was told. For admins.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn remove_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
) -> Result<StatusCode, Problem> {
    app.events.remove_webhook(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook a new secret
///
/// What is sent is signed with both secrets for a day, then with the new one alone. For
/// admins.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "The secret.", body = WebhookSecret), Problem))]
async fn rotate_webhook_secret(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
) -> Result<Json<WebhookSecret>, Problem> {
    Ok(Json(app.events.rotate_secret(&caller.scope, id).await?.into()))
}

/// Switch a webhook on or off
///
/// What waits stays. What happens while it is off is not queued, and can be replayed. For
/// admins.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}/active", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")), request_body = WebhookSwitch,
    responses((status = 204, description = "It is switched."), Problem))]
async fn switch_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Json(WebhookSwitch { active }): Json<WebhookSwitch>,
) -> Result<StatusCode, Problem> {
    app.events.switch_webhook(&caller.scope, id, active).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a webhook
///
/// Sends it an event of the kind `webhook.test`, to it alone. For admins.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses((status = 202, description = "It is sent.", body = WebhookTest), Problem))]
async fn test_webhook(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
) -> Result<(StatusCode, Json<WebhookTest>), Problem> {
    let event_id = app.events.test_webhook(&caller.scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(WebhookTest { event_id })))
}
