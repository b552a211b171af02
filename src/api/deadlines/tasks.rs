//! Tasks and deadlines.

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
use crate::cases::Source;
use crate::deadlines::tasks::{TaskChange, TaskEvent, TaskPage};
use crate::deadlines::{NewTask, Task, TaskKind, TaskQuery, TaskStatus};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, LimitationId, TaskId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_deadlines, add_deadline))
        .routes(routes!(show_deadline, change_deadline))
        .routes(routes!(do_deadline))
        .routes(routes!(reopen_deadline))
        .routes(routes!(cancel_deadline))
}

/// A task or deadline.
#[derive(Serialize, ToSchema)]
#[schema(as = Deadline)]
struct TaskView {
    /// Its id.
    id: TaskId,
    /// In which case; none for the chamber's own work.
    case_id: Option<CaseId>,
    /// The case's title.
    case_title: Option<String>,
    /// Whether it is a task or a deadline.
    kind: TaskKind,
    /// What is to be done.
    title: String,
    /// What else to know of it.
    note: Option<String>,
    /// By when, in India.
    due_on: Option<NaiveDate>,
    /// Whom it is given to.
    assignee_id: Option<UserId>,
    /// Their name.
    assignee: Option<String>,
    /// How far it is.
    status: TaskStatus,
    /// When it was done.
    done_at: Option<DateTime<Utc>>,
    /// The page of a document it is about or known from.
    page: Option<TaskPage>,
    /// The limitation it was kept from.
    limitation_id: Option<LimitationId>,
}

impl From<Task> for TaskView {
    fn from(task: Task) -> Self {
        let Task {
            id,
            case_id,
            case_title,
            kind,
            title,
            note,
            due_on,
            assignee_id,
            assignee,
            status,
            done_at,
            page,
            limitation_id,
        } = task;
        Self {
            id,
            case_id,
            case_title,
            kind,
            title,
            note,
            due_on,
            assignee_id,
            assignee,
            status,
            done_at,
            page,
            limitation_id,
        }
    }
}

/// A task or deadline with what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineDetails)]
struct DetailsView {
    /// The task or deadline.
    #[serde(flatten)]
    deadline: TaskView,
    /// What became of it, in order.
    history: Vec<TaskEvent>,
}

/// Which tasks and deadlines are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Of one case.
    case: Option<CaseId>,
    /// Given to one person.
    assignee: Option<UserId>,
    /// Only the caller's own.
    #[serde(default)]
    mine: bool,
    /// How far they are; open when left out.
    #[serde(default)]
    #[param(inline)]
    status: TaskStatus,
    /// Due from this day on.
    from: Option<NaiveDate>,
    /// Due until this day, with it; without both, also what has no day.
    to: Option<NaiveDate>,
    /// At most so many, up to 1,000.
    limit: Option<u32>,
}

/// Something to be done, to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDeadline)]
struct TaskBody {
    /// In which case; none for the chamber's own work.
    case_id: Option<CaseId>,
    /// Whether it is a task or a deadline; a deadline needs a day.
    kind: TaskKind,
    /// What is to be done.
    #[schema(max_length = 2000)]
    title: String,
    /// What else to know of it.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// By when, in India.
    due_on: Option<NaiveDate>,
    /// By whom: somebody who works on the case. They are told.
    assignee_id: Option<UserId>,
    /// The page of a document of the case it is about.
    source: Option<Source>,
}

/// What a task or deadline becomes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadlineChange)]
struct ChangeBody {
    /// What is to be done.
    #[schema(max_length = 2000)]
    title: String,
    /// What else to know of it.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// By when, in India.
    due_on: Option<NaiveDate>,
    /// By whom.
    assignee_id: Option<UserId>,
    /// The page of a document of the case it is about; as it was when left out.
    source: Option<Source>,
}

/// What was entered.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineAdded)]
struct Added {
    /// Its id.
    id: TaskId,
}

/// List tasks and deadlines
///
/// Those of the cases open to the caller, and their own that are of no case, by day; what
/// has no day comes last. For those who may see cases.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "deadlines", params(Wanted),
    responses((status = 200, description = "Tasks and deadlines.", body = [TaskView]), Problem))]
async fn list_deadlines(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<TaskView>>, Problem> {
    let Wanted { case, assignee, mine, status, from, to, limit } = wanted;
    let assignee = if mine { Some(caller.scope.user()) } else { assignee };
    let limit = limit.unwrap_or(200);
    let asked = TaskQuery { case, assignee, status, from, to, limit, ..TaskQuery::default() };
    let found = app.deadlines.list(&caller.scope, asked).await?;
    Ok(Json(found.into_iter().map(TaskView::from).collect()))
}

/// Enter a task or deadline
///
/// Whoever it is given to is told. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/deadlines", tag = "deadlines", request_body = TaskBody,
    responses((status = 201, description = "It was entered.", body = Added), Problem))]
async fn add_deadline(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Json(body): Json<TaskBody>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let TaskBody { case_id, kind, title, note, due_on, assignee_id, source } = body;
    let new = NewTask { case: case_id, kind, title, note, due_on, assignee: assignee_id, source };
    let id = app.deadlines.add(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(Added { id })))
}

/// Show a task or deadline
///
/// With what became of it: who gave it to whom, did, cancelled or reopened it. For those
/// to whom its case is open.
#[utoipa::path(get, path = "/api/v1/deadlines/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The task or deadline.")),
    responses((status = 200, description = "It.", body = DetailsView), Problem))]
async fn show_deadline(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<TaskId>,
) -> Result<Json<DetailsView>, Problem> {
    let deadline = app.deadlines.find(&caller.scope, id).await?.into();
    let history = app.deadlines.history(&caller.scope, id).await?;
    Ok(Json(DetailsView { deadline, history }))
}

/// Change a task or deadline
///
/// Only while it is open. Whoever it is given to anew is told. For those who work on the
/// case.
#[utoipa::path(put, path = "/api/v1/deadlines/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The task or deadline.")),
    request_body = ChangeBody,
    responses((status = 204, description = "It was changed."), Problem))]
async fn change_deadline(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<TaskId>,
    Json(body): Json<ChangeBody>,
) -> Result<StatusCode, Problem> {
    let ChangeBody { title, note, due_on, assignee_id, source } = body;
    let change = TaskChange { title, note, due_on, assignee: assignee_id, source, read: None };
    app.deadlines.change(&caller.scope, id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that something was done
///
/// For those who work on the case.
#[utoipa::path(post, path = "/api/v1/deadlines/{id}/done", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The task or deadline.")),
    responses((status = 204, description = "It is done."), Problem))]
async fn do_deadline(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<TaskId>,
) -> Result<StatusCode, Problem> {
    app.deadlines.done(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open something again that was done or cancelled
///
/// For those who work on the case.
#[utoipa::path(post, path = "/api/v1/deadlines/{id}/reopen", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The task or deadline.")),
    responses((status = 204, description = "It is open."), Problem))]
async fn reopen_deadline(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<TaskId>,
) -> Result<StatusCode, Problem> {
    app.deadlines.reopen(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cancel something to be done
///
/// It need not be done any more; it stays in the history. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/deadlines/{id}/cancel", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The task or deadline.")),
    responses((status = 204, description = "It is cancelled."), Problem))]
async fn cancel_deadline(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<TaskId>,
) -> Result<StatusCode, Problem> {
    app.deadlines.cancel(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
