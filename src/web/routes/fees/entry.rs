//! The form of a time entry.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::time::timer_row;
use super::{Fields, day, optional_amount, refused, typed_amount, work, worked_on, works, wrong};
use crate::app::App;
use crate::fees::{FeeError, NewTime, TimeEntry, minutes};
use crate::kernel::permission::permit::{KeepTime, ReadCases};
use crate::kernel::{TimeEntryId, TimerId, day_in_india};
use crate::web::Area;
use crate::web::fees::{AdjustForm, EntryPage, TimerRow, Typed};
use crate::web::page::render;
use crate::web::parts::Choice;
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// An entry as it was typed.
fn new_time(typed: &Typed) -> Result<NewTime, FeeError> {
    let case = typed.text("case").parse().map_err(|_| wrong("case", "choose the case"))?;
    let words = "write the time as 1:30, 90, 1.5h or 1h30";
    Ok(NewTime {
        case,
        worked_on: day(typed, "worked_on")?,
        minutes: minutes(typed.text("minutes")).ok_or(wrong("minutes", words))?,
        paise_per_hour: optional_amount(typed, "paise_per_hour")?,
        work: Some(work(typed, "work")?),
        description: typed.text("description").to_owned(),
        billable: typed.ticked("billable"),
    })
}

/// The form for a new entry.
pub(super) async fn form(
    app: &App,
    viewer: &Viewer,
    typed: Typed,
    draft: Option<TimerRow>,
) -> Result<EntryPage, Failure> {
    Ok(EntryPage {
        layout: viewer.layout("Time entry", Area::Time),
        action: "/time".to_owned(),
        cases: worked_on(app, viewer, &typed).await?,
        works: works(&typed, "work"),
        typed,
        draft,
        rate: None,
        is_billed: false,
        adjust: None,
        delete: None,
    })
}

#[derive(Deserialize)]
pub(super) struct ForCase {
    #[serde(default)]
    case: String,
}

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Query(ForCase { case }): Query<ForCase>,
) -> Result<EntryPage, Failure> {
    let today = day_in_india(app.clock.now());
    let typed = Typed::of([
        ("case", case),
        ("worked_on", today.to_string()),
        ("billable", "yes".to_owned()),
    ]);
    form(&app, &viewer, typed, None).await
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let draft: Option<TimerId> = typed.text("draft").parse().ok();
    let done = match new_time(&typed) {
        Ok(new) => app.fees.add_time(viewer.scope(), new, draft).await.map(drop),
        Err(error) => Err(error),
    };
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/time?day={}", typed.text("worked_on"))).into_response());
    };
    let typed = refused(&viewer, error, typed)?;
    let timers = app.fees.timers(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let draft = timers.drafts.into_iter().find(|one| Some(one.id) == draft).map(timer_row);
    let page = form(&app, &viewer, typed, draft).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// The page of an entry that is there, with what was typed into one of its forms.
async fn entry_page(
    app: &App,
    viewer: &Viewer,
    id: TimeEntryId,
    (typed, adjusting): (Option<Typed>, Option<Typed>),
) -> Result<EntryPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: FeeError| viewer.failure(error);
    let entry = app.fees.time_entry(scope, id).await.map_err(fail)?;
    let sees = app.fees.sees(scope, entry.case_id).await.map_err(fail)?;
    // A rate that was set is looked up again when the entry changes; one typed is kept.
    let per_hour = entry.rate.map_or_else(|| typed_amount(entry.per_hour), |_| String::new());
    let stored = Typed::of([
        ("case", entry.case_id.to_string()),
        ("worked_on", entry.worked_on.to_string()),
        ("minutes", format!("{}:{:02}", entry.minutes / 60, entry.minutes % 60)),
        ("description", entry.description.clone()),
        ("work", entry.work.to_string()),
        ("paise_per_hour", per_hour),
        ("billable", if entry.billable { "yes" } else { "" }.to_owned()),
    ]);
    let typed = typed.unwrap_or(stored);
    let mut cases = worked_on(app, viewer, &typed).await?;
    let case = entry.case_id.to_string();
    if !cases.iter().any(|choice| choice.value == case) {
        let chosen = typed.text("case") == case;
        let label = entry.case_title.clone();
        cases.push(Choice { value: case, label, chosen });
    }
    let open = !entry.is_billed;
    let adjust = (sees && open && entry.billable).then(|| AdjustForm {
        action: format!("/time/{id}/adjust"),
        comes_to: entry.amount.to_string(),
        is_adjusted: entry.adjusted.is_some(),
        typed: adjusting.unwrap_or_else(|| {
            let adjusted = entry.adjusted.as_ref();
            Typed::of([
                ("amount", adjusted.map_or_else(String::new, |one| typed_amount(one.amount))),
                ("reason", adjusted.map_or_else(String::new, |one| one.reason.clone())),
            ])
        }),
    });
    Ok(EntryPage {
        layout: viewer.layout("Time entry", Area::Time),
        action: format!("/time/{id}"),
        cases,
        works: works(&typed, "work"),
        typed,
        draft: None,
        rate: rate_words(app, viewer, &entry).await?,
        is_billed: entry.is_billed,
        adjust,
        delete: open.then(|| format!("/time/{id}/delete")),
    })
}

/// Which rate an entry has, and why.
async fn rate_words(
    app: &App,
    viewer: &Viewer,
    entry: &TimeEntry,
) -> Result<Option<String>, Failure> {
    let asked = (entry.user_id, entry.work, entry.worked_on);
    let found = app.fees.rate_of(viewer.scope(), entry.case_id, asked).await;
    let applied = match found {
        Ok(applied) => applied,
        Err(FeeError::NotFound) => None,
        Err(error) => return Err(viewer.failure(error)),
    };
    Ok(Some(match (entry.rate, applied) {
        (Some(rate), Some(applied)) if applied.id == rate => applied.why(),
        (Some(_), _) => format!("{} an hour: the rate when it was entered", entry.per_hour),
        (None, _) => format!("{} an hour, as typed or as in the entry before", entry.per_hour),
    }))
}

pub(super) async fn edit(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<TimeEntryId>,
) -> Result<EntryPage, Failure> {
    entry_page(&app, &viewer, id, (None, None)).await
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<TimeEntryId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    // Whose it is not is told so before anything is said of what they typed.
    let entry = app.fees.time_entry(viewer.scope(), id).await;
    entry.map_err(|error| viewer.failure(error))?;
    let done = match new_time(&typed) {
        Ok(new) => app.fees.change_time(viewer.scope(), id, new).await,
        Err(error) => Err(error),
    };
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/time?day={}", typed.text("worked_on"))).into_response());
    };
    let typed = refused(&viewer, error, typed)?;
    let page = entry_page(&app, &viewer, id, (Some(typed), None)).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn adjust(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<TimeEntryId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let done = match optional_amount(&typed, "amount") {
        Ok(amount) => {
            let to = amount.map(|amount| (amount, typed.text("reason").to_owned()));
            app.fees.adjust_time(viewer.scope(), id, to).await
        }
        Err(error) => Err(error),
    };
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/time/{id}")).into_response());
    };
    let typed = refused(&viewer, error, typed)?;
    let page = entry_page(&app, &viewer, id, (None, Some(typed))).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<TimeEntryId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let fail = |error: FeeError| viewer.failure(error);
    let entry = app.fees.time_entry(viewer.scope(), id).await.map_err(fail)?;
    app.fees.delete_time(viewer.scope(), id).await.map_err(fail)?;
    Ok(Redirect::to(&format!("/time?day={}", entry.worked_on)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CaseId;

    #[test]
    fn an_entry_is_read_as_it_was_typed() {
        let case = CaseId::new();
        let typed = |minutes: &str| {
            Typed::of([
                ("case", case.to_string()),
                ("worked_on", "2026-11-19".to_owned()),
                ("minutes", minutes.to_owned()),
                ("description", "Reading".to_owned()),
            ])
        };
        let new = new_time(&typed("1h30")).unwrap();
        assert_eq!((new.minutes, new.billable, new.paise_per_hour), (90, false, None));
        let refused = new_time(&typed("1.5")).unwrap_err();
        assert!(matches!(refused, FeeError::Unfit { field: "minutes", .. }));
    }
}
