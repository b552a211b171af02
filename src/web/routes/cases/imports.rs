//! Taking over a list of cases.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Allowed, Failure, Form, Nothing, Viewer, on_the_form, sentence};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::cases::{CaseError, CaseList, Entered, ListColumn, PreviewRow};
use crate::kernel::ImportId;
use crate::kernel::permission::permit::OpenCases;
use crate::web::Area;
use crate::web::cases::{ImportListPage, ImportPage, ImportRow};
use crate::web::page::render;
use crate::web::parts::Choice;
use crate::web::show::{Day, counted};

/// The title of the pages.
const TITLE: &str = "Take over a list of cases";

pub(super) async fn form(Allowed(viewer, ..): Allowed<OpenCases>) -> ImportPage {
    ImportPage { layout: viewer.layout(TITLE, Area::Cases), problem: None }
}

/// Reads the file of a form; the token comes first in it.
pub(super) async fn upload(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        viewer.failure(Problem::shown(Code::BadRequest, &error.body_text()))
    };
    let mut trusted = false;
    let mut read = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => trusted = viewer.sent(&field.text().await.map_err(broken)?),
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or("list").to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                read = Some(app.cases.read_list(viewer.scope(), &name, bytes.to_vec()).await);
            }
            _ => {}
        }
    }
    if !trusted {
        return Err(viewer.stale());
    }
    let layout = || viewer.layout(TITLE, Area::Cases);
    let problem = match read {
        Some(Ok(id)) => return Ok(Redirect::to(&format!("/cases/import/{id}")).into_response()),
        Some(Err(error)) if on_the_form(&error) => sentence(&error.to_string()),
        Some(Err(error)) => return Err(viewer.failure(error)),
        None => String::from("Choose the file with the list."),
    };
    let page = ImportPage { layout: layout(), problem: Some(problem) };
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Path(id): Path<ImportId>,
) -> Result<ImportListPage, Failure> {
    page(&app, &viewer, id).await
}

async fn page(app: &App, viewer: &Viewer, id: ImportId) -> Result<ImportListPage, Failure> {
    let list = app.cases.list_preview(viewer.scope(), id).await;
    let list = list.map_err(|error| viewer.failure(error))?;
    let CaseList { id, file_name, headings, mapping, rows, made_at: _, entered } = list;
    let all =
        |wanted: fn(&PreviewRow) -> bool| rows.iter().filter(|row| wanted(row)).count() as u64;
    let counts = (
        all(|row| row.errors.is_empty()),
        all(|row| !row.errors.is_empty()),
        all(|row| row.duplicate.is_some()),
    );
    let columns = headings.into_iter().enumerate().map(|(at, heading)| {
        let taken = mapping.get(at).copied().unwrap_or(ListColumn::Ignored);
        let choice = |(column, value, label): &(ListColumn, &str, &str)| Choice {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            chosen: *column == taken,
        };
        (heading, ListColumn::ALL.iter().map(choice).collect())
    });
    Ok(ImportListPage {
        layout: viewer.layout(TITLE, Area::Cases),
        id,
        file_name,
        problem: None,
        columns: columns.collect(),
        counts,
        rows: rows.into_iter().map(row).collect(),
        entered: entered.map(entered_words),
    })
}

fn entered_words(entered: Entered) -> String {
    let Entered { cases, clients, hearings, left_out } = entered;
    format!(
        "Entered: {}, {}, {}. {} left out.",
        counted(cases, "case", "cases"),
        counted(clients, "new client", "new clients"),
        counted(hearings, "hearing", "hearings"),
        counted(left_out, "row was", "rows were"),
    )
}

fn row(row: PreviewRow) -> ImportRow {
    let chosen = row.is_chosen();
    let joined = |parts: Vec<Option<String>>| {
        parts.into_iter().flatten().collect::<Vec<String>>().join(", ")
    };
    let day = |words: &str, day: Option<chrono::NaiveDate>| {
        day.map(|day| format!("{words} {}", Day(day)))
    };
    let against = match (row.opponent, row.opposite_counsel) {
        (Some(opponent), Some(counsel)) => Some(format!("against {opponent} (for them {counsel})")),
        (Some(opponent), None) => Some(format!("against {opponent}")),
        (None, counsel) => counsel.map(|counsel| format!("for the other side {counsel}")),
    };
    ImportRow {
        line: row.line,
        title: row.title,
        what: joined(vec![row.number, row.court, row.cnr]),
        client: row.client.map(|(name, known)| (name, known.is_none())),
        more: joined(vec![
            row.stage,
            day("next on", row.next_on),
            against,
            day("opened", row.opened_on),
            row.notes,
        ]),
        errors: row.errors,
        warnings: row.warnings,
        duplicate: row.duplicate.map(|(title, _)| title),
        chosen,
    }
}

/// The page with what was wrong with the form just sent, or the failure.
async fn undone(
    app: &App,
    viewer: &Viewer,
    id: ImportId,
    error: CaseError,
) -> Result<Response, Failure> {
    if !on_the_form(&error) {
        return Err(viewer.failure(error));
    }
    let problem = Some(sentence(&error.to_string()));
    let page = ImportListPage { problem, ..page(app, viewer, id).await? };
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn map(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Path(id): Path<ImportId>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let column = |at: usize| {
        let name = sent.get(&format!("column_{at}"))?;
        Some(ListColumn::named(name).unwrap_or(ListColumn::Ignored))
    };
    let mapping: Vec<ListColumn> = (0..).map_while(column).collect();
    match app.cases.map_list(viewer.scope(), id, mapping).await {
        Ok(()) => Ok(Redirect::to(&format!("/cases/import/{id}")).into_response()),
        Err(error) => undone(&app, &viewer, id, error).await,
    }
}

pub(super) async fn enter(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Path(id): Path<ImportId>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let line = |name: &String| name.strip_prefix("line_")?.parse().ok();
    let lines: BTreeSet<usize> = sent.keys().filter_map(line).collect();
    let since = app.clock.now();
    match app.cases.enter_list(viewer.scope(), id, &lines, &app).await {
        Ok(_) => {
            let checked = app.conflicts.check_entered(viewer.scope(), since).await;
            checked.map_err(|error| viewer.failure(error))?;
            Ok(Redirect::to(&format!("/cases/import/{id}")).into_response())
        }
        Err(error) => {
            let mut answer = undone(&app, &viewer, id, error).await?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}

pub(super) async fn forget(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Path(id): Path<ImportId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let done = app.cases.forget_list(viewer.scope(), id).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/cases/import"))
}
