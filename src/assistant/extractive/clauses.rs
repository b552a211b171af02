//! The clauses of agreements, from `index/clauses.toml`: how a question asks for one, and
//! how the clause itself is worded.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::assistant::evidence::Evidence;

/// A kind of clause.
pub(super) struct Clause {
    name: String,
    asked: Vec<Regex>,
    says: Vec<Regex>,
    also: Vec<Regex>,
}

#[derive(Default, Deserialize)]
struct Table {
    clause: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    asked: Vec<String>,
    says: Vec<String>,
    also: Vec<String>,
}

/// What a text says that speaks of an agreement.
const AGREEMENTS: &[&str] = &["agreement", "contract", "clause", " deed", " lease", "licen"];

/// The table; a pattern that cannot be read is left out, and a test says so.
static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(|| {
    let patterns = |list: Vec<String>| list.iter().filter_map(|one| Regex::new(one).ok()).collect();
    let clause = |row: Row| Clause {
        name: row.name,
        asked: patterns(row.asked),
        says: patterns(row.says),
        also: patterns(row.also),
    };
    table().clause.into_iter().map(clause).collect()
});

fn table() -> Table {
    toml::from_str(include_str!("../../../index/clauses.toml")).unwrap_or_default()
}

impl Clause {
    /// The clause of an agreement that a question asks for, if it asks for one. It does
    /// where it speaks of an agreement, or what it is answered from does: an order may be
    /// extended too, and an injunction be perpetual.
    pub(super) fn of(question: &str, evidence: &[Evidence]) -> Option<&'static Self> {
        let question = question.to_lowercase();
        let agreed = |text: &str| {
            let text = text.to_lowercase();
            AGREEMENTS.iter().any(|word| text.contains(word))
        };
        if !agreed(&question) {
            let speaking = evidence.iter().filter(|one| agreed(&one.title) || agreed(&one.text));
            if speaking.count() * 2 <= evidence.len() {
                return None;
            }
        }
        CLAUSES.iter().find(|clause| clause.asked.iter().any(|asked| asked.is_match(&question)))
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How much a sentence is worded as this clause is, from 0 to 1.5: each pattern of
    /// its own wording halves what is missing to 1, each of the common wording takes four
    /// tenths off what is missing to a half.
    pub(super) fn likeness(&self, sentence: &str) -> f64 {
        let sentence = sentence.to_lowercase();
        let missing = |patterns: &[Regex], share: f64| {
            let hits = patterns.iter().filter(|pattern| pattern.is_match(&sentence)).count();
            share.powi(i32::try_from(hits).unwrap_or(i32::MAX))
        };
        (1.0 - missing(&self.says, 0.5)) + 0.5 * (1.0 - missing(&self.also, 0.6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_table_can_be_read() {
        let table = table();
        assert!(table.clause.len() > 30);
        for row in table.clause {
            assert!(!row.asked.is_empty() && !row.says.is_empty(), "{}", row.name);
            for pattern in row.asked.iter().chain(&row.says).chain(&row.also) {
                assert!(Regex::new(pattern).is_ok(), "{}: {pattern}", row.name);
            }
        }
    }

    #[test]
    fn a_question_is_taken_for_the_narrowest_kind() {
        for (question, name) in [
            ("What is the governing law of this contract?", Some("governing law")),
            ("Is there an anti-assignment clause?", Some("anti-assignment")),
            (
                "How is intellectual property ownership assigned in this contract?",
                Some("ownership of intellectual property"),
            ),
            ("Is there a non-compete clause?", Some("non-compete")),
            (
                "What notice is required to terminate the renewal of the lease?",
                Some("notice to end the renewal"),
            ),
            ("Is liability uncapped under the agreement?", Some("uncapped liability")),
            ("What did the High Court hold on limitation?", None),
            ("When was the cheque dishonoured?", None),
            ("Was the interim order extended?", None),
            ("Was a perpetual injunction granted?", None),
        ] {
            assert_eq!(Clause::of(question, &[]).map(Clause::name), name, "{question}");
        }
    }

    #[test]
    fn the_clause_is_told_from_the_sentence_beside_it() {
        let clause = Clause::of("Is there an anti-assignment clause?", &[]).unwrap();
        let it = "Neither party may transfer this Agreement without the prior written consent of \
                  the other, and any purported assignment is void.";
        let beside = "This Agreement may be executed in any number of counterparts.";
        assert!(clause.likeness(it) > 1.0);
        assert!(clause.likeness(beside) < 0.1);
    }
}
