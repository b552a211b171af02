//! Invoices, payments, client money and reports.

mod accounts;
mod bills;
mod reports;
#[cfg(test)]
mod samples;

use std::collections::BTreeMap;

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice, Field};
use super::show::Day;
use crate::kernel::{ClientId, InvoiceId};

pub use accounts::{
    AccountPage, EntryRow, PaymentRow, PaymentsPage, StatementRow, TdsLine, TdsPage,
};
pub use bills::{BillLine, BillPage, CreditRow, DraftSide, InvoicesPage, IssuedSide, SettledRow};
pub use reports::{ReportPage, TableView};

/// What was typed into a form, by field, with what is wrong with one.
#[derive(Debug, Clone, Default)]
pub struct Typed(BTreeMap<String, Field>);

impl Typed {
    /// What was typed, with what is wrong beside its field.
    #[must_use]
    pub fn refused(form: &BTreeMap<String, String>, error: Option<(&str, String)>) -> Self {
        let mut fields: BTreeMap<String, Field> =
            form.iter().map(|(name, value)| (name.clone(), Field::of(value))).collect();
        if let Some((name, why)) = error {
            fields.entry(name.to_owned()).or_default().error = Some(why);
        }
        Self(fields)
    }

    /// A form with values in it.
    #[must_use]
    pub fn of<const N: usize>(values: [(&str, String); N]) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), Field::of(value))).collect())
    }

    /// The same, with a value in a field that was not sent.
    #[must_use]
    pub fn or(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.entry(name.to_owned()).or_insert_with(|| Field::of(value));
        self
    }

    /// The same of one of several forms on a page, whose fields are told apart by its name:
    /// `credit-amount`.
    #[must_use]
    pub fn of_form(self, form: &str) -> Self {
        let fields = self.0.into_iter();
        Self(fields.map(|(name, field)| (format!("{form}-{name}"), field)).collect())
    }

    /// A field of the form.
    #[must_use]
    pub fn get(&self, name: &str) -> Field {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// What was typed into a field.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        self.get(name).value
    }

    /// Choices of a list, with the one chosen that was typed.
    #[must_use]
    pub fn choices(&self, name: &str, all: &[Choice]) -> Vec<Choice> {
        let typed = self.value(name);
        all.iter()
            .map(|choice| Choice {
                chosen: if typed.is_empty() { choice.chosen } else { choice.value == typed },
                ..choice.clone()
            })
            .collect()
    }
}

/// What clients owe, what is drafted, and what is not billed.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/money.html")]
pub struct MoneyPage {
    /// The frame.
    pub layout: Layout,
    /// Whether it is narrowed to a client or some cases.
    pub narrowed: bool,
    /// Whether the reader keeps the books.
    pub keeps: bool,
    /// Whether the chamber's details are missing, without which nothing is issued.
    pub unset: bool,
    /// What is outstanding, overdue, drafted, and not billed: words and amounts.
    pub sums: Vec<(&'static str, String)>,
    /// What clients owe.
    pub dues: Vec<DueRow>,
    /// The drafts.
    pub drafts: Vec<DraftRow>,
    /// What is not billed, by case: work, expenses, models, all.
    pub unbilled: Vec<UnbilledRow>,
}

/// What a client owes, on a page.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// Which client; where their account is, for those who see it.
    pub account: Option<ClientId>,
    /// Who.
    pub client: String,
    /// How much.
    pub outstanding: String,
    /// The part of it that is overdue.
    pub overdue: Option<String>,
    /// The bills not paid in full.
    pub invoices: Vec<BillRow>,
}

/// A bill in a list.
#[derive(Debug, Clone)]
pub struct BillRow {
    /// Which bill.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The client.
    pub client: String,
    /// The case.
    pub case: Option<CaseRef>,
    /// The day of issue.
    pub issued: Day,
    /// When it is to be paid.
    pub due: Option<Day>,
    /// What is billed.
    pub total: String,
    /// What is still to be paid.
    pub outstanding: String,
    /// `overdue`, `cancelled`, or nothing to be said.
    pub state: Option<&'static str>,
}

/// A draft in a list.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Which draft.
    pub id: InvoiceId,
    /// Who pays.
    pub client: String,
    /// For which case.
    pub case: Option<String>,
    /// What its lines come to.
    pub sum: String,
}

/// What is not billed of a case, on a page.
#[derive(Debug, Clone)]
pub struct UnbilledRow {
    /// The case.
    pub case: CaseRef,
    /// Time and fees.
    pub work: String,
    /// What was laid out.
    pub expenses: String,
    /// What language models cost.
    pub models: String,
    /// All of it.
    pub total: String,
}

/// What stands on the chamber's papers.
#[derive(Debug, Clone, Template)]
#[template(path = "billing/chamber.html")]
pub struct ChamberPage {
    /// The frame.
    pub layout: Layout,
    /// What is typed, with what is wrong.
    pub typed: Typed,
    /// The kinds of supplier.
    pub kinds: Vec<Choice>,
    /// The States.
    pub states: Vec<Choice>,
}

pages!(
    MoneyPage,
    ChamberPage,
    BillPage,
    InvoicesPage,
    AccountPage,
    PaymentsPage,
    TdsPage,
    ReportPage
);
