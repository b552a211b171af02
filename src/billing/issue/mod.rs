//! Issuing a bill: its number, day, parties, tax and file are fixed in one transaction.

mod store;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::amounts::Totals;
use super::drafts::{Draft, NewDraft, store as drafts};
use super::gst::Treatment;
use super::lines::{Line, NewLine};
use super::numbers::Series;
use super::papers::{Issued as IssuedPaper, Kept, bill};
use super::reckon::{PaperKind, Reckoned};
use super::{Billing, BillingError, Invoice, wrong};
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{CaseId, InvoiceId, Paise, Scope, day_in_india};
use crate::notices::{Notice, Reader};

/// How a draft is issued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Issue {
    /// The day of issue; today when left out. Not ahead, and not before the last of its
    /// series.
    pub on: Option<NaiveDate>,
    /// When it is to be paid; the terms say it when left out.
    pub due_on: Option<NaiveDate>,
}

/// A bill that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedBill {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// What is to be paid.
    pub total: Paise,
}

/// The series a bill is numbered in.
const fn series(kind: PaperKind) -> Series {
    match kind {
        PaperKind::BillOfSupply => Series::BillOfSupply,
        PaperKind::TaxInvoice | PaperKind::InvoiceCumBill | PaperKind::Invoice => Series::Invoice,
    }
}

impl Billing {
    /// Issues a draft. From then on nothing of it changes; a credit note takes it back.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the draft is not there for them or
    /// was issued, and when something is missing; the words say what to fill in.
    pub async fn issue(
        &self,
        scope: &Scope,
        id: InvoiceId,
        how: Issue,
    ) -> Result<IssuedBill, BillingError> {
        let mut tx = self.db.write().await?;
        let issued = self.issue_in(&mut tx, scope, id, how).await?;
        tx.commit().await?;
        Ok(issued)
    }

    /// Issues a bill of lines for a case at once.
    ///
    /// # Errors
    /// As [`Billing::begin_draft`] and [`Billing::issue`].
    pub async fn issue_lines(
        &self,
        scope: &Scope,
        (case, lines): (CaseId, Vec<NewLine>),
        how: Issue,
    ) -> Result<IssuedBill, BillingError> {
        let mut tx = self.db.write().await?;
        let new = NewDraft { case: Some(case), lines, ..NewDraft::default() };
        let (id, _) = self.begin_draft_in(&mut tx, scope, new).await?;
        let issued = self.issue_in(&mut tx, scope, id, how).await?;
        tx.commit().await?;
        Ok(issued)
    }

    async fn issue_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: InvoiceId,
        how: Issue,
    ) -> Result<IssuedBill, BillingError> {
        Self::keeps(scope)?;
        let head = drafts::lock_draft(tx, scope, id).await?;
        let client = head.client_id;
        let draft = Self::draft_in(tx, scope, head).await?;
        let (profile, reckoned) = match (&draft.profile, &draft.reckoned) {
            (Some(profile), Ok(reckoned)) => (profile, reckoned),
            (_, Err(missing)) => return wrong("issue", missing.join(" ")),
            (None, Ok(_)) => return Err(BillingError::NotFound),
        };
        let on = how.on.unwrap_or_else(|| day_in_india(self.clock.now()));
        let due = how.due_on.unwrap_or_else(|| due_day(&draft, on));
        if due < on {
            return wrong("due_on", "the day to pay by is not before the day of issue");
        }
        let organisation = scope.organisation();
        let wanted = (profile.prefix.as_str(), series(reckoned.kind));
        let number = self.next_number(tx, organisation, wanted, on).await?;
        let bytes = paper_of(&draft, Some(&number), (on, due))?;
        store::fix(tx, scope, id, (&number, on, due), reckoned).await?;
        for (line, (decision, tax)) in draft.lines.iter().zip(&reckoned.lines) {
            store::fix_line(tx, line.id, decision, *tax).await?;
        }
        let said = json!({
            "supplier": { "name": profile.legal_name, "address": profile.address,
                          "gstin": profile.gstin, "state_code": profile.state_code },
            "recipient": draft.recipient, "place_of_supply": reckoned.place.code,
            "reasons": reckoned.reasons,
        });
        let invoice = Some(id);
        let paper = IssuedPaper {
            id: id.uuid(),
            organisation,
            client,
            invoice,
            number: &number,
            said,
            bytes: &bytes,
        };
        self.keep_paper(tx, paper).await?;
        let total = reckoned.totals.total;
        self.tell_issued(tx, scope, &draft, (&number, total, due)).await?;
        let details = json!({ "invoice": id, "case": draft.case_id, "client": client });
        self.record(tx, scope, "invoice.issue", details).await?;
        Ok(IssuedBill { id, number, total })
    }

    async fn tell_issued(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        draft: &Draft,
        (number, total, due): (&str, Paise, NaiveDate),
    ) -> Result<(), BillingError> {
        let organisation = scope.organisation();
        let about =
            json!({ "invoice": draft.id, "client": draft.recipient.client_id, "due_on": due });
        let event =
            Event { organisation, kind: EventKind::InvoiceIssued, case: draft.case_id, about };
        self.events.emit(tx, event).await?;
        let notice = Notice::InvoiceIssued { number: number.to_owned(), total, due: Some(due) };
        let reader = Reader::Client(draft.recipient.client_id);
        self.notices.tell(tx, organisation, reader, &notice, "/portal/invoices").await?;
        Ok(())
    }

    /// The file of a bill: as it was sent, or of a draft as it would be.
    ///
    /// # Errors
    /// Fails when it is not there for the caller, or the draft lacks something.
    pub async fn paper(&self, scope: &Scope, id: InvoiceId) -> Result<Kept, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        if let Some(head) = drafts::find_draft(&mut tx, scope, id).await? {
            let draft = Self::draft_in(&mut tx, scope, head).await?;
            let on = day_in_india(self.clock.now());
            let bytes = paper_of(&draft, None, (on, due_day(&draft, on)))?;
            return Ok(Kept { number: "draft".to_owned(), bytes, sha256: String::new() });
        }
        super::store::invoice(&mut tx, scope, id).await?.ok_or(BillingError::NotFound)?;
        self.kept_paper(&mut tx, id.uuid()).await?.ok_or(BillingError::NoPaper)
    }

    /// A bill that was issued, with its lines and what settled it.
    ///
    /// # Errors
    /// Fails when it is not there for the caller, or is a draft.
    pub async fn issued(&self, scope: &Scope, id: InvoiceId) -> Result<IssuedDetail, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        let invoice = super::store::invoice(&mut tx, scope, id).await?;
        let invoice = invoice.ok_or(BillingError::NotFound)?;
        let fixed = store::fixed(&mut tx, id).await?;
        Ok(IssuedDetail {
            lines: drafts::lines(&mut tx, id).await?,
            settled: store::settled(&mut tx, id).await?,
            credits: super::credits::store::of_invoice(&mut tx, id).await?,
            sha256: fixed.sha256,
            taxable: Paise(fixed.taxable_paise.unwrap_or(0)),
            tax: Paise(fixed.tax_paise.unwrap_or(0)),
            round_off: Paise(fixed.round_off_paise.unwrap_or(0)),
            reverse_charge: fixed.reverse_charge.unwrap_or(false),
            place_of_supply: fixed.place_of_supply,
            note: fixed.note,
            cancel_reason: fixed.cancel_reason,
            invoice,
        })
    }

    /// Whether an invoice is a draft, for those who may see it.
    ///
    /// # Errors
    /// Fails when it is not there for the caller.
    pub async fn is_draft(&self, scope: &Scope, id: InvoiceId) -> Result<bool, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        if drafts::find_draft(&mut tx, scope, id).await?.is_some() {
            return Ok(true);
        }
        super::store::invoice(&mut tx, scope, id).await?.ok_or(BillingError::NotFound)?;
        Ok(false)
    }
}

/// A bill that was issued.
#[derive(Debug, Clone)]
pub struct IssuedDetail {
    /// What lists say of it.
    pub invoice: Invoice,
    /// Its lines, with the decision on GST of each.
    pub lines: Vec<Line>,
    /// What came for it, the first first.
    pub settled: Vec<Settled>,
    /// Its credit notes.
    pub credits: Vec<super::CreditNote>,
    /// The SHA-256 of its file; none for those of before, which have no file.
    pub sha256: Option<String>,
    /// What tax is reckoned on.
    pub taxable: Paise,
    /// The tax that was added.
    pub tax: Paise,
    /// What rounding added or took.
    pub round_off: Paise,
    /// Whether the recipient pays the tax.
    pub reverse_charge: bool,
    /// The place of supply, as two digits.
    pub place_of_supply: Option<String>,
    /// What is said below the lines.
    pub note: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
}

impl IssuedDetail {
    /// What it came to, as it was printed; of one of before, as far as was kept. The tax in
    /// the recipient's hands was never kept.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut all = Totals {
            taxable: self.taxable,
            round_off: self.round_off,
            total: self.invoice.total,
            ..Totals::default()
        };
        for line in &self.lines {
            let Some(decided) = &line.decided else { continue };
            match decided.treatment {
                Treatment::Exempt | Treatment::NotRegistered => {
                    all.untaxed = all.untaxed + line.amount;
                }
                Treatment::PureAgent => all.outside = all.outside + line.amount,
                Treatment::Forward => all.tax.add(decided.tax),
                Treatment::Reverse => {}
            }
        }
        all
    }
}

/// A part of a payment on a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The day.
    pub on: NaiveDate,
    /// Money; below nothing where a payment was reversed.
    pub amount: Paise,
    /// Tax held back.
    pub tds: Paise,
    /// The number of the receipt; none where the client's money paid, and for those of before.
    pub receipt: Option<String>,
    /// Whether it was paid from the client's money.
    pub from_ledger: bool,
}

/// When a bill is to be paid, by its terms.
fn due_day(draft: &Draft, on: NaiveDate) -> NaiveDate {
    let chambers = draft.profile.as_ref().map_or(0, |profile| profile.terms_days);
    let days = draft.terms_days.unwrap_or(chambers);
    on.checked_add_days(Days::new(u64::from(days))).unwrap_or(on)
}

fn paper_of(
    draft: &Draft,
    number: Option<&str>,
    (on, due): (NaiveDate, NaiveDate),
) -> Result<Vec<u8>, BillingError> {
    let (profile, reckoned): (_, &Reckoned) = match (&draft.profile, &draft.reckoned) {
        (Some(profile), Ok(reckoned)) => (profile, reckoned),
        (_, Err(missing)) => return wrong("issue", missing.join(" ")),
        (None, Ok(_)) => return Err(BillingError::NotFound),
    };
    Ok(bill::set(&bill::Bill {
        profile,
        recipient: &draft.recipient,
        number,
        on,
        due,
        case_title: draft.case_title.as_deref(),
        lines: &draft.lines,
        reckoned,
        note: draft.note.as_deref(),
    })?)
}

pub(super) use store::settled;
