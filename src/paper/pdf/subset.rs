//! A font cut down to the glyphs that are used, under the numbers they have.
//!
//! Only TrueType outlines (`glyf`), as the fonts of ours have; the tables are those of the
//! OpenType specification.

use std::collections::BTreeSet;

/// The tables a PDF needs of a font beside the outlines.
const KEPT: [[u8; 4]; 7] = [*b"cvt ", *b"fpgm", *b"head", *b"hhea", *b"hmtx", *b"maxp", *b"prep"];

/// Cuts a font down; none when it has not the tables it must.
pub(super) fn subset(font: &[u8], used: &BTreeSet<u16>) -> Option<Vec<u8>> {
    let glyf = table(font, *b"glyf")?;
    let mut head = table(font, *b"head")?.to_vec();
    let loca = table(font, *b"loca")?;
    let count = usize::from(u16_at(table(font, *b"maxp")?, 4)?);
    let long = u16_at(&head, 50)? == 1;
    let offset = |glyph: usize| -> Option<usize> {
        if long {
            u32_at(loca, glyph * 4)
        } else {
            u16_at(loca, glyph * 2).map(|half| usize::from(half) * 2)
        }
    };
    let outline = |glyph: usize| glyf.get(offset(glyph)?..offset(glyph + 1)?);
    let mut wanted = used.clone();
    wanted.insert(0);
    let mut open: Vec<u16> = wanted.iter().copied().collect();
    while let Some(glyph) = open.pop() {
        for part in outline(usize::from(glyph)).map(components).unwrap_or_default() {
            if wanted.insert(part) {
                open.push(part);
            }
        }
    }
    let (mut outlines, mut places) = (Vec::new(), Vec::new());
    for glyph in 0..count {
        places.extend(u32::try_from(outlines.len()).ok()?.to_be_bytes());
        if wanted.contains(&u16::try_from(glyph).ok()?) {
            outlines.extend_from_slice(outline(glyph).unwrap_or_default());
            outlines.resize(outlines.len().next_multiple_of(4), 0);
        }
    }
    places.extend(u32::try_from(outlines.len()).ok()?.to_be_bytes());
    head.get_mut(50..52)?.copy_from_slice(&[0, 1]);
    let mut tables: Vec<([u8; 4], Vec<u8>)> = vec![(*b"glyf", outlines), (*b"loca", places)];
    for name in KEPT {
        let kept = if name == *b"head" { Some(head.as_slice()) } else { table(font, name) };
        tables.extend(kept.map(|kept| (name, kept.to_vec())));
    }
    tables.sort();
    assemble(&tables)
}

/// The glyphs that a glyph is made of.
fn components(outline: &[u8]) -> Vec<u16> {
    let mut parts = Vec::new();
    // A number of contours below zero says that it is made of others.
    if outline.first().is_none_or(|first| first & 0x80 == 0) {
        return parts;
    }
    let mut at = 10;
    while let (Some(flags), Some(part)) = (u16_at(outline, at), u16_at(outline, at + 2)) {
        parts.push(part);
        at += 4 + if flags & 0x1 != 0 { 4 } else { 2 };
        at += match flags & 0xc8 {
            0x08 => 2,
            0x40 => 4,
            0x80 => 8,
            _ => 0,
        };
        if flags & 0x20 == 0 {
            break;
        }
    }
    parts
}

fn assemble(tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = u16::try_from(count.checked_ilog2()?).ok()?;
    let range = 16_u16 << power;
    let mut font = vec![0, 1, 0, 0];
    for number in [count, range, power, count * 16 - range] {
        font.extend(number.to_be_bytes());
    }
    let mut offset = 12 + tables.len() * 16;
    for (name, bytes) in tables {
        font.extend(name);
        font.extend(checksum(bytes).to_be_bytes());
        font.extend(u32::try_from(offset).ok()?.to_be_bytes());
        font.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
        offset += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        font.extend_from_slice(bytes);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    Some(font)
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0_u32, |sum, word| {
        let mut four = [0; 4];
        four[..word.len()].copy_from_slice(word);
        sum.wrapping_add(u32::from_be_bytes(four))
    })
}

fn table(font: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(u16_at(font, 4)?);
    (0..count).find_map(|place| {
        let at = 12 + place * 16;
        let found = font.get(at..at + 4)? == name;
        let (start, length) = (u32_at(font, at + 8)?, u32_at(font, at + 12)?);
        found.then(|| font.get(start..start.checked_add(length)?)).flatten()
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}
