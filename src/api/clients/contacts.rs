//! Who is reached at a client.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::clients::{Contact, NewContact};
use crate::kernel::permission::permit::{AddClients, ReadClients};
use crate::kernel::{ClientId, ContactId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_contacts, add_contact))
        .routes(routes!(change_contact, remove_contact))
}

/// Somebody who is reached at a client.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
struct ContactView {
    /// Which.
    id: ContactId,
    /// How they are called.
    name: String,
    /// What they are there.
    post: Option<String>,
    /// Where to write.
    email: Option<String>,
    /// Where to call.
    phone: Option<String>,
    /// Whether letters of the portal go to them.
    gets_portal_mail: bool,
    /// Whether invoices go to them.
    gets_invoices: bool,
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        let Contact { id, name, post, email, phone, gets_portal_mail, gets_invoices } = contact;
        Self { id, name, post, email, phone, gets_portal_mail, gets_invoices }
    }
}

/// A contact that was entered.
#[derive(Serialize, ToSchema)]
struct AddedContact {
    /// Which.
    id: ContactId,
}

/// List who is reached at a client
///
/// By name. For the chamber's own people who may know of the client.
#[utoipa::path(get, path = "/api/v1/clients/{id}/contacts", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 200, description = "The contacts.", body = [ContactView]), Problem))]
async fn list_contacts(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
    Path(id): Path<ClientId>,
) -> Result<Json<Vec<ContactView>>, Problem> {
    let contacts = app.clients.contacts(&caller.scope, id).await?;
    Ok(Json(contacts.into_iter().map(ContactView::from).collect()))
}

/// Enter who is reached at a client
///
/// For admins, the books, and those who work on a case of the client.
#[utoipa::path(post, path = "/api/v1/clients/{id}/contacts", tag = "clients",
    params(("id" = Uuid, Path, description = "The client.")),
    request_body = NewContact,
    responses((status = 201, description = "They are entered.", body = AddedContact), Problem))]
async fn add_contact(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path(id): Path<ClientId>,
    Json(new): Json<NewContact>,
) -> Result<(StatusCode, Json<AddedContact>), Problem> {
    let id = app.clients.add_contact(&caller.scope, id, new).await?;
    Ok((StatusCode::CREATED, Json(AddedContact { id })))
}

/// Change what is known of a contact
///
/// For admins, the books, and those who work on a case of the client.
#[utoipa::path(put, path = "/api/v1/clients/{id}/contacts/{contact_id}", tag = "clients",
    params(("id" = Uuid, Path, description = "The client."),
           ("contact_id" = Uuid, Path, description = "The contact.")),
    request_body = NewContact,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_contact(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path((id, contact_id)): Path<(ClientId, ContactId)>,
    Json(new): Json<NewContact>,
) -> Result<StatusCode, Problem> {
    app.clients.change_contact(&caller.scope, id, contact_id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a contact out
///
/// For admins, the books, and those who work on a case of the client.
#[utoipa::path(delete, path = "/api/v1/clients/{id}/contacts/{contact_id}", tag = "clients",
    params(("id" = Uuid, Path, description = "The client."),
           ("contact_id" = Uuid, Path, description = "The contact.")),
    responses((status = 204, description = "They are out."), Problem))]
async fn remove_contact(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Path((id, contact_id)): Path<(ClientId, ContactId)>,
) -> Result<StatusCode, Problem> {
    app.clients.remove_contact(&caller.scope, id, contact_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
