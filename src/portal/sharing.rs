//! Documents shared with clients: sharing them, and what a client reads of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Portal, PortalError};
use crate::db::Tx;
use crate::documents::{Document, NewShare, PageRanges};
use crate::kernel::{CaseId, DocumentId, Scope, UserId};
use crate::notices::{Notice, Reader};
use crate::statement;

/// A document as the client it is shared with sees it in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedDocument {
    /// The document, with the version they see.
    pub document: Document,
    /// How many pages they see, once that is known.
    pub pages: Option<u32>,
    /// Whether they may take a file away.
    pub download: bool,
    /// When it was shared.
    pub shared_at: DateTime<Utc>,
    /// By whom.
    pub shared_by: String,
    /// When that ends.
    pub until: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    document_id: DocumentId,
    pages: Option<String>,
    download: bool,
    shared_at: DateTime<Utc>,
    shared_by: String,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Person {
    user_id: UserId,
}

impl Portal {
    /// Shares a document with the client of its case, or says anew on what terms; the
    /// client is told of one that is new to them.
    ///
    /// # Errors
    /// Fails when the document is not the caller's to change, the case has no client, or
    /// the terms cannot be.
    pub async fn share(
        &self,
        scope: &Scope,
        id: DocumentId,
        new: &NewShare,
    ) -> Result<(), PortalError> {
        let mut tx = self.parts.db.write().await?;
        let shared = self.parts.documents.share_in(&mut tx, scope, id, new).await?;
        if shared.is_new {
            self.tell_shared(&mut tx, scope, id, (shared.case, shared.case_title)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tells those who can read a document from now on: a wall may keep some people of a
    /// client out, and the case itself need not be shown.
    async fn tell_shared(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: DocumentId,
        (case, case_title): (CaseId, String),
    ) -> Result<(), PortalError> {
        let select = statement!(
            "SELECT s.user_id FROM shared_documents s JOIN users u ON u.id = s.user_id
             WHERE s.document_id = $1 AND u.active = TRUE ORDER BY s.user_id LIMIT 200"
        );
        let people = tx.all::<Person>(select.bind(id)).await?;
        let notice = Notice::DocumentsShared { case_title, count: 1 };
        // The case stands in the address for the letter: whether something of it is open to
        // its reader is asked again before it goes.
        let link = format!("/portal/documents/{id}?case={case}");
        for Person { user_id } in people {
            let (organisation, reader) = (scope.organisation(), Reader::Person(user_id));
            self.parts.notices.tell(tx, organisation, reader, &notice, &link).await?;
        }
        Ok(())
    }

    /// The documents shared with the client who asks, or those of one case; the latest
    /// first.
    ///
    /// # Errors
    /// Fails for anyone who is not a client.
    pub async fn shared(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<SharedDocument>, PortalError> {
        Self::client_of(scope)?;
        let mut tx = self.parts.db.read().await?;
        let select = statement!(
            "SELECT s.document_id, s.pages, s.download, x.shared_at, u.name AS shared_by,
                 s.expires_at
             FROM shared_documents s
             JOIN users me ON me.id = s.user_id
             JOIN document_shares x ON x.document_id = s.document_id
              AND x.client_id = me.client_id
             JOIN users u ON u.id = x.shared_by
             WHERE s.user_id = $1 AND (s.expires_at IS NULL OR s.expires_at > $2)
             ORDER BY x.shared_at DESC, s.document_id LIMIT 5000"
        );
        let select = select.bind(scope.user()).bind(scope.granted_at());
        let rows = tx.all::<Row>(select).await?;
        drop(tx);
        let documents = self.parts.documents.shared_with(scope, case).await?.into_iter();
        let mut documents: HashMap<DocumentId, Document> =
            documents.map(|document| (document.id, document)).collect();
        let shared = rows.into_iter().filter_map(|row| {
            let document = documents.remove(&row.document_id)?;
            let total = document.version.pages_total.and_then(|total| u32::try_from(total).ok());
            let ranges = PageRanges::of_stored(row.pages.as_deref());
            let pages = total.map(|total| u32::try_from(ranges.within(total).len()).unwrap_or(0));
            Some(SharedDocument {
                document,
                pages,
                download: row.download,
                shared_at: row.shared_at,
                shared_by: row.shared_by,
                until: row.expires_at,
            })
        });
        Ok(shared.collect())
    }
}
