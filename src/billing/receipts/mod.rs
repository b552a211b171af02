//! Payments: what came, with the tax held back, on one or several bills of a client. What
//! is more than the bills goes to the client's money. A payment that bounces is taken back
//! by counter entries, never erased.

mod payment;
pub(in crate::billing) mod store;

use chrono::NaiveDate;
use serde_json::json;

use super::amounts::{MOST, allocate};
use super::drafts::store as drafts;
use super::ledger::{Entry, EntryKind};
use super::numbers::{Series, is_mistyped};
use super::papers::{Issued as IssuedPaper, Kept, slips};
use super::{Billing, BillingError, Invoice, Invoices, ledger, wrong};
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{ClientId, InvoiceId, Paise, PaymentId, Scope, day_in_india};
use crate::notices::{Notice, Reader};

pub use payment::{Mode, NewPayment, Payment, PaymentPart};

/// A payment, checked and shared out.
struct Shared {
    on: NaiveDate,
    parts: Vec<(Invoice, PaymentPart)>,
    /// What goes to the client's money.
    rest: Paise,
}

impl Billing {
    /// Enters a payment. With a key that was used before, gives what was entered then.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when a bill is not there for them, not
    /// the client's, or less is open on it, and when the amounts do not fit.
    pub async fn enter_payment(
        &self,
        scope: &Scope,
        new: NewPayment,
    ) -> Result<PaymentId, BillingError> {
        Self::keeps(scope)?;
        let mut tx = self.db.write().await?;
        if !drafts::knows_client(&mut tx, scope, new.client).await? {
            return Err(BillingError::NotFound);
        }
        // Who pays for a client at once waits here, and finds what the other entered.
        ledger::store::lock(&mut tx, scope, new.client).await?;
        if let Some(id) = store::by_key(&mut tx, scope, new.key.as_deref()).await? {
            return Ok(id);
        }
        match self.enter_payment_in(&mut tx, scope, &new).await {
            // The key was used for another client at the same moment.
            Err(BillingError::Db(error)) if error.is_conflict() && new.key.is_some() => {
                drop(tx);
                let mut tx = self.db.read().await?;
                let first = store::by_key(&mut tx, scope, new.key.as_deref()).await?;
                first.ok_or(BillingError::Db(error))
            }
            Err(error) => Err(error),
            Ok(id) => {
                tx.commit().await?;
                Ok(id)
            }
        }
    }

    async fn enter_payment_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: &NewPayment,
    ) -> Result<PaymentId, BillingError> {
        let Shared { on, parts, rest } = self.shared(tx, scope, new).await?;
        let profile = Self::profile_in(tx, scope.organisation()).await?;
        let profile = profile.ok_or(BillingError::Unfit(
            "fill in the chamber details first (Chamber, Chamber details): receipts are numbered",
        ))?;
        let recipient = drafts::recipient(tx, new.client).await?.ok_or(BillingError::NotFound)?;
        let id = PaymentId::new();
        let organisation = scope.organisation();
        let series = (profile.prefix.as_str(), Series::Receipt);
        let number = self.next_number(tx, organisation, series, self.series_day()).await?;
        store::insert(tx, scope, (id, &number, on), new, self.clock.now()).await?;
        for (_, part) in &parts {
            store::insert_part(tx, scope, (id, on), part, new.note.as_deref()).await?;
        }
        if rest.0 > 0 {
            let words = format!("Paid ahead, receipt {number}");
            let entry = Entry {
                kind: EntryKind::Advance,
                on,
                amount: rest,
                description: &words,
                receipt: Some(id),
                ..Entry::of(new.client)
            };
            self.enter(tx, scope, entry).await?;
        }
        let bytes = slips::set(&slips::Slip {
            what: "Receipt",
            profile: &profile,
            recipient: &recipient,
            number: &number,
            on: self.series_day(),
            about: about(new, on),
            rows: rows(&parts, rest),
            sums: vec![("Received", new.amount), ("Tax deducted at source", new.tds)],
            total: new.amount + new.tds,
            notes: Vec::new(),
        })?;
        let said = json!({ "supplier": profile.legal_name, "recipient": recipient });
        let (client, number) = (new.client, number.as_str());
        let paper = IssuedPaper {
            id: id.uuid(),
            organisation,
            client,
            invoice: None,
            number,
            said,
            bytes: &bytes,
        };
        self.keep_paper(tx, paper).await?;
        self.tell_paid(tx, scope, (id, new), &parts).await?;
        let invoices: Vec<InvoiceId> = parts.iter().map(|(_, part)| part.invoice).collect();
        let details = json!({ "payment": id, "client": new.client, "invoices": invoices });
        self.record(tx, scope, "payment.record", details).await?;
        Ok(id)
    }

    /// Receipts are numbered on the day they are entered, whenever the money came.
    fn series_day(&self) -> NaiveDate {
        day_in_india(self.clock.now())
    }

    /// Checks a payment, locks the bills it is for, and shares it out.
    async fn shared(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: &NewPayment,
    ) -> Result<Shared, BillingError> {
        let on = new.received_on.unwrap_or_else(|| self.series_day());
        if on > self.series_day() {
            return wrong("received_on", "the day lies ahead; enter the payment when it came");
        }
        if is_mistyped(on) {
            return wrong("received_on", "the day lies before July 2017; look at the year");
        }
        let all = i128::from(new.amount.0) + i128::from(new.tds.0);
        if new.amount.0 < 0 || new.tds.0 < 0 || all == 0 || all > i128::from(MOST) {
            return wrong("amount", "a payment is more than nothing, and no part of it is less");
        }
        let wanted = if new.parts.is_empty() {
            Self::oldest_first(tx, scope, new).await?
        } else {
            new.parts.clone()
        };
        let mut locked: Vec<PaymentPart> = wanted;
        // Locked in one order, so that two payments never wait for each other.
        locked.sort_by_key(|part| part.invoice);
        if locked.windows(2).any(|pair| pair[0].invoice == pair[1].invoice) {
            return wrong("parts", "a bill stands in the payment twice");
        }
        let mut parts = Vec::new();
        for part in locked {
            let found = super::store::lock_issued(tx, scope, part.invoice).await?;
            let found = found.filter(|invoice| invoice.client_id == new.client);
            let invoice = found.ok_or(BillingError::NotFound)?;
            let sum = i128::from(part.amount.0) + i128::from(part.tds.0);
            if part.amount.0 < 0 || part.tds.0 < 0 || sum == 0 {
                return wrong("parts", "each part of a payment is more than nothing");
            }
            if sum > i128::from(invoice.outstanding().0) {
                let words = format!(
                    "{} is open on {}; enter the rest as paid ahead",
                    invoice.outstanding(),
                    invoice.number
                );
                return wrong("parts", words);
            }
            parts.push((invoice, part));
        }
        let paid: Paise = parts.iter().map(|(_, part)| part.amount).sum();
        let held: Paise = parts.iter().map(|(_, part)| part.tds).sum();
        if held != new.tds {
            return wrong("tds", "the tax held back must all be for bills that are open");
        }
        if paid > new.amount {
            return wrong("parts", "the parts come to more than what was paid");
        }
        Ok(Shared { on, parts, rest: Paise(new.amount.0 - paid.0) })
    }

    /// Shares a payment out to the open bills of a client, the oldest first.
    async fn oldest_first(
        tx: &mut Tx,
        scope: &Scope,
        new: &NewPayment,
    ) -> Result<Vec<PaymentPart>, BillingError> {
        let asked = Invoices { client: Some(new.client), ..Invoices::default() };
        let mut open = super::store::invoices(tx, scope, asked).await?;
        open.retain(|invoice| invoice.outstanding() > Paise(0));
        open.sort_by_key(|invoice| (invoice.issued_on, invoice.id));
        let amounts: Vec<Paise> = open.iter().map(Invoice::outstanding).collect();
        let (shares, _, _) = allocate(&amounts, new.amount, new.tds);
        let parts = open.iter().zip(shares).map(|(invoice, share)| PaymentPart {
            invoice: invoice.id,
            amount: share.amount,
            tds: share.tds,
        });
        Ok(parts.filter(|part| part.amount + part.tds > Paise(0)).collect())
    }

    async fn tell_paid(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (id, new): (PaymentId, &NewPayment),
        parts: &[(Invoice, PaymentPart)],
    ) -> Result<(), BillingError> {
        let organisation = scope.organisation();
        for (invoice, part) in parts {
            let about = json!({ "payment": id, "invoice": part.invoice, "client": new.client });
            let case = invoice.case_id;
            let kind = EventKind::PaymentRecorded;
            self.events.emit(tx, Event { organisation, kind, case, about }).await?;
            let notice = Notice::PaymentCame {
                number: invoice.number.clone(),
                amount: part.amount + part.tds,
            };
            let reader = Reader::Client(new.client);
            self.notices.tell(tx, organisation, reader, &notice, "/portal/invoices").await?;
        }
        Ok(())
    }

    /// Takes a payment back that bounced or was entered by mistake: counter entries of the
    /// same amounts are made, and the bills are open again.
    ///
    /// # Errors
    /// Fails when it is not there for the caller, was taken back already, or money it put
    /// into the client's account was used since.
    pub async fn reverse_payment(
        &self,
        scope: &Scope,
        id: PaymentId,
        (on, reason): (Option<NaiveDate>, &str),
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 500 {
            return wrong("reason", "say why the payment is taken back, in at most 500 characters");
        }
        let mut tx = self.db.write().await?;
        let payment = store::find(&mut tx, scope, id).await?.ok_or(BillingError::NotFound)?;
        let on = on.unwrap_or_else(|| self.series_day());
        if on < payment.received_on || on > self.series_day() {
            return wrong("on", "the day is between the day it came and today");
        }
        ledger::store::lock(&mut tx, scope, payment.client_id).await?;
        let mut parts = store::parts(&mut tx, id).await?;
        parts.sort_by_key(|part| part.invoice);
        for part in &parts {
            store::lock(&mut tx, part.invoice).await?;
        }
        if store::reverse(&mut tx, scope, id, (on, reason), self.clock.now()).await? != 1 {
            return Err(BillingError::Unfit("the payment was taken back already"));
        }
        for part in &parts {
            let back =
                PaymentPart { amount: Paise(-part.amount.0), tds: Paise(-part.tds.0), ..*part };
            store::insert_part(&mut tx, scope, (id, on), &back, Some(reason)).await?;
        }
        let ahead = store::paid_ahead(&mut tx, id).await?;
        if ahead > ledger::store::balance(&mut tx, payment.client_id).await? {
            return Err(BillingError::Unfit(
                "what the payment put into the client's money was used since; enter first what \
                 came back of it, or came in its place",
            ));
        }
        if ahead.0 > 0 {
            let words = format!("Receipt {} taken back: {reason}", payment.number);
            let entry = Entry {
                kind: EntryKind::Returned,
                on,
                amount: Paise(-ahead.0),
                description: &words,
                receipt: Some(id),
                ..Entry::of(payment.client_id)
            };
            self.enter(&mut tx, scope, entry).await?;
        }
        let details = json!({ "payment": id, "client": payment.client_id });
        self.record(&mut tx, scope, "payment.reverse", details).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The payments of clients, the latest first, at most 500; for those who see whole
    /// accounts.
    ///
    /// # Errors
    /// Fails for those who do not.
    pub async fn payments(
        &self,
        scope: &Scope,
        client: Option<ClientId>,
    ) -> Result<Vec<Payment>, BillingError> {
        if !Self::sees_accounts(scope) {
            return Err(BillingError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope, client).await?)
    }

    /// The receipt of a payment, as it was given.
    ///
    /// # Errors
    /// Fails when it is not there for the caller.
    pub async fn receipt(&self, scope: &Scope, id: PaymentId) -> Result<Kept, BillingError> {
        if !Self::sees_accounts(scope) {
            return Err(BillingError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(BillingError::NotFound)?;
        self.kept_paper(&mut tx, id.uuid()).await?.ok_or(BillingError::NoPaper)
    }
}

fn about(new: &NewPayment, on: NaiveDate) -> Vec<String> {
    let mut lines = vec![
        format!("Received on: {}", super::papers::day(on)),
        format!("By: {}", new.mode.words()),
    ];
    lines.extend(new.reference.as_ref().map(|text| format!("Reference: {text}")));
    lines
}

fn rows(parts: &[(Invoice, PaymentPart)], rest: Paise) -> Vec<(String, Paise)> {
    let mut rows: Vec<(String, Paise)> = parts
        .iter()
        .map(|(invoice, part)| (format!("Invoice {}", invoice.number), part.amount + part.tds))
        .collect();
    if rest.0 > 0 {
        rows.push(("Held for the client, to be used later".to_owned(), rest));
    }
    rows
}
