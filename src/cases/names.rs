//! How cases are called: what a name in a question is compared with.

use super::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, Scope};
use crate::statement;

/// How a case is called.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseName {
    /// Its id.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// The client's name.
    pub client_name: Option<String>,
}

impl Cases {
    /// How the cases are called that the caller may know of, newest first, at most
    /// 10,000 of them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn names(&self, scope: &Scope) -> Result<Vec<CaseName>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(names(&mut tx, scope).await?)
    }

    /// Makes sure, in the transaction of a change, that the caller may make it, and tells
    /// apart why not: not theirs, or theirs to read only.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] or [`CaseError::ReadOnly`].
    pub async fn changes(&self, tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<(), CaseError> {
        let open = scope.opens(case) && super::store::find(tx, scope, case).await?.is_some();
        if !open {
            return Err(CaseError::NotFound);
        }
        if !scope.works_on(case) {
            return Err(CaseError::ReadOnly);
        }
        self.still_changes(tx, scope, case).await
    }
}

async fn names(tx: &mut Tx, scope: &Scope) -> Result<Vec<CaseName>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.court, c.status, c.client_id, k.name AS client_name
         FROM cases c LEFT JOIN clients k ON k.id = c.client_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
         ORDER BY c.created_at DESC, c.id DESC LIMIT 10000"
    );
    let select = select.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user());
    tx.all(select).await
}
