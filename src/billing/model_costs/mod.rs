//! What the models cost a case, on a bill to its client: at cost, and each call once.

mod store;

use serde_json::json;

use super::Billing;
use crate::db::DbError;
use crate::kernel::{CaseId, InvoiceId, InvoiceLineId, Paise, Permission, Scope};
use crate::usage::{Period, Usage};

/// What was put on a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// On which bill.
    pub invoice: InvoiceId,
    /// Whether it was made for this.
    pub is_new: bool,
    /// On which line.
    pub line: InvoiceLineId,
    /// How many calls.
    pub calls: u64,
    /// What they cost, to the paisa.
    pub amount: Paise,
}

/// Why nothing was put on a bill.
#[derive(Debug, thiserror::Error)]
pub enum ModelCostError {
    /// There is no such case, or it is not open to the caller, or they may not see costs.
    #[error("there is no such case, or it is not open to you")]
    NotFound,
    /// Nobody to bill.
    #[error("the case has no client; say who the client is before billing")]
    NoClient,
    /// Nothing that is not billed.
    #[error("there are no AI costs in that period that stand on no bill yet")]
    Nothing,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Billing {
    /// Puts what the models cost a case in a period on a draft bill of its client: the
    /// newest draft of the case, else the newest of the client that is for no case, else
    /// a new one. Calls that stand on a line of a bill already are left where they are.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller or has no client, when there is
    /// nothing to bill, and when the database fails.
    pub async fn bill_model_costs(
        &self,
        scope: &Scope,
        usage: &Usage,
        case: CaseId,
        period: Period,
    ) -> Result<Placed, ModelCostError> {
        if !scope.may(Permission::ReadCosts) {
            return Err(ModelCostError::NotFound);
        }
        let mut tx = self.db.write().await?;
        let found = store::known_case(&mut tx, scope, case).await?;
        let client = found.ok_or(ModelCostError::NotFound)?.client_id;
        let client = client.ok_or(ModelCostError::NoClient)?;
        // Who bills a client twice at once waits here, and finds the other's draft.
        store::lock_client(&mut tx, client).await?;
        let draft = match store::find_draft(&mut tx, client, case).await? {
            Some(draft) if store::lock_draft(&mut tx, draft).await? => Some(draft),
            _ => None,
        };
        let invoice = draft.unwrap_or_else(InvoiceId::new);
        if draft.is_none() {
            let now = self.clock.now();
            store::insert_draft(&mut tx, scope, invoice, (client, case), now).await?;
        }
        let line = InvoiceLineId::new();
        let words = format!("AI models, {} to {}, at cost", period.from, period.to);
        store::insert_model_line(&mut tx, line, invoice, &words).await?;
        let billed = usage.bill_in(&mut tx, case, period, line).await?;
        if billed.calls == 0 {
            return Err(ModelCostError::Nothing);
        }
        store::set_amount(&mut tx, line, billed.paise).await?;
        let details = json!({
            "invoice": invoice, "line": line, "case": case, "calls": billed.calls,
            "paise": billed.paise, "from": period.from, "to": period.to,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "costs.bill", details).await?;
        tx.commit().await?;
        Ok(Placed {
            invoice,
            is_new: draft.is_none(),
            line,
            calls: billed.calls,
            amount: billed.paise,
        })
    }

    /// What was put on bills so far, the newest first, of cases open to the caller; none
    /// unless they may see costs.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn billed_model_costs(&self, scope: &Scope) -> Result<Vec<BilledLine>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        store::model_lines(&mut tx, scope).await
    }
}

/// A line of a bill for models.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BilledLine {
    /// Which line.
    pub line_id: InvoiceLineId,
    /// On which bill.
    pub invoice_id: InvoiceId,
    /// Its number; a draft has none.
    pub number: Option<String>,
    /// `draft`, `issued` or `cancelled`.
    pub status: String,
    /// Who is billed.
    pub client: String,
    /// For which case.
    pub case_title: String,
    /// What it says.
    pub description: String,
    /// What it comes to.
    pub amount_paise: Paise,
    /// For how many calls.
    pub calls: i64,
}
