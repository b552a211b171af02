//! Secret calendar addresses of the caller.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::InSession;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::hearings::{Feed, FeedChoice, Secret};
use crate::kernel::CalendarFeedId;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_calendars, make_calendar))
        .routes(routes!(renew_calendar))
        .routes(routes!(revoke_calendar))
}

/// A calendar address of yours. Its token is shown once, when it is made or renewed.
#[derive(Serialize, ToSchema)]
#[schema(as = CalendarAddress)]
struct FeedView {
    /// Its id.
    id: CalendarFeedId,
    /// What you call it.
    name: String,
    /// Whether it says `Hearing` and no more.
    discreet: bool,
    /// Whether it holds every case open to you, and not only those you are a member of.
    all_cases: bool,
    /// When it was made.
    made_at: DateTime<Utc>,
    /// When a program last fetched it.
    fetched_at: Option<DateTime<Utc>>,
}

impl From<Feed> for FeedView {
    fn from(feed: Feed) -> Self {
        let Feed { id, name, discreet, all_cases, made_at, fetched_at } = feed;
        Self { id, name, discreet, all_cases, made_at, fetched_at }
    }
}

/// A calendar address to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCalendarAddress)]
struct FeedBody {
    /// What you call it, such as the device it is for.
    #[schema(max_length = 100)]
    name: String,
    /// Whether it says `Hearing` and no more.
    discreet: Option<bool>,
    /// Whether it holds every case open to you, and not only those you are a member of.
    all_cases: Option<bool>,
}

/// A calendar address, shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = CalendarAddressMade)]
struct SecretView {
    /// Its id.
    id: CalendarFeedId,
    /// The whole address. Whoever has it can read the calendar.
    address: String,
}

impl SecretView {
    fn of(app: &App, id: CalendarFeedId, secret: &Secret) -> Self {
        Self { id, address: app.calendar_address(secret) }
    }
}

/// List your calendar addresses
///
/// Without their tokens. For anybody of the chamber.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "hearings",
    responses((status = 200, description = "The addresses.", body = [FeedView]), Problem))]
async fn list_calendars(
    State(app): State<App>,
    InSession(caller): InSession,
) -> Result<Json<Vec<FeedView>>, Problem> {
    let found = app.hearings.feeds(&caller.scope).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Make a calendar address
///
/// What it holds is what you may see at each fetch. For those who work on cases.
#[utoipa::path(post, path = "/api/v1/calendars", tag = "hearings", request_body = FeedBody,
    responses((status = 201, description = "It was made.", body = SecretView), Problem))]
async fn make_calendar(
    State(app): State<App>,
    InSession(caller): InSession,
    Json(FeedBody { name, discreet, all_cases }): Json<FeedBody>,
) -> Result<(StatusCode, Json<SecretView>), Problem> {
    let (discreet, all_cases) = (discreet.unwrap_or(false), all_cases.unwrap_or(false));
    let choice = FeedChoice { name, discreet, all_cases };
    let (id, secret) = app.hearings.make_feed(&caller.scope, choice).await?;
    Ok((StatusCode::CREATED, Json(SecretView::of(&app, id, &secret))))
}

/// Renew a calendar address
///
/// It has another token from then on; the old one is good for nothing. For whose it is.
#[utoipa::path(post, path = "/api/v1/calendars/{id}/renew", tag = "hearings",
    params(("id" = Uuid, Path, description = "The address.")),
    responses((status = 200, description = "It was renewed.", body = SecretView), Problem))]
async fn renew_calendar(
    State(app): State<App>,
    InSession(caller): InSession,
    Path(id): Path<CalendarFeedId>,
) -> Result<Json<SecretView>, Problem> {
    let secret = app.hearings.renew_feed(&caller.scope, id).await?;
    Ok(Json(SecretView::of(&app, id, &secret)))
}

/// Revoke a calendar address
///
/// For whose it is.
#[utoipa::path(delete, path = "/api/v1/calendars/{id}", tag = "hearings",
    params(("id" = Uuid, Path, description = "The address.")),
    responses((status = 204, description = "It was revoked."), Problem))]
async fn revoke_calendar(
    State(app): State<App>,
    InSession(caller): InSession,
    Path(id): Path<CalendarFeedId>,
) -> Result<StatusCode, Problem> {
    app.hearings.revoke_feed(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
