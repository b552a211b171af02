//! What the text of documents names: citations, case numbers, statutes and their
//! sections, courts, judges, dates, amounts.
//!
//! Recognition is deterministic, by patterns made of the tables in `index/`, each
//! row of which states its source. Patterns run in time linear in the text.

mod amounts;
mod cases;
mod citations;
pub(super) mod dates;
mod people;
mod sections;
mod statutes;
mod tables;

use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use people::{judges_named, names_court};

/// A name, number or reference on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is: `citation`, `case_number`, `cnr`, `fir`, `section`, `article`,
    /// `statute`, `party`, `judge`, `court`, `date`, `amount`.
    pub kind: &'static str,
    /// Where it begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// As written.
    pub text: String,
    /// What makes two mentions equal, however they are written: `(2019) 4 SCC 1`,
    /// `CRL.A. 1234/2024`, `NI Act s. 138`, `2024-03-12`, paise.
    pub normal: String,
    /// Citations of one decision that stand side by side (`2024 INSC 835 : (2024) 9
    /// SCC 1`) carry the same number; it means nothing beyond the page.
    pub group: Option<u32>,
}

impl Entity {
    fn new(kind: &'static str, text: &str, range: Range<usize>, normal: String) -> Self {
        let written = text[range.clone()].trim_end();
        let end = range.start + written.len();
        Self { kind, start: range.start, end, text: written.to_owned(), normal, group: None }
    }
}

/// Entities being gathered, which may still overlap.
#[derive(Default)]
struct Found(Vec<Entity>);

impl Found {
    fn push(&mut self, entity: Entity) {
        self.0.push(entity);
    }

    /// In order, none inside another. What is looked for first has precedence, then
    /// what begins first, then what is longer.
    fn settle(self) -> Vec<Entity> {
        const FIRST: [&str; 6] = ["citation", "cnr", "fir", "case_number", "section", "article"];
        let rank = |entity: &Entity| {
            FIRST.iter().position(|kind| *kind == entity.kind).unwrap_or(FIRST.len())
        };
        let mut candidates = self.0;
        candidates
            .sort_by_key(|entity| (rank(entity), entity.start, std::cmp::Reverse(entity.end)));
        let mut settled: BTreeMap<usize, Entity> = BTreeMap::new();
        for entity in candidates {
            let before = settled.range(..entity.end).next_back();
            if before.is_none_or(|(_, other)| other.end <= entity.start) {
                settled.insert(entity.start, entity);
            }
        }
        settled.into_values().collect()
    }
}

/// Finds the entities of a page, in order, none inside another.
#[must_use]
pub fn find(text: &str) -> Vec<Entity> {
    let mut found = Found::default();
    citations::find(text, &mut found);
    cases::find(text, &mut found);
    let statutes = statutes::find(text);
    sections::find(text, &statutes, &mut found);
    for statute in statutes {
        let range = statute.start..statute.end;
        found.push(Entity::new("statute", text, range, statute.title));
    }
    dates::find(text, &mut found);
    amounts::find(text, &mut found);
    people::find(text, &mut found);
    let mut entities = found.settle();
    group(text, &mut entities);
    entities
}

/// Finds the dates of a text that are written out in full, in order.
#[must_use]
pub fn dates_of(text: &str) -> Vec<Entity> {
    let mut found = Found::default();
    dates::find(text, &mut found);
    found.settle()
}

/// Where the citations and case numbers of a text stand.
#[must_use]
pub(super) fn references(text: &str) -> Vec<Range<usize>> {
    let mut found = Found::default();
    citations::find(text, &mut found);
    cases::find(text, &mut found);
    found.settle().into_iter().map(|entity| entity.start..entity.end).collect()
}

/// Links citations of one decision: those joined by `:` or `=`, and those of a line
/// of equivalent citations.
fn group(text: &str, entities: &mut [Entity]) {
    const LIST: &str = "quivalent citations:";
    let mut listed = false;
    let mut last: Option<usize> = None;
    let mut groups = 0;
    for place in 0..entities.len() {
        if entities[place].kind != "citation" {
            last = None;
            continue;
        }
        if let Some(before) = last {
            let between = text[entities[before].end..entities[place].start].trim();
            let close = between.len() <= 2;
            let parallel = matches!(between, ":" | "=" | "::") || (listed && close);
            if parallel {
                let number = entities[before].group.unwrap_or(groups);
                groups = groups.max(number + 1);
                entities[before].group = Some(number);
                entities[place].group = Some(number);
            }
            listed &= close;
        }
        if last.is_none() {
            listed = text[..entities[place].start].trim_end().ends_with(LIST);
        }
        last = Some(place);
    }
}

/// Whether a word may begin here: what stands before is no letter or figure.
fn opens_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Whether a word may end here.
fn closes_word(text: &str, at: usize) -> bool {
    !text[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
