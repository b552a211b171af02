//! The portal: what was shared with a client, and nothing else.
//!
//! A shared document opens in the viewer ([`super::viewer::DocumentPage`]) with
//! the portal's frame.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::DocumentRef;
use super::show::Moment;

/// The documents shared with the client.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/shared.html")]
pub struct PortalPage {
    /// The frame.
    pub layout: Layout,
    /// The documents, by case.
    pub cases: Vec<SharedCase>,
}

/// A case with something shared in it.
#[derive(Debug, Clone)]
pub struct SharedCase {
    /// Its title.
    pub title: String,
    /// Its number, as the court writes it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The documents shared.
    pub documents: Vec<SharedDocument>,
}

/// A document shared with the client.
#[derive(Debug, Clone)]
pub struct SharedDocument {
    /// The document.
    pub document: DocumentRef,
    /// Its pages, once counted.
    pub pages: Option<u32>,
    /// When it was shared.
    pub shared: Moment,
    /// By whom.
    pub shared_by: String,
}

pages!(PortalPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, moment, text};
    use super::*;
    use crate::kernel::Role;

    impl PortalPage {
        pub(crate) fn sample() -> Self {
            let shared = |number, title: &str| SharedDocument {
                document: DocumentRef { id: id(number), title: text(title) },
                pages: Some(40),
                shared: moment(-900),
                shared_by: text("Anjali Mehta"),
            };
            Self {
                layout: Layout::sample("Documents", Area::Portal, Role::Client),
                cases: vec![SharedCase {
                    title: case().title,
                    number: Some(text("W.P.(C) 1234/2023")),
                    court: Some(text("High Court of Delhi")),
                    documents: vec![
                        shared(21, "Writ petition with annexures"),
                        shared(22, "Order dated 12 March 2023"),
                    ],
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { cases: Vec::new(), ..Self::sample() }
        }
    }
}
