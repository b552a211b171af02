//! The record: who did what.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Admin;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::audit::Entry;
use crate::kernel::UserId;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_audit_entries))
}

/// One row of the record.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    /// Its place in the record, from 1.
    number: i64,
    /// When it was done.
    at: DateTime<Utc>,
    /// By whom; nobody for the service itself.
    user_id: Option<UserId>,
    /// What.
    #[schema(example = "document.view")]
    action: String,
    /// The particulars.
    #[schema(value_type = Object)]
    details: Value,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        let Entry { number, at, user_id, action, details, .. } = entry;
        Self { number, at, user_id, action, details }
    }
}

/// List who did what
///
/// The newest rows, newest first. For admins.
#[utoipa::path(get, path = "/api/v1/audit", tag = "admin",
    responses((status = 200, description = "The rows.", body = [AuditEntry]), Problem))]
async fn list_audit_entries(
    State(app): State<App>,
    Admin(caller): Admin,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let entries = app.audit.recent(&caller.scope).await?;
    Ok(Json(entries.into_iter().map(AuditEntry::from).collect()))
}
