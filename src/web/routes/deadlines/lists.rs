//! What is to be done, everywhere and in one case.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::forms::{self, TaskFields, Wrong};
use crate::app::App;
use crate::deadlines::{DeadlineError, Deadlines, Task, TaskKind, TaskQuery, TaskStatus};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, Scope, UserId, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::deadlines::lists::KeptRow;
use crate::web::deadlines::{CaseDeadlinesPage, DeadlineRow, DeadlinesPage, Section};
use crate::web::page::render;
use crate::web::parts::{CaseRef, Choice};
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

/// How many rows a page shows.
const ROWS: u32 = 300;

/// How many settled rows the page of a case shows.
const SETTLED: u32 = 20;

/// A task or deadline on a page.
pub(super) fn row(task: Task, today: NaiveDate, scope: &Scope, with_case: bool) -> DeadlineRow {
    let may_change = Deadlines::may_change(scope, &task);
    let overdue = task.is_overdue(today);
    let case = task.case_id.zip(task.case_title).map(|(id, title)| CaseRef { id, title });
    let document = task.page.map(|page| {
        let (id, version) = (page.document_id, page.version);
        let number = page.page.unwrap_or(1);
        let title = match page.page {
            Some(number) => format!("{}, page {number}", page.title),
            None => page.title,
        };
        (title, format!("/documents/{id}?version={version}&page={number}#page-{number}"))
    });
    DeadlineRow {
        id: task.id,
        title: task.title,
        kind: TaskKind::words(task.kind),
        case: case.filter(|_| with_case),
        due: task.due_on.map(Day),
        overdue,
        assignee: task.assignee,
        document,
        limitation: task.limitation_id,
        status: task.status.words(),
        may_change,
    }
}

/// What the caller has to do until a day, on pages beside this one, with the deadlines of
/// their cases that nobody has.
pub(in crate::web) async fn rows_of(
    app: &App,
    scope: &Scope,
    until: NaiveDate,
) -> Result<Vec<DeadlineRow>, DeadlineError> {
    let asked = TaskQuery {
        assignee: Some(scope.user()),
        or_nobodys: true,
        to: Some(until),
        limit: 50,
        ..TaskQuery::default()
    };
    let today = day_in_india(app.clock.now());
    let found = app.deadlines.list(scope, asked).await?;
    Ok(found.into_iter().map(|task| row(task, today, scope, true)).collect())
}

/// Rows in sections by their days: overdue, today, this week, later, without a day.
fn sections(rows: Vec<DeadlineRow>, today: NaiveDate) -> Vec<Section> {
    let week = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let place = |row: &DeadlineRow| match row.due {
        Some(Day(due)) if due < today => 0,
        Some(Day(due)) if due == today => 1,
        Some(Day(due)) if due <= week => 2,
        Some(_) => 3,
        None => 4,
    };
    let titles = [
        ("overdue", "Overdue"),
        ("today", "Today"),
        ("week", "In the next seven days"),
        ("later", "Later"),
        ("undated", "Without a day"),
    ];
    let mut sections: Vec<Section> =
        titles.into_iter().map(|(id, title)| Section { id, title, rows: Vec::new() }).collect();
    for row in rows {
        if let Some(section) = sections.get_mut(place(&row)) {
            section.rows.push(row);
        }
    }
    sections.retain(|section| !section.rows.is_empty());
    sections
}

#[derive(Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    who: String,
    #[serde(default)]
    status: String,
}

impl Shown {
    fn assignee(&self, scope: &Scope) -> Option<UserId> {
        match self.who.as_str() {
            "all" => None,
            who => Some(who.parse().unwrap_or_else(|_| scope.user())),
        }
    }

    fn status(&self) -> TaskStatus {
        match self.status.as_str() {
            "done" => TaskStatus::Done,
            "cancelled" => TaskStatus::Cancelled,
            _ => TaskStatus::Open,
        }
    }
}

pub(super) async fn everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Query(shown): Query<Shown>,
) -> Result<DeadlinesPage, Failure> {
    list_page(&app, &viewer, shown, (None, TaskFields::default(), Wrong::default())).await
}

async fn list_page(
    app: &App,
    viewer: &Viewer,
    shown: Shown,
    (problem, fields, wrong): (Option<String>, TaskFields, Wrong),
) -> Result<DeadlinesPage, Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let (assignee, status) = (shown.assignee(scope), shown.status());
    let or_nobodys = assignee == Some(scope.user());
    let asked = TaskQuery { assignee, or_nobodys, status, limit: ROWS, ..TaskQuery::default() };
    let found = app.deadlines.list(scope, asked).await.map_err(|error| viewer.failure(error))?;
    let cut = found.len() >= usize::try_from(ROWS).unwrap_or(usize::MAX);
    let rows: Vec<_> = found.into_iter().map(|task| row(task, today, scope, true)).collect();
    let sections = match status {
        TaskStatus::Open => sections(rows, today),
        _ if rows.is_empty() => Vec::new(),
        TaskStatus::Done => vec![Section { id: "done", title: "Done", rows }],
        TaskStatus::Cancelled => vec![Section { id: "cancelled", title: "Cancelled", rows }],
    };
    let open = problem.is_some() || wrong.due.is_some() || wrong.page.is_some();
    let choices = forms::everywhere(app, viewer).await?;
    let statuses = [("open", "To be done"), ("done", "Done"), ("cancelled", "Cancelled")]
        .map(|(value, label)| forms::choice(value, label));
    Ok(DeadlinesPage {
        layout: viewer.layout("Deadlines", Area::Diary),
        problem,
        who: who(&choices.people, assignee, scope),
        statuses: forms::chosen(statuses.to_vec(), status.words()),
        sections,
        form: fields.form(choices, wrong),
        open,
        cut,
    })
}

/// Whose tasks can be shown: one's own, all, and those of each colleague.
fn who(people: &[Choice], assignee: Option<UserId>, scope: &Scope) -> Vec<Choice> {
    let me = scope.user().to_string();
    let mine = assignee == Some(scope.user());
    let mut who = vec![
        Choice { chosen: mine, ..forms::choice("mine", "Mine") },
        Choice { chosen: assignee.is_none(), ..forms::choice("all", "All I may see") },
    ];
    let value = assignee.map(|id| id.to_string()).unwrap_or_default();
    let others = people.iter().filter(|one| one.value != me).cloned();
    who.extend(others.map(|one| Choice { chosen: one.value == value, ..one }));
    who
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Form(fields): Form<TaskFields>,
) -> Result<Response, Failure> {
    let wrong = match fields.read(None) {
        Err(wrong) => (None, wrong),
        Ok(new) => match app.deadlines.add(viewer.scope(), new).await {
            Ok(_) => return Ok(Redirect::to("/deadlines?who=all").into_response()),
            Err(DeadlineError::Unfit(words)) => (Some(sentence(words)), Wrong::default()),
            Err(error) => return Err(viewer.failure(error)),
        },
    };
    let (problem, wrong) = wrong;
    let page = list_page(&app, &viewer, Shown::default(), (problem, fields, wrong)).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn of_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<CaseDeadlinesPage, Failure> {
    case_page(&app, &viewer, id, (None, TaskFields::default(), Wrong::default())).await
}

async fn case_page(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    (problem, fields, wrong): (Option<String>, TaskFields, Wrong),
) -> Result<CaseDeadlinesPage, Failure> {
    let scope = viewer.scope();
    let tabs = viewer.case_tabs(app, id, CaseTab::Deadlines).await?;
    if !scope.opens(id) {
        return Err(viewer.not_found());
    }
    let today = day_in_india(app.clock.now());
    let fail = |error: DeadlineError| viewer.failure(error);
    let asked = |status, limit| TaskQuery { case: Some(id), status, limit, ..TaskQuery::default() };
    let open = app.deadlines.list(scope, asked(TaskStatus::Open, ROWS)).await.map_err(fail)?;
    let done = app.deadlines.list(scope, asked(TaskStatus::Done, SETTLED)).await.map_err(fail)?;
    let cancelled = asked(TaskStatus::Cancelled, SETTLED);
    let cancelled = app.deadlines.list(scope, cancelled).await.map_err(fail)?;
    let kept = app.deadlines.kept(scope, id).await.map_err(fail)?;
    let row = |task| row(task, today, scope, false);
    let form = if scope.works_on(id) {
        Some(fields.form(forms::of_case(app, viewer, id).await?, wrong))
    } else {
        None
    };
    Ok(CaseDeadlinesPage {
        layout: viewer.layout(format!("Deadlines: {}", tabs.case.title), Area::Cases),
        tabs,
        problem,
        sections: sections(open.into_iter().map(row).collect(), today),
        settled: done.into_iter().chain(cancelled).map(row).collect(),
        kept: kept
            .into_iter()
            .map(|kept| KeptRow {
                id: kept.id,
                name: kept.worked.name,
                last_day: Day(kept.worked.last_day),
                until: kept.worked.condonable_until.map(Day),
                stale: !kept.stale.is_empty(),
            })
            .collect(),
        form,
    })
}

pub(super) async fn add_in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(fields): Form<TaskFields>,
) -> Result<Response, Failure> {
    let (problem, wrong) = match fields.read(Some(id)) {
        Err(wrong) => (None, wrong),
        Ok(new) => match app.deadlines.add(viewer.scope(), new).await {
            Ok(_) => return Ok(Redirect::to(&format!("/cases/{id}/deadlines")).into_response()),
            Err(DeadlineError::Unfit(words)) => (Some(sentence(words)), Wrong::default()),
            Err(error) => return Err(viewer.failure(error)),
        },
    };
    let page = case_page(&app, &viewer, id, (problem, fields, wrong)).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_their_days_and_empty_sections_are_left_out() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        let rows = [-3, 0, 7, 8]
            .map(|days| DeadlineRow {
                due: today.checked_add_signed(chrono::TimeDelta::days(days)).map(Day),
                ..DeadlineRow::sample(600, 0, false)
            })
            .to_vec();
        let found = sections(rows, today);
        let ids: Vec<_> = found.iter().map(|section| (section.id, section.rows.len())).collect();
        assert_eq!(ids, [("overdue", 1), ("today", 1), ("week", 1), ("later", 1)]);
    }
}
