//! What other systems are told of documents.

use serde_json::json;

use super::{Documents, store};
use crate::db::{DbError, Tx};
use crate::events::{Event, EventKind};
use crate::kernel::VersionId;

impl Documents {
    /// Notes that a version is in the full-text index; the first time, other systems are
    /// told that it can be searched.
    pub(crate) async fn indexed(&self, version: VersionId) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let now = self.clock.now();
        if store::set_first_indexed(&mut tx, version, now).await? == 1 {
            self.tell(&mut tx, version, EventKind::DocumentReady).await?;
        } else {
            store::set_indexed(&mut tx, version, now).await?;
        }
        tx.commit().await
    }

    /// Tells other systems, in the transaction of it, that a version can be searched or
    /// could not be read.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        version: VersionId,
        kind: EventKind,
    ) -> Result<(), DbError> {
        let Some(origin) = store::origin(tx, version).await? else { return Ok(()) };
        let organisation = origin.organisation_id;
        let about = json!({ "document": origin.document_id, "version": version });
        let event = Event { organisation, kind, case: Some(origin.case_id), about };
        self.events.emit(tx, event).await.map(drop)
    }
}
