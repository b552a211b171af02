//! Drawing instructions, as far as they may lie under or over text.

use hayro::hayro_syntax::content::ops::TypedInstruction as Op;
use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object};
use hayro::hayro_syntax::page::Resources;
use hayro::kurbo::Rect;

use super::paint::Colour;
use super::player::{Player, is_upright, point};

/// A line thicker than this, in points, is an area text may lie upon.
const THICK: f64 = 4.0;

impl<'a> Player<'a, '_> {
    /// Follows an instruction that sets a colour, or draws or clips.
    pub(super) fn drawing_instruction(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) {
        let matrix = self.state.matrix;
        match op {
            Op::LineWidth(width) => self.state.line_width = width.0.as_f64(),
            Op::MoveTo(to) => self.path.start(point(matrix, to.0, to.1)),
            Op::LineTo(to) => self.path.line(point(matrix, to.0, to.1)),
            Op::CubicTo(c) => self.path.curve(&[
                point(matrix, c.0, c.1),
                point(matrix, c.2, c.3),
                point(matrix, c.4, c.5),
            ]),
            Op::CubicStartTo(c) => {
                self.path.curve(&[point(matrix, c.0, c.1), point(matrix, c.2, c.3)]);
            }
            Op::CubicEndTo(c) => {
                self.path.curve(&[point(matrix, c.0, c.1), point(matrix, c.2, c.3)]);
            }
            Op::RectPath(r) => {
                self.path.rectangle(matrix, [r.0, r.1, r.2, r.3].map(|side| side.as_f64()));
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.path.clips = true,
            Op::EndPath(_) => self.end_path(false, false),
            Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.end_path(false, true),
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_) => self.end_path(true, false),
            Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.end_path(true, true),
            Op::Shading(_) if self.layers.shown() => {
                let clip = self.state.clip;
                self.out.paint(clip, clip, Colour::Unknown, false);
            }
            op => self.colour_instruction(op, resources),
        }
    }

    fn colour_instruction(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) {
        let (fill, stroke) = (&mut self.state.fill, &mut self.state.stroke);
        match op {
            Op::NonStrokeColorDeviceGray(c) => fill.device(&[c.0.as_f64()]),
            Op::StrokeColorDeviceGray(c) => stroke.device(&[c.0.as_f64()]),
            Op::NonStrokeColorDeviceRgb(c) => fill.device(&values(&[c.0, c.1, c.2])),
            Op::StrokeColorDeviceRgb(c) => stroke.device(&values(&[c.0, c.1, c.2])),
            Op::NonStrokeColorCmyk(c) => fill.device(&values(&[c.0, c.1, c.2, c.3])),
            Op::StrokeColorCmyk(c) => stroke.device(&values(&[c.0, c.1, c.2, c.3])),
            Op::ColorSpaceNonStroke(name) => fill.space(by_numbers(resources, name.0)),
            Op::ColorSpaceStroke(name) => stroke.space(by_numbers(resources, name.0)),
            Op::NonStrokeColor(c) => fill.numbers(&values(&c.0)),
            Op::StrokeColor(c) => stroke.numbers(&values(&c.0)),
            Op::NonStrokeColorNamed(c) if c.1.is_none() => fill.numbers(&values(&c.0)),
            Op::StrokeColorNamed(c) if c.1.is_none() => stroke.numbers(&values(&c.0)),
            Op::NonStrokeColorNamed(_) => fill.colour = Colour::Unknown,
            Op::StrokeColorNamed(_) => stroke.colour = Colour::Unknown,
            _ => {}
        }
    }

    /// Paints the path, narrows the clip to it if that was asked for, and drops it.
    fn end_path(&mut self, filled: bool, stroked: bool) {
        let shape = self.path.take();
        let (clip, fill) = (self.state.clip, self.state.fill);
        if self.layers.shown() && (filled || stroked) {
            if !shape.exact {
                self.out.path();
            }
            if filled && !fill.is_faint() {
                let whole = self.state.replaces() && fill.is_solid() && shape.exact;
                let colour = if whole { fill.colour } else { Colour::Unknown };
                for rectangle in &shape.rectangles {
                    self.out.paint(*rectangle, clip, colour, colour != Colour::Unknown);
                }
                if let (false, Some(bounds)) = (shape.exact, shape.bounds) {
                    self.out.paint(bounds, clip, Colour::Unknown, false);
                }
            }
            let thick = self.state.line_width * self.state.matrix.determinant().abs().sqrt();
            if let (true, Some(bounds)) = (stroked && thick > THICK, shape.bounds) {
                let bounds = bounds.inflate(thick / 2.0, thick / 2.0);
                self.out.paint(bounds, clip, Colour::Unknown, false);
            }
        }
        if shape.clips {
            let exact = shape.exact && shape.rectangles.len() == 1;
            self.state.clip_to(shape.bounds.unwrap_or(Rect::ZERO), exact);
        }
    }

    /// Notes a picture: it fills the unit square of the present units.
    pub(super) fn picture(&mut self, dict: &Dict<'_>) {
        if !self.layers.shown() {
            return;
        }
        let place = self.state.matrix.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        let stencil = dict.get::<bool>(b"ImageMask").or_else(|| dict.get::<bool>(b"IM"));
        let whole = !stencil.unwrap_or(false)
            && !dict.contains_key(b"SMask")
            && !dict.contains_key(b"Mask")
            && is_upright(self.state.matrix);
        let hides = whole && self.state.replaces() && self.state.fill.is_solid();
        self.out.picture(place, self.state.clip, hides);
    }
}

fn values(numbers: &[Number]) -> Vec<f64> {
    numbers.iter().map(Number::as_f64).collect()
}

/// Whether the numbers of a colour space say grey, red-green-blue or printing inks.
fn by_numbers(resources: &Resources<'_>, name: &Name<'_>) -> bool {
    let plain = |name: &[u8]| {
        matches!(
            name,
            b"DeviceGray"
                | b"DeviceRGB"
                | b"DeviceCMYK"
                | b"CalGray"
                | b"CalRGB"
                | b"ICCBased"
                | b"G"
                | b"RGB"
                | b"CMYK"
        )
    };
    if plain(name.as_ref()) {
        return true;
    }
    match resources.get_color_space(name) {
        Some(Object::Name(name)) => plain(name.as_ref()),
        Some(Object::Array(space)) => first_name(&space).is_some_and(|name| plain(name.as_ref())),
        _ => false,
    }
}

fn first_name<'d>(space: &Array<'d>) -> Option<Name<'d>> {
    space.iter::<Object<'d>>().next().and_then(Object::into_name)
}
