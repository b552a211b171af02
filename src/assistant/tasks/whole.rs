//! A document read whole: its pages as one text, and where each place of it stands.

use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use crate::assistant::ask::{AskError, Assistant};
use crate::documents::WholeText;
use crate::kernel::{DocumentId, Scope, VersionId};

/// A page's text and number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageText {
    /// Its number, from 1.
    pub number: u32,
    /// What it says; running heads and the like are blanks.
    pub text: String,
}

/// How far the reading of documents has come, for whoever waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The document being read.
    pub title: String,
    /// Its page, from 1.
    pub page: u32,
    /// How many pages it has.
    pub pages: u32,
}

/// Words of a document that something rests on, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaskCitation)]
pub struct Cited {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// The version that was read.
    pub version_id: VersionId,
    /// The version's number.
    pub version: i64,
    /// The page, from 1.
    pub page: u32,
    /// Where the words begin in the page's text, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// The words, as they stand there.
    pub quote: String,
}

/// Pages of a document whose text could not be read, so that nothing was taken from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unread {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// The numbers of the pages.
    pub pages: Vec<u32>,
}

/// A place on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: u32,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Pages as one text.
#[derive(Debug)]
pub(super) struct Whole {
    /// The pages' texts, a line break between each and the next.
    pub(super) text: String,
    /// Where each page begins in it, with its number.
    starts: Vec<(usize, u32)>,
}

impl Whole {
    /// Joins pages.
    pub(super) fn of(pages: &[PageText]) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(pages.len());
        for page in pages {
            if !text.is_empty() {
                text.push('\n');
            }
            starts.push((text.len(), page.number));
            text.push_str(&page.text);
        }
        Self { text, starts }
    }

    /// Where a span stands: its part on the page that holds `at`, without the white space
    /// around it. Words that run over a page's end are quoted page by page.
    pub(super) fn place(&self, span: &Range<usize>, at: usize) -> Place {
        let index = self.starts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (from, page) = self.starts.get(index).copied().unwrap_or((0, 1));
        let until = self.starts.get(index + 1).map_or(self.text.len(), |(next, _)| next - 1);
        let (start, end) = (span.start.max(from), span.end.min(until).max(span.start.max(from)));
        let words = &self.text[start..end];
        let start = start + (words.len() - words.trim_start().len());
        let end = start + words.trim().len();
        Place { page, start: start - from, end: end - from }
    }

    /// The words of a place.
    pub(super) fn words(&self, place: &Place) -> &str {
        let from = self.starts.iter().find(|(_, page)| *page == place.page);
        let from = from.map_or(0, |(start, _)| *start);
        self.text.get(from + place.start..from + place.end).unwrap_or_default()
    }
}

/// The pages of a document that have text, and the numbers of those that could not be read.
pub(super) fn split(whole: &WholeText) -> (Vec<PageText>, Vec<u32>) {
    let pages = whole.pages.iter().filter(|page| !whole.unread.contains(&page.number));
    let pages = pages.map(|page| PageText { number: page.number, text: page.text.clone() });
    (pages.collect(), whole.unread.clone())
}

impl Assistant {
    /// A document's newest read version, whole, telling of each page as it is taken up.
    pub(super) async fn read_whole(
        &self,
        scope: &Scope,
        document: DocumentId,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<WholeText, AskError> {
        let whole = self.documents.whole_text(scope, document).await?;
        let pages = u32::try_from(whole.pages.len()).unwrap_or(u32::MAX);
        for page in &whole.pages {
            progress(Progress { title: whole.title.clone(), page: page.number, pages });
        }
        Ok(whole)
    }
}

/// A text on one line, its white space single.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of at most so many characters, cut at a word, the cut marked.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", cut.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_over_a_page_turn_is_placed_on_the_page_of_its_cue() {
        let page = |number, text: &str| PageText { number, text: text.to_owned() };
        let whole = Whole::of(&[page(4, "Reply with "), page(5, " papers by 16.11.2026.")]);
        let span = 0..whole.text.len();
        let first = whole.place(&span, 3);
        assert_eq!((first.page, whole.words(&first)), (4, "Reply with"));
        let second = whole.place(&span, whole.text.find("16").unwrap());
        assert_eq!((second.page, whole.words(&second)), (5, "papers by 16.11.2026."));
        assert_eq!((second.start, second.end), (1, 22));
    }
}
