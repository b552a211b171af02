//! The forms for an agreement, an expense and a fee.

use askama::Template;

use super::Typed;
use crate::kernel::{CaseId, ExpenseId};
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::parts::Choice;

/// The form for what was agreed on the fees of a case.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/agreement.html")]
pub struct AgreementPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// What was typed. The fields of a line end in its number.
    pub typed: Typed,
    /// The documents the letter can be.
    pub letters: Vec<Choice>,
    /// The lines.
    pub lines: Vec<AgreementLine>,
}

/// The place for one fee in the form of an agreement, with what can be chosen.
#[derive(Debug, Clone)]
pub struct AgreementLine {
    /// Its number, from 1.
    pub number: usize,
    /// How the fee is counted.
    pub models: Vec<Choice>,
    /// The classes of work.
    pub works: Vec<Choice>,
    /// What drafting is paid by.
    pub units: Vec<Choice>,
}

impl AgreementPage {
    /// The field of a line.
    #[must_use]
    pub fn of_line(&self, name: &str, line: &usize) -> crate::web::parts::Field {
        self.typed.field(&format!("{name}_{line}"))
    }
}

/// The form of an expense.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/expense.html")]
pub struct ExpensePage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub typed: Typed,
    /// What it was for.
    pub kinds: Vec<Choice>,
    /// Who paid.
    pub payers: Vec<Choice>,
    /// The receipt of one that is there already.
    pub receipt: Option<ReceiptForm>,
    /// Whether it stands on an invoice, and can be read only.
    pub is_billed: bool,
}

/// The receipt of an expense, and the form to keep another.
#[derive(Debug, Clone)]
pub struct ReceiptForm {
    /// The expense.
    pub expense: ExpenseId,
    /// The name of the file that is kept.
    pub file_name: Option<String>,
    /// What was wrong with the file just sent.
    pub problem: Option<String>,
}

/// The form for a fee entered by hand.
#[derive(Debug, Clone, Template)]
#[template(path = "fees/fee.html")]
pub struct FeePage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub tabs: CaseTabs,
    /// Its id.
    pub case: CaseId,
    /// What was typed.
    pub typed: Typed,
    /// What it is for.
    pub kinds: Vec<Choice>,
    /// The classes of work.
    pub works: Vec<Choice>,
}

pages!(AgreementPage, ExpensePage, FeePage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::Area;
    use crate::web::cases::CaseTab;
    use crate::web::parts::samples::{id, text};

    fn layout(title: &str) -> Layout {
        Layout::sample(title, Area::Cases, Role::Advocate)
    }

    fn choice(value: &str, label: &str) -> Choice {
        Choice { value: text(value), label: text(label), chosen: false }
    }

    impl AgreementPage {
        pub(crate) fn sample() -> Self {
            let models = vec![choice("appearance", "Per appearance")];
            let works = vec![choice("998212", "998212 Other fields of law")];
            let units = vec![choice("page", "page")];
            let typed =
                Typed::of([("agreed_on", text("2026-11-03")), ("amount_1", text("ten thousand"))]);
            Self {
                layout: layout("Fee agreement"),
                tabs: CaseTabs::sample(CaseTab::Money),
                typed: typed.refused("amount_1", text("Write the amount in rupees.")),
                letters: vec![choice("1", "Engagement letter.pdf")],
                lines: vec![
                    AgreementLine {
                        number: 1,
                        models: models.clone(),
                        works: works.clone(),
                        units: units.clone(),
                    },
                    AgreementLine { number: 2, models, works, units },
                ],
            }
        }
    }

    impl ExpensePage {
        pub(crate) fn sample() -> Self {
            let typed = Typed::of([("on", text("2026-11-03")), ("description", text("Court fee"))]);
            Self {
                layout: layout("Expense"),
                tabs: CaseTabs::sample(CaseTab::Money),
                action: text("/cases/1/expenses"),
                typed: typed.refused("amount", text("Write the amount in rupees.")),
                kinds: vec![choice("court_fee", "Court fee")],
                payers: vec![choice("chamber", "The chamber")],
                receipt: None,
                is_billed: false,
            }
        }

        pub(crate) fn sample_kept() -> Self {
            let receipt = ReceiptForm {
                expense: id(531),
                file_name: Some(text("receipt.pdf")),
                problem: Some(text("A receipt is a PDF or a picture.")),
            };
            Self {
                action: text("/expenses/1"),
                receipt: Some(receipt),
                typed: Typed::default(),
                ..Self::sample()
            }
        }

        pub(crate) fn sample_billed() -> Self {
            Self { is_billed: true, ..Self::sample_kept() }
        }
    }

    impl FeePage {
        pub(crate) fn sample() -> Self {
            let typed = Typed::of([("quantity", text("2"))]);
            Self {
                layout: layout("Fee"),
                tabs: CaseTabs::sample(CaseTab::Money),
                case: id(11),
                typed: typed.refused("amount", text("Say how much it is.")),
                kinds: vec![choice("conference", "Conference")],
                works: vec![choice("998212", "998212 Other fields of law")],
            }
        }
    }
}
