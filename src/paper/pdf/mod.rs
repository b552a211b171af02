//! Setting a paper as PDF (ISO 32000), on A4.

pub(super) mod faces;
mod file;
mod forms;
mod layout;
mod pictures;
mod subset;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use super::{Paper, PaperError};
use faces::{Faces, Glyph};
use file::File;
use layout::{Line, Page};

pub use pictures::pictures;

/// The page, in points.
const PAGE: (f32, f32) = (595.0, 842.0);

/// Sets a paper as PDF.
///
/// # Errors
/// Fails when a font of ours cannot be read or the file not be put together.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let faces = Faces::new()?;
    let pages = layout::pages(paper, &faces);
    let mut used = Used::default();
    let streams: Vec<String> = pages.iter().map(|page| drawn(page, &mut used)).collect();
    write(paper, &faces, &streams, &used)
}

/// The glyphs used of each font, each with what it is read as; its place is its code.
#[derive(Default)]
struct Used(HashMap<usize, Codes>);

#[derive(Default)]
struct Codes {
    of: HashMap<(u16, String), u16>,
    /// By code, which begins at one: the glyph, what it is read as, and its width.
    list: Vec<(u16, String, f32)>,
}

impl Used {
    fn code(&mut self, glyph: &Glyph) -> u16 {
        let Codes { of, list } = self.0.entry(glyph.face).or_default();
        *of.entry((glyph.id, glyph.text.clone())).or_insert_with(|| {
            list.push((glyph.id, glyph.text.clone(), glyph.width));
            u16::try_from(list.len()).unwrap_or(u16::MAX)
        })
    }
}

/// The drawing instructions of a page.
fn drawn(page: &Page, used: &mut Used) -> String {
    let mut out = String::new();
    if let Some(mark) = &page.mark {
        out.push_str("0.88 g\n");
        draw_line(&mut out, mark, used);
        out.push_str("0 g\n");
    }
    for (x, y, side) in &page.squares {
        let _ = writeln!(out, "{x:.2} {y:.2} {side:.2} {side:.2} re");
    }
    if !page.squares.is_empty() {
        out.push_str("f\n");
    }
    for (x, y, width) in &page.rules {
        let _ = writeln!(out, "0.5 w {x:.2} {y:.2} m {:.2} {y:.2} l S", x + width);
    }
    for line in &page.lines {
        draw_line(&mut out, line, used);
    }
    out
}

fn draw_line(out: &mut String, line: &Line, used: &mut Used) {
    let _ = write!(out, "BT 1 0 0 1 {:.2} {:.2} Tm ", line.x, line.y);
    let mut face = None;
    for glyph in &line.glyphs {
        if face != Some(glyph.face) {
            let _ = write!(out, "/F{} {} Tf ", glyph.face, line.size);
            face = Some(glyph.face);
        }
        let code = used.code(glyph);
        let (right, up) = glyph.shift;
        if up != 0.0 {
            let _ = write!(out, "{:.2} Ts ", up * line.size / 1_000.0);
        }
        // Numbers in the array move back, in thousandths of the size.
        let after = glyph.width - glyph.advance + right;
        let _ = match (right == 0.0, after == 0.0) {
            (true, true) => write!(out, "<{code:04X}> Tj "),
            _ => write!(out, "[{:.1} <{code:04X}> {after:.1}] TJ ", -right),
        };
        if up != 0.0 {
            out.push_str("0 Ts ");
        }
    }
    out.push_str("ET\n");
}

fn write(
    paper: &Paper,
    faces: &Faces,
    streams: &[String],
    used: &Used,
) -> Result<Vec<u8>, PaperError> {
    let mut file = File::default();
    let (catalog, tree, info) = (file.reserve(), file.reserve(), file.reserve());
    let mut fonts = String::new();
    let mut places: Vec<&usize> = used.0.keys().collect();
    places.sort();
    for place in places {
        let (Some(face), Some(codes)) = (faces.face(*place), used.0.get(place)) else { continue };
        let font = write_font(&mut file, face, *place, codes)?;
        let _ = write!(fonts, "/F{place} {font} 0 R ");
    }
    let mut kids = String::new();
    for stream in streams {
        let content = file.stream("", stream.as_bytes())?;
        let page = file.add(&format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {} {}] /Contents {content} 0 R \
             /Resources << /Font << {fonts}>> >> >>",
            PAGE.0, PAGE.1
        ));
        let _ = write!(kids, "{page} 0 R ");
    }
    file.put(tree, &format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", streams.len()));
    file.put(
        catalog,
        &format!(
            "<< /Type /Catalog /Pages {tree} 0 R /Lang (en-IN) \
             /ViewerPreferences << /DisplayDocTitle true >> >>"
        ),
    );
    file.put(info, &format!("<< /Title {} /Producer (Munshi) >>", utf16(&paper.title)));
    Ok(file.finish(catalog, info))
}

/// Writes a font with the glyphs used of it, and gives its object.
fn write_font(
    file: &mut File,
    face: &faces::Face,
    place: usize,
    codes: &Codes,
) -> Result<usize, PaperError> {
    let glyphs: BTreeSet<u16> = codes.list.iter().map(|(glyph, ..)| *glyph).collect();
    let bytes = subset::subset(face.bytes, &glyphs).ok_or(PaperError::Font(face.name))?;
    let program = file.stream(&format!("/Length1 {}", bytes.len()), &bytes)?;
    let name = format!("MUNSHI+{}", face.name);
    let descriptor = file.add(&format!(
        "<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-600 -300 1500 1100] \
         /ItalicAngle 0 /Ascent 1069 /Descent -293 /CapHeight 714 /StemV {} /FontFile2 {program} 0 R >>",
        if place == 1 { 140 } else { 80 }
    ));
    let mut map = vec![0, 0];
    let mut widths = String::new();
    let mut unicode = String::new();
    for (code, (glyph, text, width)) in (1_u16..).zip(&codes.list) {
        map.extend(glyph.to_be_bytes());
        let _ = write!(widths, "{width:.1} ");
        let units = units(text);
        let _ = writeln!(unicode, "1 beginbfchar <{code:04X}> <{units}> endbfchar");
    }
    let map = file.stream("", &map)?;
    let unicode = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry \
         (Adobe) /Ordering (UCS) /Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType \
         2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{unicode}endcmap CMapName \
         currentdict /CMap defineresource pop end end"
    );
    let unicode = file.stream("", unicode.as_bytes())?;
    let descendant = file.add(&format!(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry \
         (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R \
         /CIDToGIDMap {map} 0 R /DW 0 /W [1 [{widths}]] >>"
    ));
    Ok(file.add(&format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H \
         /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>"
    )))
}

/// A text as a string of a PDF holds any of Unicode.
fn utf16(text: &str) -> String {
    format!("<FEFF{}>", units(text))
}

/// The units of a text in UTF-16, in hexadecimal.
fn units(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut units, unit| {
        let _ = write!(units, "{unit:04X}");
        units
    })
}
