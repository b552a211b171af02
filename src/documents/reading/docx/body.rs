//! Walks the body of a Word document.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::numbering::Numbering;
use super::pages::Pages;
use super::styles::{ListRef, Styles};
use super::xml;

/// Tables in tables and text boxes deeper than this are an attack.
const DEEPEST: usize = 64;
/// Between the cells of a row.
const CELL: &str = " | ";

/// The texts of footnotes and endnotes, by kind and id.
pub(super) type Notes = HashMap<(&'static str, String), String>;

/// A paragraph being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    list: ListRef,
    /// A section ends with it, and the next begins a page.
    ends_section: bool,
    /// It begins a page.
    breaks_before: bool,
    /// Its number has been written.
    numbered: bool,
}

/// A table being read.
#[derive(Default)]
struct Table {
    cells: Vec<String>,
    cell: String,
}

/// A Word document being turned into pages.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    notes: &'a Notes,
    noted: usize,
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    pages: Pages,
    /// A page break inside a table takes effect after the row.
    breaks_after_row: bool,
    /// Inside an element whose text is to be left out, so deep.
    skipped: usize,
    /// Inside `w:t`.
    in_text: bool,
    /// Inside the tab stops of a paragraph, which are no tabs.
    in_tabs: bool,
}

impl<'a> Body<'a> {
    /// Starts with the parts that the body refers to.
    pub(super) fn new(styles: &'a Styles, numbering: Numbering, notes: &'a Notes) -> Self {
        Self {
            styles,
            numbering,
            notes,
            noted: 0,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            pages: Pages::default(),
            breaks_after_row: false,
            skipped: 0,
            in_text: false,
            in_tabs: false,
        }
    }

    /// Reads the XML to its end.
    ///
    /// # Errors
    /// Fails where the XML is broken; what came before is kept.
    pub(super) fn walk(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(element) if self.skipped > 0 || leaves_out(&element) => {
                    self.skipped += 1;
                }
                Event::End(_) if self.skipped > 0 => self.skipped -= 1,
                Event::Eof => return Ok(()),
                _ if self.skipped > 0 => {}
                Event::Start(element) => self.start(&element)?,
                Event::Empty(element) => {
                    self.start(&element)?;
                    self.end(element.local_name().into_inner());
                }
                Event::End(element) => self.end(element.local_name().into_inner()),
                Event::Text(text) if self.in_text => self.write(&text.xml10_content()),
                Event::CData(text) if self.in_text => self.write(&text.xml10_content()),
                Event::GeneralRef(reference) if self.in_text => {
                    if let Some(c) = xml::character(&reference) {
                        self.write(c.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
        }
    }

    /// The pages read.
    pub(super) fn into_pages(mut self) -> Vec<String> {
        while !self.paragraphs.is_empty() {
            self.end("p");
        }
        while !self.tables.is_empty() {
            self.end("tbl");
        }
        self.pages.finish()
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        match element.local_name().into_inner() {
            "p" => self.paragraphs.push(Paragraph::default()),
            "tbl" => self.tables.push(Table::default()),
            "t" => self.in_text = true,
            "tabs" => self.in_tabs = true,
            "tab" | "ptab" if !self.in_tabs => self.write("\t"),
            "br" => match xml::attribute(element, "type").as_deref() {
                Some("page") => self.break_page(),
                _ => self.write("\n"),
            },
            "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "sym" => self.write_symbol(element),
            "lastRenderedPageBreak" => {
                self.pages.laid_out();
                self.break_page();
            }
            "footnoteReference" => self.refer("footnote", element),
            "endnoteReference" => self.refer("endnote", element),
            name => self.property(name, element),
        }
        if self.paragraphs.len().max(self.tables.len()) > DEEPEST {
            return Err("nested too deeply".into());
        }
        Ok(())
    }

    /// Takes what the properties of a paragraph say.
    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match name {
            "pStyle" => paragraph.style = xml::val(element),
            "numId" => paragraph.list.list = xml::number(element),
            "ilvl" => paragraph.list.level = xml::number(element),
            "pageBreakBefore" => paragraph.breaks_before = xml::is_on(element),
            "sectPr" => paragraph.ends_section = true,
            "type" if paragraph.ends_section => {
                paragraph.ends_section = xml::val(element).as_deref() != Some("continuous");
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "tabs" => self.in_tabs = false,
            "p" => self.end_paragraph(),
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let cell = std::mem::take(&mut table.cell);
                    table.cells.push(cell.trim().to_owned());
                }
            }
            "tr" => self.end_row(),
            "tbl" => {
                self.end_row();
                self.tables.pop();
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.begin_line();
        let Some(paragraph) = self.paragraphs.pop() else { return };
        self.line(&paragraph.text);
        if paragraph.ends_section {
            self.end_page();
        }
    }

    /// Writes the page break and number that come before a paragraph's text.
    ///
    /// A paragraph without text is not numbered: Word shows such a number
    /// only in an otherwise empty line.
    fn begin_line(&mut self) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        if paragraph.numbered || paragraph.text.trim().is_empty() {
            return;
        }
        paragraph.numbered = true;
        let style = paragraph.style.as_deref();
        let inherited = self.styles.list(style);
        let own = paragraph.list;
        let reference = match (own.list, inherited) {
            (None, Some((inherited, _))) => {
                ListRef { list: inherited.list, level: own.level.or(inherited.level) }
            }
            _ => own,
        };
        let chain: Vec<&str> =
            style.map(|style| self.styles.chain(style).collect()).unwrap_or_default();
        let label = self.numbering.label(reference, &chain);
        paragraph.text.insert_str(0, &label);
        if paragraph.breaks_before {
            self.end_page();
        }
    }

    fn end_row(&mut self) {
        let depth = self.tables.len();
        let Some(table) = self.tables.last_mut() else { return };
        let mut cells = std::mem::take(&mut table.cells);
        let loose = std::mem::take(&mut table.cell);
        cells.extend((!loose.trim().is_empty()).then(|| loose.trim().to_owned()));
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let row = if filled <= 1 {
            cells.concat()
        } else {
            cells.iter().map(|cell| cell.replace('\n', " ")).collect::<Vec<_>>().join(CELL)
        };
        if filled > 0 {
            match depth.checked_sub(2).and_then(|outer| self.tables.get_mut(outer)) {
                Some(outer) => push_line(&mut outer.cell, &row),
                None => self.pages.line(&row),
            }
        }
        if depth == 1 && std::mem::take(&mut self.breaks_after_row) {
            self.pages.end_page();
        }
    }

    /// Adds a paragraph to where it belongs: the page, a cell, or the
    /// paragraph around a text box.
    fn line(&mut self, text: &str) {
        if let Some(around) = self.paragraphs.last_mut() {
            push_line(&mut around.text, text);
        } else if let Some(table) = self.tables.last_mut() {
            push_line(&mut table.cell, text);
        } else {
            self.pages.line(text);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    /// A character by code; those of symbol fonts have no meaning elsewhere.
    fn write_symbol(&mut self, element: &BytesStart<'_>) {
        let code = xml::attribute(element, "char").and_then(|c| u32::from_str_radix(&c, 16).ok());
        let character =
            code.filter(|code| !(0xe000..=0xf8ff).contains(code)).and_then(char::from_u32);
        self.write(character.unwrap_or('•').encode_utf8(&mut [0; 4]));
    }

    /// Ends the page in the middle of a paragraph: what is written goes out.
    fn break_page(&mut self) {
        if self.tables.is_empty() && self.paragraphs.len() == 1 {
            self.begin_line();
            let written = self.paragraphs.last_mut().map(|p| std::mem::take(&mut p.text));
            if let Some(text) = written.filter(|text| !text.trim().is_empty()) {
                self.pages.line(&text);
            }
        }
        self.end_page();
    }

    fn end_page(&mut self) {
        if self.tables.is_empty() {
            self.pages.end_page();
        } else {
            self.breaks_after_row = true;
        }
    }

    /// Writes the mark of a note and puts the note at the foot of the page.
    fn refer(&mut self, kind: &'static str, element: &BytesStart<'_>) {
        let Some(id) = xml::attribute(element, "id") else { return };
        let Some(note) = self.notes.get(&(kind, id)) else { return };
        self.noted += 1;
        let mark = format!("[{}]", self.noted);
        self.pages.note(format!("{mark} {note}"));
        self.write(&mark);
    }
}

/// Elements whose text is not part of the document as it reads: what was
/// deleted or moved away, and copies for programs that cannot show the original.
fn leaves_out(element: &BytesStart<'_>) -> bool {
    matches!(
        element.local_name().into_inner(),
        "del" | "moveFrom" | "Fallback" | "pPrChange" | "sectPrChange"
    )
}

fn push_line(text: &mut String, line: &str) {
    if line.trim().is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Reads the texts of footnotes or endnotes.
pub(super) fn notes(xml: &str, kind: &'static str, styles: &Styles, notes: &mut Notes) {
    let none = Notes::new();
    for (id, part) in split(xml, kind) {
        let mut body = Body::new(styles, Numbering::default(), &none);
        // A note that breaks off is kept as far as it goes.
        let _broken = body.walk(part);
        let text = body.into_pages().join(" ").replace('\n', " ");
        if !text.trim().is_empty() {
            notes.insert((kind, id), text.trim().to_owned());
        }
    }
}

/// The elements of a name, each with its id and inner XML.
fn split<'a>(xml: &'a str, name: &str) -> Vec<(String, &'a str)> {
    let mut reader = Reader::from_str(xml);
    let mut parts = Vec::new();
    let mut open = None;
    loop {
        let before = position(&reader);
        match reader.read_event() {
            Ok(Event::Start(element)) if element.local_name().into_inner() == name => {
                let id = xml::attribute(&element, "id").unwrap_or_default();
                open = Some((id, position(&reader)));
            }
            Ok(Event::End(element)) if element.local_name().into_inner() == name => {
                if let Some((id, from)) = open.take() {
                    parts.extend(xml.get(from..before).map(|part| (id, part)));
                }
            }
            Ok(Event::Eof) | Err(_) => return parts,
            Ok(_) => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}
