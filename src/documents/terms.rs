//! On what terms a client reads a document that was shared with them. Everything a
//! client can reach of a document asks here first.

use chrono::{DateTime, Utc};

use super::page_ranges::PageRanges;
use super::reading::Format;
use super::{Document, DocumentError, Documents, Version, store, watermark};
use crate::kernel::{CaseId, DocumentId, Scope, day_in_india};
use crate::statement;

/// The terms of a share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Which pages are shared.
    pub pages: PageRanges,
    /// Whether the pictures of pages carry the reader's name.
    pub watermark: bool,
    /// Whether the reader may take a file away.
    pub download: bool,
    /// When it ends.
    pub until: Option<DateTime<Utc>>,
}

impl Terms {
    /// Whether the original itself may be taken away: all of it is shared and no mark
    /// is asked for.
    #[must_use]
    pub const fn gives_original(&self) -> bool {
        self.download && !self.watermark && self.pages.are_all()
    }
}

#[derive(sqlx::FromRow)]
struct TermsRow {
    pages: Option<String>,
    watermark: bool,
    download: bool,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Names {
    person: String,
    client: String,
    organisation: String,
}

/// Refuses clients: what is not made for them shows pages whatever was shared.
pub(super) fn of_the_chamber(scope: &Scope) -> Result<(), DocumentError> {
    if scope.client().is_some() { Err(DocumentError::NotFound) } else { Ok(()) }
}

/// A version as its reader may know it: what its first pages say of the whole is not for
/// clients, who may not have been shown them.
pub(super) fn for_reader(scope: &Scope, version: Version) -> Version {
    if scope.client().is_none() {
        return version;
    }
    let (kind, about, findings, languages) = (None, None, None, None);
    Version { kind, about, findings, languages, error: None, needs_password: false, ..version }
}

/// A document with its version, as its reader may know them.
pub(super) fn document_for_reader(scope: &Scope, document: Document) -> Document {
    let version = for_reader(scope, document.version);
    Document { version, ..document }
}

/// The same of many.
pub(super) fn documents_for_reader(scope: &Scope, documents: Vec<Document>) -> Vec<Document> {
    documents.into_iter().map(|document| document_for_reader(scope, document)).collect()
}

impl Documents {
    /// On what terms the client who asks reads a document.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] when it is not shared with them, or the
    /// caller is no client.
    pub async fn terms(&self, scope: &Scope, id: DocumentId) -> Result<Terms, DocumentError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT s.pages, s.watermark, s.download, s.expires_at FROM shared_documents s
             WHERE s.document_id = $1 AND s.user_id = $2
               AND (s.expires_at IS NULL OR s.expires_at > $3)"
        );
        let select = select.bind(id).bind(scope.user()).bind(scope.granted_at());
        let row = tx.optional::<TermsRow>(select).await?.ok_or(DocumentError::NotFound)?;
        let TermsRow { pages, watermark, download, expires_at: until } = row;
        Ok(Terms { pages: PageRanges::of_stored(pages.as_deref()), watermark, download, until })
    }

    /// The documents shared with the client who asks, of all their cases or of one.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] for anyone who is not a client.
    pub async fn shared_with(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Document>, DocumentError> {
        if scope.client().is_none() {
            return Err(DocumentError::NotFound);
        }
        let mut tx = self.db.read().await?;
        Ok(documents_for_reader(scope, store::shared(&mut tx, scope, case).await?))
    }

    /// Which pages of a document are open to the caller: all to the chamber's people.
    ///
    /// # Errors
    /// Fails when it is not shared with the client who asks.
    pub(super) async fn open_pages(
        &self,
        scope: &Scope,
        id: DocumentId,
    ) -> Result<PageRanges, DocumentError> {
        if scope.client().is_none() {
            return Ok(PageRanges::ALL);
        }
        Ok(self.terms(scope, id).await?.pages)
    }

    /// Makes sure that a page is open to the caller.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] when it is not.
    pub(super) async fn opens_page(
        &self,
        scope: &Scope,
        id: DocumentId,
        page: u32,
    ) -> Result<(), DocumentError> {
        let open = self.open_pages(scope, id).await?;
        if open.has(page) { Ok(()) } else { Err(DocumentError::NotFound) }
    }

    /// The picture of a page as the caller may have it: with the mark drawn into it where
    /// the share asks for one.
    ///
    /// # Errors
    /// Fails when it is not shared any more, or the picture cannot be marked.
    pub(super) async fn picture_for(
        &self,
        scope: &Scope,
        id: DocumentId,
        picture: Vec<u8>,
    ) -> Result<Vec<u8>, DocumentError> {
        if scope.client().is_none() || !self.terms(scope, id).await?.watermark {
            return Ok(picture);
        }
        let words = self.mark_of(scope).await?;
        let marked = tokio::task::spawn_blocking(move || watermark::marked(&picture, &words));
        Ok(marked.await.map_err(std::io::Error::other)??)
    }

    /// What a mark says: who reads, for which client, when, and who shared it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn mark_of(&self, scope: &Scope) -> Result<String, DocumentError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT u.name AS person, k.name AS client, o.name AS organisation
             FROM users u JOIN clients k ON k.id = u.client_id
             JOIN organisations o ON o.id = u.organisation_id WHERE u.id = $1"
        );
        let names = tx.optional::<Names>(select.bind(scope.user())).await?;
        let Names { person, client, organisation } = names.ok_or(DocumentError::NotFound)?;
        let reader = if person == client { client } else { format!("{client}, {person}") };
        let day = day_in_india(self.clock.now()).format("%-d %b %Y");
        Ok(format!("{reader} · {day} · shared by {organisation}"))
    }

    /// The pages of a version that are open to the caller and have pictures, in order.
    ///
    /// # Errors
    /// Fails when the version is not open to the caller.
    pub async fn pictured(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Vec<u32>, DocumentError> {
        let version = self.version(scope, id, number).await?;
        if !Format::parse(&version.format).is_some_and(Format::has_pictures) {
            return Ok(Vec::new());
        }
        let total = u32::try_from(version.pages_total.unwrap_or(0)).unwrap_or(0);
        Ok(self.open_pages(scope, id).await?.within(total))
    }
}
