//! Sharing: what the client of a case reads in the portal, on what terms, and until when.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::page_ranges::PageRanges;
use super::store::{seen_by, visible};
use super::{Document, DocumentError, Documents};
use crate::audit::Changes;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, DocumentId, Permission, Scope};
use crate::statement;

/// A share of a document with a client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a term of the share of its own")]
pub struct Share {
    /// The document.
    pub document: DocumentId,
    /// With whom.
    pub client_id: ClientId,
    /// How the client is called.
    pub client: String,
    /// Who shared it.
    pub shared_by: String,
    /// When, or when its terms were last changed.
    pub shared_at: DateTime<Utc>,
    /// When it ends; from then on the client sees nothing of the document.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it has ended.
    pub ended: bool,
    /// Which pages are shared.
    pub pages: PageRanges,
    /// Whether the pictures of pages carry the reader's name.
    pub watermark: bool,
    /// Whether the client may take a file away.
    pub download: bool,
    /// The version that was shared; none for every one.
    pub version: Option<i64>,
    /// Whether versions after it are shared too.
    pub later_versions: bool,
}

/// How a document is to be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShare {
    /// When it ends; none until it is taken back.
    pub until: Option<DateTime<Utc>>,
    /// Which pages.
    pub pages: PageRanges,
    /// Whether the pictures of pages carry the reader's name.
    pub watermark: bool,
    /// Whether the client may take a file away.
    pub download: bool,
    /// Which version; the latest when none is named.
    pub version: Option<i64>,
    /// Whether versions after it are shared too.
    pub later_versions: bool,
}

impl Default for NewShare {
    /// The latest version, every page of it with a mark, nothing to take away, no end.
    fn default() -> Self {
        Self {
            until: None,
            pages: PageRanges::ALL,
            watermark: true,
            download: false,
            version: None,
            later_versions: false,
        }
    }
}

/// What was shared, and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The case of the document.
    pub case: CaseId,
    /// The case's title.
    pub case_title: String,
    /// With whom.
    pub client: ClientId,
    /// Whether it was not shared with them before.
    pub is_new: bool,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a term of the share of its own")]
struct ShareRow {
    document_id: DocumentId,
    client_id: ClientId,
    client: String,
    shared_by: String,
    shared_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    ended: bool,
    pages: Option<String>,
    watermark: bool,
    download: bool,
    version: Option<i64>,
    later_versions: bool,
}

impl From<ShareRow> for Share {
    fn from(row: ShareRow) -> Self {
        let ShareRow { document_id: document, client_id, client, shared_by, shared_at, .. } = row;
        Self {
            document,
            client_id,
            client,
            shared_by,
            shared_at,
            expires_at: row.expires_at,
            ended: row.ended,
            pages: PageRanges::of_stored(row.pages.as_deref()),
            watermark: row.watermark,
            download: row.download,
            version: row.version,
            later_versions: row.later_versions,
        }
    }
}

#[derive(sqlx::FromRow)]
struct End {
    expires_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Id {
    document_id: DocumentId,
}

macro_rules! shares {
    () => {
        concat!(
            "SELECT s.document_id, s.client_id, k.name AS client, u.name AS shared_by,
                 s.shared_at, s.expires_at,
                 (s.expires_at IS NOT NULL AND s.expires_at <= $4) AS ended,
                 s.pages, s.watermark, s.download, s.version, s.later_versions
             FROM document_shares s
             JOIN documents d ON d.id = s.document_id
             JOIN clients k ON k.id = s.client_id
             JOIN users u ON u.id = s.shared_by
             WHERE ",
            visible!()
        )
    };
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
        let select =
            statement!(concat!(shares!(), " AND d.id = $5 ORDER BY k.name, k.id LIMIT 100"));
        let rows = tx.all::<ShareRow>(seen_by(select, scope).bind(id)).await?;
        Ok(rows.into_iter().map(Share::from).collect())
    }

    /// The shares of a case's documents, also those that have run out, the latest first.
    ///
    /// # Errors
    /// Fails when the caller is a client.
    pub async fn shares_of_case(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Share>, DocumentError> {
        if scope.client().is_some() {
            return Err(DocumentError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            shares!(),
            " AND d.case_id = $5 ORDER BY s.shared_at DESC, s.document_id LIMIT 1000"
        ));
        let rows = tx.all::<ShareRow>(seen_by(select, scope).bind(case)).await?;
        Ok(rows.into_iter().map(Share::from).collect())
    }

    /// Lets the case's client read a document in the portal, in the transaction of who
    /// calls; for a document shared already, says anew on what terms.
    ///
    /// # Errors
    /// Fails when the document is not the caller's to change, the case has no client,
    /// the end is not to come, or there is no such version.
    pub async fn share_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: DocumentId,
        new: &NewShare,
    ) -> Result<Shared, DocumentError> {
        let now = self.clock.now();
        if new.until.is_some_and(|until| until <= now) {
            let words = "the end of a share must be to come; choose a later day".to_owned();
            return Err(DocumentError::Invalid(words));
        }
        let (document, client) = self.shareable(scope, id).await?;
        let client = client.ok_or(DocumentError::NoClient)?;
        let number = new.version.unwrap_or(document.version.number);
        let version = self.version(scope, id, number).await?;
        let total = version.pages_total.and_then(|pages| u32::try_from(pages).ok());
        if total.is_some_and(|total| new.pages.within(total).is_empty()) {
            let words = "none of those pages is in the document; name pages it has".to_owned();
            return Err(DocumentError::Invalid(words));
        }
        self.cases.still_changes(tx, scope, document.case_id).await?;
        let before = end_of(tx, id, client).await?;
        insert_share(tx, scope, (id, client, number), new, now).await?;
        let is_new = before.is_none();
        let was = before.map(|before| until_when(before.expires_at));
        let details = Changes::of("shared_until", was, until_when(new.until)).onto(json!({
            "document": id, "client": client, "version": number, "pages": new.pages.stored(),
            "watermark": new.watermark, "download": new.download,
            "later_versions": new.later_versions,
        }));
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(tx, organisation, user, "document.share", details).await?;
        Ok(Shared { case: document.case_id, case_title: document.case_title, client, is_new })
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
        self.unshare_in(&mut tx, scope, id, client).await?;
        Ok(tx.commit().await?)
    }

    async fn unshare_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: DocumentId,
        client: ClientId,
    ) -> Result<(), DocumentError> {
        let before = end_of(tx, id, client).await?;
        let delete =
            statement!("DELETE FROM document_shares WHERE document_id = $1 AND client_id = $2");
        tx.execute(delete.bind(id).bind(client)).await?;
        let was = before.map(|before| until_when(before.expires_at));
        let details = Changes::of("shared_until", was, json!(null))
            .onto(json!({ "document": id, "client": client }));
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        Ok(self.audit.record(tx, organisation, user, "document.unshare", details).await?)
    }

    /// Takes every document of a case back from a client, in the transaction of who calls
    /// and has found that they may; gives how many there were.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn unshare_case_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        client: ClientId,
    ) -> Result<u64, DocumentError> {
        let select = statement!(
            "SELECT s.document_id FROM document_shares s JOIN documents d ON d.id = s.document_id
             WHERE d.organisation_id = $1 AND d.case_id = $2 AND s.client_id = $3"
        );
        let select = select.bind(scope.organisation()).bind(case).bind(client);
        let shared = tx.all::<Id>(select).await?;
        for Id { document_id } in &shared {
            self.unshare_in(tx, scope, *document_id, client).await?;
        }
        Ok(shared.len() as u64)
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

async fn insert_share(
    tx: &mut Tx,
    scope: &Scope,
    (id, client, version): (DocumentId, ClientId, i64),
    new: &NewShare,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO document_shares (document_id, client_id, shared_by, shared_at, expires_at,
             pages, watermark, download, version, later_versions)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (document_id, client_id) DO UPDATE
         SET shared_by = $3, shared_at = $4, expires_at = $5, pages = $6, watermark = $7,
             download = $8, version = $9, later_versions = $10"
    )
    .bind(id)
    .bind(client)
    .bind(scope.user())
    .bind(now)
    .bind(new.until)
    .bind(new.pages.stored())
    .bind(new.watermark)
    .bind(new.download)
    .bind(version)
    .bind(new.later_versions);
    tx.execute(insert).await.map(drop)
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
