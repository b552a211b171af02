//! Charges: what can stand on an invoice.
//!
//! A charge is billable, confirmed and on no invoice. Invoices are made of charges: the
//! billing area bills them in the transaction of the invoice, and releases them when the
//! invoice is cancelled. What a charge comes to is settled when it is entered; a rate that
//! changes later changes no charge.

use chrono::NaiveDate;

use super::amounts::share;
use super::time::TimeEntry;
use super::{FeeError, Fees, Work, sees, store};
use crate::cases::CaseError;
use crate::db::Tx;
use crate::kernel::{
    AgreedFeeId, CaseId, ExpenseId, FeeId, InvoiceId, InvoiceLineId, Paise, Scope, TimeEntryId,
};

/// Which charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChargeId {
    /// Time worked.
    Time(TimeEntryId),
    /// A confirmed fee.
    Fee(FeeId),
    /// What was laid out.
    Expense(ExpenseId),
}

/// What a charge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeKind {
    /// The chamber's own work: time and fees.
    Fee,
    /// The clerk's part; an invoice has it on top of its fees ([`Fees::clerkage_in`]).
    Clerkage,
    /// What was laid out for the client.
    Expense,
    /// A senior's brief fee passed through.
    SeniorFee,
}

/// What can stand on an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Which it is.
    pub id: ChargeId,
    /// Its case.
    pub case_id: CaseId,
    /// The day.
    pub on: NaiveDate,
    /// What it is for.
    pub kind: ChargeKind,
    /// The class of work.
    pub work: Work,
    /// In words.
    pub description: String,
    /// Who worked; nobody for a fee or expense.
    pub who: Option<String>,
    /// How long, of time.
    pub minutes: Option<i64>,
    /// Whether it was paid as the client's pure agent, which keeps it out of the taxable
    /// value (CGST Rules 2017, rule 33).
    pub pure_agent: bool,
    /// What it comes to, before tax.
    pub amount: Paise,
}

/// The clerk's part of some fees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerkage {
    /// The line it was agreed in.
    pub agreed_fee: AgreedFeeId,
    /// The share, in hundredths of a per cent.
    pub basis_points: i64,
    /// The fees it is a share of.
    pub of: Paise,
    /// What it comes to, rounded half up to a paisa.
    pub amount: Paise,
    /// In words.
    pub description: String,
}

/// What is not billed yet of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbilled {
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The time, by day.
    pub entries: Vec<TimeEntry>,
    /// How long that is, in minutes worked.
    pub minutes: i64,
    /// What the time comes to.
    pub time: Paise,
    /// What the confirmed fees come to.
    pub fees: Paise,
    /// What the expenses come to, with seniors' fees.
    pub expenses: Paise,
    /// All of it.
    pub amount: Paise,
}

impl Fees {
    /// The charges of a case, by day.
    ///
    /// # Errors
    /// Fails with a case that is not there for those who do not see its money.
    pub async fn charges(&self, scope: &Scope, case: CaseId) -> Result<Vec<Charge>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        self.charges_in(&mut tx, scope, case).await
    }

    /// The charges of a case in a transaction of the caller's, by day.
    ///
    /// # Errors
    /// As [`Fees::charges`].
    pub async fn charges_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Charge>, FeeError> {
        if !sees(tx, scope, case).await? {
            return Err(CaseError::NotFound.into());
        }
        let mut found: Vec<Charge> = store::time::unbilled(tx, scope, Some(case))
            .await?
            .into_iter()
            .map(TimeEntry::charge)
            .collect();
        found.extend(store::charges::fees(tx, scope, Some(case)).await?);
        found.extend(store::charges::expenses(tx, scope, Some(case)).await?);
        found.sort_by_key(|charge| (charge.on, charge.id));
        Ok(found)
    }

    /// Keeps what the unbilled charges of a case come to as it is until the transaction ends.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn lock_charges_in(&self, tx: &mut Tx, case: CaseId) -> Result<(), FeeError> {
        Ok(store::charges::lock(tx, case).await?)
    }

    /// Bills charges of a case with a line of an invoice, all or none.
    ///
    /// # Errors
    /// Fails when one is not a charge of the case, or is billed already.
    pub async fn bill_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        charges: &[ChargeId],
        line: InvoiceLineId,
    ) -> Result<(), FeeError> {
        if !sees(tx, scope, case).await? {
            return Err(CaseError::NotFound.into());
        }
        for charge in charges {
            if store::charges::bill(tx, *charge, case, line).await? != 1 {
                return Err(FeeError::Billed);
            }
        }
        Ok(())
    }

    /// Makes what an invoice billed charges again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn release_in(&self, tx: &mut Tx, invoice: InvoiceId) -> Result<(), FeeError> {
        Ok(store::charges::release(tx, invoice).await?)
    }

    /// The clerk's part of the fees of an invoice of a day, where clerkage is agreed in the
    /// case; of the newest agreement that stood on that day.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn clerkage_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        (on, fees): (NaiveDate, Paise),
    ) -> Result<Option<Clerkage>, FeeError> {
        if !sees(tx, scope, case).await? || fees.0 <= 0 {
            return Ok(None);
        }
        let Some(line) = store::agreements::clerkage(tx, scope, case, on).await? else {
            return Ok(None);
        };
        let points = line.basis_points;
        Ok(Some(Clerkage {
            agreed_fee: line.id,
            basis_points: points,
            of: fees,
            amount: share(fees, points),
            description: format!(
                "{}: {}.{:02} % of {fees}",
                line.description,
                points / 100,
                points % 100
            ),
        }))
    }

    /// What is not billed of the cases whose money the caller sees, by title; at most
    /// 100,000 entries of time in 10,000 cases are counted.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn unbilled(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Unbilled>, FeeError> {
        if !scope.may(crate::kernel::Permission::ReadBilling) {
            return Err(FeeError::NotAllowed);
        }
        let mut tx = self.parts.db.read().await?;
        let mut found: Vec<Unbilled> = Vec::new();
        for entry in store::time::unbilled(&mut tx, scope, case).await? {
            let of = of_case(&mut found, entry.case_id, &entry.case_title);
            of.minutes += entry.minutes;
            of.time = of.time + entry.charged();
            of.entries.push(entry);
        }
        for total in store::charges::totals(&mut tx, scope, case).await? {
            let of = of_case(&mut found, total.case_id, &total.case_title);
            of.fees = of.fees + Paise(total.fees);
            of.expenses = of.expenses + Paise(total.expenses);
        }
        for of in &mut found {
            of.amount = of.time + of.fees + of.expenses;
        }
        found.sort_by(|one, other| {
            (&one.case_title, one.case_id).cmp(&(&other.case_title, other.case_id))
        });
        Ok(found)
    }
}

/// The row of a case, made when it is not there.
fn of_case<'a>(found: &'a mut Vec<Unbilled>, id: CaseId, title: &str) -> &'a mut Unbilled {
    let place = found.iter().position(|one| one.case_id == id).unwrap_or_else(|| {
        found.push(Unbilled {
            case_id: id,
            case_title: title.to_owned(),
            entries: Vec::new(),
            minutes: 0,
            time: Paise(0),
            fees: Paise(0),
            expenses: Paise(0),
            amount: Paise(0),
        });
        found.len() - 1
    });
    &mut found[place]
}
