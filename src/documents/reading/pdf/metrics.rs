//! How far the letters of a font reach above and below the line.
//!
//! A word's box is as high as its font's letters can be, not as the letters it
//! happens to have, so that boxes of one line agree. Fonts in the TrueType
//! container say it in their `hhea` table; for others a common value serves.

use hayro_font::FontGlyph;

/// Fractions of the font size, both upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Above the line.
    pub(super) up: f32,
    /// Below the line, negative.
    pub(super) down: f32,
}

/// What most text fonts have.
const USUAL: Reach = Reach { up: 0.8, down: -0.2 };

/// The reach of a glyph's font.
pub(super) fn of(glyph: &FontGlyph<'_>) -> Reach {
    let FontGlyph::Outline(outline) = glyph else { return USUAL };
    let font = outline.font_data();
    font.and_then(|font| reach((*font.data).as_ref())).unwrap_or(USUAL)
}

/// Reads `hhea`; values outside what letters do are taken for mistakes.
fn reach(font: &[u8]) -> Option<Reach> {
    let head = table(font, *b"head")?;
    let hhea = table(font, *b"hhea")?;
    let em = f32::from(u16::from_be_bytes(*head.get(18..)?.first_chunk()?));
    let up = f32::from(i16::from_be_bytes(*hhea.get(4..)?.first_chunk()?)) / em;
    let down = f32::from(i16::from_be_bytes(*hhea.get(6..)?.first_chunk()?)) / em;
    ((0.4..=1.3).contains(&up) && (-0.7..=0.0).contains(&down)).then_some(Reach { up, down })
}

/// A table of a font in the TrueType container.
fn table(font: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(u16::from_be_bytes(*font.get(4..)?.first_chunk()?));
    let records = font.get(12..)?.chunks_exact(16).take(count);
    let record = records.into_iter().find(|record| record.starts_with(&tag))?;
    let long = |at: usize| -> Option<usize> {
        usize::try_from(u32::from_be_bytes(*record.get(at..)?.first_chunk()?)).ok()
    };
    let from = long(8)?;
    font.get(from..from.checked_add(long(12)?)?.min(font.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_font_has_no_reach() {
        assert_eq!(reach(&[]), None);
        assert_eq!(reach(&[0xff; 64]), None);
    }
}
