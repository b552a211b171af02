//! Clients that are the same: which they may be, and making them one.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ClientView;
use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::clients::{Choices, Merge, Merged};
use crate::conflicts::Duplicate;
use crate::kernel::ClientId;
use crate::kernel::permission::permit::MergeClients;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_duplicates)).routes(routes!(merge_clients))
}

/// Two clients that may be one.
#[derive(Serialize, ToSchema)]
#[schema(as = DuplicateClients)]
struct DuplicateView {
    /// The one that was entered first.
    first: ClientId,
    /// How it is called.
    first_name: String,
    /// The other.
    second: ClientId,
    /// How that is called.
    second_name: String,
    /// How alike they are, in thousandths.
    score: i64,
    /// Why.
    reasons: Vec<String>,
}

/// List clients that may be the same
///
/// Those most alike first, 200 at most. For admins.
#[utoipa::path(get, path = "/api/v1/clients/duplicates", tag = "clients",
    responses((status = 200, description = "The pairs.", body = [DuplicateView]), Problem))]
async fn list_duplicates(
    State(app): State<App>,
    May(caller, ..): May<MergeClients>,
) -> Result<Json<Vec<DuplicateView>>, Problem> {
    let view = |found: Duplicate| {
        let Duplicate { first, second, score, reasons } = found;
        let ((first, first_name), (second, second_name)) = (first, second);
        DuplicateView { first, first_name, second, second_name, score, reasons }
    };
    let found = app.conflicts.duplicates(&caller.scope).await?;
    Ok(Json(found.into_iter().map(view).collect()))
}

/// Two clients to be made one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MergeClients)]
struct MergeBody {
    /// The one that goes; its id finds the other from then on.
    gone: ClientId,
    /// From which of them each field is taken; what is left out, from the one that stays.
    #[serde(default)]
    choices: Choices,
    /// That their different PANs or GSTINs were seen, and they are one all the same.
    #[serde(default)]
    tax_ids_confirmed: bool,
}

/// What a merge made.
#[derive(Serialize, ToSchema)]
struct MergedClient {
    /// The client there is now.
    client: ClientView,
    /// How many rows of which tables were moved to it.
    moved: Vec<MovedRows>,
}

/// What was moved of a table.
#[derive(Serialize, ToSchema)]
struct MovedRows {
    /// The table.
    table: String,
    /// How many rows.
    rows: u64,
}

/// Merge two clients
///
/// The one in the address stays; cases, invoices, people, shares, consents, holds and walls
/// of the other become its own. It cannot be undone. For admins whom no wall keeps from
/// either.
#[utoipa::path(post, path = "/api/v1/clients/{id}/merge", tag = "clients",
    params(("id" = Uuid, Path, description = "The client that stays.")),
    request_body = MergeBody,
    responses((status = 200, description = "They are one.", body = MergedClient), Problem))]
async fn merge_clients(
    State(app): State<App>,
    May(caller, ..): May<MergeClients>,
    Path(id): Path<ClientId>,
    Json(body): Json<MergeBody>,
) -> Result<Json<MergedClient>, Problem> {
    let MergeBody { gone, choices, tax_ids_confirmed } = body;
    let merge = Merge { kept: id, gone, choices, tax_ids_confirmed };
    let Merged { client, moved } = app.clients.merge(&caller.scope, merge).await?;
    let row = |(table, rows): (&'static str, u64)| MovedRows { table: table.to_owned(), rows };
    let moved = moved.into_iter().map(row).collect();
    Ok(Json(MergedClient { client: client.into(), moved }))
}
