//! Cutting a document's text into passages.
//!
//! A *passage* is what is searched, embedded and cited: a span of the pages' text
//! that follows the document's own structure (numbered paragraphs, clauses,
//! headings, the days of an order sheet), never breaks inside a citation, a row of a
//! table or a sentence unless the sentence is longer than `LONGEST`, and fits the
//! embedding model. Passages cover the pages exactly: put together in order they are
//! the pages again. Running heads and the like lie inside a passage's span without
//! being part of what it says: [`Content`] leaves them out.
//!
//! A [`Cutter`] takes pages as they are read and gives passages as soon as no later
//! page can change them, so that the beginning of a long document can be found
//! while the rest of it is still being read.

mod blocks;
mod content;
mod marks;
mod split;

use crate::documents::reading::TextSpan;
use blocks::{Carried, Piece};

pub use content::{Content, Place, content};

/// The length aimed at, in bytes of text: about 200 of the embedding model's 256 tokens.
const TARGET: usize = 900;
/// Below this, a numbered paragraph joins the one before it.
const SHORTEST: usize = 200;
/// No passage is longer, in bytes, even if a sentence is.
const LONGEST: usize = 2_400;

/// A page to be cut.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// Its text.
    pub text: &'a str,
    /// The parts of the text that are no part of what it says, in order.
    pub furniture: &'a [TextSpan],
}

/// A passage of a document: from a byte offset on one page to one on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The page it begins on, from 1.
    pub first_page: u32,
    /// Where in that page's text.
    pub first_offset: usize,
    /// The page it ends on.
    pub last_page: u32,
    /// Where in that page's text, exclusive.
    pub last_offset: usize,
    /// The headings it stands under, the outermost first.
    pub path: Vec<String>,
    /// The number of the paragraph it begins in: `12`, `12.3`, `12(a)`.
    pub paragraph: Option<String>,
    /// The day of the order-sheet entry it belongs to: `2024-03-12`.
    pub entry: Option<String>,
}

impl Span {
    /// The nearest heading above or in it.
    #[must_use]
    pub fn heading(&self) -> Option<&str> {
        self.path.last().map(String::as_str)
    }
}

/// Cuts pages, in order, into passages.
#[must_use]
pub fn cut(pages: &[Page<'_>]) -> Vec<Span> {
    let mut cutter = Cutter::default();
    let mut spans: Vec<Span> = pages.iter().flat_map(|page| cutter.push(page)).collect();
    spans.extend(cutter.finish());
    spans
}

/// Cuts pages into passages as they come.
#[derive(Debug, Default)]
pub struct Cutter {
    /// What is not settled yet.
    rest: Content,
    /// What is known of the text before it.
    carried: Carried,
    /// Where the next passage begins: after the last that was settled.
    begin: Option<(u32, usize)>,
    /// The pages that reach into the rest, with the length of their text.
    pages: Vec<(u32, usize)>,
}

impl Cutter {
    /// Takes the next page and returns the passages that are settled: no page that
    /// follows changes them. All that do not touch the last page that says
    /// anything are.
    pub fn push(&mut self, page: &Page<'_>) -> Vec<Span> {
        self.begin.get_or_insert((page.number, 0));
        self.pages.push((page.number, page.text.len()));
        self.rest.push_trimmed(page.number, page.text, page.furniture);
        let Some(last) = self.rest.last_page() else { return Vec::new() };
        let Some(border) = self.rest.start_of(last) else { return Vec::new() };
        let mut pieces = blocks::pieces(&self.rest, &self.carried);
        let settled = pieces.iter().take_while(|piece| piece.end <= border).count();
        let settled = settled.min(pieces.len().saturating_sub(1));
        let Some(next) = pieces.get(settled).map(|piece| piece.start) else { return Vec::new() };
        pieces.truncate(settled);
        let spans = self.spans(&pieces, Some(next));
        if let Some(last) = pieces.pop() {
            self.carried = last.leaves;
            self.rest.drop_before(next);
        }
        spans
    }

    /// The passages that are left.
    #[must_use]
    pub fn finish(mut self) -> Vec<Span> {
        let mut pieces = blocks::pieces(&self.rest, &self.carried);
        let bytes = self.pages.iter().any(|&(_, length)| length > 0);
        if pieces.is_empty() && bytes && self.begin.is_some() {
            // Pages that hold furniture only are covered too.
            pieces.push(Piece::default());
        }
        self.spans(&pieces, None)
    }

    /// Pieces as spans of pages; `next` is where the piece after them begins.
    fn spans(&mut self, pieces: &[Piece], next: Option<usize>) -> Vec<Span> {
        let mut spans = Vec::with_capacity(pieces.len());
        for (place, piece) in pieces.iter().enumerate() {
            let following = pieces.get(place + 1).map(|piece| piece.start).or(next);
            let Some((first_page, first_offset)) = self.begin else { break };
            let Some((end, begin)) = self.border(following) else { break };
            spans.push(Span {
                first_page,
                first_offset,
                last_page: end.0,
                last_offset: end.1,
                path: piece.context.headings(),
                paragraph: piece.context.paragraph(),
                entry: piece.context.entry(),
            });
            self.begin = Some(begin);
            self.pages.retain(|&(number, _)| number >= begin.0);
        }
        spans
    }

    /// Where a passage ends and the next begins, when that one begins at a byte of
    /// the rest; the end of the pages when there is none.
    fn border(&self, next: Option<usize>) -> Option<((u32, usize), (u32, usize))> {
        let end = self.pages.last().copied();
        let Some(next) = next else { return end.map(|end| (end, end)) };
        let place = self.rest.place_of(next)?;
        // What stands above a page's first words belongs to their passage.
        if self.rest.start_of(place.0) == Some(next) {
            let before = self.pages.iter().rev().find(|&&(number, _)| number < place.0).copied();
            if let Some(before) = before {
                return Some((before, (place.0, 0)));
            }
        }
        Some((place, place))
    }
}

#[cfg(test)]
mod tests;
