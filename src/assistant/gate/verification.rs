//! What checking an answer came to, in numbers and in words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What checking an answer came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Verification {
    /// Quotations the answer gave.
    pub quotes: u32,
    /// Of them, those found word for word.
    pub verified: u32,
    /// Of them, those found on recognised pages but for a few characters.
    pub approximate: u32,
    /// Citations of passages and facts that exist.
    pub citations: u32,
    /// Authorities, by citation or by the names of the parties, that the documents name.
    pub authorities: u32,
    /// Dates that the documents, the tables or the question state.
    pub dates: u32,
    /// Amounts and percentages they state.
    pub amounts: u32,
    /// Sections of statutes they state.
    pub sections: u32,
    /// Paragraphs and pages pointed at that the documents have.
    pub pinpoints: u32,
    /// Paragraphs and pages that could not be checked, and are marked so.
    pub unverified: u32,
    /// What was removed: how many of each kind.
    pub struck: BTreeMap<String, u32>,
}

impl Verification {
    /// Counts something struck.
    pub fn strike(&mut self, kind: &str) {
        *self.struck.entry(kind.to_owned()).or_default() += 1;
    }

    /// Adds what checking another part of the answer came to.
    pub fn add(&mut self, other: &Self) {
        self.quotes += other.quotes;
        self.verified += other.verified;
        self.approximate += other.approximate;
        self.citations += other.citations;
        self.authorities += other.authorities;
        self.dates += other.dates;
        self.amounts += other.amounts;
        self.sections += other.sections;
        self.pinpoints += other.pinpoints;
        self.unverified += other.unverified;
        for (kind, count) in &other.struck {
            *self.struck.entry(kind.clone()).or_default() += count;
        }
    }

    /// How many statements were removed.
    #[must_use]
    pub fn removed(&self) -> u32 {
        self.struck.values().sum()
    }

    /// The same in words for the reader; empty when there was nothing to check.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut said = Vec::new();
        let mut say = |number: u32, noun: &str, what: &str| {
            if number > 0 {
                let plural = if number == 1 { "" } else { "s" };
                said.push(format!("{number} {noun}{plural} {what}"));
            }
        };
        say(self.verified, "quotation", "checked word for word");
        say(self.approximate, "quotation", "found as recognised from a picture");
        say(self.citations, "citation", "checked");
        say(self.dates, "date", "checked");
        say(self.amounts, "amount", "checked");
        say(self.sections, "section", "checked");
        let named = if self.authorities == 1 { "authority" } else { "authorities" };
        if self.authorities > 0 {
            said.push(format!("{} {named} found in the documents", self.authorities));
        }
        let mut say = |number: u32, noun: &str, what: &str| {
            if number > 0 {
                let plural = if number == 1 { "" } else { "s" };
                said.push(format!("{number} {noun}{plural} {what}"));
            }
        };
        say(self.pinpoints, "pinpoint", "checked");
        say(self.unverified, "pinpoint", "could not be checked");
        for (kind, &count) in &self.struck {
            let kind = match (kind.as_str(), count) {
                ("authority", 2..) => "authoritie",
                (kind, _) => kind,
            };
            say(count, kind, "removed");
        }
        if said.is_empty() { String::new() } else { said.join(", ") + "." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_was_checked_and_what_removed() {
        assert_eq!(Verification::default().in_words(), "");
        let mut checked =
            Verification { quotes: 8, verified: 7, citations: 1, ..Verification::default() };
        checked.strike("quotation");
        assert_eq!(
            checked.in_words(),
            "7 quotations checked word for word, 1 citation checked, 1 quotation removed."
        );
        let mut other = Verification { authorities: 1, unverified: 2, ..Verification::default() };
        other.strike("authority");
        other.strike("authority");
        checked.add(&other);
        assert_eq!((checked.removed(), checked.struck["authority"]), (3, 2));
        assert_eq!(
            checked.in_words(),
            "7 quotations checked word for word, 1 citation checked, 1 authority found in the \
             documents, 2 pinpoints could not be checked, 2 authorities removed, 1 quotation removed."
        );
    }
}
