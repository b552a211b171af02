//! The document viewer: pages with the cited passage marked.
//!
//! The template lays out every page of the version with its size, so that a link
//! to page 300 lands there before any image has arrived; `viewer.js` then loads
//! the marks of the page the link names and puts them over its image.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, DocumentRef};
use super::show::{Moment, counted};
use crate::kernel::{DocumentId, PassageId};

/// A document, open in the viewer.
#[derive(Debug, Clone, Template)]
#[template(path = "viewer/document.html")]
pub struct DocumentPage {
    /// The frame.
    pub layout: Layout,
    /// Which document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case; not shown to a client.
    pub case: Option<CaseRef>,
    /// The mail it came with.
    pub parent: Option<DocumentRef>,
    /// What kind of file it is: `PDF`, `Word`, `Mail`.
    pub kind: String,
    /// The version shown.
    pub version: u32,
    /// Every version, the latest first.
    pub versions: Vec<VersionRow>,
    /// The pages of this version.
    pub pages: Vec<PageRow>,
    /// What the link points at.
    pub target: Target,
    /// The files that came with a mail.
    pub attachments: Vec<DocumentRef>,
    /// What the reader should know of the whole: hidden text found, still being read.
    pub warnings: Vec<String>,
    /// Whether the original may be downloaded.
    pub may_download: bool,
}

/// A version of the document.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Its number, from one.
    pub number: u32,
    /// When it was added.
    pub added: Moment,
    /// By whom.
    pub added_by: String,
}

/// What a link into a document points at.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The page, from one; the first unless the link says otherwise.
    pub page: Option<u32>,
    /// The marked span of the page's text, in bytes.
    pub span: Option<(u32, u32)>,
    /// A passage, when the link names one instead of a span.
    pub passage: Option<PassageId>,
}

/// A row of the page ledger.
#[derive(Debug, Clone)]
pub struct PageRow {
    /// The page, from one.
    pub number: u32,
    /// Its width in points.
    pub width: u32,
    /// Its height in points.
    pub height: u32,
    /// Whether there is an image of it; otherwise its text is shown.
    pub has_image: bool,
    /// How it was read: `Text in the file`, `OCR`.
    pub method: String,
    /// How sure the OCR was, in percent.
    pub confidence: Option<u8>,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Its text around the marked span, for pages without an image.
    pub text: Option<MarkedText>,
}

/// A page's text, cut at the marked span.
#[derive(Debug, Clone, Default)]
pub struct MarkedText {
    /// What comes before the span.
    pub before: String,
    /// The span; empty when nothing is marked.
    pub marked: String,
    /// What follows it.
    pub after: String,
}

/// Below this the OCR's reading is shown as doubtful, in percent.
const DOUBTFUL: u8 = 75;

impl PageRow {
    /// Whether the reader should look twice: an error, or doubtful OCR.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.error.is_some() || self.confidence.is_some_and(|percent| percent < DOUBTFUL)
    }

    /// The ledger's words for the page.
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.error, self.confidence) {
            (Some(_), _) => String::from("not read"),
            (None, Some(percent)) => format!("{}, {percent}% sure", self.method),
            (None, None) => self.method.clone(),
        }
    }
}

impl DocumentPage {
    /// The latest version, when it is not the one shown.
    #[must_use]
    pub fn newer(&self) -> Option<u32> {
        let latest = self.versions.iter().map(|version| version.number).max()?;
        (latest > self.version).then_some(latest)
    }

    /// The number of pages, in words.
    #[must_use]
    pub fn extent(&self) -> String {
        counted(self.pages.len(), "page", "pages")
    }

    /// Whether any page has an image, so that image and text can be switched.
    #[must_use]
    pub fn has_images(&self) -> bool {
        self.pages.iter().any(|page| page.has_image)
    }

    /// How many pages deserve a second look.
    #[must_use]
    pub fn doubtful(&self) -> usize {
        self.pages.iter().filter(|page| page.is_doubtful()).count()
    }

    /// The page the link points at.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.target.page.unwrap_or(1)
    }

    /// The query that asks the API for the marks of the target, or nothing.
    #[must_use]
    pub fn marks_query(&self) -> String {
        match (self.target.span, self.target.passage) {
            (Some((start, end)), _) => format!("start={start}&end={end}"),
            (None, Some(passage)) => format!("passage={passage}"),
            (None, None) => String::new(),
        }
    }
}

pages!(DocumentPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, moment, text};
    use super::*;
    use crate::kernel::Role;

    impl DocumentPage {
        pub(crate) fn sample() -> Self {
            let page = |number| PageRow {
                number,
                width: 595,
                height: 842,
                has_image: true,
                method: text(if number > 2 { "OCR" } else { "Text in the file" }),
                confidence: (number > 2).then(|| u8::try_from(60 + number * 5).unwrap()),
                error: (number == 6).then(|| text("The scan of this page is blank.")),
                text: None,
            };
            let version =
                |number| VersionRow { number, added: moment(-600), added_by: text("R. Iyer") };
            Self {
                layout: Layout::sample("Writ petition", Area::Cases, Role::Advocate),
                id: id(21),
                title: text("Writ petition with annexures"),
                case: Some(case()),
                parent: None,
                kind: text("PDF"),
                version: 1,
                versions: vec![version(2), version(1)],
                pages: (1..=6).map(page).collect(),
                target: Target { page: Some(3), span: Some((120, 240)), passage: None },
                attachments: Vec::new(),
                warnings: vec![text(
                    "Page 4 holds text that cannot be seen on the page. It is kept out of answers.",
                )],
                may_download: true,
            }
        }

        pub(crate) fn sample_mail() -> Self {
            let mail = MarkedText {
                before: text(
                    "From: S. Sharma\nTo: Anjali Mehta\nSubject: revised terms\n\nDear Madam,\n\n",
                ),
                marked: text("We agree to pay Rs. 12,50,000 by 31 March 2024"),
                after: text(
                    ", subject to the respondents withdrawing the notice.\n\nमूल प्रति संलग्न है।\n",
                ),
            };
            let page = PageRow {
                number: 1,
                width: 595,
                height: 842,
                has_image: false,
                method: text("Text in the file"),
                confidence: None,
                error: None,
                text: Some(mail),
            };
            let attachment =
                |number, title: &str| DocumentRef { id: id(number), title: text(title) };
            Self {
                title: text("Fwd: revised settlement terms"),
                kind: text("Mail"),
                version: 2,
                pages: vec![page],
                target: Target { page: Some(1), ..Target::default() },
                attachments: vec![attachment(51, "Terms.docx"), attachment(52, "Cheque.jpg")],
                warnings: Vec::new(),
                ..Self::sample()
            }
        }

        pub(crate) fn sample_portal() -> Self {
            Self {
                layout: Layout::sample("Writ petition", Area::Portal, Role::Client),
                case: None,
                versions: Vec::new(),
                warnings: Vec::new(),
                may_download: false,
                ..Self::sample()
            }
        }
    }
}
