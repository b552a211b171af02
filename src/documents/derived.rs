//! What the derived stores must hold.

use crate::db::DbError;
use crate::kernel::{CaseId, DocumentId, OrganisationId, VersionId};
use crate::statement;

use super::Documents;

/// A version that the derived stores hold, or may hold.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Derivable {
    /// The version.
    pub(crate) version_id: VersionId,
    /// Its document.
    pub(crate) document_id: DocumentId,
    /// The case it is filed in now.
    pub(crate) case_id: CaseId,
    /// Whose it is.
    pub(crate) organisation_id: OrganisationId,
    status: String,
}

impl Derivable {
    /// A version of a document, read or being read.
    #[cfg(test)]
    pub(crate) fn sample(document_id: DocumentId, case_id: CaseId, is_read: bool) -> Self {
        Self {
            version_id: VersionId::new(),
            document_id,
            case_id,
            organisation_id: OrganisationId::new(),
            status: if is_read { "read" } else { "reading" }.to_owned(),
        }
    }

    /// Whether the version is read and the newest of its document that is, so that
    /// it must be found. One that is being read may be found as far as it is read.
    pub(crate) fn is_settled(&self) -> bool {
        self.status == "read"
    }
}

impl Documents {
    /// The newest read version of every document, and every version that is being
    /// read. For background work, which sees everything.
    pub(crate) async fn derivable(&self) -> Result<Vec<Derivable>, DbError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT v.id AS version_id, v.document_id, d.case_id, d.organisation_id, v.status
             FROM versions v
             JOIN documents d ON d.id = v.document_id
             WHERE v.status = 'reading'
                OR (v.status = 'read'
                    AND v.number = (SELECT MAX(w.number) FROM versions w
                                    WHERE w.document_id = d.id AND w.status = 'read'))
             ORDER BY v.id"
        );
        tx.all(select).await
    }
}
