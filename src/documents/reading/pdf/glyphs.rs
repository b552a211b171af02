//! The glyphs of a page in the order they are drawn.

use hayro::hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun, PositionedGlyph};
use hayro::hayro_interpret::hayro_cmap::WritingMode;
use hayro::hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::object::{Dict, String as PdfString};

use super::actual;
use super::characters::{Codes, Known, Piece};
use super::metrics::{Metrics, Reach};
use super::quality::Ink;

/// Glyph outlines are drawn in thousandths of the font size.
const EM: f64 = 1000.0;
/// How far outside the page a glyph may stand and still show, in points.
const OVERHANG: f64 = 2.0;
/// Hidden marks and loops cannot make a page larger than this many glyphs.
const MOST: usize = 400_000;

/// A glyph on the page; coordinates in points, origin top left, y downwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// Its characters; a single space stands for any kind of space.
    pub(super) piece: Piece,
    /// Where it starts on the line it stands on.
    pub(super) x: f32,
    /// The height of that line.
    pub(super) y: f32,
    /// How far the next glyph is, to the right.
    pub(super) dx: f32,
    /// How far the next glyph is, downwards.
    pub(super) dy: f32,
    /// Font size.
    pub(super) size: f32,
    /// The direction of its upper side, of length 1.
    pub(super) up: (f32, f32),
    /// How far the font reaches above and below the line, of its size.
    pub(super) reach: Reach,
}

/// Collects glyphs while the interpreter draws.
pub(super) struct Collector<'m> {
    bounds: Rect,
    metrics: &'m mut Metrics,
    glyphs: Vec<Glyph>,
    ink: Ink,
    /// Open marked content: the text it states and its first glyph.
    marked: Vec<Option<(String, usize)>>,
}

impl<'m> Collector<'m> {
    /// Collects what is drawn within `bounds`.
    pub(super) fn new(bounds: Rect, metrics: &'m mut Metrics) -> Self {
        let ink = Ink::default();
        Self { bounds, metrics, glyphs: Vec::with_capacity(4096), ink, marked: Vec::new() }
    }

    /// The glyphs, and what else was drawn.
    pub(super) fn finish(mut self) -> (Vec<Glyph>, Ink) {
        while !self.marked.is_empty() {
            self.end_marked();
        }
        (self.glyphs, self.ink)
    }

    fn add(&mut self, known: Known, place: &Place, visible: bool) {
        let (piece, mapped) = known;
        if piece == Some(Piece::One(' ')) && mapped {
            self.push(Piece::One(' '), place);
            return;
        }
        self.ink.glyphs += 1;
        self.ink.unmapped += usize::from(!mapped);
        self.ink.invisible += usize::from(!visible);
        if let Some(piece) = piece {
            self.push(piece, place);
        }
    }

    fn push(&mut self, piece: Piece, place: &Place) {
        let middle = place.at(0.5);
        let near = self.bounds.inflate(OVERHANG, OVERHANG);
        if near.contains(middle) && self.glyphs.len() < MOST {
            self.glyphs.push(place.glyph(piece));
        }
    }

    fn end_marked(&mut self) {
        let Some(Some((text, first))) = self.marked.pop() else { return };
        let Some(marked) = self.glyphs.get(first..).filter(|glyphs| !glyphs.is_empty()) else {
            return;
        };
        if let Some(replacement) = restate(&text, marked) {
            self.glyphs.truncate(first);
            self.glyphs.extend(replacement);
        }
    }
}

impl<'a> Device<'a> for Collector<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let Some(first) = run.glyphs().first() else { return };
        // Text both filled and stroked comes twice.
        let stroked = matches!(mode, DrawMode::Stroke(_));
        let visible = !matches!(mode, DrawMode::Invisible);
        let reach = self.metrics.of(first);
        let stretched = stretched(run.glyphs());
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let before = self.glyphs.len();
        let mut pen = Pen::default();
        let mut codes = Codes::default();
        for glyph in run.glyphs() {
            let matrix = props.transform * glyph.transform();
            pen.turn(matrix, stretched);
            let place = pen.place(matrix, advance(glyph), reach, vertical);
            self.add(codes.piece(glyph), &place, visible);
        }
        if stroked && repeats(&self.glyphs, before) {
            self.glyphs.truncate(before);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let shown = props.transform.transform_rect_bbox(size).intersect(self.bounds);
        let page = self.bounds.area();
        if page > 0.0 && shown.area() > 0.0 {
            self.ink.pictures += shown.area() / page;
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.ink.paths += 1;
    }

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties
            .and_then(|properties| properties.get::<PdfString<'_>>(b"ActualText"))
            .map(|text| (actual::text_string(text.as_bytes()), self.glyphs.len()));
        self.marked.push(text);
    }

    fn end_marked_content(&mut self) {
        self.end_marked();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The direction and size glyphs are set in, kept while they stay the same.
#[derive(Default)]
struct Pen {
    matrix: [f64; 4],
    up: (f64, f64),
    size: f64,
    unit: f64,
}

impl Pen {
    /// Takes over the direction and size of a glyph.
    #[expect(clippy::float_cmp, reason = "numbers are kept only when they are the very same")]
    fn turn(&mut self, matrix: Affine, stretched: bool) {
        let [right_x, right_y, up_x, up_y, ..] = matrix.as_coeffs();
        if self.matrix == [right_x, right_y, up_x, up_y] {
            return;
        }
        self.matrix = [right_x, right_y, up_x, up_y];
        let height = up_x.hypot(up_y);
        self.size = height * EM;
        self.up = if height > 0.0 { (up_x / height, up_y / height) } else { (0.0, -1.0) };
        // A substitute font is stretched to the width of the one it stands
        // for; the width is given for the latter, so the stretch is undone.
        let across = right_x.hypot(right_y);
        self.unit = if stretched && across > 0.0 { height / across } else { 1.0 };
    }

    fn place(&self, matrix: Affine, width: f64, reach: Reach, vertical: bool) -> Place {
        let [right_x, right_y, .., x, y] = matrix.as_coeffs();
        let (up, size) = (self.up, self.size);
        let advance = if vertical {
            (-up.0 * size, -up.1 * size)
        } else {
            (right_x * self.unit * width, right_y * self.unit * width)
        };
        Place { origin: (x, y), advance, up, size, reach }
    }
}

/// Where a glyph stands.
struct Place {
    origin: (f64, f64),
    advance: (f64, f64),
    up: (f64, f64),
    size: f64,
    reach: Reach,
}

impl Place {
    /// A point on the line, at this part of the glyph's width.
    fn at(&self, part: f64) -> (f64, f64) {
        (self.origin.0 + self.advance.0 * part, self.origin.1 + self.advance.1 * part)
    }

    #[expect(clippy::cast_possible_truncation, reason = "points need no more than f32")]
    fn glyph(&self, piece: Piece) -> Glyph {
        Glyph {
            piece,
            x: self.origin.0 as f32,
            y: self.origin.1 as f32,
            dx: self.advance.0 as f32,
            dy: self.advance.1 as f32,
            size: self.size as f32,
            up: (self.up.0 as f32, self.up.1 as f32),
            reach: self.reach,
        }
    }
}

fn advance(glyph: &DrawnGlyph<'_>) -> f64 {
    let width = match glyph {
        DrawnGlyph::Outline(outline) => outline.advance_width(),
        DrawnGlyph::Type3(drawn) => drawn.advance_width(),
    };
    width.filter(|width| width.is_finite()).map_or(EM / 2.0, f64::from)
}

/// Whether glyphs of one run have different widths of the same letter: the
/// mark of a substitute font.
fn stretched(glyphs: &[PositionedGlyph<'_>]) -> bool {
    let across = |glyph: &PositionedGlyph<'_>| {
        let [x, y, ..] = glyph.transform().as_coeffs();
        x * x + y * y
    };
    let Some(first) = glyphs.first().map(across) else { return false };
    glyphs.iter().any(|glyph| (across(glyph) - first).abs() > first * 2e-3)
}

/// Whether the glyphs from `from` on repeat those just before them in place.
fn repeats(glyphs: &[Glyph], from: usize) -> bool {
    let added = &glyphs[from..];
    let Some(first) = from.checked_sub(added.len()) else { return false };
    glyphs[first..from].iter().zip(added).all(|(before, now)| {
        before.piece == now.piece
            && (before.x - now.x).abs() < 0.01
            && (before.y - now.y).abs() < 0.01
    })
}

/// Puts stated text in the place of the glyphs that draw it, word by word.
///
/// `None` when the glyphs already say the same, or stand on several lines and
/// cannot be told apart.
fn restate(text: &str, glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let mut drawn = String::new();
    for glyph in glyphs {
        glyph.piece.write(&mut drawn);
    }
    let spaceless = |text: &str| text.split_whitespace().collect::<String>();
    let one_line = |glyph: &Glyph| {
        ((glyph.x - first.x) * first.up.0 + (glyph.y - first.y) * first.up.1).abs() < first.size
    };
    if spaceless(&drawn) == spaceless(text) || !glyphs.iter().all(one_line) {
        return None;
    }
    let width = (last.x + last.dx - first.x, last.y + last.dy - first.y);
    let total = text.chars().count().max(1);
    let mut restated = Vec::new();
    let mut done = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let letters = word.trim();
        let (from, long) = (part(done, total), part(letters.chars().count(), total));
        let place = |from: f32, long: f32, piece| Glyph {
            piece,
            x: first.x + width.0 * from,
            y: first.y + width.1 * from,
            dx: width.0 * long,
            dy: width.1 * long,
            ..first.clone()
        };
        if !letters.is_empty() {
            restated.push(place(from, long, Piece::Many(letters.into())));
        }
        if letters.len() < word.len() {
            restated.push(place(from + long, part(1, total), Piece::One(' ')));
        }
        done += word.chars().count();
    }
    Some(restated)
}

#[expect(clippy::cast_precision_loss, reason = "lengths of a stretch of text")]
fn part(count: usize, total: usize) -> f32 {
    count as f32 / total as f32
}
