//! Documents: what advocates upload, in versions, read page by page.
//!
//! A *document* belongs to a case. Its *versions* are certain bytes each, kept in
//! the blob store; a version's *pages* hold the text as read and where each word
//! stands; its *passages* are what is searched and cited. Citations name the
//! version they saw, so a new version never moves them.
//!
//! Reading runs in the background ([`ingest`]); search and vectors take the
//! passages from here and report back when a version can be found.

mod about;
pub mod blobs;
mod changes;
mod deliveries;
mod derived;
mod entire;
pub mod entities;
pub(crate) mod erase;
pub mod find;
mod images;
pub mod ingest;
mod loose;
mod naming;
mod neighbours;
mod outline;
mod page_ranges;
mod page_views;
mod pages;
pub mod passages;
pub mod reading;
mod receipts;
mod rereading;
mod sealing;
mod sharing;
mod sketch;
mod states;
mod store;
pub mod structure;
mod taking;
mod terms;
mod text;
mod told;
mod unfinished;
mod upload;
mod viewing;
mod watermark;
mod whole;
mod wholes;

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde_json::json;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::jobs::Jobs;
use crate::kernel::{CaseId, Clock, DocumentId, OrganisationId, Scope, UserId, VersionId};

use crate::vault::VaultError;
use blobs::Blobs;
use reading::{ReadError, Reader};

pub use about::About;
pub use changes::{Change, ChangeKind, Paragraph};
pub use deliveries::{Delivered, Moved};
pub(crate) use derived::Derivable;
pub use entire::Entire;
pub use images::Images;
pub use naming::Named;
pub use neighbours::Neighbour;
pub use page_ranges::{BadRanges, PageRanges};
pub use pages::Page;
pub use receipts::Receipt;
pub use rereading::Reread;
pub use sharing::{NewShare, Share, Shared};
pub use sketch::Copy;
pub use taking::Taken;
pub use terms::Terms;
pub use text::{Coverage, Indexable, IndexablePassage, PassageText, TextPage};
pub use unfinished::DeadWork;
pub use upload::{Received, Target};
pub use viewing::{Elsewhere, EntityRow, Hit, Hits, Occurrence};
pub use whole::WholeText;

/// The kinds of background work a document goes through.
pub mod work {
    /// Reading a version page by page.
    pub const READ: &str = "documents.read";
    /// Putting a version into the full-text index.
    pub const INDEX: &str = "search.index";
    /// Turning a version's passages into vectors.
    pub const EMBED: &str = "vectors.embed";
}

/// What can be done with documents.
#[derive(Clone)]
pub struct Documents {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    events: Events,
    jobs: Jobs,
    cases: Cases,
    blobs: Blobs,
    delivered: Blobs,
    reader: Reader,
    images: Images,
    max_upload_bytes: u64,
}

/// A document with its latest version, as lists show it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The mail it was attached to.
    pub parent_id: Option<DocumentId>,
    /// How it is called.
    pub title: String,
    /// When it was first uploaded.
    pub created_at: DateTime<Utc>,
    /// How many clients it is shared with now.
    pub shares: i64,
    /// Its latest version.
    #[sqlx(flatten)]
    pub version: Version,
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Version {
    /// Its id.
    pub version_id: VersionId,
    /// Its number, from 1.
    pub number: i64,
    /// The name the file came with.
    pub file_name: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes.
    pub size_bytes: i64,
    /// What the bytes are: `pdf`, `docx`, `text`, `mail`.
    pub format: String,
    /// How far reading has come: `queued`, `reading`, `read`, `failed`.
    pub status: String,
    /// Why reading failed.
    pub error: Option<String>,
    /// What kind of document it is: `judgment`, `agreement`, …
    pub kind: Option<String>,
    /// What it is, as JSON; read it with [`Version::told`].
    pub about: Option<String>,
    /// What its reader should know, as JSON; read it with [`Version::known_findings`].
    pub findings: Option<String>,
    /// The languages its pages are recognised in, when somebody chose.
    pub languages: Option<String>,
    /// Whether only a password stands in the way of reading it.
    pub needs_password: bool,
    /// How many pages it has, once known.
    pub pages_total: Option<i64>,
    /// How many are read.
    pub pages_done: i64,
    /// How many of them could not be read.
    pub pages_unreadable: i64,
    /// How long each of the last pages took, in milliseconds.
    pub page_ms: Option<i64>,
    /// When it became searchable.
    pub indexed_at: Option<DateTime<Utc>>,
    /// When it became searchable by meaning.
    pub embedded_at: Option<DateTime<Utc>>,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
    /// By whom.
    pub uploaded_by: String,
}

/// Why something could not be done to a document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not there, or not open to the caller.
    #[error("there is no such document")]
    NotFound,
    /// The case is not there, or not open to the caller.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// It is not something the service reads.
    #[error("{0}")]
    Refused(String),
    /// What was asked makes no sense; this says what would.
    #[error("{0}")]
    Invalid(String),
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// It is too large.
    #[error("the file is larger than {0} MiB, the most this service accepts")]
    TooLarge(u64),
    /// The transfer broke off.
    #[error("the upload broke off; send the file again")]
    BrokenOff(#[source] std::io::Error),
    /// There is no client to share it with.
    #[error("the case has no client to share documents with; set the case's client first")]
    NoClient,
    /// Only the chamber's people share.
    #[error("only the chamber's own people may do that")]
    NotAllowed,
    /// The page cannot be drawn.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The disk failed.
    #[error("the file could not be stored or fetched")]
    Disk(#[from] std::io::Error),
    /// A password could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What the documents area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What other systems are told.
    pub events: Events,
    /// The queue.
    pub jobs: Jobs,
    /// The cases.
    pub cases: Cases,
    /// The bytes.
    pub blobs: Blobs,
    /// The bytes of files clients sent and nobody took in yet.
    pub delivered: Blobs,
    /// What reads and draws.
    pub reader: Reader,
    /// Where page images are kept.
    pub images: Images,
    /// The largest file accepted.
    pub max_upload_bytes: u64,
}

impl Documents {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, events, jobs, cases, blobs, delivered, .. } = parts;
        let Parts { reader, images, max_upload_bytes, .. } = parts;
        Self {
            db,
            clock,
            audit,
            events,
            jobs,
            cases,
            blobs,
            delivered,
            reader,
            images,
            max_upload_bytes,
        }
    }

    /// The documents of a case, newest first, attachments after their mail.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn list(&self, scope: &Scope, case: CaseId) -> Result<Vec<Document>, DocumentError> {
        self.cases.find(scope, case).await?;
        let mut tx = self.db.read().await?;
        let documents = store::list(&mut tx, scope, case).await?;
        Ok(terms::documents_for_reader(scope, documents))
    }

    /// The newest documents the caller may see, over all cases; for a client,
    /// those shared with them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn recent(&self, scope: &Scope) -> Result<Vec<Document>, DocumentError> {
        let mut tx = self.db.read().await?;
        let documents = store::recent(&mut tx, scope).await?;
        Ok(terms::documents_for_reader(scope, documents))
    }

    /// A document the caller may see.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] when it is not there or not open to them.
    pub async fn find(&self, scope: &Scope, id: DocumentId) -> Result<Document, DocumentError> {
        let mut tx = self.db.read().await?;
        let found = store::find(&mut tx, scope, id).await?.ok_or(DocumentError::NotFound)?;
        Ok(terms::document_for_reader(scope, found))
    }

    /// A document's versions, oldest first.
    ///
    /// # Errors
    /// Fails when the document is not open to the caller.
    pub async fn versions(
        &self,
        scope: &Scope,
        id: DocumentId,
    ) -> Result<Vec<Version>, DocumentError> {
        let mut tx = self.db.read().await?;
        let versions = store::versions(&mut tx, scope, id).await?;
        if versions.is_empty() {
            return Err(DocumentError::NotFound);
        }
        Ok(versions.into_iter().map(|version| terms::for_reader(scope, version)).collect())
    }

    /// The documents that came attached to a mail.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn attachments(
        &self,
        scope: &Scope,
        id: DocumentId,
    ) -> Result<Vec<Document>, DocumentError> {
        let mut tx = self.db.read().await?;
        let documents = store::attachments(&mut tx, scope, id).await?;
        Ok(terms::documents_for_reader(scope, documents))
    }

    /// One version of a document.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn version(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Version, DocumentError> {
        let versions = self.versions(scope, id).await?;
        versions.into_iter().find(|version| version.number == number).ok_or(DocumentError::NotFound)
    }

    /// A version and the bytes of its original file, for download.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn original(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<(Version, impl Stream<Item = io::Result<Bytes>> + Send + use<>), DocumentError>
    {
        if scope.client().is_some() && !self.terms(scope, id).await?.gives_original() {
            return Err(DocumentError::NotFound);
        }
        let version = self.version(scope, id, number).await?;
        let bytes = self.blobs.bytes(scope.organisation(), &version.sha256).await?;
        self.audit
            .viewed(scope, "document.download", json!({ "document": id, "version": number }))
            .await?;
        Ok((version, bytes))
    }
}

/// Who a version's background work is for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Origin {
    pub(crate) version_id: VersionId,
    pub(crate) document_id: DocumentId,
    pub(crate) case_id: CaseId,
    pub(crate) organisation_id: OrganisationId,
    pub(crate) created_by: UserId,
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) format: String,
    pub(crate) status: String,
    pub(crate) languages: Option<String>,
    pub(crate) recognise_all: bool,
    pub(crate) password_sealed: Option<Vec<u8>>,
}
