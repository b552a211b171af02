//! Text instructions: which glyph goes where.

use hayro::hayro_syntax::content::ops::TypedInstruction as Op;
use hayro::hayro_syntax::object::{Array, Object};
use hayro::hayro_syntax::page::Resources;
use hayro::kurbo::Affine;

use super::glyphs::{Look, Place};
use super::paint::{Colour, Paint};
use super::player::{Player, matrix};
use super::state::Text;

/// Rendering modes; the others add clipping to one of these or only clip.
const STROKE: i64 = 1;
const FILL_AND_STROKE: i64 = 2;
const INVISIBLE: i64 = 3;
const CLIP: i64 = 7;
/// Gaps between glyphs are given in thousandths of the font size.
const EM: f64 = 1000.0;

impl<'a> Player<'a, '_> {
    /// Follows an instruction that sets or shows text; whether it was one.
    pub(super) fn text_instruction(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> bool {
        let text = &mut self.state.text;
        match op {
            Op::BeginText(_) => text.place(Affine::IDENTITY),
            Op::EndText(_) => {}
            Op::SetTextMatrix(m) => text.place(matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5])),
            Op::NextLine(by) => text.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                text.leading = -by.1.as_f64();
                text.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => text.next_line(0.0, -text.leading),
            Op::TextLeading(leading) => text.leading = leading.0.as_f64(),
            Op::CharacterSpacing(space) => text.character_space = space.0.as_f64(),
            Op::WordSpacing(space) => text.word_space = space.0.as_f64(),
            Op::HorizontalScaling(percent) => text.stretch = percent.0.as_f64() / 100.0,
            Op::TextRise(rise) => text.rise = rise.0.as_f64(),
            Op::TextRenderingMode(mode) => text.mode = mode.0.as_i64(),
            Op::TextFont(font) => {
                text.size = font.1.as_f64();
                text.font = self.fonts.find(resources, font.0);
            }
            Op::ShowText(shown) => self.show(shown.0.as_bytes()),
            Op::ShowTexts(shown) => self.show_all(shown.0),
            Op::NextLineAndShowText(shown) => {
                text.next_line(0.0, -text.leading);
                self.show(shown.0.as_bytes());
            }
            Op::ShowTextWithParameters(shown) => {
                text.word_space = shown.0.as_f64();
                text.character_space = shown.1.as_f64();
                text.next_line(0.0, -text.leading);
                self.show(shown.2.as_bytes());
            }
            _ => return false,
        }
        true
    }

    /// Shows strings with the gaps between them.
    fn show_all(&mut self, items: &Array<'_>) {
        for item in items.iter::<Object<'_>>() {
            match item {
                Object::String(string) => self.show(string.as_bytes()),
                Object::Number(gap) => self.skip(gap.as_f64()),
                _ => {}
            }
        }
    }

    /// Moves back by thousandths of the font size.
    fn skip(&mut self, gap: f64) {
        let text = &mut self.state.text;
        let by = -gap / EM * text.size;
        let horizontal =
            text.font.and_then(|font| self.fonts.face(font)).is_none_or(|face| face.horizontal);
        let by = if horizontal { (by * text.stretch, 0.0) } else { (0.0, by) };
        text.matrix *= Affine::translate(by);
    }

    /// Shows a string.
    fn show(&mut self, bytes: &[u8]) {
        let index = self.state.text.font.or_else(|| self.fonts.substitute());
        let Some(index) = index.filter(|_| self.may_go_on(bytes.len())) else { return };
        self.state.text.font = Some(index);
        // Bytes in a font that is missing mean something only when they are plain letters.
        let guessed = self.fonts.is_substitute(index) && !bytes.is_ascii();
        let shown = self.layers.shown() && !guessed;
        let look = self.look();
        let Some(face) = self.fonts.face(index) else { return };
        let look = Look { drawn: face.drawn, ..look };
        if shown {
            self.out.look(look);
            self.out.legacy(if face.legacy { bytes.len() } else { 0 });
        }
        let text = &mut self.state.text;
        let line = Line::new(self.state.matrix * text.matrix, text);
        let (mut across, mut along) = (0.0, 0.0);
        let mut at = 0;
        while at < bytes.len() {
            let (number, length) = face.read(bytes, at);
            at += length;
            let code = face.code(number);
            if shown {
                let shift = (code.shift.0 * text.size * text.stretch, code.shift.1 * text.size);
                let origin = line.point(across + shift.0, along + shift.1 + text.rise);
                let advance = line.advance(code.advance.0, face.horizontal);
                let (up, size, reach) = (line.up, line.size, face.reach);
                let place = Place { origin, advance, space: line.space, up, size, reach };
                self.out.add(&code.known, &place, self.state.clip, look.unseen);
            }
            let word = if number == 32 && length == 1 { text.word_space } else { 0.0 };
            let space = text.character_space + word;
            if face.horizontal {
                across += (code.advance.0 * text.size + space) * text.stretch;
            } else {
                along += code.advance.1 * text.size + space;
            }
        }
        text.matrix *= Affine::translate((across, along));
    }

    /// How the glyphs of the present state show.
    fn look(&self) -> Look {
        let (fill, stroke) = (&self.state.fill, &self.state.stroke);
        let mode = self.state.text.mode;
        let shows = |paint: &Paint| (paint.colour, paint.is_faint());
        let (colour, unseen) = match if mode == CLIP { CLIP } else { mode & 3 } {
            STROKE => shows(stroke),
            FILL_AND_STROKE if fill.colour == stroke.colour => shows(fill),
            INVISIBLE => (Colour::Unknown, true),
            FILL_AND_STROKE | CLIP => (Colour::Unknown, false),
            _ => shows(fill),
        };
        Look { colour, upon: self.out.painted(), unseen, drawn: false }
    }
}

/// The direction and measure of a run of glyphs on the page.
struct Line {
    origin: (f64, f64),
    /// The page's way for one unit along the line, and for one upwards.
    right: (f64, f64),
    above: (f64, f64),
    /// The direction of a glyph's upper side, of length 1.
    up: (f64, f64),
    /// Font size on the page.
    size: f64,
    /// One font size along the line, on the page.
    em: (f64, f64),
    /// What is added after each character, on the page.
    space: f64,
}

impl Line {
    fn new(matrix: Affine, text: &Text) -> Self {
        let &Text { size, stretch, character_space, .. } = text;
        let [right_x, right_y, up_x, up_y, x, y] = matrix.as_coeffs();
        let height = (up_x * size).hypot(up_y * size);
        let up = if height > 0.0 && height.is_finite() {
            (up_x * size / height, up_y * size / height)
        } else {
            (0.0, -1.0)
        };
        let wide = size * stretch;
        Self {
            origin: (x, y),
            right: (right_x, right_y),
            above: (up_x, up_y),
            up,
            size: height,
            em: (right_x * wide, right_y * wide),
            space: right_x.hypot(right_y) * stretch * character_space,
        }
    }

    fn point(&self, across: f64, along: f64) -> (f64, f64) {
        (
            self.origin.0 + self.right.0 * across + self.above.0 * along,
            self.origin.1 + self.right.1 * across + self.above.1 * along,
        )
    }

    /// How far a glyph reaches: its width, or its height when written downwards.
    fn advance(&self, width: f64, horizontal: bool) -> (f64, f64) {
        if horizontal {
            (self.em.0 * width, self.em.1 * width)
        } else {
            (-self.up.0 * self.size, -self.up.1 * self.size)
        }
    }
}
