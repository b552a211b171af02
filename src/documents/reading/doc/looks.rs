//! How characters and paragraphs look, as far as it bears on their text.
//!
//! Looks are kept on pages of 512 bytes: a list of places in the file, and
//! for each stretch between two of them a list of changes. A change is a
//! two-byte code, whose upper bits tell how long its value is.

use super::header::{Header, List};
use super::{place, u16_at, u32_at};

const PAGE: usize = 512;
/// Half points; smaller letters cannot be read.
const TINY: u8 = 3;

/// How characters look.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CharacterLook {
    /// Hidden by its author.
    pub(super) hidden: bool,
    /// Deleted while changes were tracked.
    pub(super) deleted: bool,
    /// Stands for something else, such as a note or a picture.
    pub(super) special: bool,
    /// Written in white.
    pub(super) white: bool,
    /// Something is painted behind it.
    pub(super) painted: bool,
}

/// How a paragraph looks.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParagraphLook {
    /// Its style; 1 to 9 are the headings.
    pub(super) style: u16,
    /// How many tables it is in.
    pub(super) tables: u8,
    /// It ends the row of a table.
    pub(super) ends_row: bool,
    /// It ends a cell of a table in a table.
    pub(super) ends_inner_cell: bool,
    /// It ends a row of a table in a table.
    pub(super) ends_inner_row: bool,
    /// It begins a page.
    pub(super) breaks_before: bool,
    /// Its list, from 1; 0 takes it out of that of its style.
    pub(super) list: Option<u16>,
    /// Its level in the list, from 0.
    pub(super) level: Option<u8>,
    /// Its own place in the outline, from 0.
    pub(super) outline: Option<u32>,
    /// Something is painted behind it.
    pub(super) painted: bool,
}

/// The looks of all stretches, by their place in the file.
#[derive(Debug, Default)]
pub(super) struct Looks {
    characters: Vec<(u32, u32, CharacterLook)>,
    paragraphs: Vec<(u32, u32, ParagraphLook)>,
}

impl Looks {
    /// Reads the looks; what cannot be read is left out.
    pub(super) fn read(header: &Header, main: &[u8], table: &[u8]) -> Self {
        let mut looks = Self::default();
        for page in pages(header.list(List::Characters, table), main) {
            looks.characters.extend(stretches(page, 1).map(|(from, to, at)| {
                let length = page.get(at).map_or(0, |length| usize::from(*length));
                let changes = page.get(at + 1..).unwrap_or_default();
                let changes = if at == 0 { &[] } else { &changes[..length.min(changes.len())] };
                (from, to, character(changes))
            }));
        }
        for page in pages(header.list(List::Paragraphs, table), main) {
            looks.paragraphs.extend(stretches(page, 13).map(|(from, to, at)| {
                (from, to, if at == 0 { ParagraphLook::default() } else { paragraph(page, at) })
            }));
        }
        looks.characters.sort_by_key(|(from, _, _)| *from);
        looks.paragraphs.sort_by_key(|(from, _, _)| *from);
        looks
    }

    /// Whether anything is known of paragraphs.
    pub(super) fn knows_paragraphs(&self) -> bool {
        !self.paragraphs.is_empty()
    }

    /// How the character at a place looks.
    pub(super) fn character(&self, at: u32) -> CharacterLook {
        find(&self.characters, at)
    }

    /// How the paragraph at a place looks.
    pub(super) fn paragraph(&self, at: u32) -> ParagraphLook {
        find(&self.paragraphs, at)
    }
}

fn find<T: Copy + Default>(stretches: &[(u32, u32, T)], at: u32) -> T {
    let after = stretches.partition_point(|(from, _, _)| *from <= at);
    let found = after.checked_sub(1).and_then(|index| stretches.get(index));
    found.filter(|(_, to, _)| at < *to).map_or_else(T::default, |(_, _, look)| *look)
}

/// The pages a table lists, each at most once.
fn pages<'a>(list: &[u8], main: &'a [u8]) -> Vec<&'a [u8]> {
    let count = (list.len().saturating_sub(4) / 8).min(main.len() / PAGE);
    (0..count)
        .filter_map(|index| {
            let number = u32_at(list, 4 * (count_of(list) + 1) + 4 * index) & 0x3f_ffff;
            let from = place(number).checked_mul(PAGE)?;
            main.get(from..from.checked_add(PAGE)?)
        })
        .collect()
}

fn count_of(list: &[u8]) -> usize {
    list.len().saturating_sub(4) / 8
}

/// The stretches of a page: from, to, and where on the page their changes
/// are, 0 for none. An entry of the second list takes `width` bytes.
fn stretches(page: &[u8], width: usize) -> impl Iterator<Item = (u32, u32, usize)> + '_ {
    let count = page.last().map_or(0, |count| usize::from(*count));
    let count = count.min((PAGE - 5) / (4 + width));
    (0..count).map(move |index| {
        let at = page.get(4 * (count + 1) + width * index).map_or(0, |half| usize::from(*half) * 2);
        (u32_at(page, 4 * index), u32_at(page, 4 * index + 4), at)
    })
}

/// Splits changes into code and value.
fn changes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        if bytes.len() < 3 {
            return None;
        }
        let code = u16_at(bytes, 0);
        let rest = &bytes[2..];
        let (skip, length) = match code >> 13 {
            0 | 1 => (0, 1),
            2 | 4 | 5 => (0, 2),
            3 => (0, 4),
            7 => (0, 3),
            // The definition of a table counts in two bytes, one too many.
            _ if code == 0xd608 => (2, usize::from(u16_at(rest, 0)).saturating_sub(1)),
            _ => (1, usize::from(rest[0])),
        };
        let value = rest.get(skip..skip + length)?;
        bytes = &rest[skip + length..];
        Some((code, value))
    })
}

fn byte(value: &[u8]) -> u8 {
    value.first().copied().unwrap_or(0)
}

fn character(bytes: &[u8]) -> CharacterLook {
    let mut look = CharacterLook::default();
    for (code, value) in changes(bytes) {
        // 0 and 1 say off and on; 0x80 as the style, 0x81 unlike the style.
        let on = matches!(byte(value), 1 | 0x81);
        match code {
            0x083c => look.hidden = on,
            0x0800 => look.deleted = on,
            0x0855 => look.special = on,
            0x4a43 => look.hidden |= (1..=TINY).contains(&byte(value)) && value.get(1) == Some(&0),
            0x2a42 => look.white = byte(value) == 8,
            0x6870 => look.white = u32_at(value, 0) & 0x00ff_ffff == 0x00ff_ffff && value[3] == 0,
            0x2a0c | 0x4866 | 0xca71 => look.painted = value.iter().any(|byte| *byte != 0),
            _ => {}
        }
    }
    look
}

fn paragraph(page: &[u8], at: usize) -> ParagraphLook {
    let (from, length) = match page.get(at) {
        Some(0) => (at + 2, page.get(at + 1).map_or(0, |words| usize::from(*words) * 2)),
        Some(words) => (at + 1, usize::from(*words) * 2 - 1),
        None => return ParagraphLook::default(),
    };
    let bytes = page.get(from..).unwrap_or_default();
    let bytes = &bytes[..length.min(bytes.len())];
    let look = paragraph_changes(bytes.get(2..).unwrap_or_default());
    ParagraphLook { style: u16_at(bytes, 0), ..look }
}

/// What changes say of a paragraph.
pub(super) fn paragraph_changes(bytes: &[u8]) -> ParagraphLook {
    let mut look = ParagraphLook::default();
    for (code, value) in changes(bytes) {
        let on = byte(value) == 1;
        match code {
            0x2416 => look.tables = look.tables.max(u8::from(on)),
            0x6649 => look.tables = byte(value),
            0x2417 => look.ends_row = on,
            0x244b => look.ends_inner_cell = on,
            0x244c => look.ends_inner_row = on,
            0x2407 => look.breaks_before = on,
            0x460b => look.list = Some(u16_at(value, 0)),
            0x260a => look.level = Some(byte(value).min(8)),
            0x2640 => look.outline = Some(u32::from(byte(value))).filter(|level| *level < 9),
            0x442d | 0xc64d => look.painted = value.iter().any(|byte| *byte != 0),
            _ => {}
        }
    }
    look
}
