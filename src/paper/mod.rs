//! Paper: documents the service writes itself, as PDF and as DOCX.
//!
//! A [`Paper`] is what is said, in blocks; [`pdf()`] and [`docx()`] set it. The PDF carries the
//! fonts it needs, cut down to the glyphs used, and is shaped for Latin, Greek, Cyrillic and
//! nine Indian scripts; its text can be searched and copied. Scripts that run from right to
//! left (Urdu, Kashmiri, Sindhi) have no font here: their letters come out as empty boxes in
//! the PDF, and as they are in the DOCX.

mod docx;
mod mark;
mod pdf;
mod sheet;
mod xlsx;

pub use docx::docx;
pub use mark::mark;
pub use pdf::{pdf, pictures};
pub use sheet::{Cell, Sheet, rupees};
pub use xlsx::xlsx;

/// What is to be set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper {
    /// The title of the file, for the program that shows it.
    pub title: String,
    /// What stands at the foot of each page, before the number of the page.
    pub foot: String,
    /// What is said, in order.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title at its head.
    Title(String),
    /// A heading; it stays with what follows.
    Heading(String),
    /// A paragraph.
    Text(Vec<Run>),
    /// A paragraph set in: a quotation.
    Quote(Vec<Run>),
    /// An item of a list, with its mark.
    Item(String, Vec<Run>),
    /// A table.
    Table(Table),
    /// What follows begins a page.
    NewPage,
    /// A line to write on, with what it is for.
    Blank(String),
    /// A paragraph in small letters.
    Small(Vec<Run>),
    /// Texts beside each other, without rules: each a heading and lines.
    Columns(Vec<(String, Vec<String>)>),
    /// Sums below a table, set to the right: what each is, and the figure.
    Sums(Vec<Sum>),
    /// A QR code, with lines beside it.
    Code {
        /// What a camera reads.
        payload: String,
        /// What stands beside it.
        beside: Vec<Run>,
    },
    /// A word behind this page and all that follow, such as `DRAFT`.
    Mark(String),
}

/// A sum below a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// What it is.
    pub what: String,
    /// The figure.
    pub figure: String,
    /// Whether it is the one that counts.
    pub bold: bool,
}

/// A stretch of text of one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether it is bold.
    pub bold: bool,
}

impl Run {
    /// Text of the usual weight.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: false }
    }

    /// Bold text.
    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true }
    }
}

/// A table; its head stands again on each page it runs over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// Its share of the width, against those of the others.
    pub share: u16,
    /// Whether it is set to the right, as figures are.
    pub right: bool,
}

impl Column {
    /// A column of words.
    pub fn words(head: impl Into<String>, share: u16) -> Self {
        Self { head: head.into(), share, right: false }
    }

    /// A column of figures.
    pub fn figures(head: impl Into<String>, share: u16) -> Self {
        Self { head: head.into(), share, right: true }
    }
}

/// A picture that fills a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Its bytes, as a JPEG in colours.
    pub jpeg: Vec<u8>,
    /// Its size in pixels.
    pub pixels: (u32, u32),
    /// The size of the page in points.
    pub points: (f32, f32),
}

/// Why a paper could not be set.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A font of ours is damaged.
    #[error("the font {0} could not be read")]
    Font(&'static str),
    /// A file could not be put together.
    #[error("the file could not be put together")]
    File(#[from] std::io::Error),
}

#[cfg(test)]
mod tests;
