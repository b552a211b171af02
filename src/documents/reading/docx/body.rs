//! Walks the body of a Word document.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::notes::Notes;
use super::numbering::Numbering;
use super::styles::{ListRef, Styles};
use crate::documents::reading::aside::{Aside, Asides};
use crate::documents::reading::flow::{Flow, push_line};
use crate::documents::reading::{FindingKind, xml};

/// Text boxes in text boxes deeper than this are an attack.
const DEEPEST: usize = 64;
/// Half points; smaller letters cannot be read.
const TINY: u32 = 3;

/// What the body refers to.
#[derive(Default)]
pub(super) struct Context<'a> {
    /// The styles of the document.
    pub(super) styles: Option<&'a Styles>,
    /// Its footnotes and endnotes.
    pub(super) notes: Notes,
    /// The text of documents of other formats it includes, by the id of the reference.
    pub(super) chunks: HashMap<String, String>,
}

/// How the text of a run looks, as far as it decides whether it is seen.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Debug, Default)]
struct Run {
    /// What the run, or its style, says of hiding.
    vanish: bool,
    white: bool,
    shaded: bool,
    tiny: bool,
}

/// A paragraph being read.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Default)]
struct Paragraph {
    text: String,
    /// The text of boxes and charts that hang on it.
    boxes: String,
    style: Option<String>,
    list: ListRef,
    /// Its own place in the outline, from 0.
    outline: Option<u32>,
    /// A section ends with it, and the next begins a page.
    ends_section: bool,
    /// It begins a page.
    breaks_before: bool,
    /// Its number has been written.
    numbered: bool,
    /// Something is painted behind it.
    shaded: bool,
    /// The run being read.
    run: Option<Run>,
}

/// A Word document being turned into pages.
pub(super) struct Body<'a> {
    context: &'a Context<'a>,
    numbering: Numbering,
    noted: usize,
    /// Notes written so far: each is written once.
    written: HashSet<String>,
    paragraphs: Vec<Paragraph>,
    flow: Flow,
    /// What was hidden, deleted or remarked.
    pub(super) asides: Asides,
    /// Inside an element whose text is to be left out, so deep.
    skipped: usize,
    /// Inside tracked deletions, so deep.
    deleted: usize,
    /// Inside `w:t`.
    in_text: bool,
    /// Inside the instruction of a field, and what it says.
    instruction: Option<String>,
    /// Inside the tab stops of a paragraph, which are no tabs.
    in_tabs: bool,
}

impl<'a> Body<'a> {
    /// Starts with the parts that the body refers to.
    pub(super) fn new(context: &'a Context<'a>, numbering: Numbering) -> Self {
        Self {
            context,
            numbering,
            noted: 0,
            written: HashSet::new(),
            paragraphs: Vec::new(),
            flow: Flow::default(),
            asides: Asides::default(),
            skipped: 0,
            deleted: 0,
            in_text: false,
            instruction: None,
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
                Event::Text(text) => self.text(&text.xml10_content()),
                Event::CData(text) => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Some(c) = xml::character(&reference) {
                        self.text(c.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
        }
    }

    /// What was read, and what was set aside.
    pub(super) fn into_flow(mut self) -> (Flow, Asides) {
        while !self.paragraphs.is_empty() {
            self.end("p");
        }
        (self.flow, self.asides)
    }

    /// What was read, as one stretch of text.
    pub(super) fn into_text(self) -> String {
        self.into_flow().0.finish().map(|(pages, _)| pages.join("\n")).unwrap_or_default()
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        match element.local_name().into_inner() {
            "p" => self.paragraphs.push(Paragraph::default()),
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.run = Some(Run::default());
                }
            }
            "tbl" => self.flow.begin_table(),
            "t" | "delText" => self.in_text = true,
            "del" => self.deleted += 1,
            "instrText" => self.instruction = Some(String::new()),
            "fldSimple" => {
                let instruction = xml::attribute(element, "instr").unwrap_or_default();
                self.note_field(&instruction);
            }
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
                self.flow.laid_out();
                self.break_page();
            }
            "footnoteReference" => self.refer("footnote", element),
            "endnoteReference" => self.refer("endnote", element),
            "altChunk" => {
                let id = xml::attribute(element, "id").unwrap_or_default();
                if let Some(text) = self.context.chunks.get(&id).filter(|_| self.written.insert(id))
                {
                    self.flow.line(text);
                }
            }
            "chart" => self.draw(element, "id"),
            "relIds" => self.draw(element, "dm"),
            name => self.property(name, element),
        }
        if self.paragraphs.len() > DEEPEST {
            return Err("nested too deeply".into());
        }
        Ok(())
    }

    /// Writes the words of a chart or diagram below its paragraph.
    fn draw(&mut self, element: &BytesStart<'_>, reference: &str) {
        let id = xml::attribute(element, reference).unwrap_or_default();
        let (Some(words), Some(paragraph)) =
            (self.context.chunks.get(&id), self.paragraphs.last_mut())
        else {
            return;
        };
        if self.written.insert(id) {
            push_line(&mut paragraph.boxes, words);
        }
    }

    /// Takes what the properties of a paragraph or run say.
    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let paints = || !matches!(xml::attribute(element, "fill").as_deref(), None | Some("auto"));
        if let Some(run) = &mut paragraph.run {
            match name {
                "vanish" | "specVanish" => run.vanish = xml::is_on(element),
                "rStyle" => {
                    let id = xml::val(element);
                    run.vanish |= self.context.styles.is_some_and(|s| s.hides(id.as_deref()));
                }
                "color" => {
                    run.white = xml::val(element).is_some_and(|c| c.eq_ignore_ascii_case("ffffff"));
                }
                "highlight" => run.shaded = true,
                "shd" => run.shaded = paints(),
                "sz" => run.tiny = xml::number(element).is_some_and(|size: u32| size <= TINY),
                _ => {}
            }
            return;
        }
        match name {
            "pStyle" => paragraph.style = xml::val(element),
            "numId" => paragraph.list.list = xml::number(element),
            "ilvl" => paragraph.list.level = xml::number(element),
            "outlineLvl" => paragraph.outline = xml::number(element),
            "pageBreakBefore" => paragraph.breaks_before = xml::is_on(element),
            "shd" => paragraph.shaded = paints(),
            "sectPr" => paragraph.ends_section = true,
            "type" if paragraph.ends_section => {
                paragraph.ends_section = xml::val(element).as_deref() != Some("continuous");
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" | "delText" => self.in_text = false,
            "del" => {
                self.deleted = self.deleted.saturating_sub(1);
                self.asides.end_line();
            }
            "instrText" => {
                let instruction = self.instruction.take().unwrap_or_default();
                self.note_field(&instruction);
            }
            "tabs" => self.in_tabs = false,
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.run = None;
                }
            }
            "p" => self.end_paragraph(),
            "tc" => self.flow.end_cell(),
            "tr" => self.flow.end_row(),
            "tbl" => self.flow.end_table(),
            _ => {}
        }
    }

    /// Notes a field that fetches or starts something.
    fn note_field(&mut self, instruction: &str) {
        const ACTIVE: [&str; 4] = ["DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE"];
        let name = instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
        if ACTIVE.contains(&name.as_str()) {
            self.asides.note(FindingKind::Action, format!("a field: {}", instruction.trim()));
        }
    }

    fn end_paragraph(&mut self) {
        self.begin_line();
        self.asides.end_line();
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if let Some(around) = self.paragraphs.last_mut() {
            push_line(&mut around.boxes, &paragraph.text);
            push_line(&mut around.boxes, &paragraph.boxes);
        } else {
            let style = paragraph.style.as_deref();
            let styled = || self.context.styles.and_then(|styles| styles.outline(style));
            match paragraph.outline.or_else(styled).filter(|level| *level < 9) {
                Some(level) => self.flow.heading(&paragraph.text, level),
                None => self.flow.line(&paragraph.text),
            }
            if !paragraph.boxes.is_empty() {
                self.flow.line(&paragraph.boxes);
            }
        }
        if paragraph.ends_section {
            self.flow.end_page();
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
        let Some(styles) = self.context.styles else { return };
        let style = paragraph.style.as_deref();
        let inherited = styles.list(style);
        let own = paragraph.list;
        let reference = match (own.list, inherited) {
            (None, Some((inherited, _))) => {
                ListRef { list: inherited.list, level: own.level.or(inherited.level) }
            }
            _ => own,
        };
        let chain: Vec<&str> = style.map(|style| styles.chain(style).collect()).unwrap_or_default();
        let label = self.numbering.label(reference, &chain);
        paragraph.text.insert_str(0, &label);
        if paragraph.breaks_before {
            self.flow.end_page();
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(instruction) = &mut self.instruction {
            instruction.push_str(text);
        } else if self.in_text {
            self.write(text);
        }
    }

    /// Writes text, or sets it aside when it is deleted or hidden.
    fn write(&mut self, text: &str) {
        let alone = !self.flow.in_table() && self.paragraphs.len() == 1;
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        // White letters in tables and text boxes mostly stand on a dark ground.
        let plain = |run: &Run| !run.shaded && !paragraph.shaded && alone;
        let unseen = |run: &Run| run.vanish || run.tiny || (run.white && plain(run));
        if self.deleted > 0 {
            self.asides.take(Aside::Deleted, text);
        } else if paragraph.run.as_ref().is_some_and(unseen) {
            self.asides.take(Aside::Hidden, text);
        } else {
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
        if !self.flow.in_table() && self.paragraphs.len() == 1 {
            self.begin_line();
            let written = self.paragraphs.last_mut().map(|p| std::mem::take(&mut p.text));
            if let Some(text) = written.filter(|text| !text.trim().is_empty()) {
                self.flow.line(&text);
            }
        }
        self.flow.end_page();
    }

    /// Writes the mark of a note and puts the note at the foot of the page.
    fn refer(&mut self, kind: &'static str, element: &BytesStart<'_>) {
        let Some(id) = xml::attribute(element, "id") else { return };
        let Some(note) = self.context.notes.get(&(kind, id.clone())) else { return };
        if self.deleted > 0 || !self.written.insert(format!("{kind} {id}")) {
            return;
        }
        self.noted += 1;
        let mark = format!("[{}]", self.noted);
        self.flow.note(format!("{mark} {note}"));
        self.write(&mark);
    }
}

/// Elements whose text is not part of the document as it reads: what was
/// moved away, former properties, and copies for programs that cannot show the original.
fn leaves_out(element: &BytesStart<'_>) -> bool {
    matches!(
        element.local_name().into_inner(),
        "moveFrom" | "Fallback" | "pPrChange" | "rPrChange" | "sectPrChange" | "tblPrChange"
    )
}
