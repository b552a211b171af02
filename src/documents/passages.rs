//! Cutting a document's text into passages.
//!
//! A *passage* is what is searched, embedded and cited: a span of the pages' text
//! that follows the document's own structure (numbered paragraphs, clauses,
//! headings), never breaks inside a sentence unless the sentence is longer than
//! `LONGEST`, and fits the embedding model. Passages cover the text exactly: put
//! together in order they are the text again.

use std::sync::LazyLock;

use regex::Regex;

use crate::kernel::sentences::sentences;

/// The length aimed at, in bytes of text: about 200 of the embedding model's 256 tokens.
const TARGET: usize = 900;
/// Below this, a numbered paragraph joins the one before it.
const SHORTEST: usize = 200;
/// No passage is longer, in bytes, even if a sentence is.
const LONGEST: usize = 2_400;

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
    /// The nearest heading above or in it.
    pub heading: Option<String>,
    /// The number of the first numbered paragraph that begins in it.
    pub paragraph: Option<String>,
}

#[expect(clippy::expect_used, reason = "the pattern is a constant and a test uses it")]
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\(?([0-9०-९]{1,3}(?:\.[0-9]{1,3}){0,3})[.)]|([0-9]{1,2}(?:\.[0-9]{1,2}){1,3})|\(([a-z]{1,4})\))\s+\S")
        .expect("a valid pattern")
});

/// The whole text of a version, with where its pages begin.
struct Joined {
    text: String,
    /// Page number, and where it begins and ends in the text.
    pages: Vec<(u32, usize, usize)>,
}

/// A run of lines that belong together.
struct Block {
    start: usize,
    end: usize,
    heading: bool,
    paragraph: Option<String>,
}

/// Cuts pages, given as number and text in order, into passages.
#[must_use]
pub fn cut(pages: &[(u32, &str)]) -> Vec<Span> {
    let joined = join(pages);
    let pieces = split_long(&joined.text, blocks(&joined));
    let mut spans = Vec::new();
    let mut heading: Option<String> = None;
    let mut open: Option<Block> = None;
    let mut open_heading = None;
    for piece in pieces {
        let joins = open.as_ref().is_some_and(|current| joins(current, &piece));
        if !joins && let Some(done) = open.take() {
            spans.extend(joined.span(&done, open_heading.take()));
        }
        if piece.heading {
            heading = Some(one_line(&joined.text[piece.start..piece.end]));
        }
        open_heading = open_heading.or_else(|| heading.clone());
        open = Some(match open {
            None => piece,
            Some(current) => Block {
                start: current.start,
                end: piece.end,
                heading: current.heading && piece.heading,
                paragraph: current.paragraph.or(piece.paragraph),
            },
        });
    }
    if let Some(done) = open {
        spans.extend(joined.span(&done, open_heading));
    }
    spans
}

/// Whether a piece goes into the passage being made.
fn joins(current: &Block, piece: &Block) -> bool {
    let length = current.end - current.start;
    let fits = piece.end - current.start <= TARGET;
    let small = length < SHORTEST || current.heading;
    if piece.heading {
        return current.heading && fits;
    }
    if piece.paragraph.is_some() { small && fits } else { fits }
}

fn join(pages: &[(u32, &str)]) -> Joined {
    let mut joined = Joined { text: String::new(), pages: Vec::new() };
    for &(number, text) in pages {
        if !joined.pages.is_empty() {
            joined.text.push('\n');
        }
        let start = joined.text.len();
        joined.text.push_str(text);
        joined.pages.push((number, start, joined.text.len()));
    }
    joined
}

/// Runs of lines: a new one begins after an empty line, at a numbered paragraph,
/// at a heading, and at a page whose predecessor ended a sentence.
fn blocks(joined: &Joined) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut breaks = true;
    for line in joined.text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let content = line.trim();
        if content.is_empty() {
            breaks = true;
            match blocks.last_mut() {
                Some(last) => last.end = end,
                None => blocks.push(Block { start, end, heading: false, paragraph: None }),
            }
            continue;
        }
        let paragraph = NUMBERED.captures(line).and_then(|found| {
            found.iter().skip(1).flatten().next().map(|number| number.as_str().to_owned())
        });
        let heading = paragraph.is_none() && is_heading(content);
        let page_turn = joined.pages.iter().skip(1).any(|&(_, page, _)| page == start)
            && blocks.last().is_some_and(|last| ends_sentence(&joined.text[last.start..last.end]));
        let after_heading = blocks.last().is_some_and(|last| last.heading) && !heading;
        if breaks || heading || paragraph.is_some() || page_turn || after_heading {
            blocks.push(Block { start, end, heading, paragraph });
        } else if let Some(last) = blocks.last_mut() {
            last.end = end;
        }
        breaks = false;
    }
    blocks
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', ':', ';', '?', '!', '।', '"', '”'])
}

/// A short line in capitals, or one that names a division of a document.
fn is_heading(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let short = line.chars().count() <= 90;
    let capitals = letters >= 4
        && !line.chars().any(char::is_lowercase)
        && line.chars().any(char::is_uppercase);
    let named = [
        "Article ",
        "ARTICLE ",
        "Clause ",
        "Schedule ",
        "SCHEDULE ",
        "Chapter ",
        "CHAPTER ",
        "Part ",
        "PART ",
    ]
    .iter()
    .any(|name| line.starts_with(name))
        && line.chars().count() <= 60
        && !line.ends_with(['.', ',', ';']);
    short && (capitals || named)
}

/// Splits blocks that are too long at sentence ends, or at spaces when a single
/// sentence is too long.
fn split_long(text: &str, blocks: Vec<Block>) -> Vec<Block> {
    let mut pieces = Vec::new();
    for block in blocks {
        if block.end - block.start <= TARGET {
            pieces.push(block);
            continue;
        }
        let mut start = block.start;
        let mut paragraph = block.paragraph;
        for end in cuts(&text[block.start..block.end]) {
            let end = block.start + end;
            pieces.push(Block { start, end, heading: false, paragraph: paragraph.take() });
            start = end;
        }
    }
    pieces
}

/// Where to cut a long run: after sentences, so that each part is near the target.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut start = 0;
    let mut last = 0;
    let ends = sentences(text).into_iter().map(|sentence| sentence.end);
    for end in ends.chain([text.len()]) {
        if end - start > TARGET && last > start {
            cuts.push(last);
            start = last;
        }
        while end - start > LONGEST {
            start = space_before(text, start, start + LONGEST);
            cuts.push(start);
        }
        last = end;
    }
    if cuts.last() != Some(&text.len()) {
        cuts.push(text.len());
    }
    cuts
}

/// The place after the last space in a range, or its end on a character border.
fn space_before(text: &str, start: usize, limit: usize) -> usize {
    let limit = text.floor_char_boundary(limit);
    text[start..limit].rfind(char::is_whitespace).map_or(limit, |space| {
        let space = start + space;
        space + text[space..].chars().next().map_or(1, char::len_utf8)
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Joined {
    /// A block as a span; none when it holds nothing but a page's end.
    fn span(&self, block: &Block, heading: Option<String>) -> Option<Span> {
        let (first_page, first_offset) = self.begin(block.start)?;
        let (last_page, last_offset) = self.finish(block.end)?;
        let paragraph = block.paragraph.clone();
        Some(Span { first_page, first_offset, last_page, last_offset, heading, paragraph })
    }

    fn begin(&self, at: usize) -> Option<(u32, usize)> {
        let &(number, start, _) = self.pages.iter().rev().find(|&&(_, start, _)| start <= at)?;
        Some((number, at - start))
    }

    /// The line break that joins two pages belongs to neither.
    fn finish(&self, at: usize) -> Option<(u32, usize)> {
        let found = self
            .pages
            .iter()
            .rev()
            .find(|&&(_, start, end)| start < at || (start == at && end == at));
        let &(number, start, end) = found.or_else(|| self.pages.first())?;
        Some((number, at.min(end) - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text of a span, pages joined by a line break.
    fn text_of(pages: &[(u32, &str)], span: &Span) -> String {
        let mut parts = Vec::new();
        for &(number, text) in pages {
            if number < span.first_page || number > span.last_page {
                continue;
            }
            let from = if number == span.first_page { span.first_offset } else { 0 };
            let to = if number == span.last_page { span.last_offset } else { text.len() };
            parts.push(&text[from..to]);
        }
        parts.join("\n")
    }

    #[test]
    fn passages_follow_numbered_paragraphs() {
        let long =
            "The plaintiff supplied goods under invoices that were never disputed. ".repeat(6);
        let page = format!("ORDER\n1. {long}\n2. {long}\n3. {long}");
        let spans = cut(&[(1, &page)]);
        let numbers: Vec<_> = spans.iter().map(|span| span.paragraph.as_deref()).collect();
        assert_eq!(numbers, [Some("1"), Some("2"), Some("3")]);
        assert!(spans.iter().all(|span| span.heading.as_deref() == Some("ORDER")));
    }

    #[test]
    fn a_sentence_may_cross_a_page() {
        let pages =
            [(1, "1. The notice was served on the"), (2, "defendant on 3 May. It was returned.")];
        let spans = cut(&pages);
        assert_eq!(spans.len(), 1);
        assert_eq!((spans[0].first_page, spans[0].last_page), (1, 2));
        assert_eq!(
            text_of(&pages, &spans[0]),
            "1. The notice was served on the\ndefendant on 3 May. It was returned."
        );
    }

    #[test]
    fn nothing_has_no_passages() {
        assert!(cut(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn passages_cover_the_text_exactly(
            pages in prop::collection::vec("([A-Za-z0-9।न्याय().\\n ]{0,30}|[a-z .]{0,1500}|[0-9]{1,2}\\. [A-Z][a-z ]{0,300}\\n)", 1..6)
        ) {
            let numbered: Vec<(u32, &str)> = (1..).zip(pages.iter().map(String::as_str)).collect();
            let spans = cut(&numbered);
            // Every byte of every page lies in exactly one passage.
            for &(number, text) in &numbered {
                let mut covered = 0;
                for span in spans.iter().filter(|span| span.first_page <= number && number <= span.last_page) {
                    let from = if span.first_page == number { span.first_offset } else { 0 };
                    let to = if span.last_page == number { span.last_offset } else { text.len() };
                    prop_assert_eq!(from, covered);
                    prop_assert!(text.is_char_boundary(to) && to >= from);
                    covered = to;
                }
                prop_assert_eq!(covered, text.len());
            }
        }
    }
}
