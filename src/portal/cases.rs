//! The cases a client is shown.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Portal, PortalError, read_of};
use crate::kernel::{CaseId, Scope};
use crate::statement;

/// A case as its client is shown it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShownCase {
    /// Its id.
    pub id: CaseId,
    /// How it is called.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// When it was entered here.
    pub created_at: DateTime<Utc>,
}

macro_rules! cases {
    () => {
        concat!(
            "SELECT c.id, c.title, c.number, c.court, c.status, c.created_at FROM cases c
             WHERE c.organisation_id = $2 AND ",
            read_of!()
        )
    };
}

impl Portal {
    /// The cases shown to the client who asks: the open ones first, then the newest. The
    /// view is recorded.
    ///
    /// # Errors
    /// Fails for anyone who is not a client.
    pub async fn cases(&self, scope: &Scope) -> Result<Vec<ShownCase>, PortalError> {
        Self::client_of(scope)?;
        let mut tx = self.parts.db.read().await?;
        let select = statement!(concat!(
            cases!(),
            " ORDER BY CASE WHEN c.status = 'closed' THEN 1 ELSE 0 END, c.created_at DESC, c.id
              LIMIT 500"
        ));
        let select = select.bind(scope.user()).bind(scope.organisation());
        let cases = tx.all(select).await?;
        drop(tx);
        self.parts.audit.viewed(scope, "portal.view", json!({})).await?;
        Ok(cases)
    }

    /// A case shown to the client who asks. The view is recorded.
    ///
    /// # Errors
    /// Fails with [`PortalError::NotFound`] when it is not shown to them.
    pub async fn case(&self, scope: &Scope, id: CaseId) -> Result<ShownCase, PortalError> {
        Self::client_of(scope)?;
        let case = self.read_case(scope, id).await?;
        self.parts.audit.viewed(scope, "portal.view", json!({ "case": id })).await?;
        Ok(case)
    }

    /// The same for those of the chamber to whom the case is open: what its client would
    /// be shown.
    ///
    /// # Errors
    /// Fails with [`PortalError::NotFound`] when it is not open to them.
    pub async fn preview(&self, scope: &Scope, id: CaseId) -> Result<ShownCase, PortalError> {
        if !scope.opens(id) {
            return Err(PortalError::NotFound);
        }
        self.read_case(scope, id).await
    }

    pub(super) async fn read_case(
        &self,
        scope: &Scope,
        id: CaseId,
    ) -> Result<ShownCase, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(concat!(cases!(), " AND c.id = $3"));
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(id);
        tx.optional(select).await?.ok_or(PortalError::NotFound)
    }
}
