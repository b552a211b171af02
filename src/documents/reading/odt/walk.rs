//! Follows the XML of an OpenDocument body and makes text of it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Kind;
use super::lists::Lists;
use super::styles::Styles;
use crate::documents::reading::aside::{Aside, Asides};
use crate::documents::reading::flow::{Flow, push_line};
use crate::documents::reading::{FindingKind, xml};

/// Paragraphs in paragraphs, by notes and frames, deeper than this are an attack.
const DEEPEST: usize = 64;
/// Cells repeated are written out so often at most; sheets are filled up with
/// thousands of empty ones.
const REPEATED: usize = 64;
/// Spaces one element may stand for.
const SPACES: usize = 100;

/// A paragraph being read.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    /// The text of frames that hang on it.
    boxes: String,
    /// Its place in the outline, from 0.
    outline: Option<u32>,
    /// The spans open when it began.
    spans: usize,
}

/// What is gathered by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Note,
    Comment,
    Head,
    Foot,
}

/// An OpenDocument body being turned into pages.
pub(super) struct Walk<'a> {
    styles: &'a Styles,
    kind: Kind,
    flow: Flow,
    asides: Asides,
    lists: Lists,
    paragraphs: Vec<Paragraph>,
    /// What is gathered by itself, and how many paragraphs are around it.
    apart: Vec<(Apart, String, usize)>,
    /// For each open span, whether it is hidden.
    spans: Vec<bool>,
    /// Inside a hidden section, sheet or row, so deep; and of which elements.
    hidden: Vec<bool>,
    /// Inside tracked deletions.
    deleted: bool,
    /// Inside an element whose text is to be left out, so deep.
    skipped: usize,
    /// The mark of a list item, due before its first paragraph.
    mark: String,
    noted: usize,
    repeated: Vec<usize>,
    tables: usize,
    /// The frame being read holds the title of a slide.
    in_title: bool,
}

impl<'a> Walk<'a> {
    /// Starts with the styles.
    pub(super) fn new(styles: &'a Styles, kind: Kind) -> Self {
        Self {
            styles,
            kind,
            flow: Flow::default(),
            asides: Asides::default(),
            lists: Lists::default(),
            paragraphs: Vec::new(),
            apart: Vec::new(),
            spans: Vec::new(),
            hidden: Vec::new(),
            deleted: false,
            skipped: 0,
            mark: String::new(),
            noted: 0,
            repeated: Vec::new(),
            tables: 0,
            in_title: false,
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
                Event::Empty(element) if leaves_out(&element) => {}
                Event::Empty(element) => {
                    self.start(&element)?;
                    self.end(element.local_name().into_inner());
                }
                Event::End(element) => self.end(element.local_name().into_inner()),
                Event::Text(text) => self.collapsed(&text.xml10_content()),
                Event::CData(text) => self.collapsed(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Some(c) = xml::character(&reference) {
                        self.collapsed(c.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
        }
    }

    /// What was read, and what was set aside.
    pub(super) fn into_flow(mut self) -> (Flow, Asides) {
        if self.kind != Kind::Text {
            self.flow.laid_out();
        }
        (self.flow, self.asides)
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let value = |name| xml::attribute(element, name);
        let is = |name, wanted| value(name).as_deref() == Some(wanted);
        match element.local_name().into_inner() {
            name @ ("p" | "h") => return self.begin_paragraph(name, element),
            "span" => self.spans.push(self.styles.hides(value("style-name").as_deref())),
            "s" => {
                let count = value("c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.write(&" ".repeat(SPACES.min(count)));
            }
            "tab" => self.write("\t"),
            "line-break" => self.write("\n"),
            "soft-page-break" => self.break_page(),
            "hidden-text" if !is("is-hidden", "false") => {
                self.asides.take(Aside::Hidden, &value("string-value").unwrap_or_default());
            }
            "section" => self.hidden.push(is("display", "none")),
            "list" => {
                let continues =
                    is("continue-numbering", "true") || value("continue-list").is_some();
                self.lists.begin(value("style-name"), continues);
            }
            "list-item" => {
                let start = value("start-value").and_then(|start| start.parse().ok());
                self.mark = self.lists.item(self.styles, start);
            }
            "list-header" => self.mark.clear(),
            "deletion" => self.deleted = true,
            "note-body" => self.set_apart(Apart::Note),
            "annotation" => self.set_apart(Apart::Comment),
            "header" | "header-left" | "header-first" => self.set_apart(Apart::Head),
            "footer" | "footer-left" | "footer-first" => self.set_apart(Apart::Foot),
            "table" => self.begin_table(element),
            "table-row" => {
                let visible = value("visibility").is_none_or(|shown| shown == "visible");
                self.hidden.push(!visible);
            }
            "table-cell" | "covered-table-cell" => {
                let times = value("number-columns-repeated").and_then(|n| n.parse().ok());
                self.repeated.push(times.unwrap_or(1).clamp(1, REPEATED));
            }
            "page" if self.kind == Kind::Slides => self.flow.end_page(),
            "frame" => self.in_title = is("class", "title"),
            "notes" if self.kind == Kind::Slides => {
                self.flow.gap();
                self.flow.line("Notes:");
            }
            "event-listener" => {
                let script = value("href").unwrap_or_default();
                self.asides.note(FindingKind::Script, format!("run by an event: {script}"));
            }
            "dde-source" => self.asides.note(FindingKind::Action, "values fetched from a program"),
            "section-source" => {
                let from = value("href").unwrap_or_default();
                self.asides.note(FindingKind::Action, format!("text fetched from {from}"));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_paragraph(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), String> {
        if self.paragraphs.len() == DEEPEST {
            return Err("nested too deeply".into());
        }
        let style = xml::attribute(element, "style-name");
        let style = style.as_deref();
        if self.paragraphs.is_empty() && self.apart.is_empty() && self.styles.breaks_before(style) {
            self.flow.end_page();
        }
        let level = xml::attribute(element, "outline-level").and_then(|level| level.parse().ok());
        let level = level.or_else(|| self.styles.outline(style)).filter(|level| *level > 0);
        let is_heading = name == "h" || level.is_some();
        let outline = is_heading.then(|| level.unwrap_or(1).saturating_sub(1).min(9));
        let mut text = String::new();
        if self.deleted || !self.apart.is_empty() {
            // Numbers belong to the body alone.
        } else if !self.mark.is_empty() {
            text = std::mem::take(&mut self.mark);
        } else if name == "h" {
            let own = self.styles.list_of(style).is_none_or(|list| !list.is_empty());
            text = if own {
                self.lists.heading(self.styles, outline.unwrap_or(0) as usize)
            } else {
                String::new()
            };
        }
        self.paragraphs.push(Paragraph {
            text,
            boxes: String::new(),
            outline: outline.or_else(|| self.in_title.then_some(0)),
            spans: self.spans.len(),
        });
        self.spans.push(self.styles.hides(style));
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => self.end_paragraph(),
            "span" => drop(self.spans.pop()),
            "section" => drop(self.hidden.pop()),
            "list" => self.lists.end(),
            "list-item" => self.mark.clear(),
            "deletion" => self.deleted = false,
            "note-body" | "annotation" | "header" | "header-left" | "header-first" | "footer"
            | "footer-left" | "footer-first" => self.end_apart(),
            "table" => self.end_table(),
            "table-row" => {
                self.hidden.pop();
                self.flow.end_row();
            }
            "table-cell" | "covered-table-cell" => {
                self.flow.end_cells(self.repeated.pop().unwrap_or(1));
            }
            "page" if self.kind == Kind::Slides => self.flow.end_page(),
            "frame" => self.in_title = false,
            _ => {}
        }
    }

    fn begin_table(&mut self, element: &BytesStart<'_>) {
        let style = xml::attribute(element, "style-name");
        self.hidden.push(self.styles.hides(style.as_deref()));
        self.tables += 1;
        if self.kind == Kind::Sheets && self.tables == 1 {
            let name = xml::attribute(element, "name").unwrap_or_default();
            if self.is_hidden() {
                self.asides.take(Aside::Hidden, &format!("sheet {name}: "));
            } else {
                self.flow.end_page();
                self.flow.line(&name);
            }
        }
        self.flow.begin_table();
    }

    fn end_table(&mut self) {
        self.flow.end_table();
        self.hidden.pop();
        self.tables = self.tables.saturating_sub(1);
        if self.kind == Kind::Sheets && self.tables == 0 {
            self.flow.end_page();
        }
    }

    fn set_apart(&mut self, apart: Apart) {
        if self.apart.len() < DEEPEST {
            self.apart.push((apart, String::new(), self.paragraphs.len()));
        }
    }

    fn end_apart(&mut self) {
        let Some((apart, text, _)) = self.apart.pop() else { return };
        match apart {
            Apart::Head => self.flow.head(&text),
            Apart::Foot => self.flow.foot(&text),
            Apart::Comment => {
                self.asides.take(Aside::Comment, &text);
                self.asides.end_line();
            }
            Apart::Note if !text.is_empty() => {
                self.noted += 1;
                let mark = format!("[{}]", self.noted);
                self.flow.note(format!("{mark} {}", text.replace('\n', " ")));
                self.write(&mark);
            }
            Apart::Note => {}
        }
    }

    fn is_hidden(&self) -> bool {
        self.hidden.contains(&true)
    }

    /// Writes text in which runs of white space count as one space.
    fn collapsed(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last() else { return };
        let mut spaced = paragraph.text.is_empty() || paragraph.text.ends_with([' ', '\n', '\t']);
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            let blank = matches!(c, ' ' | '\t' | '\n' | '\r');
            if !blank || !spaced {
                plain.push(if blank { ' ' } else { c });
            }
            spaced = blank;
        }
        self.write(&plain);
    }

    /// Writes text, or sets it aside when it is deleted or hidden.
    fn write(&mut self, text: &str) {
        let hidden = self.is_hidden() || self.spans.contains(&true);
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        if self.deleted {
            self.asides.take(Aside::Deleted, text);
        } else if hidden {
            self.asides.take(Aside::Hidden, text);
        } else {
            paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        self.asides.end_line();
        let Some(paragraph) = self.paragraphs.pop() else { return };
        self.spans.truncate(paragraph.spans);
        if self.deleted {
            return;
        }
        let around = self.paragraphs.len();
        if let Some((_, text, _)) = self.apart.last_mut().filter(|(_, _, depth)| *depth == around) {
            push_line(text, &paragraph.text);
            push_line(text, &paragraph.boxes);
        } else if let Some(outer) = self.paragraphs.last_mut() {
            push_line(&mut outer.boxes, &paragraph.text);
            push_line(&mut outer.boxes, &paragraph.boxes);
        } else if !self.is_hidden() {
            match paragraph.outline {
                Some(level) => self.flow.heading(&paragraph.text, level),
                None => self.flow.line(&paragraph.text),
            }
            if !paragraph.boxes.is_empty() {
                self.flow.line(&paragraph.boxes);
            }
        }
    }

    /// Ends the page where it ended when the document was last laid out.
    fn break_page(&mut self) {
        if !self.apart.is_empty() {
            return;
        }
        self.flow.laid_out();
        if self.paragraphs.len() == 1 && !self.flow.in_table() {
            let written = self.paragraphs.last_mut().map(|p| std::mem::take(&mut p.text));
            if let Some(text) = written.filter(|text| !text.trim().is_empty()) {
                self.flow.line(&text);
            }
        }
        self.flow.end_page();
    }
}

/// Elements whose text is not part of the document as it reads. Some have
/// namesakes that are.
fn leaves_out(element: &BytesStart<'_>) -> bool {
    let name = element.name().into_inner();
    matches!(name, "dc:creator" | "dc:date" | "svg:title" | "svg:desc" | "meta:date-string")
        || matches!(
            element.local_name().into_inner(),
            "change-info" | "note-citation" | "page-number" | "page-count" | "ruby-text" | "forms"
        )
}
