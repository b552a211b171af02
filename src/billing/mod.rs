//! Billing: invoices, payments, and what a client owes.
//!
//! Money is seen by admins and those who keep the books, and by an advocate in the cases
//! they lead; ethical walls hold for all of them (the view `billed_cases`). Amounts are
//! whole paise.

mod amounts;
mod client;
mod credits;
mod drafts;
pub mod gst;
mod invoices;
mod issue;
mod ledger;
mod lines;
mod model_costs;
mod numbers;
mod papers;
mod profile;
mod receipts;
mod reckon;
mod reports;
mod statement;
mod store;
mod tds;
mod words;

use std::sync::Arc;

use crate::audit::Audit;
use crate::cases::CaseError;
use crate::db::{Db, DbError, Tx};
use crate::events::Events;
use crate::fees::{FeeError, Fees};
use crate::kernel::{Clock, Permission, Scope};
use crate::notices::{NoticeError, Notices};
use crate::paper::PaperError;
use crate::vault::{Vault, VaultError};

pub use amounts::{LineTax, Split, Totals};
pub use client::ClientInvoice;
pub use credits::{CreditNote, NewCredit};
pub use drafts::{Draft, DraftHead, LineAct, NewDraft};
pub use invoices::{Due, Invoice, Invoices, Owed};
pub use issue::{Issue, IssuedBill, IssuedDetail, Settled};
pub use ledger::{EntryKind, Ledger, LedgerEntry, NewEntry};
pub use lines::{COMMON_SAC, Decided, Line, LineKind, NewLine};
pub use model_costs::{BilledLine, ModelCostError, Placed};
pub use numbers::financial_year;
pub use papers::{Kept, upi_link};
pub use profile::Profile;
pub use receipts::{Mode, NewPayment, Payment, PaymentPart};
pub use reckon::{PaperKind, Recipient, Reckoned};
pub use reports::{AgeingRow, CaseRow, GstRow, Monthly, PersonRow, Unbilled};
pub use statement::{Ages, Statement, StatementEntry};
pub use tds::{Certificate, TdsRow};
pub use words::in_words;

/// What can be done with billing.
#[derive(Clone)]
pub struct Billing {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    vault: Vault,
    events: Events,
    notices: Notices,
    fees: Fees,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// Seals what was sent.
    pub vault: Vault,
    /// What other systems are told.
    pub events: Events,
    /// What people are told.
    pub notices: Notices,
    /// What is to be billed.
    pub fees: Fees,
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
    /// What was typed into a field does not fit.
    #[error("{why}")]
    Field {
        /// The field, as forms and the API call it.
        field: &'static str,
        /// What to do, in words.
        why: String,
    },
    /// There is no file of it: it was issued before files were kept.
    #[error("there is no file of this one")]
    NoPaper,
    /// The charges could not be billed.
    #[error(transparent)]
    Fees(#[from] FeeError),
    /// The paper could not be set.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The paper could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The client could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// They may not see money.
    #[error("invoices and dues are for admins, billing, and those who lead the case")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Billing {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, vault, events, notices, fees } = parts;
        Self { db, clock, audit, vault, events, notices, fees }
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

/// Refuses what was typed into a field.
fn wrong<T>(field: &'static str, why: impl Into<String>) -> Result<T, BillingError> {
    Err(BillingError::Field { field, why: why.into() })
}
