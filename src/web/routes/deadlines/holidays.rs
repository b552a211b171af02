//! Court holidays.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use serde::Deserialize;

use super::forms::{self, NO_DAY, choice, chosen};
use crate::app::App;
use crate::deadlines::DeadlineError;
use crate::deadlines::calendar::{DayKind, Stretch, bases};
use crate::deadlines::holidays::{CalendarChange, CourtCalendar, Format, NewCalendar};
use crate::kernel::permission::permit::SetChamber;
use crate::kernel::{HolidayCalendarId, day_in_india};
use crate::web::Area;
use crate::web::deadlines::holidays::{CalendarRow, DayForm, DayRow};
use crate::web::deadlines::{HolidaysPage, OneCalendarPage};
use crate::web::page::render;
use crate::web::parts::Field;
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
) -> Result<HolidaysPage, Failure> {
    list_page(&app, &viewer, None, NewForm::default()).await
}

#[derive(Default, Deserialize)]
pub(super) struct NewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    base: String,
}

async fn list_page(
    app: &App,
    viewer: &Viewer,
    problem: Option<String>,
    typed: NewForm,
) -> Result<HolidaysPage, Failure> {
    let found = app.deadlines.calendars(viewer.scope()).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let year = day_in_india(app.clock.now()).year();
    let mut from: Vec<_> =
        bases().base.iter().map(|base| choice(&base.key, base.name.clone())).collect();
    let copy = |one: &CourtCalendar| {
        choice(format!("copy:{}", one.id), format!("Copy of {}", one.calendar.name))
    };
    from.extend(found.iter().map(copy));
    let row = |one: CourtCalendar| {
        let years: Vec<String> = one.years().iter().map(i32::to_string).collect();
        CalendarRow {
            id: one.id,
            days: one.calendar.days.len(),
            courts: one.courts.len(),
            years: years.join(", "),
            knows_year: one.calendar.knows_year(year),
            name: one.calendar.name,
        }
    };
    Ok(HolidaysPage {
        layout: viewer.layout("Court holidays", Area::Holidays),
        problem,
        calendars: found.into_iter().map(row).collect(),
        year,
        name: Field::of(typed.name),
        bases: chosen(from, &typed.base),
    })
}

pub(super) async fn make(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Form(typed): Form<NewForm>,
) -> Result<Response, Failure> {
    let copy_of = typed.base.strip_prefix("copy:").and_then(|id| id.parse().ok());
    let base = copy_of.is_none().then(|| typed.base.clone()).filter(|base| !base.is_empty());
    let new = NewCalendar { name: typed.name.clone(), base, copy_of };
    match app.deadlines.add_calendar(viewer.scope(), new).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/holidays/{id}")).into_response()),
        Err(error @ (DeadlineError::Unfit(_) | DeadlineError::NameTaken)) => {
            let problem = Some(sentence(&error.to_string()));
            let page = list_page(&app, &viewer, problem, typed).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// What was typed on the page of a calendar and refused.
#[derive(Default)]
struct Typed {
    days: DaysForm,
    from: Option<&'static str>,
    to: Option<&'static str>,
    text: String,
    /// The days of the week, and the courts.
    week: Option<(Vec<String>, String)>,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
) -> Result<OneCalendarPage, Failure> {
    page(&app, &viewer, id, (None, Typed::default())).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: HolidayCalendarId,
    (problem, typed): (Option<String>, Typed),
) -> Result<OneCalendarPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: DeadlineError| viewer.failure(error);
    let found = app.deadlines.calendar(scope, id).await.map_err(fail)?;
    let all = app.deadlines.calendars(scope).await.map_err(fail)?;
    let known: BTreeSet<&String> = all.iter().flat_map(|one| &one.courts).collect();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let of_cases: BTreeSet<String> = cases.into_iter().filter_map(|case| case.court).collect();
    let key = |court: &str| court.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let without = of_cases.into_iter().filter(|court| !known.contains(&key(court))).collect();
    let year = day_in_india(app.clock.now()).year();
    let missing = [year, year + 1]
        .into_iter()
        .filter(|year| !found.calendar.knows_year(*year))
        .map(|year| format!("No holidays of {year} are entered for this court."))
        .collect();
    let week =
        typed.week.unwrap_or_else(|| (found.calendar.weekly.clone(), found.courts.join("\n")));
    let (closed_on, courts) = week;
    let weekly = bases().weekly.iter().map(|one| {
        let closed = closed_on.contains(&one.key);
        (one.key.clone(), one.name.clone(), closed)
    });
    let DaysForm { from, to, name, kind } = typed.days;
    let field = |value, error: Option<&str>| Field { value, error: error.map(str::to_owned) };
    let kinds = [("holiday", "Holiday"), ("vacation", "Vacation"), ("working", "Working day")]
        .map(|(value, label)| choice(value, label));
    Ok(OneCalendarPage {
        layout: viewer.layout(found.calendar.name.clone(), Area::Holidays),
        problem,
        id,
        missing,
        weekly: weekly.collect(),
        courts,
        without,
        form: DayForm {
            from: field(from, typed.from),
            to: field(to, typed.to),
            name: Field::of(name),
            kinds: chosen(kinds.to_vec(), &kind),
        },
        text: Field::of(typed.text),
        name: found.calendar.name,
        days: found
            .calendar
            .days
            .into_iter()
            .map(|one| DayRow {
                from: Day(one.from),
                to: Day(one.to),
                name: one.name,
                kind: one.kind.as_str(),
            })
            .collect(),
    })
}

/// Leads back to the calendar, or shows it with what was wrong.
async fn led_back(
    app: &App,
    viewer: &Viewer,
    id: HolidayCalendarId,
    (done, typed): (Result<(), DeadlineError>, Typed),
) -> Result<Response, Failure> {
    let words = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/admin/holidays/{id}")).into_response()),
        Err(
            error @ (DeadlineError::Unfit(_)
            | DeadlineError::DayTaken
            | DeadlineError::Settled(_)
            | DeadlineError::Line { .. }),
        ) => sentence(&error.to_string()),
        Err(error) => return Err(viewer.failure(error)),
    };
    let page = page(app, viewer, id, (Some(words), typed)).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct DaysForm {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Form(typed): Form<DaysForm>,
) -> Result<Response, Failure> {
    let from = forms::day(&typed.from);
    let to = forms::day(&typed.to);
    let (Ok(Some(from)), Ok(to)) = (from, to) else {
        let wrong = |is: bool| is.then_some(NO_DAY);
        let sent = Typed {
            from: wrong(!matches!(from, Ok(Some(_)))),
            to: wrong(to.is_err()),
            days: typed,
            ..Typed::default()
        };
        let page = page(&app, &viewer, id, (None, sent)).await?;
        return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let kind = DayKind::named(&typed.kind).unwrap_or(DayKind::Holiday);
    let stretch = Stretch { from, to: to.unwrap_or(from), name: typed.name.clone(), kind };
    let done = app.deadlines.add_days(viewer.scope(), id, stretch).await;
    led_back(&app, &viewer, id, (done, Typed { days: typed, ..Typed::default() })).await
}

pub(super) async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Form(typed): Form<DaysForm>,
) -> Result<Response, Failure> {
    let (Ok(Some(from)), Ok(Some(to))) = (forms::day(&typed.from), forms::day(&typed.to)) else {
        let done = Err(DeadlineError::Unfit("name the days to be taken out"));
        return led_back(&app, &viewer, id, (done, Typed::default())).await;
    };
    let done = app.deadlines.remove_days(viewer.scope(), id, (from, to)).await;
    led_back(&app, &viewer, id, (done, Typed::default())).await
}

#[derive(Deserialize)]
pub(super) struct FileForm {
    #[serde(default)]
    text: String,
}

pub(super) async fn import(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Form(FileForm { text }): Form<FileForm>,
) -> Result<Response, Failure> {
    let file = (Format::of(&text), text.as_str());
    let done = app.deadlines.import_days(viewer.scope(), id, file).await.map(drop);
    led_back(&app, &viewer, id, (done, Typed { text, ..Typed::default() })).await
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<HolidayCalendarId>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let keys = bases().weekly.iter().map(|one| one.key.clone());
    let weekly: Vec<String> = keys.filter(|key| sent.contains_key(key)).collect();
    let courts = sent.get("courts").cloned().unwrap_or_default();
    let change = CalendarChange {
        weekly: Some(weekly.clone()),
        courts: Some(courts.lines().map(str::to_owned).collect()),
    };
    let done = app.deadlines.change_calendar(viewer.scope(), id, change).await;
    let typed = Typed { week: Some((weekly, courts)), ..Typed::default() };
    led_back(&app, &viewer, id, (done, typed)).await
}
