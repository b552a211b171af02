//! Invoices, payments and what is due.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Billing, BillingError, store};
use crate::kernel::{
    CaseId, ClientId, InvoiceId, InvoiceLineId, Paise, PaymentId, Permission, Scope, TimeEntryId,
    day_in_india,
};

/// What a line of an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Work.
    Fee,
    /// What was laid out for the client.
    Expense,
    /// What language models cost.
    ModelCost,
}

impl LineKind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fee => "fee",
            Self::Expense => "expense",
            Self::ModelCost => "model_cost",
        }
    }
}

/// A line of an invoice to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewLine {
    /// What it is for.
    pub kind: LineKind,
    /// In words.
    pub description: String,
    /// What it comes to.
    pub amount: Paise,
    /// The time it stands for, which is billed with it.
    #[serde(default)]
    pub time: Vec<TimeEntryId>,
}

/// An invoice to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewInvoice {
    /// The case, whose client pays.
    pub case: CaseId,
    /// Its number, which no other invoice of the chamber has.
    pub number: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// When it is to be paid.
    pub due_on: Option<NaiveDate>,
    /// What is billed.
    pub lines: Vec<NewLine>,
}

/// A payment to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewPayment {
    /// The day it came.
    pub received_on: NaiveDate,
    /// What came.
    pub amount: Paise,
    /// The tax the client held back for the State.
    pub tds: Paise,
    /// Anything to be said of it.
    pub note: Option<String>,
}

/// An issued invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
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
    /// What is billed.
    pub total: Paise,
    /// What came, with the tax held back.
    pub paid: Paise,
}

impl Invoice {
    /// What is still to be paid; never less than nothing.
    #[must_use]
    pub fn outstanding(&self) -> Paise {
        Paise(self.total.0.saturating_sub(self.paid.0).max(0))
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
    /// Issues an invoice to the client of a case. The time its lines stand for is billed
    /// from then on.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the case has no client, the number is
    /// taken or missing, there is no line, or a time entry is not one of the case or is billed.
    pub async fn issue_invoice(
        &self,
        scope: &Scope,
        new: NewInvoice,
    ) -> Result<InvoiceId, BillingError> {
        if !scope.may(Permission::KeepBooks) {
            return Err(BillingError::NotAllowed);
        }
        let number = new.number.trim().to_owned();
        let well = new.lines.iter().all(|line| !line.description.trim().is_empty());
        if number.is_empty() || new.lines.is_empty() || !well {
            return Err(BillingError::Unfit(
                "an invoice needs a number and a line, and each line says what it is for",
            ));
        }
        let mut tx = self.db.write().await?;
        let payer = store::payer_of(&mut tx, scope, new.case).await?;
        let client = payer.ok_or(BillingError::NotFound)?.client_id;
        let client = client.ok_or(BillingError::Unfit("the case has no client to bill"))?;
        if store::number_taken(&mut tx, scope, &number).await? {
            return Err(BillingError::Unfit("there is an invoice of this number; choose another"));
        }
        let id = InvoiceId::new();
        let new = NewInvoice { number, ..new };
        store::insert_invoice(&mut tx, scope, (id, client), &new, self.clock.now()).await?;
        for (ordinal, line) in (1i64..).zip(&new.lines) {
            let line_id = InvoiceLineId::new();
            store::insert_line(&mut tx, (line_id, id), ordinal, line).await?;
            for time in &line.time {
                if store::bill_time(&mut tx, *time, new.case, line_id).await? != 1 {
                    return Err(BillingError::Unfit("a time entry is of another case or billed"));
                }
            }
        }
        let details = json!({ "invoice": id, "case": new.case, "client": client });
        self.record(&mut tx, scope, "invoice.issue", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters a payment for an invoice.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the invoice is not there for them, or
    /// the amounts are below nothing or both nothing.
    pub async fn record_payment(
        &self,
        scope: &Scope,
        invoice: InvoiceId,
        new: NewPayment,
    ) -> Result<PaymentId, BillingError> {
        if !scope.may(Permission::KeepBooks) {
            return Err(BillingError::NotAllowed);
        }
        if new.amount.0 < 0 || new.tds.0 < 0 || new.amount + new.tds == Paise(0) {
            return Err(BillingError::Unfit("a payment is more than nothing"));
        }
        let mut tx = self.db.write().await?;
        if !store::is_issued(&mut tx, scope, invoice).await? {
            return Err(BillingError::NotFound);
        }
        let id = PaymentId::new();
        store::insert_payment(&mut tx, scope, (id, invoice), &new).await?;
        let details = json!({ "payment": id, "invoice": invoice });
        self.record(&mut tx, scope, "payment.record", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The issued invoices the caller may see, the latest first, at most 1,000.
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
            let late = invoice.due_on.is_some_and(|day| day < today);
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
}
