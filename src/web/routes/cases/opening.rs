//! The form that opens a case.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::edit::{live_fields, own_field, said_in};
use super::{Allowed, Failure, Form, Viewer, courts, on_the_form, sentence};
use crate::app::App;
use crate::cases::{CaseError, CaseField, FieldValue, NewCase};
use crate::clients::{Client, Kind, NewClient};
use crate::conflicts::{ConflictError, Occasion};
use crate::kernel::permission::permit::OpenCases;
use crate::kernel::{ClientId, Scope};
use crate::web::Area;
use crate::web::cases::NewCasePage;
use crate::web::parts::{Choice, Field};

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
) -> Result<NewCasePage, Failure> {
    let required = required_fields(&app, &viewer).await?;
    form(&app, &viewer, (NewCaseForm::default(), required), None).await
}

#[derive(Default, Deserialize)]
pub(super) struct NewCaseForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    court: String,
    #[serde(default)]
    cnr: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    new_client: String,
    /// What the chamber's own fields say, as `field_ID`.
    #[serde(flatten)]
    own: BTreeMap<String, String>,
}

/// The fields of the chamber's own in which something must be said.
async fn required_fields(app: &App, viewer: &Viewer) -> Result<Vec<CaseField>, Failure> {
    let fields = live_fields(app, viewer).await?;
    Ok(fields.into_iter().filter(|field| field.required).collect())
}

/// The form for a new case, as filled in so far.
async fn form(
    app: &App,
    viewer: &Viewer,
    (filled, required): (NewCaseForm, Vec<CaseField>),
    refused: Option<&CaseError>,
) -> Result<NewCasePage, Failure> {
    let clients = app.clients.list(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let choice = |client: Client| {
        let value = client.id.to_string();
        Choice { chosen: value == filled.client, value, label: client.name }
    };
    let courts = app.cases.register_choices(viewer.scope()).await;
    let courts = courts.map_err(|error| viewer.failure(error))?.courts;
    let words = refused.map(|error| sentence(&error.to_string()));
    let mut title = Field::of(filled.title.clone());
    if matches!(refused, Some(CaseError::NoTitle)) {
        title.error.clone_from(&words);
    }
    let fields = required.into_iter().map(|own| own_field(own, &filled.own, refused));
    Ok(NewCasePage {
        layout: viewer.layout("New case", Area::Cases),
        title,
        number: Field::of(filled.number.clone()),
        court: Field::of(filled.court.clone()),
        cnr: Field::of(filled.cnr.clone()),
        clients: clients.into_iter().map(choice).collect(),
        new_client: Field::of(filled.new_client.clone()),
        fields: fields.collect(),
        courts: courts::suggested(courts),
        problem: words,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Form(filled): Form<NewCaseForm>,
) -> Result<Response, Failure> {
    let required = required_fields(&app, &viewer).await?;
    let values: Vec<FieldValue> =
        required.iter().map(|field| said_in(&filled.own, field)).collect();
    // A new client is entered only once the rest fits.
    let opened = match app.cases.fields_fit(viewer.scope(), &values).await {
        Ok(()) => {
            let client_id = client_of(&app, viewer.scope(), &filled).await;
            let client_id = client_id.map_err(|error| viewer.failure(error))?;
            let new = NewCase {
                title: filled.title.clone(),
                number: Some(filled.number.clone()),
                court: Some(filled.court.clone()),
                cnr: Some(filled.cnr.clone()),
                client_id,
                summary: None,
                opened_on: None,
            };
            app.cases.open_with_fields(viewer.scope(), new, &values).await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(id) => {
            let checked = app.conflicts.check_title(viewer.scope(), id).await;
            checked.map_err(|error| viewer.failure(error))?;
            Ok(Redirect::to(&format!("/cases/{id}")).into_response())
        }
        Err(error) if on_the_form(&error) => {
            Ok(form(&app, &viewer, (filled, required), Some(&error)).await?.into_response())
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// The client chosen, or a new one when a name was given.
async fn client_of(
    app: &App,
    scope: &Scope,
    filled: &NewCaseForm,
) -> Result<Option<ClientId>, ConflictError> {
    let name = filled.new_client.trim();
    if name.is_empty() || filled.title.trim().is_empty() {
        return Ok(filled.client.parse().ok());
    }
    let new = NewClient::named(name, Kind::Person);
    let client = app.clients.add(scope, new).await?;
    app.conflicts.check_client(scope, &client, Occasion::Client).await?;
    Ok(Some(client.id))
}
