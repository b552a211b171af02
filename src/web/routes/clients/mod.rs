//! Clients and their contacts.

mod contacts;
mod form;
mod merging;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::viewer::Nothing;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::billing::Invoices;
use crate::clients::{Client, ClientCase, ClientError, ClientQuery, Contact, Kind, oddities};
use crate::conflicts::{CheckQuery, Occasion};
use crate::kernel::permission::permit::{AddClients, CheckConflicts, ReadClients};
use crate::kernel::tax_ids::{masked, state_name};
use crate::kernel::{ClientId, ConflictCheckId, ContactId, Paise, Permission, Role};
use crate::web::Area;
use crate::web::clients::{
    ClientCaseRow, ClientMoney, ClientPage, ClientRow, ClientsPage, ContactFields, ContactRow,
};
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::Day;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/clients", get(list).post(form::add))
        .route("/clients/new", get(form::new))
        .route("/clients/duplicates", get(merging::duplicates))
        .route("/clients/{id}", get(show))
        .route("/clients/{id}/edit", get(form::edit).post(form::change))
        .route("/clients/{id}/archive", post(archive))
        .route("/clients/{id}/restore", post(restore))
        .route("/clients/{id}/check", post(check))
        .route("/clients/{id}/contacts", post(contacts::add))
        .route("/clients/{id}/contacts/{contact_id}", post(contacts::change))
        .route("/clients/{id}/contacts/{contact_id}/remove", post(contacts::remove))
        .route("/clients/{id}/merge", get(merging::show).post(merging::merge))
}

/// The kinds of clients, one of them chosen.
fn kinds(chosen: Option<Kind>) -> Vec<Choice> {
    let choice = |kind: Kind| Choice {
        value: kind.as_str().to_owned(),
        label: kind.words().to_owned(),
        chosen: chosen == Some(kind),
    };
    Kind::ALL.into_iter().map(choice).collect()
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    words: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    archived: String,
    #[serde(default)]
    after: String,
}

async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadClients>,
    Query(wanted): Query<Wanted>,
) -> Result<ClientsPage, Failure> {
    let scope = viewer.scope();
    let query = ClientQuery {
        words: wanted.words.clone(),
        kind: wanted.kind.parse().ok(),
        archived: wanted.archived == "yes",
        after: wanted.after.parse().ok(),
    };
    let found = app.clients.search(scope, &query).await;
    let (clients, next) = found.map_err(|error| viewer.failure(error))?;
    let next = next.map(|next| {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        address.append_pair("words", &wanted.words).append_pair("kind", &wanted.kind);
        if query.archived {
            address.append_pair("archived", "yes");
        }
        format!("/clients?{}", address.append_pair("after", &next.to_string()).finish())
    });
    Ok(ClientsPage {
        layout: viewer.layout("Clients", Area::Clients),
        narrowed: !wanted.words.trim().is_empty() || query.kind.is_some(),
        words: wanted.words,
        kinds: kinds(query.kind),
        archived: query.archived,
        clients: clients.into_iter().map(row).collect(),
        next,
        may_add: scope.may(Permission::AddClients),
        may_merge: scope.may(Permission::MergeClients),
    })
}

fn row(client: Client) -> ClientRow {
    ClientRow {
        id: client.id,
        name: client.name,
        kind: client.kind.words(),
        city: client.city,
        pan: client.pan.as_deref().map(masked),
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The contact whose form is wanted.
    #[serde(default)]
    contact: String,
}

async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadClients>,
    Path(id): Path<ClientId>,
    Query(Asked { contact }): Query<Asked>,
) -> Result<Response, Failure> {
    let client = app.clients.find(viewer.scope(), id).await;
    let client = client.map_err(|error| viewer.failure(error))?;
    // The address of one that was merged leads to the client there is now.
    if client.id != id {
        return Ok(Redirect::to(&format!("/clients/{}", client.id)).into_response());
    }
    let wanted = contact.parse::<ContactId>().ok();
    let mut page = page(&app, &viewer, client, ContactFields::default()).await?;
    let known = page.contacts.iter().find(|one| Some(one.id) == wanted);
    if let Some(fields) = known.map(contacts::known) {
        page.contact = fields;
    }
    Ok(page.into_response())
}

/// What is known of a client, line by line.
fn facts(client: &Client) -> Vec<(&'static str, String)> {
    let state = client.state_code.as_deref().and_then(state_name);
    let all = [
        ("Email", client.email.clone()),
        ("Telephone", client.phone.clone()),
        ("Address", client.address.clone()),
        ("City", client.city.clone()),
        ("State", state.map(str::to_owned)),
        ("GSTIN", client.gstin.clone()),
        ("PAN", client.pan.clone()),
        ("For GST", client.gst_class.map(|class| class.words().to_owned())),
        ("Letters in", Some(client.language.words().to_owned())),
        ("Notes", client.notes.clone()),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

fn case_row(case: ClientCase) -> ClientCaseRow {
    let ClientCase { id, title, number, status, opened_on } = case;
    ClientCaseRow {
        case: CaseRef { id, title },
        number,
        is_closed: status == "closed",
        opened: opened_on.parse().ok().map(Day),
    }
}

fn contact_row(contact: Contact) -> ContactRow {
    let Contact { id, name, post, email, phone, gets_portal_mail, gets_invoices } = contact;
    ContactRow { id, name, post, email, phone, gets_portal_mail, gets_invoices }
}

/// The page of a client, with the form of a contact as filled in so far.
async fn page(
    app: &App,
    viewer: &Viewer,
    client: Client,
    contact: ContactFields,
) -> Result<ClientPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: ClientError| viewer.failure(error);
    let id = client.id;
    let contacts = app.clients.contacts(scope, id).await.map_err(fail)?;
    let cases = app.clients.cases(scope, id).await.map_err(fail)?;
    let portal = app.clients.portal_people(scope, id).await.map_err(fail)?;
    let may_check = scope.may(Permission::CheckConflicts);
    let checks = if may_check { undecided(app, viewer, id).await? } else { Vec::new() };
    Ok(ClientPage {
        layout: viewer.layout(client.name.clone(), Area::Clients),
        id,
        kind: client.kind.words(),
        archived: client.archived_at.is_some(),
        facts: facts(&client),
        warnings: oddities(client.kind, client.pan.as_deref(), client.gst_class),
        contacts: contacts.into_iter().map(contact_row).collect(),
        contact,
        cases: cases.into_iter().map(case_row).collect(),
        money: money(app, viewer, id).await?,
        portal: portal.into_iter().map(|one| (one.name, one.email, one.active)).collect(),
        checks,
        may_change: app.clients.may_change(scope, id).await.map_err(fail)?,
        may_check,
        is_admin: scope.role() == Role::Admin,
        name: client.name,
    })
}

/// The checks of a client that wait for a decision, in words.
async fn undecided(
    app: &App,
    viewer: &Viewer,
    id: ClientId,
) -> Result<Vec<(ConflictCheckId, String)>, Failure> {
    let query = CheckQuery { client: Some(id), undecided: true, ..CheckQuery::default() };
    let found = app.conflicts.list(viewer.scope(), &query).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(found.into_iter().map(|row| (row.id, row.waiting_words())).collect())
}

/// What a client owes of what the reader may see; nothing where they see no money.
async fn money(app: &App, viewer: &Viewer, id: ClientId) -> Result<Option<ClientMoney>, Failure> {
    let scope = viewer.scope();
    if !scope.may(Permission::ReadBilling) {
        return Ok(None);
    }
    let asked = Invoices { client: Some(id), ..Invoices::default() };
    let dues = app.billing.dues(scope, asked).await.map_err(|error| viewer.failure(error))?;
    let overdue: Paise = dues.iter().map(|due| due.overdue).sum();
    Ok(Some(ClientMoney {
        outstanding: dues.iter().map(|due| due.outstanding).sum::<Paise>().to_string(),
        overdue: (overdue > Paise(0)).then(|| overdue.to_string()),
    }))
}

/// Leads to a client's page.
fn to_client(id: ClientId) -> Response {
    Redirect::to(&format!("/clients/{id}")).into_response()
}

async fn archive(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path(id): Path<ClientId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.clients.archive(viewer.scope(), id, true).await;
    done.map(|()| to_client(id)).map_err(|error| viewer.failure(error))
}

async fn restore(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<AddClients>,
    Path(id): Path<ClientId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.clients.archive(viewer.scope(), id, false).await;
    done.map(|()| to_client(id)).map_err(|error| viewer.failure(error))
}

async fn check(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Path(id): Path<ClientId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let scope = viewer.scope();
    let client = app.clients.find(scope, id).await.map_err(|error| viewer.failure(error))?;
    let made = app.conflicts.check_client(scope, &client, Occasion::Client).await;
    let made = made.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/conflicts/{}", made.check)).into_response())
}
