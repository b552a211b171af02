//! Billing: time, invoices, payments, and what a client owes.
//!
//! Money is seen by admins and those who keep the books, and by an advocate in the cases
//! they lead; ethical walls hold for all of them (the view `billed_cases`). Amounts are
//! whole paise.

mod invoices;
mod model_costs;
mod store;
mod time;

use std::sync::Arc;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError, Tx};
use crate::kernel::{Clock, Permission, Scope};

pub use invoices::{Due, Invoice, Invoices, LineKind, NewInvoice, NewLine, NewPayment};
pub use model_costs::{BilledLine, ModelCostError, Placed};
pub use time::{NewTime, TimeEntry, Unbilled};

/// What can be done with billing.
#[derive(Clone)]
pub struct Billing {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    cases: Cases,
}

/// Why something could not be done to the books.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The case is not there, not open to the caller, or not theirs to change.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// What is asked for is not there, or not the caller's to see.
    #[error("there is no such invoice")]
    NotFound,
    /// What is to be entered does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// They may not see money.
    #[error("time, invoices and dues are for admins, billing, and those who lead the case")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Billing {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit, cases: Cases) -> Self {
        Self { db, clock, audit, cases }
    }

    /// Makes sure that the caller may see money at all.
    fn readable(scope: &Scope) -> Result<(), BillingError> {
        if scope.may(Permission::ReadBilling) { Ok(()) } else { Err(BillingError::NotAllowed) }
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}
