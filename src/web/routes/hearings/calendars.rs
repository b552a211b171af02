//! A person's calendar addresses, and what programs fetch from them.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::fields::{Sent, is_slip, refused, text};
use crate::app::{App, CalendarError};
use crate::hearings::{Feed, FeedChoice, HearingError};
use crate::kernel::CalendarFeedId;
use crate::kernel::permission::permit::WorkOnCases;
use crate::web::Area;
use crate::web::hearings::{CalendarsPage, FeedRow, Typed};
use crate::web::page::render;
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

fn feed_row(feed: Feed) -> FeedRow {
    let Feed { id, name, discreet, all_cases, made_at, fetched_at } = feed;
    let whose = if all_cases { "every case open to me" } else { "my cases" };
    let titles = if discreet { "“Hearing” and nothing else" } else { "titles in full" };
    FeedRow {
        id,
        name,
        holds: format!("{whose}, {titles}"),
        made: made_at.into(),
        fetched: fetched_at.map(Into::into),
    }
}

async fn page(
    app: &App,
    viewer: &Viewer,
    made: Option<String>,
    typed: Typed,
) -> Result<CalendarsPage, Failure> {
    let found = app.hearings.feeds(viewer.scope()).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(CalendarsPage {
        layout: viewer.layout("Calendar", Area::Elsewhere),
        made,
        feeds: found.into_iter().map(feed_row).collect(),
        typed,
    })
}

pub(in crate::web) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
) -> Result<CalendarsPage, Failure> {
    page(&app, &viewer, None, Typed::default()).await
}

pub(in crate::web) async fn make(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let choice = FeedChoice {
        name: text(&sent, "name").unwrap_or_default(),
        discreet: text(&sent, "discreet").is_some(),
        all_cases: text(&sent, "all").is_some(),
    };
    match app.hearings.make_feed(viewer.scope(), choice).await {
        Ok((_, secret)) => {
            let made = Some(app.calendar_address(&secret));
            Ok(page(&app, &viewer, made, Typed::default()).await?.into_response())
        }
        Err(error) if is_slip(&error) => {
            let typed = refused("make".to_owned(), sent, &error);
            let page = page(&app, &viewer, None, typed).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(in crate::web) async fn renew(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CalendarFeedId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<CalendarsPage, Failure> {
    let renewed = app.hearings.renew_feed(viewer.scope(), id).await;
    let secret = renewed.map_err(|error: HearingError| viewer.failure(error))?;
    page(&app, &viewer, Some(app.calendar_address(&secret)), Typed::default()).await
}

pub(in crate::web) async fn revoke(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CalendarFeedId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<CalendarsPage, Failure> {
    let revoked = app.hearings.revoke_feed(viewer.scope(), id).await;
    revoked.map_err(|error: HearingError| viewer.failure(error))?;
    page(&app, &viewer, None, Typed::default()).await
}

/// The calendar under a secret address; the token is all a program sends. Whatever is
/// wrong with the address, the answer is the same.
pub(in crate::web) async fn fetch(State(app): State<App>, Path(file): Path<String>) -> Response {
    let token = file.strip_suffix(".ics").unwrap_or_default();
    match app.calendar(token).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
                (header::REFERRER_POLICY, "no-referrer"),
                (header::CONTENT_DISPOSITION, "inline; filename=\"hearings.ics\""),
            ];
            (headers, text).into_response()
        }
        Err(CalendarError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a calendar could not be given");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
