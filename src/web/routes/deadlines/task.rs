//! One task or deadline.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::forms::{self, Choices, TaskFields, Wrong};
use super::lists::row;
use crate::app::App;
use crate::deadlines::tasks::{ReadDue, TaskChange};
use crate::deadlines::{DeadlineError, Task, TaskStatus};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{TaskId, day_in_india};
use crate::web::Area;
use crate::web::deadlines::TaskPage;
use crate::web::page::render;
use crate::web::routes::viewer::{Nothing, sentence};
use crate::web::routes::{Allowed, Failure, Form, Viewer};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<TaskId>,
) -> Result<TaskPage, Failure> {
    page(&app, &viewer, id, None).await
}

/// The page, as the task is or with what was just typed and what was wrong with it.
async fn page(
    app: &App,
    viewer: &Viewer,
    id: TaskId,
    sent: Option<(Option<String>, TaskFields, Wrong)>,
) -> Result<TaskPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: DeadlineError| viewer.failure(error);
    let task = app.deadlines.find(scope, id).await.map_err(fail)?;
    let history = app.deadlines.history(scope, id).await.map_err(fail)?;
    let (problem, fields, wrong) = sent.unwrap_or_else(|| (None, typed(&task), Wrong::default()));
    let today = day_in_india(app.clock.now());
    let (note, case) = (task.note.clone(), task.case_id);
    let was_due = task.due_on.map(|day| day.to_string()).unwrap_or_default();
    let quote = task.page.as_ref().and_then(|page| page.quote.clone());
    let task = row(task, today, scope, true);
    let form = if task.may_change && task.status == TaskStatus::Open.words() {
        let choices = match case {
            Some(case) => forms::of_case(app, viewer, case).await?,
            None => Choices { people: forms::people(app, viewer).await?, ..Choices::default() },
        };
        let mut form = fields.form(choices, wrong);
        form.kinds.clear();
        Some(form)
    } else {
        None
    };
    Ok(TaskPage {
        layout: viewer.layout(task.title.clone(), Area::Diary),
        problem,
        task,
        note,
        quote,
        form,
        was_due,
        history: history
            .into_iter()
            .map(|event| (sentence_of(&event.kind), event.by_name, event.changed_at.into()))
            .collect(),
    })
}

/// What became of it, in words.
fn sentence_of(kind: &str) -> String {
    let words = match kind {
        "given" => "given to somebody",
        "reopened" => "opened again",
        other => other,
    };
    sentence(words).trim_end_matches('.').to_owned()
}

/// A task as its form has it.
fn typed(task: &Task) -> TaskFields {
    TaskFields {
        title: task.title.clone(),
        note: task.note.clone().unwrap_or_default(),
        due: task.due_on.map(|day| day.to_string()).unwrap_or_default(),
        kind: task.kind.as_str().to_owned(),
        assignee: task.assignee_id.map(|id| id.to_string()).unwrap_or_default(),
        ..TaskFields::default()
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<TaskId>,
    Form(fields): Form<TaskFields>,
) -> Result<Response, Failure> {
    let (problem, wrong) = match fields.read(None) {
        Err(wrong) => (None, wrong),
        Ok(new) => {
            let change = TaskChange {
                title: new.title,
                note: new.note,
                due_on: new.due_on,
                assignee: new.assignee,
                source: new.source,
                read: fields.was_due.as_deref().map(|was| ReadDue(was.parse().ok())),
            };
            match app.deadlines.change(viewer.scope(), id, change).await {
                Ok(()) => return Ok(Redirect::to(&format!("/deadlines/{id}")).into_response()),
                Err(DeadlineError::Unfit(words) | DeadlineError::Settled(words)) => {
                    (Some(sentence(words)), Wrong::default())
                }
                Err(error) => return Err(viewer.failure(error)),
            }
        }
    };
    let page = page(&app, &viewer, id, Some((problem, fields, wrong))).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Leads back to where the task stands.
async fn led_back(
    app: &App,
    viewer: &Viewer,
    id: TaskId,
    done: Result<(), DeadlineError>,
) -> Result<Response, Failure> {
    done.map_err(|error| viewer.failure(error))?;
    let found = app.deadlines.find(viewer.scope(), id).await;
    let to = match found.map(|task| task.case_id) {
        Ok(Some(case)) => format!("/cases/{case}/deadlines"),
        _ => "/deadlines".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn done(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<TaskId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.deadlines.done(viewer.scope(), id).await;
    led_back(&app, &viewer, id, done).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<TaskId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let cancelled = app.deadlines.cancel(viewer.scope(), id).await;
    led_back(&app, &viewer, id, cancelled).await
}

pub(super) async fn reopen(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<TaskId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let reopened = app.deadlines.reopen(viewer.scope(), id).await;
    led_back(&app, &viewer, id, reopened).await
}
