//! Clients: whom the chamber acts for.

mod contacts;
mod merges;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::clients::{
    Client, ClientCase, ClientQuery, GstClass, Kind, Language, NewClient, PortalPerson, oddities,
};
use crate::conflicts::Occasion;
use crate::kernel::permission::permit::{AddClients, ReadClients};
use crate::kernel::{CaseId, ClientId, ConflictCheckId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_clients, add_client))
        .routes(routes!(search_clients))
        .routes(routes!(find_client, change_client))
        .routes(routes!(archive_client))
        .routes(routes!(restore_client))
        .routes(routes!(client_cases))
        .routes(routes!(client_portal_people))
        .merge(contacts::routes())
        .merge(merges::routes())
}

/// A client.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
pub(super) struct ClientView {
    /// Its id.
    id: ClientId,
    /// How it is called.
    name: String,
    /// What it is.
    kind: Kind,
    /// Where to write.
    email: Option<String>,
    /// Where to call.
    phone: Option<String>,
    /// Where it is.
    city: Option<String>,
    /// The language of letters to them.
    language: Language,
    /// Its GSTIN.
    gstin: Option<String>,
    /// Its PAN; in lists with its middle hidden.
    pan: Option<String>,
    /// Its State, as the first two digits of a GSTIN.
    state_code: Option<String>,
    /// Its postal address.
    address: Option<String>,
    /// What the law of GST sees in it.
    gst_class: Option<GstClass>,
    /// What else is to be known.
    notes: Option<String>,
    /// Since when it is put away.
    archived_at: Option<DateTime<Utc>>,
    /// Counted up at each change; a change names the one it was made from.
    revision: i64,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// What is odd about its numbers, though it can be right.
    warnings: Vec<String>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let Client {
            id,
            name,
            kind,
            email,
            phone,
            city,
            language,
            gstin,
            pan,
            state_code,
            address,
            gst_class,
            notes,
            archived_at,
            revision,
            created_at,
        } = client;
        let warnings = oddities(kind, pan.as_deref(), gst_class);
        Self {
            id,
            name,
            kind,
            email,
            phone,
            city,
            language,
            gstin,
            pan,
            state_code,
            address,
            gst_class,
            notes,
            archived_at,
            revision,
            created_at,
            warnings,
        }
    }
}

impl ClientView {
    /// The client as lists show it: the PAN, which is personal, with its middle hidden, by
    /// itself and in the GSTIN.
    fn listed(client: Client) -> Self {
        let gstin = client.gstin.as_deref().map(crate::kernel::tax_ids::masked);
        let pan = client.pan.as_deref().map(crate::kernel::tax_ids::masked);
        Self { gstin, pan, ..Self::from(client) }
    }
}

/// A client that was added, and the conflict check made for it.
#[derive(Serialize, ToSchema)]
struct AddedClient {
    /// The client.
    #[serde(flatten)]
    client: ClientView,
    /// The check.
    check_id: ConflictCheckId,
    /// How many names it may be in conflict with, of those the caller may know of.
    possible_conflicts: usize,
    /// Whether an admin confirms the check.
    to_confirm: bool,
}

/// List clients
///
/// An admin sees all, others those of the cases open to them; a thousand at most, by name.
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients",
    responses((status = 200, description = "The clients.", body = [ClientView]), Problem))]
async fn list_clients(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
) -> Result<Json<Vec<ClientView>>, Problem> {
    let clients = app.clients.list(&caller.scope).await?;
    Ok(Json(clients.into_iter().map(ClientView::listed).collect()))
}

/// Which clients are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClientSearch {
    /// Words of the name, city, email, telephone number or GSTIN.
    #[serde(default)]
    #[param(required = false)]
    words: String,
    /// Of one kind.
    kind: Option<Kind>,
    /// Those put away, instead of those in use.
    #[serde(default)]
    #[param(required = false)]
    archived: bool,
    /// The `next` of the page before.
    after: Option<ClientId>,
}

/// A page of clients.
#[derive(Serialize, ToSchema)]
struct ClientPage {
    /// The clients, by name.
    clients: Vec<ClientView>,
    /// What to send as `after` for the page that follows; none on the last.
    next: Option<ClientId>,
}

/// Find clients
///
/// By words, kind, and whether they are put away; 50 at a time. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/clients/search", tag = "clients", params(ClientSearch),
    responses((status = 200, description = "A page of clients.", body = ClientPage), Problem))]
async fn search_clients(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
    Query(query): Query<ClientSearch>,
) -> Result<Json<ClientPage>, Problem> {
    let ClientSearch { words, kind, archived, after } = query;
    let query = ClientQuery { words, kind, archived, after };
    let (clients, next) = app.clients.search(&caller.scope, &query).await?;
    Ok(Json(ClientPage { clients: clients.into_iter().map(ClientView::listed).collect(), next }))
}

/// Add a client
///
/// Its name is looked for among all clients and parties there ever were; the check is kept
/// and waits for a decision where it found something. For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/clients", tag = "clients", request_body = NewClient,
    responses((status = 201, description = "The client.", body = AddedClient), Problem))]
async fn add_client(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Json(new): Json<NewClient>,
) -> Result<(StatusCode, Json<AddedClient>), Problem> {
    let client = app.clients.add(&caller.scope, new).await?;
    let summary = app.conflicts.check_client(&caller.scope, &client, Occasion::Client).await?;
    let added = AddedClient {
        client: client.into(),
        check_id: summary.check,
        possible_conflicts: summary.possible,
        to_confirm: summary.to_confirm,
    };
    Ok((StatusCode::CREATED, Json(added)))
}

/// Show a client
///
/// The id of one that was merged finds the client it was merged into. For the chamber's own
/// people who may know of it.
#[utoipa::path(get, path = "/api/v1/clients/{id}", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 200, description = "The client.", body = ClientView), Problem))]
async fn find_client(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
    Path(id): Path<ClientId>,
) -> Result<Json<ClientView>, Problem> {
    Ok(Json(app.clients.find(&caller.scope, id).await?.into()))
}

/// A change of a client.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClientChange {
    /// The revision of the client the change was made from.
    revision: i64,
    /// All that is known of the client from now on.
    details: NewClient,
}

/// Change a client
///
/// What is sent takes the place of all that was known. It is refused when somebody changed
/// the client since. A new name, PAN or GSTIN is looked for like that of a new client. For admins, the books, and those who work on a case of the client.
#[utoipa::path(put, path = "/api/v1/clients/{id}", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    request_body = ClientChange,
    responses((status = 200, description = "The client as it is now.", body = ClientView), Problem))]
async fn change_client(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path(id): Path<ClientId>,
    Json(ClientChange { revision, details }): Json<ClientChange>,
) -> Result<Json<ClientView>, Problem> {
    let before = app.clients.find(&caller.scope, id).await?;
    let client = app.clients.update(&caller.scope, id, revision, details).await?;
    if client.is_called_otherwise(&before) {
        app.conflicts.check_client(&caller.scope, &client, Occasion::Client).await?;
    }
    Ok(Json(client.into()))
}

/// Put a client away
///
/// Lists show those in use; nothing is lost, and conflict checks look among all. For admins,
/// the books, and those who work on a case of the client.
#[utoipa::path(post, path = "/api/v1/clients/{id}/archive", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 204, description = "It is put away."), Problem))]
async fn archive_client(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path(id): Path<ClientId>,
) -> Result<StatusCode, Problem> {
    app.clients.archive(&caller.scope, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a client out again
///
/// For admins, the books, and those who work on a case of the client.
#[utoipa::path(post, path = "/api/v1/clients/{id}/restore", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 204, description = "It is in use."), Problem))]
async fn restore_client(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path(id): Path<ClientId>,
) -> Result<StatusCode, Problem> {
    app.clients.archive(&caller.scope, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A case of a client.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientCaseLine)]
struct ClientCaseView {
    /// Which case.
    id: CaseId,
    /// Its title.
    title: String,
    /// The court's number for it.
    number: Option<String>,
    /// `open` or `closed`.
    status: String,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    opened_on: String,
}

/// List a client's cases
///
/// Those the caller may know of, newest first. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/clients/{id}/cases", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 200, description = "The cases.", body = [ClientCaseView]), Problem))]
async fn client_cases(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
    Path(id): Path<ClientId>,
) -> Result<Json<Vec<ClientCaseView>>, Problem> {
    let client = app.clients.find(&caller.scope, id).await?;
    let cases = app.clients.cases(&caller.scope, client.id).await?;
    let view = |case: ClientCase| {
        let ClientCase { id, title, number, status, opened_on } = case;
        ClientCaseView { id, title, number, status, opened_on }
    };
    Ok(Json(cases.into_iter().map(view).collect()))
}

/// Somebody who comes into the portal for a client.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientPortalPerson)]
struct PortalPersonView {
    /// Who.
    id: UserId,
    /// How they are called.
    name: String,
    /// What they sign in with.
    email: String,
    /// Whether they may.
    active: bool,
}

/// List who comes into the portal for a client
///
/// For the chamber's own people who may know of the client.
#[utoipa::path(get, path = "/api/v1/clients/{id}/portal-people", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 200, description = "The people.", body = [PortalPersonView]), Problem))]
async fn client_portal_people(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
    Path(id): Path<ClientId>,
) -> Result<Json<Vec<PortalPersonView>>, Problem> {
    let client = app.clients.find(&caller.scope, id).await?;
    let people = app.clients.portal_people(&caller.scope, client.id).await?;
    let view = |person: PortalPerson| {
        let PortalPerson { id, name, email, active } = person;
        PortalPersonView { id, name, email, active }
    };
    Ok(Json(people.into_iter().map(view).collect()))
}
