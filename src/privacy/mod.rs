//! Protecting personal data: consent, exports, erasure, legal holds and retention.
//!
//! An *erasure* removes what the chamber holds of a client, a case, a document or a
//! person from every store, looks into each afterwards, and ends in a certificate
//! ([`erasure`]). A *legal hold* keeps a case or client from it. *Retention rules*
//! only ever propose: nothing is erased unless an admin asks for it. A *consent* is
//! kept with the exact wording it was given to. An *export* is everything of a client
//! or person in one archive that opens without this service.

mod archive;
mod consent;
pub mod erasure;
mod export;
mod holds;
mod page;
mod retention;
mod rotation;
mod store;

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::documents::{DocumentError, Documents};
use crate::jobs::Jobs;
use crate::kernel::{CaseId, ClientId, Clock, DocumentId, Permission, Scope, UserId};
use crate::search::{Search, SearchError};
use crate::vault::{Vault, VaultError};
use crate::vectors::{StoreError, Vectors};

pub use consent::{Consent, Given, How, Wording};
pub use erasure::{Certificate, Erasing, Erasure, Preview, Probe};
pub use export::{Export, Exporting};
pub use holds::{Hold, On};
pub use retention::{Due, Rule};
pub use rotation::{KeyUse, Rotated};

/// The kinds of background work there are.
pub mod work {
    /// Erasing.
    pub const ERASE: &str = "privacy.erase";
    /// Putting an export together.
    pub const EXPORT: &str = "privacy.export";
}

/// What can be done for personal data.
#[derive(Clone)]
pub struct Privacy {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    jobs: Jobs,
    vault: Vault,
    documents: Documents,
    search: Search,
    vectors: Vectors,
    exports: PathBuf,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// The queue.
    pub jobs: Jobs,
    /// What seals exports and what an erasure looks for.
    pub vault: Vault,
    /// Documents and their files.
    pub documents: Documents,
    /// The full-text index.
    pub search: Search,
    /// The vectors.
    pub vectors: Vectors,
    /// The folder exports lie in.
    pub exports: PathBuf,
}

/// What is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A client, with all their cases.
    Client(ClientId),
    /// A case.
    Case(CaseId),
    /// A document, with what is attached to it.
    Document(DocumentId),
    /// Somebody who signs in; their name goes, what they did stays recorded.
    User(UserId),
}

impl Subject {
    /// Makes a subject of its kind and id.
    #[must_use]
    pub fn of(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "client" => Some(Self::Client(id.into())),
            "case" => Some(Self::Case(id.into())),
            "document" => Some(Self::Document(id.into())),
            "user" => Some(Self::User(id.into())),
            _ => None,
        }
    }

    /// Its kind: `client`, `case`, `document`, `user`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Client(_) => "client",
            Self::Case(_) => "case",
            Self::Document(_) => "document",
            Self::User(_) => "user",
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Client(id) => id.uuid(),
            Self::Case(id) => id.uuid(),
            Self::Document(id) => id.uuid(),
            Self::User(id) => id.uuid(),
        }
    }
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// It is not there, or not open to the caller.
    #[error("there is nothing of this kind, or it is not open to you")]
    NotFound,
    /// A legal hold stands.
    #[error("a legal hold keeps it: {0}; lift the hold first")]
    Held(String),
    /// The name was not typed as it is.
    #[error("type the name exactly as it is shown: {0}")]
    NotConfirmed(String),
    /// What was asked makes no sense; this says what would.
    #[error("{0}")]
    Invalid(String),
    /// Documents failed.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The vectors failed.
    #[error(transparent)]
    Vectors(#[from] StoreError),
    /// It could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The disk failed.
    #[error("the disk failed")]
    Disk(#[from] std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Privacy {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, jobs, vault, documents, search, vectors, exports } = parts;
        Self { db, clock, audit, jobs, vault, documents, search, vectors, exports }
    }

    /// Writes a row of the record in the caller's name.
    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// Only those who protect data come further.
fn allowed(scope: &Scope) -> Result<(), PrivacyError> {
    if scope.may(Permission::ProtectData) { Ok(()) } else { Err(PrivacyError::NotFound) }
}
