//! Plays the drawing instructions of a page, as far as text is concerned.
//!
//! A full interpreter works out colours, pictures and outlines for which the
//! text of a page has no use. This one follows only what decides which letters
//! stand where and whether they show: positions, fonts, clips, layers, and the
//! extent of painted areas. Pictures of pages are drawn by `hayro`, from the same
//! file and in the same coordinates.

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction as Op;
use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, Rect as PdfRect, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::kurbo::{Affine, Point, Rect};

use super::actual;
use super::fonts::Fonts;
use super::glyphs::Collector;
use super::layers::Layers;
use super::path::Path;
use super::state::State;

/// Forms within forms are not followed deeper than this.
const DEEPEST: usize = 24;
/// Kept states within one stream.
const MOST_KEPT: usize = 512;
/// Instructions and glyphs one page may have, decoded bytes counted a sixteenth
/// and forms many times. The most a page of the test files has is 206,000.
const MOST_WORK: usize = 30_000_000;
/// What it takes to open a form, in instructions.
const FORM_WORK: usize = 100;
/// Annotations with these flags are not shown: hidden, and not to be viewed.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;

/// Plays content streams into a [`Collector`].
pub(super) struct Player<'a, 's> {
    pub(super) fonts: &'s mut Fonts<'a>,
    pub(super) layers: Layers,
    pub(super) out: Collector,
    pub(super) state: State,
    pub(super) path: Path,
    kept: Vec<State>,
    depth: usize,
    work: usize,
}

impl<'a, 's> Player<'a, 's> {
    /// Starts on an empty page.
    pub(super) fn new(
        matrix: Affine,
        page: Rect,
        fonts: &'s mut Fonts<'a>,
        layers: Layers,
    ) -> Self {
        let (out, state) = (Collector::new(page), State::new(matrix, page));
        let (path, kept) = (Path::default(), Vec::new());
        Self { fonts, layers, out, state, path, kept, depth: 0, work: 0 }
    }

    /// Plays a page and the notes and form fields on it.
    pub(super) fn page(&mut self, page: &Page<'a>) {
        if let Some(content) = page.page_stream() {
            self.stream(content, page.resources());
        }
        let Some(notes) = page.raw().get::<Array<'_>>(b"Annots") else { return };
        for note in notes.iter::<Dict<'a>>() {
            self.annotation(&note, page.resources());
        }
    }

    /// What was collected, and whether the page was too much to play to its end.
    pub(super) fn finish(self) -> (Collector, bool) {
        (self.out, self.work > MOST_WORK)
    }

    /// Counts work done; whether there may be more.
    pub(super) fn may_go_on(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        self.work <= MOST_WORK
    }

    fn stream(&mut self, content: &[u8], resources: &Resources<'a>) {
        if !self.may_go_on(content.len() / 16) {
            return;
        }
        let (before, base) = (self.state, self.kept.len());
        let mut ops = TypedIter::new(content);
        while let Some(op) = ops.next() {
            if !self.may_go_on(1) {
                break;
            }
            match op {
                Op::SaveState(_) if self.kept.len() - base < MOST_KEPT => {
                    self.kept.push(self.state);
                }
                Op::RestoreState(_) if self.kept.len() > base => {
                    self.state = self.kept.pop().unwrap_or(before);
                }
                op => self.instruction(&op, resources),
            }
        }
        self.kept.truncate(base);
        self.state = before;
        self.path.take();
    }

    fn instruction(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) {
        match op {
            Op::Transform(m) => {
                self.state.transform(matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]));
            }
            Op::SetGraphicsState(name) => {
                if let Some(dict) = resources.get_ext_g_state(name.0) {
                    self.graphics_state(&dict);
                }
            }
            Op::XObject(name) => {
                if let Some(stream) = resources.get_x_object(name.0) {
                    self.object(&stream, resources);
                }
            }
            Op::InlineImage(image) => self.picture(image.0.dict()),
            Op::BeginMarkedContent(_) => {
                self.layers.begin();
                self.out.begin_marked(None);
            }
            Op::BeginMarkedContentWithProperties(content) => {
                self.begin_marked(content.1, resources);
            }
            Op::EndMarkedContent(_) => {
                self.layers.end();
                self.out.end_marked();
            }
            op => {
                if !self.text_instruction(op, resources) {
                    self.drawing_instruction(op, resources);
                }
            }
        }
    }

    /// Opens marked content whose properties are given here or by name.
    fn begin_marked(&mut self, properties: &Object<'_>, resources: &Resources<'a>) {
        let stated = |dict: &Dict<'_>| {
            let text = dict.get::<hayro::hayro_syntax::object::String<'_>>(b"ActualText");
            text.map(|text| actual::text_string(text.as_bytes()))
        };
        let text = match properties {
            Object::Name(name) => {
                self.layers.begin_layer(&resources.properties, name.as_ref());
                resources.properties.get::<Dict<'_>>(name.as_ref()).as_ref().and_then(stated)
            }
            Object::Dict(dict) => {
                self.layers.begin_layer(dict, b"OC");
                stated(dict)
            }
            _ => {
                self.layers.begin();
                None
            }
        };
        self.out.begin_marked(text);
    }

    fn graphics_state(&mut self, dict: &Dict<'_>) {
        if let Some(opacity) = dict.get::<f32>(b"ca") {
            self.state.fill.opacity = f64::from(opacity);
        }
        if let Some(opacity) = dict.get::<f32>(b"CA") {
            self.state.stroke.opacity = f64::from(opacity);
        }
        if let Some(width) = dict.get::<f32>(b"LW") {
            self.state.line_width = f64::from(width);
        }
        if dict.contains_key(b"SMask") {
            self.state.masked = dict.get::<Dict<'_>>(b"SMask").is_some();
        }
        if dict.contains_key(b"BM") {
            let mode = dict.get::<Name<'_>>(b"BM");
            let plain = |mode: &Name<'_>| matches!(mode.as_ref(), b"Normal" | b"Compatible");
            self.state.blended = !mode.as_ref().is_some_and(plain);
        }
    }

    fn object(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) {
        if !self.layers.shown() {
            return;
        }
        let dict = stream.dict();
        let layered = dict.contains_key(b"OC");
        if layered {
            self.layers.begin_layer(dict, b"OC");
        }
        if self.layers.shown() {
            match dict.get::<Name<'_>>(b"Subtype").as_deref() {
                Some(b"Image") => self.picture(dict),
                _ => self.form(stream, resources),
            }
        }
        if layered {
            self.layers.end();
        }
    }

    /// Plays a form: a content stream of its own.
    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) {
        let dict = stream.dict();
        let (Some(extent), true) = (dict.get::<[f64; 4]>(b"BBox"), self.depth < DEEPEST) else {
            return;
        };
        if !self.may_go_on(FORM_WORK) {
            return;
        }
        let Ok(content) = stream.decoded_data() else { return };
        let own = dict.get::<Dict<'a>>(b"Resources").map(Resources::new);
        let before = self.state;
        self.path.take();
        if let Some(by) = dict.get::<[f64; 6]>(b"Matrix") {
            self.state.transform(Affine::new(by));
        }
        let (corner, opposite) = ((extent[0], extent[1]), (extent[2], extent[3]));
        self.clip_to(Rect::from_points(corner, opposite));
        if dict.contains_key(b"Group") {
            // The group is blended as a whole; within, drawing starts afresh.
            self.state.blended |= !self.state.fill.is_solid();
            (self.state.fill.opacity, self.state.stroke.opacity) = (1.0, 1.0);
        }
        self.depth += 1;
        self.stream(&content, own.as_ref().unwrap_or(resources));
        self.depth -= 1;
        self.state = before;
    }

    /// Narrows the clip to an area in the present units.
    fn clip_to(&mut self, area: Rect) {
        let exact = is_upright(self.state.matrix);
        self.state.clip_to(self.state.matrix.transform_rect_bbox(area), exact);
    }

    /// Plays what a note or form field shows.
    fn annotation(&mut self, note: &Dict<'a>, resources: &Resources<'a>) {
        if note.get::<u32>(b"F").unwrap_or(0) & NOT_SHOWN != 0 {
            return;
        }
        let (Some(form), Some(place)) = (appearance(note), note.get::<PdfRect>(b"Rect")) else {
            return;
        };
        let Some(extent) = form.dict().get::<[f64; 4]>(b"BBox") else { return };
        let own = Affine::new(form.dict().get::<[f64; 6]>(b"Matrix").unwrap_or(UNCHANGED));
        let extent = Rect::from_points((extent[0], extent[1]), (extent[2], extent[3]));
        let drawn = own.transform_rect_bbox(extent);
        if drawn.width() <= 0.0 || drawn.height() <= 0.0 {
            return;
        }
        // The form is stretched so that what it draws fills the note's place.
        let (x, y) =
            ((place.x1 - place.x0) / drawn.width(), (place.y1 - place.y0) / drawn.height());
        let before = self.state;
        let (left, top) = (place.x0 - x * drawn.x0, place.y0 - y * drawn.y0);
        self.state.transform(Affine::new([x, 0.0, 0.0, y, left, top]));
        self.object(&form, resources);
        self.state = before;
    }
}

/// The matrix that changes nothing.
const UNCHANGED: [f64; 6] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The form that shows a note as it is when nobody touches it.
fn appearance<'a>(note: &Dict<'a>) -> Option<Stream<'a>> {
    match note.get::<Dict<'a>>(b"AP")?.get::<Object<'a>>(b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => {
            let state = note.get::<Name<'_>>(b"AS");
            let state = state.and_then(|state| states.get::<Stream<'a>>(state.as_ref()));
            state.or_else(|| states.get::<Stream<'a>>(b"Off"))
        }
        _ => None,
    }
}

/// A matrix of six operands.
pub(super) fn matrix(numbers: [&Number; 6]) -> Affine {
    Affine::new(numbers.map(Number::as_f64))
}

/// A point of two operands, on the page.
pub(super) fn point(matrix: Affine, x: Number, y: Number) -> Point {
    matrix * Point::new(x.as_f64(), y.as_f64())
}

/// Whether upright rectangles stay upright.
pub(super) fn is_upright(matrix: Affine) -> bool {
    let [a, b, c, d, ..] = matrix.as_coeffs();
    (b.abs() < 1e-6 && c.abs() < 1e-6) || (a.abs() < 1e-6 && d.abs() < 1e-6)
}
