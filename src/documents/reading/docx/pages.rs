//! Collects lines into pages.

use crate::documents::reading::text;

/// A page without a layout by Word is cut when it passes this many characters.
const LONGEST: usize = 2 * text::PAGE_CHARS;

/// The pages written so far.
#[derive(Debug, Default)]
pub(super) struct Pages {
    done: Vec<String>,
    page: String,
    /// Footnotes of the current page.
    notes: Vec<String>,
    /// Word said where its pages ended, so lengths are not ours to judge.
    laid_out: bool,
}

impl Pages {
    /// Adds a line.
    pub(super) fn line(&mut self, line: &str) {
        self.page.push_str(line.trim_end());
        self.page.push('\n');
    }

    /// Adds a note to the foot of the current page.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Ends the page, unless nothing is on it.
    pub(super) fn end_page(&mut self) {
        if self.page.trim().is_empty() && self.notes.is_empty() {
            self.page.clear();
            return;
        }
        let mut page = std::mem::take(&mut self.page);
        if !self.notes.is_empty() {
            page.push('\n');
            for note in self.notes.drain(..) {
                page.push_str(&note);
                page.push('\n');
            }
        }
        self.done.push(page);
    }

    /// Notes that Word's own layout decides where pages end.
    pub(super) fn laid_out(&mut self) {
        self.laid_out = true;
    }

    /// All pages, at least one.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end_page();
        let laid_out = self.laid_out;
        let pieces = |page: &String| -> Vec<String> {
            if laid_out || page.chars().count() <= LONGEST {
                return vec![tidy(page)];
            }
            text::cut(page).into_iter().map(tidy).collect()
        };
        let pages: Vec<String> = self.done.iter().flat_map(pieces).collect();
        if pages.is_empty() { vec![String::new()] } else { pages }
    }
}

/// Without space at the ends, and with one empty line at most between others.
fn tidy(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut empty = 0;
    for line in page.trim().lines() {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text
}
