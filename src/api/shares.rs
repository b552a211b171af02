//! Shares: what a case's client reads in the portal, and until when.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::documents::Share;
use crate::kernel::permission::permit::ShareDocuments;
use crate::kernel::{ClientId, DocumentId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_shares))
        .routes(routes!(share_document))
        .routes(routes!(unshare_document))
}

/// A share of a document with a client.
#[derive(Serialize, ToSchema)]
#[schema(as = Share)]
struct ShareView {
    /// With whom.
    client_id: ClientId,
    /// How the client is called.
    client: String,
    /// Who shared it.
    shared_by: String,
    /// When, or when its end was last changed.
    shared_at: DateTime<Utc>,
    /// When it ends; nothing when it lasts until it is taken back.
    expires_at: Option<DateTime<Utc>>,
    /// Whether it has ended, and the client sees nothing of the document.
    ended: bool,
}

impl From<Share> for ShareView {
    fn from(share: Share) -> Self {
        let Share { client_id, client, shared_by, shared_at, expires_at, ended } = share;
        Self { client_id, client, shared_by, shared_at, expires_at, ended }
    }
}

/// How to share a document.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewShare)]
struct ShareBody {
    /// When the share ends, to come; until it is taken back when left out.
    expires_at: Option<DateTime<Utc>>,
}

/// List whom a document is shared with
///
/// Also the shares that have run out. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/documents/{id}/shares", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The shares.", body = [ShareView]), Problem))]
async fn list_shares(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Vec<ShareView>>, Problem> {
    let shares = app.documents.shares(&caller.scope, id).await?;
    Ok(Json(shares.into_iter().map(ShareView::from).collect()))
}

/// Share a document with the case's client
///
/// The client can then read it in the portal, until the share ends or is taken back. A
/// document shared already is shared until the new end. For those who work on the case,
/// and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/share", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    request_body = Option<ShareBody>,
    responses((status = 204, description = "It is shared."), Problem))]
async fn share_document(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
    body: Option<Json<ShareBody>>,
) -> Result<StatusCode, Problem> {
    let ShareBody { expires_at } = body.map(|Json(body)| body).unwrap_or_default();
    app.documents.share(&caller.scope, id, expires_at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Share a document no longer
///
/// At once. For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/unshare", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 204, description = "It is not shared."), Problem))]
async fn unshare_document(
    State(app): State<App>,
    May(caller, ..): May<ShareDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<StatusCode, Problem> {
    app.documents.unshare(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
