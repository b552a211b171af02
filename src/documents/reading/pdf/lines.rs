//! Words and lines from glyphs in the order they are drawn.
//!
//! The order of drawing is the reading order in nearly every file a court or
//! an office produces; sorting by position instead would mix columns and put
//! the marginal letters of law reports into sentences. So lines are only ever
//! *ended* here, by a jump, and never rearranged.
//!
//! A hyphen at the end of a line stays, soft or not, and so does the break, so
//! that places in the text stay true; whoever compares words joins a hyphen, a
//! break and a small letter.
//!
//! All distances are in font sizes and along the direction the text runs, so
//! rotated text is treated alike.

use super::bidi;
use super::characters::Piece;
use super::glyphs::Glyph;
use crate::documents::reading::Word;

/// A gap this wide parts words, spaces drawn or not.
const WORD_GAP: f32 = 0.17;
/// Less parts the number of a paragraph from its first word.
const NUMBER_GAP: f32 = 0.1;
/// A step this far off the line begins another; notes and powers are set
/// within it.
const LINE_STEP: f32 = 0.5;
/// A step this far off the line is no note when it is also far away.
const NOTE_STEP: f32 = 0.2;
/// Further than this along the line is far away.
const FAR: f32 = 3.0;
/// A jump back by less is kerning.
const KERNING: f32 = 0.15;
/// A jump back by more begins another line.
const JUMP_BACK: f32 = 0.5;
/// A note's mark is smaller than the text beside it by this factor at least,
const MARK_SIZE: f32 = 0.85;
/// and stands this much higher.
const MARK_RISE: f32 = 0.15;
/// The same letter this near is drawn twice to look bold.
const TWICE: f32 = 0.15;
/// How many glyphs back a letter drawn twice is looked for.
const LOOK_BACK: usize = 400;
/// A step between lines this many times the usual one leaves a gap.
const GAP: f32 = 1.3;
/// Steps between lines beyond this many font sizes say nothing of the usual.
const USUAL_STEP: f32 = 3.0;

/// A box being grown: left, top, right, bottom.
type Box4 = [f32; 4];
const NOTHING: Box4 = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];

/// A finished line; its words count bytes from its own start.
struct Line {
    text: String,
    words: Vec<Word>,
    /// Height of the line on the page, its font size, whether it runs level.
    y: f32,
    size: f32,
    level: bool,
}

/// Makes a page's text and word boxes.
pub(super) fn compose(glyphs: &[Glyph]) -> (String, Vec<Word>) {
    let mut composer = Composer::default();
    for (index, glyph) in glyphs.iter().enumerate() {
        composer.add(glyphs, index, glyph);
    }
    composer.end_line();
    assemble(composer.lines)
}

/// The state between two glyphs.
#[derive(Default)]
struct Composer<'g> {
    lines: Vec<Line>,
    text: String,
    words: Vec<Word>,
    word: Option<(usize, Box4)>,
    /// The last glyph on the line, and the first, by index.
    before: Option<&'g Glyph>,
    first: usize,
    space: bool,
    /// Where in the text what each glyph stands for begins, and whether any of
    /// it is written from right to left.
    pieces: Vec<u32>,
    from_right: bool,
}

/// What a glyph does to the line.
enum Step {
    Continue,
    NewWord,
    NewLine,
    Repeat,
}

impl<'g> Composer<'g> {
    fn add(&mut self, all: &'g [Glyph], index: usize, glyph: &'g Glyph) {
        if glyph.piece == Piece::One(' ') {
            self.space = true;
            return;
        }
        match self.step(all, index, glyph) {
            Step::Repeat => return,
            Step::NewLine => {
                self.end_line();
                self.first = index;
            }
            Step::NewWord => self.end_word(),
            Step::Continue if self.space => self.end_word(),
            Step::Continue => {}
        }
        self.space = false;
        if self.word.is_none() && !self.text.is_empty() {
            self.text.push(' ');
        }
        let (_, edges) = self.word.get_or_insert((self.text.len(), NOTHING));
        grow(edges, glyph);
        self.pieces.push(short(self.text.len()));
        self.from_right |= glyph.piece.is(bidi::is_from_right);
        glyph.piece.write(&mut self.text);
        self.before = Some(glyph);
    }

    fn step(&self, all: &[Glyph], index: usize, glyph: &Glyph) -> Step {
        let Some(before) = self.before else { return Step::NewLine };
        if before.up.0 * glyph.up.0 + before.up.1 * glyph.up.1 < 0.9 {
            return Step::NewLine;
        }
        let size = before.size.max(glyph.size).max(f32::MIN_POSITIVE);
        let gap = along(before, glyph, (before.dx, before.dy));
        // Letters set apart are no words of one letter each.
        let gap = if gap > 0.0 { (gap - before.space).max(0.0) } else { gap };
        let along = gap / size;
        let off = (glyph.x - before.x) * before.up.0 + (glyph.y - before.y) * before.up.1;
        let off = off.abs() / size;
        if off > LINE_STEP || (off > NOTE_STEP && along > FAR) {
            return Step::NewLine;
        }
        if along < -KERNING {
            let from = self.first.max(index.saturating_sub(LOOK_BACK));
            let twice = |other: &Glyph| {
                other.piece == glyph.piece
                    && (other.x - glyph.x).abs().max((other.y - glyph.y).abs()) < TWICE * size
            };
            if all[from..index].iter().any(twice) {
                return Step::Repeat;
            }
        }
        if along < -JUMP_BACK {
            Step::NewLine
        } else if along > WORD_GAP
            || parts_mark(before, glyph)
            || (along > NUMBER_GAP && self.ends_number() && glyph.piece.is(char::is_alphabetic))
        {
            Step::NewWord
        } else {
            Step::Continue
        }
    }

    /// Whether the line so far ends in a number and a full stop.
    fn ends_number(&self) -> bool {
        let number = self.text.strip_suffix('.');
        number.is_some_and(|number| number.ends_with(|c: char| c.is_ascii_digit()))
    }

    fn end_word(&mut self) {
        let Some((start, [x0, y0, x1, y1])) = self.word.take() else { return };
        let end = short(self.text.len());
        self.words.push(Word { start: short(start), end, x0, y0, x1, y1, confidence: None });
    }

    fn end_line(&mut self) {
        self.end_word();
        self.space = false;
        let Some(last) = self.before.take() else { return };
        let mut text = std::mem::take(&mut self.text);
        let mut words = std::mem::take(&mut self.words);
        if std::mem::take(&mut self.from_right) {
            text = bidi::reorder(&text, &self.pieces, &mut words);
        }
        self.pieces.clear();
        let level = last.up.1 < -0.9;
        self.lines.push(Line { text, words, y: last.y, size: last.size, level });
    }
}

/// Whether a note's mark begins or ends here: `302` and a raised `1` are no `3021`.
fn parts_mark(before: &Glyph, glyph: &Glyph) -> bool {
    let is_mark = |mark: &Glyph, text: &Glyph| {
        let (x, y) = (mark.x - text.x, mark.y - text.y);
        mark.size < text.size * MARK_SIZE
            && x * text.up.0 + y * text.up.1 > text.size * MARK_RISE
            && mark.piece.is(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | '§'))
    };
    is_mark(glyph, before) || (is_mark(before, glyph) && glyph.piece.is(char::is_alphanumeric))
}

/// How far a glyph is from the end of the one before it, along its direction.
fn along(before: &Glyph, glyph: &Glyph, advance: (f32, f32)) -> f32 {
    // Text runs a quarter turn clockwise from its upper side.
    let direction = (-before.up.1, before.up.0);
    let (x, y) = (glyph.x - before.x - advance.0, glyph.y - before.y - advance.1);
    x * direction.0 + y * direction.1
}

/// Widens a box by a glyph's.
fn grow(edges: &mut Box4, glyph: &Glyph) {
    for end in [0.0, 1.0] {
        for reach in [glyph.reach.up, glyph.reach.down] {
            let x = glyph.x + glyph.dx * end + glyph.up.0 * reach * glyph.size;
            let y = glyph.y + glyph.dy * end + glyph.up.1 * reach * glyph.size;
            edges[0] = edges[0].min(x);
            edges[1] = edges[1].min(y);
            edges[2] = edges[2].max(x);
            edges[3] = edges[3].max(y);
        }
    }
}

/// Puts lines together, with an empty line where the page leaves a gap.
fn assemble(lines: Vec<Line>) -> (String, Vec<Word>) {
    let usual = usual_step(&lines);
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut words = Vec::with_capacity(lines.iter().map(|line| line.words.len()).sum());
    let mut before: Option<(f32, bool)> = None;
    for line in lines {
        if let Some((y, level)) = before {
            text.push('\n');
            if level && line.level && line.y - y > usual * GAP + 1.0 {
                text.push('\n');
            }
        }
        let offset = short(text.len());
        text.push_str(&line.text);
        let moved =
            |word: Word| Word { start: word.start + offset, end: word.end + offset, ..word };
        words.extend(line.words.into_iter().map(moved));
        before = Some((line.y, line.level));
    }
    (text, words)
}

/// The step from line to line that is most usual on the page.
fn usual_step(lines: &[Line]) -> f32 {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter(|pair| pair[0].level && pair[1].level)
        .map(|pair| (pair[1].y - pair[0].y, pair[1].size.max(1.0)))
        .filter(|(step, size)| *step > LINE_STEP * size && *step < USUAL_STEP * size)
        .map(|(step, _)| step)
        .collect();
    let middle = steps.len() / 2;
    if steps.is_empty() {
        return f32::MAX;
    }
    *steps.select_nth_unstable_by(middle, f32::total_cmp).1
}

fn short(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::metrics::Reach;
    use super::*;

    /// Sets a text in letters 5 points wide, 10 points high.
    fn set(text: &str, x: f32, y: f32) -> Vec<Glyph> {
        let glyph = |(index, c): (u8, char)| Glyph {
            piece: Piece::One(c),
            x: x + f32::from(index) * 5.0,
            y,
            dx: 5.0,
            dy: 0.0,
            space: 0.0,
            size: 10.0,
            up: (0.0, -1.0),
            reach: Reach { up: 0.8, down: -0.2 },
        };
        (0..).zip(text.chars()).map(glyph).collect()
    }

    fn page(parts: &[(&str, f32, f32)]) -> (String, Vec<Word>) {
        let glyphs: Vec<Glyph> = parts.iter().flat_map(|(text, x, y)| set(text, *x, *y)).collect();
        compose(&glyphs)
    }

    #[test]
    fn spaces_and_gaps_part_words() {
        let (text, words) = page(&[("the order", 50.0, 100.0), ("of", 98.0, 100.0)]);
        assert_eq!(text, "the order of");
        assert_eq!(words.len(), 3);
        assert_eq!(
            words[1],
            Word { start: 4, end: 9, x0: 70.0, y0: 92.0, x1: 95.0, y1: 102.0, confidence: None }
        );
    }

    #[test]
    fn a_jump_ends_the_line_and_a_gap_leaves_one_empty() {
        let (text, _) = page(&[
            ("12. The", 50.0, 100.0),
            ("appeal", 50.0, 112.0),
            ("fails", 50.0, 124.0),
            ("13. No", 50.0, 148.0),
        ]);
        assert_eq!(text, "12. The\nappeal\nfails\n\n13. No");
    }

    #[test]
    fn a_raised_mark_stays_in_its_line() {
        let (text, _) = page(&[("law", 50.0, 100.0), ("2", 65.0, 96.0), ("and", 75.0, 100.0)]);
        assert_eq!(text, "law2 and");
    }

    #[test]
    fn a_paragraph_number_is_a_word_of_its_own() {
        let (text, _) = page(&[("44.", 50.0, 100.0), ("We hold", 66.5, 100.0)]);
        assert_eq!(text, "44. We hold");
        assert_eq!(page(&[("S.", 50.0, 100.0), ("R.", 61.5, 100.0)]).0, "S.R.");
    }

    #[test]
    fn the_mark_of_a_note_is_a_word_of_its_own() {
        let mut glyphs = set("302", 50.0, 100.0);
        let mut mark = set("1", 65.0, 96.0);
        mark[0].size = 6.0;
        mark[0].dx = 3.0;
        glyphs.extend(mark);
        glyphs.extend(set(", IPC", 68.0, 100.0));
        assert_eq!(compose(&glyphs).0, "302 1, IPC");
        let mut ordinal = set("1st", 50.0, 100.0);
        for letter in &mut ordinal[1..] {
            (letter.size, letter.y) = (6.0, 96.0);
        }
        assert_eq!(compose(&ordinal).0, "1st");
    }

    #[test]
    fn letters_drawn_twice_are_written_once() {
        let (text, words) = page(&[("ORDER", 50.0, 100.0), ("ORDER", 50.3, 100.0)]);
        assert_eq!(text, "ORDER");
        assert_eq!(words.len(), 1);
    }

    #[test]
    fn upright_text_is_read_along_its_direction() {
        let mut glyphs = set("IN", 0.0, 0.0);
        for (glyph, y) in glyphs.iter_mut().zip([100.0, 95.0]) {
            (glyph.x, glyph.y, glyph.dx, glyph.dy) = (50.0, y, 0.0, -5.0);
            glyph.up = (-1.0, 0.0);
        }
        let (text, words) = compose(&glyphs);
        assert_eq!(text, "IN");
        assert_eq!((words[0].x0, words[0].y0, words[0].y1), (42.0, 90.0, 100.0));
    }

    #[test]
    fn letters_set_apart_are_one_word() {
        let mut glyphs = set("bridge at", 50.0, 100.0);
        for (glyph, index) in glyphs.iter_mut().zip(0_u8..) {
            (glyph.x, glyph.space) = (50.0 + f32::from(index) * 7.2, 2.2);
        }
        assert_eq!(compose(&glyphs).0, "bridge at");
    }

    #[test]
    fn words_lie_in_the_text_in_order() {
        let (text, words) = page(&[("धारा ३०२", 50.0, 100.0), ("of the Code", 50.0, 115.0)]);
        let mut at = 0;
        for word in &words {
            assert!(word.start >= at && word.end > word.start);
            at = word.end;
            let span = &text[word.start as usize..word.end as usize];
            assert!(!span.contains(char::is_whitespace));
        }
        assert_eq!(words.len(), 5);
    }
}
