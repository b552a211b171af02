//! Pages that were not read well: read again, with a password, or typed by a person.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::documents::Reread;
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, DocumentId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(retry_page))
        .routes(routes!(reread_version))
        .routes(routes!(give_password))
        .routes(routes!(transcribe_page))
        .routes(routes!(list_copies))
}

/// Read a page again
///
/// In the background; the page says when it is done. For those who work on the case,
/// and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/versions/{number}/pages/{page}/retry",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           ("page" = u32, Path, description = "The page's number.")),
    responses((status = 202, description = "It will be read again."), Problem))]
async fn retry_page(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
) -> Result<StatusCode, Problem> {
    app.documents.retry_page(&caller.scope, id, number, page).await?;
    Ok(StatusCode::ACCEPTED)
}

/// How a version is to be read again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RereadForm {
    /// The languages of its pages as tesseract names them: `eng+hin`. As configured
    /// when nothing is said.
    languages: Option<String>,
    /// Whether to recognise every page, whatever text the file has.
    #[serde(default)]
    recognise_all: bool,
}

/// Read a version again
///
/// Its pages keep what they say until they are read anew; what a person typed stays.
/// For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/versions/{number}/reread",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    request_body = RereadForm,
    responses((status = 202, description = "It will be read again."), Problem))]
async fn reread_version(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, number)): Path<(DocumentId, i64)>,
    Json(RereadForm { languages, recognise_all }): Json<RereadForm>,
) -> Result<StatusCode, Problem> {
    let languages = languages.filter(|languages| !languages.is_empty());
    let reread = Reread { languages, recognise_all };
    app.documents.reread(&caller.scope, id, number, reread).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The password of a file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FilePassword {
    /// The password.
    password: String,
}

/// Give the password of a file
///
/// It is kept with the file, to open it with. For those who work on the case, and
/// admins.
#[utoipa::path(post, path = "/api/v1/documents/{id}/versions/{number}/password",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number.")),
    request_body = FilePassword,
    responses((status = 202, description = "It will be read with it."), Problem))]
async fn give_password(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, number)): Path<(DocumentId, i64)>,
    Json(FilePassword { password }): Json<FilePassword>,
) -> Result<StatusCode, Problem> {
    app.documents.give_password(&caller.scope, id, number, &password).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What a person read on a page.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transcript {
    /// The text of the page.
    text: String,
}

/// Type what a page says
///
/// For handwriting and what no recognition can read. It takes the place of the
/// page's text in search and answers. For those who work on the case, and admins.
#[utoipa::path(put, path = "/api/v1/documents/{id}/versions/{number}/pages/{page}/transcript",
    tag = "documents",
    params(("id" = Uuid, Path, description = "The document."),
           ("number" = i64, Path, description = "The version's number."),
           ("page" = u32, Path, description = "The page's number.")),
    request_body = Transcript,
    responses((status = 202, description = "It is kept and will be found."), Problem))]
async fn transcribe_page(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, number, page)): Path<(DocumentId, i64, u32)>,
    Json(Transcript { text }): Json<Transcript>,
) -> Result<StatusCode, Problem> {
    app.documents.transcribe(&caller.scope, id, number, page, &text).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A document with nearly the same text.
#[derive(Serialize, ToSchema)]
struct CopyView {
    /// The document.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The share of their words the two have in common, in percent, as estimated.
    percent: u8,
}

/// List other copies of a document
///
/// Documents the caller may see whose text is nearly the same: another scan, another
/// print. For those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/documents/{id}/copies", tag = "documents",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The copies, the likest first.",
               body = [CopyView]), Problem))]
async fn list_copies(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Vec<CopyView>>, Problem> {
    let copies = app.documents.copies(&caller.scope, id).await?;
    let view = |copy: crate::documents::Copy| CopyView {
        document_id: copy.document,
        title: copy.title,
        case_id: copy.case,
        case_title: copy.case_title,
        percent: copy.percent,
    };
    Ok(Json(copies.into_iter().map(view).collect()))
}
