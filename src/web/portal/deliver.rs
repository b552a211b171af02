//! What the chamber needs from a client, and what they send.

use askama::Template;

use super::words::Words;
use crate::kernel::RequestId;
use crate::web::page::Layout;
use crate::web::parts::Choice;

/// Everything the chamber needs and needed.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests.html")]
pub struct PortalRequestsPage {
    /// The frame.
    pub layout: Layout,
    /// What is needed.
    pub needed: Vec<NeededRow>,
    /// What is done.
    pub done: Vec<NeededRow>,
    /// What they sent, the latest first.
    pub sent: Vec<SentRow>,
}

/// Something that is needed, in the reader's words.
#[derive(Debug, Clone)]
pub struct NeededRow {
    /// Which.
    pub id: RequestId,
    /// The case's title.
    pub case_title: String,
    /// What is needed.
    pub what: String,
    /// By when, in a few words.
    pub due: Option<String>,
    /// Whether that day has passed.
    pub late: bool,
    /// How it was done, in a sentence.
    pub done: Option<String>,
}

/// The form for sending files.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/deliver.html")]
pub struct PortalDeliverPage {
    /// The frame.
    pub layout: Layout,
    /// Why what was just sent was not taken.
    pub problem: Option<String>,
    /// The cases a file can be for.
    pub cases: Vec<Choice>,
    /// The requests it can be for.
    pub requests: Vec<Choice>,
    /// What was typed about it.
    pub note: String,
    /// What they sent, the latest first.
    pub sent: Vec<SentRow>,
}

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct SentRow {
    /// What it is called.
    pub name: String,
    /// Its size and the day it was sent.
    pub about: String,
    /// The case's title.
    pub case_title: String,
    /// What it was for.
    pub request: Option<String>,
    /// What became of it, in a sentence.
    pub status: &'static str,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl PortalRequestsPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }
}

impl PortalDeliverPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }
}

#[cfg(test)]
mod samples {
    use super::super::samples::{in_hindi, layout};
    use super::*;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, id, text};

    impl NeededRow {
        pub(crate) fn sample() -> Self {
            Self {
                id: id(31),
                case_title: case().title,
                what: text("A copy of the lease of 2019"),
                due: Some(text("by 20 July 2026")),
                late: false,
                done: None,
            }
        }

        pub(crate) fn sample_done() -> Self {
            Self { done: Some(text("You sent it.")), due: None, ..Self::sample() }
        }
    }

    fn sent() -> Vec<SentRow> {
        let row = |name: &str, status, reason| SentRow {
            name: text(name),
            about: text("2.4 MB, 14 July 2026"),
            case_title: case().title,
            request: Some(text("For: A copy of the lease of 2019")),
            status,
            reason,
        };
        vec![
            row("lease.pdf", "The chamber will look at it.", None),
            row("photo.jpg", "Not taken.", Some(text("Reason: the page cannot be read"))),
        ]
    }

    impl PortalRequestsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("What we need from you", Area::PortalRequests),
                needed: vec![NeededRow::sample()],
                done: vec![NeededRow::sample_done()],
                sent: sent(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let (needed, done, sent) = (Vec::new(), Vec::new(), Vec::new());
            Self { needed, done, sent, ..Self::sample() }
        }
    }

    impl PortalDeliverPage {
        pub(crate) fn sample() -> Self {
            let choice = |value: &str, label: &str| Choice {
                value: text(value),
                label: text(label),
                chosen: false,
            };
            Self {
                layout: layout("Send files to your chamber", Area::PortalRequests),
                problem: Some(text("Choose a file first.")),
                cases: vec![choice("1", &case().title)],
                requests: vec![choice("2", "A copy of the lease of 2019")],
                note: text("from the landlord"),
                sent: sent(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let (cases, requests, sent) = (Vec::new(), Vec::new(), Vec::new());
            Self { problem: None, cases, requests, sent, ..Self::sample() }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample();
            Self { layout: in_hindi(&page.layout), ..page }
        }
    }
}
