//! Showing a case to its client, and hiding it again.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Count, Portal, PortalError};
use crate::db::Tx;
use crate::kernel::{CaseId, ClientId, Scope};
use crate::statement;

/// How a case stands with its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The client, where the case has one.
    pub client: Option<(ClientId, String)>,
    /// That the case is shown; none when it is not.
    pub shown: Option<Shown>,
    /// How many of its documents are shared with the client now, shown or not.
    pub shares: i64,
    /// Whether the caller says whether it is shown.
    pub leads: bool,
    /// Whether the caller may ask, draft, share and take files in.
    pub works: bool,
}

/// That a case is shown; hiding it and showing it to the same client again changes
/// neither who nor when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// Who first showed it to the client it has.
    #[sqlx(rename = "shown_by")]
    pub by: String,
    /// When; the client reads no message that is older.
    #[sqlx(rename = "shown_at")]
    pub at: DateTime<Utc>,
}

impl Portal {
    /// How a case stands with its client. For those to whom the case is open.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn showing(&self, scope: &Scope, case: CaseId) -> Result<Showing, PortalError> {
        let found = self.parts.cases.find(scope, case).await?;
        if !scope.opens(case) {
            return Err(PortalError::NotFound);
        }
        let mut tx = self.parts.db.read().await?;
        let select = statement!(
            "SELECT u.name AS shown_by, p.shown_at
             FROM case_portals p
             JOIN cases c ON c.id = p.case_id AND c.client_id = p.client_id
             JOIN users u ON u.id = p.shown_by
             WHERE p.case_id = $1 AND p.hidden_at IS NULL"
        );
        let shown = tx.optional::<Shown>(select.bind(case)).await?;
        let shares = self.count_shares(&mut tx, case).await?;
        Ok(Showing {
            client: found.client_id.zip(found.client_name),
            shown,
            shares,
            leads: scope.leads(case),
            works: scope.works_on(case),
        })
    }

    /// Shows a case to its client from now on.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case, or it has no client.
    pub async fn show(&self, scope: &Scope, case: CaseId) -> Result<(), PortalError> {
        let (_, client) = self.to_be_changed(scope, case).await?;
        let mut tx = self.parts.db.write().await?;
        self.still_leads(&mut tx, scope, case).await?;
        // Only of the client the case has at this moment. A client to whom it was shown before
        // keeps the day it was, and with it their messages.
        let insert = statement!(
            "INSERT INTO case_portals (case_id, client_id, shown_by, shown_at)
             SELECT c.id, c.client_id, $3, $4 FROM cases c WHERE c.id = $1 AND c.client_id = $2
             ON CONFLICT (case_id) DO UPDATE
             SET shown_by = CASE WHEN case_portals.client_id = excluded.client_id
                                 THEN case_portals.shown_by ELSE excluded.shown_by END,
                 shown_at = CASE WHEN case_portals.client_id = excluded.client_id
                                 THEN case_portals.shown_at ELSE excluded.shown_at END,
                 client_id = excluded.client_id, hidden_by = NULL, hidden_at = NULL"
        );
        let insert = insert.bind(case).bind(client).bind(scope.user());
        if tx.execute(insert.bind(self.parts.clock.now())).await? == 0 {
            return Err(PortalError::NoClient);
        }
        let details = json!({ "case": case, "client": client });
        self.record(&mut tx, scope, "portal.show", details).await?;
        Ok(tx.commit().await?)
    }

    /// Hides a case from its client at once. A shared document is a consent of its own and
    /// stays shared, unless the shares are ended with it; gives how many stay.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case.
    pub async fn hide(
        &self,
        scope: &Scope,
        case: CaseId,
        end_shares: bool,
    ) -> Result<i64, PortalError> {
        let (_, client) = self.to_be_changed(scope, case).await?;
        let mut tx = self.parts.db.write().await?;
        self.still_leads(&mut tx, scope, case).await?;
        let update = statement!(
            "UPDATE case_portals SET hidden_by = $2, hidden_at = $3
             WHERE case_id = $1 AND hidden_at IS NULL"
        );
        let now = self.parts.clock.now();
        let hidden = tx.execute(update.bind(case).bind(scope.user()).bind(now)).await?;
        let ended = if end_shares {
            self.parts.documents.unshare_case_in(&mut tx, scope, case, client).await?
        } else {
            0
        };
        let left = self.count_shares(&mut tx, case).await?;
        if hidden > 0 || ended > 0 {
            let details = json!({ "case": case, "client": client, "shares_ended": ended });
            self.record(&mut tx, scope, "portal.hide", details).await?;
        }
        tx.commit().await?;
        Ok(left)
    }

    /// How many documents of a case are shared with its client now.
    async fn count_shares(&self, tx: &mut Tx, case: CaseId) -> Result<i64, PortalError> {
        let select = statement!(
            "SELECT COUNT(*) AS count FROM document_shares s
             JOIN documents d ON d.id = s.document_id
             JOIN cases c ON c.id = d.case_id AND c.client_id = s.client_id
             WHERE c.id = $1 AND (s.expires_at IS NULL OR s.expires_at > $2)"
        );
        let select = select.bind(case).bind(self.parts.clock.now());
        Ok(tx.one::<Count>(select).await?.count)
    }

    /// Makes sure that the caller leads the case, also in the transaction of the change.
    async fn still_leads(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(), PortalError> {
        self.parts.cases.changes(tx, scope, case).await?;
        let select = statement!(
            "SELECT COUNT(*) AS count FROM open_cases o
             WHERE o.user_id = $1 AND o.case_id = $2 AND o.role = 'lead'"
        );
        let leads = tx.one::<Count>(select.bind(scope.user()).bind(case)).await?.count > 0;
        if leads && scope.leads(case) { Ok(()) } else { Err(PortalError::LeadsOnly) }
    }
}
