//! The portal's pages: what a client is shown, made for a phone, in English and in Hindi;
//! and the page on which the chamber decides what that is.

mod case;
mod chamber;
mod deliver;
mod documents;
pub mod invoices;
pub mod words;

use askama::Template;

pub use case::{CaseBody, NewsRow, PortalCasePage, PortalPreviewPage};
pub use chamber::{
    AskedRow, CasePortalPage, DeliveryDecision, NewsDraft, PersonRow, ReceiptRow, ShareLine,
};
pub use deliver::{NeededRow, PortalDeliverPage, PortalRequestsPage, SentRow};
pub use documents::{PortalDocumentPage, PortalDocumentsPage, SharedRow};

use super::page::{Layout, pages};
use crate::kernel::CaseId;
use words::Words;

/// A client's start page.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/home.html")]
pub struct PortalPage {
    /// The frame.
    pub layout: Layout,
    /// Their cases.
    pub cases: Vec<CaseCard>,
    /// What is needed in all of them, first what is due first.
    pub needed: Vec<NeededRow>,
    /// What they owe, as an amount; none when nothing.
    pub owed: Option<String>,
    /// How many messages they have not read, in words.
    pub unread: Option<String>,
    /// The documents shared with them last.
    pub documents: Vec<SharedRow>,
    /// How many there are, in words, when those are not all.
    pub more_documents: Option<String>,
}

/// A case on the start page.
#[derive(Debug, Clone)]
pub struct CaseCard {
    /// Which.
    pub id: CaseId,
    /// Its title.
    pub title: String,
    /// Its court's number.
    pub number: Option<String>,
    /// Whether it has ended.
    pub closed: bool,
    /// The last day in court, and how it went.
    pub last: Option<(String, String)>,
    /// The next.
    pub next: Option<String>,
    /// How many things are needed, in words.
    pub needs: Option<String>,
}

impl PortalPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }
}

pages!(
    PortalPage,
    PortalCasePage,
    PortalPreviewPage,
    PortalDocumentsPage,
    PortalDocumentPage,
    PortalRequestsPage,
    PortalDeliverPage,
    CasePortalPage,
);

#[cfg(test)]
pub(crate) mod samples {
    use super::words::Language;
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, id, text};

    /// The frame of a client's sample page.
    pub(crate) fn layout(title: &str, area: Area) -> Layout {
        Layout::sample(title, area, Role::Client)
    }

    /// The same in Hindi.
    pub(crate) fn in_hindi(layout: &Layout) -> Layout {
        layout.clone().in_language(Language::Hindi)
    }

    impl PortalPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Your cases", Area::Portal),
                cases: vec![CaseCard {
                    id: id(1),
                    title: case().title,
                    number: Some(text("W.P.(C) 1234/2023")),
                    closed: false,
                    last: Some((text("14 July 2026"), text("The court heard your case."))),
                    next: Some(text("3 August 2026, High Court of Delhi, court hall 12")),
                    needs: Some(text("1 thing is needed from you")),
                }],
                needed: vec![NeededRow::sample()],
                owed: Some(text("₹ 1,20,000.00")),
                unread: Some(text("2 new messages")),
                documents: vec![SharedRow::sample()],
                more_documents: Some(text("30 documents")),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let (owed, unread, more_documents) = (None, None, None);
            let (cases, needed, documents) = (Vec::new(), Vec::new(), Vec::new());
            Self { cases, needed, owed, unread, documents, more_documents, ..Self::sample() }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample();
            Self { layout: in_hindi(&page.layout), ..page }
        }
    }
}
