//! Bills on the wire.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::billing::gst::Treatment;
use crate::billing::{
    CreditNote, Draft, Invoice, IssuedDetail, Line, LineKind, PaperKind, Reckoned, Settled,
};
use crate::fees::ChargeId;
use crate::kernel::{CaseId, ClientId, CreditNoteId, InvoiceId, InvoiceLineId, Paise};

/// An issued bill in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = Invoice)]
pub(super) struct InvoiceView {
    /// Its id.
    id: InvoiceId,
    /// Its number.
    number: String,
    /// Whether it was cancelled by a credit note.
    cancelled: bool,
    /// What it is in law; none for those of before.
    kind: Option<PaperKind>,
    /// Who pays.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// The case.
    case_id: Option<CaseId>,
    /// The case's title.
    case_title: Option<String>,
    /// The day of issue.
    issued_on: NaiveDate,
    /// When it is to be paid.
    due_on: Option<NaiveDate>,
    /// What is billed, with tax.
    total: Paise,
    /// What came, with the tax held back.
    paid: Paise,
    /// The tax held back, within what came.
    tds: Paise,
    /// What credit notes took back.
    credited: Paise,
    /// What is still to be paid.
    outstanding: Paise,
}

impl From<Invoice> for InvoiceView {
    fn from(invoice: Invoice) -> Self {
        let outstanding = if invoice.cancelled { Paise(0) } else { invoice.outstanding() };
        let Invoice {
            id,
            number,
            cancelled,
            kind,
            client_id,
            client_name,
            case_id,
            case_title,
            issued_on,
            due_on,
            total,
            paid,
            tds,
            credited,
        } = invoice;
        Self {
            id,
            number,
            cancelled,
            kind,
            client_id,
            client_name,
            case_id,
            case_title,
            issued_on,
            due_on,
            total,
            paid,
            tds,
            credited,
            outstanding,
        }
    }
}

/// A line of a bill.
#[derive(Serialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub(super) struct LineView {
    /// Its id.
    id: InvoiceLineId,
    /// What it is for.
    kind: LineKind,
    /// In words.
    description: String,
    /// What it comes to, before tax; below nothing for a discount.
    amount: Paise,
    /// The class of services, six digits.
    sac: String,
    /// Whether it was paid as the client's pure agent.
    pure_agent: bool,
    /// Whether it stands for a charge: time, a fee or an expense.
    is_charge: bool,
    /// What becomes of the tax; none on a draft that lacks something, and on bills of before.
    gst: Option<Treatment>,
    /// Why, with the authority.
    gst_reason: Option<String>,
    /// Central tax that is added.
    cgst: Paise,
    /// State tax that is added.
    sgst: Paise,
    /// Integrated tax that is added.
    igst: Paise,
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        let Line { id, ordinal: _, kind, description, amount, sac, pure_agent, charge, decided } =
            line;
        let tax = decided.as_ref().map(|decided| decided.tax).unwrap_or_default();
        Self {
            id,
            kind,
            description,
            amount,
            sac,
            pure_agent,
            is_charge: charge.is_some(),
            gst: decided.as_ref().map(|decided| decided.treatment),
            gst_reason: decided.map(|decided| decided.reason),
            cgst: tax.cgst,
            sgst: tax.sgst,
            igst: tax.igst,
        }
    }
}

/// What came for a bill.
#[derive(Serialize, ToSchema)]
#[schema(as = InvoicePayment)]
pub(super) struct SettledView {
    /// The day.
    on: NaiveDate,
    /// Money; below nothing where a payment was taken back.
    amount: Paise,
    /// Tax held back.
    tds: Paise,
    /// The number of the receipt.
    receipt: Option<String>,
    /// Whether it was paid from the client's money.
    from_ledger: bool,
}

impl From<Settled> for SettledView {
    fn from(settled: Settled) -> Self {
        let Settled { on, amount, tds, receipt, from_ledger } = settled;
        Self { on, amount, tds, receipt, from_ledger }
    }
}

/// A credit note.
#[derive(Serialize, ToSchema)]
#[schema(as = CreditNote)]
pub(super) struct CreditView {
    /// Its id.
    id: CreditNoteId,
    /// Its number.
    number: String,
    /// Of which bill.
    invoice_id: InvoiceId,
    /// The day.
    on: NaiveDate,
    /// Why.
    reason: String,
    /// How much, with tax.
    amount: Paise,
    /// The part of it that is tax.
    tax: Paise,
}

impl From<CreditNote> for CreditView {
    fn from(note: CreditNote) -> Self {
        let CreditNote { id, number, invoice_id, on, reason, amount, tax } = note;
        Self { id, number, invoice_id, on, reason, amount, tax }
    }
}

/// A bill with its lines: a draft, or one that was issued.
#[derive(Serialize, ToSchema)]
#[schema(as = InvoiceDetail)]
pub(super) struct DetailView {
    /// Its id.
    id: InvoiceId,
    /// Whether it is a draft.
    draft: bool,
    /// The issued bill; none for a draft.
    invoice: Option<InvoiceView>,
    /// What it is in law, once that can be told.
    kind: Option<PaperKind>,
    /// Who pays.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// The case.
    case_id: Option<CaseId>,
    /// What is said below the lines.
    note: Option<String>,
    /// The lines.
    lines: Vec<LineView>,
    /// What tax is reckoned on.
    taxable: Paise,
    /// The tax that is added.
    tax: Paise,
    /// What rounding to the rupee adds or takes.
    round_off: Paise,
    /// What is to be paid; of a draft that lacks something, the sum of its lines.
    total: Paise,
    /// Whether the recipient pays the tax.
    reverse_charge: bool,
    /// The place of supply, as two digits.
    place_of_supply: Option<String>,
    /// What a draft lacks before it can be issued, a sentence each.
    missing: Vec<String>,
    /// What came for it.
    payments: Vec<SettledView>,
    /// Its credit notes.
    credit_notes: Vec<CreditView>,
    /// The SHA-256 of its file, in hexadecimal; none for a draft.
    sha256: Option<String>,
    /// Why it was cancelled.
    cancel_reason: Option<String>,
}

impl From<IssuedDetail> for DetailView {
    fn from(detail: IssuedDetail) -> Self {
        let IssuedDetail {
            invoice,
            lines,
            settled,
            credits,
            sha256,
            taxable,
            tax,
            round_off,
            reverse_charge,
            place_of_supply,
            note,
            cancel_reason,
        } = detail;
        Self {
            id: invoice.id,
            draft: false,
            kind: invoice.kind,
            client_id: invoice.client_id,
            client_name: invoice.client_name.clone(),
            case_id: invoice.case_id,
            note,
            lines: lines.into_iter().map(LineView::from).collect(),
            taxable,
            tax,
            round_off,
            total: invoice.total,
            reverse_charge,
            place_of_supply,
            missing: Vec::new(),
            payments: settled.into_iter().map(SettledView::from).collect(),
            credit_notes: credits.into_iter().map(CreditView::from).collect(),
            sha256,
            cancel_reason,
            invoice: Some(invoice.into()),
        }
    }
}

impl From<Draft> for DetailView {
    fn from(draft: Draft) -> Self {
        let sum = draft.sum();
        let Draft { id, case_id, recipient, note, lines, reckoned, .. } = draft;
        let mut lines: Vec<LineView> = lines.into_iter().map(LineView::from).collect();
        let (reckoned, missing) = match reckoned {
            Ok(reckoned) => (Some(reckoned), Vec::new()),
            Err(missing) => (None, missing),
        };
        for (line, (decision, tax)) in
            lines.iter_mut().zip(reckoned.iter().flat_map(|reckoned| &reckoned.lines))
        {
            line.gst = Some(decision.treatment);
            line.gst_reason = Some(decision.reason.clone());
            (line.cgst, line.sgst, line.igst) = (tax.cgst, tax.sgst, tax.igst);
        }
        let of = |paise: fn(&Reckoned) -> Paise| reckoned.as_ref().map(paise);
        Self {
            id,
            draft: true,
            invoice: None,
            kind: reckoned.as_ref().map(|reckoned| reckoned.kind),
            client_id: recipient.client_id,
            client_name: recipient.name,
            case_id,
            note,
            lines,
            taxable: of(|reckoned| reckoned.totals.taxable).unwrap_or_default(),
            tax: of(|reckoned| reckoned.totals.tax.sum()).unwrap_or_default(),
            round_off: of(|reckoned| reckoned.totals.round_off).unwrap_or_default(),
            total: of(|reckoned| reckoned.totals.total).unwrap_or(sum),
            reverse_charge: reckoned.as_ref().is_some_and(|reckoned| reckoned.reverse_charge),
            place_of_supply: reckoned.map(|reckoned| reckoned.place.code),
            missing,
            payments: Vec::new(),
            credit_notes: Vec::new(),
            sha256: None,
            cancel_reason: None,
        }
    }
}

/// Reads the id of a charge: `time:…`, `fee:…` or `expense:…`.
pub(crate) fn charge(text: &str) -> Option<ChargeId> {
    match text.split_once(':')? {
        ("time", id) => id.parse().ok().map(ChargeId::Time),
        ("fee", id) => id.parse().ok().map(ChargeId::Fee),
        ("expense", id) => id.parse().ok().map(ChargeId::Expense),
        _ => None,
    }
}
