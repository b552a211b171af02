//! What a search gives.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::collapse::Group;
use super::expand::Expansion;
use super::fuse::{FoundBy, Fused};
use super::highlight::{Snippet, highlight, highlights, snippet};
use super::index::IndexError;
use super::query::{Query, Suggestion};
use super::request::{Cursor, Facet};
use crate::documents::{DocumentError, PassageText};
use crate::kernel::{CaseId, DocumentId, PassageId};

/// The longest excerpt shown with a hit, in characters.
const EXCERPT: usize = 320;

/// What a search found.
#[derive(Debug, Default)]
pub struct Results {
    /// How the query was read, in plain words.
    pub reading: String,
    /// The passages, best first.
    pub hits: Vec<Hit>,
    /// How many documents hold the words.
    pub documents: usize,
    /// What limited the search, in plain words.
    pub notice: Option<String>,
    /// Slips the query may hold.
    pub suggestions: Vec<Suggestion>,
    /// What was searched for besides what was typed.
    pub expansions: Vec<Expansion>,
    /// Values to narrow by, where they were asked for.
    pub facets: Vec<Facet>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// A passage that was found.
#[derive(Debug)]
pub struct Hit {
    /// The passage.
    pub passage: PassageText,
    /// Why it was found.
    pub by: FoundBy,
    /// What it is ranked by; comparable within one search only.
    pub score: f32,
    /// What matched, in bytes of the passage's text; nothing when meaning alone did.
    pub marks: Vec<Range<usize>>,
    /// An excerpt around what matched.
    pub snippet: Snippet,
    /// Where else the same is said, in the order of the ranking.
    pub also_in: Vec<AlsoIn>,
    /// Which of [`Results::expansions`] matched.
    pub expansions: Vec<usize>,
}

/// A passage that says nearly the same as a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlsoIn {
    /// The passage.
    pub passage: PassageId,
    /// The document it is in.
    pub document: DocumentId,
    /// The document's title.
    pub title: String,
    /// The number of the document's version.
    pub version_number: i64,
    /// The case.
    pub case: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The page it begins on.
    pub page: u32,
    /// Where it begins, in bytes of that page's text.
    pub start: usize,
    /// Where it ends on that page.
    pub end: usize,
}

impl AlsoIn {
    fn of(passage: &PassageText) -> Self {
        let (start, end) = passage.span_on_first_page();
        Self {
            passage: passage.id,
            document: passage.document,
            title: passage.title.clone(),
            version_number: passage.version_number,
            case: passage.case,
            case_title: passage.case_title.clone(),
            page: passage.page(),
            start,
            end,
        }
    }
}

impl Hit {
    /// Where to point in the document: a phrase that matched, or else the passage,
    /// as far as it stands on its first page. Page, start and end in bytes of that
    /// page's text.
    #[must_use]
    pub fn place(&self) -> (u32, usize, usize) {
        let is_phrase = |mark: &&Range<usize>| {
            self.passage.text[mark.start..mark.end].contains(char::is_whitespace)
        };
        let phrase = self.marks.iter().find(is_phrase);
        phrase.and_then(|mark| self.passage.locate(mark)).unwrap_or_else(|| {
            let (start, end) = self.passage.span_on_first_page();
            (self.passage.page(), start, end)
        })
    }
}

/// Why a search could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The passages could not be fetched.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The index was busy in a thread that ended.
    #[error("the search was interrupted")]
    Interrupted,
}

impl Results {
    /// Takes groups of passages as hits, each by its first.
    pub(super) fn take(
        &mut self,
        query: &Query,
        ranking: &[Fused],
        passages: &[PassageText],
        groups: &[Group],
    ) {
        let ranked: BTreeMap<PassageId, &Fused> =
            ranking.iter().map(|found| (found.passage, found)).collect();
        self.hits.extend(groups.iter().filter_map(|group| {
            let passage = passages[group.first].clone();
            let found = ranked.get(&passage.id)?;
            let (marks, expansions) = matched(&passage.text, query);
            Some(Hit {
                by: found.by,
                score: found.score,
                snippet: snippet(&passage.text, &marks, EXCERPT),
                marks,
                also_in: group.others.iter().map(|at| AlsoIn::of(&passages[*at])).collect(),
                expansions,
                passage,
            })
        }));
    }
}

/// What of a text matched, and which of the query's expansions did.
fn matched(text: &str, query: &Query) -> (Vec<Range<usize>>, Vec<usize>) {
    let found = highlights(text, query);
    let expansions: BTreeSet<usize> = found.iter().filter_map(|mark| mark.expansion).collect();
    (highlight(text, query), expansions.into_iter().collect())
}
