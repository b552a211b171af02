//! What clients send: files kept apart from the case until somebody of the chamber takes
//! them in or refuses them with a reason.

mod deciding;
mod sending;

use std::io;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Portal, PortalError, read_of};
use crate::db::Tx;
use crate::kernel::{CaseId, DeliveryId, DocumentId, RequestId, Scope};
use crate::statement;

/// The largest file a client can send, in MiB.
pub const LARGEST_MIB: u64 = 50;
/// The most files the people of one client can send in a day.
pub const MOST_A_DAY: i64 = 60;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Nobody decided yet.
    Waiting,
    /// It is a document of the case.
    Accepted,
    /// It was refused; its bytes are gone.
    Refused,
}

/// A file a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// For which case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// What it was sent for: the request and what it asks.
    pub request: Option<(RequestId, String)>,
    /// Who sent it.
    pub sent_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// What the file is called.
    pub file_name: String,
    /// How many bytes.
    pub size_bytes: i64,
    /// What the bytes are.
    pub format: String,
    /// What the client says of it.
    pub note: Option<String>,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Who decided; not told to the client.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// What it became; not told to the client.
    pub document: Option<DocumentId>,
    sha256: String,
}

/// What a file is sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// For which case.
    pub case: CaseId,
    /// For which request.
    pub request: Option<RequestId>,
    /// What the client says of it.
    pub note: Option<String>,
    /// What the file is called.
    pub file_name: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: DeliveryId,
    case_id: CaseId,
    case_title: String,
    request_id: Option<RequestId>,
    request_what: Option<String>,
    sent_by: String,
    sent_at: DateTime<Utc>,
    file_name: String,
    sha256: String,
    size_bytes: i64,
    format: String,
    note: Option<String>,
    status: String,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    document_id: Option<DocumentId>,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
        let status = match row.status.as_str() {
            "accepted" => DeliveryStatus::Accepted,
            "refused" => DeliveryStatus::Refused,
            _ => DeliveryStatus::Waiting,
        };
        Self {
            id: row.id,
            case_id: row.case_id,
            case_title: row.case_title,
            request: row.request_id.zip(row.request_what),
            sent_by: row.sent_by,
            sent_at: row.sent_at,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            format: row.format,
            note: row.note,
            status,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason,
            document: row.document_id,
            sha256: row.sha256,
        }
    }
}

macro_rules! deliveries {
    () => {
        concat!(
            "SELECT d.id, d.case_id, c.title AS case_title, d.request_id, r.what AS request_what,
                 u.name AS sent_by, d.sent_at, d.file_name, d.sha256, d.size_bytes, d.format,
                 d.note, d.status, b.name AS decided_by, d.decided_at, d.reason, d.document_id
             FROM deliveries d
             JOIN cases c ON c.id = d.case_id AND c.client_id = d.client_id
             JOIN users u ON u.id = d.sent_by
             LEFT JOIN users b ON b.id = d.decided_by
             LEFT JOIN client_requests r ON r.id = d.request_id
             WHERE d.organisation_id = $2 AND ",
            read_of!()
        )
    };
}

impl Portal {
    /// What was sent in the caller's cases or one of them: what waits first, the latest
    /// first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn deliveries(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Delivery>, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(deliveries!())
            .bind(scope.user())
            .bind(scope.organisation())
            .and_if("d.case_id =", case)
            .then(
                " ORDER BY CASE WHEN d.status = 'waiting' THEN 0 ELSE 1 END, d.sent_at DESC, d.id
                  LIMIT 500",
            );
        let rows = tx.all::<Row>(select).await?;
        Ok(rows.into_iter().map(Delivery::from).collect())
    }

    /// A delivery of a case open to the caller, and its bytes while it waits. The look at
    /// it is recorded.
    ///
    /// # Errors
    /// Fails when it is not there, not open to the caller, or decided on already.
    pub async fn delivered_file(
        &self,
        scope: &Scope,
        id: DeliveryId,
    ) -> Result<(Delivery, impl Stream<Item = io::Result<Bytes>> + Send + use<>), PortalError> {
        let mut tx = self.parts.db.read().await?;
        let delivery = find(&mut tx, scope, id).await?;
        drop(tx);
        if scope.client().is_some() || delivery.status != DeliveryStatus::Waiting {
            return Err(PortalError::NotFound);
        }
        let bytes = self.parts.documents.delivered_bytes(id, &delivery.sha256).await?;
        let details = json!({ "case": delivery.case_id, "delivery": id });
        self.parts.audit.viewed(scope, "delivery.view", details).await?;
        Ok((delivery, bytes))
    }
}

async fn find(tx: &mut Tx, scope: &Scope, id: DeliveryId) -> Result<Delivery, PortalError> {
    let select = statement!(concat!(deliveries!(), " AND d.id = $3"));
    let select = select.bind(scope.user()).bind(scope.organisation()).bind(id);
    let row = tx.optional::<Row>(select).await?;
    row.map(Delivery::from).ok_or(PortalError::NotFound)
}
