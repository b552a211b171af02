//! Snippets: the piece of a text that best shows why it matched.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::analysis::{Token, analyse};

/// A piece of a text that shows why it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, marked and unmarked parts in turn.
    pub parts: Vec<Part>,
    /// Whether text before the piece was left out.
    pub cut_before: bool,
    /// Whether text after the piece was left out.
    pub cut_after: bool,
}

/// A part of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text of the part, exactly as it stands.
    pub text: String,
    /// Whether it is what matched.
    pub marked: bool,
}

/// Cuts from a text the piece with the most different marks, at most `max_chars` characters
/// long, at the borders of words.
#[must_use]
pub fn snippet(text: &str, ranges: &[Range<usize>], max_chars: usize) -> Snippet {
    let piece = densest(text, ranges, max_chars);
    let mut parts = Vec::new();
    let mut at = piece.start;
    let mut push = |range: Range<usize>, marked| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            parts.push(Part { text: text.to_owned(), marked });
        }
    };
    for range in ranges.iter().filter(|range| range.start < piece.end && range.end > piece.start) {
        let (start, end) = (range.start.max(at), range.end.min(piece.end));
        push(at..start, false);
        push(start..end, true);
        at = end.max(at);
    }
    push(at..piece.end, false);
    let rest = |range: Range<usize>| text.get(range).is_some_and(|rest| !rest.trim().is_empty());
    Snippet { parts, cut_before: rest(0..piece.start), cut_after: rest(piece.end..text.len()) }
}

/// The piece of the text with the most different marks in it, and of those with as
/// many the one with the most marked text.
fn densest(text: &str, ranges: &[Range<usize>], max_chars: usize) -> Range<usize> {
    let borders: Vec<(usize, usize)> = borders(text);
    let words: Vec<String> = ranges.iter().map(|range| words(text, range)).collect();
    let mut best = ((0, 0), 0..0);
    for (nth, range) in ranges.iter().enumerate() {
        let window = window(&borders, range.start, max_chars);
        let inside = ranges[nth..].iter().take_while(|other| other.end <= window.end).count();
        let different: BTreeSet<&String> = words[nth..nth + inside].iter().collect();
        let marked: usize = ranges[nth..nth + inside].iter().map(ExactSizeIterator::len).sum();
        let worth = (different.len(), marked);
        if worth > best.0 {
            best = (worth, window);
        }
    }
    if best.0.0 > 0 {
        best.1
    } else {
        window(&borders, ranges.first().map_or(0, |range| range.start), max_chars)
    }
}

/// What is marked, so that inflections of a word are the same.
fn words(text: &str, range: &Range<usize>) -> String {
    let tokens = analyse(text.get(range.clone()).unwrap_or(""));
    let loose = |token: Token| token.stem.unwrap_or(token.exact);
    tokens.into_iter().filter(|token| !token.implied).map(loose).collect::<Vec<_>>().join(" ")
}

/// The borders of words, as bytes and as characters, with both ends of the text.
fn borders(text: &str) -> Vec<(usize, usize)> {
    let mut borders = vec![(0, 0)];
    let mut before = ' ';
    let mut chars = 0;
    for (nth, (at, c)) in text.char_indices().enumerate() {
        if c.is_whitespace() != before.is_whitespace() && at > 0 {
            borders.push((at, nth));
        }
        before = c;
        chars = nth + 1;
    }
    if !text.is_empty() {
        borders.push((text.len(), chars));
    }
    borders
}

/// A piece around a mark: a quarter of it before the mark, the rest from there on.
fn window(borders: &[(usize, usize)], mark: usize, max_chars: usize) -> Range<usize> {
    let nearest = borders.partition_point(|(byte, _)| *byte <= mark).saturating_sub(1);
    let chars = |nth: usize| borders.get(nth).map_or(0, |border| border.1);
    let lead = chars(nearest).saturating_sub(max_chars / 4);
    let total = borders.last().map_or(0, |border| border.1);
    // Near the end of the text, what is not needed after the mark goes before it.
    let lead = lead.min(total.saturating_sub(max_chars));
    let from = borders.partition_point(|(_, chars)| *chars < lead).min(nearest);
    let upto =
        borders.partition_point(|(_, chr)| *chr <= chars(from) + max_chars).saturating_sub(1);
    let byte = |nth: usize| borders.get(nth).map_or(0, |border| border.0);
    byte(from)..byte(upto.max(from))
}
