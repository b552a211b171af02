//! What pages say once running heads and the like are left out, and the way back.

use std::ops::Range;

use crate::documents::reading::TextSpan;

/// Text cut from pages without their furniture, which knows where on the pages
/// each part of it stands.
///
/// Parts of different pages are joined by a line break.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    text: String,
    runs: Vec<Run>,
}

/// A stretch of content that stands on a page without a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    page: u32,
    /// Where it begins in the content.
    start: usize,
    /// Where it begins in the page's text.
    offset: usize,
    length: usize,
}

/// A span of one page's text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The page's number.
    pub page: u32,
    /// Where it begins in the page's text.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// What a page's text says without its furniture.
#[must_use]
pub fn content(text: &str, furniture: &[TextSpan]) -> String {
    let mut content = Content::default();
    content.push(1, text, 0..text.len(), furniture);
    content.text
}

impl Content {
    /// Adds what a range of a page's text says. Lines that hold nothing but
    /// furniture go with it, as do the empty lines this leaves at either end.
    /// A range that is not in the text, or splits a character, is cut to fit.
    pub fn push(&mut self, page: u32, text: &str, range: Range<usize>, furniture: &[TextSpan]) {
        self.add(page, text, range, furniture, !furniture.is_empty());
    }

    /// Adds what a page says, without white space at either end.
    pub(super) fn push_trimmed(&mut self, page: u32, text: &str, furniture: &[TextSpan]) {
        self.add(page, text, 0..text.len(), furniture, true);
    }

    fn add(
        &mut self,
        page: u32,
        text: &str,
        range: Range<usize>,
        furniture: &[TextSpan],
        trims: bool,
    ) {
        let end = text.floor_char_boundary(range.end);
        let start = text.floor_char_boundary(range.start.min(end));
        let mut kept = kept(text, start..end, furniture);
        if trims {
            trim(text, &mut kept);
        }
        if !self.runs.is_empty() && !kept.is_empty() {
            self.text.push('\n');
        }
        for part in kept {
            let run = Run { page, start: self.text.len(), offset: part.start, length: part.len() };
            self.text.push_str(&text[part]);
            self.runs.push(run);
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, taken out.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// Where a span of the text stands: one place on each page it touches, in order.
    #[must_use]
    pub fn locate(&self, span: &Range<usize>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let first = self.runs.partition_point(|run| run.start + run.length <= span.start);
        for run in self.runs[first..].iter().take_while(|run| run.start < span.end) {
            let start = run.offset + span.start.saturating_sub(run.start);
            let end = run.offset + (span.end - run.start).min(run.length);
            match places.last_mut() {
                Some(last) if last.page == run.page => last.end = end,
                _ => places.push(Place { page: run.page, start, end }),
            }
        }
        places
    }

    /// Where the character that begins at a byte of the text stands.
    pub(super) fn place_of(&self, at: usize) -> Option<(u32, usize)> {
        let found = self.runs.partition_point(|run| run.start <= at).checked_sub(1)?;
        let run = self.runs.get(found)?;
        Some((run.page, run.offset + (at - run.start).min(run.length)))
    }

    /// Where a page's content begins in the text.
    pub(super) fn start_of(&self, page: u32) -> Option<usize> {
        self.runs.iter().find(|run| run.page == page).map(|run| run.start)
    }

    /// The last page that says anything.
    pub(super) fn last_page(&self) -> Option<u32> {
        self.runs.last().map(|run| run.page)
    }

    /// Whether a page's content begins at a byte of the text.
    pub(super) fn turns_at(&self, at: usize) -> bool {
        let found = self.runs.partition_point(|run| run.start < at);
        let page = |place: usize| self.runs.get(place).map(|run| run.page);
        self.runs.get(found).is_some_and(|run| run.start == at)
            && found > 0
            && page(found) != page(found - 1)
    }

    /// Forgets everything before a byte of the text, which then is its first.
    pub(super) fn drop_before(&mut self, at: usize) {
        self.text.drain(..at);
        self.runs.retain_mut(|run| {
            let cut = at.saturating_sub(run.start).min(run.length);
            run.start = (run.start + cut).saturating_sub(at);
            run.offset += cut;
            run.length -= cut;
            run.length > 0
        });
    }
}

/// The parts of a range that are no furniture.
fn kept(text: &str, range: Range<usize>, furniture: &[TextSpan]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = range.start;
    for span in furniture {
        let start = text.floor_char_boundary(span.start as usize);
        let mut end = text.floor_char_boundary(span.end as usize).max(start);
        if end <= at || start >= range.end {
            continue;
        }
        let opens = text[..start].chars().rev().take_while(|c| *c != '\n').all(char::is_whitespace);
        let rest = &text[end..];
        let after = rest.trim_start_matches([' ', '\t', '\r']);
        if opens && after.starts_with('\n') {
            end += rest.len() - after.len() + 1;
        }
        if start > at {
            parts.push(at..start);
        }
        at = end.min(range.end).max(at);
    }
    if at < range.end {
        parts.push(at..range.end);
    }
    parts
}

/// Drops white space at the beginning and the end.
fn trim(text: &str, parts: &mut Vec<Range<usize>>) {
    while let Some(first) = parts.first_mut() {
        first.start += text[first.clone()].len() - text[first.clone()].trim_start().len();
        if first.start < first.end {
            break;
        }
        parts.remove(0);
    }
    while let Some(last) = parts.last_mut() {
        last.end = last.start + text[last.clone()].trim_end().len();
        if last.start < last.end {
            break;
        }
        parts.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "150 THE REPORTS\n\nThe appeal\n  A  \nfails, says the\n\n151\n";

    fn furniture() -> Vec<TextSpan> {
        ["150 THE REPORTS", "A  ", "151"]
            .map(|part| {
                let start = u32::try_from(TEXT.find(part).unwrap()).unwrap();
                TextSpan { start, end: start + u32::try_from(part.trim_end().len()).unwrap() }
            })
            .into()
    }

    #[test]
    fn furniture_goes_with_the_lines_it_fills() {
        assert_eq!(content(TEXT, &furniture()), "The appeal\n  fails, says the");
        assert_eq!(content("plain\n\n", &[]), "plain\n\n");
        assert_eq!(content("7\n", &[TextSpan { start: 0, end: 1 }]), "");
    }

    #[test]
    fn a_span_of_the_content_is_found_on_its_pages() {
        let mut both = Content::default();
        both.push(4, TEXT, 0..TEXT.len(), &furniture());
        both.push(5, "Court. Costs.", 0..13, &[]);
        assert_eq!(both.text(), "The appeal\n  fails, says the\nCourt. Costs.");
        let at = both.text().find("says").unwrap();
        let end = both.text().find(" Costs").unwrap();
        let places = both.locate(&(at..end));
        let start = TEXT.find("says").unwrap();
        let expected =
            [Place { page: 4, start, end: start + 8 }, Place { page: 5, start: 0, end: 6 }];
        assert_eq!(places, expected);
        assert!(both.locate(&(900..901)).is_empty());
    }

    #[test]
    fn spans_that_do_not_fit_the_text_do_no_harm() {
        let wild = [TextSpan { start: 1, end: 2 }, TextSpan { start: 4, end: 400 }];
        assert_eq!(content("धारा", &wild), "ध");
        let mut cut = Content::default();
        cut.push(1, "धारा", 1..99, &[]);
        assert_eq!(cut.text(), "धारा");
    }
}
