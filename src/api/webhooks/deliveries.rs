//! What webhooks were told, and telling it again.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::events::{Delivery, Standing, Wanted};
use crate::kernel::permission::permit::ManageWebhooks;
use crate::kernel::{CaseId, EventId, WebhookId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_webhook_deliveries))
        .routes(routes!(replay_webhook_event))
        .routes(routes!(replay_webhook_events))
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliveryState {
    /// It waits for its turn.
    Waiting,
    /// It was not taken, and is tried again.
    Failed,
    /// It was taken.
    Sent,
    /// It was given up; it can be replayed.
    Dead,
}

impl From<Standing> for DeliveryState {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Waiting => Self::Waiting,
            Standing::Failed => Self::Failed,
            Standing::Sent => Self::Sent,
            Standing::Dead => Self::Dead,
        }
    }
}

impl From<DeliveryState> for Standing {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Waiting => Self::Waiting,
            DeliveryState::Failed => Self::Failed,
            DeliveryState::Sent => Self::Sent,
            DeliveryState::Dead => Self::Dead,
        }
    }
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveriesQuery {
    /// Those that stand so.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Those of events before this one: the last of the page before.
    #[param(value_type = Option<Uuid>)]
    before: Option<EventId>,
}

/// What a webhook is told, or was.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
struct DeliveryView {
    /// Of which event.
    event_id: EventId,
    /// What happened.
    #[schema(example = "case.created")]
    kind: String,
    /// In which case.
    case_id: Option<CaseId>,
    /// When it happened.
    happened_at: DateTime<Utc>,
    /// How it stands.
    state: DeliveryState,
    /// How often it was tried.
    attempts: i64,
    /// When it is tried next, while it waits.
    next_at: Option<DateTime<Utc>>,
    /// What the receiver answered last.
    last_status: Option<i64>,
    /// Why it was not taken.
    last_error: Option<String>,
    /// When it was taken.
    sent_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let state = DeliveryState::from(delivery.standing());
        let waits = matches!(state, DeliveryState::Waiting | DeliveryState::Failed);
        let Delivery { event_id, kind, case_id, happened_at, attempts, next_at, .. } = delivery;
        Self {
            event_id,
            kind,
            case_id,
            happened_at,
            state,
            attempts,
            next_at: Some(next_at).filter(|_| waits),
            last_status: delivery.last_status,
            last_error: delivery.last_error,
            sent_at: delivery.sent_at,
        }
    }
}

/// Since when everything is told once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplaySince {
    /// The first day, of the last 90.
    since: NaiveDate,
}

/// What is told once more.
#[derive(Serialize, ToSchema)]
struct Replayed {
    /// How many events that are.
    events: u64,
}

/// List what a webhook was told
///
/// The newest first, 100 at most; the next page begins before the last one's event. What
/// tells of a case that is not open to you is left out. For admins.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook."), DeliveriesQuery),
    responses((status = 200, description = "The deliveries.", body = [DeliveryView]), Problem))]
async fn list_webhook_deliveries(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Query(DeliveriesQuery { state, before }): Query<DeliveriesQuery>,
) -> Result<Json<Vec<DeliveryView>>, Problem> {
    let wanted = Wanted { standing: state.map(Into::into), before };
    let found = app.events.deliveries(&caller.scope, id, wanted).await?;
    Ok(Json(found.into_iter().map(DeliveryView::from).collect()))
}

/// Tell a webhook of an event once more
///
/// It has the same id again, so the receiver can tell. For admins.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{event}/replay", tag = "webhooks",
    params(
        ("id" = Uuid, Path, description = "The webhook."),
        ("event" = Uuid, Path, description = "The event.")),
    responses((status = 202, description = "It is told again."), Problem))]
async fn replay_webhook_event(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path((id, event)): Path<(WebhookId, EventId)>,
) -> Result<StatusCode, Problem> {
    app.events.replay(&caller.scope, id, event).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Tell a webhook of everything since a day
///
/// As it listens now; also of what happened while it was off. For admins.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook.")), request_body = ReplaySince,
    responses((status = 202, description = "It is told again.", body = Replayed), Problem))]
async fn replay_webhook_events(
    State(app): State<App>,
    May(caller, ..): May<ManageWebhooks>,
    Path(id): Path<WebhookId>,
    Json(ReplaySince { since }): Json<ReplaySince>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let events = app.events.replay_since(&caller.scope, id, since).await?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { events })))
}
