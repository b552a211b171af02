//! The form of a client, new or known.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{kinds, to_client};
use crate::app::App;
use crate::clients::{Client, ClientError, GstClass, Kind, Language, NewClient};
use crate::conflicts::Occasion;
use crate::kernel::ClientId;
use crate::kernel::permission::permit::AddClients;
use crate::kernel::tax_ids::STATES;
use crate::web::Area;
use crate::web::clients::ClientFormPage;
use crate::web::page::render;
use crate::web::parts::{Choice, Field};
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// A client as the form sends it.
#[derive(Deserialize, Default)]
pub(super) struct ClientForm {
    #[serde(default)]
    revision: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    gstin: String,
    #[serde(default)]
    pan: String,
    #[serde(default)]
    state_code: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    gst_class: String,
    #[serde(default)]
    notes: String,
}

impl ClientForm {
    fn of(client: &Client) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            revision: client.revision.to_string(),
            name: client.name.clone(),
            kind: client.kind.as_str().to_owned(),
            email: text(&client.email),
            phone: text(&client.phone),
            city: text(&client.city),
            language: client.language.as_str().to_owned(),
            gstin: text(&client.gstin),
            pan: text(&client.pan),
            state_code: text(&client.state_code),
            address: text(&client.address),
            gst_class: client.gst_class.map_or("", GstClass::as_str).to_owned(),
            notes: text(&client.notes),
        }
    }

    fn details(&self) -> NewClient {
        let text = |text: &String| Some(text.clone());
        NewClient {
            name: self.name.clone(),
            kind: self.kind.parse().unwrap_or(Kind::Person),
            email: text(&self.email),
            phone: text(&self.phone),
            city: text(&self.city),
            language: self.language.parse().ok(),
            gstin: text(&self.gstin),
            pan: text(&self.pan),
            state_code: text(&self.state_code),
            address: text(&self.address),
            gst_class: self.gst_class.parse().ok(),
            notes: text(&self.notes),
        }
    }
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}

/// The form as filled in so far, with what was wrong with it beside its field.
fn page(
    viewer: &Viewer,
    client: Option<(ClientId, String)>,
    form: ClientForm,
    refused: Option<&ClientError>,
) -> ClientFormPage {
    let (wrong, words) = match refused {
        Some(ClientError::NoName) => ("name", refused.map(ToString::to_string)),
        Some(ClientError::Unfit { field, words }) => (*field, Some(words.clone())),
        Some(error) => ("", Some(error.to_string())),
        None => ("", None),
    };
    let words = words.map(|words| sentence(&words));
    let error = |name: &str| words.clone().filter(|_| name == wrong);
    let field = |name: &str, value: String| Field { value, error: error(name) };
    let title = if client.is_some() { "Change a client" } else { "New client" };
    let state =
        |(code, name): &(&str, &str)| choice(code, &format!("{code} {name}"), &form.state_code);
    let class = |class: GstClass| choice(class.as_str(), class.words(), &form.gst_class);
    let language = |one: Language| choice(one.as_str(), one.words(), &form.language);
    ClientFormPage {
        layout: viewer.layout(title, Area::Clients),
        client,
        revision: form.revision.parse().unwrap_or(0),
        problem: words.clone().filter(|_| wrong.is_empty()),
        kinds: kinds(form.kind.parse().ok()),
        languages: Language::ALL.into_iter().map(language).collect(),
        states: STATES.iter().map(state).collect(),
        state_error: error("state_code"),
        classes: GstClass::ALL.into_iter().map(class).collect(),
        name: field("name", form.name),
        email: field("email", form.email),
        phone: field("phone", form.phone),
        city: field("city", form.city),
        gstin: field("gstin", form.gstin),
        pan: field("pan", form.pan),
        address: field("address", form.address),
        notes: field("notes", form.notes),
    }
}

pub(super) async fn new(Allowed(viewer, ..): Allowed<AddClients>) -> ClientFormPage {
    page(&viewer, None, ClientForm::default(), None)
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Form(form): Form<ClientForm>,
) -> Result<Response, Failure> {
    match app.clients.add(viewer.scope(), form.details()).await {
        Ok(client) => {
            let checked = app.conflicts.check_client(viewer.scope(), &client, Occasion::Client);
            checked.await.map_err(|error| viewer.failure(error))?;
            Ok(to_client(client.id))
        }
        Err(error @ (ClientError::NoName | ClientError::Unfit { .. })) => {
            let page = page(&viewer, None, form, Some(&error));
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

pub(super) async fn edit(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path(id): Path<ClientId>,
) -> Result<Response, Failure> {
    let client = known(&app, &viewer, id).await?;
    let form = ClientForm::of(&client);
    Ok(page(&viewer, Some((client.id, client.name)), form, None).into_response())
}

/// A client the viewer may change.
async fn known(app: &App, viewer: &Viewer, id: ClientId) -> Result<Client, Failure> {
    let scope = viewer.scope();
    let fail = |error: ClientError| viewer.failure(error);
    let client = app.clients.find(scope, id).await.map_err(fail)?;
    if app.clients.may_change(scope, client.id).await.map_err(fail)? {
        Ok(client)
    } else {
        Err(viewer.failure(ClientError::ReadOnly))
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path(id): Path<ClientId>,
    Form(form): Form<ClientForm>,
) -> Result<Response, Failure> {
    let revision = form.revision.parse().unwrap_or(0);
    let before = known(&app, &viewer, id).await?;
    match app.clients.update(viewer.scope(), id, revision, form.details()).await {
        Ok(client) => {
            if client.is_called_otherwise(&before) {
                let checked = app.conflicts.check_client(viewer.scope(), &client, Occasion::Client);
                checked.await.map_err(|error| viewer.failure(error))?;
            }
            Ok(to_client(client.id))
        }
        Err(error @ (ClientError::NoName | ClientError::Unfit { .. } | ClientError::Stale)) => {
            let client = known(&app, &viewer, id).await?;
            let page = page(&viewer, Some((client.id, client.name)), form, Some(&error));
            let stale = matches!(error, ClientError::Stale);
            let status =
                if stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(render(status, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}
