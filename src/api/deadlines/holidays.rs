//! Court holidays.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::deadlines::calendar::{Base, Stretch, Weekly, bases};
use crate::deadlines::holidays::{CalendarChange, CourtCalendar, Format, Imported, NewCalendar};
use crate::kernel::HolidayCalendarId;
use crate::kernel::permission::permit::{ReadCases, SetChamber};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_holiday_calendars, add_calendar))
        .routes(routes!(list_bases))
        .routes(routes!(show_calendar, change_calendar))
        .routes(routes!(add_days, remove_days))
        .routes(routes!(import_days))
}

/// A calendar of a court's holidays.
#[derive(Serialize, ToSchema)]
#[schema(as = HolidayCalendar)]
struct CalendarView {
    /// Its id.
    id: HolidayCalendarId,
    /// What it is called.
    name: String,
    /// The keys of the days of the week on which the court is closed.
    weekly: Vec<String>,
    /// The courts that go by it, in small letters.
    courts: Vec<String>,
    /// The years something was entered for.
    years: Vec<i32>,
    /// The days that were entered; Republic Day, Independence Day and Gandhi Jayanti are
    /// holidays of every calendar.
    days: Vec<Stretch>,
}

impl From<CourtCalendar> for CalendarView {
    fn from(found: CourtCalendar) -> Self {
        let years = found.years();
        let CourtCalendar { id, calendar, courts } = found;
        let crate::deadlines::calendar::Calendar { name, weekly, days } = calendar;
        Self { id, name, weekly, courts, years, days }
    }
}

/// What calendars can begin with.
#[derive(Serialize, ToSchema)]
#[schema(as = HolidayBases)]
struct BasesView {
    /// The kinds of court.
    bases: Vec<Base>,
    /// The days of the week a calendar can name.
    weekly: Vec<Weekly>,
}

/// A calendar that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = HolidayCalendarAdded)]
struct Added {
    /// Its id.
    id: HolidayCalendarId,
}

/// Days of a calendar, by their first and last.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidaySpan)]
struct SpanBody {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
}

/// A file of days.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidayFile)]
struct FileBody {
    /// What it is; told from its beginning when left out.
    format: Option<Format>,
    /// Its text.
    text: String,
}

/// List the calendars of court holidays
///
/// For those who may see cases.
#[utoipa::path(get, path = "/api/v1/holiday-calendars", tag = "deadlines",
    responses((status = 200, description = "The calendars.", body = [CalendarView]), Problem))]
async fn list_holiday_calendars(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
) -> Result<Json<Vec<CalendarView>>, Problem> {
    let found = app.deadlines.calendars(&caller.scope).await?;
    Ok(Json(found.into_iter().map(CalendarView::from).collect()))
}

/// Make a calendar of court holidays
///
/// From a kind of court, or as a copy of another calendar. For admins.
#[utoipa::path(post, path = "/api/v1/holiday-calendars", tag = "deadlines",
    request_body = NewCalendar,
    responses((status = 201, description = "It was made.", body = Added), Problem))]
async fn add_calendar(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Json(new): Json<NewCalendar>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let id = app.deadlines.add_calendar(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(Added { id })))
}

/// List what calendars can begin with
///
/// The kinds of court and the days of the week they are closed, with their sources. For
/// those who may see cases.
#[utoipa::path(get, path = "/api/v1/holiday-bases", tag = "deadlines",
    responses((status = 200, description = "The kinds of court.", body = BasesView), Problem))]
async fn list_bases(May(..): May<ReadCases>) -> Json<BasesView> {
    let table = bases();
    Json(BasesView { bases: table.base.clone(), weekly: table.weekly.clone() })
}

/// Show a calendar of court holidays
///
/// For those who may see cases.
#[utoipa::path(get, path = "/api/v1/holiday-calendars/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The calendar.")),
    responses((status = 200, description = "The calendar.", body = CalendarView), Problem))]
async fn show_calendar(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<HolidayCalendarId>,
) -> Result<Json<CalendarView>, Problem> {
    Ok(Json(app.deadlines.calendar(&caller.scope, id).await?.into()))
}

/// Change a calendar of court holidays
///
/// On which days of the week its court is closed, and which courts go by it: all of it is changed,
/// or nothing. For admins.
#[utoipa::path(put, path = "/api/v1/holiday-calendars/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The calendar.")), request_body = CalendarChange,
    responses((status = 204, description = "It was changed."), Problem))]
async fn change_calendar(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Json(change): Json<CalendarChange>,
) -> Result<StatusCode, Problem> {
    app.deadlines.change_calendar(&caller.scope, id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add days to a calendar
///
/// One day, or the days of a vacation. For admins.
#[utoipa::path(post, path = "/api/v1/holiday-calendars/{id}/days", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The calendar.")), request_body = Stretch,
    responses((status = 204, description = "They were added."), Problem))]
async fn add_days(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Json(stretch): Json<Stretch>,
) -> Result<StatusCode, Problem> {
    app.deadlines.add_days(&caller.scope, id, stretch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take days out of a calendar
///
/// For admins.
#[utoipa::path(delete, path = "/api/v1/holiday-calendars/{id}/days", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The calendar.")), request_body = SpanBody,
    responses((status = 204, description = "They were taken out."), Problem))]
async fn remove_days(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Json(SpanBody { from, to }): Json<SpanBody>,
) -> Result<StatusCode, Problem> {
    app.deadlines.remove_days(&caller.scope, id, (from, to)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add the days of a file to a calendar
///
/// Lines of `from,to,name,kind`, or an iCalendar file; all of its days or none. For admins.
#[utoipa::path(post, path = "/api/v1/holiday-calendars/{id}/import", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The calendar.")), request_body = FileBody,
    responses((status = 200, description = "How many were added.", body = Imported), Problem))]
async fn import_days(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Json(FileBody { format, text }): Json<FileBody>,
) -> Result<Json<Imported>, Problem> {
    let format = format.unwrap_or_else(|| Format::of(&text));
    Ok(Json(app.deadlines.import_days(&caller.scope, id, (format, &text)).await?))
}
