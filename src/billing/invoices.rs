//! Issued invoices and what is due.

use chrono::NaiveDate;

use super::reckon::PaperKind;
use super::{Billing, BillingError, store};
use crate::kernel::{CaseId, ClientId, InvoiceId, Paise, Permission, Scope, day_in_india};

/// An issued invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// Whether it was cancelled by a credit note.
    pub cancelled: bool,
    /// What it is in law; none for those of before.
    pub kind: Option<PaperKind>,
    /// Who pays.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The case's title.
    pub case_title: Option<String>,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// When it is to be paid.
    pub due_on: Option<NaiveDate>,
    /// What is billed, with tax.
    pub total: Paise,
    /// What came, with the tax held back.
    pub paid: Paise,
    /// The tax held back, within what came.
    pub tds: Paise,
    /// What credit notes took back.
    pub credited: Paise,
}

impl Invoice {
    /// What is still to be paid; never less than nothing.
    #[must_use]
    pub fn outstanding(&self) -> Paise {
        let settled = self.paid.0.saturating_add(self.credited.0);
        Paise(self.total.0.saturating_sub(settled).max(0))
    }

    /// From when on it is overdue: the day after it is to be paid, or after its issue where
    /// nothing was said.
    #[must_use]
    pub fn payable_on(&self) -> NaiveDate {
        self.due_on.unwrap_or(self.issued_on)
    }
}

/// Which invoices are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Invoices {
    /// Of one case.
    pub case: Option<CaseId>,
    /// Of one client.
    pub client: Option<ClientId>,
    /// Only those not paid in full.
    pub unpaid: bool,
    /// Also those that were cancelled.
    pub cancelled: bool,
}

/// What is owed on the invoices of a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// What is still to be paid.
    pub outstanding: Paise,
    /// The part of it whose day has passed.
    pub overdue: Paise,
}

/// What a client owes on the invoices the caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The client.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// What is still to be paid.
    pub outstanding: Paise,
    /// The part of it whose day has passed.
    pub overdue: Paise,
    /// The invoices not paid in full.
    pub invoices: Vec<Invoice>,
}

impl Billing {
    /// The issued invoices the caller may see, the latest first, at most 20,000.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn invoices(
        &self,
        scope: &Scope,
        asked: Invoices,
    ) -> Result<Vec<Invoice>, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        let mut found = store::invoices(&mut tx, scope, asked).await?;
        found.retain(|invoice| !asked.unpaid || invoice.outstanding() > Paise(0));
        Ok(found)
    }

    /// What clients owe, by name, on the invoices the caller may see.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn dues(&self, scope: &Scope, asked: Invoices) -> Result<Vec<Due>, BillingError> {
        let today = day_in_india(self.clock.now());
        let mut dues: Vec<Due> = Vec::new();
        for invoice in self.invoices(scope, Invoices { unpaid: true, ..asked }).await? {
            let late = invoice.payable_on() < today;
            let open = invoice.outstanding();
            let overdue = if late { open } else { Paise(0) };
            match dues.iter_mut().find(|due| due.client_id == invoice.client_id) {
                Some(due) => {
                    due.outstanding = due.outstanding + open;
                    due.overdue = due.overdue + overdue;
                    due.invoices.push(invoice);
                }
                None => dues.push(Due {
                    client_id: invoice.client_id,
                    client_name: invoice.client_name.clone(),
                    outstanding: open,
                    overdue,
                    invoices: vec![invoice],
                }),
            }
        }
        dues.sort_by(|one, other| one.client_name.cmp(&other.client_name));
        Ok(dues)
    }

    /// Whether the caller may see the money of a case at this moment.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn sees(&self, scope: &Scope, case: CaseId) -> Result<bool, BillingError> {
        if !scope.may(Permission::ReadBilling) {
            return Ok(false);
        }
        let mut tx = self.db.read().await?;
        Ok(store::sees(&mut tx, scope, case).await?)
    }

    /// What is owed in a case, for those who may see its money; nothing for others.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn owed_of_case(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Option<Owed>, BillingError> {
        if !self.sees(scope, case).await? {
            return Ok(None);
        }
        let dues = self.dues(scope, Invoices { case: Some(case), ..Invoices::default() }).await?;
        Ok(Some(Owed {
            outstanding: dues.iter().map(|due| due.outstanding).sum(),
            overdue: dues.iter().map(|due| due.overdue).sum(),
        }))
    }

    /// Whether the caller keeps the books or runs the chamber, and so sees the whole account
    /// of a client and not only that of some cases.
    #[must_use]
    pub fn sees_accounts(scope: &Scope) -> bool {
        scope.may(Permission::ReadBilling)
            && matches!(scope.role(), crate::kernel::Role::Admin | crate::kernel::Role::Billing)
    }
}
