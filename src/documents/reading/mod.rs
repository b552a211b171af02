//! Reading documents: from the bytes of a file to the text of its pages.
//!
//! A *page* is the unit of everything: it has a number, a text in reading
//! order and, where the file shows pages, a [`Layout`] that maps any span of
//! the text to rectangles on the picture of the page. A page that cannot be
//! read carries an error that says why, and never takes its neighbours along.
//!
//! Documents come from outside and may be hostile, so none is opened in the
//! service itself: a [`Reader`] starts a child process (`munshi read-worker`,
//! see [`worker_main`]) which limits its own memory, processor time and files
//! before it looks at the first byte. A watchdog ends a page that takes too
//! long; a fresh child goes on with the next one. Text recognition is a third
//! process, `tesseract`, started by the parent on the picture the child drew.
//!
//! Start with [`identify`], then [`Reader::read`].

mod docx;
mod error;
mod format;
mod frame;
mod layout;
mod limits;
mod mail;
mod ocr;
mod pages;
mod pdf;
mod reader;
mod script;
mod supervisor;
mod text;
mod worker;

pub use error::ReadError;
pub use format::{Format, Refusal, identify};
pub use layout::{Layout, LayoutError, Rect, Word};
pub use limits::Limits;
pub use ocr::{Ocr, OcrStatus};
pub use reader::Reader;
pub use worker::worker_main;

/// How the text of a page was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// From the text layer of a PDF.
    TextLayer,
    /// By recognising the picture of the page.
    Ocr,
    /// From a source without page pictures: a DOCX, a text file, a mail.
    Source,
    /// Not at all; the page says why.
    None,
}

impl Method {
    /// The name stored and shown: `text_layer`, `ocr`, `source`, `none`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TextLayer => "text_layer",
            Self::Ocr => "ocr",
            Self::Source => "source",
            Self::None => "none",
        }
    }

    /// Reads what [`Method::as_str`] wrote.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::TextLayer, Self::Ocr, Self::Source, Self::None]
            .into_iter()
            .find(|method| method.as_str() == name)
    }
}

/// A page as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPage {
    /// Its place in the document, from 1.
    pub number: u32,
    /// Its text in reading order; lines end in `\n`, an empty line marks a gap.
    pub text: String,
    /// Where its words are; `None` when the source has no page pictures.
    pub layout: Option<Layout>,
    /// How the text was had.
    pub method: Method,
    /// The language its script suggests: `en`, `hi`, `ta`, …
    pub language: Option<String>,
    /// How sure text recognition is, 0 to 100; `None` for other methods.
    pub confidence: Option<f32>,
    /// How long reading took.
    pub took_ms: u32,
    /// What went wrong, and what to do; the text may still be usable.
    pub error: Option<String>,
}

/// A file inside a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name the sender gave it, without any folder.
    pub file_name: String,
    /// Its content, decoded.
    pub bytes: Vec<u8>,
}

/// What a [`Reader`] tells, in this order: `Started`, pages by number,
/// attachments, `Done`.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadEvent {
    /// The document could be opened.
    Started {
        /// How many pages it has in all.
        pages: u32,
        /// The title it gives itself.
        title: Option<String>,
    },
    /// The next page.
    Page(ReadPage),
    /// A file inside a mail, a document of its own.
    Attachment(Attachment),
    /// Everything has been told.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_parses_from_its_name() {
        for name in ["text_layer", "ocr", "source", "none"] {
            assert_eq!(Method::parse(name).map(Method::as_str), Some(name));
        }
        assert_eq!(Method::parse("guess"), None);
    }
}
