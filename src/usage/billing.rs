//! Calls on bills: each stands on one line at most.

use super::report::Period;
use super::{Usage, store};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, InvoiceLineId, Paise};

/// What was put on a line of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Billed {
    /// How many calls.
    pub calls: u64,
    /// What they cost together: the sum of what the ledger has for each.
    pub paise: Paise,
}

impl Usage {
    /// Puts the calls of a case in a period that cost something and stand on no bill on a
    /// line of one, in the transaction that makes the line.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn bill_in(
        &self,
        tx: &mut Tx,
        case: CaseId,
        period: Period,
        line: InvoiceLineId,
    ) -> Result<Billed, DbError> {
        let calls = store::calls::put_on_line(tx, case, period.bounds(), line).await?;
        Ok(Billed { calls, paise: Paise(store::calls::on_line(tx, line).await?) })
    }
}
