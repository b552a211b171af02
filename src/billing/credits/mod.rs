//! Credit notes: what takes an issued bill back, whole or in part (CGST Act 2017,
//! section 34†). A bill is never erased.

pub(in crate::billing) mod store;

use chrono::NaiveDate;
use serde_json::json;

use super::amounts::{LineTax, MOST, tax_within};
use super::drafts::store as drafts;
use super::numbers::Series;
use super::papers::{Issued as IssuedPaper, Kept, slips};
use super::{Billing, BillingError, Invoice, wrong};
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{CreditNoteId, InvoiceId, Paise, Scope, day_in_india};

/// A credit note to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredit {
    /// How much is taken back, with its tax; all that is open cancels the bill when nothing
    /// was paid on it.
    pub amount: Paise,
    /// Why.
    pub reason: String,
    /// The day; today when left out.
    pub on: Option<NaiveDate>,
    /// Whether the charges of a bill that is cancelled are unbilled again.
    pub release: bool,
    /// The id it gets; drawn when the form was made, the form sent again issues no other.
    pub id: Option<CreditNoteId>,
}

/// A credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    /// Its id.
    pub id: CreditNoteId,
    /// Its number.
    pub number: String,
    /// Of which bill.
    pub invoice_id: InvoiceId,
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
    /// How much, with tax.
    pub amount: Paise,
    /// The part of it that is tax.
    pub tax: Paise,
}

impl Billing {
    /// Takes an issued bill back, whole or in part. A whole one is cancelled. With the id of
    /// a credit note of the bill, gives what was issued then.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the bill is not there for them, when
    /// more would be taken back than is open on it, and without a reason.
    pub async fn credit(
        &self,
        scope: &Scope,
        invoice: InvoiceId,
        new: NewCredit,
    ) -> Result<CreditNoteId, BillingError> {
        Self::keeps(scope)?;
        let reason = super::lines::description(&new.reason).or_else(|_| {
            wrong("reason", "say why the bill is taken back, in at most 500 characters")
        })?;
        let today = day_in_india(self.clock.now());
        let on = new.on.unwrap_or(today);
        let mut tx = self.db.write().await?;
        let found = super::store::lock_issued(&mut tx, scope, invoice).await?;
        if let Some(id) = new.id
            && store::invoice_of(&mut tx, id).await? == Some(invoice)
            && super::store::invoice(&mut tx, scope, invoice).await?.is_some()
        {
            return Ok(id);
        }
        let found = found.ok_or(BillingError::NotFound)?;
        if new.amount.0 <= 0 || new.amount.0 > MOST || new.amount > found.outstanding() {
            let words = format!(
                "{} is open on the bill, and no more can be taken back; take a payment back first \
                 where it was paid",
                found.outstanding()
            );
            return wrong("amount", words);
        }
        if on < found.issued_on {
            return wrong("on", "a credit note is not before its bill");
        }
        let id = new.id.unwrap_or_else(CreditNoteId::new);
        let tax = store::tax_of(&mut tx, invoice).await?;
        let share = |tax| tax_within(tax, found.total, (found.credited, new.amount));
        let tax = LineTax { cgst: share(tax.cgst), sgst: share(tax.sgst), igst: share(tax.igst) };
        let note = CreditNote {
            id,
            number: String::new(),
            invoice_id: invoice,
            on,
            reason,
            amount: new.amount,
            tax: tax.sum(),
        };
        let note = self.write_note(&mut tx, scope, &found, (note, tax)).await?;
        if found.paid == Paise(0) && new.amount == found.outstanding() {
            if new.release {
                self.fees.release_in(&mut tx, invoice).await?;
                store::release_calls(&mut tx, invoice).await?;
            }
            store::cancel(&mut tx, invoice, &note.reason).await?;
        }
        let organisation = scope.organisation();
        let about = json!({ "invoice": invoice, "credit_note": id, "client": found.client_id });
        let (case, kind) = (found.case_id, EventKind::InvoiceCredited);
        self.events.emit(&mut tx, Event { organisation, kind, case, about }).await?;
        let details = json!({ "invoice": invoice, "credit_note": id, "case": case });
        self.record(&mut tx, scope, "invoice.credit", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn write_note(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        invoice: &Invoice,
        (note, tax): (CreditNote, LineTax),
    ) -> Result<CreditNote, BillingError> {
        let organisation = scope.organisation();
        let profile = Self::profile_in(tx, organisation).await?;
        let profile = profile.ok_or(BillingError::Unfit(
            "fill in the chamber details first (Chamber, Chamber details): credit notes are numbered",
        ))?;
        let client = invoice.client_id;
        let recipient = drafts::recipient(tx, client).await?.ok_or(BillingError::NotFound)?;
        let series = (profile.prefix.as_str(), Series::CreditNote);
        let number = self.next_number(tx, organisation, series, note.on).await?;
        let note = CreditNote { number, ..note };
        store::insert(tx, scope, client, &note, self.clock.now()).await?;
        let bytes = slips::set(&slips::Slip {
            what: "Credit note",
            profile: &profile,
            recipient: &recipient,
            number: &note.number,
            on: note.on,
            about: vec![
                format!("Of invoice: {}", invoice.number),
                format!("Invoice date: {}", super::papers::day(invoice.issued_on)),
            ],
            rows: vec![(note.reason.clone(), Paise(note.amount.0 - note.tax.0))],
            sums: [("CGST", tax.cgst), ("SGST / UTGST", tax.sgst), ("IGST", tax.igst)]
                .into_iter()
                .filter(|(_, paise)| *paise != Paise(0))
                .collect(),
            total: note.amount,
            notes: Vec::new(),
        })?;
        let said = json!({ "supplier": profile.legal_name, "recipient": recipient });
        let paper = IssuedPaper {
            id: note.id.uuid(),
            organisation,
            client,
            invoice: None,
            number: &note.number,
            said,
            bytes: &bytes,
        };
        self.keep_paper(tx, paper).await?;
        Ok(note)
    }

    /// The file of a credit note, as it was sent.
    ///
    /// # Errors
    /// Fails when it is not there for the caller.
    pub async fn credit_paper(
        &self,
        scope: &Scope,
        id: CreditNoteId,
    ) -> Result<Kept, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        let invoice = store::invoice_of(&mut tx, id).await?.ok_or(BillingError::NotFound)?;
        super::store::invoice(&mut tx, scope, invoice).await?.ok_or(BillingError::NotFound)?;
        self.kept_paper(&mut tx, id.uuid()).await?.ok_or(BillingError::NoPaper)
    }
}
