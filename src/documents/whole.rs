//! A document's text, whole: for what reads every page of it.

use serde_json::json;

use super::store;
use super::terms::of_the_chamber;
use super::{DocumentError, Documents, TextPage};
use crate::kernel::{CaseId, DocumentId, Scope, VersionId};
use crate::statement;

/// The text of a document's newest read version.
#[derive(Debug, Clone)]
pub struct WholeText {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case.
    pub case: CaseId,
    /// The version.
    pub version: VersionId,
    /// The version's number.
    pub number: i64,
    /// What kind of document it is, and its date, as told from its first pages.
    pub about: Option<super::About>,
    /// Every page, in order; one that could not be read has no text.
    pub pages: Vec<TextPage>,
    /// The numbers of the pages that could not be read.
    pub unread: Vec<u32>,
}

#[derive(sqlx::FromRow)]
struct Failed {
    number: i64,
}

impl Documents {
    /// The text of a document's newest version that was read, every page of it; written
    /// to the record as one view.
    ///
    /// # Errors
    /// Fails with [`DocumentError::NotFound`] when it is not there, not open to the
    /// caller, or no version of it has been read.
    pub async fn whole_text(
        &self,
        scope: &Scope,
        id: DocumentId,
    ) -> Result<WholeText, DocumentError> {
        of_the_chamber(scope)?;
        let document = self.find(scope, id).await?;
        let versions = self.versions(scope, id).await?;
        let read = versions.into_iter().filter(|version| version.status == "read");
        let version = read.max_by_key(|version| version.number);
        let version = version.ok_or(DocumentError::NotFound)?;
        let mut tx = self.db.read().await?;
        let texts = store::texts(&mut tx, version.version_id).await?;
        let failed = statement!(
            "SELECT number FROM pages WHERE version_id = $1 AND error IS NOT NULL ORDER BY number"
        );
        let failed = tx.all::<Failed>(failed.bind(version.version_id)).await?;
        drop(tx);
        let details = json!({ "document": id, "version": version.number, "pages": "all" });
        self.audit.viewed(scope, "document.page.view", details).await?;
        let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(WholeText {
            document: id,
            title: document.title,
            case: document.case_id,
            version: version.version_id,
            number: version.number,
            about: version.told(),
            pages: texts
                .into_iter()
                .map(|page| TextPage {
                    number: number(page.number),
                    text: page.blanked(),
                    ocr: page.method == "ocr",
                })
                .collect(),
            unread: failed.into_iter().map(|page| number(page.number)).collect(),
        })
    }
}
