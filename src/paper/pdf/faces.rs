//! The fonts a PDF is set in, and the glyphs of a text.

use harfrust::{Buffer, Font, ShapeOptions, ShaperFont, shape};

use crate::paper::PaperError;

macro_rules! noto {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../../assets/fonts/", $name, ".ttf")).as_slice())),*]
    };
}

/// The fonts, in the order they are tried.
const FILES: [(&str, &[u8]); 11] = noto! {
    "NotoSans-Regular" "NotoSans-Bold" "NotoSansDevanagari-Regular" "NotoSansBengali-Regular"
    "NotoSansGurmukhi-Regular" "NotoSansGujarati-Regular" "NotoSansOriya-Regular"
    "NotoSansTamil-Regular" "NotoSansTelugu-Regular" "NotoSansKannada-Regular"
    "NotoSansMalayalam-Regular"
};
const REGULAR: usize = 0;
const BOLD: usize = 1;

/// A font.
pub(in crate::paper) struct Face {
    pub(in crate::paper) name: &'static str,
    pub(in crate::paper) bytes: &'static [u8],
    font: Font,
    /// Units to the em.
    pub(super) em: f32,
}

/// All fonts.
pub(in crate::paper) struct Faces(Vec<Face>);

/// A glyph, set.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::paper) struct Glyph {
    /// The font's place among the fonts.
    pub(in crate::paper) face: usize,
    /// The glyph's number in the font.
    pub(in crate::paper) id: u16,
    /// What a reader of the text takes it for.
    pub(super) text: String,
    /// How far it moves on, in thousandths of the size.
    pub(in crate::paper) advance: f32,
    /// How far it would without the shaping.
    pub(super) width: f32,
    /// How far it is moved from its place.
    pub(in crate::paper) shift: (f32, f32),
}

impl Faces {
    pub(in crate::paper) fn new() -> Result<Self, PaperError> {
        let faces = FILES.into_iter().map(|(name, bytes)| {
            let font = Font::new(bytes, 0).ok_or(PaperError::Font(name))?;
            let em = f32::from(font.units_per_em().max(1));
            Ok(Face { name, bytes, font, em })
        });
        faces.collect::<Result<_, _>>().map(Self)
    }

    pub(in crate::paper) fn face(&self, place: usize) -> Option<&Face> {
        self.0.get(place)
    }

    /// The font for a character: the one before it when it is no letter of its own.
    fn place(&self, c: char, bold: bool, before: usize) -> usize {
        let base = if bold { BOLD } else { REGULAR };
        let has = |place: usize| {
            self.0.get(place).is_some_and(|face| face.font.charmap().map_unicode(c).is_some())
        };
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{964}' | '\u{965}' | '\u{25cc}')
            || unicode_normalization::char::is_combining_mark(c);
        if joins && has(before) {
            return before;
        }
        if has(base) {
            return base;
        }
        (0..self.0.len()).find(|&place| has(place)).unwrap_or(base)
    }

    /// The glyphs of a text of one line.
    pub(in crate::paper) fn set(&self, text: &str, bold: bool) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        let mut part = String::new();
        let mut face = usize::from(bold);
        for c in text.chars() {
            let next = self.place(c, bold, face);
            if next != face && !part.is_empty() {
                self.shape(face, &part, &mut glyphs);
                part.clear();
            }
            face = next;
            part.push(c);
        }
        self.shape(face, &part, &mut glyphs);
        glyphs
    }

    fn shape(&self, place: usize, text: &str, glyphs: &mut Vec<Glyph>) {
        let Some(face) = self.0.get(place).filter(|_| !text.is_empty()) else { return };
        let shaper = ShaperFont::new(&face.font);
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        if shape(&shaper, &mut buffer, ShapeOptions::new()).is_err() {
            return;
        }
        let thousandths = |units: i32| {
            #[expect(clippy::cast_precision_loss, reason = "font units are far below 2^23")]
            let units = units as f32;
            units * 1_000.0 / face.em
        };
        let infos = buffer.glyph_infos();
        let starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        for (at, (info, position)) in infos.iter().zip(buffer.glyph_positions()).enumerate() {
            glyphs.push(Glyph {
                face: place,
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                text: share(text, &starts, at),
                advance: thousandths(position.x_advance),
                width: thousandths(shaper.glyph_h_advance(info.glyph_id.into())),
                shift: (thousandths(position.x_offset), thousandths(position.y_offset)),
            });
        }
    }
}

/// The characters a glyph of a cluster stands for in the text that is read out: one each,
/// in the order they are said and not drawn, the last one the rest.
fn share(text: &str, starts: &[usize], at: usize) -> String {
    let start = starts[at];
    let end = starts.iter().copied().filter(|&other| other > start).min().unwrap_or(text.len());
    let cluster = text.get(start..end).unwrap_or_default();
    let first = starts[..at].iter().filter(|&&other| other == start).count();
    let last = starts[at + 1..].iter().all(|&other| other != start);
    let rest = cluster.chars().skip(first);
    let own: String = if last { rest.collect() } else { rest.take(1).collect() };
    // A glyph that stands for nothing must still be told apart from one not known.
    if own.is_empty() { "\u{200b}".to_owned() } else { own }
}
