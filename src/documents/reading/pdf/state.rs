//! What drawing instructions set for those that follow.

use hayro::kurbo::{Affine, Rect};

use super::paint::Paint;

/// The state a content stream draws with; `q` keeps it and `Q` brings it back.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// From the stream's units to points of the page, from its top left corner.
    pub(super) matrix: Affine,
    /// Nothing shows outside of this.
    pub(super) clip: Rect,
    /// Whether the clip is exactly that rectangle, and not a shape within it.
    pub(super) clip_is_exact: bool,
    /// What areas and letters are filled with.
    pub(super) fill: Paint,
    /// What lines are drawn with.
    pub(super) stroke: Paint,
    /// Whether what is drawn is partly taken away by a mask.
    pub(super) masked: bool,
    /// Whether what is drawn blends with what is beneath.
    pub(super) blended: bool,
    /// How thick lines are, in the stream's units.
    pub(super) line_width: f64,
    /// How text is set.
    pub(super) text: Text,
}

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    /// The font, as [`Fonts`](super::fonts::Fonts) counts them.
    pub(super) font: Option<usize>,
    /// Font size.
    pub(super) size: f64,
    /// Added after each character.
    pub(super) character_space: f64,
    /// Added after each space.
    pub(super) word_space: f64,
    /// Horizontal stretch, 1 for none.
    pub(super) stretch: f64,
    /// From line to line.
    pub(super) leading: f64,
    /// How far above the line, for notes and powers.
    pub(super) rise: f64,
    /// The rendering mode, 0 to 7.
    pub(super) mode: i64,
    /// Where the next glyph goes.
    pub(super) matrix: Affine,
    /// Where the line began.
    pub(super) line: Affine,
}

impl State {
    /// The state a page starts with.
    pub(super) fn new(matrix: Affine, clip: Rect) -> Self {
        Self {
            matrix,
            clip,
            clip_is_exact: true,
            fill: Paint::default(),
            stroke: Paint::default(),
            masked: false,
            blended: false,
            line_width: 1.0,
            text: Text::default(),
        }
    }

    /// Changes the units in which all that follows is given.
    pub(super) fn transform(&mut self, by: Affine) {
        self.matrix *= by;
    }

    /// Whether what is drawn takes the place of what is beneath, all over its area.
    pub(super) fn replaces(&self) -> bool {
        !self.masked && !self.blended && self.clip_is_exact
    }

    /// Narrows the clip to an area of the page.
    pub(super) fn clip_to(&mut self, area: Rect, exact: bool) {
        self.clip = self.clip.intersect(area);
        self.clip_is_exact &= exact;
    }
}

impl Default for Text {
    fn default() -> Self {
        Self {
            font: None,
            size: 1.0,
            character_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            matrix: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }
}

impl Text {
    /// Goes to another line, this far from the start of the present one.
    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.place(self.line * Affine::translate((x, y)));
    }

    /// Starts a line here.
    pub(super) fn place(&mut self, matrix: Affine) {
        (self.line, self.matrix) = (matrix, matrix);
    }
}
