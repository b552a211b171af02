//! A version from its first page to its last, for what must read all of it.

use super::terms::of_the_chamber;
use super::{Document, DocumentError, Documents, PassageText, Version};
use crate::kernel::{DocumentId, PassageId, Scope};
use crate::statement;

/// How many passages are fetched at once.
const AT_ONCE: usize = 400;

/// A version of a document, whole.
#[derive(Debug, Clone)]
pub struct Entire {
    /// The document.
    pub document: Document,
    /// The version that was read.
    pub version: Version,
    /// Its passages, in order.
    pub passages: Vec<PassageText>,
    /// The pages of it that could not be read.
    pub unreadable: Vec<u32>,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: PassageId,
}

impl Documents {
    /// A version of a document with all its passages; without a number the newest that
    /// is read.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller, and with
    /// [`DocumentError::Invalid`] when it is not read yet.
    pub async fn entire(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: Option<i64>,
    ) -> Result<Entire, DocumentError> {
        of_the_chamber(scope)?;
        let document = self.find(scope, id).await?;
        let version = self.read_version(scope, &document, number).await?;
        let ids: Vec<PassageId> = {
            let mut tx = self.db.read().await?;
            let select = statement!(
                "SELECT id FROM passages WHERE version_id = $1 AND ordinal >= 0 ORDER BY ordinal"
            );
            let rows = tx.all::<IdRow>(select.bind(version.version_id)).await?;
            rows.into_iter().map(|row| row.id).collect()
        };
        let mut passages = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            passages.extend(self.passages(scope, some).await?);
        }
        let ledger = self.ledger(scope, id, version.number).await?;
        let unreadable = ledger.iter().filter(|page| page.error.is_some());
        let unreadable = unreadable.map(|page| page.number).collect();
        Ok(Entire { document, version, passages, unreadable })
    }

    /// The version with a number, or the newest that is read.
    ///
    /// # Errors
    /// As [`Documents::entire`].
    pub async fn read_version(
        &self,
        scope: &Scope,
        document: &Document,
        number: Option<i64>,
    ) -> Result<Version, DocumentError> {
        let unread = || {
            let title = &document.title;
            let words = format!("“{title}” is not read yet; ask again when it is");
            DocumentError::Invalid(words)
        };
        let is_read = |version: &Version| version.status == "read";
        match number {
            Some(number) => {
                let version = self.version(scope, document.id, number).await?;
                if is_read(&version) { Ok(version) } else { Err(unread()) }
            }
            None if is_read(&document.version) => Ok(document.version.clone()),
            None => {
                let versions = self.versions(scope, document.id).await?;
                versions.into_iter().rev().find(is_read).ok_or_else(unread)
            }
        }
    }
}
