//! Sorts the glyphs a reader of the page sees from those nobody sees.
//!
//! Hidden are: letters in the colour of what lies beneath them, letters under
//! two points, letters a later area or picture covers, letters outside of the
//! page or of the clip, and letters drawn invisibly. Two kinds of invisible
//! text are honest and stay: that of text recognition, which lies upon or under
//! the picture of the page, and that upon letters drawn as outlines.

use hayro::kurbo::Point;

use super::areas::{Areas, Cover};
use super::characters::Piece;
use super::glyphs::{Collected, Glyph, Look, Run};
use super::lines;
use super::paint::Colour;
use super::quality::Ink;
use crate::documents::reading::{Finding, FindingKind};

/// Letters smaller than this, in points, are too small to read.
const TINY: f32 = 2.0;
/// A picture that covers this share of the page is the page, scanned.
const SCAN: f64 = 0.5;
/// Letters drawn as outlines take this many paths at least.
const OUTLINED_TEXT: usize = 60;
/// Without a word of this many letters it is a mark of the printer, not a text.
const WORTH_TELLING: usize = 3;
/// How much of a hidden text is told, in characters.
const TOLD: usize = 200;
/// Fewer characters of no width than this are left over from typesetting: a
/// single hidden letter takes as many.
const LEFTOVER: usize = 8;
/// Looks at areas that one page may cost; beyond, text counts as seen.
const MOST_LOOKS: usize = 100_000_000;

/// The glyphs of a page, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Those a reader sees.
    pub(super) glyphs: Vec<Glyph>,
    /// What was drawn.
    pub(super) ink: Ink,
    /// What the reader should know.
    pub(super) findings: Vec<Finding>,
}

/// Sorts what was collected.
pub(super) fn sort(found: Collected) -> Sorted {
    let Collected { mut glyphs, runs, areas, mut outside, unseen, mut ink } = found;
    let judge = Judge {
        areas: &areas,
        scanned: ink.pictures > SCAN,
        outlined: ink.paths > OUTLINED_TEXT,
        thorough: glyphs.len().saturating_mul(areas.len()) < MOST_LOOKS,
    };
    let mut verdicts = Vec::new();
    let small = |glyph: &Glyph| glyph.size < TINY;
    if runs.iter().any(|run| judge.may_hide(&run.look)) || glyphs.iter().any(small) {
        verdicts = judge.all(&glyphs, &runs);
    }
    ink.invisible += verdicts.iter().filter(|verdict| **verdict == Verdict::Beneath).count();
    if verdicts.contains(&Verdict::Hidden) {
        let mut hidden = Vec::new();
        let mut verdicts = verdicts.into_iter();
        glyphs.retain(|glyph| {
            let seen = verdicts.next() != Some(Verdict::Hidden);
            if !seen {
                hidden.push(glyph.clone());
            }
            seen
        });
        outside.splice(0..0, hidden);
    }
    let mut findings = Vec::new();
    findings.extend(hidden_text(&outside, &glyphs));
    findings.extend(invisible(&unseen));
    Sorted { glyphs, ink, findings }
}

/// What becomes of a glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Seen,
    Hidden,
    /// Under the picture of the page, where text recognition puts it.
    Beneath,
}

struct Judge<'c> {
    areas: &'c Areas,
    scanned: bool,
    outlined: bool,
    thorough: bool,
}

impl Judge<'_> {
    /// Whether text that looks like this may be hidden at all.
    fn may_hide(&self, look: &Look) -> bool {
        look.unseen
            || look.colour.is_like(Colour::PAPER)
            || (self.thorough && !self.areas.is_empty())
    }

    fn all(&self, glyphs: &[Glyph], runs: &[Run]) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Seen; glyphs.len()];
        for (index, run) in runs.iter().enumerate() {
            let end = runs.get(index + 1).map_or(glyphs.len(), |next| next.first);
            let range = run.first.min(glyphs.len())..end.min(glyphs.len());
            for (verdict, glyph) in verdicts[range.clone()].iter_mut().zip(&glyphs[range]) {
                *verdict = self.one(glyph, &run.look);
            }
        }
        verdicts
    }

    fn one(&self, glyph: &Glyph, look: &Look) -> Verdict {
        if glyph.piece == Piece::One(' ') {
            return Verdict::Seen;
        }
        if glyph.size < TINY && !look.drawn {
            return Verdict::Hidden;
        }
        let points = [point(glyph, 0.25, 0.3), point(glyph, 0.75, 0.3)];
        if look.unseen {
            let honest = self.outlined || (self.scanned && self.areas.on_picture(points[0]));
            return if honest { Verdict::Seen } else { Verdict::Hidden };
        }
        if !self.thorough {
            return Verdict::Seen;
        }
        // A letter cut through its middle can still be read.
        let whole = [point(glyph, 0.25, 0.0), point(glyph, 0.75, 0.6)];
        match self.areas.cover(look.upon, whole) {
            Cover::Picture if self.scanned => return Verdict::Beneath,
            Cover::Paint | Cover::Picture => return Verdict::Hidden,
            Cover::None => {}
        }
        let alike = |point| look.colour.is_like(self.areas.ground(look.upon, point));
        if points.into_iter().all(alike) { Verdict::Hidden } else { Verdict::Seen }
    }
}

/// A point of a glyph, at these parts of its width and of its font size.
fn point(glyph: &Glyph, across: f32, above: f32) -> Point {
    let rise = glyph.size * above;
    let x = glyph.x + glyph.dx * across + glyph.up.0 * rise;
    let y = glyph.y + glyph.dy * across + glyph.up.1 * rise;
    Point::new(f64::from(x), f64::from(y))
}

/// Tells the lines of hidden text that nobody can read elsewhere on the page.
fn hidden_text(hidden: &[Glyph], seen: &[Glyph]) -> Option<Finding> {
    if hidden.is_empty() {
        return None;
    }
    let (hidden, seen) = (lines::compose(hidden).0, lines::compose(seen).0);
    let tells = |line: &&str| {
        let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
        line.split_whitespace().any(|word| letters(word) >= WORTH_TELLING)
            && !seen.contains(line.trim())
    };
    let text = hidden.lines().take(TOLD).filter(tells).collect::<Vec<_>>().join(" ");
    let detail = match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    };
    (!detail.is_empty()).then_some(Finding { kind: FindingKind::HiddenText, detail })
}

/// What to tell of characters that nobody sees; nothing of a few harmless ones.
pub(in super::super) fn invisible(unseen: &str) -> Option<Finding> {
    if unseen.is_empty() {
        return None;
    }
    let kinds = ["that reorder text", "that spell hidden text", "of no width"];
    let mut counts = [0_usize; 3];
    for c in unseen.chars() {
        match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => counts[0] += 1,
            '\u{e0000}'..='\u{e0fff}' => counts[1] += 1,
            _ => counts[2] += 1,
        }
    }
    if counts[..2] == [0, 0] && counts[2] < LEFTOVER {
        return None;
    }
    let told = kinds.iter().zip(counts).filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(kind, count)| format!("{count} {kind}")).collect();
    Some(Finding { kind: FindingKind::InvisibleCharacters, detail: told.join(", ") })
}
