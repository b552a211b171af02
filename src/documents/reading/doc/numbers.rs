//! Automatic numbers: the lists of the document and the styles that use them.

use std::collections::HashMap;

use super::header::{Header, List};
use super::looks::ParagraphLook;
use super::pieces::decode;
use super::{place, u16_at, u32_at};
use crate::documents::reading::docx::numbering::{Level, Numbering};
use crate::documents::reading::docx::styles::ListRef;

/// Styles may be based on each other; a chain longer than this is a loop.
const DEEPEST: usize = 20;
/// Characters the text of a number may have.
const LONGEST: usize = 64;
/// Word says so of a paragraph that is in no list though its style is.
const NO_LIST: u16 = 0x7ff;

/// What a style says of numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    base: usize,
    list: Option<u16>,
    level: Option<u8>,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    numbering: Numbering,
    styles: Vec<Style>,
}

impl Numbers {
    /// Reads lists and styles; what cannot be read is left out.
    pub(super) fn read(header: &Header, table: &[u8]) -> Self {
        let mut numbers =
            Self { styles: styles(header.list(List::Styles, table)), ..Self::default() };
        let patterns = numbers.patterns(header, table);
        numbers.lists(header.list(List::Lists, table), &patterns);
        numbers
    }

    /// Reads the patterns, whose levels follow their list; gives the number of
    /// each by its own id.
    fn patterns(&mut self, header: &Header, table: &[u8]) -> HashMap<u32, u32> {
        let list = header.list(List::Patterns, table);
        let mut rest = header.after(List::Patterns, table);
        let mut ids = HashMap::new();
        let count = usize::from(u16_at(list, 0)).min(list.len().saturating_sub(2) / 28);
        for (number, index) in (0_u32..).zip(0..count) {
            let at = 2 + 28 * index;
            let simple = list.get(at + 26).is_some_and(|flags| flags & 1 != 0);
            let mut levels = Vec::new();
            for _ in 0..if simple { 1 } else { 9 } {
                let Some((level, length)) = level(rest) else { return ids };
                levels.push(level);
                rest = rest.get(length..).unwrap_or_default();
            }
            self.numbering.add_pattern(number, levels);
            ids.insert(u32_at(list, at), number);
        }
        ids
    }

    /// Reads the lists, each of a pattern, and where they start anew.
    fn lists(&mut self, list: &[u8], patterns: &HashMap<u32, u32>) {
        let count = place(u32_at(list, 0)).min(list.len().saturating_sub(4) / 16);
        let mut rest = list.get(4 + 16 * count..).unwrap_or_default();
        for (number, index) in (1_u32..).zip(0..count) {
            let at = 4 + 16 * index;
            let changes = list.get(at + 12).copied().unwrap_or(0);
            let mut starts = HashMap::new();
            let mut levels = HashMap::new();
            rest = rest.get(4..).unwrap_or_default();
            for _ in 0..changes {
                let start = u32_at(rest, 0);
                let flags = u32_at(rest, 4);
                rest = rest.get(8..).unwrap_or_default();
                let at = place(flags & 0xf);
                let own = level(rest).filter(|_| flags & 0x20 != 0);
                if let Some((level, length)) = own {
                    levels.insert(at, level);
                    rest = rest.get(length..).unwrap_or_default();
                } else if flags & 0x10 != 0 {
                    starts.insert(at, start);
                }
            }
            if let Some(pattern) = patterns.get(&u32_at(list, at)) {
                self.numbering.add_list(number, *pattern, starts, levels);
            }
        }
    }

    /// Counts a paragraph and gives its number with the space that follows;
    /// empty when it has none.
    pub(super) fn label(&mut self, look: ParagraphLook) -> String {
        let mut list = look.list;
        let mut level = look.level;
        let mut next = usize::from(look.style);
        for _ in 0..DEEPEST {
            let Some(style) = self.styles.get(next) else { break };
            list = list.or(style.list);
            level = level.or(style.level);
            next = style.base;
        }
        let list = list.filter(|list| *list != NO_LIST).map(u32::from);
        let level = Some(level.map_or(0, usize::from));
        self.numbering.label(ListRef { list, level }, &[])
    }
}

/// A level, and how many bytes it takes.
fn level(bytes: &[u8]) -> Option<(Level, usize)> {
    let fixed = bytes.get(..28)?;
    let looks = usize::from(fixed[24]) + usize::from(fixed[25]);
    let text_at = 28 + looks;
    bytes.get(text_at..text_at + 2)?;
    let length = usize::from(u16_at(bytes, text_at));
    let end = text_at + 2 + 2 * length;
    let units: Vec<u16> = bytes
        .get(text_at + 2..end)?
        .chunks_exact(2)
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .collect();
    let mut text = String::new();
    for c in decode(&units).chars().take(LONGEST) {
        // A level is written as its number, from 0.
        match u32::from(c) {
            number @ 0..9 => text.extend(["%".into(), (number + 1).to_string()]),
            _ => text.push(c),
        }
    }
    let flags = fixed[5];
    let level = Level {
        start: u32_at(fixed, 0),
        format: format_name(fixed[4]).into(),
        text,
        joined: fixed[15] == 2,
        legal: flags & 4 != 0,
        keeps_on: flags & 8 != 0,
        ..Level::default()
    };
    Some((level, end))
}

/// The name the newer format gives a number format.
fn format_name(code: u8) -> &'static str {
    match code {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        5 => "ordinal",
        22 => "decimalZero",
        23 => "bullet",
        34 => "hindiNumbers",
        255 => "none",
        _ => "decimal",
    }
}

/// Reads what each style says of numbers.
fn styles(sheet: &[u8]) -> Vec<Style> {
    let head = usize::from(u16_at(sheet, 0));
    let fixed = usize::from(u16_at(sheet, 4));
    let mut rest = sheet.get(2 + head..).unwrap_or_default();
    let mut styles = Vec::new();
    while rest.len() >= 2 {
        let length = usize::from(u16_at(rest, 0));
        let bytes = rest.get(2..2 + length).unwrap_or_default();
        rest = rest.get(2 + length..).unwrap_or_default();
        styles.push(style(bytes, fixed));
    }
    styles
}

fn style(bytes: &[u8], fixed: usize) -> Style {
    let base = usize::from(u16_at(bytes, 2) >> 4);
    let name = usize::from(u16_at(bytes, fixed));
    // The name ends with a zero; what follows begins at an even place.
    let at = fixed + 2 + 2 * (name + 1);
    let is_paragraph = u16_at(bytes, 2) & 0xf == 1;
    let length = usize::from(u16_at(bytes, at));
    let changes = bytes.get(at + 4..at + 2 + length).filter(|_| is_paragraph).unwrap_or_default();
    let look = super::looks::paragraph_changes(changes);
    Style { base, list: look.list, level: look.level }
}
