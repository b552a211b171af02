//! Exports.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::caller::Signed;
use super::super::extract::{Json, Path};
use super::super::problem::Problem;
use super::super::watched::{Carried, watched};
use super::{Begun, SubjectKind};
use crate::app::App;
use crate::kernel::{ClientId, ExportId, UserId};
use crate::privacy::Export;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_exports, begin_export))
        .routes(routes!(download_export))
}

/// A subject.
#[derive(Debug, Deserialize, ToSchema)]
struct NewExport {
    /// What it is: `client` or `user`.
    kind: SubjectKind,
    /// Its id.
    id: Uuid,
}

/// An export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
struct ExportView {
    /// Its id.
    id: ExportId,
    /// The client it is of.
    client_id: Option<ClientId>,
    /// The person it is of.
    user_id: Option<UserId>,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// `running`, `done` or `failed`.
    status: String,
    /// How many files are in it so far.
    done: i64,
    /// How many there will be.
    total: i64,
    /// How large it is, in bytes.
    size_bytes: Option<i64>,
    /// Why it failed.
    error: Option<String>,
    /// Until when it can be fetched.
    expires_at: DateTime<Utc>,
}

impl From<Export> for ExportView {
    fn from(export: Export) -> Self {
        let Export {
            id,
            organisation_id: _,
            client_id,
            user_id,
            asked_by: _,
            asked_at,
            status,
            done,
            total,
            size_bytes,
            error,
            expires_at,
        } = export;
        Self {
            id,
            client_id,
            user_id,
            asked_at,
            status,
            done,
            total,
            size_bytes,
            error,
            expires_at,
        }
    }
}

/// List exports
///
/// All for admins, their own for clients.
#[utoipa::path(get, path = "/api/v1/exports", tag = "privacy",
    responses((status = 200, description = "The exports, newest first.", body = [ExportView]), Problem))]
async fn list_exports(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Json<Vec<ExportView>>, Problem> {
    let exports = app.privacy.exports(&caller.scope).await?;
    Ok(Json(exports.into_iter().map(Into::into).collect()))
}

/// Have an export put together
///
/// Of a client or a person for admins, of themselves for clients. It can be fetched for
/// seven days.
#[utoipa::path(post, path = "/api/v1/exports", tag = "privacy", request_body = NewExport,
    responses((status = 202, description = "It was begun.", body = Begun), Problem))]
async fn begin_export(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(new): Json<NewExport>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let id = app.privacy.export(&caller.scope, new.kind.of(new.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { id: id.uuid() })))
}

/// Download an export
///
/// The download is recorded. For admins, and for clients their own.
#[utoipa::path(get, path = "/api/v1/exports/{id}/file", tag = "privacy",
    params(("id" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The archive.", content_type = "application/zip"), Problem))]
async fn download_export(
    State(app): State<App>,
    Signed(caller): Signed,
    Path(id): Path<ExportId>,
) -> Result<Response, Problem> {
    let (_, bytes) = app.privacy.fetch_export(&caller.scope, id).await?;
    let bytes = watched(app, &caller.scope, Carried::Export(id), bytes);
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"export-{id}.zip\"")),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
