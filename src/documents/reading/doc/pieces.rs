//! The text, put together from its pieces.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use super::header::{Header, List, Part};
use super::{place, u16_at, u32_at};
use crate::documents::reading::ReadError;

/// Characters no honest document has.
const MOST: usize = 32 << 20;

/// The text of all parts, character by character as Word counts them, each
/// with the place in the file it comes from.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Characters, in halves of UTF-16 where they need two.
    pub(super) units: Vec<u16>,
    /// For each stretch: its first character, its place in the file, and how
    /// many bytes a character takes.
    stretches: Vec<(usize, u32, u32)>,
}

impl Text {
    /// Where in the file a character comes from.
    pub(super) fn place(&self, at: usize) -> u32 {
        let after = self.stretches.partition_point(|(first, _, _)| *first <= at);
        let Some((first, from, width)) = after.checked_sub(1).and_then(|i| self.stretches.get(i))
        else {
            return 0;
        };
        let distance = u32::try_from(at - first).unwrap_or(u32::MAX);
        from.saturating_add(distance.saturating_mul(*width))
    }

    fn push(&mut self, main: &[u8], from: u32, count: usize, wide: bool) -> Result<(), ReadError> {
        let rest = main.get(place(from)..).unwrap_or_default();
        let width = if wide { 2 } else { 1 };
        let bytes = &rest[..count.saturating_mul(width).min(rest.len())];
        if self.units.len() + count > MOST {
            return Err(ReadError::TooLarge("it has more text than any document".into()));
        }
        self.stretches.push((self.units.len(), from, if wide { 2 } else { 1 }));
        let end = self.units.len() + count;
        if wide {
            self.units
                .extend(bytes.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])));
        } else {
            let decoded = WINDOWS_1252.decode_without_bom_handling(bytes).0;
            self.units.extend(decoded.encode_utf16());
        }
        // What the file lacks is kept as nothing, so that later places hold.
        self.units.resize(end, 0);
        Ok(())
    }

    /// The text from one character to another.
    pub(super) fn slice(&self, from: usize, to: usize) -> &[u16] {
        let end = to.min(self.units.len());
        self.units.get(from.min(end)..end).unwrap_or_default()
    }
}

/// Puts the text together.
///
/// # Errors
/// Fails when the table of pieces is missing, or there is too much text.
pub(super) fn read(header: &Header, main: &[u8], table: &[u8]) -> Result<Text, ReadError> {
    let mut text = Text::default();
    if let Some(from) = header.plain_from {
        let count = header.part(Part::Boxes).1.min(main.len());
        text.push(main, u32::try_from(from).unwrap_or(u32::MAX), count, false)?;
        return Ok(text);
    }
    let pieces = pieces(header.list(List::Pieces, table))
        .ok_or_else(|| ReadError::Damaged("the table of its text is missing".into()))?;
    let count = pieces.len().saturating_sub(4) / 12;
    let old = header.table == super::Table::Own;
    for index in 0..count {
        let first = u32_at(pieces, 4 * index);
        let last = u32_at(pieces, 4 * index + 4);
        let from = u32_at(pieces, 4 * (count + 1) + 8 * index + 2);
        let narrow = from & 0x4000_0000 != 0;
        let length = place(last.saturating_sub(first));
        let most = main.len();
        match (old, narrow) {
            (true, _) => text.push(main, from, length.min(most), false)?,
            (false, true) => text.push(main, (from & 0x3fff_ffff) / 2, length.min(most), false)?,
            (false, false) => text.push(main, from & 0x3fff_ffff, length.min(most), true)?,
        }
    }
    Ok(text)
}

/// Finds the table of pieces after the formats a fast save leaves before it.
fn pieces(mut table: &[u8]) -> Option<&[u8]> {
    loop {
        match table.first()? {
            1 => table = table.get(3 + usize::from(u16_at(table, 1))..)?,
            2 => {
                let rest = table.get(5..)?;
                return Some(&rest[..place(u32_at(table, 1)).min(rest.len())]);
            }
            _ => return None,
        }
    }
}

/// Decodes halves of UTF-16.
pub(super) fn decode(units: &[u16]) -> String {
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned()
}
