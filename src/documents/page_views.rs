//! Pages as they are looked at, each written to the record.

use serde_json::json;

use super::{DocumentError, Documents, Page};
use crate::audit::Searched;
use crate::kernel::{DocumentId, Scope};

impl Documents {
    /// Writes down that the caller opened a document.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn viewed(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<(), DocumentError> {
        let details = json!({ "document": id, "version": number });
        Ok(self.audit.viewed(scope, "document.view", details).await?)
    }

    /// One page of a version for someone who reads it: as [`Documents::page`], and
    /// written down.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn read_page(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
    ) -> Result<Page, DocumentError> {
        let read = self.page(scope, id, number, page).await?;
        self.page_viewed(scope, id, number, page).await?;
        Ok(read)
    }

    /// Pages of a version for someone who reads their texts one below the other: as
    /// [`Documents::page`], and written down as one row.
    ///
    /// # Errors
    /// Fails when one is not there or not open to the caller.
    pub async fn read_texts(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        pages: &[u32],
    ) -> Result<Vec<Page>, DocumentError> {
        let mut read = Vec::with_capacity(pages.len());
        for &page in pages {
            read.push(self.page(scope, id, number, page).await?);
        }
        if !read.is_empty() {
            let details = json!({ "document": id, "version": number, "pages": pages });
            self.audit.viewed(scope, "document.page.view", details).await?;
            self.seen_by_client(scope, id, number, pages).await?;
        }
        Ok(read)
    }

    /// Writes down that the caller searched.
    pub(crate) async fn searched(
        &self,
        scope: &Scope,
        searched: Searched<'_>,
    ) -> Result<(), DocumentError> {
        Ok(self.audit.searched(scope, searched).await?)
    }

    /// Writes down that the caller compared two versions, which shows the text of both.
    pub(super) async fn compared(
        &self,
        scope: &Scope,
        id: DocumentId,
        from: i64,
        to: i64,
    ) -> Result<(), DocumentError> {
        let details = json!({ "document": id, "from": from, "version": to });
        Ok(self.audit.viewed(scope, "document.compare", details).await?)
    }

    /// Writes down that the caller looked at a page: its picture, its words or its text.
    pub(super) async fn page_viewed(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        page: u32,
    ) -> Result<(), DocumentError> {
        let details = json!({ "document": id, "version": number, "page": page });
        self.audit.viewed(scope, "document.page.view", details).await?;
        self.seen_by_client(scope, id, number, &[page]).await
    }
}
