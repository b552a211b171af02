//! Uploads: a file streamed from the request to the store, never held whole.

use std::io;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Multipart, Path, unreadable};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::documents::{DocumentError, Received, Target};
use crate::kernel::permission::permit::WorkOnCases;
use crate::kernel::{CaseId, DocumentId, Scope, VersionId};

/// What may follow the largest file: the form around it, and what is read and
/// thrown away after a refusal, since a caller whose connection is closed while
/// sending never sees the answer.
const SLACK: usize = 8 << 20;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn routes(largest_file: usize) -> OpenApiRouter<App> {
    let limit = || DefaultBodyLimit::max(largest_file.saturating_add(SLACK));
    OpenApiRouter::default()
        .routes(routes!(upload_document).layer(limit()))
        .routes(routes!(upload_version).layer(limit()))
}

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the bytes are streamed")]
struct UploadForm {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What became of an upload.
#[derive(Serialize, ToSchema)]
#[schema(as = Upload)]
struct UploadView {
    /// The document.
    document_id: DocumentId,
    /// Its version with these bytes.
    version_id: VersionId,
    /// How the document is called.
    title: String,
    /// Whether the case had these bytes already; then nothing was stored again.
    duplicate: bool,
}

impl From<Received> for UploadView {
    fn from(received: Received) -> Self {
        let Received { document, version, title, duplicate } = received;
        Self { document_id: document, version_id: version, title, duplicate }
    }
}

/// Upload a document to a case
///
/// It is read in the background; `progress` tells how far it is. The same bytes are
/// stored once in a case. For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/documents", tag = "documents",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "It was taken.", body = UploadView), Problem))]
async fn upload_document(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    form: Multipart,
) -> Result<(StatusCode, Json<UploadView>), Problem> {
    let received = receive(&app, &caller.scope, Target::Case(id), form).await?;
    Ok((StatusCode::ACCEPTED, Json(received.into())))
}

/// Upload a new version of a document
///
/// Citations stay with the version they saw. For those who work on the case, and
/// admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/versions", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "It was taken.", body = UploadView), Problem))]
async fn upload_version(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<DocumentId>,
    form: Multipart,
) -> Result<(StatusCode, Json<UploadView>), Problem> {
    let received = receive(&app, &caller.scope, Target::Document(id), form).await?;
    Ok((StatusCode::ACCEPTED, Json(received.into())))
}

/// Streams the form's file into the store.
async fn receive(
    app: &App,
    scope: &Scope,
    target: Target,
    Multipart(mut form): Multipart,
) -> Result<Received, Problem> {
    loop {
        let field = form.next_field().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                DocumentError::TooLarge(app.config.http.max_upload_mib).into()
            }
            status => unreadable(status, &error.body_text()),
        })?;
        let Some(field) = field else {
            let words = "send the file as the field `file` of a multipart form";
            return Err(Problem::shown(Code::BadRequest, words));
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.map_err(io::Error::other);
        let received = app.documents.receive(scope, target, &name, bytes).await;
        if received.is_err() {
            let _ = tokio::time::timeout(PATIENCE, discard(&mut form)).await;
        }
        return Ok(received?);
    }
}

/// Reads the rest of a form and forgets it.
async fn discard(form: &mut axum::extract::Multipart) {
    while let Ok(Some(_)) = form.next_field().await {}
}
