//! What bills need beside text and tables: columns, sums, a code to pay by, and a word
//! behind the page.

use qrcode::{Color, EcLevel, QrCode};

use super::PAGE;
use super::layout::{CELL, LEADING, Line, MARGIN, Sheet, TEXT, lines, width};
use crate::paper::{Run, Sum};

/// How wide a code is, with what is left free around it, in points.
const CODE: f32 = 96.0;
/// How wide the column of figures of the sums is.
const FIGURES: f32 = 110.0;
/// The size of a word behind the page.
const MARK: f32 = 96.0;
/// Between texts beside each other.
const BETWEEN: f32 = 14.0;

impl Sheet<'_> {
    /// Sets texts beside each other.
    pub(super) fn columns(&mut self, columns: &[(String, Vec<String>)]) {
        let count = u16::try_from(columns.len().max(1)).unwrap_or(1);
        let across = (PAGE.0 - 2.0 * MARGIN) / f32::from(count);
        let size = CELL + 0.5;
        let set: Vec<Vec<_>> = columns
            .iter()
            .map(|(head, texts)| {
                let mut all = lines(self.faces, &[Run::bold(head)], CELL, across - BETWEEN);
                for text in texts {
                    all.extend(lines(self.faces, &[Run::plain(text)], size, across - BETWEEN));
                }
                all
            })
            .collect();
        let tallest = set.iter().map(Vec::len).max().unwrap_or(0);
        let step = size * LEADING;
        #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
        let height = tallest as f32 * step;
        self.need(height);
        let mut x = MARGIN;
        for column in set {
            let mut y = self.y - size * 1.1;
            for glyphs in column {
                self.page.lines.push(Line { x, y, size, glyphs });
                y -= step;
            }
            x += across;
        }
        self.y -= height + 6.0;
    }

    /// Sets sums to the right.
    pub(super) fn sums(&mut self, sums: &[Sum]) {
        let right = PAGE.0 - MARGIN;
        for Sum { what, figure, bold } in sums {
            let size = if *bold { TEXT + 1.0 } else { CELL + 0.5 };
            self.need(size * LEADING);
            let y = self.y - size * 1.1;
            let glyphs = self.faces.set(figure, *bold);
            let x = right - width(&glyphs, size);
            self.page.lines.push(Line { x, y, size, glyphs });
            let glyphs = self.faces.set(what, *bold);
            let x = right - FIGURES - width(&glyphs, size);
            self.page.lines.push(Line { x: x.max(MARGIN), y, size, glyphs });
            self.y -= size * LEADING;
        }
        self.y -= 4.0;
    }

    /// Draws a QR code of squares, with lines beside it.
    pub(super) fn code(&mut self, payload: &str, beside: &[Run]) {
        self.need(CODE + 8.0);
        let top = self.y;
        let drawn = self.squares(payload);
        let inset = if drawn { CODE + BETWEEN } else { 0.0 };
        for run in beside {
            let across = PAGE.0 - 2.0 * MARGIN - inset;
            self.paragraph(std::slice::from_ref(run), CELL + 0.5, inset, across, 1.0);
        }
        let below = if drawn { top - CODE } else { self.y };
        self.y = self.y.min(below) - 6.0;
    }

    /// The squares of a code; none for a text too long for one.
    fn squares(&mut self, payload: &str) -> bool {
        let Ok(code) = QrCode::with_error_correction_level(payload, EcLevel::M) else {
            return false;
        };
        let count = code.width();
        // Two squares are left free on each side; the margin of the page is free too.
        let across = u16::try_from(count + 4).unwrap_or(u16::MAX);
        let side = CODE / f32::from(across);
        for (place, color) in code.to_colors().into_iter().enumerate() {
            if color != Color::Dark {
                continue;
            }
            let at = |place: usize| f32::from(u16::try_from(place).unwrap_or(0));
            let (row, column) = (at(place / count + 3), at(place % count + 2));
            let square = (MARGIN + column * side, self.y - row * side, side + 0.02);
            self.page.squares.push(square);
        }
        true
    }

    /// Puts a word behind this page and those that follow.
    pub(super) fn begin_mark(&mut self, word: &str) {
        self.mark = Some(word.to_owned());
        self.draw_mark();
    }

    /// Draws the word behind the page just begun, if there is one.
    pub(super) fn draw_mark(&mut self) {
        let Some(word) = &self.mark else { return };
        let glyphs = self.faces.set(word, true);
        let x = ((PAGE.0 - width(&glyphs, MARK)) / 2.0).max(0.0);
        self.page.mark = Some(Line { x, y: PAGE.1 / 2.0, size: MARK, glyphs });
    }
}
