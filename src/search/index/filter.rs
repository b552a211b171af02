//! Filters: what the documents must be, asked of their columns.
//!
//! A filter is asked of every document that the query matches, before any is
//! counted or scored, so that the documents which one filter alone keeps out are
//! known too: a facet counts without its own filter.

use std::collections::BTreeSet;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, Result, Searcher, SegmentReader};

use super::Index;
use super::column::Dates;
use super::matching::place;
use super::schema::{FACETS, SEPARATOR};
use crate::kernel::Scope;
use crate::search::request::{FacetName, Filters};

/// One filter: of which facet, and the values it takes.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// Its place in [`FACETS`].
    facet: usize,
    values: BTreeSet<String>,
    years: BTreeSet<i32>,
}

/// The filters, read for one segment.
pub(super) struct Tests(Vec<Opened>);

struct Opened {
    facet: usize,
    asks: Asks,
}

enum Asks {
    /// One of these values of a column.
    Values(StrColumn, Vec<u64>),
    /// One of these years.
    Years(Dates, BTreeSet<i32>),
    /// What no document of the segment has.
    Nothing,
}

impl Index {
    /// The filters that filter; an authority stands for all its citations.
    pub(super) fn tests(
        &self,
        searcher: &Searcher,
        scope: &Scope,
        filters: &Filters,
    ) -> Result<Vec<Test>> {
        let cited = if filters.cited.is_empty() {
            Vec::new()
        } else {
            self.parallel(searcher, scope, &filters.cited)?
        };
        let mut tests = Vec::new();
        for (facet, (name, _)) in FACETS.iter().enumerate() {
            let values: BTreeSet<String> = match name {
                FacetName::Cited => cited.iter().cloned().collect(),
                name => chosen(filters, *name).into_iter().collect(),
            };
            let years = match name {
                FacetName::Year => filters.years.iter().copied().collect(),
                _ => BTreeSet::new(),
            };
            if !values.is_empty() || !years.is_empty() {
                tests.push(Test { facet, values, years });
            }
        }
        Ok(tests)
    }
}

/// The values a filter asks for, as a facet gives them.
pub(super) fn chosen(filters: &Filters, name: FacetName) -> Vec<String> {
    match name {
        FacetName::Case => filters.cases.iter().map(ToString::to_string).collect(),
        FacetName::Client => filters.clients.iter().map(ToString::to_string).collect(),
        FacetName::Kind => filters.kinds.clone(),
        FacetName::Court => filters.courts.clone(),
        FacetName::Judge => filters.judges.clone(),
        FacetName::Year => filters.years.iter().map(ToString::to_string).collect(),
        FacetName::Party => filters.parties.clone(),
        FacetName::Language => filters.languages.clone(),
        FacetName::Statute => filters.statutes.clone(),
        FacetName::Cited => filters.cited.clone(),
    }
}

impl Tests {
    /// Finds the values of the filters in the columns of a segment.
    pub(super) fn open(tests: &[Test], reader: &SegmentReader) -> Result<Self> {
        let opened =
            tests.iter().map(|test| Ok(Opened { facet: test.facet, asks: test.open(reader)? }));
        Ok(Self(opened.collect::<Result<_>>()?))
    }

    /// The facets of the filters that a document fails.
    pub(super) fn failed(&self, document: DocId) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().filter(move |test| !test.asks.passes(document)).map(|test| test.facet)
    }
}

impl Test {
    fn open(&self, reader: &SegmentReader) -> Result<Asks> {
        let Some((_, Some(column))) = FACETS.get(self.facet) else {
            return Ok(Asks::Years(Dates::open(reader)?, self.years.clone()));
        };
        let Some(column) = reader.fast_fields().str(column)? else { return Ok(Asks::Nothing) };
        let mut ords = Vec::new();
        for value in &self.values {
            if is_labelled(self.facet) {
                let mut stream = column.dictionary().prefix_range(prefix(value)).into_stream()?;
                while stream.advance() {
                    ords.push(stream.term_ord());
                }
            } else {
                ords.extend(column.dictionary().term_ord(value)?);
            }
        }
        ords.sort_unstable();
        Ok(if ords.is_empty() { Asks::Nothing } else { Asks::Values(column, ords) })
    }
}

impl Asks {
    fn passes(&self, document: DocId) -> bool {
        match self {
            Self::Values(column, ords) => {
                column.term_ords(document).any(|ord| ords.binary_search(&ord).is_ok())
            }
            Self::Years(dates, years) => {
                dates.year(document).is_some_and(|year| years.contains(&year))
            }
            Self::Nothing => false,
        }
    }
}

/// Whether the values of a facet are ids with what to show for them.
pub(super) fn is_labelled(facet: usize) -> bool {
    facet == place(FacetName::Case) || facet == place(FacetName::Client)
}

fn prefix(id: &str) -> String {
    format!("{id}{SEPARATOR}")
}
