//! Fields of cases that the chamber made.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Allowed, Failure, Form, Viewer, on_the_form, sentence};
use crate::app::App;
use crate::cases::{CaseError, CaseField, FieldKind, NewField};
use crate::kernel::CaseFieldId;
use crate::kernel::permission::permit::SetChamber;
use crate::web::Area;
use crate::web::cases::{FieldForm, FieldsPage};
use crate::web::page::render;
use crate::web::parts::Choice;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
) -> Result<FieldsPage, Failure> {
    page(&app, &viewer, FieldKind::Text).await
}

async fn page(app: &App, viewer: &Viewer, chosen: FieldKind) -> Result<FieldsPage, Failure> {
    let fields = app.cases.fields(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let kind = |kind: FieldKind| Choice {
        value: kind.as_str().to_owned(),
        label: kind.words().to_owned(),
        chosen: kind == chosen,
    };
    Ok(FieldsPage {
        layout: viewer.layout("Case fields", Area::CaseFields),
        problem: None,
        fields: fields.into_iter().map(form).collect(),
        new: FieldForm::default(),
        kinds: FieldKind::ALL.into_iter().map(kind).collect(),
    })
}

fn form(field: CaseField) -> FieldForm {
    FieldForm {
        id: Some(field.id),
        name: field.name,
        kind: field.kind.as_str(),
        kind_words: field.kind.words(),
        choices: field.choices.join("\n"),
        required: field.required,
        archived: field.archived_at.is_some(),
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct FieldBody {
    name: String,
    kind: String,
    choices: String,
    required: String,
}

impl FieldBody {
    fn kind(&self) -> FieldKind {
        self.kind.parse().unwrap_or(FieldKind::Text)
    }

    fn field(&self, kind: FieldKind) -> NewField {
        NewField {
            name: self.name.clone(),
            kind,
            choices: self.choices.lines().map(str::to_owned).collect(),
            required: self.required == "yes",
        }
    }
}

fn back() -> Response {
    Redirect::to("/admin/fields").into_response()
}

/// The page with what was typed and what is wrong with it, or the failure.
async fn undone(
    app: &App,
    viewer: &Viewer,
    (id, body): (Option<CaseFieldId>, FieldBody),
    error: CaseError,
) -> Result<Response, Failure> {
    if !on_the_form(&error) {
        return Err(viewer.failure(error));
    }
    let mut page = page(app, viewer, body.kind()).await?;
    page.problem = Some(sentence(&error.to_string()));
    let FieldBody { name, choices, required, kind: _ } = body;
    let form = match id {
        Some(id) => page.fields.iter_mut().find(|form| form.id == Some(id)),
        None => Some(&mut page.new),
    };
    if let Some(form) = form {
        (form.name, form.choices, form.required) = (name, choices, required == "yes");
    }
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Form(body): Form<FieldBody>,
) -> Result<Response, Failure> {
    match app.cases.add_field(viewer.scope(), body.field(body.kind())).await {
        Ok(_) => Ok(back()),
        Err(error) => undone(&app, &viewer, (None, body), error).await,
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<CaseFieldId>,
    Form(body): Form<FieldBody>,
) -> Result<Response, Failure> {
    match app.cases.change_field(viewer.scope(), id, body.field(body.kind())).await {
        Ok(()) => Ok(back()),
        Err(error) => undone(&app, &viewer, (Some(id), body), error).await,
    }
}

#[derive(Deserialize)]
pub(super) struct ArchiveBody {
    #[serde(default)]
    archived: String,
}

pub(super) async fn archive(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(id): Path<CaseFieldId>,
    Form(ArchiveBody { archived }): Form<ArchiveBody>,
) -> Result<Response, Failure> {
    let done = app.cases.archive_field(viewer.scope(), id, archived == "yes").await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(back())
}
