//! Erasures and their certificates.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::caller::May;
use super::super::extract::{Json, Path};
use super::super::problem::Problem;
use super::{Begun, SubjectKind};
use crate::app::App;
use crate::kernel::permission::permit::ProtectData;
use crate::kernel::{ErasureId, UserId};
use crate::privacy::{Erasure, Preview};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(preview_erasure))
        .routes(routes!(list_erasures, begin_erasure))
        .routes(routes!(show_erasure))
        .routes(routes!(download_certificate))
}

/// What is to be erased.
#[derive(Debug, Deserialize, ToSchema)]
struct NewErasure {
    /// What it is.
    kind: SubjectKind,
    /// Its id.
    id: Uuid,
    /// Its name, as the preview shows it.
    name: String,
    /// Further words by which conversations, kept searches and golden questions are
    /// looked for.
    #[serde(default)]
    words: Vec<String>,
}

/// How many rows of a table.
#[derive(Debug, Serialize, ToSchema)]
struct TableCount {
    /// The table.
    table: String,
    /// How many rows.
    rows: u64,
}

/// What an erasure would remove.
#[derive(Debug, Serialize, ToSchema)]
struct ErasurePreview {
    /// What to type to confirm.
    name: String,
    /// The reason of a legal hold that forbids it.
    held: Option<String>,
    /// The rows that would go.
    counts: Vec<TableCount>,
    /// The rows of the books that stay: issued invoices, credit notes, receipts, client money.
    /// Section 36 of the CGST Act has them kept.
    books: Vec<TableCount>,
    /// The files that would go.
    files: u64,
    /// How many people's names would be taken out of their accounts.
    people: u64,
}

impl From<Preview> for ErasurePreview {
    fn from(preview: Preview) -> Self {
        let Preview { name, held, counts, books, files, people } = preview;
        let count = |(table, rows)| TableCount { table, rows };
        let counts = counts.into_iter().map(count).collect();
        let books = books.into_iter().map(count).collect();
        Self { name, held, counts, books, files, people }
    }
}

/// An erasure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Erasure)]
struct ErasureView {
    /// Its id.
    id: ErasureId,
    /// What was erased: `client`, `case`, `document`, `user`.
    subject_kind: String,
    /// The id it had.
    subject_id: Uuid,
    /// By whom.
    asked_by: UserId,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// `running`, `done` or `failed`.
    status: String,
    /// The certificate, word for word.
    certificate: Option<String>,
    /// Its SHA-256; the record holds it too.
    hash: Option<String>,
    /// Why it failed.
    error: Option<String>,
    /// When it was done.
    done_at: Option<DateTime<Utc>>,
}

impl From<Erasure> for ErasureView {
    fn from(erasure: Erasure) -> Self {
        let Erasure {
            id,
            subject_kind,
            subject_id,
            asked_by,
            asked_at,
            status,
            certificate,
            hash,
            error,
            done_at,
        } = erasure;
        Self {
            id,
            subject_kind,
            subject_id,
            asked_by,
            asked_at,
            status,
            certificate,
            hash,
            error,
            done_at,
        }
    }
}

/// Preview an erasure
///
/// Nothing is changed. For admins.
#[utoipa::path(get, path = "/api/v1/erasures/preview/{kind}/{id}", tag = "privacy",
    params(("kind" = SubjectKind, Path, description = "What would be erased."),
           ("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "What would go.", body = ErasurePreview), Problem))]
async fn preview_erasure(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Path((kind, id)): Path<(SubjectKind, Uuid)>,
) -> Result<Json<ErasurePreview>, Problem> {
    Ok(Json(app.privacy.preview_erasure(&caller.scope, kind.of(id)).await?.into()))
}

/// List erasures
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/erasures", tag = "privacy",
    responses((status = 200, description = "The erasures, newest first.", body = [ErasureView]), Problem))]
async fn list_erasures(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
) -> Result<Json<Vec<ErasureView>>, Problem> {
    let erasures = app.privacy.erasures(&caller.scope).await?;
    Ok(Json(erasures.into_iter().map(Into::into).collect()))
}

/// Erase
///
/// Done in the background; it cannot be undone. For admins.
#[utoipa::path(post, path = "/api/v1/erasures", tag = "privacy", request_body = NewErasure,
    responses((status = 202, description = "It was begun.", body = Begun), Problem))]
async fn begin_erasure(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Json(new): Json<NewErasure>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let NewErasure { kind, id, name, words } = new;
    let id = app.privacy.erase(&caller.scope, kind.of(id), &name, &words).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { id: id.uuid() })))
}

/// Show an erasure
///
/// With its certificate once it is done. For admins.
#[utoipa::path(get, path = "/api/v1/erasures/{id}", tag = "privacy",
    params(("id" = Uuid, Path, description = "The erasure.")),
    responses((status = 200, description = "The erasure.", body = ErasureView), Problem))]
async fn show_erasure(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Path(id): Path<ErasureId>,
) -> Result<Json<ErasureView>, Problem> {
    Ok(Json(app.privacy.erasure(&caller.scope, id).await?.into()))
}

/// Download the certificate of an erasure
///
/// One HTML file that opens by itself and can be printed, with the certificate word for
/// word, so that its SHA-256 can be computed again. The download is recorded. For admins.
#[utoipa::path(get, path = "/api/v1/erasures/{id}/certificate", tag = "privacy",
    params(("id" = Uuid, Path, description = "The erasure.")),
    responses((status = 200, description = "The certificate.", body = String,
               content_type = "text/html"), Problem))]
async fn download_certificate(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Path(id): Path<ErasureId>,
) -> Result<impl IntoResponse, Problem> {
    let file = app.privacy.certificate_file(&caller.scope, id, &caller.organisation).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"erasure-{id}.html\"")),
    ];
    Ok((headers, file))
}
