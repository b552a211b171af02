//! The list of bills, and a bill.

use askama::Template;

use super::{BillRow, DraftRow, Typed};
use crate::kernel::{ClientId, CreditNoteId, InvoiceId, InvoiceLineId};
use crate::web::page::Layout;
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::Day;

/// Bills and drafts, and the form for another.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/invoices.html")]
pub struct InvoicesPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// Whether the reader keeps the books.
    pub keeps: bool,
    /// The bills, the latest first.
    pub invoices: Vec<BillRow>,
    /// The drafts.
    pub drafts: Vec<DraftRow>,
    /// Whom a bill can be for: cases, and clients for none; the form sends `for`.
    pub subjects: Vec<Choice>,
}

/// A bill: a draft, or one that was issued.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/bill.html")]
pub struct BillPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// Which bill.
    pub id: InvoiceId,
    /// Its number; a draft has none.
    pub number: Option<String>,
    /// What it is in law, in words, once that can be told.
    pub kind: Option<&'static str>,
    /// Which client; where their account is, for those who see it.
    pub account: Option<ClientId>,
    /// Who pays.
    pub client: String,
    /// The case.
    pub case: Option<CaseRef>,
    /// The lines.
    pub lines: Vec<BillLine>,
    /// The sums below them: words and amounts.
    pub sums: Vec<(&'static str, String)>,
    /// What is to be paid.
    pub total: String,
    /// The total in words.
    pub words: String,
    /// The reasons for the tax, or for none.
    pub reasons: Vec<String>,
    /// Whether the recipient pays the tax.
    pub reverse: bool,
    /// The place of supply.
    pub place: Option<String>,
    /// What is said below the lines.
    pub note: Option<String>,
    /// Whether the reader keeps the books.
    pub keeps: bool,
    /// What a draft has besides.
    pub draft: Option<DraftSide>,
    /// What an issued bill has besides.
    pub issued: Option<IssuedSide>,
    /// What is typed into its forms, with what is wrong.
    pub typed: Typed,
}

/// A line of a bill, on a page.
#[derive(Debug, Clone)]
pub struct BillLine {
    /// Which line.
    pub id: InvoiceLineId,
    /// What it is for, in a word.
    pub kind: &'static str,
    /// In words.
    pub description: String,
    /// The class of services.
    pub sac: String,
    /// What it comes to.
    pub amount: String,
    /// What becomes of the tax, in a word or two.
    pub gst: Option<&'static str>,
    /// The tax that is added.
    pub tax: Option<String>,
    /// The amount as it is typed, where it may be.
    pub typed: Option<String>,
}

/// What a draft has besides.
#[derive(Debug, Clone)]
pub struct DraftSide {
    /// What is missing before it can be issued, a sentence each.
    pub missing: Vec<String>,
    /// What is odd about the client as GST sees them, a sentence each.
    pub doubts: Vec<String>,
    /// Charges of the case that are on no bill: the value the form sends, the words, the
    /// amount.
    pub charges: Vec<(String, String, String)>,
    /// The kinds a line can be of.
    pub kinds: Vec<Choice>,
    /// The classes of services.
    pub sacs: Vec<Choice>,
}

/// What an issued bill has besides.
#[derive(Debug, Clone)]
pub struct IssuedSide {
    /// The day of issue.
    pub on: Day,
    /// When it is to be paid.
    pub due: Option<Day>,
    /// Whether that day has passed and something is open.
    pub overdue: bool,
    /// What is still to be paid.
    pub outstanding: String,
    /// Whether something is.
    pub open: bool,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// Whether there is a file of it.
    pub has_paper: bool,
    /// What came for it.
    pub settled: Vec<SettledRow>,
    /// Its credit notes.
    pub credits: Vec<CreditRow>,
    /// What is held for the client, if it could pay this.
    pub held: Option<String>,
    /// The ways money comes.
    pub modes: Vec<Choice>,
    /// What the tax held back is reckoned on.
    pub tds_hint: String,
    /// What its forms are sent with.
    pub key: String,
}

/// What came for a bill, on a page.
#[derive(Debug, Clone)]
pub struct SettledRow {
    /// The day.
    pub on: Day,
    /// What it was.
    pub what: String,
    /// Money.
    pub amount: String,
    /// Tax held back.
    pub tds: String,
}

/// A credit note, on a page.
#[derive(Debug, Clone)]
pub struct CreditRow {
    /// Which one.
    pub id: CreditNoteId,
    /// Its number.
    pub number: String,
    /// The day.
    pub on: Day,
    /// Why.
    pub reason: String,
    /// How much.
    pub amount: String,
}
