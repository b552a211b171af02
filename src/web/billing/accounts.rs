//! Payments, accounts of clients, and tax held back.

use askama::Template;

use super::Typed;
use crate::kernel::{ClientId, PaymentId};
use crate::web::page::Layout;
use crate::web::parts::Choice;
use crate::web::show::Day;

/// Payments, and the form for another.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/payments.html")]
pub struct PaymentsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent, where it is about no field.
    pub problem: Option<String>,
    /// Whether the reader keeps the books.
    pub keeps: bool,
    /// The payments, the latest first.
    pub payments: Vec<PaymentRow>,
    /// The clients.
    pub clients: Vec<Choice>,
    /// The ways money comes.
    pub modes: Vec<Choice>,
    /// What is typed, with what is wrong.
    pub typed: Typed,
    /// What the form is sent with.
    pub key: String,
}

/// A payment, on a page.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    /// Which one.
    pub id: PaymentId,
    /// The number of its receipt.
    pub number: String,
    /// Who paid.
    pub client: String,
    /// The day.
    pub on: Day,
    /// What came.
    pub amount: String,
    /// Tax held back.
    pub tds: String,
    /// How, with its reference.
    pub how: String,
    /// When it was taken back, and why.
    pub reversed: Option<(Day, String)>,
}

/// The account of a client and the money held for them.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/account.html")]
pub struct AccountPage {
    /// The frame.
    pub layout: Layout,
    /// Which client.
    pub client: ClientId,
    /// Their name.
    pub name: String,
    /// The first day shown.
    pub from: Day,
    /// The last day shown.
    pub to: Day,
    /// What was owed before.
    pub opening: String,
    /// What happened.
    pub rows: Vec<StatementRow>,
    /// What is owed after.
    pub closing: String,
    /// What is outstanding today, by age.
    pub ages: Vec<(&'static str, String)>,
    /// What is held, apart from fees.
    pub held: String,
    /// The entries of what is held.
    pub entries: Vec<EntryRow>,
    /// Whether the reader keeps the books.
    pub keeps: bool,
    /// What can happen to what is held.
    pub kinds: Vec<Choice>,
    /// The ways money comes and goes.
    pub modes: Vec<Choice>,
    /// What is typed, with what is wrong.
    pub typed: Typed,
    /// What the form is sent with.
    pub key: String,
}

/// A line of an account, on a page.
#[derive(Debug, Clone)]
pub struct StatementRow {
    /// The day.
    pub on: Day,
    /// In words.
    pub what: String,
    /// What was billed.
    pub billed: String,
    /// What was settled.
    pub settled: String,
    /// What was owed after it.
    pub balance: String,
}

/// An entry of client money, on a page.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// The day.
    pub on: Day,
    /// What it was.
    pub kind: &'static str,
    /// In words.
    pub what: String,
    /// How much.
    pub amount: String,
    /// What was held after it.
    pub balance: String,
}

/// Tax that clients held back.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/tds.html")]
pub struct TdsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The financial year.
    pub year: String,
    /// The years one can choose.
    pub years: Vec<Choice>,
    /// By client and quarter.
    pub rows: Vec<TdsLine>,
    /// Whether the reader keeps the books.
    pub keeps: bool,
}

/// What a client held back in a quarter, on a page.
#[derive(Debug, Clone)]
pub struct TdsLine {
    /// Which client.
    pub client: ClientId,
    /// Their name.
    pub name: String,
    /// The quarter.
    pub quarter: u32,
    /// What was held back.
    pub held: String,
    /// As it is typed.
    pub typed: String,
    /// The certificate: its number and amount.
    pub certificate: Option<(String, String)>,
}
