//! What an answer may rest on: passages of documents and facts from the tables, under
//! one series of numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evidence::Evidence;
use crate::kernel::{CaseId, Scope, VersionId};

/// What the tables say of something, under a number an answer may cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// The number the answer cites it by; facts are numbered on from the passages.
    pub number: u32,
    /// What it is, such as `Hearings of Sharma v. Gupta`.
    pub title: String,
    /// The page of the service that shows it, as a path.
    pub href: String,
    /// What the tables say, a line for each row, in words.
    pub text: String,
}

impl Fact {
    /// The cases it tells of, as its address names them: `/cases/…` and `case=…`.
    #[must_use]
    pub fn cases(&self) -> Vec<CaseId> {
        let after = |mark: &str| -> Vec<CaseId> {
            let parts = self.href.split(mark).skip(1);
            parts.filter_map(|part| part.get(..36)?.parse().ok()).collect()
        };
        [after("/cases/"), after("case=")].concat()
    }

    /// Whether the cases it is about are open, where its page names any.
    #[must_use]
    pub(super) fn is_open(&self, scope: &Scope) -> bool {
        self.cases().into_iter().all(|case| scope.opens(case))
    }
}

/// The numbers that a version as a whole has, to which pinpoints are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The version.
    pub version: VersionId,
    /// How many pages it has.
    pub pages: u32,
    /// The numbers of its paragraphs.
    pub paragraphs: Vec<u32>,
}

/// What an answer may rest on.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// The passages, numbered from 1.
    pub passages: Arc<[Evidence]>,
    /// The facts, numbered on from the passages.
    pub facts: Vec<Fact>,
    /// What was asked: an amount or a date that the question names may be said again.
    pub question: String,
    /// The numbers of the documents that were read whole.
    pub numbered: Vec<Numbered>,
}

impl Grounds {
    /// Passages alone.
    #[must_use]
    pub fn of(passages: Arc<[Evidence]>, question: &str) -> Self {
        Self { passages, facts: Vec::new(), question: question.to_owned(), numbered: Vec::new() }
    }

    /// Whether there is something under a number.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.passages.iter().any(|passage| passage.number == number)
            || self.facts.iter().any(|fact| fact.number == number)
    }

    /// The number the next fact gets.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        let taken = self.passages.len() + self.facts.len();
        u32::try_from(taken).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Numbers a fact and keeps it; one that says the same as another gets its number.
    pub fn add(&mut self, fact: Fact) -> u32 {
        let same = |known: &&Fact| known.title == fact.title && known.text == fact.text;
        if let Some(known) = self.facts.iter().find(same) {
            return known.number;
        }
        let number = self.next_number();
        self.facts.push(Fact { number, ..fact });
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_names_its_cases_in_its_address() {
        let (one, other) = (CaseId::new(), CaseId::new());
        let of = |href: String| {
            Fact { number: 1, title: String::new(), href, text: String::new() }.cases()
        };
        assert_eq!(of(format!("/cases/{one}#hearings")), [one]);
        assert_eq!(of(format!("/dues?client={one}&case={one}&case={other}")), [one, other]);
        assert!(of("/diary?from=2026-11-23".to_owned()).is_empty());
    }
}
