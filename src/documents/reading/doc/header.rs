//! The header at the start of `WordDocument`: what is where.

use super::super::ReadError;
use super::{place, u16_at, u32_at};

/// Marks the stream of Word 97 and later, and of Word 6 and 95.
const MARKS: [u16; 2] = [0xa5ec, 0xa5dc];
/// The first version number of Word 97.
const WORD_97: u16 = 0xc1;
/// The first version number of Word 6.
const WORD_6: u16 = 0x65;
/// Where Word 97 begins to list the tables it has.
const TABLES: usize = 0x9a;
/// How many of them are looked at.
const LISTED: usize = 75;
/// Where Word 6 says where its pieces are.
const OLD_PIECES: usize = 0x160;

/// Where the tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// In the stream `0Table`.
    Zero,
    /// In the stream `1Table`.
    One,
    /// In `WordDocument` itself, as before Word 97.
    Own,
}

/// The tables used, by their place in the list.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    /// The styles.
    Styles = 1,
    /// Where the body refers to footnotes.
    FootnoteMarks = 2,
    /// Where each footnote begins.
    Footnotes = 3,
    /// Where each comment begins.
    Comments = 5,
    /// Where each section ends.
    Sections = 6,
    /// Where each running head begins.
    Heads = 11,
    /// Pages on how characters look.
    Characters = 12,
    /// Pages on how paragraphs look.
    Paragraphs = 13,
    /// The pieces of the text.
    Pieces = 33,
    /// Where the body refers to endnotes.
    EndnoteMarks = 46,
    /// Where each endnote begins.
    Endnotes = 47,
    /// How lists count.
    Patterns = 73,
    /// The lists.
    Lists = 74,
}

/// The parts of the text, in the order they follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// The body.
    Body,
    /// Footnotes.
    Footnotes,
    /// Running heads and feet.
    Heads,
    /// Comments. Macros, which no version writes here any more, come before.
    Comments = 4,
    /// Endnotes.
    Endnotes,
    /// Text boxes.
    Boxes,
}

/// What the header says.
#[derive(Debug)]
pub(super) struct Header {
    /// Where the tables are.
    pub(super) table: Table,
    /// The text is in one piece that begins here; only before Word 97.
    pub(super) plain_from: Option<usize>,
    lengths: [usize; 7],
    lists: Vec<(usize, usize)>,
    old_pieces: (usize, usize),
}

impl Header {
    /// Reads the header.
    ///
    /// # Errors
    /// Fails when it is none, the text is encrypted, or the version is too old.
    pub(super) fn read(main: &[u8]) -> Result<Self, ReadError> {
        if !MARKS.contains(&u16_at(main, 0)) || main.len() < 0x200 {
            return Err(ReadError::Damaged("its header is missing".into()));
        }
        let version = u16_at(main, 2);
        let flags = u16_at(main, 10);
        if flags & 0x100 != 0 {
            return Err(ReadError::Encrypted);
        }
        if version < WORD_6 {
            return Err(ReadError::Damaged("it is in a format older than Word 6".into()));
        }
        let new = version >= WORD_97;
        let table = match (new, flags & 0x200 != 0) {
            (false, _) => Table::Own,
            (true, false) => Table::Zero,
            (true, true) => Table::One,
        };
        let first = if new { 0x4c } else { 0x34 };
        let lengths = std::array::from_fn(|at| place(u32_at(main, first + 4 * at)));
        let pair = |at: usize| (place(u32_at(main, at)), place(u32_at(main, at + 4)));
        let lists = (0..LISTED).map(|index| pair(TABLES + 8 * index)).collect();
        let pieces = flags & 4 != 0;
        let plain_from = (!new && !pieces).then(|| place(u32_at(main, 0x18)));
        let lists = if new { lists } else { Vec::new() };
        Ok(Self { table, plain_from, lengths, lists, old_pieces: pair(OLD_PIECES) })
    }

    /// The bytes of a table, empty when there is none.
    pub(super) fn list<'a>(&self, list: List, table: &'a [u8]) -> &'a [u8] {
        let old = matches!(list, List::Pieces).then_some(&self.old_pieces);
        let Some(&(from, length)) = self.lists.get(list as usize).or(old) else { return &[] };
        let rest = table.get(from..).unwrap_or_default();
        &rest[..length.min(rest.len())]
    }

    /// The bytes that follow a table.
    pub(super) fn after<'a>(&self, list: List, table: &'a [u8]) -> &'a [u8] {
        let Some((from, length)) = self.lists.get(list as usize) else { return &[] };
        table.get(from.saturating_add(*length)..).unwrap_or_default()
    }

    /// Where a part of the text begins and ends, in characters.
    pub(super) fn part(&self, part: Part) -> (usize, usize) {
        let sum = |lengths: &[usize]| lengths.iter().fold(0_usize, |a, b| a.saturating_add(*b));
        let from = sum(&self.lengths[..part as usize]);
        (from, from.saturating_add(self.lengths[part as usize]))
    }
}
