//! Clients: whom the chamber acts for.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::clients::{Client, Kind, NewClient};
use crate::kernel::ClientId;
use crate::kernel::permission::permit::{AddClients, ReadClients};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_clients, add_client))
}

/// A client.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
struct ClientView {
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
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let Client { id, name, kind, email, phone, city } = client;
        Self { id, name, kind, email, phone, city }
    }
}

/// List clients
///
/// An admin sees all, others those of the cases open to them. For the chamber's
/// own people.
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients",
    responses((status = 200, description = "The clients.", body = [ClientView]), Problem))]
async fn list_clients(
    State(app): State<App>,
    May(caller, ..): May<ReadClients>,
) -> Result<Json<Vec<ClientView>>, Problem> {
    let clients = app.clients.list(&caller.scope).await?;
    Ok(Json(clients.into_iter().map(ClientView::from).collect()))
}

/// Add a client
///
/// For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/clients", tag = "clients", request_body = NewClient,
    responses((status = 201, description = "The client.", body = ClientView), Problem))]
async fn add_client(
    State(app): State<App>,
    May(caller, ..): May<AddClients>,
    Json(new): Json<NewClient>,
) -> Result<(StatusCode, Json<ClientView>), Problem> {
    let client = app.clients.add(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(client.into())))
}
