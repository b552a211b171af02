//! Time worked on cases.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::fees::{NewTime, Rounding, TimeEntry, TimeQuery, Whose, Work, csv};
use crate::kernel::permission::permit::{KeepTime, ReadCases};
use crate::kernel::{CaseId, Paise, RateId, TimeEntryId, TimerId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_time, add_time))
        .routes(routes!(export_time))
        .routes(routes!(show_time, change_time, delete_time))
        .routes(routes!(adjust_time))
}

/// Which time is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimeParams {
    /// Of one case.
    case: Option<CaseId>,
    /// From this day on.
    from: Option<NaiveDate>,
    /// Until this day, with it.
    to: Option<NaiveDate>,
    /// Everybody's time in the cases whose money the caller sees; one's own when left out.
    #[serde(default)]
    #[param(required = false)]
    team: bool,
}

impl TimeParams {
    fn query(self) -> TimeQuery {
        let Self { case, from, to, team } = self;
        TimeQuery { whose: if team { Whose::Team } else { Whose::Own }, case, from, to }
    }
}

/// Time worked.
#[derive(Serialize, ToSchema)]
#[schema(as = TimeEntry)]
struct TimeEntryView {
    /// Its id.
    id: TimeEntryId,
    /// On which case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// Who worked.
    user_id: UserId,
    /// How they are called.
    who: String,
    /// The day.
    worked_on: NaiveDate,
    /// How long, in minutes.
    minutes: i64,
    /// In what steps it is billed.
    rounding: Rounding,
    /// The minutes that are billed.
    billed_minutes: i64,
    /// What an hour costs, in paise.
    paise_per_hour: Paise,
    /// The rate that says so; none when it was typed, or taken from the last entry.
    rate_id: Option<RateId>,
    /// What the billed minutes come to, in paise.
    amount: Paise,
    /// What is billed in its place, in paise.
    adjusted_amount: Option<Paise>,
    /// Why.
    adjusted_reason: Option<String>,
    /// Who said so.
    adjusted_by: Option<String>,
    /// The class of work.
    work: Work,
    /// What was done.
    description: String,
    /// Whether the client pays for it.
    billable: bool,
    /// Whether it stands on an invoice.
    billed: bool,
}

impl From<TimeEntry> for TimeEntryView {
    fn from(entry: TimeEntry) -> Self {
        let billed_minutes = entry.billed_minutes();
        let TimeEntry {
            id,
            case_id,
            case_title,
            user_id,
            who,
            worked_on,
            minutes,
            rounding,
            per_hour,
            rate,
            amount,
            adjusted,
            work,
            description,
            billable,
            is_billed,
        } = entry;
        let (adjusted_amount, adjusted_reason, adjusted_by) = match adjusted {
            Some(adjusted) => (Some(adjusted.amount), Some(adjusted.reason), Some(adjusted.by)),
            None => (None, None, None),
        };
        Self {
            id,
            case_id,
            case_title,
            user_id,
            who,
            worked_on,
            minutes,
            rounding,
            billed_minutes,
            paise_per_hour: per_hour,
            rate_id: rate,
            amount,
            adjusted_amount,
            adjusted_reason,
            adjusted_by,
            work,
            description,
            billable,
            billed: is_billed,
        }
    }
}

const fn yes() -> bool {
    true
}

/// Time worked, to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTimeEntry)]
struct TimeEntryBody {
    /// On which case.
    case_id: CaseId,
    /// The day, in India.
    worked_on: NaiveDate,
    /// How long, in minutes: at most a day.
    #[schema(minimum = 1, maximum = 1440)]
    minutes: u32,
    /// What an hour costs, in paise; when left out, what the rates say, or else the last
    /// entry.
    paise_per_hour: Option<Paise>,
    /// The class of work; advice and representation when left out.
    work: Option<Work>,
    /// What was done.
    #[schema(max_length = 2000)]
    description: String,
    /// Whether the client pays for it.
    #[serde(default = "yes")]
    #[schema(required = false)]
    billable: bool,
    /// The draft of a timer it comes from, which is used up.
    draft_id: Option<TimerId>,
}

impl TimeEntryBody {
    fn new_time(self) -> (NewTime, Option<TimerId>) {
        let Self {
            case_id,
            worked_on,
            minutes,
            paise_per_hour,
            work,
            description,
            billable,
            draft_id,
        } = self;
        let new = NewTime {
            case: case_id,
            worked_on,
            minutes,
            paise_per_hour,
            work,
            description,
            billable,
        };
        (new, draft_id)
    }
}

/// Time that was entered.
#[derive(Serialize, ToSchema)]
struct TimeEntered {
    /// Its id.
    id: TimeEntryId,
}

/// What is billed in place of what time comes to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TimeAdjustment)]
struct TimeAdjustmentBody {
    /// The amount, in paise, nothing to write it off; when left out, what it comes to is
    /// billed again.
    amount: Option<Paise>,
    /// Why; needed with an amount, and kept.
    #[serde(default)]
    #[schema(max_length = 2000, required = false)]
    reason: String,
}

/// List time worked
///
/// By day, at most 20,000 entries. One's own, for those who keep time; a team's for admins,
/// billing and those who lead the case.
#[utoipa::path(get, path = "/api/v1/time", tag = "fees", params(TimeParams),
    responses((status = 200, description = "The time.", body = [TimeEntryView]), Problem))]
async fn list_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(query): Query<TimeParams>,
) -> Result<Json<Vec<TimeEntryView>>, Problem> {
    let entries = app.fees.time(&caller.scope, query.query()).await?;
    Ok(Json(entries.into_iter().map(TimeEntryView::from).collect()))
}

/// Enter time worked
///
/// The rate that applies on that day is settled with it, and changes no more. For those who
/// work on the case.
#[utoipa::path(post, path = "/api/v1/time", tag = "fees", request_body = TimeEntryBody,
    responses((status = 201, description = "It is entered.", body = TimeEntered), Problem))]
async fn add_time(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
    Json(body): Json<TimeEntryBody>,
) -> Result<(StatusCode, Json<TimeEntered>), Problem> {
    let (new, draft) = body.new_time();
    let id = app.fees.add_time(&caller.scope, new, draft).await?;
    Ok((StatusCode::CREATED, Json(TimeEntered { id })))
}

/// Export time worked, as CSV
///
/// As listing it. The export is recorded.
#[utoipa::path(get, path = "/api/v1/time.csv", tag = "fees", params(TimeParams),
    responses((status = 200, description = "The time.", body = String,
               content_type = "text/csv"), Problem))]
async fn export_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(query): Query<TimeParams>,
) -> Result<impl IntoResponse, Problem> {
    let query = query.query();
    let entries = app.fees.time(&caller.scope, query).await?;
    let details = json!({
        "from": query.from, "to": query.to, "case": query.case, "entries": entries.len(),
        "team": query.whose == Whose::Team,
    });
    app.audit.acted(&caller.scope, "time.export", details).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"time.csv\""),
    ];
    Ok((headers, csv(&entries)))
}

/// Show time worked
///
/// One's own in a case open to the caller, or any of a case whose money they see.
#[utoipa::path(get, path = "/api/v1/time/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The entry.")),
    responses((status = 200, description = "The entry.", body = TimeEntryView), Problem))]
async fn show_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<TimeEntryId>,
) -> Result<Json<TimeEntryView>, Problem> {
    Ok(Json(app.fees.time_entry(&caller.scope, id).await?.into()))
}

/// Change time worked
///
/// While it is not billed: one's own, or any of a case whose money the caller decides on.
#[utoipa::path(put, path = "/api/v1/time/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The entry.")), request_body = TimeEntryBody,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<TimeEntryId>,
    Json(body): Json<TimeEntryBody>,
) -> Result<StatusCode, Problem> {
    app.fees.change_time(&caller.scope, id, body.new_time().0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove time worked
///
/// While it is not billed, for those who may change it.
#[utoipa::path(delete, path = "/api/v1/time/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The entry.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<TimeEntryId>,
) -> Result<StatusCode, Problem> {
    app.fees.delete_time(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Write time down, up or off
///
/// What it comes to is kept beside what is billed in its place. For admins, billing, and
/// those who lead the case.
#[utoipa::path(post, path = "/api/v1/time/{id}/adjustment", tag = "fees",
    params(("id" = Uuid, Path, description = "The entry.")), request_body = TimeAdjustmentBody,
    responses((status = 204, description = "It is billed so."), Problem))]
async fn adjust_time(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<TimeEntryId>,
    Json(TimeAdjustmentBody { amount, reason }): Json<TimeAdjustmentBody>,
) -> Result<StatusCode, Problem> {
    let to = amount.map(|amount| (amount, reason));
    app.fees.adjust_time(&caller.scope, id, to).await?;
    Ok(StatusCode::NO_CONTENT)
}
