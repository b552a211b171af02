//! The invoices a client was sent.

use askama::Template;

use super::words::Words;
use crate::kernel::InvoiceId;
use crate::web::page::{Layout, pages};

/// A client's invoices.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/invoices.html")]
pub struct PortalInvoicesPage {
    /// The frame.
    pub layout: Layout,
    /// What is still to be paid in all, as an amount.
    pub owed: Option<String>,
    /// The invoices, the latest first.
    pub invoices: Vec<InvoiceRow>,
}

/// An invoice.
#[derive(Debug, Clone)]
pub struct InvoiceRow {
    /// Which.
    pub id: InvoiceId,
    /// Its number, with the word for it.
    pub name: String,
    /// The day of issue.
    pub issued: String,
    /// When it is to be paid.
    pub due: Option<String>,
    /// What was billed.
    pub total: String,
    /// What is still to be paid; none when it is settled.
    pub outstanding: Option<String>,
    /// Whether there is a file of it.
    pub has_paper: bool,
}

impl PortalInvoicesPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }
}

pages!(PortalInvoicesPage);

#[cfg(test)]
mod samples {
    use super::super::samples::layout;
    use super::*;
    use crate::web::page::Area;
    use crate::web::parts::samples::{id, text};

    impl PortalInvoicesPage {
        pub(crate) fn sample() -> Self {
            let row = |number, outstanding| InvoiceRow {
                id: id(number),
                name: text("Invoice 2026-27/014"),
                issued: text("1 July 2026"),
                due: Some(text("31 July 2026")),
                total: text("₹ 1,20,000.00"),
                outstanding,
                has_paper: true,
            };
            Self {
                layout: layout("Invoices", Area::PortalInvoices),
                owed: Some(text("₹ 1,20,000.00")),
                invoices: vec![row(41, Some(text("₹ 1,20,000.00"))), row(42, None)],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { owed: None, invoices: Vec::new(), ..Self::sample() }
        }
    }
}
