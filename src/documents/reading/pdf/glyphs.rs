//! The glyphs of a page in the order they are drawn.

use hayro::kurbo::{Point, Rect};

use super::areas::Areas;
use super::characters::{self, Known, Piece};
use super::hidden::{self, Sorted};
use super::metrics::Reach;
use super::paint::Colour;
use super::quality::Ink;
use super::stated::restate;

/// How far outside of what shows a glyph may stand and still show, in points.
const OVERHANG: f64 = 2.0;
/// Hidden marks and loops cannot make a page larger than this many glyphs.
const MOST: usize = 400_000;
/// Glyphs outside of what shows that are kept to be told of.
const MOST_OUTSIDE: usize = 4_000;
/// Characters without a shape that are kept to be told of.
const MOST_UNSEEN: usize = 10_000;
/// Marked content is not nested deeper than this.
const DEEPEST: usize = 1024;
/// Text stated for glyphs is this much longer than they are at most: a glyph
/// may be a ligature or a mark of a whole syllable.
const STATED_FOR_EACH: usize = 8;

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
    /// What the setting of the text adds to that after each letter.
    pub(super) space: f32,
    /// Font size.
    pub(super) size: f32,
    /// The direction of its upper side, of length 1.
    pub(super) up: (f32, f32),
    /// How far the font reaches above and below the line, of its size.
    pub(super) reach: Reach,
}

/// How the glyphs of a run show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Their colour.
    pub(super) colour: Colour,
    /// How many areas had been painted before them.
    pub(super) upon: usize,
    /// They leave no mark: drawn invisibly, as text recognition does over a scan.
    pub(super) unseen: bool,
    /// They are drawings, whose size the font size does not tell.
    pub(super) drawn: bool,
}

/// Glyphs from here on show alike, until the next run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// The first of them.
    pub(super) first: usize,
    /// How they show.
    pub(super) look: Look,
}

/// Everything that was collected of a page.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// The glyphs in the order they are drawn.
    pub(super) glyphs: Vec<Glyph>,
    /// How they show.
    pub(super) runs: Vec<Run>,
    /// The areas painted.
    pub(super) areas: Areas,
    /// Glyphs outside of the page, or of what a clip leaves of it.
    pub(super) outside: Vec<Glyph>,
    /// Characters without a shape that were left out.
    pub(super) unseen: String,
    /// What was drawn.
    pub(super) ink: Ink,
}

/// Collects glyphs and painted areas while a page is played.
pub(super) struct Collector {
    page: Rect,
    found: Collected,
    /// Open marked content: the text it states and its first glyph.
    marked: Vec<Option<(String, usize)>>,
}

impl Collector {
    /// Collects what is drawn on a page of this extent.
    pub(super) fn new(page: Rect) -> Self {
        let glyphs = Vec::with_capacity(4096);
        let found = Collected { glyphs, ..Collected::default() };
        Self { page, found, marked: Vec::new() }
    }

    /// Sorts what shows from what does not.
    pub(super) fn finish(mut self) -> Sorted {
        while !self.marked.is_empty() {
            self.end_marked();
        }
        hidden::sort(self.found)
    }

    /// How many areas have been painted so far.
    pub(super) fn painted(&self) -> usize {
        self.found.areas.len()
    }

    /// Says how the glyphs that follow show.
    pub(super) fn look(&mut self, look: Look) {
        let first = self.found.glyphs.len();
        match self.found.runs.last_mut() {
            Some(run) if run.look == look => {}
            Some(run) if run.first == first => run.look = look,
            _ => self.found.runs.push(Run { first, look }),
        }
    }

    /// Counts glyphs of a font from before Unicode, which has one for each byte.
    pub(super) fn legacy(&mut self, glyphs: usize) {
        self.found.ink.legacy += glyphs;
    }

    /// Adds a glyph; what lies outside of the clip does not show.
    pub(super) fn add(&mut self, known: &Known, place: &Place, clip: Rect, unseen: bool) {
        if let Some(unseen) = &known.unseen {
            self.leave_out(unseen);
        }
        let Some(piece) = &known.piece else { return };
        if let Piece::One(c) = *piece {
            if c == ' ' && known.mapped {
                self.push(Piece::One(' '), place, clip);
                return;
            }
            if characters::is_joiner(c) && !self.joins() {
                self.leave_out(c.encode_utf8(&mut [0; 4]));
                return;
            }
        }
        self.found.ink.glyphs += 1;
        self.found.ink.unmapped += usize::from(!known.mapped);
        self.found.ink.invisible += usize::from(unseen);
        self.push(piece.clone(), place, clip);
    }

    fn push(&mut self, piece: Piece, place: &Place, clip: Rect) {
        let overhang = OVERHANG.max(place.size * 0.5);
        let near = clip.inflate(overhang, overhang);
        let (x, y) = place.at(0.5);
        if near.contains(Point::new(x, y)) {
            if self.found.glyphs.len() < MOST {
                self.found.glyphs.push(place.glyph(piece));
            }
        } else if self.found.outside.len() < MOST_OUTSIDE && !self.is_cut_off(place) {
            self.found.outside.push(place.glyph(piece));
        }
    }

    /// Whether a glyph outside continues a line that shows: the page cuts it
    /// off before the reader's eyes, so it is not hidden.
    fn is_cut_off(&self, place: &Place) -> bool {
        let Some(last) = self.found.glyphs.last() else { return false };
        let (x, y) = (place.origin.0 - f64::from(last.x), place.origin.1 - f64::from(last.y));
        (x * place.up.0 + y * place.up.1).abs() < place.size * 0.5
    }

    /// Whether a joiner after the last glyph means something.
    fn joins(&self) -> bool {
        let last = match self.found.glyphs.last().map(|glyph| &glyph.piece) {
            Some(Piece::One(c)) => Some(*c),
            Some(Piece::Many(many)) => many.chars().next_back(),
            None => None,
        };
        last.is_some_and(characters::takes_joiner)
    }

    fn leave_out(&mut self, unseen: &str) {
        if self.found.unseen.len() < MOST_UNSEEN {
            self.found.unseen.push_str(unseen);
        }
    }

    /// Adds a picture within the clip.
    pub(super) fn picture(&mut self, place: Rect, clip: Rect, hides: bool) {
        let (shown, page) = (place.intersect(clip).intersect(self.page), self.page.area());
        if page > 0.0 && shown.area() > 0.0 {
            self.found.ink.pictures += shown.area() / page;
            self.found.areas.picture(shown, hides);
        }
    }

    /// Adds a painted rectangle within the clip.
    pub(super) fn paint(&mut self, place: Rect, clip: Rect, colour: Colour, hides: bool) {
        self.found.areas.paint(place.intersect(clip), colour, hides);
    }

    /// Counts a line or an area of another shape.
    pub(super) fn path(&mut self) {
        self.found.ink.paths += 1;
    }

    /// Opens marked content, perhaps with the text it stands for.
    pub(super) fn begin_marked(&mut self, text: Option<String>) {
        if self.marked.len() < DEEPEST {
            let first = self.found.glyphs.len();
            self.marked.push(text.map(|text| (text, first)));
        }
    }

    /// Closes marked content.
    pub(super) fn end_marked(&mut self) {
        let Some(Some((text, first))) = self.marked.pop() else { return };
        let stated = characters::stated(&text);
        if let Some(unseen) = &stated.unseen {
            self.leave_out(unseen);
        }
        let Some(marked) = self.found.glyphs.get(first..).filter(|glyphs| !glyphs.is_empty())
        else {
            return;
        };
        let mut written = String::new();
        if let Some(piece) = &stated.piece {
            piece.write(&mut written);
        }
        // More text than its glyphs could show is put there for machines only.
        let fits = written.chars().count() <= marked.len() * STATED_FOR_EACH;
        if !fits {
            let place = marked[0].clone();
            self.found.outside.push(Glyph { piece: Piece::Many(written.into()), ..place });
            return;
        }
        if let Some(replacement) = restate(&written, marked) {
            self.found.glyphs.truncate(first);
            self.found.glyphs.extend(replacement);
            self.found.runs.retain(|run| run.first <= first);
        }
    }
}

/// Where a glyph stands.
pub(super) struct Place {
    /// Where it starts on the line it stands on.
    pub(super) origin: (f64, f64),
    /// How far the next glyph is.
    pub(super) advance: (f64, f64),
    /// What the setting of the text adds to that after each letter.
    pub(super) space: f64,
    /// The direction of its upper side, of length 1.
    pub(super) up: (f64, f64),
    /// Font size.
    pub(super) size: f64,
    /// How far the font reaches above and below the line.
    pub(super) reach: Reach,
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
            space: self.space as f32,
            size: self.size as f32,
            up: (self.up.0 as f32, self.up.1 as f32),
            reach: self.reach,
        }
    }
}
