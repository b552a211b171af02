//! How far each document is, for what must notice that something changed.

use chrono::{DateTime, Utc};

use crate::kernel::{CaseId, Scope, VersionId};
use crate::statement;

use super::store::{seen_by, visible};
use super::{DocumentError, Documents};

#[derive(sqlx::FromRow)]
struct StateRow {
    id: VersionId,
    title: String,
    status: String,
    indexed_at: Option<DateTime<Utc>>,
}

impl Documents {
    /// The state of each document that is open to the caller, or those of one case: which
    /// version is the newest and how far it is read. Equal states mean that nothing
    /// changed that an answer could read.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn states(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
    ) -> Result<Vec<String>, DocumentError> {
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT v.id, d.title, v.status, v.indexed_at
             FROM documents d
             JOIN versions v ON v.document_id = d.id
              AND v.number = (SELECT MAX(w.number) FROM versions w WHERE w.document_id = d.id)
             WHERE ",
            visible!()
        ));
        let select = seen_by(select, scope).and_if("d.case_id =", within).then(" ORDER BY v.id");
        let rows: Vec<StateRow> = tx.all(select).await?;
        Ok(rows
            .into_iter()
            .map(|StateRow { id, title, status, indexed_at }| {
                let read = indexed_at.map(|at| at.timestamp_micros()).unwrap_or_default();
                format!("{} {status} {read} {title}", id.uuid())
            })
            .collect())
    }
}
