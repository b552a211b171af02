//! What stands around a passage in its document, and what its reader should know of the
//! version it is in.

use std::collections::BTreeSet;

use super::reading::{Finding, FindingKind};
use super::store::{self, seen_by, visible};
use super::{DocumentError, Documents};
use crate::kernel::{PassageId, Scope, VersionId};
use crate::statement;

/// A passage beside another of the same version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Neighbour {
    /// The passage it stands beside.
    pub beside: PassageId,
    /// The passage.
    pub id: PassageId,
    /// Its place less that of the other: -1 before it, 1 after it.
    pub step: i64,
}

#[derive(sqlx::FromRow)]
struct FindingsRow {
    id: VersionId,
    findings: Option<String>,
}

impl Documents {
    /// The passages right before and right after each of some passages, where the caller
    /// may see them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn neighbours(
        &self,
        scope: &Scope,
        ids: &[PassageId],
    ) -> Result<Vec<Neighbour>, DocumentError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT p.id AS beside, n.id AS id, n.ordinal - p.ordinal AS step
             FROM passages p
             JOIN passages n ON n.version_id = p.version_id
                 AND (n.ordinal = p.ordinal - 1 OR n.ordinal = p.ordinal + 1)
             JOIN versions v ON v.id = p.version_id
             JOIN documents d ON d.id = v.document_id
             JOIN cases c ON c.id = d.case_id
             WHERE ",
            visible!()
        ));
        let select = seen_by(select, scope).and_in("p.id", ids.iter().copied());
        Ok(tx.all(select).await?)
    }

    /// Which of some versions hold text that nobody can see on the page. It is left out
    /// of what is searched and quoted; a reader should know that it is there.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn with_hidden_text(
        &self,
        scope: &Scope,
        versions: &BTreeSet<VersionId>,
    ) -> Result<BTreeSet<VersionId>, DocumentError> {
        if versions.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT v.id, v.findings FROM versions v
             JOIN documents d ON d.id = v.document_id
             JOIN cases c ON c.id = d.case_id
             WHERE v.findings IS NOT NULL AND ",
            visible!()
        ));
        let select = seen_by(select, scope).and_in("v.id", versions.iter().copied());
        let rows = tx.all::<FindingsRow>(select).await?;
        let hides = |row: &FindingsRow| {
            let findings: Vec<Finding> = store::listed(row.findings.as_deref());
            findings.iter().any(|finding| finding.kind == FindingKind::HiddenText)
        };
        Ok(rows.into_iter().filter(hides).map(|row| row.id).collect())
    }
}
