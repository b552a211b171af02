//! Taking over a list of cases.

use std::collections::BTreeSet;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Multipart, Path, unreadable};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::cases::{CaseList, Entered, LARGEST_LIST, ListColumn, PreviewRow};
use crate::kernel::permission::permit::OpenCases;
use crate::kernel::{CaseId, ClientId, ImportId};

pub(super) fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(LARGEST_LIST + (64 << 10));
    OpenApiRouter::default()
        .routes(routes!(read_case_list).layer(limit))
        .routes(routes!(show_case_list, map_case_list, forget_case_list))
        .routes(routes!(enter_case_list))
}

/// A form with a list of cases.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the bytes are read from it")]
struct CaseListForm {
    /// The file: XLSX, or text with cells between commas, semicolons or tabs.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A list of cases and what it would become.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseList)]
struct ListView {
    /// Its id.
    id: ImportId,
    /// How the file is called.
    file_name: String,
    /// The headings of its columns.
    headings: Vec<String>,
    /// What each column is taken for.
    mapping: Vec<ListColumn>,
    /// Its rows.
    rows: Vec<RowView>,
    /// When it was uploaded; it goes a day later.
    made_at: DateTime<Utc>,
    /// What entering it gave, once it was entered.
    entered: Option<Entered>,
}

impl From<CaseList> for ListView {
    fn from(list: CaseList) -> Self {
        let CaseList { id, file_name, headings, mapping, rows, made_at, entered } = list;
        let rows = rows.into_iter().map(RowView::from).collect();
        Self { id, file_name, headings, mapping, rows, made_at, entered }
    }
}

/// A row as the case it would become.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseListRow)]
struct RowView {
    /// Its line in the file.
    line: usize,
    /// How the case would be called.
    title: String,
    /// Its number.
    number: Option<String>,
    /// Its court.
    court: Option<String>,
    /// Its national case number record.
    cnr: Option<String>,
    /// For whom.
    client: Option<String>,
    /// The client the chamber has of that name; one is added where there is none.
    client_id: Option<ClientId>,
    /// Its stage.
    stage: Option<String>,
    /// When it is listed next, as `YYYY-MM-DD`.
    next_on: Option<String>,
    /// Who stands on the other side.
    opponent: Option<String>,
    /// Who appears for them.
    opposite_counsel: Option<String>,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    opened_on: Option<String>,
    /// What is to be noted.
    notes: Option<String>,
    /// Why it cannot be entered.
    errors: Vec<String>,
    /// What may be a slip.
    warnings: Vec<String>,
    /// What it seems to be already.
    duplicate: Option<String>,
    /// The case that is, where it is not another row of the file.
    duplicate_id: Option<CaseId>,
}

impl From<PreviewRow> for RowView {
    fn from(row: PreviewRow) -> Self {
        let PreviewRow {
            line,
            title,
            number,
            court,
            cnr,
            client,
            stage,
            next_on,
            opponent,
            opposite_counsel,
            opened_on,
            notes,
            errors,
            warnings,
            duplicate,
        } = row;
        let (client, client_id) = client.unzip();
        let (duplicate, duplicate_id) = duplicate.unzip();
        Self {
            line,
            title,
            number,
            court,
            cnr,
            client,
            client_id: client_id.flatten(),
            stage,
            next_on: next_on.map(|day| day.to_string()),
            opponent,
            opposite_counsel,
            opened_on: opened_on.map(|day| day.to_string()),
            notes,
            errors,
            warnings,
            duplicate,
            duplicate_id: duplicate_id.flatten(),
        }
    }
}

/// What the columns are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseListMapping)]
struct MappingBody {
    /// For each column of the file, in order.
    mapping: Vec<ListColumn>,
}

/// Which rows are entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseListChoice)]
struct ChoiceBody {
    /// Their lines in the file.
    lines: BTreeSet<usize>,
}

/// Read a list of cases
///
/// XLSX or CSV, up to 5,000 rows. Nothing is entered: the answer says what each row would
/// become. For those who may open cases.
#[utoipa::path(post, path = "/api/v1/case-lists", tag = "cases",
    request_body(content = CaseListForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The list.", body = ListView), Problem))]
async fn read_case_list(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Multipart(mut form): Multipart,
) -> Result<(StatusCode, Json<ListView>), Problem> {
    loop {
        let field = form.next_field().await;
        let field = field.map_err(|error| unreadable(error.status(), &error.body_text()))?;
        let Some(field) = field else {
            let words = "send the file as the field `file` of a multipart form";
            return Err(Problem::shown(Code::BadRequest, words));
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("list").to_owned();
        let bytes = field.bytes().await;
        let bytes = bytes.map_err(|error| unreadable(error.status(), &error.body_text()))?;
        let id = app.cases.read_list(&caller.scope, &name, bytes.to_vec()).await?;
        let list = app.cases.list_preview(&caller.scope, id).await?;
        return Ok((StatusCode::CREATED, Json(list.into())));
    }
}

/// Show a list of cases and what it would become
///
/// For who uploaded it, for a day.
#[utoipa::path(get, path = "/api/v1/case-lists/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The list.")),
    responses((status = 200, description = "The list.", body = ListView), Problem))]
async fn show_case_list(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Path(id): Path<ImportId>,
) -> Result<Json<ListView>, Problem> {
    Ok(Json(app.cases.list_preview(&caller.scope, id).await?.into()))
}

/// Say what the columns of a list of cases are
///
/// For who uploaded it.
#[utoipa::path(put, path = "/api/v1/case-lists/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The list.")), request_body = MappingBody,
    responses((status = 200, description = "The list anew.", body = ListView), Problem))]
async fn map_case_list(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Path(id): Path<ImportId>,
    Json(MappingBody { mapping }): Json<MappingBody>,
) -> Result<Json<ListView>, Problem> {
    app.cases.map_list(&caller.scope, id, mapping).await?;
    Ok(Json(app.cases.list_preview(&caller.scope, id).await?.into()))
}

/// Forget a list of cases
///
/// What was entered from it stays. For who uploaded it.
#[utoipa::path(delete, path = "/api/v1/case-lists/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The list.")),
    responses((status = 204, description = "It is forgotten."), Problem))]
async fn forget_case_list(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Path(id): Path<ImportId>,
) -> Result<StatusCode, Problem> {
    app.cases.forget_list(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter rows of a list of cases
///
/// All of them or none, in one go; asked again, it enters nothing and gives the same answer.
/// The parties of each case are looked for among all names there ever were. For who uploaded
/// it.
#[utoipa::path(post, path = "/api/v1/case-lists/{id}/enter", tag = "cases",
    params(("id" = Uuid, Path, description = "The list.")), request_body = ChoiceBody,
    responses((status = 200, description = "What was entered.", body = Entered), Problem))]
async fn enter_case_list(
    State(app): State<App>,
    May(caller, ..): May<OpenCases>,
    Path(id): Path<ImportId>,
    Json(ChoiceBody { lines }): Json<ChoiceBody>,
) -> Result<Json<Entered>, Problem> {
    let since = app.clock.now();
    let entered = app.cases.enter_list(&caller.scope, id, &lines, &app).await?;
    app.conflicts.check_entered(&caller.scope, since).await?;
    Ok(Json(entered))
}
