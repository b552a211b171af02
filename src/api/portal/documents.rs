//! Documents shared with a client.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::pages::{Bytes, UNKNOWN, attachment};
use crate::api::problem::Problem;
use crate::api::watched::{Carried, watched};
use crate::app::App;
use crate::documents::Taken;
use crate::documents::reading::Format;
use crate::kernel::permission::permit::UsePortal;
use crate::kernel::{CaseId, DocumentId, Scope};
use crate::portal::SharedDocument;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_shared_documents))
        .routes(routes!(take_shared_document))
}

/// A document shared with the client who asks.
#[derive(Serialize, ToSchema)]
#[schema(as = SharedDocument)]
struct SharedView {
    /// Its id.
    id: DocumentId,
    /// How it is called.
    title: String,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The number of the version that is shared.
    version: i64,
    /// How many pages of it are shared, once known.
    pages: Option<u32>,
    /// When that version was uploaded.
    uploaded_at: DateTime<Utc>,
    /// When it was shared.
    shared_at: DateTime<Utc>,
    /// By whom.
    shared_by: String,
    /// When that ends; nothing when it lasts until it is taken back.
    expires_at: Option<DateTime<Utc>>,
    /// Whether a file may be taken away.
    download: bool,
}

impl From<SharedDocument> for SharedView {
    fn from(shared: SharedDocument) -> Self {
        let SharedDocument { document, pages, download, shared_at, shared_by, until } = shared;
        Self {
            id: document.id,
            title: document.title,
            case_id: document.case_id,
            case_title: document.case_title,
            version: document.version.number,
            pages,
            uploaded_at: document.version.uploaded_at,
            shared_at,
            shared_by,
            expires_at: until,
            download,
        }
    }
}

/// List the documents shared with you
///
/// The latest first. For clients.
#[utoipa::path(get, path = "/api/v1/portal/documents", tag = "portal",
    responses((status = 200, description = "The documents.", body = [SharedView]), Problem))]
async fn list_shared_documents(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<SharedView>>, Problem> {
    let documents = app.portal.shared(&caller.scope, None).await?;
    Ok(Json(documents.into_iter().map(SharedView::from).collect()))
}

/// Take a shared document away
///
/// The original where every page is shared without a watermark, else a PDF of the pages as
/// they are shown. Nothing is there where the chamber did not allow it. It is recorded. For
/// the client it is shared with.
#[utoipa::path(get, path = "/api/v1/portal/documents/{id}/file", tag = "portal",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The file.", body = Bytes,
               content_type = "*/*"), Problem))]
async fn take_shared_document(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    taken(&app, &caller.scope, id).await
}

/// The answer that carries what a client takes away; the pages answer the same.
pub(crate) async fn taken(app: &App, scope: &Scope, id: DocumentId) -> Result<Response, Problem> {
    match app.documents.take_away(scope, id).await? {
        Taken::Original(version) => {
            let (_, bytes) = app.documents.original(scope, id, version.number).await?;
            let mime = Format::parse(&version.format).map_or(UNKNOWN, Format::mime);
            let name = attachment(&version.file_name);
            let bytes = watched(app.clone(), scope, Carried::Document(id), bytes);
            let headers = [(CONTENT_TYPE, mime.to_owned()), (CONTENT_DISPOSITION, name)];
            Ok((headers, Body::from_stream(bytes)).into_response())
        }
        Taken::Copy { version, pdf } => {
            let stem = version.file_name.rsplit_once('.').map_or(&*version.file_name, |cut| cut.0);
            let name = attachment(&format!("{stem} (copy).pdf"));
            let kind = "application/pdf".to_owned();
            Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], pdf).into_response())
        }
    }
}
