//! Follows the text of a Word document and makes lines, rows and notes of it.

use std::collections::{HashMap, HashSet};

use super::header::{Header, List, Part};
use super::looks::{CharacterLook, Looks, ParagraphLook};
use super::numbers::Numbers;
use super::pieces::{Text, decode};
use super::{place, u16_at, u32_at};
use crate::documents::reading::FindingKind;
use crate::documents::reading::aside::{Aside, Asides};
use crate::documents::reading::flow::{Flow, push_line};

/// Fields in fields deeper than this are not kept apart.
const DEEPEST: usize = 100;
/// Characters of a field's instruction looked at.
const INSTRUCTION: usize = 300;

/// A field being read: its instruction, then its result.
#[derive(Debug, Default)]
struct Field {
    instruction: Vec<u16>,
    in_result: bool,
}

/// A Word document being read.
pub(super) struct Walk<'a> {
    text: &'a Text,
    looks: &'a Looks,
    /// The pages.
    pub(super) flow: Flow,
    /// What was set aside.
    pub(super) asides: Asides,
    /// The notes, by the character that refers to them.
    notes: HashMap<usize, String>,
    noted: usize,
    /// Where sections end without ending the page.
    continuous: HashSet<usize>,
    line: Vec<u16>,
    fields: Vec<Field>,
    cell: String,
    cells: Vec<String>,
    inner: Vec<String>,
    numbers: Numbers,
    /// Parts apart from the body gather here.
    apart: Option<String>,
}

impl<'a> Walk<'a> {
    /// Starts with the text and how it looks.
    pub(super) fn new(text: &'a Text, looks: &'a Looks, numbers: Numbers) -> Self {
        Self {
            text,
            looks,
            flow: Flow::default(),
            asides: Asides::default(),
            notes: HashMap::new(),
            noted: 0,
            continuous: HashSet::new(),
            line: Vec::new(),
            fields: Vec::new(),
            cell: String::new(),
            cells: Vec::new(),
            inner: Vec::new(),
            numbers,
            apart: None,
        }
    }

    /// Reads the body and what belongs to it.
    pub(super) fn body(&mut self, header: &Header, main: &[u8], table: &[u8]) {
        let list = |list| header.list(list, table);
        self.notes(header, Part::Footnotes, list(List::FootnoteMarks), list(List::Footnotes));
        self.notes(header, Part::Endnotes, list(List::EndnoteMarks), list(List::Endnotes));
        self.continuous = continuous(list(List::Sections), main);
        let (from, to) = header.part(Part::Body);
        self.follow(from, to);
        self.end_line(ParagraphLook::default());
        self.end_row();
        let boxes = self.part(header, Part::Boxes);
        if !boxes.trim().is_empty() {
            self.flow.gap();
            self.flow.line(&boxes);
        }
        let (start, _) = header.part(Part::Heads);
        for (index, (from, to)) in starts(list(List::Heads)).into_iter().enumerate() {
            // Six lines that part notes come first; then six for each section.
            let text = if index < 6 { String::new() } else { self.apart(start + from, start + to) };
            match index % 6 {
                0 | 1 | 4 => self.flow.head(&text),
                _ => self.flow.foot(&text),
            }
        }
        let (start, _) = header.part(Part::Comments);
        for (from, to) in starts(list(List::Comments)) {
            let comment = self.apart(start + from, start + to);
            self.asides.take(Aside::Comment, &comment);
            self.asides.end_line();
        }
    }

    /// Takes the notes of a kind, to be written where the body refers to them.
    fn notes(&mut self, header: &Header, part: Part, marks: &[u8], notes: &[u8]) {
        let (start, _) = header.part(part);
        for (index, (from, to)) in starts(notes).into_iter().enumerate() {
            // A mark takes four bytes for its place and two for its kind.
            if 6 * index + 8 > marks.len() {
                break;
            }
            let mark = place(u32_at(marks, 4 * index));
            let note = self.apart(start + from, start + to).replace('\n', " ");
            if !note.trim().is_empty() {
                self.notes.insert(mark, note.trim().to_owned());
            }
        }
    }

    fn part(&mut self, header: &Header, part: Part) -> String {
        let (from, to) = header.part(part);
        self.apart(from, to)
    }

    /// The text of a stretch that does not belong to the body.
    fn apart(&mut self, from: usize, to: usize) -> String {
        self.apart = Some(String::new());
        self.fields.clear();
        self.follow(from, to);
        self.end_line(ParagraphLook::default());
        self.end_row();
        self.fields.clear();
        self.apart.take().unwrap_or_default()
    }

    fn follow(&mut self, from: usize, to: usize) {
        let text = self.text;
        for (at, &unit) in (from..).zip(text.slice(from, to)) {
            let file = text.place(at);
            match unit {
                0x13 if self.fields.len() < DEEPEST => self.fields.push(Field::default()),
                0x14 => self.begin_result(),
                0x15 => drop(self.fields.pop()),
                _ if self.fields.iter().any(|field| !field.in_result) => {
                    let field = self.fields.last_mut().filter(|field| !field.in_result);
                    let room = |field: &&mut Field| field.instruction.len() < INSTRUCTION;
                    if let Some(field) = field.filter(room) {
                        field.instruction.push(unit);
                    }
                }
                0x07 | 0x0c | 0x0d => self.end_paragraph(unit, at, file),
                _ => self.character(unit, at, file),
            }
        }
    }

    /// Ends the instruction of a field and begins its result.
    fn begin_result(&mut self) {
        let Some(field) = self.fields.last_mut() else { return };
        field.in_result = true;
        let instruction = decode(&field.instruction);
        let name = instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
        if ["DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE"].contains(&name.as_str()) {
            self.asides.note(FindingKind::Action, format!("a field: {}", instruction.trim()));
        }
    }

    fn character(&mut self, unit: u16, at: usize, file: u32) {
        let look = self.looks.character(file);
        let CharacterLook { hidden, deleted, special, white, painted } = look;
        let unseen = || {
            let paragraph = self.looks.paragraph(file);
            hidden || (white && !painted && !paragraph.painted && paragraph.tables == 0)
        };
        let unit = match unit {
            0x02 if !deleted => return self.refer(at),
            // A sign of a symbol font.
            0x28 if special => 0x2022,
            0x09 => 0x09,
            0x0b => 0x0a,
            0x1e => u16::from(b'-'),
            0..0x20 => return,
            0xf020..=0xf0ff => 0x2022,
            unit => unit,
        };
        if deleted || unseen() {
            let aside = if deleted { Aside::Deleted } else { Aside::Hidden };
            self.asides.take(aside, &decode(&[unit]));
        } else {
            self.line.push(unit);
        }
    }

    /// Writes the mark of a note and puts the note at the foot of the page.
    fn refer(&mut self, at: usize) {
        if self.apart.is_some() {
            return;
        }
        if let Some(note) = self.notes.remove(&at) {
            self.noted += 1;
            let mark = format!("[{}]", self.noted);
            self.flow.note(format!("{mark} {note}"));
            self.line.extend(mark.encode_utf16());
        }
    }

    fn end_paragraph(&mut self, unit: u16, at: usize, file: u32) {
        self.asides.end_line();
        let look = self.looks.paragraph(file);
        match unit {
            0x07 if look.ends_row => self.end_row(),
            // Before Word 97 an empty cell at the end of a row ends it.
            0x07 if !self.looks.knows_paragraphs()
                && self.line.is_empty()
                && !self.cells.is_empty() =>
            {
                self.end_row();
            }
            0x07 => {
                let text = self.take_line(look);
                push_line(&mut self.cell, &text);
                let cell = std::mem::take(&mut self.cell);
                self.cells.push(cell.trim().to_owned());
            }
            0x0c => {
                self.end_line(look);
                if self.apart.is_none() && !self.continuous.contains(&(at + 1)) {
                    self.flow.end_page();
                }
            }
            _ if look.ends_inner_row => {
                let row = std::mem::take(&mut self.inner).join(" | ");
                push_line(&mut self.cell, row.trim_end_matches([' ', '|']));
            }
            _ if look.ends_inner_cell => {
                let text = self.take_line(look);
                self.inner.push(text.trim().to_owned());
            }
            _ if look.tables > 0 => {
                let text = self.take_line(look);
                push_line(&mut self.cell, &text);
            }
            _ => {
                self.end_row();
                self.write_line(look);
            }
        }
    }

    /// The paragraph read, with its number.
    fn take_line(&mut self, look: ParagraphLook) -> String {
        let text = decode(&std::mem::take(&mut self.line));
        if self.apart.is_some() || text.trim().is_empty() {
            return text;
        }
        self.numbers.label(look) + &text
    }

    /// Ends a paragraph only if something is in it.
    fn end_line(&mut self, look: ParagraphLook) {
        if !self.line.is_empty() {
            self.write_line(look);
        }
    }

    fn write_line(&mut self, look: ParagraphLook) {
        let text = self.take_line(look);
        if let Some(apart) = &mut self.apart {
            return push_line(apart, &text);
        }
        if look.breaks_before {
            self.flow.end_page();
        }
        let styled = (1..=9).contains(&look.style).then(|| u32::from(look.style) - 1);
        match look.outline.or(styled) {
            Some(level) => self.flow.heading(&text, level),
            None => self.flow.line(&text),
        }
    }

    fn end_row(&mut self) {
        let loose = std::mem::take(&mut self.cell);
        let mut cells = std::mem::take(&mut self.cells);
        cells.extend((!loose.is_empty()).then_some(loose));
        match &mut self.apart {
            Some(apart) => push_line(apart, &cells.join(" | ")),
            None => self.flow.row(&cells),
        }
    }
}

/// The stretches a list of places marks out, each at most once.
fn starts(list: &[u8]) -> Vec<(usize, usize)> {
    let places: Vec<usize> = list.chunks_exact(4).map(|four| place(u32_at(four, 0))).collect();
    let mut reached = 0;
    places
        .windows(2)
        .map(|two| {
            let from = two[0].max(reached);
            reached = reached.max(two[1]);
            (from, two[1].max(from))
        })
        .collect()
}

/// Where sections end whose successor begins no page.
fn continuous(list: &[u8], main: &[u8]) -> HashSet<usize> {
    let count = list.len().saturating_sub(4) / 16;
    let begins_no_page = |index: usize| {
        let at = place(u32_at(list, 4 * (count + 1) + 12 * index + 2));
        let Some(section) = at.checked_add(2).and_then(|from| main.get(from..)) else {
            return false;
        };
        let changes = &section[..usize::from(u16_at(main, at)).min(section.len())];
        // The kind of break is one byte after the code 0x3009.
        changes.windows(3).any(|three| three == [0x09, 0x30, 0])
    };
    (1..count).filter(|index| begins_no_page(*index)).map(|i| place(u32_at(list, 4 * i))).collect()
}
