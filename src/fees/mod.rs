//! Fees: time worked, what was agreed, and what was laid out; what is to be billed.
//!
//! A *charge* is what can stand on an invoice: time, a confirmed fee, an expense. A
//! person enters and sees their own time and expenses in the cases they work on; those
//! who see a case's money (the view `billed_cases`: admins, those who lead it, and the
//! books) see everybody's and decide. Walls hold, since both views do.

mod agreements;
mod amounts;
pub mod charges;
mod decided;
mod expenses;
mod falling_due;
mod limits;
mod models;
mod rates;
mod receipts;
mod sheet;
mod store;
mod time;
mod timers;
mod work;

use std::sync::Arc;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::clients::Clients;
use crate::db::{Db, DbError, Tx};
use crate::events::Events;
use crate::kernel::{CaseId, Clock, Permission, Scope};
use crate::notices::Notices;
use crate::vault::{Vault, VaultError};

pub use agreements::{AgreedFee, Agreement, NewAgreedFee, NewAgreement};
pub use amounts::{Rounding, amount, minutes, per_cent, rupees, share, time_words};
pub use charges::{Charge, ChargeId, ChargeKind, Clerkage, Unbilled};
pub use decided::{Fee, FeeKind, FeeStatus};
pub use expenses::{Expense, ExpenseKind, ExpenseQuery, NewExpense, PaidBy};
pub use falling_due::{Answer, NewFee, Proposed, Ref};
pub use limits::{Estimate, Retainer};
pub use models::{DraftUnit, FeeModel};
pub use rates::{Applied, NewRate, Rate};
pub use receipts::{LARGEST_RECEIPT, Receipt};
pub use sheet::csv;
pub use time::{Adjustment, NewTime, TimeEntry, TimeQuery, Whose};
pub use timers::{FORGOTTEN_AFTER, Timer, Timers};
pub use work::Work;

/// The longest description, in characters.
const LONGEST: usize = 2_000;
/// The largest amount of one thing: ₹100 crore.
const MOST: i64 = 100_000_000_000;

/// What can be done here.
#[derive(Clone)]
pub struct Fees {
    parts: Arc<Parts>,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What other systems are told.
    pub events: Events,
    /// What people are told.
    pub notices: Notices,
    /// Cases.
    pub cases: Cases,
    /// Clients.
    pub clients: Clients,
    /// What seals receipts.
    pub vault: Vault,
}

/// Why something could not be done to time, fees or expenses.
#[derive(Debug, thiserror::Error)]
pub enum FeeError {
    /// The case is not there, not open to the caller, or not theirs to change.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// What is asked for is not there, or not the caller's to see.
    #[error("there is no such time, fee, expense or agreement")]
    NotFound,
    /// What is to be entered does not fit.
    #[error("{words}")]
    Unfit {
        /// The field of the form that is wrong.
        field: &'static str,
        /// What is wrong with it and what to do.
        words: &'static str,
    },
    /// It stands on an invoice.
    #[error("it stands on an invoice already; cancel the invoice to change it")]
    Billed,
    /// Somebody decided on the fee before.
    #[error("this fee was confirmed or declined already; look at the fees of the case")]
    Decided,
    /// Two timers were started at once.
    #[error("another timer was started at this moment; look at it first")]
    TimerRuns,
    /// They may not decide on the money of the case.
    #[error("rates, agreements and fees are for admins, billing, and those who lead the case")]
    LeadsOnly,
    /// They may not see money.
    #[error("the time of others is for admins, billing, and those who lead the case")]
    NotAllowed,
    /// The receipt is larger than is taken.
    #[error("the receipt is larger than 10 MB; send a smaller picture")]
    TooLarge,
    /// The receipt is neither a picture nor a PDF.
    #[error("a receipt is a PDF or a picture (JPEG, PNG or WebP)")]
    NoReceipt,
    /// A receipt could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What does not fit, at the field it was typed into.
const fn unfit(field: &'static str, words: &'static str) -> FeeError {
    FeeError::Unfit { field, words }
}

impl Fees {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Whether the caller sees the money of a case at this moment.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn sees(&self, scope: &Scope, case: CaseId) -> Result<bool, FeeError> {
        let mut tx = self.parts.db.read().await?;
        Ok(sees(&mut tx, scope, case).await?)
    }

    /// Makes sure that the caller decides on the money of a case.
    async fn decides(&self, tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<(), FeeError> {
        let may = scope.may(Permission::KeepTime) || scope.may(Permission::SetRates);
        if may && sees(tx, scope, case).await? {
            Ok(())
        } else {
            self.parts.cases.reads(tx, scope, case).await?;
            Err(FeeError::LeadsOnly)
        }
    }

    /// Makes sure that the caller enters time and expenses in a case.
    async fn enters(&self, tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<(), FeeError> {
        self.parts.cases.changes(tx, scope, case).await?;
        if scope.may(Permission::KeepTime) { Ok(()) } else { Err(CaseError::ReadOnly.into()) }
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.parts.audit.record(tx, organisation, user, action, details).await
    }
}

/// Whether the caller sees the money of a case.
async fn sees(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<bool, DbError> {
    Ok(scope.may(Permission::ReadBilling) && store::sees(tx, scope, case).await?)
}

/// A text without the space around it.
fn fit(field: &'static str, text: &str) -> Result<String, FeeError> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(unfit(field, "this is too long; keep it under 2,000 characters"));
    }
    Ok(text.to_owned())
}

/// A text that must not be empty.
fn filled(field: &'static str, text: &str, empty: &'static str) -> Result<String, FeeError> {
    let text = fit(field, text)?;
    if text.is_empty() { Err(unfit(field, empty)) } else { Ok(text) }
}
