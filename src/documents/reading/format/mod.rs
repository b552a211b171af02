//! What a file is, told from its content and never from its name.
//!
//! The first bytes tell most formats; what shares the container of Office is
//! told apart by the parts inside; what is text by its first lines. What
//! cannot be read is refused by name, with what to upload instead.

mod container;
mod refused;
mod writing;

#[cfg(test)]
mod tests;

use std::path::Path;

use serde::{Deserialize, Serialize};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// A PDF.
    Pdf,
    /// A Word document in the current format.
    Docx,
    /// A Word document in the format before 2007.
    Doc,
    /// Rich text.
    Rtf,
    /// A text in the open document format (ODT).
    Odt,
    /// A workbook: XLSX, XLSB, XLS or ODS.
    Sheet,
    /// A presentation: PPTX or ODP.
    Slides,
    /// A web page.
    Html,
    /// Plain text in any common encoding.
    Text,
    /// One mail, as `.eml`.
    Mail,
    /// One mail as Outlook saves it.
    Msg,
    /// Many mails in one file.
    Mbox,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A TIFF picture, of one page or more.
    Tiff,
    /// A ZIP archive: a batch of documents.
    Zip,
}

/// Every format, with the name stored and shown and its media type.
const FORMATS: [(Format, &str, &str); 16] = [
    (Format::Pdf, "pdf", "application/pdf"),
    (
        Format::Docx,
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (Format::Doc, "doc", "application/msword"),
    (Format::Rtf, "rtf", "application/rtf"),
    (Format::Odt, "odt", "application/vnd.oasis.opendocument.text"),
    (Format::Sheet, "sheet", "application/octet-stream"),
    (Format::Slides, "slides", "application/octet-stream"),
    (Format::Html, "html", "text/html"),
    (Format::Text, "text", "text/plain"),
    (Format::Mail, "mail", "message/rfc822"),
    (Format::Msg, "msg", "application/vnd.ms-outlook"),
    (Format::Mbox, "mbox", "application/mbox"),
    (Format::Jpeg, "jpeg", "image/jpeg"),
    (Format::Png, "png", "image/png"),
    (Format::Tiff, "tiff", "image/tiff"),
    (Format::Zip, "zip", "application/zip"),
];

impl Format {
    /// The name stored and shown: `pdf`, `docx`, `text`, `mail`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        FORMATS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Reads what [`Format::as_str`] wrote.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The media type to serve the file with.
    #[must_use]
    pub fn mime(self) -> &'static str {
        FORMATS.iter().find(|row| row.0 == self).map_or("application/octet-stream", |row| row.2)
    }

    /// Whether its pages have pictures.
    #[must_use]
    pub fn has_pictures(self) -> bool {
        matches!(self, Self::Pdf | Self::Jpeg | Self::Png | Self::Tiff)
    }
}

/// Why a file is not taken: what it is and what to upload instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this {what}; {advice}")]
pub struct Refusal {
    what: String,
    advice: &'static str,
}

impl Refusal {
    fn new(what: impl Into<String>, advice: &'static str) -> Self {
        Self { what: what.into(), advice }
    }

    fn looks_like(kind: &str, advice: &'static str) -> Self {
        Self::new(format!("looks like {kind}"), advice)
    }
}

/// How far into a file the mark of a PDF may stand: mail gateways and web
/// servers put lines of their own before it.
const PDF_WITHIN: usize = 1024;

/// Whether what a file is can be told only from the whole file, by how it begins.
#[must_use]
pub fn is_container(head: &[u8]) -> bool {
    is_zip(head) || head.starts_with(COMPOUND)
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What a compound file begins with.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

/// Tells what a file is from its first kilobytes (`head`) and, for containers,
/// from the file itself.
///
/// # Errors
/// Fails when the file cannot be read as a document, with a message for the
/// person who uploaded it.
pub fn identify(head: &[u8], file: &Path) -> Result<Format, Refusal> {
    if head.is_empty() {
        return Err(Refusal::new("file is empty", "upload it again"));
    }
    if is_zip(head) {
        return container::zip(file);
    }
    if head.starts_with(COMPOUND) {
        return container::compound(file);
    }
    if let Some(picture) = picture(head) {
        return Ok(picture);
    }
    if find(&head[..head.len().min(PDF_WITHIN)], b"%PDF-").is_some() || head.starts_with(b"%PDF") {
        return Ok(Format::Pdf);
    }
    if let Some(format) = writing::marked(head)? {
        return Ok(format);
    }
    if let Some(refusal) = refused::by_signature(head) {
        return Err(refusal);
    }
    if writing::is_text(head) {
        return Ok(Format::Text);
    }
    Err(Refusal::new(
        "file is of an unknown kind",
        "upload a PDF, a Word document (.docx), a text file or a mail (.eml)",
    ))
}

/// The pictures that can be read, by the bytes each begins with.
fn picture(head: &[u8]) -> Option<Format> {
    const MARKS: [(&[u8], Format); 6] = [
        (b"\xff\xd8\xff", Format::Jpeg),
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"II*\0", Format::Tiff),
        (b"MM\0*", Format::Tiff),
        (b"II+\0", Format::Tiff),
        (b"MM\0+", Format::Tiff),
    ];
    MARKS.iter().find(|(mark, _)| head.starts_with(mark)).map(|&(_, format)| format)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
