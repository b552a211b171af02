//! Word documents: their paragraphs with the numbers Word would show.
//!
//! A DOCX is a ZIP of XML parts. Numbers of clauses and paragraphs are not in
//! its text: they are counted from `numbering.xml` as Word counts them, since
//! lawyers cite by them. Pages are those Word last laid out where the file
//! says so, and cut by length where it does not.

mod body;
mod numbering;
mod pages;
mod styles;
mod xml;

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::ReadError;
use body::Body;

/// Most bytes all parts read may unpack to.
const MAX_UNPACKED: u64 = 200 << 20;
/// A part that unpacks to more than this many times its packed size, once it
/// is large, is a bomb; text rarely passes 30.
const MAX_RATIO: u64 = 200;
/// Small parts may pack as well as they like.
const RATIO_FROM: u64 = 8 << 20;

/// Where Word, and Word on the web, put the main part.
const MAIN_PARTS: [&str; 2] = ["word/document.xml", "word/document2.xml"];

/// A Word document taken apart.
pub(super) struct Docx {
    /// The title it gives itself.
    pub(super) title: Option<String>,
    /// The text of its pages.
    pub(super) pages: Vec<String>,
}

/// Takes a Word document apart.
///
/// # Errors
/// Fails when it is no Word document, damaged, or unpacks to too much.
pub(super) fn read(bytes: Vec<u8>) -> Result<Docx, ReadError> {
    let mut parts = Parts::open(bytes)?;
    let mut document = None;
    for name in MAIN_PARTS {
        document = document.or(parts.text(name)?);
    }
    let document = document.ok_or_else(|| ReadError::Damaged("its main part is missing".into()))?;
    let styles = styles::Styles::parse(&parts.text("word/styles.xml")?.unwrap_or_default());
    let numbering = numbering::Numbering::parse(
        &parts.text("word/numbering.xml")?.unwrap_or_default(),
        &styles,
    );
    let mut notes = HashMap::new();
    for (kind, part) in [("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml")] {
        if let Some(text) = parts.text(part)? {
            body::notes(&text, kind, &styles, &mut notes);
        }
    }
    let title = parts.text("docProps/core.xml")?.and_then(|core| xml::text_of(&core, "title"));
    let mut body = Body::new(&styles, numbering, &notes);
    body.walk(&document)
        .map_err(|error| ReadError::Damaged(format!("its main part breaks off: {error}")))?;
    Ok(Docx { title, pages: body.into_pages() })
}

/// The parts of the container, counted as they are unpacked.
struct Parts {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    left: u64,
}

impl Parts {
    fn open(bytes: Vec<u8>) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| ReadError::Damaged(format!("as a container: {error}")))?;
        Ok(Self { archive, left: MAX_UNPACKED })
    }

    /// Unpacks a part; `None` when the document has none of that name.
    fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let damaged = |error: String| ReadError::Damaged(format!("in its part {name}: {error}"));
        let part = self.archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        let most = self.left.min(part.compressed_size().saturating_mul(MAX_RATIO).max(RATIO_FROM));
        let mut bytes = Vec::new();
        let read = part
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(error.to_string()))? as u64;
        if read > most {
            return Err(ReadError::TooLarge(format!(
                "its part {name} unpacks to more than {} MiB",
                most >> 20
            )));
        }
        self.left -= read;
        Ok(Some(super::text::decode(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn document(body: &str) -> String {
        format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>")
    }

    fn pages(body: &str, others: &[(&str, &str)]) -> Vec<String> {
        let document = document(body);
        let mut parts = vec![("word/document.xml", document.as_str())];
        parts.extend(others);
        read(docx(&parts)).unwrap().pages
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn numbered(level: u32, text: &str) -> String {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    }

    const NUMBERING: &str = "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'>\
        <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>\
        <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%3)'/></w:lvl>\
        <w:lvl w:ilvl='3'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/><w:lvlText w:val='(%4)'/></w:lvl>\
        </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>";

    #[test]
    fn clauses_are_numbered_as_word_numbers_them() {
        let body = [
            numbered(0, "Term"),
            numbered(1, "The lease runs"),
            numbered(2, "from"),
            numbered(3, "the first"),
            numbered(3, "the second"),
            numbered(2, "to"),
            numbered(1, "Renewal"),
            numbered(0, "Rent"),
            numbered(1, "Monthly"),
        ];
        let pages = pages(&body.concat(), &[("word/numbering.xml", NUMBERING)]);
        assert_eq!(
            pages[0].lines().collect::<Vec<_>>(),
            [
                "1. Term",
                "1.1 The lease runs",
                "(a) from",
                "(i) the first",
                "(ii) the second",
                "(b) to",
                "1.2 Renewal",
                "2. Rent",
                "2.1 Monthly",
            ]
        );
    }

    #[test]
    fn a_style_may_bring_the_number() {
        let styles = "<w:styles xmlns:w='w'><w:style w:styleId='Base'><w:pPr><w:numPr>\
            <w:numId w:val='1'/></w:numPr></w:pPr></w:style><w:style w:styleId='Para'>\
            <w:basedOn w:val='Base'/></w:style></w:styles>";
        let body = "<w:p><w:pPr><w:pStyle w:val='Para'/></w:pPr><w:r><w:t>Facts</w:t></w:r></w:p>";
        let parts = [("word/numbering.xml", NUMBERING), ("word/styles.xml", styles)];
        assert_eq!(pages(&body.repeat(2), &parts), ["1. Facts\n2. Facts"]);
    }

    #[test]
    fn rows_are_lines_and_cells_are_set_apart() {
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
        let row = |a, b| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
        let table = format!("<w:tbl>{}{}</w:tbl>", row("Rent", "Rs 500"), row("Due", "monthly"));
        assert_eq!(pages(&table, &[]), ["Rent | Rs 500\nDue | monthly"]);
    }

    #[test]
    fn breaks_start_pages() {
        let body = format!(
            "{}<w:p><w:r><w:br w:type='page'/><w:t>two</w:t></w:r></w:p>\
             <w:p><w:r><w:lastRenderedPageBreak/><w:t>three</w:t></w:r></w:p>\
             <w:p><w:pPr><w:sectPr/></w:pPr></w:p>{}",
            p("one"),
            p("four")
        );
        assert_eq!(pages(&body, &[]), ["one", "two", "three", "four"]);
    }

    #[test]
    fn without_breaks_pages_end_with_a_paragraph() {
        let paragraph = p(&"The parties agree as follows. ".repeat(20));
        let pages = pages(&paragraph.repeat(30), &[]);
        assert!(pages.len() > 3);
        assert!(pages.iter().all(|page| page.len() < 4000 && page.starts_with("The parties")));
    }

    #[test]
    fn footnotes_follow_their_page() {
        let notes = "<w:footnotes xmlns:w='w'><w:footnote w:id='2'><w:p><w:r><w:footnoteRef/>\
            <w:t>AIR 1973 SC 1461</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let body = "<w:p><w:r><w:t>See</w:t><w:footnoteReference w:id='2'/></w:r></w:p>";
        let pages = pages(body, &[("word/footnotes.xml", notes)]);
        assert_eq!(pages, ["See[1]\n\n[1] AIR 1973 SC 1461"]);
    }

    #[test]
    fn entities_are_never_expanded() {
        let document = "<!DOCTYPE d [<!ENTITY a 'boom'>]><w:document xmlns:w='w'><w:body>\
            <w:p><w:r><w:t>Rao &amp; Co &#8377;5 &a;</w:t></w:r></w:p></w:body></w:document>";
        let read = read(docx(&[("word/document.xml", document)])).unwrap();
        assert_eq!(read.pages, ["Rao & Co ₹5"]);
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = document(&" ".repeat(64 << 20));
        let error = read(docx(&[("word/document.xml", &bomb)])).err();
        assert!(matches!(error, Some(ReadError::TooLarge(_))), "{error:?}");
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        assert!(matches!(read(b"PK".to_vec()).err(), Some(ReadError::Damaged(_))));
        assert!(matches!(read(docx(&[("a", "b")])).err(), Some(ReadError::Damaged(_))));
    }
}
