//! Text a file states for what it draws (`ActualText`).

use super::characters::Piece;
use super::glyphs::Glyph;

/// Puts stated text in the place of the glyphs that draw it, word by word.
///
/// `None` when the glyphs already say the same, or stand on several lines and
/// cannot be told apart.
pub(super) fn restate(text: &str, glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
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
