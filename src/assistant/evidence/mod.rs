//! Evidence: the passages an answer may cite, numbered for the reader.
//!
//! [`Understood`] is the question as it was read; `gather` finds the passages and says
//! whether they answer it.

pub(super) mod gather;
mod understand;

pub use gather::{Gathered, Support};
pub use understand::{Kind, Language, Understood};

use serde::{Deserialize, Serialize};

use crate::documents::PassageText;
use crate::kernel::{CaseId, DocumentId, PassageId, VersionId};

/// A numbered passage an answer may cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The number the answer cites it by; the first is 1.
    pub number: u32,
    /// The passage.
    pub passage: PassageId,
    /// The document it stands in.
    pub document: DocumentId,
    /// The version that was read; citations stay pinned to it.
    pub version: VersionId,
    /// The case the document belongs to.
    pub case: CaseId,
    /// The document's title.
    pub title: String,
    /// The page the passage begins on.
    pub page: u32,
    /// The headings above the passage, outermost first.
    pub heading: Option<String>,
    /// The passage's text.
    pub text: String,
    /// The whole text of each page the passage touches, in order, so that a
    /// quotation can be checked against what was printed and not what was cut.
    pub pages: Vec<EvidencePage>,
    /// Where the passage begins in the first page's text, in bytes.
    pub start: usize,
    /// Whether all its pages were recognised from images; where only some were, it is held to
    /// every letter like those that were not.
    pub ocr: bool,
}

impl Evidence {
    /// A passage under its number.
    pub(super) fn of(number: u32, passage: &PassageText) -> Self {
        Self {
            number,
            passage: passage.id,
            document: passage.document,
            version: passage.version,
            case: passage.case,
            title: passage.title.clone(),
            page: passage.page(),
            heading: passage.heading.clone(),
            text: passage.text.clone(),
            pages: passage
                .pages
                .iter()
                .map(|page| EvidencePage { number: page.number, text: page.text.clone() })
                .collect(),
            start: passage.start,
            ocr: passage.pages.iter().all(|page| page.ocr),
        }
    }
}

/// The whole text of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidencePage {
    /// The page's number in the document; the first is 1.
    pub number: u32,
    /// The text, in reading order.
    pub text: String,
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;

    /// A passage that is the whole of one page.
    pub(in crate::assistant) fn page(number: u32, text: &str) -> Evidence {
        pages(number, &[text])
    }

    /// A passage that is the whole of several pages, the first being page 7.
    pub(in crate::assistant) fn pages(number: u32, texts: &[&str]) -> Evidence {
        Evidence {
            number,
            passage: PassageId::new(),
            document: DocumentId::new(),
            version: VersionId::new(),
            case: CaseId::new(),
            title: format!("Judgment {number}"),
            page: 7,
            heading: None,
            text: texts.join("\n"),
            pages: (7..)
                .zip(texts)
                .map(|(number, text)| EvidencePage { number, text: (*text).to_owned() })
                .collect(),
            start: 0,
            ocr: false,
        }
    }
}
