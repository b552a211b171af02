//! Queries: what an advocate typed, read once.
//!
//! A query is either *plain* (words and references, the better ones first) or uses
//! *syntax* (phrases, `AND OR NOT ( )`, `-word`, proximity, wildcards, `word~`,
//! fields and dates), and then every part of it must hold. A *reference* is a citation, a section or a case number:
//! words that only mean something side by side. Reading never fails: what cannot
//! be syntax is text.

mod dates;
mod field;
mod lex;
mod parse;
mod pattern;
mod prose;
mod reading;
mod settle;
mod slips;
mod terms;
mod tree;

pub(super) use field::FieldName;
pub(super) use pattern::{beginning, matches, takes};
pub use slips::Suggestion;
pub(super) use tree::{Dates, Fuzzy, Nearness, Node, Other, Phrase, Plain, Reach, Slot, Word};

use super::expand::{Expansion, Switches, expand};

/// What is read of a query; the rest is left out, and the reading says so.
const MAX_BYTES: usize = 4096;

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    syntax: bool,
    identifier: bool,
    cut: bool,
    expansions: Vec<Expansion>,
    suggestions: Vec<Suggestion>,
}

impl Query {
    /// Reads what was typed. Anything can be read; most things are just words.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let read = &typed[..typed.floor_char_boundary(MAX_BYTES)];
        Self::of(parse::parse(read), read.len() < typed.len())
    }

    fn of(parsed: parse::Parsed, cut: bool) -> Self {
        let parse::Parsed { root, syntax, identifier, suggestions } = parsed;
        Self { root, syntax, identifier, cut, expansions: Vec::new(), suggestions }
    }

    /// Adds what means the same: synonyms, the other code's number, the other script.
    #[must_use]
    pub fn expanded(mut self, switches: &Switches) -> Self {
        if let Some(root) = &mut self.root {
            self.expansions = expand(root, switches);
        }
        self
    }

    /// What was searched for besides what was typed.
    #[must_use]
    pub fn expansions(&self) -> &[Expansion] {
        &self.expansions
    }

    /// Reads a question put in a person's own words, where a capital AND, a
    /// quotation or a question mark is language and not syntax.
    #[must_use]
    pub fn question(asked: &str) -> Self {
        let read = &asked[..asked.floor_char_boundary(MAX_BYTES)];
        let parsed = parse::parse_plain(read);
        Self { identifier: false, ..Self::of(parsed, read.len() < asked.len()) }
    }

    /// What was likely meant otherwise than it was read, with a query to try where
    /// there is one.
    #[must_use]
    pub fn suggestions(&self) -> &[Suggestion] {
        &self.suggestions
    }

    /// Says in plain words how the query was read.
    #[must_use]
    pub fn reading(&self) -> String {
        reading::reading(self.root.as_ref(), self.cut)
    }

    /// Whether the query asks for exactly what it says, by syntax or as a
    /// reference such as a citation, so that meaning must not widen it.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.syntax || self.identifier
    }

    /// Whether the query has no words; it finds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The tree, for those who translate it.
    pub(super) const fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }
}

#[cfg(test)]
mod tests;
