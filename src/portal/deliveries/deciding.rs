//! The chamber decides on what came.

use std::io;

use serde_json::json;

use super::{Delivery, DeliveryStatus, find};
use crate::db::Tx;
use crate::documents::DocumentError;
use crate::kernel::{DeliveryId, DocumentId, Scope};
use crate::portal::{Portal, PortalError, filled};
use crate::statement;

enum Decision {
    Accepted(DocumentId),
    Refused(String),
}

impl Portal {
    /// Takes a delivery into the case: it becomes a document and is read like any other.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or it was decided on already.
    pub async fn accept(&self, scope: &Scope, id: DeliveryId) -> Result<DocumentId, PortalError> {
        let delivery = self.waiting(scope, id).await?;
        let documents = &self.parts.documents;
        let (sha256, name, case) = (&delivery.sha256, &delivery.file_name, delivery.case_id);
        let moved = match documents.move_delivery(scope, id, sha256, name).await {
            // Somebody else decided meanwhile, and the bytes went.
            Err(DocumentError::Disk(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Err(PortalError::Decided);
            }
            moved => moved?,
        };
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, case).await?;
        let received = documents.enter_delivery_in(&mut tx, scope, case, name, &moved).await?;
        self.decide(&mut tx, scope, &delivery, Decision::Accepted(received.document)).await?;
        tx.commit().await?;
        documents.nudge();
        documents.forget_delivery(id, sha256).await?;
        Ok(received.document)
    }

    /// Refuses a delivery; its client reads why, its bytes are removed, and a request it
    /// was for is open again.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, no reason is given, or it was
    /// decided on already.
    pub async fn refuse(
        &self,
        scope: &Scope,
        id: DeliveryId,
        reason: &str,
    ) -> Result<(), PortalError> {
        let reason = filled(Some(reason))?;
        let reason = reason.ok_or(PortalError::Unfit("say why, so that the client knows"))?;
        let delivery = self.waiting(scope, id).await?;
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, delivery.case_id).await?;
        self.decide(&mut tx, scope, &delivery, Decision::Refused(reason)).await?;
        if let Some((request, _)) = &delivery.request {
            self.request_refused(&mut tx, *request).await?;
        }
        tx.commit().await?;
        Ok(self.parts.documents.forget_delivery(id, &delivery.sha256).await?)
    }

    /// A delivery the caller may decide on.
    async fn waiting(&self, scope: &Scope, id: DeliveryId) -> Result<Delivery, PortalError> {
        if scope.client().is_some() {
            return Err(PortalError::NotFound);
        }
        let mut tx = self.parts.db.read().await?;
        let delivery = find(&mut tx, scope, id).await?;
        drop(tx);
        self.parts.cases.to_be_changed(scope, delivery.case_id).await?;
        match delivery.status {
            DeliveryStatus::Waiting => Ok(delivery),
            DeliveryStatus::Accepted | DeliveryStatus::Refused => Err(PortalError::Decided),
        }
    }

    /// Writes a decision down; of two at once one wins.
    async fn decide(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        delivery: &Delivery,
        decision: Decision,
    ) -> Result<(), PortalError> {
        let (status, action) = match &decision {
            Decision::Accepted(_) => ("accepted", "delivery.accept"),
            Decision::Refused(_) => ("refused", "delivery.refuse"),
        };
        let (document, reason) = match decision {
            Decision::Accepted(document) => (Some(document), None),
            Decision::Refused(reason) => (None, Some(reason)),
        };
        let update = statement!(
            "UPDATE deliveries SET status = $2, decided_by = $3, decided_at = $4, reason = $5,
                 document_id = $6
             WHERE id = $1 AND status = 'waiting'"
        )
        .bind(delivery.id)
        .bind(status)
        .bind(scope.user())
        .bind(self.parts.clock.now())
        .bind(reason)
        .bind(document);
        if tx.execute(update).await? == 0 {
            return Err(PortalError::Decided);
        }
        let details =
            json!({ "case": delivery.case_id, "delivery": delivery.id, "document": document });
        Ok(self.record(tx, scope, action, details).await?)
    }
}
