//! What stands on a page without being part of what it says: running heads,
//! footers, page numbers, marginal letters, line numbers.
//!
//! A line at the top or bottom of a page is *furniture* when a page beside it, or
//! the next but one (heads of odd and even pages differ), carries the same line at
//! the same height, figures apart; or when it is a page number in a form that is
//! nothing else. So a page waits until the two after it are read.

mod lines;
mod margin;
mod numbers;

use std::collections::VecDeque;

use super::{ReadPage, TextSpan};
use lines::{Edge, Line, edge_lines};

/// Pages looked at on each side: the next but one has the same kind of head.
const REACH: usize = 2;

/// A line in capitals may still say `v.` or `vs`.
const SMALL_LETTERS: usize = 2;

/// Marks furniture on pages as they come, looking at their neighbours.
#[derive(Debug, Default)]
pub(super) struct Furnisher {
    /// The lines of the pages before those waiting, the nearest last.
    passed: VecDeque<Sketch>,
    waiting: VecDeque<(ReadPage, Sketch)>,
}

/// What a page's neighbours need to know of it.
#[derive(Debug, Default)]
struct Sketch {
    number: u32,
    lines: Vec<Line>,
    /// Whether figures count its lines down the margin, from one.
    counted: bool,
}

impl Furnisher {
    /// Takes the next page and returns those that are settled.
    pub(super) fn push(&mut self, page: ReadPage) -> Vec<ReadPage> {
        let sketch = Sketch::of(&page);
        self.waiting.push_back((page, sketch));
        if self.waiting.len() > REACH { self.settle().into_iter().collect() } else { Vec::new() }
    }

    /// The pages still held back.
    pub(super) fn finish(&mut self) -> Vec<ReadPage> {
        let mut pages = Vec::new();
        while let Some(page) = self.settle() {
            pages.push(page);
        }
        self.passed.clear();
        pages
    }

    fn settle(&mut self) -> Option<ReadPage> {
        let (mut page, sketch) = self.waiting.pop_front()?;
        page.furniture = self.furniture(&page, &sketch);
        self.passed.push_back(sketch);
        if self.passed.len() > REACH {
            self.passed.pop_front();
        }
        Some(page)
    }

    fn furniture(&self, page: &ReadPage, sketch: &Sketch) -> Vec<TextSpan> {
        let neighbours: Vec<&Sketch> =
            self.passed.iter().chain(self.waiting.iter().map(|(_, sketch)| sketch)).collect();
        let mut spans = margin::letters(page);
        let counted = neighbours.iter().any(|other| other.counted);
        if counted && sketch.counted {
            spans.extend(margin::line_numbers(page));
        }
        for edge in [Edge::Top, Edge::Bottom] {
            let mut unbroken = true;
            for line in sketch.lines.iter().filter(|line| line.edge == edge) {
                // Far from the edge a line counts only when all outside it is furniture.
                let near = line.rank < lines::NEAR || unbroken;
                let is = near && is_furniture(line, sketch, &neighbours);
                unbroken &= is;
                if is {
                    spans.push(line.span);
                }
            }
        }
        tidy(spans)
    }
}

impl Sketch {
    fn of(page: &ReadPage) -> Self {
        let letters = margin::letters(page);
        Self {
            number: page.number,
            lines: edge_lines(page, &letters),
            counted: !margin::line_numbers(page).is_empty(),
        }
    }
}

fn is_furniture(line: &Line, page: &Sketch, neighbours: &[&Sketch]) -> bool {
    if numbers::says_page(&line.text) || numbers::is_reporter_line(line) {
        return true;
    }
    if let Some(number) = numbers::bare(&line.text) {
        return number == i64::from(page.number) && line.rank == 0 && line.placed()
            || neighbours.iter().any(|other| counts_on(line, number, page.number, other));
    }
    // The first page bears the title that others repeat; without boxes the two
    // cannot be told apart, nor can a chance repetition among few pages.
    let enough = line.placed() || (page.number > 1 && neighbours.len() > 1);
    if !enough || !numbers::is_wordy(&line.mask) {
        return false;
    }
    let twins = neighbours
        .iter()
        .filter(|other| other.number > 1 || other.lines.iter().all(Line::placed))
        .filter(|other| {
            let distance = i64::from(other.number) - i64::from(page.number);
            other.lines.iter().any(|twin| {
                twin.mask == line.mask
                    && twin.level_with(line)
                    && numbers::go_together(&line.text, &twin.text, distance)
            })
        })
        .count();
    // A line in capitals at the very edge is repeated on purpose; any other line has
    // to be found twice, where there are pages enough to find it on.
    let small = line.text.chars().filter(|c| c.is_lowercase()).count();
    let plain = line.rank < lines::NEAR && small <= SMALL_LETTERS;
    twins >= if plain { 1 } else { neighbours.len().clamp(1, 2) }
}

/// Whether a neighbour carries the page number that goes with this one.
fn counts_on(line: &Line, number: i64, page: u32, other: &Sketch) -> bool {
    let distance = i64::from(other.number) - i64::from(page);
    other.lines.iter().any(|twin| {
        numbers::bare(&twin.text) == Some(number + distance)
            && twin.edge == line.edge
            && twin.rank.abs_diff(line.rank) <= 1
    })
}

/// In order, none overlapping another.
fn tidy(mut spans: Vec<TextSpan>) -> Vec<TextSpan> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut tidy: Vec<TextSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match tidy.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => tidy.push(span),
        }
    }
    tidy
}

#[cfg(test)]
mod tests;
