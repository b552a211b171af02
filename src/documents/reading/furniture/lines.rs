//! The lines at the top and the bottom of a page.

use super::super::{Layout, ReadPage, TextSpan};
use super::numbers;

/// Rows this near the edge are looked at whatever stands outside them.
pub(super) const NEAR: usize = 3;
/// No head or foot is deeper, in rows.
const DEEPEST: usize = 6;
/// No head or foot is longer, in bytes.
const LONGEST: usize = 240;
/// Lines of neighbouring pages whose middles differ by less stand at the same
/// height, in points.
const LEVEL: f32 = 5.0;
/// Rows whose middles differ by less are one row, in points.
const SAME_ROW: f32 = 4.0;

/// Which end of a page a line stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Top,
    Bottom,
}

/// A line near an edge.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) span: TextSpan,
    pub(super) edge: Edge,
    /// How many rows stand outside it.
    pub(super) rank: usize,
    /// How many rows the page has.
    pub(super) rows: usize,
    /// The middle of its height, from the top of the page.
    middle: Option<f32>,
    pub(super) text: String,
    /// The text with every figure as `#`, in lower case.
    pub(super) mask: String,
}

impl Line {
    /// Whether it is known where the line stands.
    pub(super) fn placed(&self) -> bool {
        self.middle.is_some()
    }

    /// Whether two lines of different pages stand in the same place.
    pub(super) fn level_with(&self, other: &Self) -> bool {
        self.edge == other.edge
            && match (self.middle, other.middle) {
                (Some(a), Some(b)) => (a - b).abs() < LEVEL,
                _ => self.rank == other.rank,
            }
    }
}

/// The lines at the top, outermost first, then those at the bottom, outermost first.
pub(super) fn edge_lines(page: &ReadPage, letters: &[TextSpan]) -> Vec<Line> {
    let mut lines = bare_lines(&page.text, letters);
    let middles = page.layout.as_ref().map(|layout| middles(layout, &lines));
    let mut rows: Vec<(Option<f32>, TextSpan)> = match middles {
        Some(middles) => middles.into_iter().zip(lines.drain(..)).collect(),
        None => lines.drain(..).map(|line| (None, line)).collect(),
    };
    if rows.iter().all(|(middle, _)| middle.is_some()) {
        rows.sort_by(|(a, _), (b, _)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    }
    let count = rows.len();
    let top = ranked(&page.text, Edge::Top, count, rows.iter());
    let bottom = ranked(&page.text, Edge::Bottom, count, rows.iter().rev());
    // On a short page the two ends meet; what is near one of them is looked at there.
    let mut found = top;
    for line in bottom {
        match found.iter_mut().find(|other| other.span == line.span) {
            Some(other) if other.rank > line.rank => *other = line,
            Some(_) => {}
            None => found.push(line),
        }
    }
    found
}

fn ranked<'a>(
    text: &str,
    edge: Edge,
    rows: usize,
    lines: impl Iterator<Item = &'a (Option<f32>, TextSpan)>,
) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut rank = 0;
    let mut last: Option<f32> = None;
    for (place, &(middle, span)) in lines.enumerate() {
        if let (Some(middle), Some(last)) = (middle, last) {
            rank += usize::from((middle - last).abs() > SAME_ROW);
        } else {
            rank = place;
        }
        if rank >= DEEPEST {
            break;
        }
        last = middle;
        let words = &text[span.start as usize..span.end as usize];
        if words.len() > LONGEST {
            continue;
        }
        let (text, mask) = (words.to_owned(), numbers::mask(words));
        found.push(Line { span, edge, rank, rows, middle, text, mask });
    }
    found
}

/// The lines that hold something, without the white space around them.
fn bare_lines(text: &str, letters: &[TextSpan]) -> Vec<TextSpan> {
    let mut lines = Vec::new();
    let mut at = 0;
    let mut letters = letters.iter().peekable();
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let start = at + line.len() - body.len();
        let end = start + body.trim_end().len();
        at += line.len();
        while letters.next_if(|letter| (letter.end as usize) <= start).is_some() {}
        let is_letter = letters
            .peek()
            .is_some_and(|letter| letter.start as usize <= start && end <= letter.end as usize);
        if start < end
            && !is_letter
            && let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end))
        {
            lines.push(TextSpan { start, end });
        }
    }
    lines
}

/// The middle of each line's height; both are in the order of the text.
fn middles(layout: &Layout, lines: &[TextSpan]) -> Vec<Option<f32>> {
    let mut words = layout.words.iter().peekable();
    let mut middles = Vec::with_capacity(lines.len());
    for line in lines {
        while words.next_if(|word| word.start < line.start).is_some() {}
        let (mut sum, mut count) = (0.0, 0.0);
        while let Some(word) = words.next_if(|word| word.start < line.end) {
            sum += f32::midpoint(word.y0, word.y1);
            count += 1.0;
        }
        middles.push((count > 0.0).then(|| sum / count));
    }
    middles
}
