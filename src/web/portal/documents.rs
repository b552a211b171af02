//! The documents shared with a client.
//!
//! A shared document is read on a page of its own and not in the viewer: picture after
//! picture, each as the share allows it, or page after page as text for who cannot see.

use askama::Template;

use super::words::{Words, fill};
use crate::kernel::DocumentId;
use crate::web::page::Layout;

/// The documents shared with the client.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/documents.html")]
pub struct PortalDocumentsPage {
    /// The frame.
    pub layout: Layout,
    /// The titles of cases, each with its documents.
    pub cases: Vec<(String, Vec<SharedRow>)>,
}

/// A document in a list.
#[derive(Debug, Clone)]
pub struct SharedRow {
    /// Which.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its pages, who shared it and until when, in a few words each.
    pub about: Vec<String>,
}

/// A document, read.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/document.html")]
pub struct PortalDocumentPage {
    /// The frame; its title is the document's.
    pub layout: Layout,
    /// Which.
    pub id: DocumentId,
    /// The version that is shared.
    pub version: i64,
    /// The case's title.
    pub case_title: String,
    /// The pages shown as pictures.
    pub pictures: Vec<u32>,
    /// The pages shown as text.
    pub texts: Vec<(u32, String)>,
    /// The page the text goes on with, when these are not all.
    pub more: Option<u32>,
    /// Whether the pages have pictures at all.
    pub has_pictures: bool,
    /// Whether the pictures carry the reader's name.
    pub marked: bool,
    /// Whether a file may be taken away.
    pub download: bool,
    /// Until when it can be read.
    pub until: Option<String>,
    /// Why what was asked for cannot be done.
    pub problem: Option<String>,
}

impl PortalDocumentsPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }
}

impl PortalDocumentPage {
    /// What the page says beside its contents.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        self.layout.words()
    }

    /// What a page is called.
    #[must_use]
    pub fn page(&self, number: &u32) -> String {
        fill(self.words().page, &number.to_string())
    }

    /// The link that leads on to a page.
    #[must_use]
    pub fn onward(&self, number: &u32) -> String {
        fill(self.words().more_pages, &number.to_string())
    }

    /// Until when it can be read, in a sentence.
    #[must_use]
    pub fn ends(&self) -> Option<String> {
        self.until.as_deref().map(|until| fill(self.words().expires, until))
    }
}

#[cfg(test)]
mod samples {
    use super::super::samples::{in_hindi, layout};
    use super::*;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, id, text};

    impl SharedRow {
        pub(crate) fn sample() -> Self {
            let about = vec![text("3 pages"), text("Shared by Anjali Mehta")];
            Self { id: id(21), title: text("Order dated 12 March 2023"), about }
        }
    }

    impl PortalDocumentsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Documents shared with you", Area::PortalDocuments),
                cases: vec![(case().title, vec![SharedRow::sample()])],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { cases: Vec::new(), ..Self::sample() }
        }
    }

    impl PortalDocumentPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: layout("Order dated 12 March 2023", Area::PortalDocuments),
                id: id(21),
                version: 1,
                case_title: case().title,
                pictures: vec![1, 2, 7],
                texts: Vec::new(),
                more: None,
                has_pictures: true,
                marked: true,
                download: true,
                until: Some(text("31 August 2026")),
                problem: None,
            }
        }

        pub(crate) fn sample_text() -> Self {
            Self {
                pictures: Vec::new(),
                texts: vec![(1, text("The tenant vacated.")), (7, String::new())],
                more: Some(8),
                ..Self::sample()
            }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample();
            Self { layout: in_hindi(&page.layout), ..page }
        }
    }
}
