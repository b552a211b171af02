//! The portal: what a client sees.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::documents::Document;
use crate::kernel::DocumentId;
use crate::kernel::permission::permit::UsePortal;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_shared_documents))
}

/// A document shared with the client who asks.
#[derive(Serialize, ToSchema)]
struct SharedDocument {
    /// Its id.
    id: DocumentId,
    /// How it is called.
    title: String,
    /// The case's title.
    case_title: String,
    /// The number of its latest version.
    version: i64,
    /// How many pages it has, once known.
    pages: Option<i64>,
    /// When that version was uploaded.
    uploaded_at: DateTime<Utc>,
}

impl From<Document> for SharedDocument {
    fn from(document: Document) -> Self {
        let Document { id, case_title, title, version, .. } = document;
        Self {
            id,
            title,
            case_title,
            version: version.number,
            pages: version.pages_total,
            uploaded_at: version.uploaded_at,
        }
    }
}

/// List the documents shared with you
///
/// Newest first. For clients.
#[utoipa::path(get, path = "/api/v1/portal/documents", tag = "portal",
    responses((status = 200, description = "The documents.", body = [SharedDocument]), Problem))]
async fn list_shared_documents(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<SharedDocument>>, Problem> {
    let documents = app.portal.shared(&caller.scope).await?;
    Ok(Json(documents.into_iter().map(SharedDocument::from).collect()))
}
