//! Documents as wholes, for those who must know what a document does not have.

use super::store::{self, seen_by, visible};
use super::{DocumentError, Documents, TextPage};
use crate::kernel::{Scope, VersionId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Counted {
    id: VersionId,
    pages: i64,
    unread: i64,
}

impl Documents {
    /// The pages of versions that were read whole, each version's together; those that are
    /// not open to the caller, have a page that could not be read, or would bring the pages
    /// over `most` are left out.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn wholes(
        &self,
        scope: &Scope,
        versions: &[VersionId],
        most: usize,
    ) -> Result<Vec<(VersionId, Vec<TextPage>)>, DocumentError> {
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT v.id,
                 (SELECT COUNT(*) FROM pages p WHERE p.version_id = v.id) AS pages,
                 (SELECT COUNT(*) FROM pages p
                  WHERE p.version_id = v.id AND p.error IS NOT NULL) AS unread
             FROM versions v JOIN documents d ON d.id = v.document_id
             WHERE v.status = 'read' AND ",
            visible!()
        ));
        let select = seen_by(select, scope).and_in("v.id", versions.iter().copied());
        let mut wholes = Vec::new();
        let mut left = most;
        for Counted { id, pages, unread } in
            tx.all::<Counted>(select.then(" ORDER BY v.id")).await?
        {
            let pages = usize::try_from(pages).unwrap_or(usize::MAX);
            if unread > 0 || pages > left {
                continue;
            }
            left -= pages;
            let texts = store::texts(&mut tx, id).await?;
            let texts = texts.into_iter().map(|page| TextPage {
                number: u32::try_from(page.number).unwrap_or(u32::MAX),
                ocr: page.method == "ocr",
                text: page.blanked(),
            });
            wholes.push((id, texts.collect()));
        }
        Ok(wholes)
    }
}
