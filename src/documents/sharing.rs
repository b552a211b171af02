//! Sharing: what the client of a case reads in the portal, and until when.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store::{seen_by, visible};
use super::{Document, DocumentError, Documents};
use crate::audit::Changes;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, DocumentId, Permission, Scope};
use crate::statement;

/// A share of a document with a client.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Share {
    /// With whom.
    pub client_id: ClientId,
    /// How the client is called.
    pub client: String,
    /// Who shared it.
    pub shared_by: String,
    /// When, or when its end was last changed.
    pub shared_at: DateTime<Utc>,
    /// When it ends; from then on the client sees nothing of the document.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it has ended.
    pub ended: bool,
}

#[derive(sqlx::FromRow)]
struct End {
    expires_at: Option<DateTime<Utc>>,
}

impl Documents {
    /// Whom a document is shared with, also those shares that have run out.
    ///
    /// # Errors
    /// Fails when the document is not open to the caller, or the caller is a client.
    pub async fn shares(&self, scope: &Scope, id: DocumentId) -> Result<Vec<Share>, DocumentError> {
        if !scope.may(Permission::ShareDocuments) {
            return Err(DocumentError::NotAllowed);
        }
        self.find(scope, id).await?;
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT s.client_id, k.name AS client, u.name AS shared_by, s.shared_at, s.expires_at,
                 (s.expires_at IS NOT NULL AND s.expires_at <= $4) AS ended
             FROM document_shares s
             JOIN documents d ON d.id = s.document_id
             JOIN clients k ON k.id = s.client_id
             JOIN users u ON u.id = s.shared_by
             WHERE ",
            visible!(),
            " AND d.id = $5 ORDER BY k.name, k.id LIMIT 100"
        ));
        Ok(tx.all(seen_by(select, scope).bind(id)).await?)
    }

    /// Lets the case's client read a document in the portal, until a moment or until
    /// it is taken back; for a document shared already, says anew until when.
    ///
    /// # Errors
    /// Fails when the document is not the caller's to change, the case has no client,
    /// or the end is not to come.
    pub async fn share(
        &self,
        scope: &Scope,
        id: DocumentId,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), DocumentError> {
        let now = self.clock.now();
        if until.is_some_and(|until| until <= now) {
            let words = "the end of a share must be to come; choose a later day".to_owned();
            return Err(DocumentError::Invalid(words));
        }
        let (document, client) = self.shareable(scope, id).await?;
        let client = client.ok_or(DocumentError::NoClient)?;
        let mut tx = self.db.write().await?;
        self.cases.still_changes(&mut tx, scope, document.case_id).await?;
        let before = end_of(&mut tx, id, client).await?;
        let insert = statement!(
            "INSERT INTO document_shares
                 (document_id, client_id, shared_by, shared_at, expires_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (document_id, client_id) DO UPDATE
             SET shared_by = $3, shared_at = $4, expires_at = $5"
        )
        .bind(id)
        .bind(client)
        .bind(scope.user())
        .bind(now)
        .bind(until);
        tx.execute(insert).await?;
        let was = before.map(|before| until_when(before.expires_at));
        let details = Changes::of("shared_until", was, until_when(until))
            .onto(json!({ "document": id, "client": client }));
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "document.share", details).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a document back from the case's client, at once.
    ///
    /// # Errors
    /// Fails when the document is not the caller's to change.
    pub async fn unshare(&self, scope: &Scope, id: DocumentId) -> Result<(), DocumentError> {
        let (document, client) = self.shareable(scope, id).await?;
        let client = client.ok_or(DocumentError::NoClient)?;
        let mut tx = self.db.write().await?;
        self.cases.still_changes(&mut tx, scope, document.case_id).await?;
        let before = end_of(&mut tx, id, client).await?;
        let delete =
            statement!("DELETE FROM document_shares WHERE document_id = $1 AND client_id = $2");
        tx.execute(delete.bind(id).bind(client)).await?;
        let was = before.map(|before| until_when(before.expires_at));
        let details = Changes::of("shared_until", was, json!(null))
            .onto(json!({ "document": id, "client": client }));
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "document.unshare", details).await?;
        Ok(tx.commit().await?)
    }

    /// Whether every one of some documents is open to the caller; for streams, which
    /// ask again and again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn all_open(&self, scope: &Scope, ids: &[DocumentId]) -> Result<bool, DocumentError> {
        if ids.is_empty() {
            return Ok(true);
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!("SELECT COUNT(*) FROM documents d WHERE ", visible!()));
        let select = seen_by(select, scope).and_in("d.id", ids.iter().copied());
        let (open,): (i64,) = tx.one(select).await?;
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        Ok(usize::try_from(open).is_ok_and(|open| open == distinct.len()))
    }

    /// A document the caller may share, and the client of its case.
    async fn shareable(
        &self,
        scope: &Scope,
        id: DocumentId,
    ) -> Result<(Document, Option<ClientId>), DocumentError> {
        if !scope.may(Permission::ShareDocuments) {
            return Err(DocumentError::NotAllowed);
        }
        let document = self.find(scope, id).await?;
        let case = self.cases.to_be_changed(scope, document.case_id).await?;
        Ok((document, case.client_id))
    }
}

/// How a share stands, in the transaction that changes it.
async fn end_of(
    tx: &mut Tx,
    document: DocumentId,
    client: ClientId,
) -> Result<Option<End>, DbError> {
    let select = statement!(
        "SELECT expires_at FROM document_shares WHERE document_id = $1 AND client_id = $2"
    );
    tx.optional(select.bind(document).bind(client)).await
}

/// When a share ends, as the record has it.
fn until_when(end: Option<DateTime<Utc>>) -> String {
    end.map_or_else(|| "taken back".to_owned(), |end| end.to_rfc3339())
}
