//! Reading documents: from the bytes of a file to the text of its pages.
//!
//! A *page* is the unit of everything: it has a number, a text in reading
//! order and, where the file shows pages, a [`Layout`] that maps any span of
//! the text to rectangles on the picture of the page. A page that cannot be
//! read carries an error that says why, and never takes its neighbours along.
//!
//! Documents come from outside and may be hostile, so none is opened in the
//! service itself: a [`Reader`] hands it to a child process (`munshi read-worker`,
//! see [`worker_main`]) which has limited its own memory, processor time and
//! files, and has given up every way to files, network and programs, before it
//! sees the first byte. A child reads one document; a few wait, started and
//! confined, for the next. A watchdog ends a page that takes too long; a fresh
//! child goes on with the next one. Text recognition is a third process,
//! `tesseract`, started by the parent on the picture the child drew.
//!
//! Start with [`identify`], then [`Reader::read`].

mod archive;
mod aside;
mod channel;
mod code_page;
mod compound;
mod confine;
mod count;
mod doc;
mod docx;
mod error;
mod filename;
mod finding;
mod flow;
mod format;
mod frame;
mod furniture;
mod html;
mod layout;
mod letter;
mod limits;
mod mail;
mod mbox;
mod msg;
mod ocr;
mod odt;
mod ooxml;
mod pages;
mod parts;
mod pdf;
mod picture;
mod plain;
mod pool;
mod readable;
mod reader;
mod rtf;
mod run;
mod script;
mod sheet;
mod slides;
mod source;
mod supervisor;
mod text;
mod worker;
mod xml;

pub use confine::{Confinement, Hold};
pub use error::ReadError;
pub use finding::{Finding, FindingKind};
pub use format::{Format, Refusal, identify, is_container};
pub use layout::{Layout, LayoutError, Rect, Word};
pub use limits::Limits;
pub use ocr::{Ocr, OcrStatus};
pub use plain::Plain;
pub use readable::Readable;
pub use reader::{ReadOptions, Reader};
#[doc(hidden)]
pub use worker::read_unconfined;
pub use worker::worker_main;

use serde::{Deserialize, Serialize};

/// How the text of a page was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// From the text layer of a PDF.
    TextLayer,
    /// By recognising the picture of the page.
    Ocr,
    /// From a source without page pictures: a DOCX, a text file, a mail.
    Source,
    /// Typed by a person who read the picture.
    Transcript,
    /// Not at all; the page says why.
    None,
}

impl Method {
    /// The name stored and shown: `text_layer`, `ocr`, `source`, `transcript`, `none`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TextLayer => "text_layer",
            Self::Ocr => "ocr",
            Self::Source => "source",
            Self::Transcript => "transcript",
            Self::None => "none",
        }
    }

    /// Reads what [`Method::as_str`] wrote.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::TextLayer, Self::Ocr, Self::Source, Self::Transcript, Self::None]
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
    /// Why the text stored in the file was not relied on.
    pub reason: Option<String>,
    /// Running heads, footers, page numbers and marginal letters: on the page, but
    /// no part of what it says. In order, none overlapping another.
    pub furniture: Vec<TextSpan>,
    /// What the reader of the document should know of this page.
    pub findings: Vec<Finding>,
}

/// A span of a page's text, in UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSpan {
    /// Where it starts.
    pub start: u32,
    /// Where it ends, exclusive.
    pub end: u32,
}

/// An entry of the outline (bookmarks) a document carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineEntry {
    /// What it says.
    pub title: String,
    /// The page it leads to, from 1.
    pub page: u32,
    /// How deep it stands, from 0.
    pub depth: u32,
}

/// A file inside a mail, a mailbox or an archive.
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
        /// Its bookmarks, in order.
        outline: Vec<OutlineEntry>,
        /// What its reader should know of the whole: scripts, embedded files, macros.
        findings: Vec<Finding>,
    },
    /// The next page.
    Page(ReadPage),
    /// A file inside a mail, a mailbox or an archive: a document of its own.
    Attachment(Attachment),
    /// Everything has been told.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_parses_from_its_name() {
        for name in ["text_layer", "ocr", "source", "transcript", "none"] {
            assert_eq!(Method::parse(name).map(Method::as_str), Some(name));
        }
        assert_eq!(Method::parse("guess"), None);
    }
}
