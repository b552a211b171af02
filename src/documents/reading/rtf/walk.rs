//! Follows the groups of rich text and makes text of them.

use super::fonts::Tables;
use super::lexer::Token;
use super::state::{Apart, Group, Look, Place, character, destination};
use crate::documents::reading::aside::{Aside, Asides};
use crate::documents::reading::flow::{Flow, push_line};
use crate::documents::reading::source::Source;
use crate::documents::reading::{FindingKind, ReadError, code_page};

/// Groups in groups deeper than this change nothing but their depth.
const DEEPEST: usize = 2000;
/// Half points; smaller letters cannot be read.
const TINY: i32 = 3;

/// A rich text document being read.
#[derive(Debug, Default)]
pub(super) struct Walk {
    tables: Tables,
    groups: Vec<Group>,
    group: Group,
    /// Groups opened beyond the deepest.
    deeper: usize,
    flow: Flow,
    asides: Asides,
    title: Option<String>,
    /// The paragraph, and what is gathered by itself inside it.
    texts: Vec<String>,
    line: String,
    /// The text of boxes that hang on the paragraph.
    boxes: String,
    /// The cell being filled, the row, and the row of a table inside a cell.
    cell: String,
    cells: Vec<String>,
    inner: Vec<String>,
    /// Bytes not yet decoded, since a character may have two.
    bytes: Vec<u8>,
    /// The first half of a character written as two.
    half: Option<u16>,
    /// Characters to pass over: they stand for one already read.
    skip: usize,
    notes: usize,
    /// The next section begins no page.
    continuous: bool,
    /// The next paragraph begins a page.
    breaks_before: bool,
}

impl Walk {
    /// Takes the next token.
    pub(super) fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Byte(byte) | Token::Hex(byte) => {
                if self.skip > 0 {
                    self.skip -= 1;
                } else {
                    self.byte(byte);
                }
                return;
            }
            Token::Symbol(_) if self.skip > 0 => {
                self.skip -= 1;
                return;
            }
            _ => self.decode(),
        }
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Word(word, number) => self.word(word, number),
            Token::Symbol(b'*') => self.group.optional = true,
            Token::Symbol(b'~') => self.write("\u{a0}"),
            Token::Symbol(b'_') => self.write("-"),
            Token::Symbol(b'\n' | b'\r') => self.end_paragraph(),
            Token::Symbol(byte @ (b'\\' | b'{' | b'}')) => self.byte(byte),
            Token::Symbol(_) | Token::Byte(_) | Token::Hex(_) => {}
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// Fails when there was more text than any document has.
    pub(super) fn finish(mut self) -> Result<Source, ReadError> {
        self.decode();
        while !self.groups.is_empty() {
            self.close();
        }
        self.end_paragraph();
        self.end_row();
        let (pages, outline) = self.flow.finish()?;
        let findings = self.asides.into_findings();
        Ok(Source { title: self.title, pages, outline, findings, ..Source::default() })
    }

    fn open(&mut self) {
        self.skip = 0;
        if self.groups.len() >= DEEPEST {
            self.deeper += 1;
            return;
        }
        self.groups.push(self.group);
        self.group.apart = None;
        self.group.optional = false;
    }

    fn close(&mut self) {
        self.skip = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(around) = self.groups.pop() else { return };
        let ended = std::mem::replace(&mut self.group, around);
        self.asides.end_line();
        let Some(apart) = ended.apart else { return };
        let around = self.texts.pop().unwrap_or_default();
        let text = std::mem::replace(&mut self.line, around);
        self.place(apart, text.trim());
    }

    /// Puts what was gathered by itself where it belongs.
    fn place(&mut self, apart: Apart, text: &str) {
        if text.is_empty() {
            return;
        }
        match apart {
            Apart::Head => self.flow.head(text),
            Apart::Foot => self.flow.foot(text),
            Apart::Note => {
                self.notes += 1;
                let mark = format!("[{}]", self.notes);
                self.flow.note(format!("{mark} {}", text.replace('\n', " ")));
                self.write(&mark);
            }
            Apart::Comment => {
                self.asides.take(Aside::Comment, text);
                self.asides.end_line();
            }
            Apart::Field => {
                let name = text.split_whitespace().next().unwrap_or_default().to_uppercase();
                if ["DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE"].contains(&name.as_str()) {
                    self.asides.note(FindingKind::Action, format!("a field: {text}"));
                }
            }
            Apart::Object => {
                let kind = format!("an object of kind {text}");
                self.asides.note(FindingKind::EmbeddedFile, kind);
            }
            Apart::Template if text.contains("//") || text.contains("\\\\") => {
                let from = format!("a template fetched from {text}");
                self.asides.note(FindingKind::Action, from);
            }
            Apart::Template => {}
            Apart::Title => self.title = Some(text.to_owned()),
            Apart::Box => push_line(&mut self.boxes, text),
            // A bullet that its font alone knows cannot be decoded.
            Apart::Mark => self.write(&format!("{} ", text.replace('\u{fffd}', "•"))),
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.group.place {
            Place::Text => self.bytes.push(byte),
            Place::Styles => self.tables.style_name(byte),
            Place::Colors if byte == b';' => self.tables.end_color(),
            _ => {}
        }
    }

    /// Decodes the bytes gathered.
    fn decode(&mut self) {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            let text = self.tables.decode(&bytes, self.group.font);
            self.write(&text);
        }
    }

    /// Writes text, or sets it aside when it is deleted or hidden.
    fn write(&mut self, text: &str) {
        if self.group.place != Place::Text {
            return;
        }
        let Look { hidden, deleted, size, color, painted } = self.group.look;
        let ground = painted || self.group.shaded || self.group.in_table;
        let white = !ground && self.texts.is_empty() && self.tables.is_white(color);
        if deleted {
            self.asides.take(Aside::Deleted, text);
        } else if hidden || white || size <= TINY {
            self.asides.take(Aside::Hidden, text);
        } else {
            self.line.push_str(text);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if std::mem::take(&mut self.group.optional) && destination(word).is_none() {
            self.group.place = Place::Nowhere;
            return;
        }
        let value = number.unwrap_or(0);
        match self.group.place {
            Place::Fonts => return self.tables.font(word, value),
            Place::Colors => return self.tables.color(word, value),
            Place::Styles => return self.tables.style(word, value),
            Place::Info if word == "title" => return self.gather(Place::Text, Some(Apart::Title)),
            Place::OldForm if word == "ud" => return self.group.place = Place::Text,
            Place::Nowhere | Place::Info | Place::OldForm => return,
            Place::Text => {}
        }
        if let Some((place, apart)) = destination(word) {
            return self.gather(place, apart);
        }
        if let Some(c) = character(word) {
            return self.write(c.encode_utf8(&mut [0; 4]));
        }
        match word {
            "u" => self.unicode(value),
            "uc" => self.group.fallback = usize::try_from(value).unwrap_or(1).min(16),
            "ansicpg" => self.tables.default = code_page::of_page(value),
            "mac" => self.tables.default = code_page::of_page(10000),
            "deff" => {
                self.tables.default_font = value;
                self.group.font = value;
            }
            "objlink" | "objautlink" | "objsub" => {
                self.asides.note(FindingKind::Action, "an object fetched from another file");
            }
            "objocx" => self.asides.note(FindingKind::Script, "an ActiveX control"),
            _ if self.paragraph_word(word, value) => {}
            _ => self.look_word(word, number),
        }
    }

    /// Begins to gather what a destination says.
    fn gather(&mut self, place: Place, apart: Option<Apart>) {
        self.group.place = place;
        // A second destination in a group cannot be ended apart from the first.
        if apart.is_some() && self.group.apart.is_none() && !self.groups.is_empty() {
            self.group.apart = apart;
            self.texts.push(std::mem::take(&mut self.line));
            self.group.look = Look { deleted: self.group.look.deleted, ..Look::default() };
        }
    }

    /// Words on how text looks.
    fn look_word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        let value = number.unwrap_or(0);
        let look = &mut self.group.look;
        match word {
            "plain" => {
                *look = Look { deleted: look.deleted, ..Look::default() };
                self.group.font = self.tables.default_font;
            }
            "f" | "af" if word == "f" => self.group.font = value,
            "v" => look.hidden = on,
            "deleted" => look.deleted = on,
            "fs" => look.size = value,
            "cf" => look.color = value,
            "highlight" | "cb" | "chcbpat" | "chshdng" => look.painted = value > 0,
            _ => {}
        }
    }

    /// Words on paragraphs, tables and pages; whether it was one.
    fn paragraph_word(&mut self, word: &str, value: i32) -> bool {
        match word {
            "par" => self.end_paragraph(),
            "pard" => {
                self.group.in_table = false;
                self.group.shaded = false;
                self.group.style = 0;
                self.group.outline = None;
            }
            "intbl" => self.group.in_table = true,
            "cbpat" | "shading" => self.group.shaded = value > 0,
            "s" => self.group.style = value,
            "outlinelevel" => self.group.outline = u32::try_from(value).ok(),
            "cell" => self.end_cell(),
            "row" => self.end_row(),
            "nestcell" => {
                let text = std::mem::take(&mut self.line);
                self.inner.push(text.trim().to_owned());
            }
            "nestrow" => {
                let row = std::mem::take(&mut self.inner).join(" | ");
                push_line(&mut self.cell, row.trim_end_matches([' ', '|']));
            }
            "page" => {
                self.end_line();
                self.flow.end_page();
            }
            "pagebb" => self.breaks_before = true,
            "sectd" => self.continuous = false,
            "sbknone" => self.continuous = true,
            "sect" => {
                self.end_line();
                if !self.continuous {
                    self.flow.end_page();
                }
            }
            _ => return false,
        }
        true
    }

    /// A character by its code in UTF-16.
    fn unicode(&mut self, value: i32) {
        self.skip = self.group.fallback;
        let Ok(unit) = u16::try_from(value & 0xffff) else { return };
        let units: &[u16] = match self.half.take() {
            Some(half) => &[half, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.half = Some(unit);
                return;
            }
            None => &[unit],
        };
        let decoded: String = char::decode_utf16(units.iter().copied())
            .filter_map(Result::ok)
            // Word keeps signs of symbol fonts here.
            .map(|c| if ('\u{f020}'..='\u{f0ff}').contains(&c) { '•' } else { c })
            .collect();
        self.write(&decoded);
    }

    fn end_paragraph(&mut self) {
        if self.group.place != Place::Text {
            return;
        }
        if !self.texts.is_empty() {
            self.line.push('\n');
            return;
        }
        if self.group.in_table {
            let text = std::mem::take(&mut self.line);
            push_line(&mut self.cell, &text);
            return;
        }
        self.end_row();
        if std::mem::take(&mut self.breaks_before) {
            self.flow.end_page();
        }
        let text = std::mem::take(&mut self.line);
        let styled = self.tables.outline(self.group.style);
        match self.group.outline.or(styled).filter(|level| *level < 9) {
            Some(level) => self.flow.heading(&text, level),
            None => self.flow.line(&text),
        }
        self.end_boxes();
    }

    /// Writes the boxes that hung on a paragraph.
    fn end_boxes(&mut self) {
        let boxes = std::mem::take(&mut self.boxes);
        if !boxes.is_empty() {
            self.flow.line(&boxes);
        }
    }

    /// Ends a paragraph only if something is in it.
    fn end_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_paragraph();
        }
    }

    fn end_cell(&mut self) {
        if self.texts.is_empty() {
            let text = std::mem::take(&mut self.line);
            push_line(&mut self.cell, &text);
            let cell = std::mem::take(&mut self.cell);
            self.cells.push(cell.trim().to_owned());
        } else {
            self.line.push_str(" | ");
        }
    }

    fn end_row(&mut self) {
        if self.texts.is_empty() {
            let loose = std::mem::take(&mut self.cell);
            let mut cells = std::mem::take(&mut self.cells);
            cells.extend((!loose.is_empty()).then_some(loose));
            self.flow.row(&cells);
            if !cells.is_empty() {
                self.end_boxes();
            }
        } else {
            self.line.push('\n');
        }
    }
}
