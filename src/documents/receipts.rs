//! View receipts: which pages of a shared document its client looked at.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::{DocumentError, Documents};
use crate::kernel::{CaseId, DocumentId, Scope, UserId};
use crate::statement;

/// The number under which it is kept that the file was taken away.
const FILE: u32 = 0;

/// What one person of a client looked at of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The document.
    pub document: DocumentId,
    /// Who.
    pub user: UserId,
    /// How they are called.
    pub name: String,
    /// Which version.
    pub version: i64,
    /// The pages they looked at, in order, each with how often.
    pub pages: Vec<(u32, i64)>,
    /// How often they took the file away.
    pub taken: i64,
    /// When they first looked.
    pub first_at: DateTime<Utc>,
    /// When they last did.
    pub last_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    document_id: DocumentId,
    user_id: UserId,
    name: String,
    version: i64,
    page: i64,
    views: i64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

impl Documents {
    /// Counts that a client looked at pages; nothing for the chamber's people.
    pub(super) async fn seen_by_client(
        &self,
        scope: &Scope,
        id: DocumentId,
        version: i64,
        pages: &[u32],
    ) -> Result<(), DocumentError> {
        if scope.client().is_none() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        for &page in pages {
            let insert = statement!(
                "INSERT INTO share_views
                     (document_id, user_id, version, page, views, first_at, last_at)
                 VALUES ($1, $2, $3, $4, 1, $5, $5)
                 ON CONFLICT (document_id, user_id, version, page) DO UPDATE
                 SET views = share_views.views + 1, last_at = $5"
            );
            let insert = insert.bind(id).bind(scope.user()).bind(version).bind(page).bind(now);
            tx.execute(insert).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Counts that a client took the file away.
    pub(super) async fn taken_by_client(
        &self,
        scope: &Scope,
        id: DocumentId,
        version: i64,
    ) -> Result<(), DocumentError> {
        self.seen_by_client(scope, id, version, &[FILE]).await
    }

    /// What clients looked at of the documents of a case, the last look first.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn receipts(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Receipt>, DocumentError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT w.document_id, w.user_id, u.name, w.version, w.page, w.views, w.first_at,
                 w.last_at
             FROM share_views w
             JOIN documents d ON d.id = w.document_id
             JOIN users u ON u.id = w.user_id
             JOIN open_cases o ON o.case_id = d.case_id AND o.user_id = $1
             WHERE d.organisation_id = $2 AND d.case_id = $3
             ORDER BY w.document_id, w.user_id, w.version, w.page LIMIT 20000"
        );
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(case);
        let rows = tx.all::<Row>(select).await?;
        Ok(gathered(rows))
    }
}

/// Rows of pages as one receipt for each person and version.
fn gathered(rows: Vec<Row>) -> Vec<Receipt> {
    let mut receipts: Vec<Receipt> = Vec::new();
    for row in rows {
        let page = u32::try_from(row.page).unwrap_or(u32::MAX);
        let same = |one: &Receipt| {
            (one.document, one.user, one.version) == (row.document_id, row.user_id, row.version)
        };
        if !receipts.last().is_some_and(same) {
            receipts.push(Receipt {
                document: row.document_id,
                user: row.user_id,
                name: row.name,
                version: row.version,
                pages: Vec::new(),
                taken: 0,
                first_at: row.first_at,
                last_at: row.last_at,
            });
        }
        let Some(receipt) = receipts.last_mut() else { continue };
        receipt.first_at = receipt.first_at.min(row.first_at);
        receipt.last_at = receipt.last_at.max(row.last_at);
        if page == FILE {
            receipt.taken = row.views;
        } else {
            receipt.pages.push((page, row.views));
        }
    }
    receipts.sort_by_key(|receipt| Reverse(receipt.last_at));
    receipts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_one_person_and_version_are_one_receipt() {
        let (document, user) = (DocumentId::new(), UserId::new());
        let at = |minutes: i64| DateTime::from_timestamp(1_790_000_000 + minutes * 60, 0).unwrap();
        let row = |version, page, views, last| Row {
            document_id: document,
            user_id: user,
            name: "Rakesh Sharma".into(),
            version,
            page,
            views,
            first_at: at(0),
            last_at: at(last),
        };
        let rows = vec![row(1, 0, 1, 5), row(1, 2, 3, 4), row(1, 7, 1, 2), row(2, 1, 1, 9)];
        let receipts = gathered(rows);
        assert_eq!(receipts.len(), 2);
        assert_eq!((receipts[0].version, receipts[0].pages.as_slice()), (2, [(1, 1)].as_slice()));
        assert_eq!(receipts[1].pages, [(2, 3), (7, 1)]);
        assert_eq!((receipts[1].taken, receipts[1].last_at), (1, at(5)));
    }
}
