//! What is asked of a search, and what comes back besides the hits.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expand::Switches;
use super::index::Found;
use crate::kernel::{CaseId, ClientId, DocumentId};

/// What is asked of a search.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What was typed.
    pub text: String,
    /// The case to search in; all that is open to the caller when left out.
    pub within: Option<CaseId>,
    /// What the documents must be.
    pub filters: Filters,
    /// The order of the hits.
    pub sort: Sort,
    /// How many passages.
    pub limit: usize,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// Whether values to narrow by are counted.
    pub facets: bool,
    /// Which expansions are not wanted.
    pub switches: Switches,
}

/// What is asked of the index besides the words.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The case to search in; all that is open to the caller when left out.
    pub within: Option<CaseId>,
    /// Of these only; none for all.
    pub documents: Option<Arc<BTreeSet<DocumentId>>>,
    /// What the documents must be.
    pub filters: Filters,
    /// The order of the hits. By date, every document is found once, by its best
    /// passage.
    pub sort: Sort,
    /// How many passages.
    pub limit: usize,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// Whether values to narrow by are counted.
    pub facets: bool,
}

/// Who cites an authority.
#[derive(Debug, Clone, PartialEq)]
pub struct Citing {
    /// The citations of the authority: the one asked for first, then those the
    /// documents give beside it.
    pub citations: Vec<String>,
    /// The documents that cite it by any of them, each by the passage that does.
    pub found: Found,
}

/// What the documents must be: of each list that is not empty, one of the values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Cases they are filed in.
    pub cases: Vec<CaseId>,
    /// Clients of those cases.
    pub clients: Vec<ClientId>,
    /// Kinds of document: `judgment`, `order`.
    pub kinds: Vec<String>,
    /// Courts.
    pub courts: Vec<String>,
    /// Judges.
    pub judges: Vec<String>,
    /// Years of their dates.
    pub years: Vec<i32>,
    /// Parties.
    pub parties: Vec<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Statutes and sections they name: `NI Act s. 138`.
    pub statutes: Vec<String>,
    /// Authorities they cite: `(2019) 4 SCC 1`.
    pub cited: Vec<String>,
}

/// The order of the hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best first.
    #[default]
    Relevance,
    /// The latest date first; documents without a date last.
    Newest,
    /// The earliest date first; documents without a date last.
    Oldest,
}

/// Where a page of results ended. Opaque; one that cannot be read is the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// A property of documents that results can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FacetName {
    /// The case.
    Case,
    /// The client.
    Client,
    /// The kind of document.
    Kind,
    /// The court.
    Court,
    /// The judges.
    Judge,
    /// The year of its date.
    Year,
    /// The parties.
    Party,
    /// The languages.
    Language,
    /// The statutes and sections it names.
    Statute,
    /// The authorities it cites.
    Cited,
}

/// The values of a property among the documents found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The property.
    pub name: FacetName,
    /// Its values, the most frequent first.
    pub values: Vec<FacetValue>,
}

/// A value and how many of the documents found have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// What to filter by: an id, or the value itself.
    pub value: String,
    /// What to show.
    pub label: String,
    /// How many of the documents found have it.
    pub count: usize,
}
